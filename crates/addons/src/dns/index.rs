//! All names of the cluster at one moment, ready to be looked up. Built anew when something changes and never changed
//! itself, so that a lookup sees one state of the cluster.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use hickory_proto::ProtoError;
use hickory_proto::rr::Name;

use super::facts::{EndpointFacts, Key, NamedPort, ServiceFacts};

/// What a Service's name leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Entry {
    /// Addresses of its own.
    Addressed {
        /// One a family.
        addresses: Vec<IpAddr>,
        /// For SRV.
        ports: Vec<NamedPort>,
    },
    /// The addresses of its endpoints.
    Headless(Vec<EndpointFacts>),
    /// Another name.
    Alias(Name),
}

/// The names of one cluster.
#[derive(Debug)]
pub struct Index {
    zone: Name,
    hosts: HashMap<Name, Vec<IpAddr>>,
    services: HashMap<String, HashMap<String, Entry>>,
    reverse: HashMap<IpAddr, Vec<Name>>,
}

/// The labels under the cluster's domain where Services live.
pub(super) const SERVICES: &str = "svc";

impl Index {
    /// The index of a cluster that is not known yet: only the zone itself and the fixed names are in it.
    #[must_use]
    pub fn new(zone: Name, hosts: &[(Name, IpAddr)]) -> Self {
        let mut by_name: HashMap<Name, Vec<IpAddr>> = HashMap::new();
        for (name, address) in hosts {
            by_name.entry(fully_qualified(name.to_lowercase())).or_default().push(*address);
        }
        let zone = fully_qualified(zone.to_lowercase());
        Self { zone, hosts: by_name, services: HashMap::new(), reverse: HashMap::new() }
    }

    /// The same zone with these Services and Endpoints. Objects whose names DNS cannot carry are left out.
    #[must_use]
    pub fn with(
        &self,
        services: &BTreeMap<Key, ServiceFacts>,
        endpoints: &BTreeMap<Key, Vec<EndpointFacts>>,
    ) -> Self {
        let mut next = Self {
            zone: self.zone.clone(),
            hosts: self.hosts.clone(),
            services: HashMap::new(),
            reverse: HashMap::new(),
        };
        for (key, facts) in services {
            let behind = endpoints.get(key).map_or(&[][..], Vec::as_slice);
            // A name DNS cannot carry is nobody's question.
            let _ = next.add(key, facts, behind);
        }
        next
    }

    fn add(&mut self, key: &Key, facts: &ServiceFacts, behind: &[EndpointFacts]) -> Result<(), ProtoError> {
        let (namespace, name) = key;
        let own_name = self.service_name(namespace, name)?;
        let entry = match facts {
            ServiceFacts::Addressed { addresses, ports } => {
                for address in addresses {
                    self.reverse.entry(*address).or_default().push(own_name.clone());
                }
                Entry::Addressed { addresses: addresses.clone(), ports: ports.clone() }
            }
            ServiceFacts::Headless => {
                for endpoint in behind {
                    let names = self.reverse.entry(endpoint.address).or_default();
                    let name = own_name.prepend_label(endpoint.hostname.as_str())?;
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                Entry::Headless(behind.to_vec())
            }
            ServiceFacts::Alias(host) => Entry::Alias(fully_qualified(Name::from_ascii(host)?)),
        };
        self.services.entry(namespace.clone()).or_default().insert(name.clone(), entry);
        Ok(())
    }

    /// The cluster's domain, lower case, with its final dot.
    #[must_use]
    pub fn zone(&self) -> &Name {
        &self.zone
    }

    pub(super) fn host(&self, name: &Name) -> Option<&[IpAddr]> {
        self.hosts.get(name).map(Vec::as_slice)
    }

    pub(super) fn namespace(&self, namespace: &str) -> Option<&HashMap<String, Entry>> {
        self.services.get(namespace)
    }

    pub(super) fn service(&self, namespace: &str, name: &str) -> Option<&Entry> {
        self.services.get(namespace)?.get(name)
    }

    pub(super) fn names_of(&self, address: IpAddr) -> Option<&[Name]> {
        self.reverse.get(&address).map(Vec::as_slice)
    }

    /// `<name>.<namespace>.svc.<zone>.`
    pub(super) fn service_name(&self, namespace: &str, name: &str) -> Result<Name, ProtoError> {
        Name::from_labels([name, namespace, SERVICES].map(str::as_bytes))?.append_domain(&self.zone)
    }
}

fn fully_qualified(mut name: Name) -> Name {
    name.set_fqdn(true);
    name
}
