//! Lanes are there while they are needed.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use common::path::Path;
use common::{Agent, Server, TIMINGS, eventually};
use jiff::Timestamp;
use nagaya_tunnel::ca::Authority;
use nagaya_tunnel::{Lane, Timings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Lanes that nobody uses go soon.
const HASTY: Timings = Timings { lane_idle: Duration::from_millis(300), ..TIMINGS };

fn lanes(server: &Server) -> Vec<Lane> {
    server.hub.agents("java").first().map(|agent| agent.lanes.clone()).unwrap_or_default()
}

async fn start(timings: Timings) -> (Server, Path, Agent) {
    let authority = Arc::new(Authority::generate(Timestamp::now()).unwrap());
    let server = Server::start_with(authority, timings).await;
    let path = Path::to(server.address).await;
    let agent = Agent::start_with("a", path.address, server.identity("java"), timings);
    eventually("the agent is connected", || !lanes(&server).is_empty()).await;
    (server, path, agent)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lane_is_dialled_when_it_is_needed_and_let_go_when_it_is_not() {
    let (server, path, agent) = start(HASTY).await;
    assert_eq!(lanes(&server), [Lane::Control]);
    assert!(agent.status.borrow().connected(), "nothing is missed");
    for _ in 0..2 {
        assert_eq!(server.echo("java", Lane::Api, "x").await.unwrap(), "x");
        assert_eq!(lanes(&server), [Lane::Control, Lane::Api]);
        eventually("nobody uses it any more", || lanes(&server) == [Lane::Control]).await;
        let status = agent.status.borrow().clone();
        assert!(status.connected() && status.trouble().is_none(), "{status:?}");
    }
    assert_eq!(path.accepted.load(Ordering::SeqCst), 3, "control once, and the other when it was asked for");
    agent.stop().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_need_a_lane_at_once_get_one() {
    let (server, path, agent) = start(TIMINGS).await;
    let all = futures::future::join_all((0..50).map(|_| server.echo("java", Lane::Api, "x"))).await;
    assert!(all.into_iter().all(|answer| answer.unwrap() == "x"));
    assert_eq!(path.accepted.load(Ordering::SeqCst), 2);
    agent.stop().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_outlives_the_letting_go_of_its_lane_and_holds_the_next_one() {
    let (server, path, agent) = start(HASTY).await;
    let mut desktop = server.hub.connect("java", "echo.x.workspace.nagaya:1").await.unwrap();
    for round in 0..4u8 {
        // Longer than a lane is kept that nobody asks anything of.
        tokio::time::sleep(2 * HASTY.lane_idle).await;
        desktop.write_all(&[round]).await.unwrap();
        assert_eq!(desktop.read_u8().await.unwrap(), round);
        assert_eq!(server.echo("java", Lane::Streams, "x").await.unwrap(), "x");
    }
    assert_eq!(path.accepted.load(Ordering::SeqCst), 3, "control, the lane of the stream, and one more");
    drop(desktop);
    eventually("all of it is let go", || lanes(&server) == [Lane::Control]).await;
    agent.stop().await;
    server.stop().await;
}
