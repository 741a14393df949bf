//! One question, one answer: the Kubernetes DNS specification 1.1.0 as a function.
//!
//! NXDOMAIN says that neither the name nor anything below it exists; NODATA that the name is there without records
//! of the type (RFC 8020, RFC 2308). Resolvers that search several domains give up on the one and go on at the other,
//! so mixing them up breaks programs.

use std::net::IpAddr;

use hickory_proto::rr::rdata::name::{CNAME, NS, PTR};
use hickory_proto::rr::rdata::{SOA, SRV, TXT};
use hickory_proto::rr::{Name, RData, Record, RecordType};

use super::facts::{EndpointFacts, NamedPort};
use super::index::{Entry, Index, SERVICES};

/// Seconds that an answer, or that there is none, may be remembered: pods come and go.
pub const TTL: u32 = 5;
/// The version of the specification that is followed.
pub const SCHEMA_VERSION: &str = "1.1.0";
/// The most aliases that are followed within the cluster.
const ALIASES: usize = 8;

/// What is known about a question.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    /// These records.
    Answer {
        /// The answer section.
        records: Vec<Record>,
        /// Addresses of the names in it.
        additional: Vec<Record>,
    },
    /// The name exists, records of this type do not.
    NoData {
        /// Aliases that led here.
        aliases: Vec<Record>,
    },
    /// The name does not exist.
    NoName {
        /// Aliases that led here.
        aliases: Vec<Record>,
    },
    /// The name belongs to somebody else: ask them for `target`.
    Elsewhere {
        /// Aliases that led there; empty when the name asked for is itself the target.
        aliases: Vec<Record>,
        /// Whom to ask for.
        target: Name,
    },
}

/// Looks `name` up; letter case does not count.
#[must_use]
pub fn lookup(index: &Index, name: &Name, kind: RecordType) -> Verdict {
    let mut aliases = Vec::new();
    let mut target = name.clone();
    for _ in 0..=ALIASES {
        match step(index, &target, kind) {
            Step::Found(mut records, additional) => {
                aliases.append(&mut records);
                return Verdict::Answer { records: aliases, additional };
            }
            Step::NoData => return Verdict::NoData { aliases },
            Step::NoName => return Verdict::NoName { aliases },
            Step::Elsewhere => return Verdict::Elsewhere { aliases, target },
            Step::Alias(next) => {
                aliases.push(Record::from_rdata(target, TTL, RData::CNAME(CNAME(next.clone()))));
                if kind == RecordType::CNAME {
                    return Verdict::Answer { records: aliases, additional: Vec::new() };
                }
                target = next;
            }
        }
    }
    // A ring of aliases: the name is there and leads nowhere.
    Verdict::NoData { aliases }
}

/// The record that tells how long the absence of something may be remembered.
#[must_use]
pub fn authority(index: &Index) -> Record {
    let zone = index.zone().clone();
    let below = |label: &str, of: &Name| of.prepend_label(label).unwrap_or_else(|_| of.clone());
    let server = below("ns", &below("dns", &zone));
    let soa = SOA::new(server, below("hostmaster", &zone), 1, 7200, 1800, 86400, TTL);
    Record::from_rdata(zone, TTL, RData::SOA(soa))
}

enum Step {
    Found(Vec<Record>, Vec<Record>),
    NoData,
    NoName,
    Alias(Name),
    Elsewhere,
}

fn step(index: &Index, name: &Name, kind: RecordType) -> Step {
    let lower = name.to_lowercase();
    if let Some(addresses) = index.host(&lower) {
        return found(addresses_of(name, addresses.iter().copied(), kind));
    }
    if index.zone().zone_of(&lower) {
        return in_zone(index, name, &lower, kind);
    }
    match reverse_address(&lower).and_then(|address| index.names_of(address)) {
        Some(names) if wants(kind, RecordType::PTR) => {
            let records = names.iter().map(|target| record(name, RData::PTR(PTR(target.clone()))));
            found(records.collect())
        }
        Some(_) => Step::NoData,
        None => Step::Elsewhere,
    }
}

fn in_zone(index: &Index, name: &Name, lower: &Name, kind: RecordType) -> Step {
    let below = usize::from(lower.num_labels().saturating_sub(index.zone().num_labels()));
    let labels: Option<Vec<&str>> =
        lower.iter().take(below).map(|label| std::str::from_utf8(label).ok()).collect();
    let Some(labels) = labels else { return Step::NoName };
    match labels.as_slice() {
        [] => apex(index, kind),
        ["dns-version"] if wants(kind, RecordType::TXT) => {
            found(vec![record(name, RData::TXT(TXT::new(vec![SCHEMA_VERSION.to_owned()])))])
        }
        ["dns-version"] | [SERVICES] | ["pod"] | [_, "pod"] => Step::NoData,
        [pod, _, "pod"] => match undashed(pod) {
            Some(address) => found(addresses_of(name, [address], kind)),
            None => Step::NoName,
        },
        [namespace, SERVICES] if index.namespace(namespace).is_some() => Step::NoData,
        [rest @ .., service, namespace, SERVICES] => match index.service(namespace, service) {
            Some(entry) => in_service(&Place { index, name, namespace, service }, entry, rest, kind),
            None => Step::NoName,
        },
        _ => Step::NoName,
    }
}

fn apex(index: &Index, kind: RecordType) -> Step {
    // The Service of the cluster's DNS bears this name in every distribution.
    let server = index.service_name("kube-system", "kube-dns");
    match (kind, server) {
        (RecordType::SOA, _) => found(vec![authority(index)]),
        (RecordType::NS, Ok(server)) if index.service("kube-system", "kube-dns").is_some() => {
            found(vec![record(index.zone(), RData::NS(NS(server)))])
        }
        _ => Step::NoData,
    }
}

