//! What a cluster holds from its first second: roles, pod security, storage class, DNS, the home provisioner, and the
//! manifests its maker gave it (the agent). Applied by the supervisor, so that a cluster is whole without the server.

mod apply;
mod objects;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use kube::Client;
use kube::config::{KubeConfigOptions, Kubeconfig};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::Error;
use crate::launch::Facts;
use crate::paths::{self, ClusterPaths};
use crate::supervisor::spec::ClusterSpec;

const RETRY_AFTER: Duration = Duration::from_millis(300);
const LOOK_FOR_CHANGES_EVERY: Duration = Duration::from_secs(1);
/// Drift (someone deleted the storage class) is mended this often.
const REAPPLY_EVERY: Duration = Duration::from_secs(300);

/// A client with the rights of a kubeconfig.
pub(crate) async fn client(cluster: &str, kubeconfig: &str) -> Result<Client, Error> {
    let failed = |problem: String| Error::Pki { name: format!("{cluster} admin"), problem };
    let parsed = Kubeconfig::from_yaml(kubeconfig).map_err(|e| failed(e.to_string()))?;
    let options = KubeConfigOptions::default();
    let mut config =
        kube::Config::from_custom_kubeconfig(parsed, &options).await.map_err(|e| failed(e.to_string()))?;
    config.proxy_url = None;
    config.connect_timeout = Some(Duration::from_secs(2));
    Client::try_from(config).map_err(|e| failed(e.to_string()))
}

/// The task that applies.
pub(crate) struct Bootstrap {
    wanted: watch::Sender<Arc<Wanted>>,
    api_ready: watch::Sender<bool>,
    waits_for: watch::Receiver<Option<String>>,
    task: JoinHandle<()>,
}

struct Wanted {
    built_in: Vec<Value>,
    paths: ClusterPaths,
    client: Client,
}

impl Bootstrap {
    pub(crate) fn start(client: Client, facts: &Facts, spec: &ClusterSpec, paths: &ClusterPaths) -> Self {
        let wanted =
            Wanted { built_in: objects::built_in(facts, &spec.plan.images), paths: paths.clone(), client };
        let (wanted, wanted_seen) = watch::channel(Arc::new(wanted));
        let (api_ready, api_ready_seen) = watch::channel(false);
        let (told, waits_for) = watch::channel(Some("applying the cluster's own objects".to_owned()));
        let task = tokio::spawn(run(wanted_seen, api_ready_seen, told));
        Self { wanted, api_ready, waits_for, task }
    }

    pub(crate) fn api_ready(&self, ready: bool) {
        self.api_ready.send_if_modified(|old| std::mem::replace(old, ready) != ready);
    }

    /// In words, what is not applied yet.
    pub(crate) fn waits_for(&self) -> Option<String> {
        self.waits_for.borrow().clone()
    }

    /// Another plan, or another client certificate.
    pub(crate) fn change(&self, client: Client, facts: &Facts, spec: &ClusterSpec) {
        let built_in = objects::built_in(facts, &spec.plan.images);
        self.wanted.send_modify(|old| *old = Arc::new(Wanted { built_in, paths: old.paths.clone(), client }));
    }

    pub(crate) async fn stop(self) {
        self.task.abort();
        // Aborted is how it ends.
        let _ = self.task.await;
    }
}

async fn run(
    mut wanted: watch::Receiver<Arc<Wanted>>,
    mut api: watch::Receiver<bool>,
    told: watch::Sender<Option<String>>,
) {
    let mut applied: Option<(String, tokio::time::Instant)> = None;
    loop {
        if api.wait_for(|ready| *ready).await.is_err() {
            return;
        }
        let now = wanted.borrow_and_update().clone();
        let pause = match objects_with_extras(&now) {
            Ok(objects) => {
                let digest = digest(&objects);
                if applied.as_ref().is_some_and(|(old, at)| *old == digest && at.elapsed() < REAPPLY_EVERY) {
                    LOOK_FOR_CHANGES_EVERY
                } else {
                    match apply::all(&now.client, objects).await {
                        Ok(()) => {
                            applied = Some((digest, tokio::time::Instant::now()));
                            told.send_replace(None);
                            LOOK_FOR_CHANGES_EVERY
                        }
                        Err(problem) => {
                            told.send_replace(Some(problem));
                            RETRY_AFTER
                        }
                    }
                }
            }
            Err(error) => {
                told.send_replace(Some(error.to_string()));
                LOOK_FOR_CHANGES_EVERY
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Built-in objects, then those of `<cluster dir>/manifests/*.json` by file name.
fn objects_with_extras(wanted: &Wanted) -> Result<Vec<Value>, Error> {
    let mut objects = wanted.built_in.clone();
    let folder = wanted.paths.manifests();
    let mut files: Vec<_> = match std::fs::read_dir(&folder) {
        Ok(entries) => entries.filter_map(Result::ok).map(|entry| entry.path()).collect(),
        Err(_) => vec![],
    };
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    for file in files {
        let parsed: Value = serde_json::from_str(&paths::read(&file)?).map_err(|e| Error::Config {
            field: "manifests",
            problem: format!("{} is no JSON: {e}", file.display()),
            mend: "give the cluster its manifests again".into(),
        })?;
        objects::flatten(parsed, &mut objects);
    }
    Ok(objects)
}

fn digest(objects: &[Value]) -> String {
    let text = serde_json::to_string(objects).unwrap_or_default();
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
