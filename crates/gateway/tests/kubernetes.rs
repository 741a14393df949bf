//! kubectl through the tunnel.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod support;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::ws::{Message as Served, WebSocketUpgrade},
    routing::{any, get},
};
use futures::{SinkExt, StreamExt};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use nagaya_gateway::CloseReason;
use nagaya_tunnel::Lane;
use support::{PREFIX, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};

fn path(rest: &str) -> String {
    format!("{PREFIX}{rest}")
}

fn kubernetes() -> Router {
    let watched = || async {
        let events = futures::stream::unfold(0, |count| async move {
            if count > 0 {
                std::future::pending::<()>().await;
            }
            Some((Ok::<_, std::io::Error>(Bytes::from("{\"type\":\"ADDED\"}\n")), count + 1))
        });
        Body::from_stream(events)
    };
    let upgrade = |mut request: Request<Body>| async move {
        let stream = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let mut stream = TokioIo::new(stream.await.unwrap());
            let mut got = [0; 4];
            stream.read_exact(&mut got).await.unwrap();
            got.reverse();
            stream.write_all(&got).await.unwrap();
            stream.read_to_end(&mut Vec::new()).await.unwrap_or_default();
        });
        http::Response::builder()
            .status(StatusCode::SWITCHING_PROTOCOLS)
            .header("connection", "Upgrade")
            .header("upgrade", "SPDY/3.1")
            .header("x-stream-protocol-version", "v4.channel.k8s.io")
            .header("set-cookie", "stolen=1")
            .body(Body::empty())
            .unwrap()
    };
    let exec = |upgrade: WebSocketUpgrade| async move {
        upgrade.protocols(["v4.channel.k8s.io"]).on_upgrade(|mut socket| async move {
            socket.send(Served::Binary(Bytes::from_static(b"\x01hello"))).await.unwrap();
            while let Some(Ok(Served::Binary(bytes))) = socket.recv().await {
                socket.send(Served::Binary(bytes)).await.unwrap();
            }
        })
    };
    Router::new()
        .route(
            "/api/v1/pods",
            get(|| async { ([("set-cookie", "stolen=1")], "pods") }).post(|body: Bytes| async { body }),
        )
        .route("/api/v1/watched", get(watched))
        .route("/api/v1/attach", any(upgrade))
        .route("/api/v1/namespaces/java/pods/java-1-0/exec", any(exec))
        .fallback(|| async { (StatusCode::FORBIDDEN, "{\"kind\":\"Status\",\"reason\":\"Forbidden\"}") })
}

#[tokio::test]
async fn requests_arrive_as_the_caller_and_as_nobody_else() {
    let world = World::start(kubernetes()).await;
    let request = Request::post(path("/api/v1/pods?dryRun=All"))
        .header("authorization", "Bearer nagaya_secret")
        .header("cookie", "__Host-nagaya-session=secret")
        .header("x-remote-user", "root")
        .header("connection", "x-hidden")
        .header("x-hidden", "1")
        .header("content-type", "application/json")
        .body(Body::from("{}"))
        .unwrap();
    let response = world.send(request).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "{}");
    let saw = world.last_seen();
    assert_eq!(saw.lane, Some(Lane::Api));
    assert!(saw.path.ends_with("/v1/kubernetes/api/v1/pods?dryRun=All"), "{}", saw.path);
    let mut headers = saw.headers;
    for harmless in ["content-length", "content-type"] {
        assert!(headers.remove(harmless).is_some(), "{harmless}");
    }
    let left: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(left, [("nagaya-groups", "nagaya:team:java"), ("nagaya-user", "nagaya:dev-01")]);
}

