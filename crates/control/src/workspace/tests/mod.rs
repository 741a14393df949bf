//! Rules of what is said of a workspace.
#![allow(clippy::unwrap_used)]

mod life;
mod reasons;

use jiff::Timestamp;
use nagaya_api::{
    Workspace,
    agent::{ContainerObservation, PodObservation, WorkspaceObservation},
    kinds::workspace::{EventLine, WorkspaceSpec, WorkspaceState, WorkspaceStatus},
};

use super::{Sight, workspace_status};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn wanted(state: WorkspaceState) -> Workspace {
    Workspace::new(
        "java-1",
        WorkspaceSpec { cluster: "java".into(), namespace: "java".into(), state, ..WorkspaceSpec::default() },
    )
}

fn running() -> Workspace {
    wanted(WorkspaceState::Running)
}

fn container(reason: &str, message: &str) -> ContainerObservation {
    ContainerObservation { reason: reason.into(), message: message.into(), ..ContainerObservation::default() }
}

fn pod(desktop: ContainerObservation) -> PodObservation {
    PodObservation {
        name: "java-1-0".into(),
        uid: "p1".into(),
        phase: "Pending".into(),
        node: "java".into(),
        scheduled_at: Some(at(1)),
        containers: [
            ("workspace".to_owned(), desktop),
            ("relay".to_owned(), ContainerObservation::default()),
        ]
        .into(),
        ..PodObservation::default()
    }
}

fn ready_pod() -> PodObservation {
    let desktop =
        ContainerObservation { ready: true, started_at: Some(at(2)), ..ContainerObservation::default() };
    PodObservation { ready: true, ready_at: Some(at(3)), phase: "Running".into(), ..pod(desktop) }
}

fn seen(pod: Option<PodObservation>) -> WorkspaceObservation {
    WorkspaceObservation {
        name: "java-1".into(),
        namespace: "java".into(),
        replicas: Some(1),
        template_hash: "h1".into(),
        pod,
        home: Some("Bound".into()),
        events: Vec::new(),
    }
}

fn event(reason: &str, object: &str, message: &str) -> EventLine {
    EventLine {
        first: Some(at(5)),
        at: at(5),
        kind: "Warning".into(),
        reason: reason.into(),
        object: object.into(),
        message: message.into(),
        count: 1,
    }
}

fn sight(observation: &WorkspaceObservation) -> Sight<'_> {
    Sight { observation: Some(observation), connected: true, accepted: true, ..Sight::default() }
}

fn status(workspace: &Workspace, observation: &WorkspaceObservation) -> WorkspaceStatus {
    workspace_status(workspace, &sight(observation), at(10))
}
