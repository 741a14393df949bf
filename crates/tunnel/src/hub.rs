//! The server's register of connected agents.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, Uri, Version};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http2::SendRequest;
use jiff::Timestamp;
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use crate::body::{Body, BoxError, empty, wrap};
use crate::hello::{AGENT_AUTHORITY, AgentHello};
use crate::{Lane, TunnelError, TunnelStream};

/// Connections of one cluster on one lane; more than a rolling update and a few broken paths can make.
const CONNECTIONS: usize = 16;
/// Longest refusal in words that is read.
const WORDS_LIMIT: usize = 4096;

/// What happens to agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HubEvent {
    /// An agent's control lane is up. Sent at each (re)connection: send the intent, open the reports.
    AgentConnected {
        /// The cluster in its certificate.
        cluster: String,
        /// Unique to one run of one agent process.
        agent_id: String,
        /// The agent's version.
        version: String,
    },
    /// An agent's last control connection has ended.
    AgentGone {
        /// The cluster in its certificate.
        cluster: String,
        /// Which agent.
        agent_id: String,
    },
}

/// A connected agent.
#[derive(Debug, Clone)]
pub struct AgentInfo {
    /// Who it says it is.
    pub hello: AgentHello,
    /// Which of its lanes are up.
    pub lanes: Vec<Lane>,
    /// From where the newest of its connections comes.
    pub peer: SocketAddr,
    /// Since when the oldest of its connections stands.
    pub since: Timestamp,
}

/// One connection, as the register holds it.
pub(crate) struct Connection {
    pub(crate) cluster: String,
    pub(crate) lane: Lane,
    pub(crate) hello: AgentHello,
    pub(crate) peer: SocketAddr,
    pub(crate) since: Timestamp,
    pub(crate) sender: SendRequest<Body>,
    pub(crate) close: CancellationToken,
}

/// Connections by cluster and lane. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Hub {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    connections: Mutex<HashMap<String, Vec<(u64, Connection)>>>,
    next: AtomicU64,
    pub(crate) changed: watch::Sender<()>,
    events: broadcast::Sender<HubEvent>,
}

impl Default for Hub {
    fn default() -> Self {
        Hub::new()
    }
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub").field("clusters", &self.lock().len()).finish()
    }
}

impl Hub {
    /// An empty register.
    pub fn new() -> Hub {
        Hub {
            inner: Arc::new(Inner {
                connections: Mutex::new(HashMap::new()),
                next: AtomicU64::new(1),
                changed: watch::channel(()).0,
                events: broadcast::channel(256).0,
            }),
        }
    }

