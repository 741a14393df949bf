//! The rules, as nftables text: who reaches what. Pure, so that they can be read as a whole in a snapshot.
//!
//! Pods reach the hub's registry and tunnel, and the world beyond the host. They reach no other cluster, no service of
//! the host, no other instance and no cloud metadata service. The host reaches everything of its own.

use std::fmt::Write;

use super::addresses::{Addresses, LAST_INDEX, POD_PORTS, PUSH_PORT};
use super::hub::UPLINK;

/// Table in the hub's network namespace. It names every possible cluster, so that clusters come and go without touching it.
pub(crate) fn hub_table(addresses: Addresses) -> String {
    let hub = addresses.hub();
    let [registry, tunnel] = POD_PORTS;
    let mut honest = String::new();
    for index in 1..=LAST_INDEX {
        let (transit, pods) = (addresses.transit(index), addresses.pods(index));
        let _ = write!(honest, "\n      \"c{index}\" . {transit}, \"c{index}\" . {pods},");
    }
    format!(
        r#"table inet nagaya
delete table inet nagaya
table inet nagaya {{
  # Which addresses may come out of which cluster: nobody speaks in another's name.
  set honest {{
    type ifname . ipv4_addr
    flags interval
    elements = {{{honest}
    }}
  }}
  chain input {{
    type filter hook input priority filter; policy drop;
    iifname "lo" accept
    ct state established,related accept
    iifname "c*" iifname . ip saddr @honest ip daddr {hub} tcp dport {{ {registry}, {tunnel} }} accept
    iifname "c*" iifname . ip saddr @honest ip daddr {hub} icmp type echo-request accept
    iifname "c*" reject with icmpx type admin-prohibited
    iifname "{UPLINK}" ip saddr {host} tcp dport {{ {registry}, {PUSH_PORT}, {tunnel} }} accept
    iifname "{UPLINK}" icmp type echo-request accept
  }}
  chain forward {{
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    iifname "{UPLINK}" oifname "c*" accept
    iifname "c*" oifname "{UPLINK}" iifname . ip saddr @honest ip daddr != {subnet} accept
    iifname "c*" reject with icmpx type admin-prohibited
  }}
}}
"#,
        host = addresses.uplink_host(),
        subnet = addresses.0,
    )
}

/// Table on the host. `uplink` is the host's end of the veth, `prefix` what all instances' uplinks begin with.
pub(crate) fn host_table(table: &str, uplink: &str, prefix: &str, addresses: Addresses) -> String {
    let subnet = addresses.0;
    format!(
        r#"table inet {table}
delete table inet {table}
table inet {table} {{
  chain input {{
    type filter hook input priority filter - 5; policy accept;
    iifname "{uplink}" ct state established,related accept
    iifname "{uplink}" reject with icmpx type admin-prohibited
  }}
  chain forward {{
    type filter hook forward priority filter - 5; policy accept;
    iifname "{uplink}" ct state established,related accept
    iifname "{uplink}" ip saddr != {subnet} drop
    iifname "{uplink}" oifname "{prefix}*" reject with icmpx type admin-prohibited
    iifname "{uplink}" ip daddr 169.254.0.0/16 reject with icmpx type admin-prohibited
    iifname "{uplink}" meta nfproto ipv6 drop
    oifname "{uplink}" ct state established,related accept
    oifname "{uplink}" drop
  }}
  chain postrouting {{
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr {subnet} oifname != "{uplink}" masquerade
  }}
}}
"#
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rules_as_a_whole() {
        let addresses = Addresses("10.99.0.0/16".parse().unwrap());
        let hub = hub_table(addresses);
        let shown: Vec<_> =
            hub.lines().filter(|line| !line.contains("\"c3") && !line.contains("\"c4")).collect();
        insta::assert_snapshot!("hub", shown.join("\n"));
        insta::assert_snapshot!("host", host_table("nagaya-main", "ngu12345678", "ngu", addresses));
    }
}
