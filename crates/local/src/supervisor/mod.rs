//! One process per cluster (and one for the hub) that starts the components, restarts what dies, and reports.
//!
//! It owns nothing its components need: killed, it leaves them running, and the next one finds them by their control
//! groups. What it is to do stands in `spec.json`, what it sees in `state.json`.

mod cluster;
mod engine;
pub(crate) mod host;
mod hub;
mod lock;
pub(crate) mod logs;
mod plan;
mod preload;
mod probe;
mod report;
mod spawn;
pub(crate) mod spec;
pub(crate) mod teardown;

use std::path::Path;

use crate::Error;

pub(crate) use spawn::joining;

/// Runs a cluster until its spec says stopped. `nagaya supervise --cluster-dir DIR`. On SIGTERM it leaves, and the
/// cluster goes on without it.
///
/// # Errors
/// When the directory holds no cluster, another supervisor has it, or its namespaces cannot be made.
pub async fn supervise(cluster_dir: &Path) -> Result<(), Error> {
    cluster::supervise(cluster_dir).await
}

/// Runs the instance's registry until its spec says stopped. `nagaya supervise --hub-dir DIR`.
///
/// # Errors
/// As [`supervise`].
pub async fn supervise_hub(hub_dir: &Path) -> Result<(), Error> {
    hub::supervise(hub_dir).await
}
