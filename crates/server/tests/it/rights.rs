//! Live streams end with the right to them.

use nagaya_gateway::{CloseReason, StreamGuard, StreamInfo, StreamKind};
use nagaya_server::serve;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{World, now};

async fn open(world: &World, user: &str, kind: StreamKind) -> (StreamGuard, String) {
    let token = world.token(user).await;
    let session = world.get("tokens", &token).await.body["items"][0]["id"].as_str().unwrap().to_owned();
    let workspace = (kind != StreamKind::Kubernetes).then(|| "w-java".to_owned());
    let info =
        StreamInfo { kind, user: user.into(), session, cluster: "c-java".into(), workspace, since: now() };
    (world.state.streams.open(info), token)
}

/// A server without listeners of use to anybody: the watcher of rights runs in it.
async fn watched() -> (World, tokio::task::JoinHandle<()>, CancellationToken) {
    let world = World::seeded().await;
    let cancel = CancellationToken::new();
    let (state, stop) = (world.state.clone(), cancel.clone());
    let task = tokio::spawn(async move { nagaya_server::watch_rights(state, stop).await });
    (world, task, cancel)
}

#[tokio::test]
async fn a_stream_ends_when_its_session_its_account_its_team_or_its_workspace_does() {
    let (world, task, cancel) = watched().await;
    let root = world.token("root").await;
    let (session, token) = open(&world, "dev-05", StreamKind::Desktop).await;
    world.send("POST", "logout", &token, Value::Null).await;
    assert_eq!(session.ended().await, CloseReason::SessionOver);

    let (desktop, _) = open(&world, "dev-05", StreamKind::Desktop).await;
    let (kubectl, _) = open(&world, "dev-03", StreamKind::Kubernetes).await;
    let (stays, _) = open(&world, "lead", StreamKind::Kubernetes).await;
    let members = json!([{"user": "lead", "role": "team-admin"}]);
    world.send("PATCH", "teams/java", &root, json!({"spec": {"members": members}})).await;
    assert_eq!(desktop.ended().await, CloseReason::RightTakenAway);
    assert_eq!(kubectl.ended().await, CloseReason::RightTakenAway);
    drop((desktop, kubectl, session));
    assert_eq!(world.state.streams.list().len(), 1);

    let (of_root, _) = open(&world, "root", StreamKind::Exec).await;
    world.send("PATCH", "users/lead", &root, json!({"spec": {"disabled": true}})).await;
    assert_eq!(stays.ended().await, CloseReason::RightTakenAway);
    let purge = world.send("POST", "workspaces/w-java/purge", &root, Value::Null).await;
    assert_eq!(purge.status, 200);
    let writer = nagaya_store::Writer::system("control", now());
    let store = &world.state.store;
    store.finalized::<nagaya_api::Workspace>(writer, "w-java", nagaya_store::HOME_FINALIZER).await.unwrap();
    assert_eq!(of_root.ended().await, CloseReason::RightTakenAway);
    cancel.cancel();
    task.await.unwrap();
}

#[tokio::test]
async fn a_stream_of_kubectl_does_not_outlive_the_groups_it_was_opened_with() {
    let (world, task, cancel) = watched().await;
    let root = world.token("root").await;
    let (kubectl, _) = open(&world, "lead", StreamKind::Kubernetes).await;
    let members = json!([{"user": "lead"}, {"user": "dev-05"}]);
    world.send("PATCH", "teams/java", &root, json!({"spec": {"members": members}})).await;
    assert_eq!(
        kubectl.ended().await,
        CloseReason::RightTakenAway,
        "it was opened as the team's administrator"
    );
    cancel.cancel();
    task.await.unwrap();
}

/// The page must not find out by itself that the pod is gone: that takes until programs have ended, and then it waits
/// for a workspace that nobody starts.
#[tokio::test]
async fn a_desktop_ends_when_its_workspace_is_to_stop_and_what_else_runs_in_it_goes_on() {
    let (world, task, cancel) = watched().await;
    let root = world.token("root").await;
    for verb in ["stop", "start", "purge"] {
        let (desktop, _) = open(&world, "dev-05", StreamKind::Desktop).await;
        let (shell, _) = open(&world, "dev-05", StreamKind::Exec).await;
        assert_eq!(
            world.send("POST", &format!("workspaces/w-java/{verb}"), &root, Value::Null).await.status,
            200
        );
        if verb == "start" {
            continue;
        }
        assert_eq!(desktop.ended().await, CloseReason::WorkspaceStopped);
        let ended = tokio::time::timeout(std::time::Duration::from_millis(50), shell.ended()).await;
        assert!(ended.is_err(), "the shell ends with its pod: {ended:?}");
    }
    cancel.cancel();
    task.await.unwrap();
}

#[tokio::test]
async fn plain_http_is_for_loopback_only() {
    let world = World::empty().await;
    let mut config = crate::support::config();
    config.http = Some(([0, 0, 0, 0], 0).into());
    let state = nagaya_server::ServerState::new(
        world.state.store.clone(),
        world.state.hub.clone(),
        world.state.streams.clone(),
        config,
    );
    let error = serve(state, CancellationToken::new()).await.unwrap_err();
    assert!(error.to_string().contains("ssh -L"), "{error}");
}