/// Where in the tree a lookup stands.
struct Place<'a> {
    index: &'a Index,
    name: &'a Name,
    namespace: &'a str,
    service: &'a str,
}

impl Place<'_> {
    /// The Service's own name, in the letters of the specification.
    fn service_name(&self) -> Name {
        self.index.service_name(self.namespace, self.service).unwrap_or_else(|_| self.name.clone())
    }
}

fn in_service(place: &Place<'_>, entry: &Entry, rest: &[&str], kind: RecordType) -> Step {
    match (entry, rest) {
        (Entry::Alias(target), []) => Step::Alias(target.clone()),
        (Entry::Alias(_), _) => Step::NoName,
        // Specification 2.4.1: no ready endpoint, no name.
        (Entry::Headless(endpoints), _) if endpoints.is_empty() => Step::NoName,
        (Entry::Addressed { addresses, .. }, []) => {
            found(addresses_of(place.name, addresses.iter().copied(), kind))
        }
        (Entry::Headless(endpoints), []) => {
            found(addresses_of(place.name, unique(endpoints.iter().map(|one| one.address)), kind))
        }
        (_, [.., protocol]) if protocol.starts_with('_') => ports(place, entry, rest, kind),
        (Entry::Headless(endpoints), [hostname]) => {
            let mut addresses =
                unique(endpoints.iter().filter(|one| one.hostname == *hostname).map(|one| one.address))
                    .peekable();
            if addresses.peek().is_none() {
                return Step::NoName;
            }
            found(addresses_of(place.name, addresses, kind))
        }
        _ => Step::NoName,
    }
}

/// `_port._protocol.<service>` and, without records of its own, `_protocol.<service>`.
fn ports(place: &Place<'_>, entry: &Entry, rest: &[&str], kind: RecordType) -> Step {
    let own_name = place.service_name();
    let all: Vec<(&NamedPort, Name, Vec<IpAddr>)> = match entry {
        Entry::Alias(_) => Vec::new(),
        Entry::Addressed { addresses, ports } => {
            ports.iter().map(|port| (port, own_name.clone(), addresses.clone())).collect()
        }
        Entry::Headless(endpoints) => {
            endpoints.iter().flat_map(|endpoint| endpoint_ports(&own_name, endpoint)).collect()
        }
    };
    let matching = |port: &NamedPort| match rest {
        [protocol] => protocol.strip_prefix('_') == Some(&port.protocol),
        [name, protocol] => {
            protocol.strip_prefix('_') == Some(&port.protocol) && name.strip_prefix('_') == Some(&port.name)
        }
        _ => false,
    };
    let mut matches = all.into_iter().filter(|(port, ..)| matching(port)).peekable();
    if matches.peek().is_none() {
        return Step::NoName;
    }
    if rest.len() == 1 || !wants(kind, RecordType::SRV) {
        return Step::NoData;
    }
    let (mut records, mut additional) = (Vec::new(), Vec::new());
    for (port, target, addresses) in matches {
        additional.extend(addresses_of(&target, addresses, RecordType::ANY));
        let srv = record(place.name, RData::SRV(SRV::new(0, 100, port.number, target)));
        if !records.contains(&srv) {
            records.push(srv);
        }
    }
    additional.dedup();
    Step::Found(records, additional)
}

fn endpoint_ports<'a>(
    service: &Name,
    endpoint: &'a EndpointFacts,
) -> impl Iterator<Item = (&'a NamedPort, Name, Vec<IpAddr>)> {
    let target = service.prepend_label(endpoint.hostname.as_str()).ok();
    let address = endpoint.address;
    endpoint.ports.iter().filter_map(move |port| Some((port, target.clone()?, vec![address])))
}

fn wants(asked: RecordType, kind: RecordType) -> bool {
    asked == kind || asked == RecordType::ANY
}

fn record(name: &Name, data: RData) -> Record {
    Record::from_rdata(name.clone(), TTL, data)
}

fn found(records: Vec<Record>) -> Step {
    if records.is_empty() { Step::NoData } else { Step::Found(records, Vec::new()) }
}

fn addresses_of(name: &Name, addresses: impl IntoIterator<Item = IpAddr>, kind: RecordType) -> Vec<Record> {
    let of_kind =
        |address: &IpAddr| wants(kind, if address.is_ipv4() { RecordType::A } else { RecordType::AAAA });
    addresses.into_iter().filter(of_kind).map(|address| record(name, RData::from(address))).collect()
}

/// Two endpoints of a Service may share an address (one pod, several ports); an answer names it once.
fn unique(addresses: impl Iterator<Item = IpAddr>) -> impl Iterator<Item = IpAddr> {
    let mut seen = std::collections::HashSet::new();
    addresses.filter(move |address| seen.insert(*address))
}

/// `10-1-2-3` as in `10-1-2-3.namespace.pod.<zone>`.
fn undashed(label: &str) -> Option<IpAddr> {
    label.replace('-', ".").parse().or_else(|_| label.replace('-', ":").parse()).ok()
}

/// The whole address that a name under in-addr.arpa or ip6.arpa stands for; `None` for a part of one.
fn reverse_address(name: &Name) -> Option<IpAddr> {
    let net = name.parse_arpa_name().ok()?;
    (net.prefix_len() == net.max_prefix_len()).then(|| net.addr())
}
