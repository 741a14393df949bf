//! What is said of a workspace: one pure function of what is wanted, what was said and what is seen.

use jiff::Timestamp;
use nagaya_api::{
    Workspace,
    agent::{PodObservation, ReleaseObservation, WorkspaceObservation},
    kinds::{
        cluster::ObjectError,
        workspace::{PodStatus, WorkspacePhase, WorkspaceState, WorkspaceStatus},
    },
};

use super::{
    charted, steps,
    trouble::{self, Reason, Trouble},
};

/// Kubernetes' events kept in a status.
const EVENTS: usize = 20;

/// What is seen of a workspace now.
#[derive(Clone, Debug, Default)]
pub struct Sight<'a> {
    /// What its cluster reports; none: the cluster holds nothing of it, or has not reported yet.
    pub observation: Option<&'a WorkspaceObservation>,
    /// Whether the agent is connected and has told all there is.
    pub connected: bool,
    /// Whether the agent has taken an intent in which the workspace is as its spec says.
    pub accepted: bool,
    /// Objects that the cluster could not apply.
    pub errors: &'a [ObjectError],
    /// Why no intent could be made of it, if so.
    pub unrendered: Option<String>,
    /// Whether it is a release of a chart.
    pub charted: bool,
    /// Of one that is: what its cluster tells of the release.
    pub release: Option<&'a ReleaseObservation>,
}

/// The status of `workspace`, whose own `status` is what was said before.
pub fn workspace_status(workspace: &Workspace, sight: &Sight<'_>, now: Timestamp) -> WorkspaceStatus {
    let previous = &workspace.status;
    let wanted = workspace.spec.state;
    let runs = wanted == WorkspaceState::Running && workspace.metadata.deletion_timestamp.is_none();

    if !sight.connected {
        return away(workspace, runs, now);
    }
    if sight.charted && runs && charted::is_unheard(previous, sight.release) {
        return previous.clone();
    }
    let joined = sight.charted.then(|| charted::joined(sight));
    let sight = &Sight { observation: joined.as_ref().or(sight.observation), ..sight.clone() };
    let seen = sight.observation;
    let pod = seen.and_then(|seen| seen.pod.as_ref());
    let fresh = runs && was_down(previous.phase) && previous.phase != WorkspacePhase::Pending;
    let steps = if runs { steps::walk(previous, fresh, sight.accepted, seen, now) } else { Vec::new() };
    let (phase, trouble) = if runs {
        let started = steps.first().and_then(|step| step.at);
        if sight.charted { charted::up(workspace, sight, started) } else { up(workspace, sight, started) }
    } else {
        (down(workspace, pod.is_some() || sight.charted && sight.release.is_some()), None)
    };
    let mut status = WorkspaceStatus {
        phase,
        reason: String::new(),
        message: String::new(),
        since: previous.since,
        steps,
        pod: pod.map(|pod| pod_status(pod, sight)),
        outdated: runs
            && if sight.charted {
                charted::is_outdated(sight)
            } else {
                pod.is_some_and(|pod| outdated(pod, seen))
            },
        events: seen.map_or_else(|| previous.events.clone(), events),
    };
    if let Some(trouble) = trouble {
        status.reason = trouble.reason.code().to_owned();
        status.message = settle(previous, trouble);
    } else {
        status.message = words(workspace, phase);
    }
    stamp(status, previous, now)
}

fn was_down(phase: WorkspacePhase) -> bool {
    use WorkspacePhase::{Deleted, Pending, Purging, Stopped, Stopping};
    matches!(phase, Stopped | Stopping | Deleted | Purging | Pending)
}

/// Without the agent nothing new is known: the phase stays, unless what is wanted changed.
fn away(workspace: &Workspace, runs: bool, now: Timestamp) -> WorkspaceStatus {
    let previous = &workspace.status;
    let phase = match (runs, previous.phase) {
        (true, phase) if !was_down(phase) => phase,
        (true, _) => WorkspacePhase::Pending,
        (false, phase) => match (down(workspace, false), phase) {
            (WorkspacePhase::Purging, _) => WorkspacePhase::Purging,
            // It ran, and nobody has seen it end.
            (_, phase) if !was_down(phase) => WorkspacePhase::Stopping,
            (_, WorkspacePhase::Stopping) => WorkspacePhase::Stopping,
            (settled, _) => settled,
        },
    };
    let settled = !runs && matches!(phase, WorkspacePhase::Stopped | WorkspacePhase::Deleted);
    let (reason, message) = if settled {
        (String::new(), words(workspace, phase))
    } else {
        let cluster = &workspace.spec.cluster;
        let words =
            format!("cluster \"{cluster}\" is not connected; what is shown is the last that is known");
        (Reason::AgentAway.code().to_owned(), words)
    };
    // Steps are of the present start only: a new one has none yet, and what is not to run has none.
    let steps = if runs && (phase != WorkspacePhase::Pending || previous.phase == WorkspacePhase::Pending) {
        previous.steps.clone()
    } else {
        Vec::new()
    };
    stamp(WorkspaceStatus { phase, reason, message, steps, ..previous.clone() }, previous, now)
}

