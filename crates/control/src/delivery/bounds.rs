//! How much one report may hold: what an agent says is kept, written to the store and shown, so lists and texts end
//! somewhere. No honest agent comes near.

use nagaya_api::agent::{PodObservation, ReleaseObservation, Report, WorkspaceObservation};

/// Longest name, version or other word.
const WORD: usize = 256;
/// Longest text in words.
const TEXT: usize = 2048;
/// Longest notes of a chart: pages for people to read.
const NOTES: usize = 32 * 1024;
/// Longest list of objects or nodes: Kubernetes itself is made for 5,000 nodes.
const OBJECTS: usize = 10_000;
/// Longest list of what belongs to one thing: containers, events, fields, problems.
const PARTS: usize = 100;

/// The report with lists and texts cut where they are too long.
pub(super) fn bounded(mut report: Report) -> Report {
    match &mut report {
        Report::Hello { agent_id, agent_version, kubernetes_version, incarnation, hash, .. } => {
            words([agent_id, agent_version, kubernetes_version, incarnation, hash]);
        }
        Report::Applied { hash, errors, unconfirmed, .. } => {
            words([hash]);
            errors.truncate(OBJECTS);
            for error in errors {
                words([&mut error.object]);
                cut(&mut error.message, TEXT);
            }
            unconfirmed.truncate(OBJECTS);
            words(unconfirmed);
        }
        Report::Nodes { nodes } => {
            nodes.truncate(OBJECTS);
            for node in nodes {
                words([&mut node.name, &mut node.version]);
                node.problems.truncate(PARTS);
                words(&mut node.problems);
            }
        }
        Report::Workspace(seen) => workspace(seen),
        Report::WorkspaceGone { namespace, name } => words([namespace, name]),
        Report::Drift { object, manager, fields, bundle, release, .. } => {
            words([object, manager, bundle, release]);
            fields.truncate(PARTS);
            words(fields);
        }
        Report::Unready { objects } => {
            objects.truncate(OBJECTS);
            for object in objects {
                words([&mut object.object, &mut object.bundle]);
                cut(&mut object.message, TEXT);
            }
        }
        Report::Facts(facts) => {
            words([&mut facts.network]);
            cut(&mut facts.network_policy_why, TEXT);
        }
        Report::Release(seen) => release(seen),
        Report::ReleaseGone { name, uid } => words([name, uid]),
        Report::Synced | Report::Heartbeat => {}
    }
    report
}

fn release(seen: &mut ReleaseObservation) {
    let ReleaseObservation { name, uid, release_name, namespace, helm_status, content, .. } = seen;
    words([name, uid, release_name, namespace, helm_status, content]);
    words([&mut seen.chart_version, &mut seen.app_version]);
    for text in [&mut seen.step, &mut seen.message] {
        cut(text, TEXT);
    }
    cut(&mut seen.notes, NOTES);
    seen.objects.truncate(OBJECTS);
    for line in &mut seen.objects {
        words([&mut line.object]);
        cut(&mut line.message, TEXT);
    }
    seen.history.truncate(PARTS);
    for line in &mut seen.history {
        words([&mut line.status, &mut line.chart, &mut line.app_version]);
        cut(&mut line.description, TEXT);
    }
    if let Some(behind) = &mut seen.environment {
        words([&mut behind.container]);
        cut(&mut behind.fault, TEXT);
        if let Some(seen) = &mut behind.pod {
            pod(seen);
        }
    }
    seen.tests.truncate(PARTS);
    for line in &mut seen.tests {
        words([&mut line.object]);
        cut(&mut line.message, TEXT);
    }
}

fn workspace(seen: &mut WorkspaceObservation) {
    words([&mut seen.name, &mut seen.namespace, &mut seen.template_hash]);
    words(&mut seen.home);
    seen.events.truncate(PARTS);
    for event in &mut seen.events {
        words([&mut event.kind, &mut event.object, &mut event.reason]);
        cut(&mut event.message, TEXT);
    }
    if let Some(seen) = &mut seen.pod {
        pod(seen);
    }
}

fn pod(seen: &mut PodObservation) {
    let PodObservation { name, uid, phase, node, template_hash, unschedulable, containers, .. } = seen;
    words([name, uid, phase, node, template_hash]);
    cut(unschedulable, TEXT);
    // A container's name is a key and is not cut: one that is no name of a container goes.
    containers.retain(|name, _| name.len() <= WORD);
    while containers.len() > PARTS {
        containers.pop_last();
    }
    for container in containers.values_mut() {
        words([&mut container.reason]);
        cut(&mut container.message, TEXT);
    }
}

fn words<'a>(words: impl IntoIterator<Item = &'a mut String>) {
    for word in words {
        cut(word, WORD);
    }
}

