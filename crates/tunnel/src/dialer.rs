//! The agent's end: keeping every lane up.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::client::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::backoff::pause;
use crate::body::{Body, empty};
use crate::executor::Tracked;
use crate::hello::{self, AgentHello, HELLO_LIMIT, HELLO_PATH, REFUSED_PATH};
use crate::path::{PathError, admitted, dial};
use crate::proxy::Proxy;
use crate::tls::{Identity, client_config};
use crate::{Lane, Timings, limits};

/// How long a replaced connection still takes requests: the server knows the new one by then.
const OVERLAP: Duration = Duration::from_secs(2);

/// What an agent answers with.
#[async_trait]
pub trait Service: Send + Sync + 'static {
    /// Answers one request that came on `lane`. Tasks that outlive the answer (a CONNECT's bytes) belong to the
    /// service.
    async fn handle(&self, lane: Lane, request: Request<Incoming>) -> Response<Body>;
}

/// How to reach the server.
#[derive(Debug, Clone)]
pub struct DialerConfig {
    /// `host:port` of the tunnel listener.
    pub server: String,
    /// Through which proxy.
    pub proxy: Option<Proxy>,
    /// Who this agent is.
    pub hello: AgentHello,
    /// Pings and pauses.
    pub timings: Timings,
    /// After the end was asked for: how long streams that are open may go on.
    pub drain: Duration,
}

/// The state of one lane.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LaneStatus {
    /// Whether the server has accepted the connection.
    pub connected: bool,
    /// Why it is not there, in words.
    pub trouble: Option<String>,
    /// The server refused this agent's certificate: dialling on with the same one is of no use.
    pub refused: bool,
    /// How often the server accepted a connection of this lane since the agent began.
    pub connections: u64,
}

/// The state of all lanes, in the order of [`Lane::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DialerStatus {
    /// One for each lane.
    pub lanes: [LaneStatus; 3],
}

impl DialerStatus {
    /// The state of one lane.
    pub fn lane(&self, lane: Lane) -> &LaneStatus {
        &self.lanes[lane.index()]
    }

    /// Whether every lane is up.
    pub fn connected(&self) -> bool {
        self.lanes.iter().all(|lane| lane.connected)
    }

    /// Whether the server refused this agent's certificate.
    pub fn refused(&self) -> bool {
        self.lanes.iter().any(|lane| lane.refused)
    }

    /// What is wrong, if anything; a refusal before anything else.
    pub fn trouble(&self) -> Option<&str> {
        let refused = self.lanes.iter().filter(|lane| lane.refused);
        refused.chain(&self.lanes).find_map(|lane| lane.trouble.as_deref())
    }
}

/// Keeps all lanes of one agent connected.
#[derive(Debug)]
pub struct Dialer {
    config: DialerConfig,
    identity: watch::Receiver<Identity>,
    status: watch::Sender<DialerStatus>,
}

impl Dialer {
    /// A dialler, and where to see how it fares. When `identity` changes, every lane is dialled anew with it
    /// before its old connection is let go.
    pub fn new(
        config: DialerConfig,
        identity: watch::Receiver<Identity>,
    ) -> (Dialer, watch::Receiver<DialerStatus>) {
        let (status, seen) = watch::channel(DialerStatus::default());
        (Dialer { config, identity, status }, seen)
    }

    /// Dials until `cancel`. Then tells the server that no new requests are wanted, lets open streams go on for
    /// [`DialerConfig::drain`] at most, and returns when nothing of it is left.
    pub async fn run(self, service: Arc<dyn Service>, cancel: CancellationToken) {
        let tasks = TaskTracker::new();
        let mut lanes = JoinSet::new();
        for lane in Lane::ALL {
            let dialling = LaneDialer {
                lane,
                config: self.config.clone(),
                identity: self.identity.clone(),
                status: self.status.clone(),
                service: service.clone(),
                cancel: cancel.clone(),
                tasks: tasks.clone(),
            };
            lanes.spawn(dialling.run());
        }
        while lanes.join_next().await.is_some() {}
        tasks.close();
        tasks.wait().await;
    }
}

