//! `nagaya supervise`: the process that watches over a local cluster's programs, or over the instance's registry.

use std::path::PathBuf;

use anyhow::Result;

/// `nagaya supervise`
#[derive(Clone, Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct Args {
    /// A cluster's folder
    #[arg(long, value_name = "DIR")]
    cluster_dir: Option<PathBuf>,
    /// The hub's folder
    #[arg(long, value_name = "DIR")]
    hub_dir: Option<PathBuf>,
}

/// Runs until it is told to stop.
///
/// # Errors
/// nagaya-local's.
pub async fn run(args: Args) -> Result<()> {
    crate::logging::start(&crate::logging::from_environment())?;
    match (args.cluster_dir, args.hub_dir) {
        (Some(dir), _) => nagaya_local::supervise(&dir).await?,
        (None, Some(dir)) => nagaya_local::supervise_hub(&dir).await?,
        (None, None) => {}
    }
    Ok(())
}
