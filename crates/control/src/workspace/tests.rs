//! Rules of what is said of a workspace.
#![allow(clippy::unwrap_used)]

use jiff::{SignedDuration, Timestamp};
use nagaya_api::{
    Workspace,
    agent::{ContainerObservation, PodObservation, WorkspaceObservation},
    kinds::{
        cluster::ObjectError,
        workspace::{EventLine, StepName, WorkspacePhase, WorkspaceSpec, WorkspaceState, WorkspaceStatus},
    },
};
use proptest::prelude::*;

use super::{
    Reason, Sight,
    purge::{HomeSight, plan},
    workspace_status,
};

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

/// Every reason, from what Kubernetes says in its own words.
#[test]
fn every_reason_is_told_from_what_kubernetes_reports() {
    let desktop = |reason: &str, message: &str| seen(Some(pod(container(reason, message))));
    let eventful = |pod: Option<PodObservation>, event: EventLine| WorkspaceObservation {
        events: vec![event],
        ..seen(pod)
    };
    let oom = ContainerObservation {
        exit_code: Some(137),
        ..container("CrashLoopBackOff", "back-off 10s restarting failed container")
    };
    let crash = ContainerObservation {
        exit_code: Some(1),
        ..container("CrashLoopBackOff", "back-off 10s restarting failed container")
    };
    let runs = ContainerObservation { started_at: Some(at(2)), ..ContainerObservation::default() };
    let set = "StatefulSet/java-1";
    let failed = |message: &str| eventful(None, event("FailedCreate", set, message));
    use Reason::*;
    use WorkspacePhase::{Failed, Starting};
    let table: Vec<(WorkspaceObservation, WorkspacePhase, Reason, &str)> = vec![
        (
            desktop("ErrImagePull", "rpc error: code = NotFound: java:9 not found"),
            Failed,
            ImagePull,
            "the OCI image of the desktop cannot be pulled: rpc error: code = NotFound: java:9 not found",
        ),
        (
            desktop("ImagePullBackOff", "Back-off pulling image \"java:9\""),
            Failed,
            ImagePull,
            "the OCI image of the desktop cannot be pulled: Back-off pulling image \"java:9\"",
        ),
        (
            desktop("InvalidImageName", "couldn't parse image reference"),
            Failed,
            ImagePull,
            "the OCI image of the desktop has a name that cannot be: correct it in its Image: couldn't parse image reference",
        ),
        (
            failed(
                "create Pod java-1-0 in StatefulSet java-1 failed error: pods \"java-1-0\" is forbidden: exceeded quota: team, requested: pods=1, used: pods=2, limited: pods=2",
            ),
            Failed,
            Quota,
            "its namespace's quota is used up: stop another workspace, or ask operations to raise quota team, requested: pods=1, used: pods=2, limited: pods=2",
        ),
        (
            failed(
                "create Pod java-1-0 in StatefulSet java-1 failed error: pods \"java-1-0\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true)",
            ),
            Failed,
            Admission,
            "its cluster's rules do not admit the pod: pods \"java-1-0\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true)",
        ),
        (
            failed(
                "create Pod java-1-0 in StatefulSet java-1 failed error: pods \"java-1-0\" is forbidden: PodSecurityPolicy: unable to admit pod: []",
            ),
            Failed,
            Admission,
            "its cluster's rules do not admit the pod: pods \"java-1-0\" is forbidden: PodSecurityPolicy: unable to admit pod: []",
        ),
        (
            failed(
                "create Pod java-1-0 in StatefulSet java-1 failed error: admission webhook \"policy.example\" denied the request: no",
            ),
            Failed,
            Admission,
            "its cluster's rules do not admit the pod: admission webhook \"policy.example\" denied the request: no",
        ),
        (
            failed(
                "create Pod java-1-0 in StatefulSet java-1 failed error: pods \"java-1-0\" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi",
            ),
            Failed,
            Admission,
            "its cluster's rules do not admit the pod: pods \"java-1-0\" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi",
        ),
        (
            seen(Some(PodObservation {
                unschedulable: "0/1 nodes are available: 1 Insufficient memory.".into(),
                ..pod(ContainerObservation::default())
            })),
            Failed,
            NoNode,
            "no node takes it: not enough memory is free (Kubernetes: 0/1 nodes are available: 1 Insufficient memory.)",
        ),
        (
            WorkspaceObservation {
                home: Some("Pending".into()),
                ..seen(Some(pod(ContainerObservation::default())))
            },
            Starting,
            HomePending,
            "waiting until its home is made",
        ),
        (
            WorkspaceObservation {
                home: Some("Pending".into()),
                ..eventful(
                    None,
                    event(
                        "ProvisioningFailed",
                        "PersistentVolumeClaim/home-java-1",
                        "no space left on device",
                    ),
                )
            },
            Failed,
            HomeFailed,
            "its home cannot be made: no space left on device",
        ),
        (
            WorkspaceObservation { home: Some("Lost".into()), ..seen(None) },
            Failed,
            HomeFailed,
            "the volume of its home is gone: ask operations to restore it from a backup",
        ),
        (
            eventful(
                Some(pod(container("ContainerCreating", ""))),
                event(
                    "FailedMount",
                    "Pod/java-1-0",
                    "MountVolume.NewMounter initialization failed: path does not exist",
                ),
            ),
            Failed,
            HomeFailed,
            "a volume of it cannot be mounted: MountVolume.NewMounter initialization failed: path does not exist",
        ),
        (
            seen(Some(pod(crash))),
            Failed,
            CrashLoop,
            "the desktop ends with exit code 1 each time it is started: look at `nagaya workspace logs`",
        ),
        (
            seen(Some(pod(oom))),
            Failed,
            OutOfMemory,
            "the desktop used more memory than its template allows and was ended: raise memoryLimit in the template, or run less in it",
        ),
        (
            desktop("OOMKilled", ""),
            Failed,
            OutOfMemory,
            "the desktop used more memory than its template allows and was ended: raise memoryLimit in the template, or run less in it",
        ),
        (
            eventful(
                Some(PodObservation { phase: "Failed".into(), ..pod(ContainerObservation::default()) }),
                event("Evicted", "Pod/java-1-0", "The node was low on resource: memory."),
            ),
            Failed,
            Evicted,
            "its node ran short and ended it; it is started again: The node was low on resource: memory.",
        ),
        (
            desktop("CreateContainerConfigError", "secret \"x\" not found"),
            Failed,
            ContainerConfig,
            "the container of the desktop cannot be made from its template and image: secret \"x\" not found",
        ),
        (
            seen(Some(pod(runs))),
            Starting,
            DesktopNotAnswering,
            "its container runs; waiting until the desktop in it answers",
        ),
        (
            seen(Some(PodObservation { deleting: true, ..ready_pod() })),
            Starting,
            PodEnding,
            "waiting until its pod from before has ended",
        ),
    ];
    for (observation, phase, reason, message) in table {
        let status = status(&running(), &observation);
        assert_eq!(
            (status.phase, status.reason.as_str(), status.message.as_str()),
            (phase, reason.code(), message)
        );
    }
}

