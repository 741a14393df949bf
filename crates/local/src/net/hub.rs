//! The hub: the instance's router, and its one link to the host.

use sha2::{Digest, Sha256};

use super::addresses::Addresses;
use super::firewall;
use super::netns::Netns;
use crate::program::Program;
use crate::{Error, InstanceConfig, host_settings};

/// The hub's end of the uplink.
pub(crate) const UPLINK: &str = "up0";
/// What the host's end of every instance's uplink begins with.
pub(crate) const UPLINK_PREFIX: &str = "ngu";

/// Name of the host's end of an instance's uplink: at most 15 bytes, so the instance's name is hashed.
pub(crate) fn host_link(instance: &str) -> String {
    let digest = Sha256::digest(instance.as_bytes());
    format!("{UPLINK_PREFIX}{:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3])
}

fn host_table_name(instance: &str) -> String {
    format!("nagaya-{instance}")
}

/// Router namespace, uplink, routes and rules. Idempotent. True when the namespace was made now: what runs in an older one
/// of that name is cut off.
pub(crate) async fn ensure(config: &InstanceConfig) -> Result<bool, Error> {
    let netns = Netns::hub(&config.name);
    let addresses = Addresses(config.subnet);
    let link = host_link(&config.name);
    if !netns.exists() {
        refuse_subnet_in_use(config, &link).await?;
    }
    let made_now = netns.ensure().await?;
    netns.set("net/ipv4/ip_forward", "1")?;
    netns.ip(&["address", "replace", &format!("{}/32", addresses.hub()), "dev", "lo"]).await?;

    let made = Program::new(format!("make the uplink {link}"), "ip")
        .args(["link", "add", &link, "type", "veth", "peer", "name", UPLINK, "netns", &netns.name])
        .run_unless(&["File exists"])
        .await?;
    if !made && netns.ip(&["link", "show", UPLINK]).await.is_err() {
        // The host's end is left from a hub that is gone.
        host_ip(&["link", "delete", &link]).await?;
        return Box::pin(ensure(config)).await.map(|_| made_now);
    }
    quiet_ipv6(&link);
    netns.set(&format!("net/ipv6/conf/{UPLINK}/disable_ipv6"), "1").ok();
    host_ip(&["address", "replace", &format!("{}/30", addresses.uplink_host()), "dev", &link]).await?;
    host_ip(&["link", "set", &link, "up"]).await?;
    netns.ip(&["address", "replace", &format!("{}/30", addresses.uplink_hub()), "dev", UPLINK]).await?;
    netns.ip(&["link", "set", UPLINK, "up"]).await?;
    netns.ip(&["route", "replace", "default", "via", &addresses.uplink_host().to_string()]).await?;
    let (subnet, via) = (config.subnet.to_string(), addresses.uplink_hub().to_string());
    host_ip(&["route", "replace", &subnet, "via", &via, "dev", &link]).await?;

    netns
        .program("set the hub's firewall", "nft")
        .args(["-f", "-"])
        .input(firewall::hub_table(addresses))
        .run()
        .await?;
    let table = firewall::host_table(&host_table_name(&config.name), &link, UPLINK_PREFIX, addresses);
    Program::new("set the host's firewall", "nft").args(["-f", "-"]).input(table).run().await?;
    host_settings::acquire(&config.name)?;
    Ok(made_now)
}

/// Takes all of it away. Idempotent. Returns what was there, in words.
pub(crate) async fn remove(config: &InstanceConfig) -> Result<Vec<String>, Error> {
    let mut found = vec![];
    let (netns, link, table) =
        (Netns::hub(&config.name), host_link(&config.name), host_table_name(&config.name));
    host_settings::release(&config.name)?;
    let gone = ["Cannot find device", "No such file or directory"];
    if Program::new(format!("remove {link}"), "ip").args(["link", "delete", &link]).run_unless(&gone).await? {
        found.push(format!("uplink {link}"));
    }
    let delete = Program::new(format!("remove nftables table {table}"), "nft");
    if delete.args(["delete", "table", "inet", &table]).run_unless(&gone).await? {
        found.push(format!("nftables table {table}"));
    }
    if netns.path().exists() {
        found.push(format!("network namespace {}", netns.name));
        netns.remove()?;
    }
    Ok(found)
}

async fn host_ip(args: &[&str]) -> Result<String, Error> {
    Program::new("set up the host's end of the uplink", "ip").args(args).run().await
}

/// No link-local IPv6 address on the host's end: it would be a way past the IPv4 rules' anti-spoofing.
fn quiet_ipv6(link: &str) {
    // Absent where the kernel has no IPv6: then there is nothing to switch off.
    let _ = std::fs::write(format!("/proc/sys/net/ipv6/conf/{link}/disable_ipv6"), "1");
}

async fn refuse_subnet_in_use(config: &InstanceConfig, own: &str) -> Result<(), Error> {
    for (net, link) in super::free::nets_in_use().await? {
        let overlap = net.contains(&config.subnet.network()) || config.subnet.contains(&net.network());
        if overlap && net.prefix_len() > 0 && link != own {
            return Err(Error::Config {
                field: "subnet",
                problem: format!("{} is in use: the host has {net} on {link}", config.subnet),
                mend: "give this instance another /16 with --subnet".into(),
            });
        }
    }
    Ok(())
}
