//! The reconcilers with a real store and a real tunnel; the agent and the provider behind them are played.
#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use futures::stream::BoxStream;
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use jiff::Timestamp;
use nagaya_api::{
    Resource,
    agent::{
        AGENT_PATH, AgentUpdate, CHARTS_PATH, FAREWELL_PATH, Intent, IntentAck, Report, WorkspaceObservation,
    },
};
use nagaya_control::{
    Admitted, AgentUpdates, Ca, ClusterOrder, ClusterProvider, Control, ControlHandle, ControlSettings,
    ProviderError, ProviderPhase, ProviderState, StoreEnroller, intent::IntentSettings, model::Figures,
};
use nagaya_store::{Store, Writer};
use nagaya_tunnel::{
    AgentHello, Body, Dialer, DialerConfig, Enroller, Hub, Identity, Lane, ServerTls, Service, Timings,
    body_stream, ca::Csr, empty, full,
};
use tokio::{
    net::TcpListener,
    sync::{broadcast, watch},
    task::JoinSet,
};
use tokio_stream::wrappers::{BroadcastStream, UnboundedReceiverStream};
use tokio_util::sync::CancellationToken;

pub fn now() -> Timestamp {
    Timestamp::now()
}

pub fn writer() -> Writer {
    Writer::system("test", now())
}

/// Waits until a condition holds. Fails loudly after a minute, which no healthy run comes near.
pub async fn eventually<T>(what: &str, mut holds: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..6000 {
        if let Some(found) = holds().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

/// What a played agent holds and says.
pub struct Played {
    pub held: Mutex<Option<Intent>>,
    pub puts: Mutex<Vec<Intent>>,
    /// What is told first to whoever listens.
    pub picture: Mutex<Vec<Report>>,
    pub reports: broadcast::Sender<Report>,
    /// What it says its version is.
    pub version: Mutex<String>,
    /// What it was told to become.
    pub updates: Mutex<Vec<AgentUpdate>>,
    /// Archives of charts by their digests.
    pub charts: Mutex<BTreeMap<String, Vec<u8>>>,
    /// Why it takes no intent.
    pub refuses: Mutex<Option<&'static str>>,
}

impl Played {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            held: Mutex::default(),
            puts: Mutex::default(),
            picture: Mutex::default(),
            reports: broadcast::Sender::new(100),
            version: Mutex::new("test".to_owned()),
            updates: Mutex::default(),
            charts: Mutex::default(),
            refuses: Mutex::default(),
        })
    }

    pub fn tell(&self, report: Report) {
        self.picture.lock().unwrap().push(report.clone());
        let _ = self.reports.send(report);
    }

    pub fn workspace(&self, observation: WorkspaceObservation) {
        self.tell(Report::Workspace(observation));
    }

    /// Says that what is held was carried out.
    pub fn applied(&self) {
        let held = self.held.lock().unwrap().clone().unwrap();
        let (revision, hash) = (held.revision, held.hash);
        self.tell(Report::Applied {
            revision,
            hash,
            errors: Vec::new(),
            unconfirmed: Vec::new(),
            applied: 0,
        });
    }

    pub fn put_count(&self) -> usize {
        self.puts.lock().unwrap().len()
    }

    /// The object of this kind and name in the intent that is held.
    pub fn object(&self, kind: &str, name: &str) -> Option<serde_json::Value> {
        let held = self.held.lock().unwrap();
        held.as_ref()?
            .objects
            .iter()
            .find(|one| one["kind"] == kind && one["metadata"]["name"] == name)
            .cloned()
    }
}

fn line(report: &Report) -> Result<bytes::Bytes, std::io::Error> {
    let mut line = serde_json::to_vec(report).unwrap();
    line.push(b'\n');
    Ok(line.into())
}

struct Answers(Arc<Played>);

