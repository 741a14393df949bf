//! Clusters on this host, as the reconcilers of `control` ask for them.

use std::path::PathBuf;

use async_trait::async_trait;
use futures::{StreamExt as _, stream::BoxStream};
use nagaya_agent::manifests::{ManifestArgs, manifests};
use nagaya_api::kinds::cluster::ComponentStatus;
use nagaya_control::{ClusterOrder, ClusterProvider, Join, ProviderError, ProviderPhase, ProviderState};
use nagaya_local::{ClusterPlan, ClusterState, ComponentPhase, Phase, Progress, Provider};
use serde_json::{Value, json};

use crate::{images::Images, kubernetes};

/// Name of the manifest that holds the agent itself.
const AGENT: &str = "agent";

/// nagaya-local behind `control`'s border.
#[derive(Clone, Debug)]
pub struct LocalClusters {
    provider: Provider,
    cache_dir: PathBuf,
    /// The setting `kubernetes`.
    kubernetes: String,
    /// `host:port` where agents find the tunnel.
    tunnel: String,
}

impl LocalClusters {
    /// Clusters of `provider` whose agents dial `tunnel`.
    pub fn new(provider: Provider, cache_dir: PathBuf, kubernetes: String, tunnel: String) -> Self {
        Self { provider, cache_dir, kubernetes, tunnel }
    }

    /// The plan of a cluster. Images and distributions are read anew each time: they may come while the server runs.
    fn plan(&self, order: &ClusterOrder) -> Result<ClusterPlan, ProviderError> {
        let refused = |error: &dyn std::fmt::Display| ProviderError(format!("{error:#}"));
        let list = self.provider.distributions().list().map_err(|error| refused(&error))?;
        let setting =
            if order.spec.kubernetes.is_empty() { &self.kubernetes } else { &order.spec.kubernetes };
        let before = self.provider.plan(&order.name).ok();
        // A cluster that names no distribution stays on the one it has: changing it is an upgrade, which is asked for.
        let kept = before
            .as_ref()
            .filter(|_| order.spec.kubernetes.is_empty())
            .map(|plan| plan.distribution.clone());
        let kept = kept.filter(|name| list.iter().any(|one| one.name == *name));
        let distribution = match kept {
            Some(kept) => kept,
            None => kubernetes::chosen(&list, setting).map(|one| one.name.clone()).ok_or_else(|| {
                let known: Vec<_> = list.iter().map(|one| one.name.as_str()).collect();
                ProviderError(format!(
                    "spec.local.kubernetes: there is no distribution \"{setting}\" (there are: {}; more by `nagaya kubernetes add`)",
                    known.join(", ")
                ))
            })?,
        };
        let images = Images::read(&self.cache_dir).map_err(|error| refused(&error))?;
        let nagaya = images.get("nagaya").map(str::to_owned);
        let mut plan = ClusterPlan::new(&order.name, &distribution);
        plan.cpu_millicores = u32::try_from(order.spec.cpu.0).unwrap_or(u32::MAX);
        plan.memory_bytes = order.spec.memory.0;
        if let Some(pause) = images.get("pause") {
            plan.images.pause = pause.to_owned();
        }
        plan.images.nagaya.clone_from(&nagaya);
        let kept = before.as_ref().filter(|_| order.keep_agent).and_then(|plan| plan.manifests.get(AGENT));
        if let Some(image) = kept.and_then(image_of).map(str::to_owned).or(nagaya) {
            plan.manifests.insert(AGENT.into(), agent(&self.tunnel, image, order.join.as_ref()));
        }
        Ok(plan)
    }
}

