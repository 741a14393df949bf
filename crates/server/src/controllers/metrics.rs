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
use jiff::Timestamp;
use nagaya_api::{Kind, RawObject};
use nagaya_control::model::{ClusterFigures, Figures};
use nagaya_gateway::StreamKind;
use nagaya_store::{Filter, Times};
use nagaya_tunnel::Lane;

use crate::{ServerState, answer::Answer};

/// What is told apart of requests: route, method, status.
type Key = (String, String, u16);

/// How long requests took, by route, method and status.
#[derive(Default)]
pub struct Requests(Mutex<BTreeMap<Key, Times>>);

impl Requests {
    /// Notes one. `route` is the pattern that matched, never a path somebody typed; none: no route. Methods nobody knows
    /// are one.
    pub fn note(&self, route: Option<&str>, method: &http::Method, status: u16, took: Duration) {
        let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        let method = if known.contains(&method.as_str()) { method.as_str() } else { "other" };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry((route.unwrap_or("other").to_owned(), method.to_owned(), status)).or_default().note(took);
    }
}

/// Figures in Prometheus' text format, version 0.0.4.
pub async fn metrics(state: ServerState) -> Answer<Response> {
    let mut out = String::new();
    requests(&mut out, &state.requests);
    let name = "nagaya_store_write_duration_seconds";
    head(&mut out, name, "histogram", "Time of a write to the store, from its turn to its commit.");
    histogram(&mut out, name, "", &state.store.write_times());
    head(&mut out, "nagaya_store_revision", "counter", "The newest revision of the store.");
    line(&mut out, "nagaya_store_revision", "", state.store.revision());
    head(&mut out, "nagaya_objects", "gauge", "Objects in the store.");
    let mut lists = BTreeMap::new();
    for kind in Kind::ALL {
        let list = state.store.list_raw(*kind, &Filter::default(), |_| true).await?;
        line(&mut out, "nagaya_objects", &format!("kind=\"{kind}\""), list.items.len());
        if matches!(kind, Kind::Cluster | Kind::Bundle | Kind::Workspace) {
            lists.insert(kind.name(), list.items);
        }
    }
    let of = |kind: Kind| lists.get(kind.name()).map(Vec::as_slice).unwrap_or_default();
    phases(&mut out, of(Kind::Cluster), of(Kind::Workspace), of(Kind::Bundle));
    head(&mut out, "nagaya_agents_connected", "gauge", "Agents connected, by cluster.");
    let mut lanes = BTreeMap::<_, usize>::new();
    for cluster in of(Kind::Cluster) {
        let name = &cluster.metadata.name;
        let agents = state.hub.agents(name);
        line(&mut out, "nagaya_agents_connected", &format!("cluster=\"{name}\""), agents.len());
        for lane in agents.iter().flat_map(|agent| &agent.lanes) {
            *lanes.entry(lane.to_string()).or_default() += 1;
        }
    }
    head(&mut out, "nagaya_tunnel_lanes", "gauge", "Lanes of agents that are up.");
    for lane in Lane::ALL {
        let up = lanes.get(&lane.to_string()).copied().unwrap_or_default();
        line(&mut out, "nagaya_tunnel_lanes", &format!("lane=\"{lane}\""), up);
    }
    head(&mut out, "nagaya_live_streams", "gauge", "Streams open through the tunnel and the gateway.");
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
    if let Some(census) = &state.config.census
        && let Some(figures) = census.figures().await
    {
        agents(&mut out, &figures, state.now());
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], out).into_response())
}

/// Clusters, workspaces and bundles by where they stand.
fn phases(out: &mut String, clusters: &[RawObject], workspaces: &[RawObject], bundles: &[RawObject]) {
    let phase = |object: &RawObject| object.status["phase"].as_str().unwrap_or("Pending").to_owned();
    let states = bundles.iter().flat_map(|bundle| bundle.status["clusters"].as_array().into_iter().flatten());
    let states = states.map(|line| line["state"].as_str().unwrap_or("Waiting").to_owned());
    for (name, help, label, found) in [
        ("nagaya_clusters", "Clusters by phase.", "phase", clusters.iter().map(phase).collect::<Vec<_>>()),
        ("nagaya_workspaces", "Workspaces by phase.", "phase", workspaces.iter().map(phase).collect()),
        ("nagaya_bundle_clusters", "Bundles' clusters by state.", "state", states.collect()),
    ] {
        head(out, name, "gauge", help);
        let mut counts = BTreeMap::<_, u64>::new();
        for one in found {
            *counts.entry(one).or_default() += 1;
        }
        for (value, count) in counts {
            line(out, name, &format!("{label}=\"{value}\""), count);
        }
    }
}

