//! Listening: plain http on loopback, https everywhere; each connection in a task that ends with the server.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Handle, Runtime},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service;

use crate::{ServerState, catalogue, extract::Peer, rights, router, sources, tls::Tls};

/// Longest wait for a TLS handshake, and for the head of a request on a new connection.
const HANDSHAKE: Duration = Duration::from_secs(15);
/// How long requests under way may take after the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How often what is kept in memory is written.
const FLUSH: Duration = Duration::from_secs(60);

/// Why a server cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Passwords and tokens would go over the network in the clear.
    #[error(
        "{0} is no loopback address, and plain http is for loopback only: use https there, or from afar `ssh -L`"
    )]
    NotLoopback(SocketAddr),
    /// There is nothing to listen on.
    #[error("neither an http nor an https address is set: set one")]
    Nothing,
    /// An address cannot be listened on.
    #[error("cannot listen on {address}: {source}. Is another instance running there? Choose another port")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// There are no threads to be had.
    #[error("cannot begin the threads that answer requests: {0}")]
    Threads(std::io::Error),
    /// The certificate cannot be used.
    #[error("https: {0}")]
    Tls(String),
}

/// The threads that requests are answered on. They are no others': when a thousand agents come back at one moment, what a person
/// asks takes its turn among threads, which the kernel shares out fairly, and not behind all that agents have the server do.
struct Threads {
    handle: Handle,
    runtime: Option<Runtime>,
}

impl Threads {
    fn begin() -> Result<Self, ServeError> {
        let runtime = Builder::new_multi_thread().thread_name("http").enable_all().build();
        let runtime = runtime.map_err(ServeError::Threads)?;
        Ok(Self { handle: runtime.handle().clone(), runtime: Some(runtime) })
    }

    /// Listens there: who wakes a listener is settled where it begins.
    async fn bind(&self, address: SocketAddr) -> Result<TcpListener, ServeError> {
        let bound = self.handle.spawn(TcpListener::bind(address)).await;
        bound.unwrap_or_else(|ended| Err(ended.into())).map_err(|source| ServeError::Bind { address, source })
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        // To wait for them would be to block a thread of the runtime that serves.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Serves until cancelled; then no new connection is taken, requests under way are finished and live streams are told.
///
/// # Errors
/// When it cannot begin.
pub async fn serve(state: ServerState, cancel: CancellationToken) -> Result<(), ServeError> {
    let config = &state.config;
    let threads = Threads::begin()?;
    let http = match config.http {
        Some(address) if !address.ip().is_loopback() => return Err(ServeError::NotLoopback(address)),
        Some(address) => Some(threads.bind(address).await?),
        None => None,
    };
    let https = match config.https {
        Some(address) => Some((threads.bind(address).await?, Tls::new(&state).await?)),
        None => None,
    };
    if http.is_none() && https.is_none() {
        return Err(ServeError::Nothing);
    }
    // Announced only once everything can be served.
    let tasks = TaskTracker::new();
    let router = router(&state);
    if let Some(listener) = http {
        tracing::info!(address = ?config.http, "listening for http");
        let accept = accept(listener, None, router.clone(), state.stopping.clone(), tasks.clone());
        tasks.spawn_on(accept, &threads.handle);
    }
    if let Some((listener, (tls, keeper))) = https {
        tracing::info!(address = ?config.https, "listening for https");
        let acceptor = TlsAcceptor::from(Arc::clone(&tls.config));
        tasks.spawn(keeper);
        let accept = accept(listener, Some(acceptor), router, state.stopping.clone(), tasks.clone());
        tasks.spawn_on(accept, &threads.handle);
    }
    tasks.spawn(rights::watch(state.clone(), state.stopping.clone()));
    tasks.spawn(sources::watch(state.clone(), state.stopping.clone()));
    tasks.spawn(catalogue::watch(state.clone(), state.stopping.clone()));
    tasks.spawn(flush(state.clone()));
    tasks.close();
    cancel.cancelled().await;
    state.stopping.cancel();
    // Desktops hear why before their connections go.
    let ended = async {
        state.streams.shutdown().await;
        tasks.wait().await;
    };
    if timeout(GRACE, ended).await.is_err() {
        tracing::warn!("some requests did not end in time and are cut off");
    }
    Ok(())
}

async fn flush(state: ServerState) {
    loop {
        tokio::select! {
            () = state.stopping.cancelled() => return,
            () = tokio::time::sleep(FLUSH) => {}
        }
        if let Err(error) = state.store.flush_used().await {
            tracing::warn!(%error, "last uses of tokens were not written");
        }
    }
}

async fn accept(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    stopping: CancellationToken,
    tasks: TaskTracker,
) {
    loop {
        let (stream, peer) = tokio::select! {
            () = stopping.cancelled() => return,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, mostly: it passes when connections end.
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        let (router, stopping, tls) = (router.clone(), stopping.clone(), tls.clone());
        tasks.spawn(async move {
            // Keys and pixels are small and must not wait for more.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "no TCP_NODELAY");
            }
            secured(stream, peer, tls, router, stopping).await;
        });
    }
}

async fn secured(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    router: Router,
    stopping: CancellationToken,
) {
    let Some(tls) = tls else { return connection(stream, peer, router, stopping).await };
    match timeout(HANDSHAKE, tls.accept(stream)).await {
        Ok(Ok(stream)) => connection(stream, peer, router, stopping).await,
        Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS handshake"),
        Err(_) => tracing::debug!(%peer, "the TLS handshake took too long"),
    }
}

async fn connection<S>(stream: S, peer: SocketAddr, router: Router, stopping: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = tower::service_fn(move |mut request: http::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.clone().call(request)
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HANDSHAKE);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(20))
        .max_concurrent_streams(256);
    let connection =
        builder.serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%peer, error, "a connection ended");
    }
}
