//! The face of this crate: what `nagaya up`, the server and tests call.

mod clusters;
mod homes;
mod hub;
mod supervisors;
mod watch;

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use futures::stream::BoxStream;
use jiff::Timestamp;
use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};

use crate::config::{ClusterPlan, InstanceConfig};
use crate::distribution::Distributions;
use crate::net::addresses::{Addresses, PUSH_PORT};
use crate::net::netns::Netns;
use crate::paths::{self, ClusterPaths};
use crate::supervisor::spec::{self, ClusterSpec};
use crate::{ClusterState, Error, Phase, Progress, pki, reap};

/// Clusters of one instance on this host. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Provider {
    config: Arc<InstanceConfig>,
    /// Taken with the file lock of [`Self::alone`].
    placing: Arc<tokio::sync::Mutex<()>>,
}

/// See [`Provider::alone`].
struct Alone<'a> {
    _among: Flock<std::fs::File>,
    _within: tokio::sync::MutexGuard<'a, ()>,
}

impl Provider {
    /// Opens (and creates, if need be) the data directory; starts nothing.
    ///
    /// # Errors
    /// When the directory cannot be made, or belongs to an instance of another name or subnet.
    pub fn new(config: InstanceConfig) -> Result<Self, Error> {
        paths::create_dir(&config.data_dir)?;
        let dir =
            std::fs::canonicalize(&config.data_dir).map_err(|e| Error::io("find", &config.data_dir, e))?;
        let config = InstanceConfig { data_dir: dir, ..config };
        hub::remember(&config)?;
        Ok(Self { config: Arc::new(config), placing: Arc::default() })
    }

    /// What it was opened with.
    #[must_use]
    pub fn config(&self) -> &InstanceConfig {
        &self.config
    }

    /// The sets of Kubernetes binaries of this instance.
    #[must_use]
    pub fn distributions(&self) -> Distributions {
        Distributions::new(&self.config)
    }

    /// Brings up what the instance's clusters share: router namespace, uplink, registry, seeded from the cache. Idempotent.
    ///
    /// # Errors
    /// When a program is missing, the subnet is in use, or the registry does not answer.
    pub async fn up_hub(&self, progress: &Progress) -> Result<(), Error> {
        hub::up(self, progress).await
    }

    /// Copies images that are in the cache and not yet in the registry. Also part of [`Self::up_hub`].
    ///
    /// # Errors
    /// When files cannot be written.
    pub async fn seed_registry(&self) -> Result<(), Error> {
        hub::seed(self).await
    }

    /// Where the host (and only it) pushes images: plain http, e.g. `10.99.0.1:5001`. Clusters pull the same images as
    /// `registry.nagaya.internal/…`, read-only.
    #[must_use]
    pub fn registry_push_address(&self) -> SocketAddr {
        (self.addresses().hub(), PUSH_PORT).into()
    }

    /// The address pods reach the hub at, e.g. 10.99.0.1: the agent's tunnel goes to its port 7443.
    #[must_use]
    pub fn hub_address(&self) -> IpAddr {
        self.addresses().hub().into()
    }

    /// A listener on [`Self::hub_address`] inside the hub's network namespace, non-blocking, ready for
    /// `tokio::net::TcpListener::from_std`. Pods reach ports 5000 and 7443 only; the host those and 5001.
    ///
    /// # Errors
    /// [`Error::HubDown`] before [`Self::up_hub`]; [`Error::Io`] when the port is taken.
    pub fn hub_listener(&self, port: u16) -> Result<TcpListener, Error> {
        let hub = Netns::hub(&self.config.name);
        if !hub.exists() {
            return Err(Error::HubDown(self.config.name.clone()));
        }
        hub.listen((self.addresses().hub(), port).into())
    }

    /// Creates the cluster, or changes it to the plan in place, starts it if it is stopped, and waits until it is Ready.
    ///
    /// # Errors
    /// [`Error::Cluster`] says which component does not come up, with its log's last lines.
    pub async fn ensure_cluster(
        &self,
        plan: &ClusterPlan,
        progress: &Progress,
    ) -> Result<ClusterState, Error> {
        clusters::ensure(self, plan, progress).await
    }

    /// Starts a stopped cluster by its last plan.
    ///
    /// # Errors
    /// As [`Self::ensure_cluster`]; [`Error::NoCluster`].
    pub async fn start_cluster(&self, name: &str, progress: &Progress) -> Result<ClusterState, Error> {
        self.ensure_cluster(&self.plan(name)?, progress).await
    }

    /// Ends all its processes, mounts, namespaces and cgroups; keeps etcd's data, images and homes. Idempotent.
    ///
    /// # Errors
    /// [`Error::NoCluster`]; [`Error::LeftOver`] when something would not end.
    pub async fn stop_cluster(&self, name: &str, progress: &Progress) -> Result<(), Error> {
        clusters::stop(self, name, progress).await
    }