#[test]
fn an_object_that_its_cluster_refuses_is_named() {
    let errors = [
        ObjectError { object: "StatefulSet java/java-2".into(), message: "not ours".into() },
        ObjectError {
            object: "PersistentVolumeClaim java/home-java-1".into(),
            message: "is forbidden:\n no".into(),
        },
    ];
    let observation = seen(None);
    let sight = Sight { errors: &errors, ..sight(&observation) };
    let status = workspace_status(&running(), &sight, at(10));
    assert_eq!((status.phase, status.reason.as_str()), (WorkspacePhase::Failed, "ApplyFailed"));
    assert_eq!(
        status.message,
        "its cluster refuses PersistentVolumeClaim java/home-java-1: is forbidden: no"
    );
}

#[test]
fn what_it_is_made_from_must_be_there() {
    let observation = seen(None);
    let sight = Sight { unrendered: Some("Template \"x\" is not there".into()), ..sight(&observation) };
    let status = workspace_status(&running(), &sight, at(10));
    assert_eq!((status.phase, status.reason.as_str()), (WorkspacePhase::Failed, "NotRendered"));
}

#[test]
fn an_old_event_says_nothing_about_a_new_start() {
    let mut workspace = running();
    workspace.status.steps = workspace_status(&running(), &sight(&seen(None)), at(200)).steps;
    workspace.status.phase = WorkspacePhase::Starting;
    let mut observation = seen(None);
    observation.events = vec![event("FailedCreate", "StatefulSet/java-1", "error: exceeded quota: team")];
    let status = workspace_status(&workspace, &sight(&observation), at(201));
    assert_eq!((status.phase, status.reason.as_str()), (WorkspacePhase::Starting, ""));
}

