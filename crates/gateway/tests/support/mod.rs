//! The whole way in one process: a web server with the gateway, the real tunnel, an agent, and what stands behind it.
#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    Router,
    body::Body as AxumBody,
    extract::{Request as AxumRequest, ws::WebSocketUpgrade},
    routing::any,
};
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use nagaya_api::agent::{KUBERNETES_AUTHORITY, KUBERNETES_PATH, parse_workspace_authority};
use nagaya_gateway::{CloseReason, Identity as Caller, PodTarget, StreamInfo, StreamKind, Streams, Target};
use nagaya_tunnel::{
    AgentHello, Body, Dialer, DialerConfig, EnrolError, Enroller, Hub, Identity, Issued, Lane, ServerTls,
    Service, Timings, TunnelStream,
    ca::{Authority, Csr},
    empty, splice, text, wrap,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// What an upstream saw of a request.
#[derive(Clone, Debug, Default)]
pub struct Saw {
    pub lane: Option<Lane>,
    pub path: String,
    pub headers: BTreeMap<String, String>,
}

/// An agent that passes on as the real one does, but impersonates nobody.
pub struct FakeAgent {
    /// The Kubernetes API.
    pub kubernetes: SocketAddr,
    /// Desktops by workspace.
    pub desktops: Arc<Mutex<BTreeMap<String, SocketAddr>>>,
    pub saw: Arc<Mutex<Vec<Saw>>>,
    pub tasks: TaskTracker,
}

impl FakeAgent {
    async fn forward<B>(
        kubernetes: SocketAddr,
        mut request: Request<B>,
        tasks: &TaskTracker,
    ) -> Response<Incoming>
    where
        B: http_body::Body<Data = bytes::Bytes> + Send + 'static + Unpin,
        B::Error: Into<nagaya_tunnel::BoxError>,
    {
        let path = request.uri().path_and_query().unwrap().as_str();
        *request.uri_mut() = path.strip_prefix(KUBERNETES_PATH).unwrap().parse().unwrap();
        *request.version_mut() = http::Version::HTTP_11;
        request.headers_mut().insert("host", "kubernetes".parse().unwrap());
        let tcp = TcpStream::connect(kubernetes).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(tcp)).await.unwrap();
        tasks.spawn(async move {
            let _ = connection.with_upgrades().await;
        });
        sender.send_request(request).await.unwrap()
    }

    fn note(saw: &Mutex<Vec<Saw>>, lane: Lane, request: &Request<Incoming>) {
        let headers = request.headers().iter();
        saw.lock().unwrap().push(Saw {
            lane: Some(lane),
            path: request.uri().to_string(),
            headers: headers
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                .collect(),
        });
    }
}

#[async_trait]
impl Service for FakeAgent {
    async fn handle(&self, lane: Lane, request: Request<Incoming>) -> Response<Body> {
        if request.method() != Method::CONNECT {
            Self::note(&self.saw, lane, &request);
            return Self::forward(self.kubernetes, request, &self.tasks).await.map(wrap);
        }
        let authority = request.uri().authority().unwrap().to_string();
        let tasks = self.tasks.clone();
        if authority == KUBERNETES_AUTHORITY {
            let (kubernetes, saw) = (self.kubernetes, self.saw.clone());
            self.tasks.spawn(async move {
                let stream = TunnelStream::new(hyper::upgrade::on(request).await.unwrap());
                let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
                    let (tasks, saw) = (tasks.clone(), saw.clone());
                    async move {
                        Self::note(&saw, lane, &request);
                        let server = hyper::upgrade::on(&mut request);
                        let mut response = Self::forward(kubernetes, request, &tasks).await;
                        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                            let cluster = hyper::upgrade::on(&mut response);
                            tasks.spawn(async move {
                                let (server, cluster) = tokio::try_join!(server, cluster).unwrap();
                                let _ = splice(TokioIo::new(server), TokioIo::new(cluster)).await;
                            });
                        }
                        Ok::<_, std::convert::Infallible>(response)
                    }
                });
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .with_upgrades()
                    .await;
            });
            return Response::new(empty());
        }
        let (workspace, _, _) = parse_workspace_authority(&authority).unwrap();
        let Some(desktop) = self.desktops.lock().unwrap().get(workspace).copied() else {
            return text(StatusCode::NOT_FOUND, "no such workspace");
        };
        let Ok(desktop) = TcpStream::connect(desktop).await else {
            return text(StatusCode::BAD_GATEWAY, "it does not answer");
        };
        desktop.set_nodelay(true).unwrap();
        self.tasks.spawn(async move {
            let stream = TunnelStream::new(hyper::upgrade::on(request).await.unwrap());
            let _ = splice(stream, desktop).await;
        });
        Response::new(empty())
    }
}

struct NoEnroller;

#[async_trait]
impl Enroller for NoEnroller {
    async fn enrol(&self, _token: &str, _csr_pem: &str) -> Result<Issued, EnrolError> {
        Err(EnrolError::Refused("not here".into()))
    }

    async fn renew(&self, _cluster: &str, _csr_pem: &str) -> Result<Issued, EnrolError> {
        Err(EnrolError::Refused("not here".into()))
    }
}

/// Everything, running.
pub struct World {
    pub web: SocketAddr,
    pub hub: Hub,
    pub streams: Streams,
    pub desktops: Arc<Mutex<BTreeMap<String, SocketAddr>>>,
    pub saw: Arc<Mutex<Vec<Saw>>>,
    pub agent: CancellationToken,
    _tasks: JoinSet<()>,
}

