//! A server and an agent in this process, and a cluster that is real.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::{Namespace, Secret};
use kube::api::{DeleteParams, DynamicObject, ObjectMeta, PostParams};
use kube::core::{ApiResource, GroupVersionKind};
use kube::{Api, Client};
use nagaya_agent::{AgentConfig, AgentError};
use nagaya_api::agent::{INTENT_PATH, Intent, IntentAck, Purge, REPORTS_PATH, Report};
use nagaya_tunnel::ca::{Authority, csr_fingerprint};
use nagaya_tunnel::enrol::{Spent, admit_token};
use nagaya_tunnel::{EnrolError, Enroller, Hub, Issued, Lane, ServerTls, Timings, empty, full, serve_with};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub const CLUSTER: &str = "one";

/// Nothing takes longer on a machine that lives.
const PATIENCE: Duration = Duration::from_secs(90);

pub struct World {
    pub kubernetes: kube::Config,
    pub client: Client,
    pub hub: Hub,
    pub authority: Arc<Authority>,
    pub enroller: Arc<TestEnroller>,
    /// Of the agent's own objects.
    pub home: String,
    /// Of what intents hold.
    pub team: String,
    server: SocketAddr,
    tls: ServerTls,
    server_life: CancellationToken,
    folder: tempfile::TempDir,
}

pub struct RunningAgent {
    cancel: CancellationToken,
    task: JoinHandle<Result<(), AgentError>>,
}

impl RunningAgent {
    /// As SIGTERM would.
    pub async fn stop(self) {
        self.cancel.cancel();
        self.task.await.unwrap().unwrap();
    }

    /// As SIGKILL would.
    pub fn kill(self) {
        self.task.abort();
    }
}

static COUNT: AtomicU32 = AtomicU32::new(0);

impl World {
    pub async fn start(kubernetes: &kube::Config) -> World {
        let unique = format!("{:x}{:x}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        World::start_with(kubernetes, listener, format!("agent-{unique}"), format!("team-{unique}")).await
    }

    /// With a listener that pods reach, and the namespace that the manifest uses.
    pub async fn start_with(
        kubernetes: &kube::Config,
        listener: TcpListener,
        home: String,
        team: String,
    ) -> World {
        let kubernetes = kubernetes.clone();
        let client = Client::try_from(kubernetes.clone()).unwrap();
        let namespaces: Api<Namespace> = Api::all(client.clone());
        let metadata = ObjectMeta { name: Some(home.clone()), ..ObjectMeta::default() };
        let namespace = Namespace { metadata, ..Namespace::default() };
        match namespaces.create(&PostParams::default(), &namespace).await {
            Ok(_) => {}
            Err(kube::Error::Api(status)) if status.code == 409 => {}
            Err(error) => panic!("{error}"),
        }

        let authority = Arc::new(Authority::generate(Timestamp::now()).unwrap());
        let credential = authority.issue_server(&[], &[], Timestamp::now()).unwrap();
        let tls = ServerTls::new(&credential, &authority.bundle_pem(), |_| true).unwrap();
        let server = listener.local_addr().unwrap();
        let enroller = Arc::new(TestEnroller {
            authority: authority.clone(),
            brief: AtomicBool::new(false),
            tokens: Mutex::default(),
        });
        let mut world = World {
            kubernetes,
            client,
            hub: Hub::new(),
            authority,
            enroller,
            home,
            team,
            server,
            tls,
            server_life: CancellationToken::new(),
            folder: tempfile::tempdir().unwrap(),
        };
        world.new_token();
        world.serve(listener);
        world
    }

    fn serve(&mut self, listener: TcpListener) {
        self.server_life = CancellationToken::new();
        let timings = timings();
        let serving = serve_with(
            listener,
            self.tls.clone(),
            self.hub.clone(),
            self.enroller.clone(),
            timings,
            self.server_life.clone(),
        );
        tokio::spawn(serving);
    }

    /// Takes the server away.
    pub async fn server_down(&self) {
        self.server_life.cancel();
        eventually("the agent is gone", || async { self.hub.agents(CLUSTER).is_empty() }).await;
    }

    /// Brings it back at the same address.
    pub async fn server_up(&mut self) {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(self.server).unwrap();
        self.serve(socket.listen(64).unwrap());
    }

    pub fn join_token(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("token")).unwrap()
    }