#[tokio::test]
async fn whoever_says_to_act_as_somebody_else_is_refused_by_every_verb_and_nothing_arrives() {
    let world = World::start(kubernetes()).await;
    let claims = [
        ("impersonate-user", "system:admin"),
        ("Impersonate-Group", "system:masters"),
        ("IMPERSONATE-UID", "0"),
        ("impersonate-extra-scopes", "all"),
        ("nagaya-user", "nagaya:root"),
        ("nagaya-groups", "nagaya:role:admin"),
        ("connection", "close, Nagaya-User"),
        ("connection", "Impersonate-User"),
        ("trailer", "Impersonate-User"),
    ];
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] {
        for (name, value) in claims {
            let request = Request::builder().method(method).uri(path("/api/v1/pods")).header(name, value);
            let response = world.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{method} {name}: {value}");
            if method == "HEAD" {
                continue; // It has no body to say it in.
            }
            let status = response.into_body().collect().await.unwrap().to_bytes();
            let status: serde_json::Value = serde_json::from_slice(&status).unwrap();
            assert_eq!(status["kind"], "Status", "kubectl prints it");
            let named = status["message"].as_str().unwrap().to_ascii_lowercase();
            assert!(named.contains(&name.to_ascii_lowercase()), "{named}");
        }
    }
    let upgrade = Request::get(path("/api/v1/attach"))
        .header("connection", "Upgrade, Impersonate-User")
        .header("upgrade", "SPDY/3.1")
        .header("impersonate-user", "system:admin");
    assert_eq!(world.send(upgrade.body(Body::empty()).unwrap()).await.status(), StatusCode::FORBIDDEN);
    assert!(world.seen().is_empty(), "nothing reached the cluster");
}

