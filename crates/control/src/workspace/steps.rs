//! The steps from a click to a desktop, and when each was reached.

use jiff::Timestamp;
use nagaya_api::{
    agent::WorkspaceObservation,
    kinds::workspace::{Step, StepName, WorkspaceStatus},
};

const ALL: [StepName; 5] =
    [StepName::Accepted, StepName::Home, StepName::Scheduled, StepName::Started, StepName::Ready];

/// The steps of the present start. A step that was reached keeps its time; another pod walks the last three anew.
/// `fresh`: this start is a new one, whatever the steps before were.
pub(super) fn walk(
    previous: &WorkspaceStatus,
    fresh: bool,
    accepted: bool,
    seen: Option<&WorkspaceObservation>,
    now: Timestamp,
) -> Vec<Step> {
    let pod = seen.and_then(|seen| seen.pod.as_ref()).filter(|pod| !pod.deleting);
    let same_pod = match (&previous.pod, pod) {
        (Some(before), Some(pod)) => before.uid == pod.uid,
        (None, _) => true,
        (Some(_), None) => false,
    };
    let known = |name: StepName| {
        let kept = !fresh && (name <= StepName::Home || same_pod);
        previous.steps.iter().filter(|_| kept).find(|step| step.name == name).and_then(|step| step.at)
    };
    let desktop = pod.and_then(|pod| pod.containers.get("workspace"));
    let reached = |name: StepName| match name {
        StepName::Accepted => (accepted || pod.is_some()).then_some(now),
        StepName::Home => {
            let bound = seen.is_some_and(|seen| seen.home.as_deref() == Some("Bound"));
            bound.then_some(now)
        }
        StepName::Scheduled => {
            pod.and_then(|pod| pod.scheduled_at.or_else(|| (!pod.node.is_empty()).then_some(now)))
        }
        StepName::Started => desktop.and_then(|desktop| desktop.started_at),
        StepName::Ready => pod.filter(|pod| pod.ready).map(|pod| pod.ready_at.unwrap_or(now)),
    };
    ALL.into_iter().map(|name| Step { name, at: known(name).or_else(|| reached(name)) }).collect()
}