    /// Puts a new join token where the agent looks for one.
    pub fn new_token(&self) {
        let token = self.enroller.token(Timestamp::now() + SignedDuration::from_hours(1));
        std::fs::write(self.folder.path().join("token"), token).unwrap();
        std::fs::write(self.folder.path().join("ca.crt"), self.authority.bundle_pem()).unwrap();
    }

    pub fn agent(&self) -> RunningAgent {
        let config = AgentConfig {
            server: self.server.to_string(),
            namespace: self.home.clone(),
            join_dir: self.folder.path().to_owned(),
            health: None,
            version: "test".to_owned(),
            drain: Duration::from_secs(60),
            proxy: None,
            timings: timings(),
            kubernetes: Some(self.kubernetes.clone()),
        };
        let cancel = CancellationToken::new();
        RunningAgent { cancel: cancel.clone(), task: tokio::spawn(nagaya_agent::run(config, cancel)) }
    }

    pub async fn connected(&self) {
        eventually("the agent is connected", || async {
            self.hub.agents(CLUSTER).first().is_some_and(|agent| agent.lanes.contains(&Lane::Control))
        })
        .await;
    }

    pub async fn put(&self, intent: &Intent) -> Result<IntentAck, (StatusCode, String)> {
        let body = full(serde_json::to_vec(intent).unwrap());
        let request = Request::put(INTENT_PATH).body(body).unwrap();
        let response = self.hub.request(CLUSTER, Lane::Control, request).await.unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        match status {
            StatusCode::OK => Ok(serde_json::from_slice(&bytes).unwrap()),
            other => Err((other, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }

    /// Whether the intent was taken in; a connection that breaks meanwhile is no failure.
    pub async fn put_quietly(&self, intent: &Intent) -> bool {
        let request = Request::put(INTENT_PATH).body(full(serde_json::to_vec(intent).unwrap())).unwrap();
        let response = self.hub.request(CLUSTER, Lane::Control, request).await;
        response.is_ok_and(|response| response.status() == StatusCode::OK)
    }

    pub async fn reports(&self) -> ReportReader {
        let request = Request::get(REPORTS_PATH).body(empty()).unwrap();
        let response = self.hub.request(CLUSTER, Lane::Control, request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        ReportReader { body: response.into_body(), buffer: Vec::new() }
    }

    pub fn api(&self, api_version: &str, kind: &str) -> Api<DynamicObject> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let resource = ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind));
        Api::namespaced_with(self.client.clone(), &self.team, &resource)
    }

    pub async fn get(&self, api_version: &str, kind: &str, name: &str) -> Option<DynamicObject> {
        self.api(api_version, kind).get_opt(name).await.unwrap()
    }

    pub async fn exists(&self, api_version: &str, kind: &str, name: &str) -> bool {
        self.get(api_version, kind, name)
            .await
            .is_some_and(|object| object.metadata.deletion_timestamp.is_none())
    }

    pub fn namespace(&self) -> Value {
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.team}})
    }

    pub fn config_map(&self, name: &str, value: &str) -> Value {
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": self.team},
            "data": {"a": value, "b": "fixed"}})
    }

    pub fn claim(&self, workspace: &str) -> Value {
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim",
            "metadata": {"name": format!("home-{workspace}"), "namespace": self.team,
                "annotations": {"nagaya.dev/prune": "keep"}, "labels": {"nagaya.dev/workspace": workspace}},
            "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "none-here",
                "resources": {"requests": {"storage": "64Mi"}}}})
    }

    pub fn stateful_set(&self, workspace: &str, replicas: i32, image: &str) -> Value {
        let labels = json!({"nagaya.dev/workspace": workspace, "nagaya.dev/workspace-uid": "uid-1"});
        json!({"apiVersion": "apps/v1", "kind": "StatefulSet",
            "metadata": {"name": workspace, "namespace": self.team, "labels": labels},
            "spec": {"replicas": replicas, "serviceName": workspace, "updateStrategy": {"type": "OnDelete"},
                "selector": {"matchLabels": {"nagaya.dev/workspace": workspace}},
                "template": {"metadata": {"labels": labels, "annotations": {"nagaya.dev/template-hash": "h1"}},
                    "spec": {"terminationGracePeriodSeconds": 0, "automountServiceAccountToken": false,
                        "containers": [{"name": "workspace", "image": image, "imagePullPolicy": "IfNotPresent",
                            "resources": {"limits": {"cpu": "1000m", "memory": "1024Mi"}}}]}}}})
    }

    pub async fn stop(self) {
        let namespaces: Api<Namespace> = Api::all(self.client.clone());
        for namespace in [&self.home, &self.team] {
            let _ = namespaces.delete(namespace, &DeleteParams::default()).await;
        }
        self.server_life.cancel();
    }

    pub fn secrets(&self) -> Api<Secret> {
        Api::namespaced(self.client.clone(), &self.home)
    }
}

