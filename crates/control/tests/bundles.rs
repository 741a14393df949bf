//! From a bundle in the store to an agent's intent, through versions that the store keeps.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod support;

use nagaya_api::{
    Bundle, BundleVersion, Cluster, Group,
    agent::Report,
    kinds::{
        bundle::BundleState,
        cluster::{ClusterSpec, Provider},
    },
};
use serde_json::{Value, json};
use support::{Agent, Server, eventually, now, writer};

fn config(value: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "default"}, "data": {"v": value}})
}

fn is_ready(bundle: &Bundle) -> bool {
    let lines = &bundle.status.clusters;
    bundle.status.observed_generation == bundle.metadata.generation
        && lines.iter().all(|line| line.state == BundleState::Ready && line.version == bundle.status.version)
        && !lines.is_empty()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_reaches_an_agent_and_what_became_of_it_is_told_also_by_another_server() {
    let mut server = Server::start().await;
    server.create(Cluster::new("java", ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() })).await;
    server.create(Group::new("all", serde_json::from_value(json!({"selector": ""})).unwrap())).await;
    let spec = json!({"groups": ["all"], "objects": [config("1")]});
    server.create(Bundle::new("b", serde_json::from_value(spec).unwrap())).await;
    eventually("the cluster is admitted", async || server.admitted.admits("java").then_some(())).await;
    let agent = Agent::start(&server, "java");
    let played = agent.played.clone();
    eventually("the object is wanted", async || played.object("ConfigMap", "c")).await;
    played.applied();
    let bundle = server.until::<Bundle>("b", is_ready).await;
    assert_eq!(bundle.status.version, 1);
    let version = server.get::<BundleVersion>("b-v1").await.unwrap();
    assert_eq!(version.spec.objects, [config("1")]);
    assert!(!version.spec.by.is_empty(), "the audit record tells who made it");
    server.until::<Group>("all", |group| group.status.clusters == ["java"]).await;

    played.tell(Report::Drift {
        object: "ConfigMap default/c".into(),
        manager: "kubectl-edit".into(),
        fields: vec!["data.v".into()],
        at: now(),
        bundle: "b".into(),
        release: String::new(),
    });
    server.until::<Bundle>("b", |bundle| bundle.status.clusters[0].drift.count == 1).await;
    let sent = played.put_count();
    server.end().await;
    server.begin().await;
    let change = |bundle: &mut Bundle| bundle.spec.objects = vec![config("2")];
    server.store.modify(writer(), "b", change).await.unwrap();
    eventually("the change is wanted", async || {
        played.object("ConfigMap", "c").filter(|object| object["data"]["v"] == "2")
    })
    .await;
    assert_eq!(played.put_count(), sent + 1, "the new server sent nothing but the change");
    played.applied();
    let bundle = server.until::<Bundle>("b", is_ready).await;
    assert_eq!((bundle.status.version, bundle.status.clusters[0].drift.count), (2, 1));
    server.end().await;
}