#[test]
fn the_steps_of_a_start_are_walked_in_order_and_keep_their_times() {
    let mut workspace = running();
    let mut walk = |observation: Option<WorkspaceObservation>, accepted, now| {
        let sight =
            Sight { observation: observation.as_ref(), connected: true, accepted, ..Sight::default() };
        workspace.status = workspace_status(&workspace, &sight, at(now));
        let reached = workspace.status.steps.iter().filter(|step| step.at.is_some()).map(|step| step.name);
        (workspace.status.phase, reached.last(), workspace.status.steps.first().and_then(|step| step.at))
    };
    use WorkspacePhase::{Pending, Running, Starting};
    assert_eq!(walk(None, false, 0), (Pending, None, None));
    assert_eq!(walk(None, true, 1), (Starting, Some(StepName::Accepted), Some(at(1))));
    assert_eq!(walk(Some(seen(None)), true, 2), (Starting, Some(StepName::Home), Some(at(1))));
    let creating = seen(Some(pod(container("ContainerCreating", ""))));
    assert_eq!(walk(Some(creating), true, 3), (Starting, Some(StepName::Scheduled), Some(at(1))));
    assert_eq!(walk(Some(seen(Some(ready_pod()))), true, 4), (Running, Some(StepName::Ready), Some(at(1))));
}

#[test]
fn another_pod_walks_the_last_steps_anew() {
    let mut workspace = running();
    workspace.status = status(&workspace, &seen(Some(ready_pod())));
    let next = PodObservation {
        uid: "p2".into(),
        scheduled_at: Some(at(50)),
        ..pod(ContainerObservation::default())
    };
    let status = workspace_status(&workspace, &sight(&seen(Some(next))), at(60));
    let times: Vec<_> = status.steps.iter().map(|step| step.at).collect();
    assert_eq!(times, [Some(at(10)), Some(at(10)), Some(at(50)), None, None]);
}

#[test]
fn down_is_told_only_when_no_pod_is_left() {
    let ending = seen(Some(PodObservation { deleting: true, ..ready_pod() }));
    let gone = WorkspaceObservation { replicas: Some(0), ..seen(None) };
    for (state, phase) in [
        (WorkspaceState::Stopped, WorkspacePhase::Stopped),
        (WorkspaceState::Deleted, WorkspacePhase::Deleted),
    ] {
        let workspace = wanted(state);
        assert_eq!(status(&workspace, &seen(Some(ready_pod()))).phase, WorkspacePhase::Stopping);
        assert_eq!(status(&workspace, &ending).phase, WorkspacePhase::Stopping);
        assert_eq!(status(&workspace, &gone).phase, phase);
    }
}

#[test]
fn without_the_agent_the_last_picture_stays_and_says_so() {
    let mut workspace = running();
    workspace.status = status(&workspace, &seen(Some(ready_pod())));
    let away = workspace_status(&workspace, &Sight::default(), at(99));
    assert_eq!((away.phase, away.reason.as_str()), (WorkspacePhase::Running, "AgentAway"));
    assert_eq!((away.pod.clone(), away.since), (workspace.status.pod.clone(), Some(at(99))));
    // Stopped meanwhile: nobody has seen its pod end.
    workspace.spec.state = WorkspaceState::Stopped;
    workspace.status = away;
    let stopping = workspace_status(&workspace, &Sight::default(), at(100));
    assert_eq!(stopping.phase, WorkspacePhase::Stopping);
    // One that was stopped before stays so without a word.
    let mut stopped = wanted(WorkspaceState::Stopped);
    stopped.status.phase = WorkspacePhase::Stopped;
    let status = workspace_status(&stopped, &Sight::default(), at(100));
    assert_eq!((status.phase, status.reason.as_str()), (WorkspacePhase::Stopped, ""));
}

