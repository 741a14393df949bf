//! A pod in the server's words.

use std::collections::BTreeMap;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{ContainerStatus, Pod, PodCondition};
use kube::ResourceExt;
use nagaya_api::agent::{ContainerObservation, PodObservation, TEMPLATE_HASH_ANNOTATION};

/// Longest message of a container that is passed on.
const MESSAGE: usize = 1000;

/// Reads what the server needs of a pod.
pub(crate) fn observe(pod: &Pod) -> PodObservation {
    let status = pod.status.clone().unwrap_or_default();
    let conditions = status.conditions.unwrap_or_default();
    let ready = condition(&conditions, "Ready").filter(|condition| condition.status == "True");
    let scheduled = condition(&conditions, "PodScheduled");
    let containers = status.container_statuses.unwrap_or_default();
    let first = status.init_container_statuses.unwrap_or_default();
    let observed: BTreeMap<String, ContainerObservation> = first
        .iter()
        // One that ended well has done its part.
        .filter(|status| !status.ready)
        .chain(&containers)
        .map(|status| (status.name.clone(), container(status)))
        .collect();
    PodObservation {
        name: pod.name_any(),
        uid: pod.uid().unwrap_or_default(),
        phase: status.phase.unwrap_or_default(),
        deleting: pod.metadata.deletion_timestamp.is_some(),
        node: pod.spec.as_ref().and_then(|spec| spec.node_name.clone()).unwrap_or_default(),
        template_hash: pod.annotations().get(TEMPLATE_HASH_ANNOTATION).cloned().unwrap_or_default(),
        ready: ready.is_some(),
        ready_at: ready.and_then(since),
        scheduled_at: scheduled.filter(|condition| condition.status == "True").and_then(since),
        unschedulable: scheduled
            .filter(|condition| condition.status == "False")
            .and_then(|condition| condition.message.clone())
            .unwrap_or_default(),
        containers: observed,
    }
}

fn condition<'a>(all: &'a [PodCondition], name: &str) -> Option<&'a PodCondition> {
    all.iter().find(|condition| condition.type_ == name)
}

fn since(condition: &PodCondition) -> Option<Timestamp> {
    condition.last_transition_time.as_ref().map(|time| time.0)
}

fn container(status: &ContainerStatus) -> ContainerObservation {
    let state = status.state.clone().unwrap_or_default();
    let ended =
        state.terminated.clone().or_else(|| status.last_state.clone().and_then(|last| last.terminated));
    let (reason, message) = match (&state.waiting, &state.terminated) {
        (Some(waiting), _) => (waiting.reason.clone(), waiting.message.clone()),
        (None, Some(ended)) => (ended.reason.clone(), ended.message.clone()),
        (None, None) => (None, None),
    };
    // A container in a crash loop says only so; why it crashed stands in its last end.
    let message = message.filter(|message| !message.is_empty()).or_else(|| {
        let ended = ended.as_ref().filter(|_| state.running.is_none())?;
        Some(format!("{} (exit code {})", ended.reason.clone().unwrap_or_default(), ended.exit_code))
    });
    ContainerObservation {
        ready: status.ready,
        started_at: state.running.and_then(|running| running.started_at).map(|time| time.0),
        restarts: u32::try_from(status.restart_count).unwrap_or_default(),
        reason: reason.unwrap_or_default(),
        message: message.unwrap_or_default().chars().take(MESSAGE).collect(),
        exit_code: ended.map(|ended| ended.exit_code),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn why_a_pod_does_not_run_is_read() {
        let pod: Pod = serde_json::from_value(json!({
            "metadata": {"name": "w-0", "uid": "u", "annotations": {TEMPLATE_HASH_ANNOTATION: "h"}},
            "spec": {"nodeName": "n", "containers": []},
            "status": {
                "phase": "Pending",
                "conditions": [
                    {"type": "PodScheduled", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"},
                    {"type": "Ready", "status": "False"},
                ],
                "containerStatuses": [
                    {"name": "workspace", "ready": false, "restartCount": 3, "image": "", "imageID": "",
                     "state": {"waiting": {"reason": "CrashLoopBackOff", "message": ""}},
                     "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}},
                    {"name": "relay", "ready": true, "restartCount": 0, "image": "", "imageID": "",
                     "state": {"running": {"startedAt": "2026-01-01T00:00:01Z"}}},
                ],
            },
        }))
        .unwrap();
        let seen = observe(&pod);
        assert!(!seen.ready && seen.scheduled_at.is_some() && seen.template_hash == "h");
        let workspace = &seen.containers["workspace"];
        assert_eq!(workspace.reason, "CrashLoopBackOff");
        assert_eq!(workspace.message, "OOMKilled (exit code 137)");
        assert_eq!((workspace.exit_code, workspace.restarts), (Some(137), 3));
        assert!(seen.containers["relay"].started_at.is_some());
    }

    #[test]
    fn a_pod_without_a_node_says_why() {
        let pod: Pod = serde_json::from_value(json!({
            "metadata": {"name": "w-0"},
            "status": {"phase": "Pending", "conditions": [
                {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes: no memory"}]},
        }))
        .unwrap();
        assert_eq!(observe(&pod).unschedulable, "0/1 nodes: no memory");
    }
}
