//! One process per cluster (and one for the hub) that starts the components, restarts what dies, and reports.
use std::path::Path;
use crate::Error;

/// Runs a cluster until its spec says stopped. `nagaya supervise --cluster-dir DIR`.
///
/// # Errors
/// When the directory holds no cluster, or another supervisor has it.
pub async fn supervise(_cluster_dir: &Path) -> Result<(), Error> { Ok(()) }

/// Runs the instance's registry until its spec says stopped. `nagaya supervise --hub-dir DIR`.
///
/// # Errors
/// As [`supervise`].
pub async fn supervise_hub(_hub_dir: &Path) -> Result<(), Error> { Ok(()) }
