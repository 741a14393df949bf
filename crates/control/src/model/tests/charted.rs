//! Workspaces that are releases of a chart.

use nagaya_api::{
    agent::{ContainerObservation, EnvironmentObservation, ReleaseIntent, ReleaseObservation, ReleaseState},
    kinds::release_version::ResolvedChart,
};
use serde_json::{Value, json};

use super::*;

fn template(revision: u64, version: &str, values: Value) -> Template {
    let spec = json!({
        "chart": { "repository": "stable", "chart": "desk", "service": "{workspace}-vnc", "homeValue": "home.claim",
            "values": values },
        "homeSize": "1Gi", "ports": [{ "name": "desktop", "port": 5900 }],
    });
    let mut template = Template::new("java", serde_json::from_value(spec).unwrap());
    template.metadata.uid = "uid-java".into();
    template.metadata.resource_version = revision.to_string();
    template.status.chart = Some(ResolvedChart {
        repository: "stable".into(),
        name: "desk".into(),
        version: version.into(),
        digest: "d".repeat(64),
        ..ResolvedChart::default()
    });
    template
}

fn charted() -> World {
    let mut world = world();
    world.templates = named(template(1, "1.0.0", json!({})));
    let cluster = world.clusters.get_mut("java").unwrap();
    let values = json!({ "size": 1, "home": { "path": "/home/dev" } });
    cluster.spec.chart_values.insert("stable/desk".into(), values.as_object().unwrap().clone());
    world
}

/// What an agent tells of a workspace's release.
fn seen(state: ReleaseState, environment: Option<Box<EnvironmentObservation>>) -> Report {
    Report::Release(ReleaseObservation {
        name: "workspace/w".into(),
        uid: "uid-w".into(),
        state,
        environment,
        ..ReleaseObservation::default()
    })
}

fn behind(ready: bool) -> Option<Box<EnvironmentObservation>> {
    let container =
        ContainerObservation { ready, started_at: Some(at(3)), ..ContainerObservation::default() };
    let pod = PodObservation {
        name: "w-5f".into(),
        uid: "p".into(),
        phase: "Running".into(),
        ready,
        containers: [("workspace".to_owned(), container)].into(),
        ..PodObservation::default()
    };
    Some(Box::new(EnvironmentObservation {
        pod: Some(pod),
        container: "desk".into(),
        ..EnvironmentObservation::default()
    }))
}

fn home() -> Report {
    Report::Workspace(WorkspaceObservation {
        name: "w".into(),
        namespace: "java".into(),
        home: Some("Bound".into()),
        ..WorkspaceObservation::default()
    })
}

/// A workspace that runs.
fn running() -> Played {
    let mut played = Played::new(charted());
    played.agent_comes(vec![]);
    played.store(&workspace("w", 1, WorkspaceState::Running));
    played.carry_out();
    played.report(home());
    played.report(seen(ReleaseState::Ready, behind(true)));
    assert_eq!(phase(&played, "w"), (WorkspacePhase::Running, String::new()));
    played
}

fn release(content: &Content) -> Option<ReleaseIntent> {
    content.releases.first().map(|told| told.0.clone())
}