#[tokio::test]
async fn a_path_that_climbs_or_hides_a_slash_reaches_nothing() {
    let world = World::start(kubernetes()).await;
    for bad in [
        "/api/v1/namespaces/java/../python/pods",
        "/api/v1/namespaces/java/%2e%2e/python/pods",
        "/api/v1/namespaces/java/%2E./python/pods",
        "/api/v1/namespaces/java%2f..%2fpython/pods",
        "/api/v1/namespaces/java/pods/..%5c..%5cpython",
        "/api/v1/namespaces/java/pods/x/proxy/%2e%2e/%2e%2e/y",
        "/./api/v1/pods",
        "/api/v1/pods%00",
        "/../../../v1/intent",
    ] {
        let response = world.send(Request::get(path(bad)).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{bad}");
    }
    assert!(world.seen().is_empty(), "nothing reached the cluster");
    // Two slashes are one path below the Kubernetes API, whatever it makes of them: they never leave it.
    world.send(Request::get(path("//v1/intent")).body(Body::empty()).unwrap()).await;
    assert!(world.last_seen().path.ends_with("/v1/kubernetes//v1/intent"), "{}", world.last_seen().path);
}

#[tokio::test]
async fn answers_cannot_act_as_the_console() {
    let world = World::start(kubernetes()).await;
    let response = world.send(Request::get(path("/api/v1/pods")).body(Body::empty()).unwrap()).await;
    assert_eq!(response.headers().get("set-cookie"), None);
    assert_eq!(response.headers()["content-security-policy"], "sandbox; default-src 'none'");
    let page =
        Request::get(path("/api/v1/pods")).header("sec-fetch-dest", "document").body(Body::empty()).unwrap();
    assert_eq!(world.send(page).await.status(), StatusCode::FORBIDDEN);
    let climbing = Request::get(path("/../../v1/intent")).body(Body::empty()).unwrap();
    assert_eq!(world.send(climbing).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_watch_streams_on_its_own_lane_and_ends_with_the_right_to_it() {
    let world = World::start(kubernetes()).await;
    let request = Request::get(path("/api/v1/watched?watch=true")).body(Body::empty()).unwrap();
    let mut body = world.send(request).await.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(first, "{\"type\":\"ADDED\"}\n");
    assert_eq!(world.last_seen().lane, Some(Lane::Streams));
    assert_eq!(
        world.streams.end_where(|info| (info.user == "dev-01").then_some(CloseReason::RightTakenAway)),
        1
    );
    assert!(body.frame().await.unwrap().is_err(), "cut off, not ended");
    world.eventually("nothing is open", || world.streams.list().is_empty()).await;
}

async fn spdy(world: &World) -> TokioIo<hyper::upgrade::Upgraded> {
    let request = Request::post(path("/api/v1/attach"))
        .header("connection", "Upgrade")
        .header("upgrade", "SPDY/3.1")
        .header("host", "localhost")
        .header("authorization", "Bearer secret")
        .body(Body::empty())
        .unwrap();
    let response = world.send(request).await;
    assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
    assert_eq!(response.headers()["upgrade"], "SPDY/3.1");
    assert_eq!(response.headers()["x-stream-protocol-version"], "v4.channel.k8s.io");
    assert_eq!(response.headers().get("set-cookie"), None);
    TokioIo::new(hyper::upgrade::on(response).await.unwrap())
}

#[tokio::test]
async fn an_upgrade_becomes_raw_after_101_and_keeps_the_callers_identity() {
    let world = World::start(kubernetes()).await;
    let mut stream = spdy(&world).await;
    stream.write_all(b"abcd").await.unwrap();
    let mut got = [0; 4];
    stream.read_exact(&mut got).await.unwrap();
    assert_eq!(&got, b"dcba");
    let saw = world.last_seen();
    assert_eq!(saw.headers["nagaya-user"], "nagaya:dev-01");
    assert!(!saw.headers.contains_key("authorization"));
}

#[tokio::test]
async fn an_upgraded_stream_ends_with_the_right_to_it() {
    let world = World::start(kubernetes()).await;
    let mut stream = spdy(&world).await;
    world.streams.end_where(|_| Some(CloseReason::RightTakenAway));
    assert_eq!(stream.read(&mut [0]).await.unwrap_or(0), 0);
    world.eventually("nothing is open", || world.streams.list().is_empty()).await;
}

#[tokio::test]
async fn an_upgrade_that_is_refused_is_answered_as_kubernetes_answers() {
    let world = World::start(kubernetes()).await;
    let request = Request::post(path("/api/v1/forbidden"))
        .header("connection", "Upgrade")
        .header("upgrade", "SPDY/3.1")
        .header("host", "localhost")
        .body(Body::empty())
        .unwrap();
    let response = world.send(request).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "{\"kind\":\"Status\",\"reason\":\"Forbidden\"}");
}

#[tokio::test]
async fn a_terminal_is_the_api_servers_own_websocket() {
    let world = World::start(kubernetes()).await;
    let mut request =
        format!("ws://{}/exec?command=sh&container=relay", world.web).into_client_request().unwrap();
    request
        .headers_mut()
        .insert("sec-websocket-protocol", "v5.channel.k8s.io, v4.channel.k8s.io".parse().unwrap());
    request.headers_mut().insert("origin", "http://localhost".parse().unwrap());
    let (mut socket, response) = tokio_tungstenite::connect_async(request).await.unwrap();
    assert_eq!(response.headers()["sec-websocket-protocol"], "v4.channel.k8s.io");
    assert_eq!(socket.next().await.unwrap().unwrap(), Message::Binary(Bytes::from_static(b"\x01hello")));
    socket.send(Message::Binary(Bytes::from_static(b"\x00ls\n"))).await.unwrap();
    assert_eq!(socket.next().await.unwrap().unwrap(), Message::Binary(Bytes::from_static(b"\x00ls\n")));
    let saw = world.last_seen();
    assert!(
        saw.path.ends_with("/api/v1/namespaces/java/pods/java-1-0/exec?container=workspace&command=sh&stdin=true&stdout=true&tty=true"),
        "{}",
        saw.path
    );
    assert!(!saw.headers.contains_key("origin"));
}

#[tokio::test]
async fn a_cluster_that_is_away_is_a_status_that_kubectl_understands() {
    let world = World::start(kubernetes()).await;
    world.agent.cancel();
    world.eventually("the agent is gone", || world.hub.agents("java").is_empty()).await;
    let response = world.send(Request::get(path("/api/v1/pods")).body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()["retry-after"], "1");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let status: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((&status["kind"], &status["reason"]), (&"Status".into(), &"ServiceUnavailable".into()));
}