struct LaneDialer {
    lane: Lane,
    config: DialerConfig,
    identity: watch::Receiver<Identity>,
    status: watch::Sender<DialerStatus>,
    service: Arc<dyn Service>,
    cancel: CancellationToken,
    tasks: TaskTracker,
}

/// What the server made of a connection.
#[derive(Clone, Default)]
struct Greeting(Arc<Mutex<Met>>);

#[derive(Default)]
struct Met {
    /// It asked who is there.
    asked: bool,
    /// Why it does not take this agent.
    refusal: Option<String>,
}

impl Greeting {
    fn met(&self) -> MutexGuard<'_, Met> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the server took the agent, as far as it said.
    fn taken(&self) -> bool {
        let met = self.met();
        met.asked && met.refusal.is_none()
    }
}

/// A connection being served: ends by itself, or gracefully once `drain` is cancelled.
type Carried = Pin<Box<dyn Future<Output = Result<(), hyper::Error>> + Send>>;

impl LaneDialer {
    async fn run(mut self) {
        let mut draining: JoinSet<()> = JoinSet::new();
        let mut failures = 0;
        while !self.cancel.is_cancelled() {
            if failures > 0 {
                let timings = &self.config.timings;
                let wait = pause(failures - 1, timings.backoff_min, timings.backoff_max, rand::random());
                tokio::select! {
                    () = self.cancel.cancelled() => break,
                    Ok(()) = self.identity.changed() => {}
                    () = tokio::time::sleep(wait) => {}
                }
            }
            failures += 1;
            let Some((carried, drain, greeting)) = self.dial().await else { continue };
            if self.hold(carried, drain, &greeting, &mut draining).await {
                // The next pause is short again only after the server had really taken this one.
                failures = if greeting.taken() { 1 } else { failures };
            }
            while draining.try_join_next().is_some() {}
        }
        self.report(LaneStatus::default());
        let _ =
            tokio::time::timeout(self.config.drain, async { while draining.join_next().await.is_some() {} })
                .await;
        draining.shutdown().await;
    }

    /// Serves a connection until it ends (true) or the agent is to end (false, the connection drains). A new
    /// identity replaces the connection without a gap.
    async fn hold(
        &mut self,
        mut carried: Carried,
        mut drain: CancellationToken,
        greeting: &Greeting,
        draining: &mut JoinSet<()>,
    ) -> bool {
        loop {
            tokio::select! {
                ended = &mut carried => {
                    let refusal = greeting.met().refusal.clone();
                    let why = refusal.unwrap_or_else(|| {
                        ended.err().map_or("the server closed the connection".to_owned(), |e| e.to_string())
                    });
                    tracing::info!(lane = %self.lane, why, "tunnel connection ended");
                    self.report(LaneStatus { trouble: Some(why), ..LaneStatus::default() });
                    return true;
                }
                () = self.cancel.cancelled() => {
                    drain.cancel();
                    draining.spawn(finish(carried));
                    return false;
                }
                // Without a sender nobody can change it any more: then this branch sleeps for good.
                Ok(()) = self.identity.changed() => {
                    if let Some((next, next_drain, _)) = self.dial().await {
                        draining.spawn(overlap(carried, drain));
                        (carried, drain) = (next, next_drain);
                    }
                }
            }
        }
    }

    async fn dial(&mut self) -> Option<(Carried, CancellationToken, Greeting)> {
        let identity = self.identity.borrow_and_update().clone();
        let outcome = tokio::select! {
            () = self.cancel.cancelled() => return None,
            outcome = self.path(&identity) => outcome,
        };
        match outcome {
            Ok(tls) => {
                let drain = CancellationToken::new();
                let greeting = Greeting::default();
                Some((self.carry(tls, drain.clone(), greeting.clone()), drain, greeting))
            }
            Err(error) => {
                let refused = matches!(error, PathError::Refused(_));
                tracing::warn!(lane = %self.lane, %error, "the server was not reached");
                self.report(LaneStatus {
                    trouble: Some(error.to_string()),
                    refused,
                    ..LaneStatus::default()
                });
                None
            }
        }
    }

