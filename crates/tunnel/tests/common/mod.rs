//! A server and agents of it in one process, over real sockets and real TLS.
#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::expect_used)]

pub mod path;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use jiff::Timestamp;
use nagaya_tunnel::ca::{Authority, Csr, csr_fingerprint};
use nagaya_tunnel::enrol::{Spent, admit_token};
use nagaya_tunnel::{
    AgentHello, Body, Dialer, DialerConfig, DialerStatus, EnrolError, Enroller, Hub, HubEvent, Identity,
    Issued, Lane, ServerTls, Service, Timings, TunnelStream, body_stream, empty, full, serve_with, splice,
    text,
};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Faster than the real ones, so that tests of lost paths take seconds; a machine that is busy with something else for a
/// second must not look like a lost path all the same.
pub const TIMINGS: Timings = Timings {
    ping_interval: Duration::from_millis(200),
    ping_timeout: Duration::from_millis(2500),
    connect_timeout: Duration::from_secs(3),
    backoff_min: Duration::from_millis(10),
    backoff_max: Duration::from_millis(200),
    lane_idle: Duration::from_secs(300),
};

pub struct Server {
    pub hub: Hub,
    pub address: SocketAddr,
    pub authority: Arc<Authority>,
    pub enroller: Arc<TestEnroller>,
    pub refused: Arc<Mutex<Vec<String>>>,
    pub tls: ServerTls,
    cancel: CancellationToken,
    task: JoinHandle<()>,
}

impl Server {
    pub async fn start() -> Server {
        Server::start_with(Arc::new(Authority::generate(Timestamp::now()).unwrap()), TIMINGS).await
    }

    pub async fn start_with(authority: Arc<Authority>, timings: Timings) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let hub = Hub::new();
        let refused: Arc<Mutex<Vec<String>>> = Arc::default();
        let not_admitted = refused.clone();
        let credential = authority.issue_server(&[], &[], Timestamp::now()).unwrap();
        let tls = ServerTls::new(&credential, &authority.bundle_pem(), move |cluster| {
            !not_admitted.lock().unwrap().iter().any(|name| name == cluster)
        })
        .unwrap();
        let enroller = Arc::new(TestEnroller { authority: authority.clone(), tokens: Mutex::default() });
        let cancel = CancellationToken::new();
        let task = tokio::spawn(serve_with(
            listener,
            tls.clone(),
            hub.clone(),
            enroller.clone(),
            timings,
            cancel.clone(),
        ));
        Server { hub, address, authority, enroller, refused, tls, cancel, task }
    }

    pub fn identity(&self, cluster: &str) -> Identity {
        let csr = Csr::generate().unwrap();
        Identity {
            certificate_pem: self.authority.issue_agent(cluster, &csr.csr_pem, Timestamp::now()).unwrap(),
            key_pem: csr.key_pem,
            ca_pem: self.authority.bundle_pem(),
        }
    }

    /// Uses every lane until all of them are there.
    pub async fn connected(&self, cluster: &str) {
        for _ in 0..6000 {
            for lane in Lane::ALL {
                // A request into a connection that is lost without a word would wait for its pings.
                let _ = tokio::time::timeout(Duration::from_secs(1), self.echo(cluster, lane, "x")).await;
            }
            if self.hub.agents(cluster).first().is_some_and(|agent| agent.lanes.len() == 3) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("never: the agent is connected on every lane");
    }

    pub async fn echo(
        &self,
        cluster: &str,
        lane: Lane,
        words: &str,
    ) -> Result<String, nagaya_tunnel::TunnelError> {
        let request = Request::post("/echo").body(full(words.to_owned())).unwrap();
        let response = self.hub.request(cluster, lane, request).await?;
        let body = response.into_body().collect().await.unwrap_or_default().to_bytes();
        Ok(String::from_utf8(body.to_vec()).unwrap())
    }

    pub async fn stop(self) {
        self.cancel.cancel();
        self.task.await.unwrap();
    }
}

pub struct TestEnroller {
    pub authority: Arc<Authority>,
    pub tokens: Mutex<HashMap<String, (String, Timestamp, Spent)>>,
}

impl TestEnroller {
    pub fn token(&self, cluster: &str, expires: Timestamp) -> String {
        let mut tokens = self.tokens.lock().unwrap();
        let token = format!("token-{}", tokens.len());
        tokens.insert(token.clone(), (cluster.to_owned(), expires, Spent::No));
        token
    }

    fn issue(&self, cluster: &str, csr_pem: &str) -> Result<Issued, EnrolError> {
        let certificate_pem = self
            .authority
            .issue_agent(cluster, csr_pem, Timestamp::now())
            .map_err(|error| EnrolError::Refused(error.to_string()))?;
        Ok(Issued { cluster: cluster.to_owned(), certificate_pem, ca_pem: self.authority.bundle_pem() })
    }
}

#[async_trait]
impl Enroller for TestEnroller {
    async fn enrol(&self, token: &str, csr_pem: &str) -> Result<Issued, EnrolError> {
        let fingerprint = csr_fingerprint(csr_pem).map_err(|error| EnrolError::Refused(error.to_string()))?;
        let cluster = {
            let mut tokens = self.tokens.lock().unwrap();
            let (cluster, expires, spent) =
                tokens.get_mut(token).ok_or_else(|| EnrolError::Refused("unknown join token".into()))?;
            admit_token(spent, *expires, Timestamp::now(), &fingerprint).map_err(EnrolError::Refused)?;
            *spent = Spent::By(fingerprint);
            cluster.clone()
        };
        self.issue(&cluster, csr_pem)
    }

