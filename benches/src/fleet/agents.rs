//! Agents by the hundred in one process: each speaks the real tunnel and applies to a map.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use nagaya_api::agent::{INTENT_PATH, Intent, IntentAck, REPORTS_PATH, Report};
use nagaya_tunnel::{
    AgentHello, Body, Dialer, DialerConfig, Identity, Lane, Service, Timings, body_stream, full, text,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// So often the server hears that all is well, as from the real agent.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// What the process of the agents is told.
#[derive(Debug, Serialize, Deserialize)]
pub struct Order {
    /// Where the server listens.
    pub server: String,
    /// The agents, by cluster.
    pub agents: Vec<Agent>,
}

/// One agent.
#[derive(Debug, Serialize, Deserialize)]
pub struct Agent {
    /// Its cluster.
    pub cluster: String,
    /// Its certificate.
    pub certificate_pem: String,
    /// Its key.
    pub key_pem: String,
    /// Whom it trusts.
    pub ca_pem: String,
}

/// A Kubernetes that is a map from identity to object.
#[derive(Default)]
struct Kubernetes {
    objects: BTreeMap<[String; 3], Value>,
}

impl Kubernetes {
    /// Applies what differs, removes what left, and tells how many applies that took.
    fn become_what(&mut self, wanted: &[Value]) -> u64 {
        let mut applied = 0;
        let text = |object: &Value, at: &str| {
            object.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let mut next = BTreeMap::new();
        for object in wanted {
            let key = ["/kind", "/metadata/namespace", "/metadata/name"].map(|at| text(object, at));
            let live = self.objects.remove(&key).filter(|live| live == object).unwrap_or_else(|| {
                applied += 1;
                object.clone()
            });
            next.insert(key, live);
        }
        self.objects = next;
        applied
    }
}

struct Played {
    held: Mutex<Option<Intent>>,
    kubernetes: Mutex<Kubernetes>,
    applied: Mutex<Option<Report>>,
    changes: broadcast::Sender<Report>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Service for Played {
    async fn handle(&self, _: Lane, request: Request<Incoming>) -> Response<Body> {
        match (request.method(), request.uri().path()) {
            (&Method::PUT, INTENT_PATH) => match request.into_body().collect().await {
                Ok(body) => self.intent(&body.to_bytes()),
                Err(error) => text(StatusCode::BAD_REQUEST, error.to_string()),
            },
            (&Method::GET, REPORTS_PATH) => self.reports(),
            _ => text(StatusCode::NOT_FOUND, "a played agent has intents and reports only"),
        }
    }
}

impl Played {
    fn intent(&self, bytes: &[u8]) -> Response<Body> {
        let Ok(mut intent) = serde_json::from_slice::<Intent>(bytes) else {
            return text(StatusCode::BAD_REQUEST, "the intent does not read");
        };
        let ack = IntentAck { revision: intent.revision, hash: intent.hash.clone() };
        let report = Report::Applied {
            revision: intent.revision,
            hash: intent.hash.clone(),
            errors: Vec::new(),
            unconfirmed: Vec::new(),
            applied: lock(&self.kubernetes).become_what(&intent.objects),
        };
        intent.objects.clear(); // they are in the map
        *lock(&self.held) = Some(intent);
        *lock(&self.applied) = Some(report.clone());
        let _ = self.changes.send(report);
        Response::new(full(serde_json::to_vec(&ack).unwrap_or_default()))
    }

    fn reports(&self) -> Response<Body> {
        let changes = self.changes.subscribe();
        let held = lock(&self.held);
        let mut first = vec![Report::Hello {
            agent_id: "simulated".to_owned(),
            agent_version: "simulated".to_owned(),
            kubernetes_version: "v1.35.0".to_owned(),
            incarnation: held.as_ref().map(|held| held.incarnation.clone()).unwrap_or_default(),
            revision: held.as_ref().map_or(0, |held| held.revision),
            hash: held.as_ref().map(|held| held.hash.clone()).unwrap_or_default(),
        }];
        first.push(Report::Unready { objects: Vec::new() });
        first.extend(lock(&self.applied).clone());
        first.push(Report::Synced);
        let rest = futures::stream::unfold(changes, |mut changes| async {
            let report = match tokio::time::timeout(HEARTBEAT, changes.recv()).await {
                Ok(Ok(report)) => report,
                Ok(Err(_)) => return None,
                Err(_) => Report::Heartbeat,
            };
            Some((line(&report), changes))
        });
        let first: Vec<_> = first.iter().map(line).collect();
        Response::new(body_stream(futures::stream::iter(first).chain(rest)))
    }
}

fn line(report: &Report) -> Result<Bytes, std::io::Error> {
    let mut line = serde_json::to_vec(report)?;
    line.push(b'\n');
    Ok(line.into())
}

/// Plays the agents of the order in a file, until the process is killed.
pub fn run(order: &str) {
    let text = std::fs::read(order).unwrap_or_else(|error| panic!("{order}: {error}"));
    let order: Order = serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{order}: {error}"));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.unwrap_or_else(|error| panic!("no runtime: {error}")).block_on(play(order));
}

async fn play(order: Order) {
    let mut tasks = JoinSet::new();
    for agent in order.agents {
        let identity =
            Identity { certificate_pem: agent.certificate_pem, key_pem: agent.key_pem, ca_pem: agent.ca_pem };
        let config = DialerConfig {
            server: order.server.clone(),
            proxy: None,
            hello: AgentHello {
                agent_id: agent.cluster,
                version: "simulated".to_owned(),
                started_ms: 1,
                cluster_uid: String::new(),
            },
            timings: Timings::default(),
            drain: Duration::ZERO,
        };
        let played = Played {
            held: Mutex::default(),
            kubernetes: Mutex::default(),
            applied: Mutex::default(),
            changes: broadcast::Sender::new(16),
        };
        tasks.spawn(async move {
            let (_kept, seen) = watch::channel(identity);
            let (dialer, _) = Dialer::new(config, seen);
            dialer.run(Arc::new(played), CancellationToken::new()).await;
        });
    }
    while tasks.join_next().await.is_some() {}
}
