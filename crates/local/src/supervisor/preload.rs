//! Images brought by hand: archives imported into containerd, for hosts without a registry. Each once, until it changes.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::Error;
use crate::mounts::MountNamespace;
use crate::paths::{self, ClusterPaths};

const PATIENCE: Duration = Duration::from_secs(1200);
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// The task that imports.
pub(super) struct Preload {
    ready: watch::Sender<bool>,
    waits_for: watch::Receiver<Option<String>>,
    task: JoinHandle<()>,
}

impl Drop for Preload {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Preload {
    pub(super) fn start(archives: Vec<PathBuf>, mounts: MountNamespace, paths: ClusterPaths) -> Self {
        let (ready, mut runtime) = watch::channel(false);
        let nothing = archives.is_empty();
        let (told, waits_for) = watch::channel((!nothing).then(|| "importing images".to_owned()));
        let task = tokio::spawn(async move {
            for archive in archives {
                while let Err(problem) = import(&archive, &mounts, &paths, &mut runtime).await {
                    told.send_replace(Some(problem.to_string()));
                    tokio::time::sleep(RETRY_AFTER).await;
                }
            }
            told.send_replace(None);
        });
        Self { ready, waits_for, task }
    }

    pub(super) fn runtime_ready(&self, ready: bool) {
        self.ready.send_if_modified(|old| std::mem::replace(old, ready) != ready);
    }

    /// In words, what is not imported yet.
    pub(super) fn waits_for(&self) -> Option<String> {
        self.waits_for.borrow().clone()
    }
}

async fn import(
    archive: &Path,
    mounts: &MountNamespace,
    paths: &ClusterPaths,
    runtime: &mut watch::Receiver<bool>,
) -> Result<(), Error> {
    let record = paths.dir.join("containerd/imported.json");
    let mut done: BTreeMap<PathBuf, String> = std::fs::read_to_string(&record)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let meta = std::fs::metadata(archive).map_err(|e| Error::io("read image archive", archive, e))?;
    let mark = format!("{} {}", meta.len(), meta.mtime());
    if done.get(archive) == Some(&mark) {
        return Ok(());
    }
    // Closed only with the supervisor itself.
    let _ = runtime.wait_for(|ready| *ready).await;
    let socket = ["--address", "/run/containerd/containerd.sock", "--namespace", "k8s.io"];
    let run = mounts.program(format!("import {}", archive.display()), "ctr").patience(PATIENCE);
    run.args(socket).args(["images", "import"]).args([archive]).run().await?;
    done.insert(archive.to_owned(), mark);
    paths::replace(&record, serde_json::to_string_pretty(&done).unwrap_or_default())
}
