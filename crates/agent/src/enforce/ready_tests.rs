#![allow(clippy::unwrap_used)]

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde_json::{Value, json};

use super::*;

fn meta(generation: i64) -> ObjectMeta {
    ObjectMeta { generation: Some(generation), ..ObjectMeta::default() }
}

fn of(kind: &str, spec: &Value, status: &Value) -> Option<String> {
    let group = if kind == "Job" { "batch" } else { "apps" };
    trouble(group, kind, &meta(2), &json!({"spec": spec, "status": status}))
}

/// `base` with `change` over it.
fn with(base: &Value, change: &Value) -> Value {
    let mut changed = base.clone();
    changed.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    changed
}

#[test]
fn a_deployment_is_ready_when_its_newest_pods_all_are_and_no_old_one_is_left() {
    let spec = json!({"replicas": 3, "progressDeadlineSeconds": 600});
    let done = json!({
        "observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3, "readyReplicas": 3,
        "conditions": [{"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"},
            {"type": "Available", "status": "True"}]});
    assert_eq!(of("Deployment", &spec, &done), None);
    for (change, words) in [
        (json!({"observedGeneration": 1}), "not looked"),
        (json!({"replicas": 2}), "2 of 3 pods are there"),
        (json!({"updatedReplicas": 1}), "1 of 3 pods are of the newest"),
        (json!({"replicas": 4}), "1 old pods"),
        (json!({"availableReplicas": 2}), "2 of 3 pods are available"),
        (json!({"readyReplicas": 0}), "0 of 3 pods are ready"),
        (json!({"conditions": [{"type": "Available", "status": "True"}]}), "not complete"),
        (
            json!({"conditions": [{"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"}]}),
            "not available",
        ),
        (
            json!({"conditions": [{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
                "message": "ReplicaSet x has timed out"}]}),
            "has timed out",
        ),
    ] {
        let trouble = of("Deployment", &spec, &with(&done, &change)).unwrap();
        assert!(trouble.contains(words), "{change}: {trouble}");
    }
    assert!(of("Deployment", &json!({}), &json!({"observedGeneration": 2})).unwrap().contains("0 of 1"));
}

#[test]
fn a_stateful_set_is_ready_when_all_pods_are_of_the_newest_revision() {
    let spec = json!({"replicas": 2, "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}});
    let done = json!({
        "observedGeneration": 2, "replicas": 2, "readyReplicas": 2, "currentReplicas": 2, "updatedReplicas": 2,
        "currentRevision": "b", "updateRevision": "b"});
    assert_eq!(of("StatefulSet", &spec, &done), None);
    for (change, words) in [
        (json!({"replicas": 1}), "1 of 2 pods are there"),
        (json!({"readyReplicas": 1}), "1 of 2 pods are ready"),
        (json!({"replicas": 3}), "still ending"),
        (json!({"currentRevision": "a", "updatedReplicas": 1}), "1 of 2 pods are of the newest"),
    ] {
        let trouble = of("StatefulSet", &spec, &with(&done, &change)).unwrap();
        assert!(trouble.contains(words), "{change}: {trouble}");
    }
    let halfway = with(&done, &json!({"currentRevision": "a", "updatedReplicas": 1, "currentReplicas": 1}));
    let partition = json!({"replicas": 2, "updateStrategy": {"rollingUpdate": {"partition": 1}}});
    assert_eq!(of("StatefulSet", &partition, &halfway), None, "one above the partition is enough");
    let by_hand = json!({"replicas": 2, "updateStrategy": {"type": "OnDelete"}});
    assert_eq!(of("StatefulSet", &by_hand, &halfway), None);
}

#[test]
fn a_daemon_set_is_ready_when_every_node_has_the_newest_pod() {
    let done = json!({
        "observedGeneration": 2, "desiredNumberScheduled": 3, "currentNumberScheduled": 3,
        "updatedNumberScheduled": 3, "numberAvailable": 3, "numberReady": 3});
    assert_eq!(of("DaemonSet", &json!({}), &done), None);
    for (change, words) in [
        (json!({"currentNumberScheduled": 2}), "2 of 3 nodes have its pod"),
        (json!({"updatedNumberScheduled": 1}), "newest"),
        (json!({"numberAvailable": 0}), "available"),
        (json!({"numberReady": 0}), "ready"),
    ] {
        let trouble = of("DaemonSet", &json!({}), &with(&done, &change)).unwrap();
        assert!(trouble.contains(words), "{change}: {trouble}");
    }
    let by_hand = json!({"updateStrategy": {"type": "OnDelete"}});
    assert_eq!(of("DaemonSet", &by_hand, &with(&done, &json!({"updatedNumberScheduled": 1}))), None);
    let nowhere = json!({"observedGeneration": 2, "desiredNumberScheduled": 0});
    assert_eq!(of("DaemonSet", &json!({}), &nowhere), None, "no node matches: nothing is missing");
}

#[test]
fn a_job_that_works_or_has_worked_is_ready_and_one_that_failed_is_not() {
    assert!(of("Job", &json!({}), &json!({})).unwrap().contains("not begun"));
    let began = json!({"startTime": "2026-01-01T00:00:00Z", "active": 1});
    assert_eq!(of("Job", &json!({}), &began), None);
    let condition = |kind: &str| json!({"conditions": [{"type": kind, "status": "True", "reason": "BackoffLimitExceeded", "message": "m"}]});
    assert_eq!(of("Job", &json!({}), &with(&began, &condition("Complete"))), None);
    assert!(
        of("Job", &json!({}), &with(&began, &condition("Failed"))).unwrap().contains("BackoffLimitExceeded")
    );
}

#[test]
fn what_is_going_is_not_ready_and_what_has_no_status_is_ready_once_applied() {
    let going = ObjectMeta { deletion_timestamp: Some(Time(jiff::Timestamp::UNIX_EPOCH)), ..meta(1) };
    assert!(trouble("apps", "Deployment", &going, &json!({})).unwrap().contains("removed"));
    assert_eq!(trouble("", "ConfigMap", &meta(9), &json!({})), None);
    assert_eq!(
        trouble("example.org", "Deployment", &meta(9), &json!({})),
        None,
        "another group's kind of the same name"
    );
}
