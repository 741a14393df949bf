//! Carries a probe out.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::networking::v1::NetworkPolicy;
use kube::api::{DeleteParams, ListParams, PostParams};
use kube::{Api, Client, ResourceExt};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::listen::{PORT, reaches};
use super::objects::{self, LABEL, NETWORK};
use super::plan::{Progress, Seen, Step, Verdict};
use crate::manifests::NAME;

/// Between looks.
const LOOK: Duration = Duration::from_secs(1);

/// What probes one cluster's network.
#[derive(Clone)]
pub(crate) struct Probe {
    /// The Kubernetes API.
    pub(crate) client: Client,
    /// The agent's own namespace.
    pub(crate) namespace: String,
}

impl Probe {
    /// Tries it out, and cleans up whatever comes of it.
    pub(crate) async fn run(&self) -> Verdict {
        let id = format!("{:08x}", rand::random::<u32>());
        let found = self.attempt(&id).await;
        if let Err(error) = self.remove(&id).await {
            // The next probe looks for leftovers.
            tracing::warn!(%error, "what a network probe made could not be removed");
        }
        match found {
            Ok(verdict) => verdict,
            Err(kube::Error::Api(status)) if status.code == 403 => Verdict::Unknown(format!(
                "the agent may not try it out ({}): apply its manifest again (nagaya cluster import)",
                status.message
            )),
            Err(error) => Verdict::Unknown(error.to_string()),
        }
    }

    async fn attempt(&self, id: &str) -> Result<Verdict, kube::Error> {
        let deployments: Api<Deployment> = Api::namespaced(self.client.clone(), &self.namespace);
        let word = format!("nagaya-{:016x}", rand::random::<u64>());
        let pod = match deployments.get_opt(NAME).await? {
            Some(agent) => objects::pod(id, &word, &agent),
            None => None,
        };
        let Some(pod) = pod else {
            let why =
                format!("there is no Deployment {NAME} of the agent's manifest, so its image is not known");
            return Ok(Verdict::Unknown(why));
        };
        let made = create::<Pod>(&self.api(), pod).await?;
        let mut progress = Progress::new(Timestamp::now());
        loop {
            let seen = self.look(id, &word).await?;
            let step = progress.next(&seen, Timestamp::now());
            match step {
                Step::Wait => tokio::time::sleep(LOOK).await,
                Step::Deny => {
                    tracing::debug!(id, "{step}");
                    let policy = objects::policy(id, &made.uid().unwrap_or_default());
                    create::<NetworkPolicy>(&self.api(), policy).await?;
                }
                Step::Allow => {
                    tracing::debug!(id, "{step}");
                    gone(&self.api::<NetworkPolicy>(), &objects::name(id)).await?;
                }
                Step::Done(verdict) => return Ok(verdict),
            }
        }
    }

    async fn look(&self, id: &str, word: &str) -> Result<Seen, kube::Error> {
        let Some(pod) = self.api::<Pod>().get_opt(&objects::name(id)).await? else { return Ok(Seen::Gone) };
        Ok(match place(&pod) {
            Ok(address) => Seen::Running { reached: reaches(address, word).await },
            Err(seen) => seen,
        })
    }

    async fn remove(&self, id: &str) -> Result<(), kube::Error> {
        let name = objects::name(id);
        let policy = gone(&self.api::<NetworkPolicy>(), &name).await;
        gone(&self.api::<Pod>(), &name).await.and(policy)
    }

    fn api<K>(&self) -> Api<K>
    where
        K: kube::Resource<Scope = k8s_openapi::NamespaceResourceScope>,
        K::DynamicType: Default,
    {
        Api::namespaced(self.client.clone(), &self.namespace)
    }
}

/// Removes what agents that died in the midst of a probe left behind.
///
/// # Errors
/// The API server's.
pub(crate) async fn sweep(probe: &Probe) -> Result<(), kube::Error> {
    all_gone(&probe.api::<NetworkPolicy>()).await?;
    all_gone(&probe.api::<Pod>()).await
}

async fn all_gone<K>(api: &Api<K>) -> Result<(), kube::Error>
where
    K: Clone + DeserializeOwned + std::fmt::Debug + kube::Resource,
    K::DynamicType: Default,
{
    let ours = ListParams::default().labels(&format!("{LABEL}={NETWORK}"));
    for one in api.list_metadata(&ours).await?.items {
        gone(api, &one.name_any()).await?;
    }
    Ok(())
}

async fn create<K>(api: &Api<K>, object: Value) -> Result<K, kube::Error>
where
    K: Clone + DeserializeOwned + serde::Serialize + std::fmt::Debug,
{
    let object = serde_json::from_value(object).map_err(kube::Error::SerdeError)?;
    api.create(&PostParams::default(), &object).await
}

async fn gone<K>(api: &Api<K>, name: &str) -> Result<(), kube::Error>
where
    K: Clone + DeserializeOwned + std::fmt::Debug,
{
    match api.delete(name, &DeleteParams::background().grace_period(0)).await {
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
        other => other.map(drop),
    }
}

/// Where a pod listens, or why it does not.
fn place(pod: &Pod) -> Result<SocketAddr, Seen> {
    let status = pod.status.clone().unwrap_or_default();
    if pod.metadata.deletion_timestamp.is_some() {
        return Err(Seen::Gone);
    }
    match status.phase.as_deref() {
        Some("Succeeded" | "Failed") => return Err(Seen::Gone),
        Some("Running") => {
            let address = status.pod_ip.as_deref().and_then(|text| text.parse::<IpAddr>().ok());
            if let Some(address) = address {
                return Ok(SocketAddr::new(address, PORT));
            }
        }
        _ => {}
    }
    let waiting = status.container_statuses.into_iter().flatten().find_map(|one| one.state?.waiting);
    let unscheduled = status.conditions.into_iter().flatten().find(|one| one.status == "False");
    let said = match (waiting, unscheduled) {
        (Some(waiting), _) => (waiting.reason, waiting.message),
        (None, Some(condition)) => (condition.reason, condition.message),
        (None, None) => (status.reason, status.message),
    };
    let said: Vec<_> = [said.0, said.1].into_iter().flatten().collect();
    Err(Seen::NotRunning(said.join(": ")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn pod(status: Value) -> Pod {
        serde_json::from_value(json!({ "metadata": { "name": "x" }, "status": status })).unwrap()
    }

    #[test]
    fn a_pod_is_tried_once_it_runs_and_what_keeps_it_is_told() {
        let v6 = pod(json!({ "phase": "Running", "podIP": "fd00::7" }));
        assert_eq!(place(&v6), Ok("[fd00::7]:7902".parse().unwrap()));
        let pulling = json!({ "phase": "Pending", "containerStatuses": [{
            "name": "probe", "image": "", "imageID": "", "ready": false, "restartCount": 0,
            "state": { "waiting": { "reason": "ErrImagePull", "message": "no route" } } }] });
        assert_eq!(place(&pod(pulling)), Err(Seen::NotRunning("ErrImagePull: no route".into())));
        let full = json!({ "phase": "Pending", "conditions": [{
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes" }] });
        assert_eq!(place(&pod(full)), Err(Seen::NotRunning("Unschedulable: 0/1 nodes".into())));
        assert_eq!(place(&pod(json!({ "phase": "Failed" }))), Err(Seen::Gone));
    }
}