#[test]
fn it_is_a_release_of_the_teams_with_a_home_of_ours() {
    let mut played = Played::new(charted());
    played.agent_comes(vec![]);
    played.store(&workspace("w", 1, WorkspaceState::Running));
    let content = played.delivered().unwrap();
    let release = release(&content).unwrap();
    assert_eq!((release.release_name.as_str(), release.namespace.as_str()), ("w", "java"));
    assert_eq!(release.act_as.unwrap().groups, ["nagaya:team:java"]);
    assert_eq!(release.values, json!({ "size": 1, "home": { "path": "/home/dev", "claim": "home-w" } }));
    let environment = release.environment.unwrap();
    assert_eq!((environment.service.as_str(), environment.ports.as_slice()), ("w-vnc", &[5900][..]));
    let kinds: Vec<_> = content
        .objects
        .iter()
        .filter(|object| object["metadata"]["labels"]["nagaya.dev/workspace"] == "w")
        .map(|object| object["kind"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(kinds, ["PersistentVolumeClaim", "NetworkPolicy"], "no pod, and so no relay");
    assert!(!played.take().iter().any(|one| one.contains("certificate")));
}

#[test]
fn its_phase_is_of_the_release_and_of_the_pod_behind_its_service() {
    let mut played = Played::new(charted());
    played.agent_comes(vec![]);
    played.store(&workspace("w", 1, WorkspaceState::Running));
    assert_eq!(phase(&played, "w").0, WorkspacePhase::Pending);
    played.carry_out();
    assert_eq!(phase(&played, "w").0, WorkspacePhase::Starting);
    let tell = |played: &mut Played, change: &dyn Fn(&mut ReleaseObservation)| {
        let Report::Release(mut seen) = seen(ReleaseState::NotReady, None) else { unreachable!() };
        change(&mut seen);
        played.report(Report::Release(seen));
        phase(played, "w")
    };
    let starting = |reason: &str| (WorkspacePhase::Starting, reason.to_owned());
    let failed = |reason: &str| (WorkspacePhase::Failed, reason.to_owned());
    let step = tell(&mut played, &|seen| {
        (seen.state, seen.step) = (ReleaseState::Installing, "apply Deployment java/w".into());
    });
    assert_eq!(step, starting("ChartStarting"));
    assert_eq!(played.model.workspace("w").unwrap().status.message, "apply Deployment java/w");
    let not_ready = tell(&mut played, &|seen| {
        (seen.message, seen.environment) = ("Deployment java/w: 0 of 1".into(), behind(false));
    });
    assert_eq!(not_ready, starting("ChartStarting"));
    let pull = tell(&mut played, &|seen| {
        seen.environment = behind(false);
        let pod = seen.environment.as_mut().unwrap().pod.as_mut().unwrap();
        let container = pod.containers.get_mut("workspace").unwrap();
        (container.reason, container.started_at) = ("ErrImagePull".into(), None);
    });
    assert_eq!(pull, failed("ImagePull"), "as with any workspace");
    let fault = tell(&mut played, &|seen| {
        let fault = "the chart made no Service \"w-vnc\"".into();
        seen.environment =
            Some(Box::new(EnvironmentObservation { fault, ..EnvironmentObservation::default() }));
    });
    assert_eq!(fault, failed("NoService"));
    let helm = tell(&mut played, &|seen| {
        (seen.state, seen.message) = (ReleaseState::Failed, "x.yaml:3: no".into());
    });
    assert_eq!(helm, failed("ChartFailed"));
    let status = &played.model.workspace("w").unwrap().status;
    assert_eq!(status.message, "its chart cannot be installed: x.yaml:3: no");
    played.report(seen(ReleaseState::Ready, behind(true)));
    assert_eq!(phase(&played, "w"), (WorkspacePhase::Running, String::new()));
    let pod = played.model.workspace("w").unwrap().status.pod.clone().unwrap();
    assert_eq!((pod.name.as_str(), pod.container.as_str()), ("w-5f", "desk"));
}

#[test]
fn stopped_is_when_nothing_of_the_release_is_left_and_its_home_stays() {
    let mut played = running();
    played.store(&workspace("w", 2, WorkspaceState::Stopped));
    let content = played.carry_out();
    assert!(release(&content).is_none());
    assert!(content.objects.iter().any(|object| object["metadata"]["name"] == "home-w"));
    played.report(seen(ReleaseState::Uninstalling, behind(true)));
    assert_eq!(phase(&played, "w").0, WorkspacePhase::Stopping);
    played.report(Report::ReleaseGone { name: "workspace/w".into(), uid: "uid-w".into() });
    assert_eq!(phase(&played, "w"), (WorkspacePhase::Stopped, String::new()));
    played.store(&workspace("w", 3, WorkspaceState::Deleted));
    let content = played.carry_out();
    assert!(content.objects.iter().any(|object| object["metadata"]["name"] == "home-w"));
    assert_eq!(phase(&played, "w").0, WorkspacePhase::Deleted);
}

#[test]
fn another_agent_that_has_not_told_of_it_yet_ends_nothing() {
    let mut played = running();
    played.agent_comes(vec![home()]);
    assert_eq!(phase(&played, "w"), (WorkspacePhase::Running, String::new()));
    played.report(seen(ReleaseState::Waiting, None));
    assert_eq!(phase(&played, "w"), (WorkspacePhase::Running, String::new()));
    played.report(seen(ReleaseState::Installing, None));
    assert_eq!(phase(&played, "w").0, WorkspacePhase::Starting, "it was not there any more");
}

#[test]
fn a_pod_that_is_slow_to_answer_is_not_taken_from_who_works_in_it() {
    let mut played = running();
    played.report(seen(ReleaseState::NotReady, behind(false)));
    assert_eq!(phase(&played, "w"), (WorkspacePhase::Running, "DesktopNotAnswering".into()));
}

#[test]
fn another_chart_is_told_to_the_agent_which_keeps_what_runs() {
    let mut played = running();
    let before = release(&played.delivered().unwrap()).unwrap();
    played.event(Event::Stored(Arc::new(template(2, "1.1.0", json!({ "size": 2 })).to_raw())));
    let after = release(&played.carry_out()).unwrap();
    assert_eq!((after.chart.version.as_str(), &after.values["size"]), ("1.1.0", &json!(2)));
    assert_ne!(before.content, after.content);
    let outdated = behind(true).map(|behind| Box::new(EnvironmentObservation { outdated: true, ..*behind }));
    played.report(seen(ReleaseState::Ready, outdated));
    let status = &played.model.workspace("w").unwrap().status;
    assert!(status.outdated && status.phase == WorkspacePhase::Running);
}

#[test]
fn a_chart_that_is_not_found_ends_nothing_and_says_why() {
    let mut played = running();
    let mut lost = template(2, "1.0.0", json!({}));
    lost.status.chart = None;
    played.done.clear();
    played.event(Event::Stored(Arc::new(lost.to_raw())));
    assert!(played.delivered().is_none(), "what runs is as it was");
    played.store(&workspace("v", 3, WorkspaceState::Running));
    assert_eq!(phase(&played, "v"), (WorkspacePhase::Failed, "NotRendered".into()));
    assert!(
        played
            .model
            .workspace("v")
            .unwrap()
            .status
            .message
            .contains("the chart of template \"java\" was not found")
    );
    assert_eq!(release(&played.delivered().unwrap()).unwrap().release_name, "w");
}

#[test]
fn no_agent_tells_of_anothers_workspace() {
    let mut played = Played::new(charted());
    played.agent_comes(vec![]);
    let mut other = workspace("w", 1, WorkspaceState::Running);
    other.spec.cluster = "python".into();
    played.store(&other);
    played.report(seen(ReleaseState::Ready, behind(true)));
    assert_ne!(phase(&played, "w").0, WorkspacePhase::Running);
    let mut namesake = workspace("w", 2, WorkspaceState::Running);
    namesake.metadata.uid = "another".into();
    played.store(&namesake);
    played.report(seen(ReleaseState::Ready, behind(true)));
    assert_ne!(phase(&played, "w").0, WorkspacePhase::Running, "the release is of the one before");
}
