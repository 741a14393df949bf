//! The door: accepts, limits, and stops in order.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rustls::crypto::CryptoProvider;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::crowd::Crowd;
use crate::ready::{self, ReadySettings};
use crate::{log, splice, tls};

/// Handshakes at one time.
const HANDSHAKES: usize = 64;
/// Joined streams at one time.
const STREAMS: usize = 512;
/// A handshake takes milliseconds; this is for a machine whose cores are all burning.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// How long an admitted client waits for a desktop that is still starting.
const DESKTOP_TIME: Duration = Duration::from_secs(10);
/// How long streams may end by themselves after the signal to stop.
const DRAIN_TIME: Duration = Duration::from_secs(5);

/// What the doorman is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoorSettings {
    /// Where to listen, the pod's address.
    pub listen: SocketAddr,
    /// Where the Secret is mounted.
    pub secret_dir: PathBuf,
    /// The cluster whose agent is admitted.
    pub cluster: String,
    /// The ports of the workspace that may be picked.
    pub ports: Vec<u16>,
}

/// Opens the door, with readiness told beside it, and keeps both until SIGTERM or SIGINT; streams then get a few seconds
/// to end.
///
/// # Errors
/// An address cannot be listened on, or signals cannot be received.
pub async fn run(settings: DoorSettings, ready: ReadySettings) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    // As process 1 of the container the relay gets no default action for a signal: both must be asked for.
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (listener, readiness) = (listen(settings.listen).await?, listen(ready.listen).await?);
    log(format_args!("admits {} on {}", crate::admission::agent_name(&settings.cluster), settings.listen));
    let stop = async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    };
    tokio::select! {
        () = serve(listener, settings, stop) => Ok(()),
        never = ready::serve(readiness, ready.check) => match never {},
    }
}

async fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let named =
        |error: io::Error| io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"));
    TcpListener::bind(address).await.map_err(named)
}

/// Serves `listener` until `stop` is done, then waits a few seconds for the streams that are left.
pub async fn serve(listener: TcpListener, settings: DoorSettings, stop: impl Future<Output = ()>) {
    let door = Arc::new(Door {
        settings,
        provider: Arc::new(rustls::crypto::ring::default_provider()),
        waiting: Crowd::new(HANDSHAKES),
        streams: AtomicUsize::new(0),
    });
    let mut visitors = JoinSet::new();
    let mut number = 0_u64;
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            Some(_) = visitors.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, from)) => {
                number += 1;
                let handle = visitors.spawn(door.clone().visit(number, stream, from));
                door.waiting.arrive(number, handle);
            }
            Err(error) => {
                // No file descriptor left, or the like: it passes when a stream ends.
                log(format_args!("cannot accept: {error}"));
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    let _ = timeout(DRAIN_TIME, async { while visitors.join_next().await.is_some() {} }).await;
    visitors.shutdown().await;
}

struct Door {
    settings: DoorSettings,
    provider: Arc<CryptoProvider>,
    /// Who has not finished the handshake.
    waiting: Crowd,
    streams: AtomicUsize,
}

impl Door {
    async fn visit(self: Arc<Self>, number: u64, stream: TcpStream, from: SocketAddr) {
        splice::prepare(&stream);
        let greeted = timeout(HANDSHAKE_TIME, self.greet(stream)).await;
        self.waiting.leave(number);
        let (admitted, port) = match greeted {
            Ok(Ok(found)) => found,
            Ok(Err(reason)) => return log(format_args!("refused {}: {reason}", from.ip())),
            Err(_) => return log(format_args!("refused {}: no handshake in {HANDSHAKE_TIME:?}", from.ip())),
        };
        let Some(_place) = Place::take(&self.streams) else {
            return log(format_args!("refused {}: {STREAMS} streams are open", from.ip()));
        };
        match splice::connect(port, DESKTOP_TIME).await {
            // A stream that breaks is no news: browsers close theirs that way.
            Ok(desktop) => drop(splice::join(admitted, desktop).await),
            Err(error) => log(format_args!("nothing answers on 127.0.0.1:{port}: {error}")),
        }
    }

    async fn greet(
        &self,
        stream: TcpStream,
    ) -> Result<(tokio_rustls::server::TlsStream<TcpStream>, u16), String> {
        let DoorSettings { secret_dir, cluster, ports, .. } = &self.settings;
        // The Secret is read only once the client has spoken: an idle connection costs no work.
        stream.readable().await.map_err(|error| error.to_string())?;
        let settings =
            tls::settings(&self.provider, secret_dir, cluster, ports).map_err(|error| error.to_string())?;
        let admitted =
            TlsAcceptor::from(Arc::new(settings)).accept(stream).await.map_err(|error| error.to_string())?;
        let port = tls::picked(admitted.get_ref().1.alpn_protocol(), ports)
            .ok_or_else(|| format!("the client named no port by ALPN; admitted are {ports:?}"))?;
        Ok((admitted, port))
    }
}

/// One of the [`STREAMS`] places, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(taken: &'a AtomicUsize) -> Option<Self> {
        taken
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |now| (now < STREAMS).then_some(now + 1))
            .ok()?;
        Some(Self(taken))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_limited_and_given_back() {
        let taken = AtomicUsize::new(STREAMS - 1);
        let last = Place::take(&taken);
        assert!(last.is_some());
        assert!(Place::take(&taken).is_none());
        drop(last);
        assert!(Place::take(&taken).is_some());
    }
}
