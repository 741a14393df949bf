//! The agent's end: keeping the control lane up, and the others while they are needed.

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
use tokio::time::Instant;
use tokio_rustls::client::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::backoff::pause;
use crate::body::{Body, empty};
use crate::executor::Tracked;
use crate::hello::{self, AgentHello, HELLO_LIMIT, HELLO_PATH, REFUSED_PATH};
use crate::path::{PathError, admitted, dial};
use crate::proxy::Proxy;
use crate::status::{DialerStatus, LaneStatus, report};
use crate::tls::{Identity, client_config};
use crate::wish::Wishes;
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

/// Keeps the lanes of one agent connected.
#[derive(Debug)]
pub struct Dialer {
    config: DialerConfig,
    identity: watch::Receiver<Identity>,
    status: watch::Sender<DialerStatus>,
}

impl Dialer {
    /// A dialler, and where to see how it fares. When `identity` changes, every lane that is up is dialled anew with it
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
        let wishes = watch::Sender::new(Wishes::default());
        for lane in Lane::ALL {
            let dialling = LaneDialer {
                lane,
                config: self.config.clone(),
                identity: self.identity.clone(),
                status: self.status.clone(),
                wishes: wishes.clone(),
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
    wishes: watch::Sender<Wishes>,
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
    /// When it last asked anything.
    used: Option<Instant>,
    /// Why it does not take this agent.
    refusal: Option<String>,
}

impl Greeting {
    fn met(&self) -> MutexGuard<'_, Met> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the server last asked anything.
    fn used(&self) -> Option<Instant> {
        self.met().used
    }

    /// Counts as used now.
    fn rest(&self) {
        self.met().used = Some(Instant::now());
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
        loop {
            if !self.is_wanted() {
                self.report(LaneStatus::default());
                failures = 0;
            }
            if !self.wanted().await {
                break;
            }
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
            let Some(dialled) = self.dial().await else { continue };
            let (ended, greeting) = self.hold(dialled, &mut draining).await;
            if ended {
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

    /// Whether this lane is to be dialled now.
    fn is_wanted(&self) -> bool {
        self.wishes.borrow().wants(self.lane, Instant::now())
    }

    /// Waits until this lane is to be dialled; false: the agent is to end.
    async fn wanted(&self) -> bool {
        let mut wishes = self.wishes.subscribe();
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => false,
            wanted = wishes.wait_for(|wishes| wishes.wants(self.lane, Instant::now())) => wanted.is_ok(),
        }
    }

    /// Serves a connection until it ends (true), or until it only drains (false): the agent is to end, or nobody used it
    /// for long. A new identity replaces the connection without a gap, and so does a server that asks for the lane
    /// although it is here: it has lost it, and this end was not told.
    async fn hold(
        &mut self,
        (mut carried, mut drain, greeting): (Carried, CancellationToken, Greeting),
        draining: &mut JoinSet<()>,
    ) -> (bool, Greeting) {
        let mut greeting = greeting;
        let mut begun = Instant::now();
        let mut wishes = self.wishes.subscribe();
        loop {
            let missed = wishes.wait_for(|wishes| wishes.asked_after(self.lane, begun + OVERLAP));
            let replaced = tokio::select! {
                ended = &mut carried => {
                    let refusal = greeting.met().refusal.clone();
                    let why = refusal.unwrap_or_else(|| {
                        ended.err().map_or("the server closed the connection".to_owned(), |e| e.to_string())
                    });
                    tracing::info!(lane = %self.lane, why, "tunnel connection ended");
                    self.report(LaneStatus { trouble: Some(why), ..LaneStatus::default() });
                    return (true, greeting);
                }
                () = self.cancel.cancelled() => false,
                () = tokio::time::sleep_until(greeting.used().unwrap_or(begun) + self.config.timings.lane_idle),
                    if self.lane != Lane::Control => {
                    while draining.try_join_next().is_some() {}
                    let unused = greeting.used().unwrap_or(begun) + self.config.timings.lane_idle <= Instant::now();
                    // One that drains beside it still has streams: there is no end to how many would come to do so.
                    if !unused || !draining.is_empty() || self.wishes.borrow().always(self.lane) {
                        greeting.rest();
                        continue;
                    }
                    tracing::info!(lane = %self.lane, "nobody uses this lane: it is let go until it is asked for");
                    self.report(LaneStatus::default());
                    false
                }
                // Without a sender nobody can change it any more: then this branch sleeps for good.
                Ok(()) = self.identity.changed() => true,
                Ok(_) = missed => true,
            };
            if !replaced {
                drain.cancel();
                draining.spawn(finish(carried));
                return (false, greeting);
            }
            begun = Instant::now();
            if let Some((next, next_drain, next_greeting)) = self.dial().await {
                draining.spawn(overlap(carried, drain));
                (carried, drain, greeting) = (next, next_drain, next_greeting);
                begun = Instant::now();
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
        let (service, status, wishes) = (self.service.clone(), self.status.clone(), self.wishes.clone());
        let answer = service_fn(move |request: Request<Incoming>| {
            let (service, greeting) = (service.clone(), greeting.clone());
            let bodyless = request.method() == Method::HEAD;
            greeting.rest();
            let path = request.uri().path();
            let answered = if path == HELLO_PATH {
                greeting.met().asked = true;
                report(&status, lane, LaneStatus { connected: true, ..LaneStatus::default() });
                wishes.send_modify(|wishes| wishes.met(lane, hello::asks_for_lanes(&request)));
                Some(hello::answer(&hello))
            } else if let Some(wanted) = hello::asked_lane(path) {
                wishes.send_modify(|wishes| wishes.ask(wanted, Instant::now()));
                Some(Response::new(empty()))
            } else {
                None
            };
            async move {
                let response = match answered {
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
