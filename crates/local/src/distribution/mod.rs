//! Sets of Kubernetes binaries, several versions side by side in `<data>/kubernetes/<name>/`.

mod debian;
mod folder;
mod upstream;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Error, InstanceConfig, KubernetesVersion, Progress, paths};

/// What a distribution must have; kube-proxy is wanted too, but Services are all that is lost without it.
pub(crate) const NEEDED: [&str; 4] =
    ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet"];
pub(crate) const OPTIONAL: &str = "kube-proxy";
const MANIFEST: &str = "distribution.json";

/// One set of Kubernetes server binaries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Distribution {
    /// Its name in this instance.
    pub name: String,
    /// Which release it is.
    pub version: KubernetesVersion,
    /// Where it came from, in words: `Debian's source package`, `https://dl.k8s.io`, `/path`.
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
        Self { dir: config.data_dir.join("kubernetes"), cache: config.cache_dir.clone() }
    }

    /// All, by name.
    ///
    /// # Errors
    /// When the data directory cannot be read.
    pub fn list(&self) -> Result<Vec<Distribution>, Error> {
        let mut all = vec![];
        for name in paths::folders_in(&self.dir)? {
            // A folder without its manifest was being added when something was killed: it does not count.
            if self.folder(&name).join(MANIFEST).exists() {
                all.push(self.get(&name)?);
            }
        }
        Ok(all)
    }

    /// One by its name.
    ///
    /// # Errors
    /// [`Error::NoDistribution`].
    pub fn get(&self, name: &str) -> Result<Distribution, Error> {
        let path = self.folder(name).join(MANIFEST);
        let text = paths::read(path).map_err(|_| Error::NoDistribution(name.into()))?;
        serde_json::from_str(&text).map_err(|e| Error::Distribution {
            name: name.into(),
            problem: format!("its manifest cannot be read: {e}"),
            mend: "add it again".into(),
        })
    }

    /// Builds Debian's source package (about 7 minutes on 2 cores the first time; then from the cache) and adds it.
    ///
    /// # Errors
    /// [`Error::Distribution`] with the build's last lines.
    pub async fn add_debian(&self, name: &str, progress: &Progress) -> Result<Distribution, Error> {
        debian::add(self, name, progress).await
    }

    /// Downloads release `version` (`1.36.2`; `None`: the newest stable) and verifies its published checksums.
    ///
    /// # Errors
    /// [`Error::Distribution`] when the release server cannot be reached or a checksum differs.
    pub async fn add_upstream(
        &self,
        name: &str,
        version: Option<KubernetesVersion>,
        progress: &Progress,
    ) -> Result<Distribution, Error> {
        upstream::add(self, name, version, progress).await
    }

    /// Adds a folder's binaries (kube-proxy may be missing: then Services do not work). They are copied.
    ///
    /// # Errors
    /// [`Error::Distribution`] names the missing program.
    pub async fn add_dir(
        &self,
        name: &str,
        folder: &Path,
        progress: &Progress,
    ) -> Result<Distribution, Error> {
        progress.tell(None, format!("adding the Kubernetes binaries of {}", folder.display()), Some(1));
        self.install(name, folder, &folder.display().to_string()).await
    }

    /// Whether the upstream release server answers within a few seconds.
    pub async fn upstream_is_reachable(&self) -> bool {
        upstream::newest().await.is_ok()
    }

    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Copies (or hard-links) the binaries of `source` and records them. The manifest comes last.
    async fn install(&self, name: &str, source: &Path, from: &str) -> Result<Distribution, Error> {
        crate::config::check_label("distribution name", name, 40)?;
        let version = folder::version(name, source).await?;
        let target = self.folder(name);
        paths::create_dir(&target)?;
        for program in NEEDED.into_iter().chain([OPTIONAL]) {
            let (file, to) = (source.join(program), target.join(program));
            if file.exists() {
                folder::link_or_copy(&file, &to)?;
            }
        }
        let distribution = Distribution { name: name.into(), version, from: from.into() };
        let text =
            serde_json::to_string_pretty(&distribution).map_err(|e| Error::io("write", &target, e.into()))?;
        paths::replace(target.join(MANIFEST), text)?;
        Ok(distribution)
    }
}