pub fn intent(revision: u64, objects: Vec<Value>) -> Intent {
    Intent::new("incarnation-1", revision, objects, Vec::new())
}

pub fn purging(revision: u64, objects: Vec<Value>, namespace: &str, claim: &str) -> Intent {
    let purge = Purge { namespace: namespace.to_owned(), claim: claim.to_owned() };
    Intent::new("incarnation-1", revision, objects, vec![purge])
}

fn timings() -> Timings {
    Timings {
        backoff_min: Duration::from_millis(50),
        backoff_max: Duration::from_millis(500),
        lane_idle: Duration::from_secs(300),
        ..Timings::default()
    }
}

/// Waits until a condition holds; fails loudly after long.
pub async fn eventually<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let begun = std::time::Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub struct ReportReader {
    body: hyper::body::Incoming,
    buffer: Vec<u8>,
}

impl ReportReader {
    pub async fn next(&mut self) -> Option<Report> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                return Some(serde_json::from_slice(&line).unwrap());
            }
            let frame = self.body.frame().await?.ok()?;
            self.buffer.extend_from_slice(frame.data_ref().unwrap());
        }
    }

    pub async fn until<T>(&mut self, what: &str, mut found: impl FnMut(&Report) -> Option<T>) -> T {
        let search = async {
            loop {
                let report = self.next().await.unwrap_or_else(|| panic!("the reports ended before: {what}"));
                if let Some(found) = found(&report) {
                    return found;
                }
            }
        };
        tokio::time::timeout(PATIENCE, search).await.unwrap_or_else(|_| panic!("never reported: {what}"))
    }

    /// The report that an intent was carried out.
    pub async fn applied(
        &mut self,
        wanted: u64,
    ) -> (Vec<nagaya_api::kinds::cluster::ObjectError>, Vec<String>) {
        self.until(&format!("revision {wanted} applied"), |report| match report {
            Report::Applied { revision, errors, unconfirmed, .. } if *revision == wanted => {
                Some((errors.clone(), unconfirmed.clone()))
            }
            _ => None,
        })
        .await
    }
}

pub struct TestEnroller {
    authority: Arc<Authority>,
    /// Whether the next enrolment gives a certificate that is nearly over.
    pub brief: AtomicBool,
    tokens: Mutex<HashMap<String, (Timestamp, Spent)>>,
}

impl TestEnroller {
    fn token(&self, expires: Timestamp) -> String {
        let mut tokens = self.tokens.lock().unwrap();
        let token = format!("token-{}", tokens.len());
        tokens.insert(token.clone(), (expires, Spent::No));
        token
    }

    fn issue(&self, csr_pem: &str) -> Result<Issued, EnrolError> {
        let brief = self.brief.swap(false, Ordering::SeqCst);
        let validity = if brief { SignedDuration::from_mins(2) } else { Authority::AGENT_VALIDITY };
        let certificate_pem = self
            .authority
            .issue_agent_for(CLUSTER, csr_pem, Timestamp::now(), validity)
            .map_err(|error| EnrolError::Refused(error.to_string()))?;
        Ok(Issued { cluster: CLUSTER.to_owned(), certificate_pem, ca_pem: self.authority.bundle_pem() })
    }
}

#[async_trait]
impl Enroller for TestEnroller {
    async fn enrol(&self, token: &str, csr_pem: &str) -> Result<Issued, EnrolError> {
        let fingerprint = csr_fingerprint(csr_pem).map_err(|error| EnrolError::Refused(error.to_string()))?;
        {
            let mut tokens = self.tokens.lock().unwrap();
            let (expires, spent) =
                tokens.get_mut(token).ok_or_else(|| EnrolError::Refused("unknown join token".into()))?;
            admit_token(spent, *expires, Timestamp::now(), &fingerprint).map_err(EnrolError::Refused)?;
            *spent = Spent::By(fingerprint);
        }
        self.issue(csr_pem)
    }

    async fn renew(&self, _cluster: &str, csr_pem: &str) -> Result<Issued, EnrolError> {
        self.issue(csr_pem)
    }
}