/// The agent's objects. A new build has another image, a server of another build asks for every cluster's plan once,
/// and the supervisor applies what changed: so an agent is replaced, and by its Deployment's rules with an overlap. One of
/// another version keeps its image until it is its cluster's turn (`control`'s waves).
fn agent(tunnel: &str, image: String, join: Option<&Join>) -> Value {
    let args = ManifestArgs {
        server: tunnel.to_owned(),
        join_token: join.map(|join| join.token.clone()),
        ca_pem: join.map(|join| join.ca_pem.clone()).unwrap_or_default(),
        image,
        environment: Vec::new(),
    };
    json!({"apiVersion": "v1", "kind": "List", "items": manifests(&args)})
}

/// The image in an agent's objects.
fn image_of(objects: &Value) -> Option<&str> {
    let deployment = objects["items"].as_array()?.iter().find(|one| one["kind"] == "Deployment")?;
    deployment.pointer("/spec/template/spec/containers/0/image")?.as_str()
}

/// Steps of a cluster as log lines: the server has nobody to show them to.
fn progress() -> Progress {
    Progress::new(|step| tracing::info!(cluster = step.cluster.as_deref().unwrap_or("-"), "{}", step.text))
}

fn refused(error: nagaya_local::Error) -> ProviderError {
    ProviderError(error.to_string())
}

#[async_trait]
impl ClusterProvider for LocalClusters {
    async fn ensure(&self, order: ClusterOrder) -> Result<(), ProviderError> {
        let plan = self.plan(&order)?;
        self.provider.ensure_cluster(&plan, &progress()).await.map(drop).map_err(refused)
    }

    async fn stop(&self, cluster: &str) -> Result<(), ProviderError> {
        match self.provider.stop_cluster(cluster, &progress()).await {
            // What was never made needs no stopping.
            Err(nagaya_local::Error::NoCluster(_)) => Ok(()),
            other => other.map_err(refused),
        }
    }

    async fn delete(&self, cluster: &str) -> Result<(), ProviderError> {
        self.provider.delete_cluster(cluster, &progress()).await.map_err(refused)
    }

    fn states(&self) -> BoxStream<'static, ProviderState> {
        self.provider.watch_states().map(state).boxed()
    }
}

fn state(state: ClusterState) -> ProviderState {
    ProviderState {
        phase: match state.phase {
            Phase::Stopped => ProviderPhase::Stopped,
            Phase::Starting => ProviderPhase::Starting,
            Phase::Ready => ProviderPhase::Running,
            Phase::Degraded | Phase::Unsupervised => ProviderPhase::Degraded,
            Phase::Stopping => ProviderPhase::Stopping,
        },
        since: state.since,
        message: state.message,
        version: state.version.map(|version| format!("v{version}")).unwrap_or_default(),
        components: state
            .components
            .into_iter()
            .map(|(name, component)| ComponentStatus {
                name,
                ready: component.phase == ComponentPhase::Ready,
                restarts: component.restarts,
                message: component.message,
            })
            .collect(),
        name: state.name,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What differs is all that is applied, so another build may change its image and nothing beside it.
    #[test]
    fn another_build_changes_the_agents_image_only_and_replaces_it_with_an_overlap() {
        let of = |image: &str| agent("10.99.0.1:7443", image.to_owned(), None);
        let (old, mut new) = (of("registry/nagaya:1"), of("registry/nagaya:2"));
        assert_eq!(old, of("registry/nagaya:1"), "the same build changes nothing");
        let deployment =
            new["items"].as_array_mut().unwrap().iter_mut().find(|one| one["kind"] == "Deployment");
        let spec = &mut deployment.unwrap()["spec"];
        let rolling = json!({ "maxSurge": 1, "maxUnavailable": 0 });
        assert_eq!(spec["strategy"], json!({ "type": "RollingUpdate", "rollingUpdate": rolling }));
        let image = &mut spec["template"]["spec"]["containers"][0]["image"];
        assert_eq!(*image, "registry/nagaya:2");
        *image = json!("registry/nagaya:1");
        assert_eq!(new, old);
        assert_eq!(image_of(&old), Some("registry/nagaya:1"), "what is kept is found again");
    }
}
