//! What the caller decides: the instance and, per cluster, a plan.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::Ipv4Addr;
use std::path::PathBuf;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use crate::Error;

/// The subnet of an instance that names none.
pub const DEFAULT_SUBNET: Ipv4Net = match Ipv4Net::new(Ipv4Addr::new(10, 99, 0, 0), 16) {
    Ok(net) => net,
    Err(_) => panic!("16 is a prefix length"),
};

/// Everything that belongs to one installation on this host. Two instances that differ in name, data directory and
/// subnet live side by side.
#[derive(Debug, Clone)]
pub struct InstanceConfig {
    /// RFC 1123 label of at most 20 characters; part of the names of netns, cgroup and nftables table.
    pub name: String,
    /// Where clusters, distributions and the registry's contents lie.
    pub data_dir: PathBuf,
    /// Shared between instances: built distributions and images. `NAGAYA_CACHE`, else `/var/cache/nagaya`.
    pub cache_dir: PathBuf,
    /// A /16 out of which hub, transit links, pods and services get their addresses.
    pub subnet: Ipv4Net,
    /// Program and arguments before `--cluster-dir DIR` or `--hub-dir DIR`; by default this program and `supervise`.
    pub supervisor_command: Vec<OsString>,
}

impl InstanceConfig {
    /// Checks name and subnet.
    ///
    /// # Errors
    /// [`Error::Config`] when the name is no short RFC 1123 label or the subnet no private /16.
    pub fn new(name: &str, data_dir: impl Into<PathBuf>, subnet: Ipv4Net) -> Result<Self, Error> {
        check_label("instance name", name, 20)?;
        if subnet.prefix_len() != 16 || !subnet.network().is_private() {
            return Err(Error::Config {
                field: "subnet",
                problem: format!("{subnet} is not a private /16"),
                mend: "give one such as 10.98.0.0/16".into(),
            });
        }
        let own = std::env::current_exe()
            .map_err(|e| Error::io("find this program's path", "/proc/self/exe", e))?;
        Ok(Self {
            name: name.into(),
            data_dir: data_dir.into(),
            cache_dir: std::env::var_os("NAGAYA_CACHE")
                .map_or_else(|| "/var/cache/nagaya".into(), PathBuf::from),
            subnet: subnet.trunc(),
            supervisor_command: vec![own.into(), "supervise".into()],
        })
    }
}

/// Image references of what runs in a cluster from its first second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClusterImages {
    /// The sandbox image of every pod.
    pub pause: String,
    /// The `nagaya` binary: DNS and the home provisioner. `None` leaves both out.
    pub nagaya: Option<String>,
    /// OCI or docker archives imported into containerd before kubelet starts: for hosts without a registry.
    #[serde(default)]
    pub archives: Vec<PathBuf>,
}

impl Default for ClusterImages {
    fn default() -> Self {
        Self { pause: "registry.nagaya.internal/pause:3".into(), nagaya: None, archives: vec![] }
    }
}

/// One cluster as it should be. Giving a changed plan to [`crate::Provider::ensure_cluster`] changes the cluster in
/// place; pods keep running.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClusterPlan {
    /// RFC 1123 label of at most 40 characters; also the node's name.
    pub name: String,
    /// Name of a distribution of this instance ([`crate::Distributions::list`]).
    pub distribution: String,
    /// CPU that all pods together may use, in thousandths of a core. 0: half of the host.
    pub cpu_millicores: u32,
    /// Memory that all pods together may use, in bytes. 0: a quarter of the host.
    pub memory_bytes: u64,
    /// Images of what the provider itself puts into the cluster.
    #[serde(default)]
    pub images: ClusterImages,
    /// Kubernetes objects (or `List`s) the supervisor applies, by a name of your choice: that is how the agent gets in.
    #[serde(default)]
    pub manifests: BTreeMap<String, serde_json::Value>,
    /// Place in the instance's subnet, 1–62. `None`: the place the cluster has already, else the first free one.
    #[serde(default)]
    pub index: Option<u8>,
}

impl ClusterPlan {
    /// A plan with defaults: half of the host's CPU, a quarter of its memory, no extra manifests.
    #[must_use]
    pub fn new(name: &str, distribution: &str) -> Self {
        Self {
            name: name.into(),
            distribution: distribution.into(),
            cpu_millicores: 0,
            memory_bytes: 0,
            images: ClusterImages::default(),
            manifests: BTreeMap::new(),
            index: None,
        }
    }

    /// # Errors
    /// [`Error::Config`] for a name or an index out of range, or an unusably small memory cap.
    pub fn check(&self) -> Result<(), Error> {
        check_label("cluster name", &self.name, 40)?;
        if self.index.is_some_and(|index| !(1..=62).contains(&index)) {
            return Err(Error::Config {
                field: "index",
                problem: "a cluster's place is 1 to 62".into(),
                mend: "leave it out".into(),
            });
        }
        if self.memory_bytes != 0 && self.memory_bytes < 128 << 20 {
            return Err(Error::Config {
                field: "memory",
                problem: format!("{} bytes hold no pods", self.memory_bytes),
                mend: "give at least 128Mi".into(),
            });
        }
        Ok(())
    }
}

/// RFC 1123 label, as Kubernetes demands of names that become DNS labels.
pub(crate) fn check_label(field: &'static str, name: &str, longest: usize) -> Result<(), Error> {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if name.len() <= longest
        && name.chars().all(inner)
        && edge(name.chars().next())
        && edge(name.chars().last())
    {
        return Ok(());
    }
    Err(Error::Config {
        field,
        problem: format!("{name:?} is not a name"),
        mend: format!("use at most {longest} lower-case letters, digits and inner dashes"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_become_dns_labels_and_paths_so_they_are_checked() {
        for good in ["a", "java", "python-1", "0"] {
            check_label("x", good, 20).unwrap();
        }
        for bad in ["", "-a", "a-", "A", "a.b", "../x", "ü", "aaaaaaaaaaaaaaaaaaaaa"] {
            assert!(check_label("x", bad, 20).is_err(), "{bad}");
        }
    }

    #[test]
    fn subnet_is_a_private_16() {
        assert!(InstanceConfig::new("a", "/tmp/a", "10.98.0.0/16".parse().unwrap()).is_ok());
        assert!(InstanceConfig::new("a", "/tmp/a", "10.98.0.0/24".parse().unwrap()).is_err());
        assert!(InstanceConfig::new("a", "/tmp/a", "8.8.0.0/16".parse().unwrap()).is_err());
    }
}
