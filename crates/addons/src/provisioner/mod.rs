//! Homes: for every claim of the class a loop-mounted ext4 image of the size asked for, offered as a `local` volume.
//!
//! A size that holds, for each home its own: one full home fills nobody else's disk and evicts no pod. A home outlives
//! its claim, its volume and the cluster, and goes back to a claim of the same namespace, name and owner; it is removed
//! only on the word `nagaya.dev/purge: "true"`.
//!
//! `model` (what is known), `about` (`home.json`), `plan` (what to do) and `retry` are pure; `observe` and `act` touch
//! the cluster, `disk` the homes; this file is the loop.

pub mod about;
pub mod act;
pub mod disk;
pub mod model;
mod observe;
pub mod plan;
#[cfg(test)]
mod plan_histories;
#[cfg(test)]
mod plan_tests;
mod retry;

use std::fs::File;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use futures::StreamExt;
use jiff::Timestamp;
use kube::runtime::events::EventType;
use nix::fcntl::Flock;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::health;
use about::State;
use act::Actor;
use disk::Disk;
use plan::{Action, plan};

/// Without any change the disk is looked at this often: a mount that vanished comes back.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
/// Homes worked on at one time.
const AT_ONCE: usize = 8;
/// Rounds without new events: an action on the disk may make room for the next, two follow at most.
const ROUNDS: usize = 4;

/// What the provisioner is told.
#[derive(Debug, Clone)]
pub struct ProvisionerArgs {
    /// The folder of all homes, mounted at the same path as on the host, with Bidirectional propagation.
    pub homes: PathBuf,
    /// The cluster's name, the value of the node label `nagaya.dev/homes`.
    pub cluster: String,
    /// The node to label; `None`: it is labelled by somebody else.
    pub node: Option<String>,
    /// Where `/readyz` and `/healthz` answer.
    pub health: SocketAddr,
}

impl ProvisionerArgs {
    /// The usual settings for a pod: probes on 8082, and the node from NODE_NAME if that is set.
    #[must_use]
    pub fn new(homes: impl Into<PathBuf>, cluster: impl Into<String>) -> Self {
        Self {
            homes: homes.into(),
            cluster: cluster.into(),
            node: std::env::var("NODE_NAME").ok().filter(|name| !name.is_empty()),
            health: SocketAddr::from(([0, 0, 0, 0], 8082)),
        }
    }
}

/// Runs the provisioner until SIGTERM or SIGINT, against the cluster of the pod it runs in (or of KUBECONFIG). Homes
/// stay mounted when it ends.
///
/// # Errors
/// What could not be set up.
pub async fn run_provisioner(args: ProvisionerArgs) -> anyhow::Result<()> {
    // Before the API server is even looked for: pods of a machine that was restarted wait for their homes.
    let disk = Disk::open(&args.homes)?;
    let lock = alone(&disk).await?;
    remount(&disk).await?;
    drop(lock);
    let client = kube::Client::try_default().await.context("cannot find the cluster's API server")?;
    crate::stop::until_signal(|cancel| serve(args, client, cancel)).await
}

/// Runs the provisioner until `cancel`.
///
/// # Errors
/// As [`run_provisioner`].
pub async fn serve(
    args: ProvisionerArgs,
    client: kube::Client,
    cancel: CancellationToken,
) -> anyhow::Result<()> {
    let disk = Disk::open(&args.homes)?;
    let _lock = tokio::select! {
        lock = alone(&disk) => lock?,
        () = cancel.cancelled() => return Ok(()),
    };
    remount(&disk).await?;
    let (known, ready) = watch::channel(false);
    let work = Loop {
        cluster: observe::Cluster::watch(client.clone()),
        actor: Actor::new(client, disk.clone(), args.cluster),
        disk,
        unlabelled: args.node,
        retries: retry::Retries::default(),
        ready: known,
    };
    tokio::select! {
        outcome = work.run() => outcome,
        outcome = health::serve(args.health, ready) => outcome,
        () = cancel.cancelled() => Ok(()),
    }
}

/// Waits until no other provisioner works on these homes: one that is being replaced needs a moment to end.
async fn alone(disk: &Disk) -> anyhow::Result<Flock<File>> {
    loop {
        if let Some(lock) = disk.lock()? {
            return Ok(lock);
        }
        tracing::info!("another provisioner works on these homes; waiting for its end");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Mounts every home that was in use. One that cannot be mounted does not stop the others.
async fn remount(disk: &Disk) -> anyhow::Result<()> {
    let disk = disk.clone();
    let work = move || -> Result<(), disk::DiskError> {
        for home in disk.homes()? {
            if home.about.state == State::Used && home.image.is_some() && !home.mounted {
                match disk.mount(&home.name) {
                    Ok(()) => {
                        tracing::info!(home = home.name, claim = %home.about.claim_ref(), "mounted again")
                    }
                    Err(error) => {
                        tracing::error!(%error, home = home.name, "a home could not be mounted again")
                    }
                }
            }
        }
        Ok(())
    };
    tokio::task::spawn_blocking(work).await.context("mounting the homes again was cut short")??;
    Ok(())
}

struct Loop {
    cluster: observe::Cluster,
    actor: Actor,
    disk: Disk,
    /// The node that still needs its label.
    unlabelled: Option<String>,
    retries: retry::Retries,
    ready: watch::Sender<bool>,
}

impl Loop {
    async fn run(mut self) -> anyhow::Result<()> {
        loop {
            let pause = self.retries.pause(Timestamp::now()).unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN);
            self.cluster.changed(pause).await;
            if !self.cluster.synced() {
                continue;
            }
            for _ in 0..ROUNDS {
                if !self.round().await? {
                    break;
                }
            }
            self.label().await;
            if !self.ready.send_replace(true) {
                tracing::info!("all claims are known");
            }
        }
    }

    /// Looks, plans and does it. `true` when the disk has changed so that there may be more to do.
    async fn round(&mut self) -> anyhow::Result<bool> {
        let (disk, now) = (self.disk.clone(), Timestamp::now());
        let homes =
            tokio::task::spawn_blocking(move || disk.homes()).await.context("looking was cut short")??;
        let actions = plan(&self.cluster.world(homes, self.retries.waiting(now)));
        let only_disk = |action: &Action| {
            matches!(
                action,
                Action::Mount { .. } | Action::Rest { .. } | Action::Discard { .. } | Action::HandOver { .. }
            )
        };
        let again = actions.iter().any(only_disk);
        let actor = &self.actor;
        let done: Vec<_> = futures::stream::iter(actions)
            .map(|action| async move { (actor.act(action.clone(), now).await, action) })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        for (outcome, action) in done {
            match outcome {
                Ok(()) => {
                    tracing::info!(home = action.subject(), "{action}");
                    self.retries.succeeded(action.subject());
                }
                Err(error) => {
                    tracing::warn!(home = action.subject(), %error, "could not {action}");
                    self.retries.failed(action.subject(), now);
                    if let Some(claim) = action.claim() {
                        let note = format!("could not {action}: {error}");
                        self.actor.tell(claim, EventType::Warning, "HomeFailed", note).await;
                    }
                }
            }
        }
        Ok(again)
    }

    async fn label(&mut self) {
        if let Some(node) = self.unlabelled.take()
            && let Err(error) = self.actor.label_node(&node).await
        {
            tracing::warn!(%error, node, "the node could not be labelled yet");
            self.unlabelled = Some(node);
        }
    }
}