/// What the reconcilers know of each cluster's agent.
fn agents(out: &mut String, figures: &Figures, now: Timestamp) {
    type Of = fn(&ClusterFigures, Timestamp) -> Option<f64>;
    let gauges: [(&str, &str, &str, Of); 5] = [
        ("nagaya_cluster_connected", "gauge", "Whether the agent's reports are listened to.", |one, _| {
            Some(f64::from(u8::from(one.connected)))
        }),
        (
            "nagaya_agent_heartbeat_age_seconds",
            "gauge",
            "Time since the agent was heard last.",
            |one, now| one.heard.map(|at| now.duration_since(at).as_secs_f64()),
        ),
        (
            "nagaya_agent_certificate_seconds",
            "gauge",
            "Time until the agent's certificate ends.",
            |one, now| one.certificate_ends.map(|ends| ends.duration_since(now).as_secs_f64()),
        ),
        ("nagaya_agent_report_entries", "gauge", "Entries kept of what the agent told.", |one, _| {
            u32::try_from(one.entries).ok().map(f64::from)
        }),
        (
            "nagaya_agent_reports_refused_total",
            "counter",
            "Reports of what is not the cluster's.",
            |one, _| u32::try_from(one.refused).ok().map(f64::from),
        ),
    ];
    for (name, kind, help, of) in gauges {
        head(out, name, kind, help);
        for (cluster, one) in &figures.clusters {
            if let Some(value) = of(one, now) {
                line(out, name, &format!("cluster=\"{cluster}\""), value);
            }
        }
    }
}

fn requests(out: &mut String, requests: &Requests) {
    let name = "nagaya_http_request_duration_seconds";
    head(out, name, "histogram", "Time to the head of the answer, by route, method and status.");
    let all = requests.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for ((route, method, status), times) in all {
        histogram(out, name, &format!("route=\"{route}\",method=\"{method}\",code=\"{status}\""), &times);
    }
}

fn histogram(out: &mut String, name: &str, labels: &str, times: &Times) {
    let comma = if labels.is_empty() { "" } else { "," };
    for (bound, count) in times.buckets() {
        line(out, &format!("{name}_bucket"), &format!("{labels}{comma}le=\"{bound}\""), count);
    }
    line(out, &format!("{name}_bucket"), &format!("{labels}{comma}le=\"+Inf\""), times.count());
    line(out, &format!("{name}_sum"), labels, times.sum());
    line(out, &format!("{name}_count"), labels, times.count());
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_agent_that_was_never_heard_has_no_age_and_others_have_one() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let heard = ClusterFigures {
            connected: true,
            heard: Some(now - jiff::SignedDuration::from_secs(12)),
            certificate_ends: Some(now + jiff::SignedDuration::from_secs(60)),
            entries: 7,
            refused: 2,
        };
        let clusters = [("one".to_owned(), heard), ("two".to_owned(), ClusterFigures::default())];
        let mut out = String::new();
        agents(&mut out, &Figures { clusters: clusters.into() }, now);
        for expected in [
            "nagaya_cluster_connected{cluster=\"one\"} 1",
            "nagaya_cluster_connected{cluster=\"two\"} 0",
            "nagaya_agent_heartbeat_age_seconds{cluster=\"one\"} 12",
            "nagaya_agent_certificate_seconds{cluster=\"one\"} 60",
            "nagaya_agent_report_entries{cluster=\"one\"} 7",
            "nagaya_agent_reports_refused_total{cluster=\"one\"} 2",
        ] {
            assert!(out.lines().any(|line| line == expected), "{expected} is not in\n{out}");
        }
        assert!(!out.contains("age_seconds{cluster=\"two\"}"));
    }
}
