//! Figures for Prometheus, in the OpenMetrics text format. docs/operate.md lists them.

use std::fmt::{Debug, Formatter};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http::{Method, Request, Response};
use nagaya_tunnel::{DialerStatus, Lane};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::enforce::plan::{Action, Why};

/// Media type of [`Metrics::text`].
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the buckets of request times, in seconds; the same as the server's.
const BUCKETS: [f64; 8] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

type Labels = Vec<(&'static str, String)>;

/// What is counted. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    applies: Family<Labels, Counter>,
    prunes: Family<Labels, Counter>,
    drift: Family<Labels, Counter>,
    requests: Family<Labels, Histogram, fn() -> Histogram>,
    connections: Family<Labels, Counter>,
    connected: Family<Labels, Gauge>,
    revision: Gauge,
    objects: Gauge,
    now: Momentary,
}

/// Gauges that are read when somebody asks.
#[derive(Clone, Default)]
struct Momentary {
    leads: Gauge,
    streams: Gauge,
    workspaces: Gauge,
    errors: Gauge,
    unready: Gauge,
    resident: Gauge,
}

/// What is true at the moment of asking.
#[derive(Debug, Clone, Default)]
pub struct Now {
    /// The lanes to the server.
    pub tunnel: DialerStatus,
    /// Whether this agent enforces.
    pub leads: bool,
    /// Streams that are open.
    pub streams: usize,
    /// Workspaces seen.
    pub workspaces: usize,
    /// Objects that are not as they should be.
    pub errors: usize,
    /// Objects of bundles that are not ready.
    pub unready: usize,
}

impl Default for Metrics {
    fn default() -> Metrics {
        let mut registry = Registry::default();
        let requests: Family<Labels, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(BUCKETS));
        let all = Metrics {
            registry: Arc::default(),
            applies: Family::default(),
            prunes: Family::default(),
            drift: Family::default(),
            requests,
            connections: Family::default(),
            connected: Family::default(),
            revision: Gauge::default(),
            objects: Gauge::default(),
            now: Momentary::default(),
        };
        let own = registry.sub_registry_with_prefix("nagaya_agent");
        own.register("applies", "Server-side apply calls", all.applies.clone());
        own.register(
            "prunes",
            "Objects that were to be removed, for they left the intent",
            all.prunes.clone(),
        );
        own.register(
            "drift",
            "Objects put right again after somebody changed or removed them",
            all.drift.clone(),
        );
        own.register(
            "kubernetes_request_duration_seconds",
            "Time until the Kubernetes API answered the agent",
            all.requests.clone(),
        );
        own.register("tunnel_connections", "Times the lane to the server came up", all.connections.clone());
        own.register("tunnel_connected", "Whether the lane to the server is up", all.connected.clone());
        own.register(
            "intent_revision",
            "Revision of the intent in force, 0 without one",
            all.revision.clone(),
        );
        own.register("objects", "Objects of the intent in force", all.objects.clone());
        own.register("leader", "Whether this agent enforces the intent", all.now.leads.clone());
        own.register("streams", "Streams that are open", all.now.streams.clone());
        own.register("workspaces", "Workspaces seen in the cluster", all.now.workspaces.clone());
        own.register("object_errors", "Objects that are not as they should be", all.now.errors.clone());
        own.register("unready_objects", "Objects of bundles that are not ready", all.now.unready.clone());
        registry.register("process_resident_memory_bytes", "Resident memory", all.now.resident.clone());
        Metrics { registry: Arc::new(registry), ..all }
    }
}

impl Debug for Metrics {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// Counts an action that was carried out or failed.
    pub fn acted(&self, action: &Action, succeeded: bool) {
        let result = vec![("result", if succeeded { "ok" } else { "error" }.to_owned())];
        match action {
            Action::Apply { key, why } => {
                self.applies.get_or_create(&result).inc();
                let change = match why {
                    Why::Drifted => "changed",
                    Why::Removed => "removed",
                    Why::Begin | Why::Changed | Why::Again => return,
                };
                if succeeded {
                    let labels = vec![("kind", key.kind.clone()), ("change", change.to_owned())];
                    self.drift.get_or_create(&labels).inc();
                }
            }
            Action::Prune { .. } => drop(self.prunes.get_or_create(&result).inc()),
            Action::Purge { .. } => {}
        }
    }

    /// Notes the intent that is in force.
    pub fn holds(&self, revision: u64, objects: usize) {
        self.revision.set(i64::try_from(revision).unwrap_or(i64::MAX));
        self.objects.set(count(objects));
    }

