//! A workspace's life.

use axum::http::StatusCode;
use nagaya_api::Workspace;
use nagaya_store::{HOME_FINALIZER, Writer};
use serde_json::{Value, json};

use crate::support::{World, now, steady, workspace};

#[tokio::test]
async fn a_new_workspace_is_placed_by_its_team_and_sized_by_its_template() {
    let world = World::seeded().await;
    let token = world.token("dev-05").await;
    let made = world.send("POST", "workspaces", &token, workspace("mine", "dev-05", "java", "t-java")).await;
    assert_eq!(made.status, StatusCode::CREATED);
    insta::assert_json_snapshot!("new_workspace", steady(made.body));
    let mut elsewhere = workspace("mine-2", "dev-05", "java", "t-java");
    elsewhere["spec"]["cluster"] = "c-python".into();
    elsewhere["spec"]["homeSize"] = "1Ti".into();
    insta::assert_json_snapshot!(
        "placed_elsewhere",
        world.send("POST", "workspaces", &token, elsewhere).await.body
    );
}

#[tokio::test]
async fn a_workspace_stays_where_it_was_put_with_what_it_was_given() {
    let world = World::seeded().await;
    let token = world.token("root").await;
    for spec in [
        json!({"owner": "dev-03"}),
        json!({"team": "python"}),
        json!({"cluster": "c-python"}),
        json!({"namespace": "x"}),
        json!({"homeSize": "2Gi"}),
    ] {
        let answer = world.send("PATCH", "workspaces/w-java", &token, json!({"spec": spec})).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    }
    // A finalizer is taken off only by who cleaned up: without it the home would be lost with the object.
    let answer =
        world.send("PATCH", "workspaces/w-java", &token, json!({"metadata": {"finalizers": []}})).await;
    assert_eq!(answer.body["metadata"]["finalizers"], json!([HOME_FINALIZER]));
}

#[tokio::test]
async fn deleting_keeps_the_home_and_only_purging_ends_it() {
    let world = World::seeded().await;
    let token = world.token("dev-05").await;
    let post = async |verb: &str| {
        world.send("POST", &format!("workspaces/w-java/{verb}"), &token, Value::Null).await
    };
    assert_eq!(post("stop").await.body["spec"]["state"], "Stopped");
    let deleted = world.send("DELETE", "workspaces/w-java", &token, Value::Null).await;
    assert_eq!(deleted.body["spec"]["state"], "Deleted");
    assert_eq!(deleted.body["metadata"].get("deletionTimestamp"), None);
    let mut words = vec![];
    let again =
        world.send("POST", "workspaces", &token, workspace("w-java", "dev-05", "java", "t-all")).await;
    words.push(again.body["message"].clone());
    words.push(post("stop").await.body["message"].clone());
    assert_eq!(post("start").await.body["spec"]["state"], "Running");
    let again =
        world.send("POST", "workspaces", &token, workspace("w-java", "dev-05", "java", "t-all")).await;
    words.push(again.body["message"].clone());
    let stranger = world.token("dev-03").await;
    let again =
        world.send("POST", "workspaces", &stranger, workspace("w-java", "dev-03", "java", "t-all")).await;
    words.push(again.body["message"].clone());

    let purged = post("purge").await;
    assert!(purged.body["metadata"]["deletionTimestamp"].is_string(), "{}", purged.body);
    words.push(post("start").await.body["message"].clone());
    let again =
        world.send("POST", "workspaces", &token, workspace("w-java", "dev-05", "java", "t-all")).await;
    words.push(again.body["message"].clone());
    insta::assert_json_snapshot!("taken_names", words);

    // The cluster holds nothing of it any more.
    let writer = Writer::system("control", now());
    world.state.store.finalized::<Workspace>(writer, "w-java", HOME_FINALIZER).await.unwrap();
    assert_eq!(world.get("workspaces/w-java", &token).await.status, StatusCode::NOT_FOUND);
    let again =
        world.send("POST", "workspaces", &token, workspace("w-java", "dev-05", "java", "t-all")).await;
    assert_eq!(again.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_desktop_is_its_owners_alone() {
    let world = World::seeded().await;
    for (who, status) in [("dev-05", 400), ("lead", 403), ("dev-03", 404), ("dev-04", 404), ("", 401)] {
        let token = if who.is_empty() { String::new() } else { world.token(who).await };
        // 400: let through, and then no WebSocket.
        let answer = world.get("workspaces/w-java/desktop", &token).await;
        assert_eq!(answer.status, status, "{who}: {}", answer.text);
    }
}