fn cut(text: &mut String, limit: usize) {
    if text.len() > limit {
        text.truncate(text.floor_char_boundary(limit));
        text.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value, json};

    use super::*;

    /// The report with every text of it long.
    fn long(mut report: Value) -> Report {
        fn blow_up(value: &mut Value) {
            match value {
                Value::Array(items) => items.iter_mut().for_each(blow_up),
                Value::Object(map) => map.values_mut().for_each(blow_up),
                Value::String(text) if text == "x" => *text = "長".repeat(1000),
                _ => {}
            }
        }
        blow_up(&mut report);
        serde_json::from_value(report).unwrap()
    }

    /// Bytes of the longest text.
    fn longest(value: &Value) -> usize {
        match value {
            Value::Array(items) => items.iter().map(longest).max().unwrap_or(0),
            Value::Object(map) => map.values().map(longest).max().unwrap_or(0),
            Value::String(text) => text.len(),
            _ => 0,
        }
    }

    #[test]
    fn no_text_of_any_report_is_longer_than_allowed() {
        let at = "2026-01-01T00:00:00Z";
        let event =
            json!({ "object": "x", "reason": "x", "message": "x", "type": "x", "count": 1, "at": at });
        let container = json!({ "reason": "x", "message": "x" });
        let node = json!({ "name": "x", "ready": true, "version": "x", "cpu": "1", "memory": "1Gi", "pods": 1,
            "problems": ["x"] });
        let reports = [
            json!({ "type": "hello", "agentId": "x", "agentVersion": "x", "kubernetesVersion": "x",
                "incarnation": "x", "revision": 1, "hash": "x" }),
            json!({ "type": "applied", "revision": 1, "hash": "x", "errors": [{ "object": "x", "message": "x" }],
                "unconfirmed": ["x"] }),
            json!({ "type": "nodes", "nodes": [node] }),
            json!({ "type": "workspace", "name": "x", "namespace": "x", "templateHash": "x", "home": "x",
                "events": [event], "pod": { "name": "x", "uid": "x", "phase": "x", "node": "x",
                "templateHash": "x", "unschedulable": "x", "containers": { "one": container } } }),
            json!({ "type": "workspaceGone", "namespace": "x", "name": "x" }),
            json!({ "type": "drift", "object": "x", "manager": "x", "fields": ["x"], "bundle": "x", "release": "x", "at": at }),
            json!({ "type": "releaseGone", "name": "x", "uid": "x" }),
            json!({ "type": "release", "name": "x", "uid": "x", "releaseName": "x", "namespace": "x", "helmStatus": "x",
                "content": "x", "chartVersion": "x", "appVersion": "x", "step": "x", "message": "x",
                "objects": [{ "object": "x", "message": "x" }],
                "history": [{ "status": "x", "chart": "x", "appVersion": "x", "description": "x" }],
                "tests": [{ "object": "x", "message": "x" }], "environment": { "container": "x", "fault": "x",
                "pod": { "name": "x", "unschedulable": "x", "containers": { "one": container } } } }),
            json!({ "type": "unready", "objects": [{ "object": "x", "bundle": "x", "message": "x" }] }),
            json!({ "type": "facts", "network": "x" }),
        ];
        for report in reports {
            let kind = report["type"].clone();
            let report = long(report);
            assert_eq!(longest(&serde_json::to_value(&report).unwrap()), 3000, "{kind}");
            assert!(longest(&serde_json::to_value(bounded(report)).unwrap()) <= TEXT, "{kind}");
        }
    }

    #[test]
    fn no_list_is_longer_than_allowed() {
        let node = json!({ "name": "n", "ready": true, "version": "v", "cpu": "1", "memory": "1Gi", "pods": 1,
            "problems": vec!["p"; 101] });
        let report: Report = serde_json::from_value(json!({ "type": "nodes", "nodes": [node] })).unwrap();
        let Report::Nodes { nodes } = bounded(report) else { panic!("another report") };
        assert_eq!(nodes[0].problems.len(), PARTS);
        let report = bounded(Report::Nodes { nodes: vec![nodes[0].clone(); OBJECTS + 1] });
        assert!(matches!(report, Report::Nodes { nodes } if nodes.len() == OBJECTS));
        let report = Report::Unready { objects: vec![Default::default(); OBJECTS + 1] };
        assert!(matches!(bounded(report), Report::Unready { objects } if objects.len() == OBJECTS));
        let report = Report::Applied {
            revision: 1,
            hash: String::new(),
            errors: vec![
                nagaya_api::kinds::cluster::ObjectError { object: "o".into(), message: "m".into() };
                OBJECTS + 1
            ],
            unconfirmed: vec![String::new(); OBJECTS + 1],
            applied: 0,
        };
        let Report::Applied { errors, unconfirmed, .. } = bounded(report) else { panic!("another report") };
        assert_eq!((errors.len(), unconfirmed.len()), (OBJECTS, OBJECTS));
    }

    #[test]
    fn containers_end_somewhere_and_what_is_usual_passes_unchanged() {
        let pod = |count: usize| PodObservation {
            containers: (0..count).map(|n| (format!("c{n:05}"), Default::default())).collect(),
            ..PodObservation::default()
        };
        let seen = |count| {
            Report::Workspace(WorkspaceObservation {
                pod: Some(pod(count)),
                ..WorkspaceObservation::default()
            })
        };
        assert_eq!(bounded(seen(3)), seen(3));
        assert_eq!(bounded(seen(5000)), seen(PARTS));
    }
}
