//! The other programs in this crate's tests, in one: the supervisor of the cluster they make, and what runs in it.
//!
//! `cast supervise --cluster-dir DIR | --hub-dir DIR`, `cast agent [probe-listen]`, `cast relay CLUSTER PORT`, `cast echo PORT`

use std::path::Path;
use std::time::Duration;

use nagaya_agent::{AgentConfig, probe};
use nagaya_api::agent::{RELAY_PORT, RELAY_READY_PORT};
use nagaya_local::{supervise, supervise_hub};
use nagaya_relay::check::CheckSettings;
use nagaya_relay::door::{self, DoorSettings};
use nagaya_relay::ready::ReadySettings;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).init();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["supervise", "--hub-dir", dir] => Ok(supervise_hub(Path::new(dir)).await?),
        ["supervise", "--cluster-dir", dir] => Ok(supervise(Path::new(dir)).await?),
        ["agent"] => agent().await,
        ["agent", "probe-listen"] => {
            Ok(probe::listen::listen(std::env::var(probe::listen::WORD_VARIABLE)?).await?)
        }
        ["relay", cluster, port] => relay(cluster, port.parse()?).await,
        ["echo", port] => echo(port.parse()?).await,
        _ => Err("this is for tests only".into()),
    }
}

async fn relay(cluster: &str, port: u16) -> Result<(), Failure> {
    let door = DoorSettings {
        listen: ([0, 0, 0, 0], RELAY_PORT).into(),
        secret_dir: "/run/nagaya/relay".into(),
        cluster: cluster.to_owned(),
        ports: vec![port],
    };
    let check = CheckSettings { port, rfb: false, wait: Duration::ZERO };
    Ok(door::run(door, ReadySettings { listen: ([0, 0, 0, 0], RELAY_READY_PORT).into(), check }).await?)
}

async fn agent() -> Result<(), Failure> {
    let cancel = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let config = AgentConfig::from_env("test", |name| std::env::var(name).ok())?;
    let running = nagaya_agent::run(config, cancel.clone());
    tokio::pin!(running);
    tokio::select! {
        ended = &mut running => return Ok(ended?),
        _ = terminate.recv() => cancel.cancel(),
    }
    Ok(running.await?)
}

/// Gives back what it gets, on the loopback only: as a desktop listens.
async fn echo(port: u16) -> Result<(), Failure> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let mut streams = tokio::task::JoinSet::new();
    loop {
        let (mut stream, _) = listener.accept().await?;
        streams.spawn(async move {
            let (mut read, mut write) = stream.split();
            let _ = tokio::io::copy(&mut read, &mut write).await;
        });
        while streams.try_join_next().is_some() {}
    }
}