    fn requested(&self, method: &Method, code: &str, took: Duration) {
        let labels = vec![("method", method.to_string()), ("code", code.to_owned())];
        self.requests.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// Times the requests that go through a service.
    pub fn timed<S>(&self, inner: S) -> Timed<S> {
        Timed { inner, metrics: self.clone() }
    }

    /// All figures as text.
    pub fn text(&self, now: &Now) -> String {
        for lane in Lane::ALL {
            let labels = vec![("lane", lane.to_string())];
            let status = now.tunnel.lane(lane);
            self.connected.get_or_create(&labels).set(i64::from(status.connected));
            self.connections.get_or_create(&labels).inner().store(status.connections, Ordering::Relaxed);
        }
        self.now.leads.set(i64::from(now.leads));
        self.now.streams.set(count(now.streams));
        self.now.workspaces.set(count(now.workspaces));
        self.now.errors.set(count(now.errors));
        self.now.unready.set(count(now.unready));
        self.now.resident.set(count(resident().unwrap_or_default()));
        let mut out = String::new();
        // Writing to a string cannot fail; what is there is better than nothing all the same.
        if encode(&mut out, &self.registry).is_err() {
            tracing::warn!("the figures could not be written whole");
        }
        out
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<usize>().ok().map(|kib| kib * 1024)
}

/// A service whose answers are timed, up to their headers: a watch's body may take hours.
#[derive(Debug, Clone)]
pub struct Timed<S> {
    inner: S,
    metrics: Metrics,
}

impl<S, A, B> tower::Service<Request<A>> for Timed<S>
where
    S: tower::Service<Request<A>, Response = Response<B>>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<A>) -> Self::Future {
        let (metrics, method, begun) = (self.metrics.clone(), request.method().clone(), Instant::now());
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answer = answer.await;
            match &answer {
                Ok(response) => metrics.requested(&method, response.status().as_str(), begun.elapsed()),
                Err(_) => metrics.requested(&method, "none", begun.elapsed()),
            }
            answer
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use tower::Service;

    use super::*;
    use crate::enforce::key::Key;

    #[test]
    fn corrections_are_counted_by_kind_and_failures_apart() {
        let metrics = Metrics::default();
        let key =
            Key { api_version: "v1".into(), kind: "Secret".into(), namespace: "a".into(), name: "b".into() };
        let apply = |why| Action::Apply { key: key.clone(), why };
        metrics.acted(&apply(Why::Begin), true);
        metrics.acted(&apply(Why::Drifted), true);
        metrics.acted(&apply(Why::Drifted), false);
        metrics.acted(&Action::Prune { key: key.clone() }, true);
        metrics.holds(7, 3);
        let mut now = Now { unready: 2, ..Now::default() };
        now.tunnel.lanes[0].connections = 5;
        let text = metrics.text(&now);
        for line in [
            "nagaya_agent_applies_total{result=\"ok\"} 2",
            "nagaya_agent_applies_total{result=\"error\"} 1",
            "nagaya_agent_drift_total{kind=\"Secret\",change=\"changed\"} 1",
            "nagaya_agent_prunes_total{result=\"ok\"} 1",
            "nagaya_agent_intent_revision 7",
            "nagaya_agent_objects 3",
            "nagaya_agent_unready_objects 2",
            "nagaya_agent_tunnel_connections_total{lane=\"control\"} 5",
            "nagaya_agent_tunnel_connected{lane=\"streams\"} 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
        let resident = text.lines().find(|line| line.starts_with("process_resident_memory_bytes ")).unwrap();
        assert!(!resident.ends_with(" 0"));
    }

    #[tokio::test]
    async fn answers_and_failures_of_the_kubernetes_api_are_timed() {
        let metrics = Metrics::default();
        let mut service = metrics.timed(tower::service_fn(|request: Request<()>| async move {
            match request.uri().path() {
                "/gone" => Err(std::io::Error::other("gone")),
                _ => Ok(Response::builder().status(409).body(()).unwrap()),
            }
        }));
        service.call(Request::patch("/x").body(()).unwrap()).await.unwrap();
        service.call(Request::get("/gone").body(()).unwrap()).await.unwrap_err();
        let text = metrics.text(&Now::default());
        for labels in ["method=\"PATCH\",code=\"409\"", "method=\"GET\",code=\"none\""] {
            let line = format!("nagaya_agent_kubernetes_request_duration_seconds_count{{{labels}}} 1");
            assert!(text.contains(&line), "{text}");
        }
    }
}