    /// Sends a request to the agent of `cluster`. The newest agent answers; when its connection breaks before
    /// the request was sent, the next one does. A URI without host is completed. The answer's body streams.
    ///
    /// # Errors
    /// [`TunnelError::NoAgent`] when none is connected, [`TunnelError::Lost`] when the connection ended after the
    /// request may have been acted on.
    pub async fn request<B>(
        &self,
        cluster: &str,
        lane: Lane,
        request: Request<B>,
    ) -> Result<Response<Incoming>, TunnelError>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let mut request = prepare(cluster, request.map(wrap))?;
        let mut tried = Vec::new();
        loop {
            let (id, mut sender) = self.pick(cluster, lane, &tried).await?;
            match sender.try_send_request(request).await {
                Ok(response) => return Ok(response),
                Err(mut failed) => match failed.take_message() {
                    // Nothing was sent yet, so another connection may have it.
                    Some(unsent) => {
                        tried.push(id);
                        request = unsent;
                    }
                    None => {
                        return Err(TunnelError::Lost {
                            cluster: cluster.to_owned(),
                            source: failed.into_error(),
                        });
                    }
                },
            }
        }
    }

    /// Opens a byte stream to `authority` (`host:port`) through the agent of `cluster`.
    ///
    /// # Errors
    /// As [`Hub::request`], and [`TunnelError::Refused`] with the agent's words when it could not connect.
    pub async fn connect(&self, cluster: &str, authority: &str) -> Result<TunnelStream, TunnelError> {
        self.connect_with(cluster, Lane::Streams, authority, http::HeaderMap::new()).await
    }

    /// As [`Hub::connect`], on any lane and with further headers.
    ///
    /// # Errors
    /// The same.
    pub async fn connect_with(
        &self,
        cluster: &str,
        lane: Lane,
        authority: &str,
        headers: http::HeaderMap,
    ) -> Result<TunnelStream, TunnelError> {
        let bad = |source: BoxError| TunnelError::Request { cluster: cluster.to_owned(), source };
        let mut request = Request::new(empty());
        *request.method_mut() = Method::CONNECT;
        *request.uri_mut() =
            Uri::builder().authority(authority).build().map_err(|error| bad(error.into()))?;
        *request.headers_mut() = headers;
        let response = self.request(cluster, lane, request).await?;
        let status = response.status();
        if status != StatusCode::OK {
            let words = Limited::new(response.into_body(), WORDS_LIMIT).collect().await;
            let message = match words {
                Ok(words) => String::from_utf8_lossy(&words.to_bytes()).trim().to_owned(),
                Err(error) => error.to_string(),
            };
            return Err(TunnelError::Refused {
                cluster: cluster.to_owned(),
                authority: authority.to_owned(),
                status,
                message,
            });
        }
        let upgraded = hyper::upgrade::on(response)
            .await
            .map_err(|source| TunnelError::Lost { cluster: cluster.to_owned(), source })?;
        Ok(TunnelStream::new(upgraded))
    }

    /// Tells of agents that come and go from now on. A receiver that falls behind by 256 events sees
    /// `RecvError::Lagged`: look at [`Hub::agents`] then.
    pub fn events(&self) -> broadcast::Receiver<HubEvent> {
        self.inner.events.subscribe()
    }

    /// The agents of `cluster`, the one that gets new requests first.
    pub fn agents(&self, cluster: &str) -> Vec<AgentInfo> {
        let connections = self.lock();
        let mut agents: Vec<AgentInfo> = Vec::new();
        for (_, connection) in connections.get(cluster).into_iter().flatten() {
            match agents.iter_mut().find(|agent| agent.hello.agent_id == connection.hello.agent_id) {
                Some(agent) => {
                    agent.since = agent.since.min(connection.since);
                    agent.peer = connection.peer;
                    if !agent.lanes.contains(&connection.lane) {
                        agent.lanes.push(connection.lane);
                    }
                }
                None => agents.push(AgentInfo {
                    hello: connection.hello.clone(),
                    lanes: vec![connection.lane],
                    peer: connection.peer,
                    since: connection.since,
                }),
            }
        }
        for agent in &mut agents {
            agent.lanes.sort();
        }
        agents.sort_by_key(|agent| Reverse(agent.hello.started_ms));
        agents
    }

    /// The clusters that have an agent connected.
    pub fn clusters(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    /// Ends every connection of `cluster` at once, and with them every stream through them. It may dial again
    /// unless [`crate::ServerTls`] refuses it.
    pub fn disconnect(&self, cluster: &str) {
        for (_, connection) in self.lock().get(cluster).into_iter().flatten() {
            connection.close.cancel();
        }
    }

    pub(crate) fn register(&self, connection: Connection) -> u64 {
        let id = self.inner.next.fetch_add(1, Ordering::Relaxed);
        let event = (connection.lane == Lane::Control).then(|| HubEvent::AgentConnected {
            cluster: connection.cluster.clone(),
            agent_id: connection.hello.agent_id.clone(),
            version: connection.hello.version.clone(),
        });
        {
            let mut connections = self.lock();
            let of_cluster = connections.entry(connection.cluster.clone()).or_default();
            let mut same_lane = of_cluster.iter().filter(|(_, other)| other.lane == connection.lane);
            if same_lane.clone().count() >= CONNECTIONS
                && let Some((_, oldest)) = same_lane.next()
            {
                oldest.close.cancel();
            }
            of_cluster.push((id, connection));
        }
        self.inner.changed.send_replace(());
        if let Some(event) = event {
            // Nobody listening is no failure: what is connected can be asked for.
            let _ = self.inner.events.send(event);
        }
        id
    }

    pub(crate) fn unregister(&self, cluster: &str, id: u64) {
        let gone = {
            let mut connections = self.lock();
            let Some(of_cluster) = connections.get_mut(cluster) else { return };
            let Some(at) = of_cluster.iter().position(|(other, _)| *other == id) else { return };
            let (_, connection) = of_cluster.remove(at);
            let agent_id = connection.hello.agent_id;
            let last = connection.lane == Lane::Control
                && !of_cluster
                    .iter()
                    .any(|(_, other)| other.lane == Lane::Control && other.hello.agent_id == agent_id);
            if of_cluster.is_empty() {
                connections.remove(cluster);
            }
            last.then(|| HubEvent::AgentGone { cluster: cluster.to_owned(), agent_id })
        };
        if let Some(event) = gone {
            let _ = self.inner.events.send(event);
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<(u64, Connection)>>> {
        self.inner.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives a request the form that HTTP/2 wants.
fn prepare(cluster: &str, mut request: Request<Body>) -> Result<Request<Body>, TunnelError> {
    let bad = |source: BoxError| TunnelError::Request { cluster: cluster.to_owned(), source };
    *request.version_mut() = Version::HTTP_2;
    if request.method() != Method::CONNECT && request.uri().authority().is_none() {
        let mut parts = std::mem::take(request.uri_mut()).into_parts();
        parts.scheme = Some(http::uri::Scheme::HTTP);
        parts.authority = Some(http::uri::Authority::from_static(AGENT_AUTHORITY));
        *request.uri_mut() = Uri::from_parts(parts).map_err(|error| bad(error.into()))?;
    }
    // RFC 9113, section 8.2.2: these mean nothing in HTTP/2, and a peer must refuse them.
    for name in [
        http::header::CONNECTION,
        http::header::TRANSFER_ENCODING,
        http::header::UPGRADE,
        http::header::HeaderName::from_static("keep-alive"),
        http::header::HeaderName::from_static("proxy-connection"),
        http::header::HOST,
    ] {
        request.headers_mut().remove(name);
    }
    Ok(request)
}
