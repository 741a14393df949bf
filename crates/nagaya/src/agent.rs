//! `nagaya agent`: what runs in a cluster. Its Deployment tells it everything by the environment.

use anyhow::Result;
use nagaya_agent::AgentConfig;
use tokio_util::sync::CancellationToken;

use crate::signals;

/// `nagaya agent`
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {}

/// Runs the agent until it is told to stop.
///
/// # Errors
/// What could not be set up.
pub async fn run(_args: Args) -> Result<()> {
    crate::logging::start(&crate::logging::from_environment())?;
    let config = AgentConfig::from_env(env!("CARGO_PKG_VERSION"), |name| std::env::var(name).ok())?;
    let cancel = CancellationToken::new();
    let ended = nagaya_agent::run(config, cancel.clone());
    tokio::pin!(ended);
    tokio::select! {
        result = &mut ended => return Ok(result?),
        () = signals::stop() => cancel.cancel(),
    }
    Ok(ended.await?)
}
