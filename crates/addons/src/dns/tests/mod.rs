//! The specification, rule by rule, on a small cluster; and the same over real sockets.
#![allow(clippy::unwrap_used)]

mod messages;
mod specification;

use std::collections::BTreeMap;
use std::net::IpAddr;

use hickory_proto::rr::{Name, RecordType};

use super::facts::{EndpointFacts, NamedPort, ServiceFacts};
use super::index::Index;
use super::lookup::{Verdict, lookup};

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn port(name: &str, protocol: &str, number: u16) -> NamedPort {
    NamedPort { name: name.into(), protocol: protocol.into(), number }
}

fn endpoint(hostname: &str, address: &str) -> EndpointFacts {
    EndpointFacts { hostname: hostname.into(), address: ip(address), ports: vec![port("peer", "tcp", 7000)] }
}

/// A cluster with one Service of each kind.
fn cluster() -> Index {
    let key = |name: &str| ("team".to_owned(), name.to_owned());
    let addressed = |addresses: &[&str], ports: Vec<NamedPort>| ServiceFacts::Addressed {
        addresses: addresses.iter().map(|one| ip(one)).collect(),
        ports,
    };
    let web_ports = vec![port("http", "tcp", 80), port("metrics", "udp", 9)];
    let services = BTreeMap::from([
        (key("web"), addressed(&["10.96.0.7"], web_ports)),
        (key("dual"), addressed(&["10.96.0.8", "fd00::8"], vec![])),
        (key("peers"), ServiceFacts::Headless),
        (key("nobody"), ServiceFacts::Headless),
        (key("db"), ServiceFacts::Alias("db.example.com".into())),
        (key("near"), ServiceFacts::Alias("web.team.svc.cluster.local".into())),
        (key("ring"), ServiceFacts::Alias("ring.team.svc.cluster.local".into())),
    ]);
    let endpoints = BTreeMap::from([
        (
            key("peers"),
            vec![
                endpoint("peer-0", "10.1.0.1"),
                endpoint("peer-1", "10.1.0.2"),
                endpoint("10-1-0-3", "10.1.0.3"),
            ],
        ),
        (key("web"), vec![endpoint("web-0", "10.1.0.9")]),
    ]);
    let hosts = [(Name::from_ascii("registry.nagaya.internal").unwrap(), ip("10.99.0.1"))];
    Index::new(Name::from_ascii("Cluster.Local").unwrap(), &hosts).with(&services, &endpoints)
}

fn ask(name: &str, kind: RecordType) -> Verdict {
    lookup(&cluster(), &Name::from_ascii(name).unwrap(), kind)
}

/// The data of the answer section as text, in order of the text; what else came is the error.
fn records(name: &str, kind: RecordType) -> Result<Vec<String>, &'static str> {
    match ask(name, kind) {
        Verdict::Answer { records, .. } => {
            let mut found: Vec<String> = records.iter().map(|one| one.data.to_string()).collect();
            found.sort();
            Ok(found)
        }
        Verdict::NoData { .. } => Err("NODATA"),
        Verdict::NoName { .. } => Err("NXDOMAIN"),
        Verdict::Elsewhere { .. } => Err("elsewhere"),
    }
}
