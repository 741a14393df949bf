//! `nagaya agent`: what runs in a cluster. Its Deployment tells it everything by the environment.

use anyhow::Result;
use nagaya_agent::{AgentConfig, probe::listen};
use tokio_util::sync::CancellationToken;

use crate::signals;

/// `nagaya agent`
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Clone, Copy, Debug, clap::Subcommand)]
enum Command {
    /// Listen in the pod by which the agent tries whether the network enforces NetworkPolicies
    #[command(hide = true)]
    ProbeListen,
}

/// Runs the agent until it is told to stop.
///
/// # Errors
/// What could not be set up.
pub async fn run(args: Args) -> Result<()> {
    crate::logging::start(&crate::logging::from_environment())?;
    if let Some(Command::ProbeListen) = args.command {
        let word = std::env::var(listen::WORD_VARIABLE).unwrap_or_default();
        tokio::select! {
            ended = listen::listen(word) => return Ok(ended?),
            () = signals::stop() => return Ok(()),
        }
    }
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
