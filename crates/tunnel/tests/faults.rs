//! Load balancers that misbehave, and agents that do: the tunnel comes back by itself, and nobody else is harmed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use common::path::Path;
use common::{Agent, Server, TIMINGS, eventually};
use http::Request;
use jiff::Timestamp;
use nagaya_tunnel::ca::Authority;
use nagaya_tunnel::{Lane, Timings, empty};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Waits until every lane carries requests again, and says how long that took. How long it may take at most is held down
/// where the timings are: `an_agent_is_back_within_fifteen_seconds_of_its_path`.
async fn back(server: &Server, cluster: &str) -> Duration {
    let begun = Instant::now();
    for lane in Lane::ALL {
        loop {
            // A request into a connection that is lost without a word would wait for its pings.
            let answer = tokio::time::timeout(Duration::from_secs(1), server.echo(cluster, lane, "x")).await;
            if matches!(answer, Ok(Ok(words)) if words == "x") {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{lane} never came back");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_load_balancer_that_drops_connections_all_the_time_leaves_an_agent_that_comes_back() {
    let server = Server::start().await;
    let path = Path::to(server.address).await;
    let agent = Agent::start("a", path.address, server.identity("java"));
    for round in 0..20u64 {
        server.connected("java").await;
        // At any moment of a connection's life, its handshake included.
        tokio::time::sleep(Duration::from_millis(round * 7)).await;
        path.cut();
    }
    let took = back(&server, "java").await;
    println!("back {took:?} after the last of 20 cuts");
    agent.stop().await;
    server.stop().await;
}

/// Nothing is closed and nothing is answered: what rancher/rancher 50481 and 55931 tell of.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_load_balancer_that_forgets_its_connections_leaves_an_agent_that_comes_back() {
    let server = Server::start().await;
    let path = Path::to(server.address).await;
    let agent = Agent::start("a", path.address, server.identity("java"));
    server.connected("java").await;
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let mut most = 0;
    for round in 0..3 {
        path.lose(true);
        // Once only the old connections are lost, once several attempts are as well.
        tokio::time::sleep(TIMINGS.connect_timeout * round).await;
        path.lose(false);
        let took = back(&server, "java").await;
        println!("back after {took:?}");
        most = most.max(tasks());
    }
    // The load balancer of this test holds what it lost; agent and server hold nothing of it.
    path.cut();
    back(&server, "java").await;
    eventually("what was lost is given up", || tasks() <= most).await;
    agent.stop().await;
    server.stop().await;
}

/// A path that carries nothing for long and then everything again, old connections and new ones alike.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_path_that_stalls_for_long_leaves_an_agent_that_comes_back() {
    let server = Server::start().await;
    let path = Path::to(server.address).await;
    let agent = Agent::start("a", path.address, server.identity("java"));
    server.connected("java").await;
    path.freeze();
    // As minutes are to the real timings: pings are missed, and several attempts wait and are given up.
    tokio::time::sleep(3 * TIMINGS.connect_timeout).await;
    assert!(server.hub.agents("java").is_empty());
    path.thaw();
    let took = back(&server, "java").await;
    println!("back after {took:?}");
    agent.stop().await;
    server.stop().await;
}

/// One agent answers everything with streams that never end and reads nothing that it is sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_that_floods_and_stalls_harms_no_other() {
    // The real timings: this is not about pings.
    let authority = Arc::new(Authority::generate(Timestamp::now()).unwrap());
    let server = Server::start_with(authority, Timings::default()).await;
    let start = |name| Agent::start_with(name, server.address, server.identity(name), Timings::default());
    let (evil, good) = (start("evil"), start("good"));
    server.connected("evil").await;
    server.connected("good").await;
    let resident = || {
        let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
        statm.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4
    };
    let before = resident();
    let mut held = Vec::new();
    let mut stalled = tokio::task::JoinSet::new();
    for lane in Lane::ALL {
        for _ in 0..20 {
            let request = Request::get("/endless").body(empty()).unwrap();
            held.push(server.hub.request("evil", lane, request).await.unwrap());
            let mut upload = server.hub.connect("evil", "silent.x.workspace.nagaya:1").await.unwrap();
            stalled.spawn(async move { while upload.write_all(&[1; 64 * 1024]).await.is_ok() {} });
        }
    }
    eventually("all of them have begun", || evil.open.load(Ordering::SeqCst) == 120).await;
    tokio::time::sleep(Duration::from_millis(500)).await;

    let mut desktop = server.hub.connect("good", "echo.x.workspace.nagaya:1").await.unwrap();
    let mut times = Vec::new();
    for round in 0..200u32 {
        let begun = Instant::now();
        desktop.write_all(&round.to_be_bytes()).await.unwrap();
        assert_eq!(desktop.read_u32().await.unwrap(), round);
        times.push(begun.elapsed());
    }
    times.sort();
    for lane in Lane::ALL {
        assert_eq!(server.echo("good", lane, "fine").await.unwrap(), "fine");
        assert_eq!(server.echo("evil", lane, "fine").await.unwrap(), "fine", "not even its own others");
    }
    let grown = resident().saturating_sub(before);
    println!(
        "the other's echo: median {:?}, worst {:?}; {grown} KiB for 120 stalled streams",
        times[100], times[199]
    );
    // Both ends are in this process: a window at the receiver and a buffer at the sender of each stream.
    assert!(grown < 120 * 2 * 2 * 256, "memory grew by {grown} KiB");
    stalled.shutdown().await;
    drop((held, desktop));
    good.stop().await;
    server.stop().await;
}
