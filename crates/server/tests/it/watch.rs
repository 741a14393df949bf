//! Streams of changes.

use axum::{
    body::{Body, BodyDataStream},
    http::{Request, StatusCode},
};
use futures::StreamExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{World, url, workspace};

struct Stream(BodyDataStream);

impl Stream {
    async fn open(world: &World, token: &str, path: &str) -> Self {
        let request = Request::get(url(path)).header("authorization", format!("Bearer {token}"));
        let response = world.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self(response.into_body().into_data_stream())
    }

    /// The next event: id, and what was said.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            let chunk = self.0.next().await?.unwrap();
            let text = std::str::from_utf8(&chunk).unwrap();
            let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
            if let Some(data) = field("data: ") {
                return Some((field("id: ").unwrap_or_default(), serde_json::from_str(&data).unwrap()));
            }
        }
    }

    /// The next event in short: `ADDED w-java`.
    async fn word(&mut self) -> String {
        let (_, event) = self.next().await.unwrap();
        format!(
            "{} {}",
            event["type"].as_str().unwrap(),
            event["object"]["metadata"]["name"].as_str().unwrap_or("?")
        )
    }
}

#[tokio::test]
async fn a_watch_resumes_after_the_id_last_seen_and_misses_nothing() {
    let world = World::seeded().await;
    let token = world.token("root").await;
    let from = world.get("workspaces", &token).await.body["metadata"]["resourceVersion"]
        .as_str()
        .unwrap()
        .to_owned();
    world.send("POST", "workspaces/w-java/stop", &token, Value::Null).await;
    let mut stream =
        Stream::open(&world, &token, &format!("workspaces?watch=true&resourceVersion={from}")).await;
    assert_eq!(stream.next().await.unwrap().1["type"], "BOOKMARK");
    let (id, event) = stream.next().await.unwrap();
    assert_eq!(
        (event["type"].as_str(), event["object"]["spec"]["state"].as_str()),
        (Some("MODIFIED"), Some("Stopped"))
    );
    assert_eq!(event["object"]["metadata"]["resourceVersion"], id.as_str());
    world.send("POST", "workspaces/w-java/start", &token, Value::Null).await;
    drop(stream);
    let mut stream =
        Stream::open(&world, &token, &format!("watch?kinds=workspaces,teams&resourceVersion={id}")).await;
    stream.next().await;
    assert_eq!(stream.next().await.unwrap().1["object"]["spec"]["state"], "Running");
}

#[tokio::test]
async fn a_watch_without_a_revision_begins_now_and_says_where_that_is() {
    let world = World::seeded().await;
    let token = world.token("root").await;
    let mut stream = Stream::open(&world, &token, "watch").await;
    let (id, bookmark) = stream.next().await.unwrap();
    assert_eq!(bookmark["object"]["metadata"]["resourceVersion"], id.as_str());
    assert_eq!(id, world.state.store.revision().to_string());
    world.send("POST", "users", &token, json!({"metadata": {"name": "new"}, "spec": {}})).await;
    assert_eq!(stream.word().await, "ADDED new");
}

#[tokio::test]
async fn a_watch_shows_only_what_may_be_got_and_what_is_asked_for() {
    let world = World::seeded().await;
    let (root, dev_05) = (world.token("root").await, world.token("dev-05").await);
    let mut mine = Stream::open(&world, &dev_05, "watch?kinds=workspaces,clusters").await;
    let mut labelled = Stream::open(&world, &root, "workspaces?watch=true&labelSelector=a%3Db").await;
    assert_eq!((mine.word().await, labelled.word().await), ("BOOKMARK ".into(), "BOOKMARK ".into()));
    let label = |value: Value| json!({"metadata": {"labels": {"a": value}}});
    world.send("PATCH", "workspaces/w-python", &root, label("b".into())).await;
    world.send("PATCH", "clusters/c-python", &root, label("b".into())).await;
    world.send("POST", "workspaces", &root, workspace("hers", "dev-03", "java", "t-all")).await;
    world.send("POST", "users", &root, json!({"metadata": {"name": "new"}, "spec": {}})).await;
    world.send("PATCH", "clusters/c-java", &root, label("x".into())).await;
    let unlabelled = world.send("PATCH", "workspaces/w-python", &root, label(Value::Null)).await;
    assert_eq!(unlabelled.status, 200, "{}", unlabelled.body);
    let (_, event) = mine.next().await.unwrap();
    assert_eq!(event["object"]["metadata"]["name"], "c-java");
    assert_eq!(event["object"]["spec"], json!({"provider": "local"}), "health, not make");
    assert_eq!(labelled.word().await, "MODIFIED w-python");
    assert_eq!(labelled.word().await, "DELETED w-python", "it matches no longer");
}

#[tokio::test]
async fn a_watch_from_what_is_no_longer_kept_is_gone() {
    let world = World::seeded().await;
    let token = world.token("root").await;
    for path in ["users?watch=true&resourceVersion=99999999", "watch?resourceVersion=99999999"] {
        let answer = world.get(path, &token).await;
        assert_eq!((answer.status.as_u16(), answer.body["reason"].as_str()), (410, Some("Expired")));
    }
    assert_eq!(world.get("watch?resourceVersion=x", &token).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(world.get("watch?kinds=pods", &token).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_watch_ends_with_the_right_to_it() {
    let world = World::seeded().await;
    let root = world.token("root").await;
    let (dev_05, dev_03) = (world.token("dev-05").await, world.token("dev-03").await);
    let mut of_dev_05 = Stream::open(&world, &dev_05, "watch").await;
    let mut of_dev_03 = Stream::open(&world, &dev_03, "watch").await;
    of_dev_05.next().await;
    of_dev_03.next().await;
    let id = world.get("tokens", &dev_05).await.body["items"][0]["id"].as_str().unwrap().to_owned();
    world.send("DELETE", &format!("tokens/{id}"), &dev_05, Value::Null).await;
    let (_, end) = of_dev_05.next().await.unwrap();
    assert_eq!((end["type"].as_str(), end["object"]["code"].as_u64()), (Some("ERROR"), Some(401)));
    assert!(of_dev_05.next().await.is_none());
    // Out of the team: what she holds is no longer hers to see.
    let members = json!([{"user": "lead", "role": "team-admin"}, {"user": "dev-05"}]);
    world.send("PATCH", "teams/java", &root, json!({"spec": {"members": members}})).await;
    let (_, end) = of_dev_03.next().await.unwrap();
    assert_eq!((end["type"].as_str(), end["object"]["code"].as_u64()), (Some("ERROR"), Some(410)));
}
