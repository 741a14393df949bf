//! Groups and bundles against other objects.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{World, bundle, group};

#[tokio::test]
async fn a_bundle_names_groups_that_are_there_and_a_group_that_is_named_stays() {
    let world = World::seeded().await;
    let root = world.token("root").await;
    let answer = world.send("POST", "bundles", &root, bundle("b", "none")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.body["details"]["causes"][0]["field"], "spec.groups[0]");
    let answer = world.send("POST", "groups", &root, group("g", "a b")).await;
    assert_eq!(answer.body["details"]["causes"][0]["field"], "spec.selector");
    let answer = world.send("DELETE", "groups/g-java", &root, Value::Null).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("bundle b-java"), "{}", answer.text);
    assert_eq!(world.send("DELETE", "bundles/b-java", &root, Value::Null).await.status, StatusCode::OK);
    assert_eq!(world.send("DELETE", "groups/g-java", &root, Value::Null).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_bundle_of_a_mebibyte_is_taken_and_a_larger_one_is_refused_in_words() {
    let world = World::seeded().await;
    let root = world.token("root").await;
    let with = |bytes: usize| {
        let mut object = bundle("large", "g-java");
        object["spec"]["objects"][0]["data"] = json!({"x": "y".repeat(bytes)});
        object
    };
    let answer = world.send("POST", "bundles", &root, with((1 << 20) - 1000)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body["message"]);
    let answer = world.send("POST", "bundles", &root, with(1 << 20)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("divide it"));
}

#[tokio::test]
async fn a_version_is_nobodys_to_write() {
    let world = World::seeded().await;
    let root = world.token("root").await;
    assert_eq!(world.get("bundleversions/b-java-v1", &root).await.status, StatusCode::OK);
    let patch = json!({"spec": {"version": 2}});
    assert_eq!(
        world.send("PATCH", "bundleversions/b-java-v1", &root, patch).await.status,
        StatusCode::FORBIDDEN
    );
    let gone = world.send("DELETE", "bundleversions/b-java-v1", &root, Value::Null).await;
    assert_eq!(gone.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_a_cluster_should_have_of_a_bundle_can_be_read() {
    let world = World::seeded().await;
    let root = world.token("root").await;
    let quota = json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "of-${team.name}"}});
    let change = json!({"spec": {"each": "Team", "objects": [quota]}});
    assert_eq!(world.send("PATCH", "bundles/b-java", &root, change).await.status, StatusCode::OK);
    let answer = world.get("bundles/b-java/rendered?cluster=c-java", &root).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body["items"][0]["metadata"]["name"], "of-java");
    assert_eq!(answer.body["items"][0]["metadata"]["namespace"], "java");
    assert_eq!(answer.body["items"][0]["metadata"]["labels"]["nagaya.dev/bundle"], "b-java");
    assert_eq!(world.get("bundles/b-java/rendered?cluster=none", &root).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("bundles/b-java/rendered", &root).await.status, StatusCode::BAD_REQUEST);
    let change = json!({"spec": {"objects": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "${cluster.labels.none}"}}]}});
    world.send("PATCH", "bundles/b-java", &root, change).await;
    let answer = world.get("bundles/b-java/rendered?cluster=c-java", &root).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("cluster.labels.none"), "{}", answer.text);
}
