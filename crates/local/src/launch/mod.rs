//! What each component is started with, from the plan and the versions found. Pure: the snapshots show all of it.

mod containerd;
mod control_plane;
pub(crate) mod flags;
mod node;
pub(crate) mod registry;
#[cfg(test)]
mod tests;

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use ipnet::Ipv4Net;
use sha2::{Digest, Sha256};

use crate::KubernetesVersion;
use crate::cgroup::Version as CgroupVersion;
use crate::paths::ClusterPaths;

pub(crate) use control_plane::{API_PORT, CONTROLLER_MANAGER_PORT, ETCD_HEALTH_PORT, SCHEDULER_PORT};
pub(crate) use node::{KUBELET_HEALTH_PORT, PROXY_HEALTH_PORT};

/// Everything a cluster's components are started from.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) version: KubernetesVersion,
    /// 1 for 1.6 and 1.7, else 2.
    pub(crate) containerd_major: u16,
    pub(crate) cgroup: CgroupVersion,
    /// Whether this user may lower a process' OOM score (CAP_SYS_RESOURCE); where not, asking for it fails every pod.
    pub(crate) may_lower_oom_score: bool,
    /// Folder of the Kubernetes binaries.
    pub(crate) binaries: PathBuf,
    pub(crate) has_kube_proxy: bool,
    pub(crate) cluster: ClusterPaths,
    pub(crate) name: String,
    pub(crate) node_ip: Ipv4Addr,
    pub(crate) hub: Ipv4Addr,
    pub(crate) pods: Ipv4Net,
    pub(crate) services: Ipv4Net,
    /// The first address of `services`.
    pub(crate) api_service: Ipv4Addr,
    pub(crate) dns: Ipv4Addr,
    /// Cgroup path below which kubelet puts pods.
    pub(crate) pods_cgroup: String,
    pub(crate) cpu_millicores: u32,
    pub(crate) memory_bytes: u64,
    pub(crate) host_millicores: u32,
    pub(crate) host_memory_bytes: u64,
    pub(crate) pause_image: String,
    /// Proxy settings of the host for image pulls, as `NAME=value`.
    pub(crate) proxy_env: Vec<(String, String)>,
}

/// How one component is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Launch {
    pub(crate) name: &'static str,
    pub(crate) argv: Vec<String>,
    pub(crate) env: Vec<(String, String)>,
    /// Files it reads, written before it starts.
    pub(crate) files: Vec<(PathBuf, String)>,
}

impl Launch {
    fn new(name: &'static str, program: impl AsRef<Path>) -> Self {
        let program = program.as_ref().to_string_lossy().into_owned();
        Self { name, argv: vec![program], env: vec![], files: vec![] }
    }

    fn flag(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.argv.push(format!("--{name}={value}"));
        self
    }

    fn file(mut self, path: PathBuf, text: String) -> Self {
        self.files.push((path, text));
        self
    }

    /// Certificates it reads once, at its start. (Those in kubeconfigs are read again by themselves.)
    fn certificates(&self) -> impl Iterator<Item = &str> {
        let texts = self.argv.iter().chain(self.files.iter().map(|(_, text)| text));
        let words = texts.flat_map(|text| text.split(['=', '"', ' ', '\n']));
        words.filter(|word| word.starts_with('/') && word.ends_with(".crt"))
    }

    /// Differs whenever the component has to be started anew: other flags, files or certificates, another binary.
    pub(crate) fn fingerprint(&self) -> String {
        use std::os::unix::fs::MetadataExt;
        let mut digest = Sha256::new();
        for part in self.argv.iter().chain(self.files.iter().map(|(_, text)| text)) {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        for (name, value) in &self.env {
            digest.update(format!("{name}={value}\0"));
        }
        for path in self.certificates() {
            digest.update(std::fs::read(path).unwrap_or_default());
        }
        if let Ok(binary) = std::fs::metadata(&self.argv[0]) {
            digest.update(format!("{} {}", binary.len(), binary.mtime()));
        }
        digest.finalize()[..12].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// All components of a cluster, in the order in which they are stopped last to first.
pub(crate) fn components(facts: &Facts) -> Vec<Launch> {
    let mut all = vec![
        control_plane::etcd(facts),
        containerd::containerd(facts),
        control_plane::apiserver(facts),
        control_plane::controller_manager(facts),
        control_plane::scheduler(facts),
        node::kubelet(facts),
    ];
    if facts.has_kube_proxy {
        all.push(node::proxy(facts));
    }
    all
}
