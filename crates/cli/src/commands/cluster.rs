//! `nagaya cluster`.

mod confirm;
mod import;
pub mod removal;

use std::time::Duration;

use jiff::Timestamp;
use nagaya_api::{
    Cluster, Kind, RawObject, Resource as _,
    kinds::cluster::{ClusterPhase, ClusterSpec, LocalCluster, Provider},
    quantity::{Bytes, MilliCpu},
};

use super::workspace::wait;
use crate::{
    CliError, Client,
    client::{Filter, object_path},
    output::columns,
    terminal::{print, say},
};

/// `nagaya cluster`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    /// Create a cluster on the server's host and wait until it is ready
    Create {
        /// Its name
        name: String,
        /// CPU its pods together may use
        #[arg(long, default_value = "1")]
        cpu: MilliCpu,
        /// Memory its pods together may use
        #[arg(long, default_value = "2Gi")]
        memory: Bytes,
        /// Distribution of Kubernetes, see `nagaya kubernetes list` (default: the instance's)
        #[arg(long, value_name = "NAME", default_value = "")]
        distribution: String,
        #[command(flatten)]
        waiting: wait::Waiting,
    },
    /// Register a cluster that runs elsewhere; prints the line that makes it join
    Import(import::Args),
    /// Start a stopped cluster
    Start {
        /// Its name
        name: String,
        #[command(flatten)]
        waiting: wait::Waiting,
    },
    /// Stop a cluster; its data and homes stay
    Stop {
        /// Its name
        name: String,
        #[command(flatten)]
        waiting: wait::Waiting,
    },
    /// Delete a cluster; homes stay on the host. An imported one is left, with what Nagaya put there or without
    Delete {
        /// Its name
        name: String,
        #[command(flatten)]
        objects: removal::Objects,
        /// Ask nothing
        #[arg(short, long)]
        yes: bool,
        #[command(flatten)]
        waiting: wait::Waiting,
    },
    /// Show what would be removed from a cluster whose server's data are of another history, and confirm it
    Confirm(confirm::Args),
    /// List clusters
    List,
}

/// Runs `cluster`.
///
/// # Errors
/// The server's; a cluster that does not become what was asked for in time.
pub async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    match args.command {
        Command::Create { name, cpu, memory, distribution, waiting } => {
            let local = LocalCluster { kubernetes: distribution, cpu, memory, power: Default::default() };
            let spec = ClusterSpec { provider: Provider::Local, local: Some(local), ..ClusterSpec::default() };
            client.create(&Cluster::new(&name, spec).to_raw()).await?;
            say(&format!("cluster/{name} created"));
            until(client, &name, ClusterPhase::Ready, waiting).await
        }
        Command::Confirm(args) => confirm::run(args, client).await,
        Command::Import(args) => import::run(args, client).await,
        Command::Start { name, waiting } => {
            client.post(&format!("{}/start", object_path(Kind::Cluster, &name)), None).await?;
            until(client, &name, ClusterPhase::Ready, waiting).await
        }
        Command::Stop { name, waiting } => {
            client.post(&format!("{}/stop", object_path(Kind::Cluster, &name)), None).await?;
            until(client, &name, ClusterPhase::Stopped, waiting).await
        }
        Command::Delete { name, objects, yes, waiting } => delete(client, &name, objects, yes, waiting).await,
        Command::List => {
            let list = client.list(Kind::Cluster, &Filter::default()).await?;
            print(&columns::table(Kind::Cluster, &list.items, false, Timestamp::now()).render(true, &[]).0);
            Ok(())
        }
    }
}

async fn delete(
    client: &Client,
    name: &str,
    objects: removal::Objects,
    yes: bool,
    waiting: wait::Waiting,
) -> Result<(), CliError> {
    if let Some(removal) = removal::of(client, name, objects).await? {
        client.delete_imported(name, removal).await?;
    } else {
        if !yes {
            let question =
                format!("deleting cluster {name} ends all that runs in it; type its name to go on:");
            if crate::terminal::ask(&question)? != name {
                return Err(CliError::Usage("that is not its name: nothing was deleted".into()));
            }
        }
        client.delete(Kind::Cluster, name).await?;
    }
    if waiting.no_wait {
        say(&format!("cluster/{name} is being deleted"));
        return Ok(());
    }
    wait::gone(client, Kind::Cluster, name, waiting.timeout()).await?;
    say(&format!("cluster/{name} deleted"));
    Ok(())
}

async fn until(
    client: &Client,
    name: &str,
    phase: ClusterPhase,
    waiting: wait::Waiting,
) -> Result<(), CliError> {
    if waiting.no_wait {
        return Ok(());
    }
    let started = std::time::Instant::now();
    wait::until(client, Kind::Cluster, name, waiting.timeout(), |object| state(object, phase)).await?;
    say(&format!("cluster/{name} {phase:?} after {}", seconds(started.elapsed())));
    Ok(())
}

/// Whether a cluster is where it should be, and what it is doing.
pub fn state(object: &RawObject, phase: ClusterPhase) -> Result<wait::State, CliError> {
    let cluster = Cluster::from_raw(object)?;
    let status = &cluster.status;
    if status.phase == phase {
        return Ok(wait::State::Reached);
    }
    let waiting: Vec<_> = status
        .components
        .iter()
        .filter(|component| !component.ready)
        .map(|component| component.name.as_str())
        .collect();
    let mut line = format!("{:?}", status.phase);
    if !status.message.is_empty() {
        line = format!("{line}: {}", status.message);
    } else if !waiting.is_empty() {
        line = format!("{line}: waiting for {}", waiting.join(", "));
    }
    Ok(wait::State::Waiting(line))
}

/// `12.3 s`.
pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
