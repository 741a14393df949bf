//! The way out for a client that finds its own way: it resolves names, follows redirects and asks wherever a registry says
//! that tokens are given. A proxy in this process, for this client alone, through which it gets to the registry itself and
//! to addresses of the network at large.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty, combinators::BoxBody};
use hyper::{
    Method, Request, Response, StatusCode, Uri, body::Incoming, client::conn::http1 as client, header,
    server::conn::http1 as server, service::service_fn,
};
use hyper_util::rt::TokioIo;
use rand::TryRngCore as _;
use subtle::ConstantTimeEq as _;
use tokio::{
    net::{TcpListener, TcpStream, lookup_host},
    task::JoinSet,
};
use tokio_util::task::AbortOnDropHandle;

use super::guard;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);

type Answer = Response<BoxBody<Bytes, hyper::Error>>;

/// A way out, closed when it is dropped.
pub struct Door {
    url: String,
    way: Arc<Way>,
    _open: AbortOnDropHandle<()>,
}

/// What is let through.
struct Way {
    /// Host and port of the registry, which whoever made it known vouches for.
    own: (String, u16),
    /// What its client says, so that nobody else on this machine goes through.
    pass: String,
    /// Where it was not let through to.
    refused: Mutex<Option<String>>,
}

impl Door {
    /// Opens one for a registry, `oci://host[:port]/…`.
    ///
    /// # Errors
    /// When there is no port to be had, and when the address names no host.
    pub async fn open(registry: &str) -> std::io::Result<Self> {
        let rest = registry.strip_prefix("oci://").unwrap_or(registry);
        let own = rest.split('/').next().and_then(|host| host.parse::<http::uri::Authority>().ok());
        let own = own.ok_or_else(|| std::io::Error::other(format!("{registry} names no host")))?;
        let mut secret = [0; 24];
        rand::rngs::OsRng.try_fill_bytes(&mut secret).map_err(std::io::Error::other)?;
        let secret: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://nagaya:{secret}@{}", listener.local_addr()?);
        let way = Arc::new(Way {
            // A port that is not named is that of https; registries on this machine name theirs.
            own: (own.host().to_lowercase(), own.port_u16().unwrap_or(443)),
            pass: format!("Basic {}", BASE64_STANDARD.encode(format!("nagaya:{secret}"))),
            refused: Mutex::default(),
        });
        let open = AbortOnDropHandle::new(tokio::spawn(stand(listener, way.clone())));
        Ok(Self { url, way, _open: open })
    }

    /// Its address, as a client takes that of a proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where its client was led and not let through, for people.
    pub fn refused(&self) -> Option<String> {
        let refused = self.way.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.as_ref().map(|place| {
            format!("it leads to {place}, which is neither on its own server nor an address of the network at large")
        })
    }
}

async fn stand(listener: TcpListener, way: Arc<Way>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let way = way.clone();
                connections.spawn(async move {
                    let answer = service_fn(move |request| {
                        let way = way.clone();
                        async move { Ok::<_, std::convert::Infallible>(way.through(request).await) }
                    });
                    // What breaks here breaks for its client, which tells.
                    let _ = server::Builder::new().serve_connection(TokioIo::new(stream), answer).with_upgrades().await;
                });
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}

fn short(status: StatusCode) -> Answer {
    let mut answer = Response::new(Empty::new().map_err(|never| match never {}).boxed());
    *answer.status_mut() = status;
    answer
}

impl Way {
    async fn through(&self, mut request: Request<Incoming>) -> Answer {
        let said = request.headers_mut().remove(header::PROXY_AUTHORIZATION);
        let known = said.is_some_and(|said| bool::from(said.as_bytes().ct_eq(self.pass.as_bytes())));
        let tunnels = request.method() == Method::CONNECT;
        let Some(host) = request.uri().host().map(str::to_lowercase) else {
            return short(StatusCode::BAD_REQUEST);
        };
        let port = request.uri().port_u16().unwrap_or(if tunnels { 443 } else { 80 });
        if !known {
            // A client that follows a redirect to another host leaves its password behind.
            if !self.is_own(&host, port) {
                self.refuse(&host, port);
            }
            return short(StatusCode::PROXY_AUTHENTICATION_REQUIRED);
        }
        let Some(stream) = self.connect(&host, port, tunnels).await else {
            return short(StatusCode::FORBIDDEN);
        };
        let Ok(mut stream) = stream else { return short(StatusCode::BAD_GATEWAY) };
        if tunnels {
            tokio::spawn(async move {
                if let Ok(upgraded) = hyper::upgrade::on(request).await {
                    let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(upgraded), &mut stream).await;
                }
            });
            return short(StatusCode::OK);
        }
        forward(stream, request).await.unwrap_or_else(|_| short(StatusCode::BAD_GATEWAY))
    }

    fn is_own(&self, host: &str, port: u16) -> bool {
        (host, port) == (self.own.0.as_str(), self.own.1)
    }

    fn refuse(&self, host: &str, port: u16) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(format!("{host}:{port}"));
    }

    /// A connection to where it may go; none: it may not go there.
    async fn connect(&self, host: &str, port: u16, tunnels: bool) -> Option<std::io::Result<TcpStream>> {
        let own = self.is_own(host, port);
        let bare = host.trim_matches(['[', ']']).to_owned();
        let work = async {
            let mut found: Vec<SocketAddr> = lookup_host((bare.as_str(), port)).await?.collect();
            if !own {
                // Without TLS whoever is on the way says what comes.
                found.retain(|address| tunnels && guard::is_public(address.ip()));
            }
            if found.is_empty() {
                return Ok(None);
            }
            TcpStream::connect(&*found).await.map(Some)
        };
        match tokio::time::timeout(CONNECT, work).await {
            Ok(Ok(Some(stream))) => Some(Ok(stream)),
            Ok(Ok(None)) => {
                self.refuse(host, port);
                None
            }
            Ok(Err(error)) => Some(Err(error)),
            Err(late) => Some(Err(late.into())),
        }
    }
}

/// Passes a plain request on, as if it had been sent there.
async fn forward(stream: TcpStream, mut request: Request<Incoming>) -> Result<Answer, hyper::Error> {
    let (mut sender, connection) = client::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    if let Some(host) = request.uri().authority().and_then(|host| host.as_str().parse().ok()) {
        request.headers_mut().insert(header::HOST, host);
    }
    *request.uri_mut() = path.parse().unwrap_or(Uri::from_static("/"));
    let answer = sender.send_request(request).await?;
    Ok(answer.map(|body| body.boxed()))
}

#[cfg(test)]
#[path = "door_tests.rs"]
mod tests;