    async fn renew(&self, cluster: &str, csr_pem: &str) -> Result<Issued, EnrolError> {
        self.issue(cluster, csr_pem)
    }
}

/// What a test agent answers: `/echo`, `/endless`, `/hold` (never reads), `/name`, and CONNECT echoes.
pub struct TestService {
    pub name: String,
    pub open: Arc<AtomicUsize>,
    pub tasks: TaskTracker,
}

struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Service for TestService {
    async fn handle(&self, _lane: Lane, request: Request<Incoming>) -> Response<Body> {
        self.open.fetch_add(1, Ordering::SeqCst);
        let open = Open(self.open.clone());
        if request.method() == Method::CONNECT {
            let authority = request.uri().authority().unwrap().to_string();
            if authority.starts_with("nowhere") {
                return text(StatusCode::NOT_FOUND, "there is no pod of workspace nowhere");
            }
            self.tasks.spawn(async move {
                let _open = open;
                let stream = TunnelStream::new(hyper::upgrade::on(request).await.unwrap());
                if authority.starts_with("silent") {
                    let _kept = stream;
                    std::future::pending::<()>().await;
                } else if authority.starts_with("flood") {
                    let (read, mut write) = tokio::io::split(stream);
                    let _kept = read;
                    let chunk = vec![7; 64 * 1024];
                    while tokio::io::AsyncWriteExt::write_all(&mut write, &chunk).await.is_ok() {}
                } else {
                    let (read, write) = tokio::io::split(stream);
                    let _ = splice(tokio::io::join(read, write), Loop::new()).await;
                }
            });
            return Response::new(empty());
        }
        match request.uri().path() {
            "/echo" => {
                // Who asked may have lost patience.
                match request.into_body().collect().await {
                    Ok(body) => Response::new(full(body.to_bytes())),
                    Err(error) => text(StatusCode::BAD_REQUEST, error.to_string()),
                }
            }
            "/endless" => {
                let chunks = futures::stream::unfold(open, |open| async move {
                    Some((Ok::<_, std::io::Error>(Bytes::from(vec![1; 16 * 1024])), open))
                });
                Response::new(body_stream(chunks))
            }
            "/silent" => {
                let chunks = futures::stream::once(async move {
                    let _open = open;
                    std::future::pending::<Result<Bytes, std::io::Error>>().await
                });
                Response::new(body_stream(chunks))
            }
            "/hold" => {
                let _body = request.into_body();
                let _open = open;
                std::future::pending().await
            }
            "/name" => Response::new(full(self.name.clone())),
            _ => text(StatusCode::NOT_FOUND, "no such path"),
        }
    }
}

/// A stream that gives back what is written to it.
pub struct Loop {
    read: tokio::io::SimplexStream,
}

impl Loop {
    #[allow(clippy::new_ret_no_self)]
    pub fn new() -> tokio::io::Join<
        tokio::io::ReadHalf<tokio::io::SimplexStream>,
        tokio::io::WriteHalf<tokio::io::SimplexStream>,
    > {
        let (read, write) = tokio::io::simplex(64 * 1024);
        tokio::io::join(read, write)
    }
}

static STARTED: AtomicI64 = AtomicI64::new(1);

pub struct Agent {
    pub id: String,
    pub status: watch::Receiver<DialerStatus>,
    pub identity: watch::Sender<Identity>,
    pub open: Arc<AtomicUsize>,
    cancel: CancellationToken,
    task: JoinHandle<()>,
    tasks: TaskTracker,
}

impl Agent {
    /// Each agent counts as begun after the one before it.
    pub fn start(name: &str, server: SocketAddr, identity: Identity) -> Agent {
        Agent::start_with(name, server, identity, TIMINGS)
    }

    pub fn start_with(name: &str, server: SocketAddr, identity: Identity, timings: Timings) -> Agent {
        let started_ms = STARTED.fetch_add(1, Ordering::SeqCst);
        let config = DialerConfig {
            server: server.to_string(),
            proxy: None,
            hello: AgentHello {
                agent_id: name.to_owned(),
                version: "test".to_owned(),
                started_ms,
                cluster_uid: String::new(),
            },
            timings,
            drain: Duration::from_secs(30),
        };
        let (identity, seen) = watch::channel(identity);
        let (dialer, status) = Dialer::new(config, seen);
        let cancel = CancellationToken::new();
        let open = Arc::new(AtomicUsize::new(0));
        let tasks = TaskTracker::new();
        let service = TestService { name: name.to_owned(), open: open.clone(), tasks: tasks.clone() };
        let task = tokio::spawn(dialer.run(Arc::new(service), cancel.clone()));
        Agent { id: name.to_owned(), status, identity, open, cancel, task, tasks }
    }

    /// Asks it to end, as SIGTERM would.
    pub fn retire(&self) {
        self.cancel.cancel();
    }

    pub async fn ended(self) {
        self.task.await.unwrap();
        self.tasks.close();
        self.tasks.wait().await;
    }

    pub async fn stop(self) {
        self.retire();
        self.ended().await;
    }
}

/// Waits until a condition holds. Fails loudly after a minute, which no healthy run comes near.
pub async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..6000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

pub async fn next_event(events: &mut tokio::sync::broadcast::Receiver<HubEvent>) -> HubEvent {
    tokio::time::timeout(Duration::from_secs(60), events.recv()).await.expect("an event").unwrap()
}
