//! `nagaya agent`: what runs in a cluster.

use anyhow::{Result, bail};

/// `nagaya agent`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {}

/// Runs the agent until it is told to stop.
///
/// # Errors
/// What could not be set up.
pub async fn run(args: Args) -> Result<()> {
    let _ = args;
    bail!("not wired yet")
}
