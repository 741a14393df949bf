//! The server is told what is.

use nagaya_api::agent::{Report, WorkspaceObservation};
use serde_json::json;

use crate::fixture::{World, intent};

async fn seen(
    reports: &mut crate::fixture::ReportReader,
    what: &str,
    name: &str,
    holds: impl Fn(&WorkspaceObservation) -> bool,
) -> WorkspaceObservation {
    reports
        .until(what, |report| match report {
            Report::Workspace(seen) if seen.name == name && holds(seen) => Some(seen.clone()),
            _ => None,
        })
        .await
}

pub async fn a_workspace_is_reported_from_wish_to_pod_to_nothing(world: World) {
    let agent = world.agent();
    world.connected().await;
    let mut reports = world.reports().await;
    let first = reports.until("hello", |report| Some(report.clone())).await;
    assert!(matches!(first, Report::Hello { .. }));
    let nodes = reports
        .until("nodes", |report| match report {
            Report::Nodes { nodes } if !nodes.is_empty() => Some(nodes.clone()),
            _ => None,
        })
        .await;
    assert!(nodes[0].ready && !nodes[0].version.is_empty() && nodes[0].pods > 0, "{nodes:?}");

    // A name of this test's own: the reports are of the whole cluster.
    let name = world.team.replace("team", "w");
    let quota = json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q", "namespace": world.team},
        "spec": {"hard": {"pods": "0"}}});
    let set = world.stateful_set(&name, 1, "registry.invalid/none:1");
    world.put(&intent(1, vec![world.namespace(), quota, set.clone()])).await.unwrap();
    // The set and its events come by two watches, in either order.
    let stuck = seen(&mut reports, "why there is no pod", &name, |seen| {
        seen.replicas == Some(1) && !seen.events.is_empty()
    })
    .await;
    assert!(stuck.pod.is_none() && stuck.template_hash == "h1");
    assert!(stuck.events[0].message.contains("exceeded quota"), "{:?}", stuck.events);

    world.put(&intent(2, vec![world.namespace(), set])).await.unwrap();
    let pulling = seen(&mut reports, "why the pod does not run", &name, |seen| {
        seen.pod.as_ref().is_some_and(|pod| pod.containers.values().any(|c| c.reason.contains("ImagePull")))
    })
    .await;
    let pod = pulling.pod.unwrap();
    assert!(pod.scheduled_at.is_some() && !pod.node.is_empty() && !pod.ready);

    world.put(&intent(3, vec![world.namespace()])).await.unwrap();
    reports
        .until("that it is gone", |report| match report {
            Report::WorkspaceGone { name: gone, .. } if *gone == name => Some(()),
            _ => None,
        })
        .await;
    agent.stop().await;
    world.stop().await;
}