#[async_trait]
impl Service for Answers {
    async fn handle(&self, lane: Lane, request: Request<Incoming>) -> Response<Body> {
        assert_eq!(lane, Lane::Control);
        if let Some(digest) = request.uri().path().strip_prefix(&format!("{CHARTS_PATH}/")) {
            let digest = digest.to_owned();
            let put = request.method() == Method::PUT;
            let body = request.into_body().collect().await.unwrap().to_bytes();
            let mut charts = self.0.charts.lock().unwrap();
            if put {
                charts.insert(digest.clone(), body.to_vec());
            }
            let mut answer = Response::new(empty());
            if !charts.contains_key(&digest) {
                *answer.status_mut() = StatusCode::NOT_FOUND;
            }
            return answer;
        }
        if request.method() == Method::GET && request.uri().path() == FAREWELL_PATH {
            return Response::new(empty());
        }
        if request.method() == Method::PUT {
            let path = request.uri().path().to_owned();
            let body = request.into_body().collect().await.unwrap().to_bytes();
            if path == AGENT_PATH {
                self.0.updates.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
                return Response::new(empty());
            }
            if let Some(why) = *self.0.refuses.lock().unwrap() {
                let mut answer = Response::new(full(why));
                *answer.status_mut() = StatusCode::INSUFFICIENT_STORAGE;
                return answer;
            }
            let intent: Intent = serde_json::from_slice(&body).unwrap();
            assert_eq!(intent.hash, Intent::hash_of(&intent.objects, &intent.purge, &intent.releases));
            let ack = IntentAck { revision: intent.revision, hash: intent.hash.clone() };
            self.0.puts.lock().unwrap().push(intent.clone());
            *self.0.held.lock().unwrap() = Some(intent);
            return Response::new(full(serde_json::to_vec(&ack).unwrap()));
        }
        use tokio_stream::StreamExt;
        let changes = BroadcastStream::new(self.0.reports.subscribe());
        let held = self.0.held.lock().unwrap().clone();
        let hello = Report::Hello {
            agent_id: "a".into(),
            agent_version: self.0.version.lock().unwrap().clone(),
            kubernetes_version: "v1.20.2".into(),
            incarnation: held.as_ref().map(|one| one.incarnation.clone()).unwrap_or_default(),
            revision: held.as_ref().map(|one| one.revision).unwrap_or_default(),
            hash: held.map(|one| one.hash).unwrap_or_default(),
        };
        let mut first = vec![hello];
        first.extend(self.0.picture.lock().unwrap().iter().cloned());
        first.push(Report::Synced);
        let first: Vec<_> = first.iter().map(line).collect();
        let rest = changes.map(|report| line(&report.unwrap()));
        Response::new(body_stream(tokio_stream::iter(first).chain(rest)))
    }
}

/// A played provider: what it was asked, and what it says.
#[derive(Default)]
pub struct PlayedProvider {
    pub asked: Mutex<Vec<String>>,
    pub orders: Mutex<Vec<ClusterOrder>>,
    pub fail: Mutex<Option<String>>,
    states: Mutex<Vec<tokio::sync::mpsc::UnboundedSender<ProviderState>>>,
}

impl PlayedProvider {
    pub fn say(&self, cluster: &str, phase: ProviderPhase) {
        let state = ProviderState {
            name: cluster.into(),
            phase,
            since: now(),
            message: String::new(),
            version: "v1.20.2".into(),
            components: Vec::new(),
        };
        for listener in self.states.lock().unwrap().iter() {
            let _ = listener.send(state.clone());
        }
    }
}

#[async_trait]
impl ClusterProvider for PlayedProvider {
    async fn ensure(&self, order: ClusterOrder) -> Result<(), ProviderError> {
        self.asked.lock().unwrap().push(format!("ensure {} join {}", order.name, order.join.is_some()));
        self.orders.lock().unwrap().push(order.clone());
        match self.fail.lock().unwrap().take() {
            Some(why) => Err(ProviderError(why)),
            None => {
                self.say(&order.name, ProviderPhase::Running);
                Ok(())
            }
        }
    }

    async fn stop(&self, cluster: &str) -> Result<(), ProviderError> {
        self.asked.lock().unwrap().push(format!("stop {cluster}"));
        self.say(cluster, ProviderPhase::Stopped);
        Ok(())
    }

    async fn delete(&self, cluster: &str) -> Result<(), ProviderError> {
        self.asked.lock().unwrap().push(format!("delete {cluster}"));
        Ok(())
    }

    fn states(&self) -> BoxStream<'static, ProviderState> {
        let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
        self.states.lock().unwrap().push(sender);
        Box::pin(UnboundedReceiverStream::new(receiver))
    }
}

/// A server, as far as this crate goes.
pub struct Server {
    pub store: Store,
    pub hub: Hub,
    pub ca: Ca,
    pub admitted: Admitted,
    pub provider: Arc<PlayedProvider>,
    pub tunnel: std::net::SocketAddr,
    /// What has agents updated.
    pub updates: Option<Arc<dyn AgentUpdates>>,
    control: Option<(ControlHandle, CancellationToken)>,
    _tasks: JoinSet<()>,
    _dir: tempfile::TempDir,
}

impl Server {
    pub async fn start() -> Server {
        Self::updating(None).await
    }

