//! What is said over a workspace's life.
#![allow(clippy::unwrap_used)]

use jiff::SignedDuration;
use nagaya_api::{
    agent::{ContainerObservation, PodObservation, WorkspaceObservation},
    kinds::workspace::{StepName, WorkspacePhase, WorkspaceState},
};
use proptest::prelude::*;

use super::{
    super::{
        Sight,
        purge::{HomeSight, plan},
        workspace_status,
    },
    at, container, pod, ready_pod, running, seen, sight, status, wanted,
};

#[test]
fn the_steps_of_a_start_are_walked_in_order_and_keep_their_times() {
    let mut workspace = running();
    let mut walk = |observation: Option<WorkspaceObservation>, accepted, now| {
        let sight =
            Sight { observation: observation.as_ref(), connected: true, accepted, ..Sight::default() };
        workspace.status = workspace_status(&workspace, &sight, at(now));
        let mut reached =
            workspace.status.steps.iter().filter(|step| step.at.is_some()).map(|step| step.name);
        (workspace.status.phase, reached.next_back(), workspace.status.steps.first().and_then(|step| step.at))
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
fn a_desktop_that_is_slow_to_answer_is_not_taken_from_who_works_in_it() {
    let mut workspace = running();
    workspace.status = status(&workspace, &seen(Some(ready_pod())));
    let slow = PodObservation { ready: false, ..ready_pod() };
    let told = status(&workspace, &seen(Some(slow.clone())));
    assert_eq!((told.phase, told.reason.as_str()), (WorkspacePhase::Running, "DesktopNotAnswering"));
    // Restarted, or another pod, it is a desktop that is not up yet.
    let mut restarted = slow.clone();
    restarted.containers.get_mut("workspace").unwrap().started_at = Some(at(77));
    let other = PodObservation { uid: "p2".into(), ..slow };
    for pod in [restarted, other] {
        assert_eq!(status(&workspace, &seen(Some(pod))).phase, WorkspacePhase::Starting);
    }
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
                let pod = observation.and_then(|seen| seen.pod);
                let slow = status.reason == "DesktopNotAnswering";
                prop_assert!(pod.is_some_and(|pod| (pod.ready || slow) && !pod.deleting));
            }
            if connected && state != WorkspaceState::Running {
                prop_assert!(status.steps.is_empty());
            }
        }
    }
}
