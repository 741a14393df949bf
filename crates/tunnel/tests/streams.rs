//! One stream's trouble is not another's.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use common::{Agent, Server, eventually};
use futures::StreamExt;
use http::Request;
use http_body_util::BodyExt;
use jiff::Timestamp;
use nagaya_tunnel::ca::Authority;
use nagaya_tunnel::{Lane, Timings, TunnelError, body_stream, empty};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Design rule 3: with hyper's defaults one stalled upload or three stalled downloads froze the connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_streams_stalled_each_way_leave_the_others_going() {
    let server = Server::start().await;
    let agent = Agent::start("a", server.address, server.identity("java"));
    server.connected("java").await;

    // Downloads whose reader never reads, as answers and as raw streams.
    let mut stalled = Vec::new();
    let mut raw = Vec::new();
    for _ in 0..20 {
        let request = Request::get("/endless").body(empty()).unwrap();
        stalled.push(server.hub.request("java", Lane::Streams, request).await.unwrap());
        raw.push(server.hub.connect("java", "flood.x.workspace.nagaya:1").await.unwrap());
    }
    // Uploads that the agent never reads, likewise.
    let mut uploads = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let hub = server.hub.clone();
        uploads.spawn(async move {
            let endless =
                futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![9u8; 16 * 1024].into()));
            let request = Request::post("/hold").body(body_stream(endless.boxed())).unwrap();
            let _ = hub.request("java", Lane::Streams, request).await;
        });
        let mut stream = server.hub.connect("java", "silent.x.workspace.nagaya:1").await.unwrap();
        uploads.spawn(async move {
            let chunk = vec![3; 64 * 1024];
            while stream.write_all(&chunk).await.is_ok() {}
        });
    }
    eventually("all streams have begun", || agent.open.load(Ordering::SeqCst) == 80).await;
    // Long enough for every window to be full.
    tokio::time::sleep(Duration::from_millis(500)).await;

    let mut echo = server.hub.connect("java", "echo.x.workspace.nagaya:1").await.unwrap();
    let mut slowest = Duration::ZERO;
    for round in 0..200u32 {
        let begun = std::time::Instant::now();
        echo.write_all(&round.to_be_bytes()).await.unwrap();
        assert_eq!(echo.read_u32().await.unwrap(), round);
        slowest = slowest.max(begun.elapsed());
        assert_eq!(server.echo("java", Lane::Streams, "still here").await.unwrap(), "still here");
    }
    println!("slowest echo among 80 stalled streams: {slowest:?}");
    assert_eq!(agent.open.load(Ordering::SeqCst), 81, "every stalled stream is still open");
    uploads.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_one_direction_leaves_the_other_open() {
    let server = Server::start().await;
    let agent = Agent::start("a", server.address, server.identity("java"));
    server.connected("java").await;
    let mut stream = server.hub.connect("java", "echo.x.workspace.nagaya:1").await.unwrap();
    let sent = vec![5u8; 3_000_000];
    let (mut read, mut write) = tokio::io::split(&mut stream);
    let (wrote, got) = tokio::join!(
        async {
            write.write_all(&sent).await?;
            write.shutdown().await
        },
        async {
            let mut got = Vec::new();
            read.read_to_end(&mut got).await.map(|_| got)
        }
    );
    wrote.unwrap();
    assert_eq!(got.unwrap().len(), sent.len(), "what was sent before the end came back after it");
    drop(stream);
    eventually("the stream is gone at the agent", || agent.open.load(Ordering::SeqCst) == 0).await;
}

/// A browser page that is closed resets all of its streams. With h2's defaults the late frames of the forgotten
/// ones count as protocol errors, and after some hundreds of them the connection is ended.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_cancelled_downloads_do_not_cost_the_connection() {
    // The real timings: hundreds of megabytes pass here, and on a busy machine a ping may well wait for a second among
    // them. This is not about pings.
    let authority = Arc::new(Authority::generate(Timestamp::now()).unwrap());
    let server = Server::start_with(authority, Timings::default()).await;
    let agent = Agent::start_with("a", server.address, server.identity("java"), Timings::default());
    server.connected("java").await;
    let since = server.hub.agents("java")[0].since;
    let mut events = server.hub.events();
    let mut keeper = server.hub.connect("java", "echo.x.workspace.nagaya:1").await.unwrap();
    for _ in 0..60 {
        let cancelled = futures::future::join_all((0..50).map(|_| async {
            let request = Request::get("/endless").body(empty()).unwrap();
            let response = server.hub.request("java", Lane::Streams, request).await.unwrap();
            let mut body = response.into_body();
            let _first = body.frame().await;
        }));
        cancelled.await;
    }
    keeper.write_all(b"k").await.unwrap();
    assert_eq!(keeper.read_u8().await.unwrap(), b'k', "a stream from before lives");
    assert_eq!(server.hub.agents("java")[0].since, since);
    assert!(events.try_recv().is_err(), "nothing was connected anew");
    drop(keeper);
    eventually("no stream is left at the agent", || agent.open.load(Ordering::SeqCst) == 0).await;
}

/// A follower of a silent log goes away: nothing is written that could tell the agent so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_download_that_nobody_wants_any_more_ends_at_the_agent() {
    let server = Server::start().await;
    let agent = Agent::start("a", server.address, server.identity("java"));
    server.connected("java").await;
    for lane in Lane::ALL {
        let request = Request::get("/silent").body(empty()).unwrap();
        let response = server.hub.request("java", lane, request).await.unwrap();
        assert_eq!(agent.open.load(Ordering::SeqCst), 1);
        drop(response);
        eventually("the stream is gone at the agent", || agent.open.load(Ordering::SeqCst) == 0).await;
    }
    agent.stop().await;
}

#[tokio::test]
async fn a_refused_connect_says_why_in_words() {
    let server = Server::start().await;
    let _agent = Agent::start("a", server.address, server.identity("java"));
    server.connected("java").await;
    match server.hub.connect("java", "nowhere.x.workspace.nagaya:1").await {
        Err(TunnelError::Refused { status, message, .. }) => {
            assert_eq!(status, 404);
            assert_eq!(message, "there is no pod of workspace nowhere");
        }
        other => panic!("{other:?}"),
    }
    match server.hub.connect("python-1", "echo.x.workspace.nagaya:1").await {
        Err(TunnelError::NoAgent { cluster, .. }) => assert_eq!(cluster, "python-1"),
        other => panic!("{other:?}"),
    }
}

/// A service may say in words what is not there; asked by HEAD, the words are left out, and the answer can be read.
#[tokio::test]
async fn an_answer_to_head_has_no_body_whatever_the_service_said() {
    let server = Server::start().await;
    let _agent = Agent::start("a", server.address, server.identity("java"));
    server.connected("java").await;
    for (method, words) in [("GET", true), ("HEAD", false)] {
        let request = Request::builder().method(method).uri("/nowhere").body(empty()).unwrap();
        let response = server.hub.request("java", Lane::Control, request).await.unwrap();
        assert_eq!(response.status(), 404);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(!body.is_empty(), words, "{method}: {body:?}");
    }
}
