//! `nagaya server`: the wiring of store, tunnel, reconcilers, gateway and HTTP API.

pub mod first;
mod import;
mod local;
mod tunnel;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use nagaya_control::{Admitted, AgentUpdates, Ca, Control, ControlSettings, intent::IntentSettings};
use nagaya_gateway::Streams;
use nagaya_local::Provider;
use nagaya_server::{ChartConfig, JoinManifests, ServerConfig, ServerState, SourceConfig, TlsSource};
use nagaya_store::{KeySource, Store, StoreConfig};
use nagaya_tunnel::Hub;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    images::Images,
    instance::{Folders, Lock, ServerRecord, identity},
    settings::Settings,
    signals, up,
};

/// Port of the tunnel in the hub's network namespace: what the hub's firewall lets pods reach.
const TUNNEL_PORT: u16 = 7443;
/// How long what is under way may take to end.
const END: Duration = Duration::from_secs(10);
/// How long to wait for a predecessor to let go of the lock.
const TURN: Duration = Duration::from_secs(10);

/// `nagaya server`
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// Leave the session of whoever started it
    #[arg(long, hide = true)]
    detached: bool,
}

/// Runs the server until it is told to stop. Clusters go on without it.
///
/// # Errors
/// What could not be set up.
pub async fn run(args: Args, settings: Settings) -> Result<()> {
    if args.detached {
        // The terminal's end is not the server's.
        nix::unistd::setsid().context("cannot leave the session")?;
    }
    crate::logging::start(&settings.log)?;
    let folders = Folders::of(&settings);
    let _lock = turn(&folders).await?;
    let now = Timestamp::now();
    let key = match settings.sealing_key_command.is_empty() {
        true => KeySource::File,
        false => KeySource::Command(settings.sealing_key_command.clone()),
    };
    let store = StoreConfig { key, ..StoreConfig::new(folders.store()) };
    let store = Store::open_with(store, now).await.context("cannot open the store")?;
    let cancel = CancellationToken::new();
    let tasks = TaskTracker::new();
    let served = serve(&settings, &folders, &store, &tasks, &cancel).await;
    cancel.cancel();
    tasks.close();
    if tokio::time::timeout(END, tasks.wait()).await.is_err() {
        tracing::warn!("something does not end and is left behind");
    }
    store.close().await;
    served
}

/// One server an instance at a time.
async fn turn(folders: &Folders) -> Result<Lock> {
    let until = tokio::time::Instant::now() + TURN;
    loop {
        if let Some(lock) = Lock::try_take(&folders.server_lock())? {
            return Ok(lock);
        }
        if tokio::time::Instant::now() > until {
            bail!("another server of this instance runs: `nagaya up` replaces it");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn serve(
    settings: &Settings,
    folders: &Folders,
    store: &Store,
    tasks: &TaskTracker,
    cancel: &CancellationToken,
) -> Result<()> {
    let now = Timestamp::now();
    let provider = Provider::new(up::local_config(settings, folders)?)?;
    let ca = Ca::open(store.clone(), now).await?;
    let admitted = Admitted::load(store).await?;
    let hub = Hub::new();
    let door =
        tunnel::Door { ca: ca.clone(), admitted: admitted.clone(), hub: hub.clone(), store: store.clone() };
    let mut listeners = vec![provider.hub_listener(TUNNEL_PORT)?];
    let outside = import::Outside::of(settings)?;
    if let Some(outside) = &outside {
        listeners.push(outside.listener()?);
    }
    let names = outside.iter().map(|outside| outside.host().to_owned()).collect();
    tunnel::start(door, listeners, names, tasks, cancel)?;
    let images = Images::read(&settings.cache_dir)?;
    let relay_image =
        images.get("nagaya-relay").unwrap_or("registry.nagaya.internal/nagaya-relay").to_owned();
    let clusters = local::LocalClusters::new(
        provider.clone(),
        settings.cache_dir.clone(),
        settings.kubernetes.clone(),
        format!("{}:{TUNNEL_PORT}", provider.hub_address()),
    );
    let join =
        outside.map(|outside| outside.manifests(ca.clone(), store.clone(), settings.agent_image.clone()));
    let updates: Arc<dyn AgentUpdates> = match &join {
        Some(manifests) => manifests.clone(),
        None => Arc::new(import::Nowhere),
    };
    let control = Control {
        store: store.clone(),
        hub: hub.clone(),
        ca,
        admitted,
        provider: Arc::new(clusters),
        settings: ControlSettings {
            intents: IntentSettings { relay_image, storage_class: String::new() },
            updates: Some(updates),
            charts: Some(nagaya_server::chart_archives(&folders.charts())),
        },
    };
    let control = control.start(cancel.clone()).await?;
    let config = ServerConfig {
        census: Some(control.census()),
        ..http(settings, folders, join.map(|join| join as Arc<dyn JoinManifests>))?
    };
    tasks.spawn(control.join());
    let state = ServerState::new(store.clone(), hub, Streams::new(), config);
    first::ensure(&state, folders).await?;
    let serving = nagaya_server::serve(state, cancel.clone());
    tokio::pin!(serving);
    ServerRecord::write_own(folders, identity(&settings.cache_dir)?, settings.as_flags())?;
    tokio::select! {
        ended = &mut serving => return Ok(ended?),
        () = signals::stop() => tracing::info!("told to stop; clusters go on"),
    }
    cancel.cancel();
    Ok(serving.await?)
}

/// How the server listens.
fn http(
    settings: &Settings,
    folders: &Folders,
    join: Option<Arc<dyn JoinManifests>>,
) -> Result<ServerConfig> {
    let tls = match (settings.tls_cert.as_os_str().is_empty(), settings.tls_key.as_os_str().is_empty()) {
        (true, true) => TlsSource::LocalCa,
        (false, false) => {
            TlsSource::Files { certificate: settings.tls_cert.clone(), key: settings.tls_key.clone() }
        }
        _ => bail!(
            "tlsCert and tlsKey go together: give both, or neither for a certificate of the instance's own CA"
        ),
    };
    Ok(ServerConfig {
        http: Some(SocketAddr::from(([127, 0, 0, 1], settings.http_port))),
        https: Some(SocketAddr::from((settings.https_address, settings.https_port))),
        tls,
        instance: settings.instance.clone(),
        names: settings
            .https_names
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
        join,
        sources: Some(SourceConfig { folder: folders.sources(), paths: paths(&settings.source_paths) }),
        charts: Some(ChartConfig { folder: folders.charts(), paths: paths(&settings.chart_paths) }),
        ..ServerConfig::default()
    })
}

/// Folders with colons between.
fn paths(text: &str) -> Vec<std::path::PathBuf> {
    std::env::split_paths(text).filter(|path| !path.as_os_str().is_empty()).collect()
}
