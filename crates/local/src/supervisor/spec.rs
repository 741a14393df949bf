//! What a supervisor is told: `<cluster dir>/spec.json`, written by the provider, read again whenever it changes.

use std::path::{Path, PathBuf};

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use crate::paths::{self, ClusterPaths};
use crate::{ClusterPlan, Error, InstanceConfig};

/// Whether it is to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Desired {
    Running,
    Stopped,
}

/// The instance as a supervisor needs to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InstanceRef {
    pub(crate) name: String,
    pub(crate) data_dir: PathBuf,
    pub(crate) cache_dir: PathBuf,
    pub(crate) subnet: Ipv4Net,
}

impl InstanceRef {
    pub(crate) fn of(config: &InstanceConfig) -> Self {
        Self {
            name: config.name.clone(),
            data_dir: config.data_dir.clone(),
            cache_dir: config.cache_dir.clone(),
            subnet: config.subnet,
        }
    }

    pub(crate) fn config(&self) -> InstanceConfig {
        InstanceConfig {
            name: self.name.clone(),
            data_dir: self.data_dir.clone(),
            cache_dir: self.cache_dir.clone(),
            subnet: self.subnet,
            supervisor_command: vec![],
        }
    }
}

/// Spec of a cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClusterSpec {
    pub(crate) instance: InstanceRef,
    pub(crate) desired: Desired,
    pub(crate) plan: ClusterPlan,
    /// Place in the subnet; fixed for the cluster's life.
    pub(crate) index: u8,
}

impl ClusterSpec {
    /// Differs between any two specs: the supervisor repeats it in its state, which shows which spec that state is of.
    pub(crate) fn generation(&self) -> String {
        use sha2::Digest;
        let text = serde_json::to_vec(self).unwrap_or_default();
        sha2::Sha256::digest(text)[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Spec of the hub's processes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HubSpec {
    pub(crate) instance: InstanceRef,
    pub(crate) desired: Desired,
}

pub(crate) fn read<T: serde::de::DeserializeOwned>(dir: &Path) -> Result<T, Error> {
    let path = ClusterPaths::new(dir).spec();
    parse(&path, &paths::read(&path)?)
}

pub(crate) fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|e| Error::Config {
        field: "spec.json",
        problem: format!("{} cannot be read: {e}", path.display()),
        mend: "run `nagaya up` again: it writes the file anew".into(),
    })
}

/// True when the file changed.
pub(crate) fn write<T: Serialize>(dir: &Path, spec: &T) -> Result<bool, Error> {
    let text = serde_json::to_string_pretty(spec).map_err(|e| Error::io("write", dir, e.into()))?;
    paths::replace_if_changed(ClusterPaths::new(dir).spec(), &format!("{text}\n"))
}
