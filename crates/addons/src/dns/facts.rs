//! What the DNS needs to know of a Service and of its Endpoints, taken from the Kubernetes objects once, at the edge.

use std::net::IpAddr;

use k8s_openapi::api::core::v1::{EndpointAddress, EndpointSubset, Endpoints, Service};

/// Namespace and name.
pub type Key = (String, String);

/// A port with a name; ports without one have no SRV record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPort {
    /// The port's name, lower case.
    pub name: String,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
    /// The number.
    pub number: u16,
}

/// How a Service is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceFacts {
    /// By its own addresses, one a family.
    Addressed {
        /// The cluster IPs.
        addresses: Vec<IpAddr>,
        /// The named ports of the Service.
        ports: Vec<NamedPort>,
    },
    /// By the addresses of its endpoints.
    Headless,
    /// It is another name for this host.
    Alias(String),
}

/// One address behind a headless Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointFacts {
    /// Its name below the Service: the endpoint's hostname, else made from the address.
    pub hostname: String,
    /// The address.
    pub address: IpAddr,
    /// The named ports it serves.
    pub ports: Vec<NamedPort>,
}

/// Reads a Service; `None` while it has no address yet.
#[must_use]
pub fn service(object: &Service) -> Option<ServiceFacts> {
    let spec = object.spec.as_ref()?;
    if spec.type_.as_deref() == Some("ExternalName") {
        return spec.external_name.clone().map(ServiceFacts::Alias);
    }
    let first = spec.cluster_ip.as_deref().unwrap_or_default();
    if first == "None" {
        return Some(ServiceFacts::Headless);
    }
    // `clusterIPs` names both families; API servers older than dual stack leave it out.
    let all = spec.cluster_ips.as_deref().filter(|all| !all.is_empty());
    let addresses: Vec<IpAddr> = match all {
        Some(all) => all.iter().filter_map(|one| one.parse().ok()).collect(),
        None => first.parse().into_iter().collect(),
    };
    if addresses.is_empty() {
        return None;
    }
    let ports = spec.ports.iter().flatten();
    let ports =
        ports.filter_map(|port| named(port.name.as_deref(), port.protocol.as_deref(), port.port)).collect();
    Some(ServiceFacts::Addressed { addresses, ports })
}

/// Reads the ready addresses of an Endpoints object. Those of a Service that publishes addresses which are not ready
/// stand among the ready ones already: the API server's controller put them there.
#[must_use]
pub fn endpoints(object: &Endpoints) -> Vec<EndpointFacts> {
    let subsets = object.subsets.iter().flatten();
    subsets
        .flat_map(|subset| {
            let ports = subset_ports(subset);
            subset.addresses.iter().flatten().filter_map(move |address| endpoint(address, ports.clone()))
        })
        .collect()
}

fn endpoint(address: &EndpointAddress, ports: Vec<NamedPort>) -> Option<EndpointFacts> {
    let ip: IpAddr = address.ip.parse().ok()?;
    let given = address.hostname.as_deref().filter(|name| !name.is_empty());
    let hostname = given.map_or_else(|| dashed(ip), str::to_ascii_lowercase);
    Some(EndpointFacts { hostname, address: ip, ports })
}

fn subset_ports(subset: &EndpointSubset) -> Vec<NamedPort> {
    let ports = subset.ports.iter().flatten();
    ports.filter_map(|port| named(port.name.as_deref(), port.protocol.as_deref(), port.port)).collect()
}

fn named(name: Option<&str>, protocol: Option<&str>, number: i32) -> Option<NamedPort> {
    let name = name.filter(|name| !name.is_empty())?.to_ascii_lowercase();
    let protocol = protocol.unwrap_or("TCP").to_ascii_lowercase();
    Some(NamedPort { name, protocol, number: u16::try_from(number).ok()? })
}

/// An address as a label: `10.1.2.3` is `10-1-2-3`, an IPv6 address its eight groups.
#[must_use]
pub fn dashed(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string().replace('.', "-"),
        IpAddr::V6(address) => address.segments().map(|group| format!("{group:x}")).join("-"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn read_service(spec: serde_json::Value) -> Option<ServiceFacts> {
        service(&serde_json::from_value(json!({ "metadata": { "name": "s" }, "spec": spec })).unwrap())
    }

    #[test]
    fn the_kinds_of_service() {
        let web =
            json!({ "clusterIP": "10.0.0.9", "ports": [{ "name": "HTTP", "port": 80 }, { "port": 81 }] });
        let port = NamedPort { name: "http".into(), protocol: "tcp".into(), number: 80 };
        let addresses = vec!["10.0.0.9".parse().unwrap()];
        assert_eq!(read_service(web), Some(ServiceFacts::Addressed { addresses, ports: vec![port] }));
        let dual = read_service(json!({ "clusterIP": "10.0.0.9", "clusterIPs": ["10.0.0.9", "fd00::9"] }));
        assert!(matches!(dual, Some(ServiceFacts::Addressed { addresses, .. }) if addresses.len() == 2));
        let headless = json!({ "clusterIP": "None", "clusterIPs": ["None"] });
        assert_eq!(read_service(headless), Some(ServiceFacts::Headless));
        let alias = json!({ "type": "ExternalName", "externalName": "db.example.com" });
        assert_eq!(read_service(alias), Some(ServiceFacts::Alias("db.example.com".into())));
        assert_eq!(read_service(json!({ "clusterIP": "" })), None);
    }

    #[test]
    fn only_ready_addresses_count() {
        let object = json!({ "metadata": {}, "subsets": [
            { "addresses": [{ "ip": "10.1.0.1", "hostname": "Web-0" }, { "ip": "10.1.0.2" }],
              "notReadyAddresses": [{ "ip": "10.1.0.3" }], "ports": [{ "name": "dns", "port": 53, "protocol": "UDP" }] },
            { "addresses": [{ "ip": "fd00::7" }] },
        ]});
        let found = endpoints(&serde_json::from_value(object).unwrap());
        let names: Vec<_> = found.iter().map(|one| one.hostname.as_str()).collect();
        assert_eq!(names, ["web-0", "10-1-0-2", "fd00-0-0-0-0-0-0-7"]);
        assert_eq!(found[1].ports, [NamedPort { name: "dns".into(), protocol: "udp".into(), number: 53 }]);
    }
}
