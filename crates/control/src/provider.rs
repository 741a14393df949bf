//! What makes clusters: the border between the reconciler and the program that does it.

use async_trait::async_trait;
use futures::stream::BoxStream;
use jiff::Timestamp;
use nagaya_api::kinds::cluster::{ComponentStatus, LocalCluster};

/// A cluster that is to run.
#[derive(Clone, PartialEq, Eq)]
pub struct ClusterOrder {
    /// Its name.
    pub name: String,
    /// What it gets.
    pub spec: LocalCluster,
    /// How its agent gets in, when it has no certificate that is good. Without it the agent that is there goes on.
    pub join: Option<Join>,
    /// Whether the agent that is there stays of the version that it is.
    pub keep_agent: bool,
}

impl std::fmt::Debug for ClusterOrder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClusterOrder")
            .field("name", &self.name)
            .field("spec", &self.spec)
            .finish_non_exhaustive()
    }
}

/// How an agent gets in.
#[derive(Clone, PartialEq, Eq)]
pub struct Join {
    /// The join token, good once.
    pub token: String,
    /// Whom the agent trusts, PEM.
    pub ca_pem: String,
}

/// Where a cluster is in its life, as its provider knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderPhase {
    /// Nothing of it is there.
    Absent,
    /// It is there and does not run.
    Stopped,
    /// It is being made or started.
    Starting,
    /// All its programs answer.
    Running,
    /// It runs, and one of its programs does not.
    Degraded,
    /// It is being stopped or removed.
    Stopping,
}

/// What a provider knows of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderState {
    /// Its name.
    pub name: String,
    /// Where it is in its life.
    pub phase: ProviderPhase,
    /// Since when.
    pub since: Timestamp,
    /// In words.
    pub message: String,
    /// Its Kubernetes version; empty when it is not known.
    pub version: String,
    /// Its programs.
    pub components: Vec<ComponentStatus>,
}

/// Why a provider could not do what was asked, in words with the mend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ProviderError(pub String);

/// Makes clusters. Every call may be repeated, and may take minutes; one cluster gets one call at a time. A call that
/// is dropped half-way must leave what the next one can go on from.
#[async_trait]
pub trait ClusterProvider: Send + Sync + 'static {
    /// Creates the cluster, starts it, or changes it in place; done when it runs.
    async fn ensure(&self, order: ClusterOrder) -> Result<(), ProviderError>;
    /// Stops it; its data stays.
    async fn stop(&self, cluster: &str) -> Result<(), ProviderError>;
    /// Removes it. Homes are kept aside. One that is not there is no error.
    async fn delete(&self, cluster: &str) -> Result<(), ProviderError>;
    /// The state of each cluster now, then each change.
    fn states(&self) -> BoxStream<'static, ProviderState>;
}

/// Makes no clusters: for a server that only imports them.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProvider;

#[async_trait]
impl ClusterProvider for NoProvider {
    async fn ensure(&self, order: ClusterOrder) -> Result<(), ProviderError> {
        Err(ProviderError(format!(
            "this server makes no clusters of its own: start it with `nagaya up`, or import cluster \"{}\"",
            order.name
        )))
    }

    async fn stop(&self, _cluster: &str) -> Result<(), ProviderError> {
        Ok(())
    }

    async fn delete(&self, _cluster: &str) -> Result<(), ProviderError> {
        Ok(())
    }

    fn states(&self) -> BoxStream<'static, ProviderState> {
        Box::pin(futures::stream::pending())
    }
}
