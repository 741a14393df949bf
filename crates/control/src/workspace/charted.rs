//! What is said of a workspace that is a release of a chart: from the release's state, and from the pod behind its Service.

use jiff::Timestamp;
use nagaya_api::{
    Workspace,
    agent::{ReleaseObservation, ReleaseState, WorkspaceObservation},
    kinds::workspace::{WorkspacePhase, WorkspaceStatus},
};

use super::{
    status::{Sight, ran_on},
    trouble::{self, Reason, Trouble, sentence},
};

/// What is seen of home and pod, as of other workspaces.
pub(super) fn joined(sight: &Sight<'_>) -> WorkspaceObservation {
    let behind = sight.release.and_then(|release| release.environment.as_ref());
    WorkspaceObservation {
        pod: behind.and_then(|behind| behind.pod.clone()),
        ..sight.observation.cloned().unwrap_or_default()
    }
}

/// Whether nothing is known of a release that ran: another agent of its cluster has begun to tell, or is about to. What
/// runs, runs on.
pub(super) fn is_unheard(previous: &WorkspaceStatus, release: Option<&ReleaseObservation>) -> bool {
    let silent = |release: &ReleaseObservation| {
        release.state == ReleaseState::Waiting && release.message.is_empty() && release.environment.is_none()
    };
    previous.phase == WorkspacePhase::Running && release.is_none_or(silent)
}

/// Whether it would be started with other content than it has.
pub(super) fn is_outdated(sight: &Sight<'_>) -> bool {
    sight.release.and_then(|release| release.environment.as_ref()).is_some_and(|behind| behind.outdated)
}

/// The phase of one that is to run, and what is in its way.
pub(super) fn up(
    workspace: &Workspace,
    sight: &Sight<'_>,
    started: Option<Timestamp>,
) -> (WorkspacePhase, Option<Trouble>) {
    use WorkspacePhase::{Failed, Pending, Running, Starting};
    let nothing = WorkspaceObservation::default();
    let seen = sight.observation.unwrap_or(&nothing);
    let live = seen.pod.as_ref().filter(|pod| !pod.deleting);
    let state = sight.release.map(|release| release.state);
    if state == Some(ReleaseState::Ready) && live.is_some_and(|pod| pod.ready) {
        return (Running, None);
    }
    if let Some(why) = &sight.unrendered {
        return (Failed, Some(Trouble::new(Reason::NotRendered, why.clone())));
    }
    let said = sight.release.map_or("", |release| release.message.as_str());
    match state {
        Some(ReleaseState::Failed | ReleaseState::Conflict) => {
            let words = format!("its chart cannot be installed: {}", sentence(said));
            return (Failed, Some(Trouble::new(Reason::ChartFailed, words)));
        }
        Some(ReleaseState::Uninstalling) => {
            let words = "waiting until what ran before has ended";
            return (Starting, Some(Trouble::new(Reason::PodEnding, words)));
        }
        _ => {}
    }
    if live.is_some_and(|pod| ran_on(&workspace.status, pod)) {
        let words = "its container runs on, but it did not answer the last checks in time";
        return (Running, Some(Trouble::new(Reason::DesktopNotAnswering, words)));
    }
    let fault =
        sight.release.and_then(|release| release.environment.as_ref()).map_or("", |one| one.fault.as_str());
    if !fault.is_empty() {
        return (Failed, Some(Trouble::new(Reason::NoService, sentence(fault))));
    }
    match (trouble::find(workspace, seen, sight.errors, started), sight.release) {
        (Some(trouble), _) if !trouble.reason.passes() => (Failed, Some(trouble)),
        // What the chart waits for says more than that the desktop does not answer yet.
        (_, Some(release)) if !release.message.is_empty() || !release.step.is_empty() => {
            let words = if release.message.is_empty() { &release.step } else { &release.message };
            (Starting, Some(Trouble::new(Reason::ChartStarting, sentence(words))))
        }
        (Some(trouble), _) => (Starting, Some(trouble)),
        (None, release) if sight.accepted || release.is_some() => (Starting, None),
        (None, _) => (Pending, None),
    }
}
