//! HTTP to the cluster's API server.

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use http::{HeaderValue, Request, Response, Uri, Version, header};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use kube::client::ConfigExt;
use kube::config::{AuthInfo, Config};
use nagaya_tunnel::Body;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

const CONNECT: Duration = Duration::from_secs(10);
/// How long a connection nobody uses is kept: a dashboard's next request is a moment away.
const IDLE: Duration = Duration::from_secs(30);
const IDLE_CONNECTIONS: usize = 8;
/// Kubernetes rotates a service account's token in its file; its own clients read it anew as often.
const TOKEN_AGE: Duration = Duration::from_secs(60);

/// Why the API server was not reached.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    /// The configuration cannot be used.
    #[error("the way to the Kubernetes API is not configured: {0}")]
    Config(String),
    /// It did not answer.
    #[error("the Kubernetes API did not answer: {0}")]
    Unreachable(String),
}

/// The API server, reached with the agent's own credentials.
#[derive(Clone)]
pub struct Upstream {
    base: Uri,
    client: Client<Connector, Body>,
    token: Arc<Token>,
}

enum Token {
    None,
    File { path: PathBuf, read: Mutex<Option<(Instant, HeaderValue)>> },
}

impl Upstream {
    /// Reads where the API server is and who we are to it.
    ///
    /// # Errors
    /// [`UpstreamError::Config`].
    pub fn new(config: &Config) -> Result<Upstream, UpstreamError> {
        let wrong = |error: &dyn std::fmt::Display| UpstreamError::Config(error.to_string());
        let mut tls = config.rustls_client_config().map_err(|error| wrong(&error))?;
        // HTTP/1.1 only: exec and port-forward upgrade, and one connection a stream lets none hold up another.
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let host = config.cluster_url.host().ok_or_else(|| wrong(&"its URL has no host"))?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = config.tls_server_name.clone().unwrap_or_else(|| host.clone());
        let connector = Connector {
            host,
            port: config.cluster_url.port_u16().unwrap_or(443),
            name: ServerName::try_from(name).map_err(|error| wrong(&error))?,
            tls: Arc::new(tls),
        };
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(Upstream {
            base: config.cluster_url.clone(),
            client,
            token: Arc::new(Token::of(&config.auth_info)?),
        })
    }

    /// Sends a request whose URI is a path. Identity headers are the caller's business; the credentials are ours.
    ///
    /// # Errors
    /// [`UpstreamError::Unreachable`].
    pub async fn send(&self, mut request: Request<Body>) -> Result<Response<Incoming>, UpstreamError> {
        let failed = |error: &dyn std::fmt::Display| UpstreamError::Unreachable(error.to_string());
        let whole = request.uri().path_and_query().map_or("/", |whole| whole.as_str());
        let base = self.base.path().trim_end_matches('/');
        let authority = self.base.authority().map_or("", |authority| authority.as_str());
        let uri = format!("https://{authority}{base}{whole}");
        *request.uri_mut() = uri.parse().map_err(|error| failed(&error))?;
        *request.version_mut() = Version::HTTP_11;
        if let Some(token) = self.token.get().await? {
            request.headers_mut().insert(header::AUTHORIZATION, token);
        }
        self.client.request(request).await.map_err(|error| {
            let mut words = error.to_string();
            let mut source = std::error::Error::source(&error);
            while let Some(inner) = source {
                words = format!("{words}: {inner}");
                source = inner.source();
            }
            UpstreamError::Unreachable(words)
        })
    }
}

impl Token {
    fn of(auth: &AuthInfo) -> Result<Token, UpstreamError> {
        if let Some(path) = &auth.token_file {
            return Ok(Token::File { path: path.into(), read: Mutex::new(None) });
        }
        // In a cluster there is always the file; outside, in tests, client certificates.
        match auth.token.is_some() || auth.exec.is_some() || auth.auth_provider.is_some() {
            true => Err(UpstreamError::Config("give a token file or a client certificate".to_owned())),
            false => Ok(Token::None),
        }
    }

    async fn get(&self) -> Result<Option<HeaderValue>, UpstreamError> {
        match self {
            Token::None => Ok(None),
            Token::File { path, read } => {
                {
                    let read = read.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some((_, value)) = read.as_ref().filter(|(at, _)| at.elapsed() < TOKEN_AGE) {
                        return Ok(Some(value.clone()));
                    }
                }
                let text = tokio::fs::read_to_string(path)
                    .await
                    .map_err(|error| UpstreamError::Config(format!("{}: {error}", path.display())))?;
                let value = bearer(text.trim())?;
                let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
                *read = Some((Instant::now(), value.clone()));
                Ok(Some(value))
            }
        }
    }
}

fn bearer(token: &str) -> Result<HeaderValue, UpstreamError> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| UpstreamError::Config("the service account's token is none".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Connects to the one API server, whatever the URI says.
#[derive(Clone)]
struct Connector {
    host: String,
    port: u16,
    name: ServerName<'static>,
    tls: Arc<ClientConfig>,
}

impl tower::Service<Uri> for Connector {
    type Response = TokioIo<Secured>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<TokioIo<Secured>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move {
            let work = async {
                let tcp = TcpStream::connect((connector.host.as_str(), connector.port)).await?;
                tcp.set_nodelay(true)?;
                TlsConnector::from(connector.tls).connect(connector.name, tcp).await
            };
            let tls = tokio::time::timeout(CONNECT, work).await.map_err(|_| io::ErrorKind::TimedOut)??;
            Ok(TokioIo::new(Secured(tls)))
        })
    }
}

/// A connection as hyper-util's pool wants it.
struct Secured(TlsStream<TcpStream>);

impl Connection for Secured {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl AsyncRead for Secured {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Secured {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
