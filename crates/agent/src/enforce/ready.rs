//! Whether an object that is there does what it is there for, read from its status.
//!
//! The rules are those of kstatus (<https://pkg.go.dev/sigs.k8s.io/cli-utils/pkg/kstatus/status>), for the kinds whose
//! controllers tell: Deployment, StatefulSet, DaemonSet and Job. Everything else is ready once it is applied.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

/// Why an object is not ready, in words; none when it is.
///
/// `group` is the part of `apiVersion` before the slash, `data` the object's spec and status.
pub fn trouble(group: &str, kind: &str, metadata: &ObjectMeta, data: &Value) -> Option<String> {
    let object = Object(data);
    let rule = match (group, kind) {
        ("apps", "Deployment") => deployment,
        ("apps", "StatefulSet") => stateful_set,
        ("apps", "DaemonSet") => daemon_set,
        ("batch", "Job") => job,
        _ => return None,
    };
    if metadata.deletion_timestamp.is_some() {
        return Some("it is being removed".to_owned());
    }
    // Until its controller has looked at it, its status tells of what it was. Jobs have no such number.
    let observed = object.number("/status/observedGeneration").unwrap_or(0);
    if kind != "Job" && metadata.generation.is_some_and(|generation| observed < generation) {
        return Some("its controller has not looked at the change yet".to_owned());
    }
    rule(&object)
}

struct Object<'a>(&'a Value);

impl Object<'_> {
    fn number(&self, pointer: &str) -> Option<i64> {
        self.0.pointer(pointer).and_then(Value::as_i64)
    }

    /// A count in the status. Kubernetes leaves zeroes out.
    fn count(&self, name: &str) -> i64 {
        self.0.get("status").and_then(|status| status.get(name)).and_then(Value::as_i64).unwrap_or(0)
    }

    fn text(&self, pointer: &str) -> &str {
        self.0.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// Status, reason and message of a condition.
    fn condition(&self, kind: &str) -> Option<(bool, &str, &str)> {
        let all = self.0.pointer("/status/conditions")?.as_array()?;
        let one = all.iter().find(|one| one["type"] == kind)?;
        let text = |name: &str| one[name].as_str().unwrap_or_default();
        Some((one["status"] == "True", text("reason"), text("message")))
    }
}

/// `have` of `want` are `what`, which is too few.
fn fewer(have: i64, want: i64, what: &str) -> Option<String> {
    (have < want).then(|| format!("{have} of {want} {what}"))
}

fn too_many(have: i64, want: i64) -> Option<String> {
    (have > want).then(|| format!("{} old pods are still ending", have - want))
}

fn deployment(object: &Object<'_>) -> Option<String> {
    let progressing = object.condition("Progressing");
    if let Some((_, "ProgressDeadlineExceeded", message)) = progressing {
        return Some(format!("it does not get ahead: {message}"));
    }
    let want = object.number("/spec/replicas").unwrap_or(1);
    let (replicas, updated) = (object.count("replicas"), object.count("updatedReplicas"));
    fewer(replicas, want, "pods are there")
        .or_else(|| fewer(updated, want, "pods are of the newest version"))
        .or_else(|| too_many(replicas, want))
        .or_else(|| fewer(object.count("availableReplicas"), updated, "pods are available"))
        .or_else(|| fewer(object.count("readyReplicas"), want, "pods are ready"))
        .or_else(|| {
            // Without a deadline the controller does not write the condition (kstatus, deploymentConditions).
            let watched = object.number("/spec/progressDeadlineSeconds").is_some_and(|s| s < i32::MAX.into());
            let done = progressing.is_some_and(|(yes, reason, _)| yes && reason == "NewReplicaSetAvailable");
            (watched && !done).then(|| "its newest ReplicaSet is not complete yet".to_owned())
        })
        .or_else(|| {
            let available = object.condition("Available").is_some_and(|(yes, ..)| yes);
            (!available).then(|| "it is not available".to_owned())
        })
}

fn stateful_set(object: &Object<'_>) -> Option<String> {
    if object.text("/spec/updateStrategy/type") == "OnDelete" {
        return None; // who deletes its pods decides when they are renewed
    }
    let want = object.number("/spec/replicas").unwrap_or(1);
    let replicas = object.count("replicas");
    let missing = fewer(replicas, want, "pods are there")
        .or_else(|| fewer(object.count("readyReplicas"), want, "pods are ready"))
        .or_else(|| too_many(replicas, want));
    if missing.is_some() {
        return missing;
    }
    let updated = object.count("updatedReplicas");
    // The API server fills in partition 0: kstatus's own rule for it is that of the whole set.
    match object.number("/spec/updateStrategy/rollingUpdate/partition") {
        Some(partition) if partition > 0 => {
            fewer(updated, want - partition, "pods are of the newest version")
        }
        _ => (object.text("/status/currentRevision") != object.text("/status/updateRevision"))
            .then(|| format!("{updated} of {want} pods are of the newest version")),
    }
}

fn daemon_set(object: &Object<'_>) -> Option<String> {
    let Some(want) = object.number("/status/desiredNumberScheduled") else {
        return Some("its controller has not looked at it yet".to_owned());
    };
    let by_hand = object.text("/spec/updateStrategy/type") == "OnDelete";
    fewer(object.count("currentNumberScheduled"), want, "nodes have its pod")
        .or_else(|| {
            let updated = object.count("updatedNumberScheduled");
            fewer(updated, want, "nodes have its newest pod").filter(|_| !by_hand)
        })
        .or_else(|| fewer(object.count("numberAvailable"), want, "pods are available"))
        .or_else(|| fewer(object.count("numberReady"), want, "pods are ready"))
}

/// A Job that works is as it should be; one that failed is not, and one that never began is not yet.
fn job(object: &Object<'_>) -> Option<String> {
    if let Some((true, reason, message)) = object.condition("Failed") {
        return Some(format!("it failed: {reason}: {message}"));
    }
    let complete = object.condition("Complete").is_some_and(|(yes, ..)| yes);
    (!complete && object.text("/status/startTime").is_empty()).then(|| "it has not begun".to_owned())
}

#[cfg(test)]
#[path = "ready_tests.rs"]
mod tests;