    /// One that has agents updated.
    pub async fn updating(updates: Option<Arc<dyn AgentUpdates>>) -> Server {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), now()).await.unwrap();
        let ca = Ca::open(store.clone(), now()).await.unwrap();
        let admitted = Admitted::load(&store).await.unwrap();
        let hub = Hub::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let tunnel = listener.local_addr().unwrap();
        let credential = ca.authority().issue_server(&[], &[], now()).unwrap();
        let asked = admitted.clone();
        let tls =
            ServerTls::new(&credential, &ca.authority().bundle_pem(), move |cluster| asked.admits(cluster))
                .unwrap();
        let enroller: Arc<dyn Enroller> = Arc::new(StoreEnroller::new(store.clone(), ca.clone()));
        let mut tasks = JoinSet::new();
        tasks.spawn(nagaya_tunnel::serve(listener, tls, hub.clone(), enroller, CancellationToken::new()));
        let provider = Arc::new(PlayedProvider::default());
        let mut server = Server {
            store,
            hub,
            ca,
            admitted,
            provider,
            tunnel,
            updates,
            control: None,
            _tasks: tasks,
            _dir: dir,
        };
        server.begin().await;
        server
    }

    pub async fn begin(&mut self) {
        let control = Control {
            store: self.store.clone(),
            hub: self.hub.clone(),
            ca: self.ca.clone(),
            admitted: self.admitted.clone(),
            provider: self.provider.clone(),
            settings: ControlSettings {
                intents: IntentSettings { relay_image: "relay:1".into(), storage_class: String::new() },
                updates: self.updates.clone(),
                charts: Some(self.charts()),
            },
        };
        let cancel = CancellationToken::new();
        self.control = Some((control.start(cancel.clone()).await.unwrap(), cancel));
    }

    /// Where archives of charts are.
    pub fn charts(&self) -> PathBuf {
        self._dir.path().join("charts")
    }

    /// What the reconcilers count.
    pub async fn figures(&self) -> Figures {
        self.control.as_ref().unwrap().0.census().figures().await.unwrap()
    }

    /// Ends the reconcilers, as the end of a server does; they leave nothing behind.
    pub async fn end(&mut self) {
        let (control, cancel) = self.control.take().unwrap();
        cancel.cancel();
        control.join().await;
    }

    pub async fn create<R: Resource>(&self, object: R) -> R {
        self.store.create(writer(), object).await.unwrap()
    }

    pub async fn get<R: Resource>(&self, name: &str) -> Option<R> {
        self.store.get(name).await.unwrap()
    }

    /// Waits until an object is as it should be.
    pub async fn until<R: Resource>(&self, name: &str, holds: impl Fn(&R) -> bool) -> R {
        let mut last = None;
        for _ in 0..6000 {
            last = self.get::<R>(name).await;
            if let Some(object) = last.as_ref().filter(|object| holds(object)) {
                return object.clone();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("never: {name} stays {last:?}");
    }
}

/// A played agent, connected.
pub struct Agent {
    pub played: Arc<Played>,
    pub cancel: CancellationToken,
    _task: JoinSet<()>,
}

impl Agent {
    pub fn start(server: &Server, cluster: &str) -> Agent {
        Self::with(server, cluster, Played::new(), 1)
    }

    pub fn with(server: &Server, cluster: &str, played: Arc<Played>, started_ms: i64) -> Agent {
        Self::answering(server, cluster, Arc::new(Answers(played.clone())), played, started_ms)
    }

    /// One in a cluster that is known by a uid.
    pub fn of_uid(server: &Server, cluster: &str, uid: &str, started_ms: i64) -> Agent {
        let played = Played::new();
        Self::within(server, (cluster, uid), Arc::new(Answers(played.clone())), played, started_ms)
    }

    /// One that answers as `service` does.
    pub fn answering(
        server: &Server,
        cluster: &str,
        service: Arc<impl Service>,
        played: Arc<Played>,
        started_ms: i64,
    ) -> Agent {
        Self::within(server, (cluster, ""), service, played, started_ms)
    }

    /// One of a cluster by name, and by the uid of its `kube-system`.
    pub fn within(
        server: &Server,
        (cluster, cluster_uid): (&str, &str),
        service: Arc<impl Service>,
        played: Arc<Played>,
        started_ms: i64,
    ) -> Agent {
        let csr = Csr::generate().unwrap();
        let authority = server.ca.authority();
        let identity = Identity {
            certificate_pem: authority.issue_agent(cluster, &csr.csr_pem, now()).unwrap(),
            key_pem: csr.key_pem,
            ca_pem: authority.bundle_pem(),
        };
        let (kept, seen) = watch::channel(identity);
        let config = DialerConfig {
            server: server.tunnel.to_string(),
            proxy: None,
            hello: AgentHello {
                agent_id: format!("a{started_ms}"),
                version: "test".into(),
                started_ms,
                cluster_uid: cluster_uid.into(),
            },
            timings: Timings { backoff_max: Duration::from_millis(200), ..Timings::default() },
            drain: Duration::from_millis(10),
        };
        let (dialer, _) = Dialer::new(config, seen);
        let (cancel, mut task) = (CancellationToken::new(), JoinSet::new());
        let over = cancel.clone();
        task.spawn(async move {
            let _kept = kept;
            dialer.run(service, over).await;
        });
        Agent { played, cancel, _task: task }
    }
}