    async fn path(&self, identity: &Identity) -> Result<TlsStream<TcpStream>, PathError> {
        let limit = self.config.timings.connect_timeout;
        let config = client_config(&identity.ca_pem, Some(identity), self.lane.alpn())?;
        let server = &self.config.server;
        let whole = async {
            let mut tls = dial(server, self.config.proxy.as_ref(), config, limit).await?;
            admitted(server, &mut tls, limit).await?;
            Ok(tls)
        };
        // Together: one that shakes hands late and then says nothing must not take the time twice.
        tokio::time::timeout(limit, whole).await.unwrap_or_else(|_| Err(PathError::Timeout(server.clone())))
    }

    fn carry(&self, tls: TlsStream<TcpStream>, drain: CancellationToken, greeting: Greeting) -> Carried {
        let (lane, hello) = (self.lane, self.config.hello.clone());
        let (service, status) = (self.service.clone(), self.status.clone());
        let answer = service_fn(move |request: Request<Incoming>| {
            let (service, greeting) = (service.clone(), greeting.clone());
            let bodyless = request.method() == Method::HEAD;
            let hello = (request.uri().path() == HELLO_PATH).then(|| {
                greeting.met().asked = true;
                report(&status, lane, LaneStatus { connected: true, ..LaneStatus::default() });
                hello::answer(&hello)
            });
            async move {
                let response = match hello {
                    Some(response) => response,
                    None if request.uri().path() == REFUSED_PATH => refused(lane, request, &greeting).await,
                    None => service.handle(lane, request).await,
                };
                // No answer to HEAD has a body (RFC 9110, 9.3.2): over HTTP/2 the other end breaks off a stream that has one.
                Ok::<_, Infallible>(if bodyless { response.map(|_| empty()) } else { response })
            }
        });
        let builder = limits::server(&self.config.timings, Tracked(self.tasks.clone()));
        let connection = builder.serve_connection(TokioIo::new(tls), answer);
        Box::pin(async move {
            tokio::pin!(connection);
            tokio::select! {
                ended = &mut connection => return ended,
                () = drain.cancelled() => {}
            }
            connection.as_mut().graceful_shutdown();
            connection.await
        })
    }

    fn report(&self, lane: LaneStatus) {
        report(&self.status, self.lane, lane);
    }
}

/// The server says why it does not take this agent; it closes the connection next.
async fn refused(lane: Lane, request: Request<Incoming>, greeting: &Greeting) -> Response<Body> {
    let words = match Limited::new(request.into_body(), HELLO_LIMIT).collect().await {
        Ok(body) => String::from_utf8_lossy(&body.to_bytes()).into_owned(),
        Err(error) => error.to_string(),
    };
    tracing::warn!(%lane, why = words, "the server does not take this agent");
    greeting.met().refusal = Some(words);
    Response::new(empty())
}

fn report(status: &watch::Sender<DialerStatus>, lane: Lane, new: LaneStatus) {
    status.send_if_modified(|all| {
        let old = &mut all.lanes[lane.index()];
        let new = LaneStatus { connections: old.connections + u64::from(new.connected), ..new };
        let differs = *old != new;
        *old = new;
        differs
    });
}

/// Keeps a connection that was replaced for the moment the server needs to take the new one, then drains it.
async fn overlap(mut carried: Carried, drain: CancellationToken) {
    tokio::select! {
        _ = &mut carried => return,
        () = tokio::time::sleep(OVERLAP) => drain.cancel(),
    }
    finish(carried).await;
}

async fn finish(carried: Carried) {
    if let Err(error) = carried.await {
        tracing::debug!(%error, "a draining tunnel connection broke");
    }
}
