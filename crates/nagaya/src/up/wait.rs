//! Waiting for clusters and workspaces, all at once, with a line that says what is awaited.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use nagaya_api::{
    Cluster, Kind, Resource as _, Workspace,
    kinds::{
        cluster::{ClusterPhase, ClusterPower, Provider},
        workspace::{WorkspacePhase, WorkspaceState},
    },
};
use nagaya_cli::{CliError, Client, client::Filter};

use super::steps::Steps;

/// Longest wait for clusters: several start at once on few cores.
const CLUSTERS: Duration = Duration::from_secs(600);
/// Longest wait for workspaces: an image of a gigabyte is pulled the first time.
const WORKSPACES: Duration = Duration::from_secs(600);
/// Longest wait for one answer of a cluster.
const PROBE: Duration = Duration::from_secs(5);
/// How long the server may be away before it is looked after: another build of it is up sooner.
const AWAY: Duration = Duration::from_secs(5);
/// How often to look. Objects are few, and looking needs no watch to go wrong.
const LOOK: Duration = Duration::from_millis(500);

/// What is not there yet: its name and what it is doing.
type Awaited = Vec<(String, String)>;

/// Waits until all local clusters that should run are ready and all workspaces that should run do. `revive` starts a
/// server that died meanwhile.
///
/// # Errors
/// When the time is over: what is missing and why. When the server does not come back.
pub async fn ready(client: &Client, steps: &Steps, revive: impl AsyncFn() -> Result<()>) -> Result<()> {
    let wait = until(client, steps, CLUSTERS, "clusters", clusters, &revive);
    steps.run("up-clusters", "Kubernetes clusters", wait).await?;
    let wait = until(client, steps, WORKSPACES, "workspaces", workspaces, &revive);
    steps.run("up-workspaces", "workspaces", wait).await
}

async fn until<F>(
    client: &Client,
    steps: &Steps,
    patience: Duration,
    what: &str,
    look: F,
    revive: &impl AsyncFn() -> Result<()>,
) -> Result<()>
where
    F: AsyncFn(&Client) -> Result<Awaited, CliError>,
{
    let began = Instant::now();
    let mut answered = began;
    loop {
        let awaited = match look(client).await {
            Ok(awaited) if awaited.is_empty() => return Ok(()),
            Ok(awaited) => {
                answered = Instant::now();
                awaited
            }
            // The server may be replaced meanwhile; or it was killed.
            Err(error @ CliError::Unreachable { .. }) => {
                if answered.elapsed() > AWAY {
                    revive().await?;
                    answered = Instant::now();
                }
                vec![("server".into(), error.to_string())]
            }
            Err(error) => return Err(error.into()),
        };
        let line = |(name, state): &(String, String)| format!("{name}: {state}");
        if began.elapsed() > patience {
            let lines: Vec<_> = awaited.iter().map(line).collect();
            bail!(
                "these {what} are not there after {} s:\n  {}\n(see `nagaya describe {what}`; run `nagaya up` again to go on)",
                patience.as_secs(),
                lines.join("\n  ")
            );
        }
        steps.tell(&awaited.iter().map(line).collect::<Vec<_>>().join(" · "));
        tokio::time::sleep(LOOK).await;
    }
}

async fn clusters(client: &Client) -> Result<Awaited, CliError> {
    let mut awaited = Vec::new();
    for raw in client.list(Kind::Cluster, &Filter::default()).await?.items {
        let cluster = Cluster::from_raw(&raw)?;
        let wanted = cluster.spec.provider == Provider::Local
            && cluster.spec.local.as_ref().is_some_and(|local| local.power == ClusterPower::Running)
            && cluster.metadata.deletion_timestamp.is_none();
        if wanted && cluster.status.phase != ClusterPhase::Ready {
            let status = &cluster.status;
            awaited.push((raw.metadata.name, words(&format!("{:?}", status.phase), &status.message)));
        } else if wanted && !answers(client, &raw.metadata.name).await {
            awaited.push((raw.metadata.name, "waiting until it answers through its agent".into()));
        }
    }
    Ok(awaited)
}

/// Whether the cluster's API server answers through its agent now. What the store says may be of before a `nagaya
/// down`, until the server has looked.
async fn answers(client: &Client, cluster: &str) -> bool {
    let path = format!("clusters/{cluster}/kubernetes/version");
    matches!(tokio::time::timeout(PROBE, client.text(&path)).await, Ok(Ok(_)))
}

async fn workspaces(client: &Client) -> Result<Awaited, CliError> {
    let mut awaited = Vec::new();
    for raw in client.list(Kind::Workspace, &Filter::default()).await?.items {
        let workspace = Workspace::from_raw(&raw)?;
        if workspace.spec.state == WorkspaceState::Running
            && workspace.status.phase != WorkspacePhase::Running
        {
            let status = &workspace.status;
            awaited.push((raw.metadata.name, words(&format!("{:?}", status.phase), &status.message)));
        }
    }
    Ok(awaited)
}

fn words(phase: &str, message: &str) -> String {
    if message.is_empty() { phase.to_owned() } else { format!("{phase}, {message}") }
}