    /// Stops and removes it. Homes are kept, moved to `<data>/homes-kept/<cluster>/`, from where a cluster that gets the
    /// same name later takes them back. Idempotent.
    ///
    /// # Errors
    /// As [`Self::stop_cluster`], but a cluster that is not there is no error.
    pub async fn delete_cluster(&self, name: &str, progress: &Progress) -> Result<(), Error> {
        clusters::delete(self, name, progress).await
    }

    /// Names of the clusters of this instance, running or not.
    ///
    /// # Errors
    /// When the data directory cannot be read.
    pub fn clusters(&self) -> Result<Vec<String>, Error> {
        let mut names = paths::folders_in(self.config.data_dir.join("clusters"))?;
        names.retain(|name| self.paths(name).spec().exists());
        Ok(names)
    }

    /// The plan a cluster was last given.
    ///
    /// # Errors
    /// [`Error::NoCluster`].
    pub fn plan(&self, name: &str) -> Result<ClusterPlan, Error> {
        Ok(self.spec(name)?.plan)
    }

    /// What its supervisor last told.
    ///
    /// # Errors
    /// [`Error::NoCluster`].
    pub fn state(&self, name: &str) -> Result<ClusterState, Error> {
        let spec = self.spec(name)?;
        let mut state = self.reported(&self.paths(name), name);
        let supervised = state.supervisor.is_some_and(crate::process::ProcessId::is_alive);
        if spec.desired == spec::Desired::Running && !supervised {
            state.phase = Phase::Unsupervised;
            state.message =
                "its supervisor is gone; it is started again within a second while nagaya runs".into();
        }
        Ok(state)
    }

    /// Every cluster's state now, then each change. While the stream is polled, supervisors that died are started again.
    #[must_use]
    pub fn watch_states(&self) -> BoxStream<'static, ClusterState> {
        watch::states(self.clone())
    }

    /// A kubeconfig with cluster-admin rights, valid on this host while the cluster runs. For bootstrap and tests only.
    ///
    /// # Errors
    /// [`Error::NoCluster`]; [`Error::Pki`] before the cluster was first started.
    pub fn admin_kubeconfig(&self, name: &str) -> Result<String, Error> {
        let spec = self.spec(name)?;
        pki::admin_kubeconfig(&self.paths(name).pki(), name, self.addresses().node(spec.index))
    }

    /// Stops every cluster and the hub, and removes all that is left of the instance but its data. Idempotent.
    ///
    /// # Errors
    /// [`Error::LeftOver`] says what would not go.
    pub async fn down(&self, progress: &Progress) -> Result<(), Error> {
        let stops = self
            .clusters()?
            .into_iter()
            .map(|name| async move { clusters::stop(self, &name, progress).await });
        let stopped: Vec<Result<(), Error>> = futures::future::join_all(stops).await;
        hub::stop(self, progress).await?;
        reap(&self.config).await?;
        // Reaping is the remedy for a stop that failed; what it could not mend it said above.
        for problem in stopped.into_iter().filter_map(Result::err) {
            tracing::warn!("{problem}");
        }
        Ok(())
    }

    /// [`Self::down`], then removes clusters, homes (kept ones too), registry and distributions from the data directory.
    ///
    /// # Errors
    /// As [`Self::down`].
    pub async fn purge(&self, progress: &Progress) -> Result<(), Error> {
        self.down(progress).await?;
        progress.tell(None, "removing clusters, homes, registry and distributions", Some(2));
        for folder in ["clusters", "homes-kept", "hub", "registry", "kubernetes"] {
            paths::remove_tree(self.config.data_dir.join(folder))?;
        }
        hub::forget(&self.config)
    }

    /// Held while the instance's network is made or a cluster gets its place in it: once in this process, and once among
    /// all processes (a command line beside a server).
    async fn alone(&self) -> Result<Alone<'_>, Error> {
        let within = self.placing.lock().await;
        let path = self.config.data_dir.join("lock");
        let failed = |e: std::io::Error| Error::io("lock", &path, e);
        let mut file = std::fs::File::create(&path).map_err(failed)?;
        loop {
            match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
                Ok(among) => return Ok(Alone { _among: among, _within: within }),
                Err((back, Errno::EWOULDBLOCK)) => file = back,
                Err((_, e)) => return Err(failed(e.into())),
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    fn addresses(&self) -> Addresses {
        Addresses(self.config.subnet)
    }

    fn cluster_dir(&self, name: &str) -> PathBuf {
        self.config.data_dir.join("clusters").join(name)
    }

    fn paths(&self, name: &str) -> ClusterPaths {
        ClusterPaths::new(self.cluster_dir(name))
    }

    fn spec(&self, name: &str) -> Result<ClusterSpec, Error> {
        let dir = self.cluster_dir(name);
        if !self.paths(name).spec().exists() {
            return Err(Error::NoCluster(name.into()));
        }
        spec::read(&dir)
    }

    fn reported(&self, paths: &ClusterPaths, name: &str) -> ClusterState {
        let text = std::fs::read_to_string(paths.state()).ok();
        let state = text.and_then(|text| serde_json::from_str(&text).ok());
        state.unwrap_or_else(|| ClusterState::stopped(name, Timestamp::now()))
    }
}
