//! The agent as a whole: what it begins with, and in which order it ends.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use kube::client::ClientBuilder;
use nagaya_tunnel::{AgentHello, Dialer, DialerConfig};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::layer::layer_fn;

use crate::config::AgentConfig;
use crate::enforce::engine::Engine;
use crate::facts::{self, network};
use crate::health::Health;
use crate::identity::Keeper;
use crate::lease::{Leadership, holder};
use crate::metrics::Metrics;
use crate::probe::Probe;
use crate::proxy::{Upstream, UpstreamError};
use crate::release::{Runner, charts::Charts};
use crate::report::{self, Reports};
use crate::service::Surface;

/// Intents that wait; the server sends one at a time.
const OFFERS: usize = 4;

/// Why an agent could not begin.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// It does not know its cluster.
    #[error("the agent does not run in a pod, or its service account is not mounted: {0}")]
    Cluster(String),
    /// The way to the API server.
    #[error(transparent)]
    Upstream(#[from] UpstreamError),
    /// The client of the API server.
    #[error("the Kubernetes client cannot be set up: {0}")]
    Client(#[from] kube::Error),
    /// Its health port.
    #[error("the health port {0} cannot be listened on: {1}")]
    Health(std::net::SocketAddr, std::io::Error),
}

/// Runs the agent until `cancel`; then gives up the Lease at once and the streams as they end, for
/// [`AgentConfig::drain`] at most.
///
/// # Errors
/// Only what makes it impossible to begin. Whatever fails later is tried again.
pub async fn run(config: AgentConfig, cancel: CancellationToken) -> Result<(), AgentError> {
    // Who installed another provider before has decided; there is one in this program.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let kubernetes = match config.kubernetes.clone() {
        Some(kubernetes) => kubernetes,
        None => kube::Config::incluster().map_err(|error| AgentError::Cluster(error.to_string()))?,
    };
    let upstream = Upstream::new(&kubernetes)?;
    let as_somebody = kubernetes.clone();
    let metrics = Metrics::default();
    let client =
        ClientBuilder::try_from(kubernetes)?.with_layer(&layer_fn(|inner| metrics.timed(inner))).build();

    let agent_id = uuid::Uuid::new_v4().to_string();
    let started_ms = Timestamp::now().as_millisecond();
    let reports = Reports::new(&agent_id, &config.version);
    let lease = Leadership::new(client.clone(), &config.namespace, holder(started_ms, &agent_id));
    let streams = TaskTracker::new();
    let (tunnel, tunnel_seen) = watch::channel(nagaya_tunnel::DialerStatus::default());

    // Everything that ends at once when the end is asked for.
    let mut parts = JoinSet::new();
    if let Some(address) = config.health {
        let health = Health {
            tunnel: tunnel_seen,
            leads: lease.subscribe(),
            metrics: metrics.clone(),
            reports: reports.clone(),
            tasks: streams.clone(),
        };
        let listening = tokio::net::TcpListener::bind(address).await;
        let listener = listening.map_err(|error| AgentError::Health(address, error))?;
        parts.spawn(health.serve(listener));
    }
    let (offers, taken) = mpsc::channel(OFFERS);
    let (releases, wanted) = watch::channel(None);
    let engine = Engine::new(
        client.clone(),
        config.namespace.clone(),
        lease.clone(),
        reports.clone(),
        metrics,
        taken,
        releases,
    );
    let mut enforcing = JoinSet::new();
    let charts = Charts::new(client.clone(), &config.namespace);
    let runner = Runner {
        client: client.clone(),
        config: as_somebody,
        namespace: config.namespace.clone(),
        lease: lease.clone(),
        reports: reports.clone(),
        charts: charts.clone(),
        wanted,
    };
    enforcing.spawn(runner.run(cancel.clone()));
    enforcing.spawn(engine.run(cancel.clone()));
    enforcing.spawn(keep_lease(lease.clone(), cancel.clone()));
    parts.spawn(report::run(client.clone(), reports.clone(), CancellationToken::new()));
    parts.spawn(facts::versions(client.clone(), reports.clone()));
    let probe = Probe { client: client.clone(), namespace: config.namespace.clone() };
    parts.spawn(network::keep(probe, lease.subscribe(), reports.clone()));

    let keeper = Keeper::new(
        client.clone(),
        &config.namespace,
        &config.server,
        config.proxy.clone(),
        &config.join_dir,
    );
    let identity = tokio::select! {
        identity = keeper.obtain() => Some(identity),
        () = cancel.cancelled() => None,
    };
    let identity = match identity {
        Some(identity) => tokio::select! {
            uid = facts::cluster_uid(&client) => Some((identity, uid)),
            () = cancel.cancelled() => None,
        },
        None => None,
    };
    if let Some((identity, cluster_uid)) = identity {
        let (identity, identity_seen) = watch::channel(identity);
        parts.spawn(facts::certificate(identity_seen.clone(), reports.clone()));
        let surface = Surface {
            offers,
            reports,
            upstream,
            client,
            charts,
            namespace: config.namespace,
            identity: identity_seen.clone(),
            tasks: streams.clone(),
            ending: cancel.clone(),
        };
        let dialer_config = DialerConfig {
            server: config.server,
            proxy: config.proxy,
            hello: AgentHello { agent_id, version: config.version, started_ms, cluster_uid },
            timings: config.timings,
            drain: config.drain,
        };
        let (dialer, status) = Dialer::new(dialer_config, identity_seen);
        parts.spawn(pass_on(status.clone(), tunnel));
        parts.spawn(async move { keeper.keep(identity, status).await });
        dialer.run(Arc::new(surface), cancel.clone()).await;
    }
    while enforcing.join_next().await.is_some() {}
    streams.close();
    if tokio::time::timeout(Duration::from_secs(2), streams.wait()).await.is_err() {
        tracing::info!(streams = streams.len(), "streams were cut off");
    }
    parts.shutdown().await;
    Ok(())
}

async fn keep_lease(lease: Leadership, cancel: CancellationToken) {
    lease.keep(cancel).await;
    lease.release().await;
}

async fn pass_on(
    mut from: watch::Receiver<nagaya_tunnel::DialerStatus>,
    to: watch::Sender<nagaya_tunnel::DialerStatus>,
) {
    loop {
        to.send_replace(from.borrow_and_update().clone());
        if from.changed().await.is_err() {
            return;
        }
    }
}
