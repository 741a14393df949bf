//! The face of this crate: what `nagaya up`, the server and tests call.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use futures::stream::BoxStream;

use crate::config::{ClusterPlan, InstanceConfig};
use crate::distribution::Distributions;
use crate::{ClusterState, Error, Progress};

/// Clusters of one instance on this host. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Provider {
    config: Arc<InstanceConfig>,
}

impl Provider {
    /// Opens (and creates, if need be) the data directory; starts nothing.
    ///
    /// # Errors
    /// When the directory cannot be made, or belongs to an instance of another name or subnet.
    pub fn new(config: InstanceConfig) -> Result<Self, Error> { Ok(Self { config: Arc::new(config) }) }

    /// What it was opened with.
    #[must_use]
    pub fn config(&self) -> &InstanceConfig { &self.config }

    /// The sets of Kubernetes binaries of this instance.
    #[must_use]
    pub fn distributions(&self) -> Distributions { Distributions::new(&self.config) }

    /// Brings up what the instance's clusters share: router namespace, uplink, registry, seeded from the cache. Idempotent.
    ///
    /// # Errors
    /// When a program is missing, the subnet is in use, or the registry does not answer.
    pub async fn up_hub(&self, _progress: &Progress) -> Result<(), Error> { Err(later()) }

    /// Copies images that are in the cache and not yet in the registry. Also part of [`Self::up_hub`].
    ///
    /// # Errors
    /// When files cannot be written.
    pub async fn seed_registry(&self) -> Result<(), Error> { Err(later()) }

    /// Where the host (and only it) pushes images: plain http, e.g. `10.99.0.1:5001`. Clusters pull the same images as
    /// `registry.nagaya.internal/…`, read-only.
    #[must_use]
    pub fn registry_push_address(&self) -> SocketAddr { SocketAddr::from(([0, 0, 0, 0], 0)) }

    /// The address pods reach the hub at, e.g. 10.99.0.1: the agent's tunnel goes to its port 7443.
    #[must_use]
    pub fn hub_address(&self) -> std::net::IpAddr { std::net::IpAddr::from([0, 0, 0, 0]) }

    /// A listener on [`Self::hub_address`] inside the hub's network namespace. Pods reach ports 5000 and 7443 only.
    ///
    /// # Errors
    /// [`Error::HubDown`] before [`Self::up_hub`]; [`Error::Io`] when the port is taken.
    pub fn hub_listener(&self, _port: u16) -> Result<TcpListener, Error> { Err(later()) }

    /// Creates the cluster, or changes it to the plan in place, starts it if it is stopped, and waits until it is Ready.
    ///
    /// # Errors
    /// [`Error::Cluster`] says which component does not come up, with its log's last lines.
    pub async fn ensure_cluster(&self, _plan: &ClusterPlan, _progress: &Progress) -> Result<ClusterState, Error> { Err(later()) }

    /// Starts a stopped cluster by its last plan.
    ///
    /// # Errors
    /// As [`Self::ensure_cluster`]; [`Error::NoCluster`].
    pub async fn start_cluster(&self, _name: &str, _progress: &Progress) -> Result<ClusterState, Error> { Err(later()) }

    /// Ends all its processes, mounts, namespaces and cgroups; keeps etcd's data, images and homes. Idempotent.
    ///
    /// # Errors
    /// [`Error::NoCluster`]; [`Error::LeftOver`] when something would not end.
    pub async fn stop_cluster(&self, _name: &str, _progress: &Progress) -> Result<(), Error> { Err(later()) }

    /// Stops and removes it. Homes are kept, moved to `<data>/homes-kept/<cluster>/`. Idempotent.
    ///
    /// # Errors
    /// As [`Self::stop_cluster`], but a cluster that is not there is no error.
    pub async fn delete_cluster(&self, _name: &str, _progress: &Progress) -> Result<(), Error> { Err(later()) }

    /// Names of the clusters of this instance, running or not.
    ///
    /// # Errors
    /// When the data directory cannot be read.
    pub fn clusters(&self) -> Result<Vec<String>, Error> { Err(later()) }

    /// The plan a cluster was last given.
    ///
    /// # Errors
    /// [`Error::NoCluster`].
    pub fn plan(&self, _name: &str) -> Result<ClusterPlan, Error> { Err(later()) }

    /// What its supervisor last told.
    ///
    /// # Errors
    /// [`Error::NoCluster`].
    pub fn state(&self, _name: &str) -> Result<ClusterState, Error> { Err(later()) }

    /// Every cluster's state now, then each change. While the stream is polled, supervisors that died are started again.
    #[must_use]
    pub fn watch_states(&self) -> BoxStream<'static, ClusterState> { Box::pin(futures::stream::pending()) }

    /// A kubeconfig with cluster-admin rights, valid on this host while the cluster runs. For bootstrap and tests only.
    ///
    /// # Errors
    /// [`Error::NoCluster`]; [`Error::Pki`] before the cluster was first started.
    pub fn admin_kubeconfig(&self, _name: &str) -> Result<String, Error> { Err(later()) }

    /// Stops every cluster and the hub, and removes all that is left of the instance but its data. Idempotent.
    ///
    /// # Errors
    /// [`Error::LeftOver`] says what would not go.
    pub async fn down(&self, _progress: &Progress) -> Result<(), Error> { Err(later()) }

    /// [`Self::down`], then removes clusters, homes (kept ones too), registry and distributions from the data directory.
    ///
    /// # Errors
    /// As [`Self::down`].
    pub async fn purge(&self, _progress: &Progress) -> Result<(), Error> { Err(later()) }
}

fn later() -> Error {
    Error::Config { field: "local", problem: "not built yet".into(), mend: "wait for the builder".into() }
}
