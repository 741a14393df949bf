//! `nagaya server`: the wiring of store, tunnel, reconcilers, gateway and HTTP API.

pub mod first;

use anyhow::{Result, bail};

use crate::settings::Settings;

/// `nagaya server`
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// Leave the session of whoever started it
    #[arg(long, hide = true)]
    detached: bool,
}

/// Runs the server until it is told to stop.
///
/// # Errors
/// What could not be set up.
pub async fn run(args: Args, settings: Settings) -> Result<()> {
    let _ = (args, settings);
    bail!("not wired yet")
}