pub const PREFIX: &str = "/api/v1alpha1/clusters/java/kubernetes";

fn info(kind: StreamKind) -> StreamInfo {
    StreamInfo {
        kind,
        user: "dev-01".into(),
        session: "s1".into(),
        cluster: "java".into(),
        workspace: (kind == StreamKind::Desktop).then(|| "java-1".into()),
        since: Timestamp::UNIX_EPOCH,
    }
}

fn web(hub: Hub, streams: Streams) -> Router {
    let caller = || Caller::new("dev-01", ["team:java"]).unwrap();
    let (desktop_hub, desktop_streams) = (hub.clone(), streams.clone());
    let desktop = move |upgrade: WebSocketUpgrade, stopped: bool| {
        let guard = desktop_streams.open(info(StreamKind::Desktop));
        if stopped {
            guard.end(CloseReason::WorkspaceStopped);
        }
        let target = Target {
            cluster: "java".into(),
            namespace: "java".into(),
            workspace: "java-1".into(),
            service: None,
            port: 5901,
        };
        nagaya_gateway::desktop(upgrade, target, desktop_hub.clone(), guard)
    };
    let stopped = desktop.clone();
    let (exec_hub, exec_streams) = (hub.clone(), streams.clone());
    Router::new()
        .route("/desktop", any(move |upgrade: WebSocketUpgrade| desktop(upgrade, false)))
        .route("/stopped", any(move |upgrade: WebSocketUpgrade| stopped(upgrade, true)))
        .route(
            "/exec",
            any(move |request: AxumRequest| {
                let guard = exec_streams.open(info(StreamKind::Exec));
                let hub = exec_hub.clone();
                async move {
                    let target = PodTarget {
                        cluster: "java".into(),
                        namespace: "java".into(),
                        pod: "java-1-0".into(),
                        container: String::new(),
                    };
                    nagaya_gateway::exec(request, &target, &caller(), &hub, guard).await
                }
            }),
        )
        .fallback(move |request: Request<AxumBody>| {
            let guard = streams.open(info(StreamKind::Kubernetes));
            let hub = hub.clone();
            async move { nagaya_gateway::kubernetes(request, PREFIX, "java", &caller(), &hub, guard).await }
        })
}

impl World {
    /// With `kubernetes` as the cluster's API server.
    pub async fn start(kubernetes: Router) -> World {
        let mut tasks = JoinSet::new();
        let upstream = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let kubernetes_address = upstream.local_addr().unwrap();
        tasks.spawn(async move { axum::serve(upstream, kubernetes).await.unwrap() });

        let authority = Authority::generate(Timestamp::now()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let hub = Hub::new();
        let credential = authority.issue_server(&[], &[], Timestamp::now()).unwrap();
        let tls = ServerTls::new(&credential, &authority.bundle_pem(), |_| true).unwrap();
        let cancel = CancellationToken::new();
        tasks.spawn(nagaya_tunnel::serve(listener, tls, hub.clone(), Arc::new(NoEnroller), cancel));

        let csr = Csr::generate().unwrap();
        let identity = Identity {
            certificate_pem: authority.issue_agent("java", &csr.csr_pem, Timestamp::now()).unwrap(),
            key_pem: csr.key_pem,
            ca_pem: authority.bundle_pem(),
        };
        let (identity_kept, seen) = watch::channel(identity);
        let config = DialerConfig {
            server: address.to_string(),
            proxy: None,
            hello: AgentHello {
                agent_id: "a".into(),
                version: "test".into(),
                started_ms: 1,
                cluster_uid: String::new(),
            },
            timings: Timings::default(),
            drain: Duration::from_millis(10),
        };
        let (dialer, _) = Dialer::new(config, seen);
        let (desktops, saw) = (Arc::default(), Arc::default());
        let service = FakeAgent {
            kubernetes: kubernetes_address,
            desktops: Arc::clone(&desktops),
            saw: Arc::clone(&saw),
            tasks: TaskTracker::new(),
        };
        let agent = CancellationToken::new();
        let over = agent.clone();
        tasks.spawn(async move {
            let _kept = identity_kept;
            dialer.run(Arc::new(service), over).await;
        });

        let streams = Streams::new();
        let front = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let front_address = front.local_addr().unwrap();
        let router = web(hub.clone(), streams.clone());
        tasks.spawn(async move {
            use axum::serve::ListenerExt;
            let front = front.tap_io(|tcp| tcp.set_nodelay(true).unwrap());
            axum::serve(front, router).await.unwrap();
        });
        let world = World { web: front_address, hub, streams, desktops, saw, agent, _tasks: tasks };
        world.eventually("the agent is connected", || !world.hub.agents("java").is_empty()).await;
        world
    }

    pub async fn eventually(&self, what: &str, mut holds: impl FnMut() -> bool) {
        for _ in 0..6000 {
            if holds() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("never: {what}");
    }

    /// Sends one request to the gateway.
    pub async fn send(&self, request: Request<AxumBody>) -> Response<Incoming> {
        let tcp = TcpStream::connect(self.web).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(tcp)).await.unwrap();
        tokio::spawn(async move {
            let _ = connection.with_upgrades().await;
        });
        sender.send_request(request).await.unwrap()
    }

    pub fn seen(&self) -> Vec<Saw> {
        self.saw.lock().unwrap().clone()
    }

    pub fn last_seen(&self) -> Saw {
        self.saw.lock().unwrap().last().cloned().unwrap()
    }
}
