//! A cluster's network namespace and its link to the hub.

use super::addresses::Addresses;
use super::netns::Netns;
use crate::{Error, InstanceConfig};

/// Namespace, link and routes. Idempotent. True when the namespace was made now. [`Error::HubDown`] when there is no hub to link to.
pub(crate) async fn ensure(config: &InstanceConfig, cluster: &str, index: u8) -> Result<bool, Error> {
    let (hub, netns) = (Netns::hub(&config.name), Netns::cluster(&config.name, cluster));
    if !hub.exists() {
        return Err(Error::HubDown(config.name.clone()));
    }
    let made_now = netns.ensure().await?;
    netns.set("net/ipv4/ip_forward", "1")?;
    let addresses = Addresses(config.subnet);
    let link = format!("c{index}");
    if netns.ip(&["link", "show", "eth0"]).await.is_err() {
        // The hub's end of a link whose cluster end is gone goes by itself, a moment later.
        let _ = hub.ip(&["link", "delete", &link]).await;
        hub.ip(&["link", "add", &link, "type", "veth", "peer", "name", "eth0", "netns", &netns.name]).await?;
    }
    hub.set(&format!("net/ipv6/conf/{link}/disable_ipv6"), "1").ok();
    netns.set("net/ipv6/conf/eth0/disable_ipv6", "1").ok();
    let (near, far) = (addresses.transit_hub(index).to_string(), addresses.node(index).to_string());
    hub.ip(&["address", "replace", &format!("{near}/30"), "dev", &link]).await?;
    hub.ip(&["link", "set", &link, "up"]).await?;
    netns.ip(&["address", "replace", &format!("{far}/30"), "dev", "eth0"]).await?;
    netns.ip(&["link", "set", "eth0", "up"]).await?;
    netns.ip(&["route", "replace", "default", "via", &near]).await?;
    hub.ip(&["route", "replace", &addresses.pods(index).to_string(), "via", &far, "dev", &link]).await?;
    Ok(made_now)
}

/// Takes it away. Idempotent.
pub(crate) async fn remove(config: &InstanceConfig, cluster: &str, index: u8) -> Result<(), Error> {
    let hub = Netns::hub(&config.name);
    if hub.exists() {
        let what = format!("remove the link of cluster {cluster}");
        hub.program(what, "ip")
            .args(["link", "delete", &format!("c{index}")])
            .run_unless(&["Cannot find device"])
            .await?;
    }
    Netns::cluster(&config.name, cluster).remove()
}
