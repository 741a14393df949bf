//! GET /metrics

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use nagaya_api::Kind;
use nagaya_gateway::StreamKind;
use nagaya_store::Filter;

use crate::{ServerState, answer::Answer};

/// Upper bounds of the buckets of request times, in seconds.
const BUCKETS: [f64; 8] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

#[derive(Clone, Copy, Default)]
struct Times {
    count: u64,
    sum: f64,
    buckets: [u64; BUCKETS.len()],
}

/// Requests answered, by method and status.
#[derive(Default)]
pub struct Requests(Mutex<BTreeMap<(String, u16), Times>>);

impl Requests {
    /// Notes one. Methods nobody knows are one.
    pub fn note(&self, method: &http::Method, status: u16, took: Duration) {
        let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        let method = if known.contains(&method.as_str()) { method.as_str() } else { "other" };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let times = all.entry((method.to_owned(), status)).or_default();
        let seconds = took.as_secs_f64();
        times.count += 1;
        times.sum += seconds;
        for (bucket, bound) in times.buckets.iter_mut().zip(BUCKETS) {
            *bucket += u64::from(seconds <= bound);
        }
    }
}

/// Figures in Prometheus' text format, version 0.0.4.
pub async fn metrics(state: ServerState) -> Answer<Response> {
    let mut out = String::new();
    requests(&mut out, &state.requests);
    head(&mut out, "nagaya_store_revision", "counter", "The newest revision of the store.");
    line(&mut out, "nagaya_store_revision", "", state.store.revision());
    head(&mut out, "nagaya_objects", "gauge", "Objects in the store.");
    let mut clusters = Vec::new();
    for kind in Kind::ALL {
        let list = state.store.list_raw(*kind, &Filter::default(), |_| true).await?;
        line(&mut out, "nagaya_objects", &format!("kind=\"{kind}\""), list.items.len());
        if *kind == Kind::Cluster {
            clusters = list.items;
        }
    }
    head(&mut out, "nagaya_agents_connected", "gauge", "Agents connected, by cluster.");
    for cluster in clusters {
        let name = cluster.metadata.name;
        line(
            &mut out,
            "nagaya_agents_connected",
            &format!("cluster=\"{name}\""),
            state.hub.agents(&name).len(),
        );
    }
    head(&mut out, "nagaya_live_streams", "gauge", "Streams open through the gateway.");
    let live = state.streams.list();
    for (kind, word) in [
        (StreamKind::Desktop, "desktop"),
        (StreamKind::Exec, "exec"),
        (StreamKind::Logs, "logs"),
        (StreamKind::Kubernetes, "kubernetes"),
    ] {
        let count = live.iter().filter(|info| info.kind == kind).count();
        line(&mut out, "nagaya_live_streams", &format!("kind=\"{word}\""), count);
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], out).into_response())
}

fn requests(out: &mut String, requests: &Requests) {
    let name = "nagaya_http_request_duration_seconds";
    head(out, name, "histogram", "Time to the head of the answer, by method and status.");
    let all = requests.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for ((method, status), times) in all {
        let labels = format!("method=\"{method}\",code=\"{status}\"");
        for (bound, count) in BUCKETS.iter().zip(times.buckets) {
            line(out, &format!("{name}_bucket"), &format!("{labels},le=\"{bound}\""), count);
        }
        line(out, &format!("{name}_bucket"), &format!("{labels},le=\"+Inf\""), times.count);
        line(out, &format!("{name}_sum"), &labels, times.sum);
        line(out, &format!("{name}_count"), &labels, times.count);
    }
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn line(out: &mut String, name: &str, labels: &str, value: impl std::fmt::Display) {
    let _ = if labels.is_empty() {
        writeln!(out, "{name} {value}")
    } else {
        writeln!(out, "{name}{{{labels}}} {value}")
    };
}