/// The phase of a workspace that is not to run.
fn down(workspace: &Workspace, is_there: bool) -> WorkspacePhase {
    if workspace.metadata.deletion_timestamp.is_some() {
        return WorkspacePhase::Purging;
    }
    match (workspace.spec.state, is_there) {
        (_, true) => WorkspacePhase::Stopping,
        (WorkspaceState::Deleted, false) => WorkspacePhase::Deleted,
        (_, false) => WorkspacePhase::Stopped,
    }
}

/// The phase of a workspace that is to run, and what is in its way.
fn up(
    workspace: &Workspace,
    sight: &Sight<'_>,
    started: Option<Timestamp>,
) -> (WorkspacePhase, Option<Trouble>) {
    let live = sight.observation.and_then(|seen| seen.pod.as_ref()).filter(|pod| !pod.deleting);
    if live.is_some_and(|pod| pod.ready) {
        return (WorkspacePhase::Running, None);
    }
    if let Some(why) = &sight.unrendered {
        return (WorkspacePhase::Failed, Some(Trouble::new(Reason::NotRendered, why.clone())));
    }
    let nothing = WorkspaceObservation::default();
    let seen = sight.observation.unwrap_or(&nothing);
    if seen.pod.as_ref().is_some_and(|pod| pod.deleting) {
        let words = "waiting until its pod from before has ended";
        return (WorkspacePhase::Starting, Some(Trouble::new(Reason::PodEnding, words)));
    }
    if live.is_some_and(|pod| ran_on(&workspace.status, pod)) {
        let words = "its container runs on, but its desktop did not answer the last checks in time";
        return (WorkspacePhase::Running, Some(Trouble::new(Reason::DesktopNotAnswering, words)));
    }
    match trouble::find(workspace, seen, sight.errors, started) {
        Some(trouble) if trouble.reason.passes() => (WorkspacePhase::Starting, Some(trouble)),
        Some(trouble) => (WorkspacePhase::Failed, Some(trouble)),
        None if sight.accepted || seen.pod.is_some() => (WorkspacePhase::Starting, None),
        None => (WorkspacePhase::Pending, None),
    }
}

/// Whether this is the pod that was Running, and its container has not been restarted since. A node under load is slow
/// to answer probes, and Kubernetes then calls the pod unready; that must not take a desktop from whoever works in it.
pub(super) fn ran_on(previous: &WorkspaceStatus, pod: &PodObservation) -> bool {
    let desktop = pod.containers.get("workspace");
    previous.phase == WorkspacePhase::Running
        && previous.pod.as_ref().is_some_and(|before| {
            let started = desktop.and_then(|desktop| desktop.started_at);
            before.uid == pod.uid && before.started_at.is_some() && before.started_at == started
        })
}

/// Kubernetes alternates between the cause of a failed pull and "back-off": the cause is kept.
fn settle(previous: &WorkspaceStatus, trouble: Trouble) -> String {
    let same = previous.reason == trouble.reason.code() && !previous.message.is_empty();
    let empty_words = trouble.reason == Reason::ImagePull && trouble.message.contains("Back-off");
    if same && empty_words { previous.message.clone() } else { trouble.message }
}

fn words(workspace: &Workspace, phase: WorkspacePhase) -> String {
    let cluster = &workspace.spec.cluster;
    match phase {
        WorkspacePhase::Pending => format!("waiting until cluster \"{cluster}\" takes it"),
        WorkspacePhase::Starting => "its cluster is bringing it up".to_owned(),
        WorkspacePhase::Stopping => "its pod is ending".to_owned(),
        WorkspacePhase::Deleted => "deleted; its home is kept until it is purged".to_owned(),
        WorkspacePhase::Purging => "its home is being removed".to_owned(),
        WorkspacePhase::Running | WorkspacePhase::Stopped | WorkspacePhase::Failed => String::new(),
    }
}

fn pod_status(pod: &PodObservation, sight: &Sight<'_>) -> PodStatus {
    let desktop = pod.containers.get("workspace");
    PodStatus {
        name: pod.name.clone(),
        uid: pod.uid.clone(),
        node: pod.node.clone(),
        started_at: desktop.and_then(|desktop| desktop.started_at),
        restarts: desktop.map_or(0, |desktop| desktop.restarts),
        container: sight
            .release
            .and_then(|release| release.environment.as_ref())
            .map(|behind| behind.container.clone())
            .unwrap_or_default(),
    }
}

fn outdated(pod: &PodObservation, seen: Option<&WorkspaceObservation>) -> bool {
    let newest = seen.map_or("", |seen| seen.template_hash.as_str());
    !newest.is_empty() && !pod.template_hash.is_empty() && newest != pod.template_hash
}

fn events(seen: &WorkspaceObservation) -> Vec<nagaya_api::kinds::workspace::EventLine> {
    let mut events = seen.events.clone();
    events.sort_by(|a, b| (b.at, &a.object, &a.reason).cmp(&(a.at, &b.object, &b.reason)));
    events.truncate(EVENTS);
    events
}

/// `since` changes with phase and reason, and with nothing else.
fn stamp(mut status: WorkspaceStatus, previous: &WorkspaceStatus, now: Timestamp) -> WorkspaceStatus {
    let same = status.phase == previous.phase && status.reason == previous.reason;
    status.since = if same { previous.since.or(Some(now)) } else { Some(now) };
    status
}
