//! Real Kubernetes clusters on this host: one network namespace, one mount namespace, one cgroup parent and one small
//! supervisor process each, from a distribution of Kubernetes binaries.
//!
//! # How the rest of Nagaya uses it
//! ```no_run
//! # async fn example() -> Result<(), nagaya_local::Error> {
//! use nagaya_local::{ClusterPlan, InstanceConfig, Progress, Provider};
//! let config = InstanceConfig::new("main", "/var/lib/nagaya/main", nagaya_local::DEFAULT_SUBNET)?;
//! let provider = Provider::new(config)?;
//! let progress = Progress::new(|step| tracing::info!("{step}"));
//!
//! let distribution = provider.distributions().add_debian("debian", &progress).await?; // or add_dir, add_upstream
//! provider.up_hub(&progress).await?; // network, registry (seeded from the cache); idempotent
//! let tunnel = provider.hub_listener(7443)?; // a std TcpListener inside the hub's network namespace
//! let state = provider.ensure_cluster(&ClusterPlan::new("java", &distribution.name), &progress).await?; // waits for Ready
//! let kubeconfig: String = provider.admin_kubeconfig("java")?; // full rights; for tests and bootstrap only
//! provider.stop_cluster("java", &progress).await?; // keeps etcd, images, homes
//! provider.delete_cluster("java", &progress).await?; // keeps the homes, in <data>/homes-kept/java
//! provider.down(&progress).await?; // every process, mount, netns, veth, cgroup of the instance
//! # Ok(()) }
//! ```
//! `nagaya supervise --cluster-dir DIR` must call [`supervise`], `nagaya supervise --hub-dir DIR` must call
//! [`supervise_hub`]; the provider starts itself again that way (see [`InstanceConfig::supervisor_command`]).
//!
//! Clusters go on without the process that made them: `nagaya` may stop, be killed, be replaced. [`Provider::watch_states`]
//! streams what the supervisors write and restarts a supervisor that died.
//!
//! # How one cluster is closed in
//! Everything of it lives in its own mount namespace, where the customary paths (`/var/lib/kubelet`, `/run/containerd`,
//! `/var/log/pods`, …) are the cluster's own, and where the host-wide sysctls that kubelet insists on rewriting are
//! covered by plain files: the host's own values never change.

mod config;
mod error;
mod progress;
mod provider;
mod state;
mod version;

pub use config::{ClusterImages, ClusterPlan, DEFAULT_SUBNET, InstanceConfig};
pub use distribution::{Distribution, Distributions};
pub use error::Error;
pub use net::free_subnet;
pub use progress::{Progress, Step};
pub use provider::Provider;
pub use reap::{Leftovers, reap};
pub use state::{ClusterState, ComponentPhase, ComponentState, Phase};
pub use supervisor::{supervise, supervise_hub};
pub use version::KubernetesVersion;

mod bootstrap;
mod cgroup;
pub mod distribution;
mod host_settings;
mod launch;
mod loops;
mod mounts;
mod net;
mod paths;
mod pki;
mod process;
mod program;
mod reap;
mod supervisor;
