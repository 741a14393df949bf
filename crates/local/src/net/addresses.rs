//! Who has which address, from the instance's /16 alone.
//!
//! | part | use |
//! |---|---|
//! | `.0.1` | the hub |
//! | `.0.(4i)/30`, i = 1–62 | transit link of cluster i: `+1` the hub's end, `+2` the node |
//! | `.0.252/30` | uplink: `.253` the host's end, `.254` the hub's |
//! | `.i.0/24` | pods of cluster i |
//! | `.(64+i).0/24` | services of cluster i: virtual, but out of the same /16 so that they hide nothing of the outside |

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

/// Ports of the hub that pods reach: registry, read-only, and the agents' tunnel.
pub(crate) const POD_PORTS: [u16; 2] = [REGISTRY_PORT, 7443];
pub(crate) const REGISTRY_PORT: u16 = 5000;
/// Where the host, and only it, pushes images.
pub(crate) const PUSH_PORT: u16 = 5001;
/// Highest place of a cluster: the /30 after it is the uplink.
pub(crate) const LAST_INDEX: u8 = 62;

/// Addresses of one instance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Addresses(pub(crate) Ipv4Net);

impl Addresses {
    fn at(self, third: u8, fourth: u8) -> Ipv4Addr {
        let [a, b, ..] = self.0.network().octets();
        Ipv4Addr::new(a, b, third, fourth)
    }

    fn net(self, third: u8, fourth: u8, prefix: u8) -> Ipv4Net {
        Ipv4Net::new_assert(self.at(third, fourth), prefix)
    }

    pub(crate) fn hub(self) -> Ipv4Addr {
        self.at(0, 1)
    }
    pub(crate) fn uplink_host(self) -> Ipv4Addr {
        self.at(0, 253)
    }
    pub(crate) fn uplink_hub(self) -> Ipv4Addr {
        self.at(0, 254)
    }
    pub(crate) fn transit(self, index: u8) -> Ipv4Net {
        self.net(0, 4 * index, 30)
    }
    pub(crate) fn transit_hub(self, index: u8) -> Ipv4Addr {
        self.at(0, 4 * index + 1)
    }
    pub(crate) fn node(self, index: u8) -> Ipv4Addr {
        self.at(0, 4 * index + 2)
    }
    pub(crate) fn pods(self, index: u8) -> Ipv4Net {
        self.net(index, 0, 24)
    }
    pub(crate) fn services(self, index: u8) -> Ipv4Net {
        self.net(64 + index, 0, 24)
    }
    /// The `kubernetes` Service: Kubernetes always takes the first address.
    pub(crate) fn api_service(self, index: u8) -> Ipv4Addr {
        self.at(64 + index, 1)
    }
    /// The cluster's DNS Service: `.10` by custom.
    pub(crate) fn dns_service(self, index: u8) -> Ipv4Addr {
        self.at(64 + index, 10)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn nothing_is_given_twice() {
        let addresses = Addresses("10.99.0.0/16".parse().unwrap());
        let mut seen: BTreeSet<Ipv4Addr> =
            [addresses.hub(), addresses.uplink_host(), addresses.uplink_hub()].into();
        let mut nets: Vec<Ipv4Net> = vec!["10.99.0.252/30".parse().unwrap()];
        for index in 1..=LAST_INDEX {
            assert!(seen.insert(addresses.node(index)) && seen.insert(addresses.transit_hub(index)));
            for net in [addresses.transit(index), addresses.pods(index), addresses.services(index)] {
                assert!(addresses.0.contains(&net));
                assert!(nets.iter().all(|other| !other.contains(&net) && !net.contains(other)), "{net}");
                assert!(!net.contains(&addresses.hub()), "{net}");
                nets.push(net);
            }
        }
    }
}
