//! Every reason, told from what Kubernetes says in its own words.
#![allow(clippy::unwrap_used)]

use nagaya_api::{
    agent::{ContainerObservation, PodObservation, WorkspaceObservation},
    kinds::{
        cluster::ObjectError,
        workspace::{EventLine, WorkspacePhase},
    },
};

use super::{
    super::{Reason, Sight, workspace_status},
    at, container, event, pod, ready_pod, running, seen, sight, status,
};

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
                    "MountVolume.NewMounter initialization failed for volume \"home-u1\" : path \"/homes/home-u1/content\" does not exist",
                ),
            ),
            Starting,
            HomePending,
            "waiting until its home is mounted on its node",
        ),
        (
            eventful(
                Some(pod(container("ContainerCreating", ""))),
                event(
                    "FailedMount",
                    "Pod/java-1-0",
                    "MountVolume.SetUp failed for volume \"relay\" : secret \"java-1-relay\" not found",
                ),
            ),
            Failed,
            HomeFailed,
            "a volume of it cannot be mounted: MountVolume.SetUp failed for volume \"relay\" : secret \"java-1-relay\" not found",
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
