//! Releases that are workspaces.

use nagaya_api::agent::{
    Environment, EnvironmentObservation, ReleaseIntent, ReleaseObservation, ReleaseState, Report,
};
use serde_json::json;

use crate::cluster::IMAGE;
use crate::fixture::World;
use crate::releasing::{Chart, seen};

fn behind(seen: &ReleaseObservation) -> EnvironmentObservation {
    seen.environment.clone().map(|behind| *behind).unwrap_or_default()
}

/// Which pod its streams go to is told, and another chart or other values wait until it was stopped.
pub async fn a_workspace_of_a_chart_keeps_what_it_has_until_it_was_removed(world: World) {
    let agent = world.agent();
    world.connected().await;
    let mut reports = world.reports().await;
    let chart = Chart::make();
    world.chart("PUT", &chart.digest(), chart.archive.clone()).await;
    let workspace = |message: &str, port: u16| ReleaseIntent {
        name: "workspace/desk".into(),
        atomic: false,
        environment: Some(Environment { service: "desk".into(), ports: vec![port] }),
        ..chart.release(&world, "desk", json!({"image": IMAGE, "message": message}))
    };
    world.wants(1, vec![workspace("one", 5900)]).await;
    let ready = seen(&mut reports, "it runs", |seen| seen.state == ReleaseState::Ready).await;
    let first = behind(&ready);
    let pod = first.pod.unwrap();
    assert!(pod.ready && pod.containers.contains_key("workspace"), "{pod:?}");
    assert_eq!((first.container.as_str(), first.fault.as_str(), first.outdated), ("main", "", false));

    world.wants(2, vec![workspace("two", 5900)]).await;
    let outdated = seen(&mut reports, "it is outdated", |seen| behind(seen).outdated).await;
    assert_eq!((outdated.state, outdated.revision), (ReleaseState::Ready, 1));
    assert_eq!(behind(&outdated).pod.unwrap().uid, pod.uid, "nobody's workspace ends");
    assert_eq!(world.message("desk").await, "one");

    world.wants(3, vec![workspace("one", 5901)]).await;
    let fault = seen(&mut reports, "the port is missed", |seen| {
        seen.state == ReleaseState::NotReady && !behind(seen).fault.is_empty()
    })
    .await;
    assert!(behind(&fault).fault.contains("has no port 5901"), "{fault:?}");

    world.wants(4, Vec::new()).await;
    let gone = |report: &Report| {
        matches!(report, Report::ReleaseGone { uid, .. } if uid == "uid-desk").then_some(())
    };
    reports.until("it is gone", gone).await;
    assert_eq!(world.records().await, Vec::<String>::new());
    world.wants(5, vec![workspace("two", 5900)]).await;
    let again = seen(&mut reports, "it runs again", |seen| {
        seen.state == ReleaseState::Ready && behind(seen).pod.is_some_and(|other| other.uid != pod.uid)
    })
    .await;
    assert!(!behind(&again).outdated);
    assert_eq!(world.message("desk").await, "two");
    agent.stop().await;
    world.stop().await;
}