#[test]
fn outdated_is_a_running_pod_of_another_template() {
    let mut observation = seen(Some(PodObservation { template_hash: "h0".into(), ..ready_pod() }));
    assert!(status(&running(), &observation).outdated);
    observation.template_hash = "h0".into();
    assert!(!status(&running(), &observation).outdated);
}

#[test]
fn back_off_does_not_hide_the_cause_of_a_failed_pull() {
    let mut workspace = running();
    workspace.status = status(&workspace, &seen(Some(pod(container("ErrImagePull", "not found")))));
    let next = status(&workspace, &seen(Some(pod(container("ImagePullBackOff", "Back-off pulling image")))));
    assert_eq!(next, workspace.status, "nothing changed, so nothing is written");
}

#[test]
fn a_purged_workspace_goes_only_when_its_home_is_known_to_be_gone() {
    let mut workspace = wanted(WorkspaceState::Deleted);
    workspace.metadata.finalizers = vec!["nagaya.dev/home".into()];
    assert_eq!(plan(&workspace, HomeSight::Gone), None, "nobody asked for it");
    workspace.metadata.deletion_timestamp = Some(at(0));
    assert_eq!(plan(&workspace, HomeSight::Unknown), None);
    for gone in [HomeSight::Gone, HomeSight::NeverThere, HomeSight::NoCluster] {
        let action = plan(&workspace, gone).unwrap();
        assert_eq!(action.to_string(), "remove workspace \"java-1\", whose home is gone");
    }
}

fn any_state() -> impl Strategy<Value = WorkspaceState> {
    prop_oneof![Just(WorkspaceState::Running), Just(WorkspaceState::Stopped), Just(WorkspaceState::Deleted)]
}

fn any_observation() -> impl Strategy<Value = Option<WorkspaceObservation>> {
    let reasons = prop::sample::select(vec![
        "",
        "ErrImagePull",
        "ImagePullBackOff",
        "CrashLoopBackOff",
        "OOMKilled",
        "ContainerCreating",
        "Huh",
    ]);
    let pods = (reasons, any::<bool>(), any::<bool>(), 0..3_u8, 0..100_i64).prop_map(
        |(reason, ready, deleting, uid, when)| {
            let base = if ready { ready_pod() } else { pod(container(reason, "words")) };
            PodObservation { deleting, uid: format!("p{uid}"), scheduled_at: Some(at(when)), ..base }
        },
    );
    let homes = prop::sample::select(vec![None, Some("Pending"), Some("Bound"), Some("Lost")]);
    prop::option::of(
        (prop::option::of(pods), homes)
            .prop_map(|(pod, home)| WorkspaceObservation { home: home.map(str::to_owned), ..seen(pod) }),
    )
}

proptest! {
    /// Whatever is seen in whatever order: the same sight again changes nothing (else each report would be a write),
    /// failure has a reason, and Running means a ready pod or an agent that is away.
    #[test]
    fn status_settles_and_never_lies(
        walk in prop::collection::vec((any_state(), any_observation(), any::<bool>(), any::<bool>()), 1..12),
    ) {
        let mut workspace = running();
        for (second, (state, observation, connected, accepted)) in walk.into_iter().enumerate() {
            workspace.spec.state = state;
            let sight = Sight { observation: observation.as_ref(), connected, accepted, ..Sight::default() };
            let now = at(i64::try_from(second).unwrap() * 100);
            workspace.status = workspace_status(&workspace, &sight, now);
            let again = workspace_status(&workspace, &sight, now + SignedDuration::from_secs(1));
            prop_assert_eq!(&again, &workspace.status);
            let status = &workspace.status;
            if status.phase == WorkspacePhase::Failed {
                prop_assert!(!status.reason.is_empty() && !status.message.is_empty());
            }
            if status.phase == WorkspacePhase::Running && connected {
                prop_assert!(observation.and_then(|seen| seen.pod).is_some_and(|pod| pod.ready && !pod.deleting));
            }
            if connected && state != WorkspaceState::Running {
                prop_assert!(status.steps.is_empty());
            }
        }
    }
}
