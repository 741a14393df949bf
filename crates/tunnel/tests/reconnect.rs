//! Paths break, agents are replaced: the tunnel comes back, and leaves nothing behind.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use common::path::Path;
use common::{Agent, Server, eventually, next_event};
use jiff::Timestamp;
use nagaya_tunnel::ca::Authority;
use nagaya_tunnel::{HubEvent, Lane};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_path_ends_its_streams_and_is_dialled_again() {
    let server = Server::start().await;
    let path = Path::to(server.address).await;
    let _agent = Agent::start("a", path.address, server.identity("java"));
    server.connected("java").await;
    let mut stream = server.hub.connect("java", "echo.x.workspace.nagaya:1").await.unwrap();
    stream.write_all(b"x").await.unwrap();
    stream.read_u8().await.unwrap();
    let mut events = server.hub.events();
    path.cut();
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(60), stream.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the stream learns of it");
    while !matches!(next_event(&mut events).await, HubEvent::AgentConnected { .. }) {}
    server.connected("java").await;
    assert_eq!(server.echo("java", Lane::Control, "back").await.unwrap(), "back");
}

/// A half-open path: neither end is told, so only the pings can notice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_path_that_drops_everything_is_noticed_and_dialled_again() {
    let server = Server::start().await;
    let path = Path::to(server.address).await;
    let agent = Agent::start("a", path.address, server.identity("java"));
    server.connected("java").await;
    path.freeze();
    eventually("the server has noticed", || server.hub.agents("java").is_empty()).await;
    let mut status = agent.status.clone();
    status.wait_for(|status| !status.connected()).await.unwrap();
    path.thaw();
    server.connected("java").await;
    assert_eq!(server.echo("java", Lane::Api, "back").await.unwrap(), "back");
}

/// The same with the server gone and come back: another process on the same address.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_restarts_is_found_again() {
    let authority = Arc::new(Authority::generate(Timestamp::now()).unwrap());
    let first = Server::start_with(authority.clone(), common::TIMINGS).await;
    let path = Path::to(first.address).await;
    let _agent = Agent::start("a", path.address, first.identity("java"));
    first.connected("java").await;
    path.close(true);
    first.stop().await;
    let second = Server::start_with(authority, common::TIMINGS).await;
    let other = Path::to(second.address).await;
    drop(path);
    let _late = Agent::start("b", other.address, second.identity("java"));
    second.connected("java").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_reconnects_leave_nothing_behind() {
    let server = Server::start().await;
    let path = Path::to(server.address).await;
    let agent = Agent::start("a", path.address, server.identity("java"));
    server.connected("java").await;
    let metrics = tokio::runtime::Handle::current().metrics();
    let resident = || {
        let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
        statm.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4
    };
    let mut early = (0, 0);
    let mut rounds = 0;
    // Three connections a round.
    while path.accepted.load(Ordering::SeqCst) < 3 * 334 {
        let _streams = (
            server.hub.connect("java", "echo.x.workspace.nagaya:1").await,
            server.hub.connect("java", "flood.x.workspace.nagaya:1").await,
        );
        let before = path.accepted.load(Ordering::SeqCst);
        path.cut();
        eventually("the control lane was dialled again", || path.accepted.load(Ordering::SeqCst) > before)
            .await;
        server.connected("java").await;
        assert!(path.accepted.load(Ordering::SeqCst) >= before + 3, "all lanes were dialled again");
        rounds += 1;
        if rounds == 50 {
            eventually("the streams of cut paths are gone", || agent.open.load(Ordering::SeqCst) == 0).await;
            early = (metrics.num_alive_tasks(), resident());
        }
    }
    eventually("the streams of cut paths are gone", || agent.open.load(Ordering::SeqCst) == 0).await;
    eventually("tasks are as many as at the start", || metrics.num_alive_tasks() <= early.0).await;
    let grown = resident().saturating_sub(early.1);
    println!("after {} connections: {} tasks, {grown} KiB more than after 150", 3 * rounds, early.0);
    assert!(grown < 8 * 1024, "memory grew by {grown} KiB");
    server.connected("java").await;
    assert_eq!(server.echo("java", Lane::Control, "fine").await.unwrap(), "fine");
    agent.stop().await;
    server.stop().await;
}

/// The server follows the reports of each agent: such a stream must not keep alive what was ended.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_disconnected_ends_with_its_streams_and_is_dialled_again() {
    let server = Server::start().await;
    let agent = Agent::start("a", server.address, server.identity("java"));
    server.connected("java").await;
    let mut followed = Vec::new();
    for lane in Lane::ALL {
        let request = http::Request::get("/silent").body(nagaya_tunnel::empty()).unwrap();
        followed.push(server.hub.request("java", lane, request).await.unwrap().into_body());
    }
    server.hub.disconnect("java");
    for body in &mut followed {
        let end = tokio::time::timeout(Duration::from_secs(60), http_body_util::BodyExt::frame(body)).await;
        assert!(matches!(end, Ok(Some(Err(_)))), "its reader learns of it: {end:?}");
    }
    server.connected("java").await;
    assert_eq!(server.echo("java", Lane::Control, "back").await.unwrap(), "back");
    eventually("the streams are gone at the agent", || agent.open.load(Ordering::SeqCst) == 0).await;
    agent.stop().await;
    server.stop().await;
}

/// A rolling update: nobody's desktop is dropped by it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_agent_takes_over_while_the_old_one_finishes_its_streams() {
    let server = Server::start().await;
    let mut events = server.hub.events();
    let old = Agent::start("old", server.address, server.identity("java"));
    server.connected("java").await;
    let mut desktop = server.hub.connect("java", "echo.x.workspace.nagaya:1").await.unwrap();
    desktop.write_all(b"1").await.unwrap();
    assert_eq!(desktop.read_u8().await.unwrap(), b'1');

    let new = Agent::start("new", server.address, server.identity("java"));
    eventually("both are there", || server.hub.agents("java").len() == 2).await;
    // What was only the old one's is asked of the new one.
    let mut another = server.hub.connect("java", "echo.x.workspace.nagaya:1").await.unwrap();
    another.write_all(b"2").await.unwrap();
    assert_eq!(another.read_u8().await.unwrap(), b'2');
    assert_eq!((old.open.load(Ordering::SeqCst), new.open.load(Ordering::SeqCst)), (1, 1));

    old.retire();
    eventually("the old one keeps the lane of its stream only", || {
        server.hub.agents("java").iter().any(|a| a.hello.agent_id == "old" && a.lanes == [Lane::Streams])
    })
    .await;
    for byte in 0..100 {
        desktop.write_all(&[byte]).await.unwrap();
        assert_eq!(desktop.read_u8().await.unwrap(), byte, "the old stream goes on");
        assert_eq!(server.echo("java", Lane::Streams, "new").await.unwrap(), "new");
    }
    desktop.shutdown().await.unwrap();
    drop(desktop);
    old.ended().await;
    loop {
        if let HubEvent::AgentGone { agent_id, .. } = next_event(&mut events).await {
            assert_eq!(agent_id, "old");
            break;
        }
    }
    another.write_all(b"3").await.unwrap();
    assert_eq!(another.read_u8().await.unwrap(), b'3');
}

/// Rolling back an old agent's broken path must not make it the newest again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_agent_that_reconnects_does_not_take_over() {
    let server = Server::start().await;
    let path = Path::to(server.address).await;
    let _old = Agent::start("old", path.address, server.identity("java"));
    server.connected("java").await;
    let _new = Agent::start("new", server.address, server.identity("java"));
    eventually("both are there", || server.hub.agents("java").len() == 2).await;
    let mut events = server.hub.events();
    path.cut();
    loop {
        if let HubEvent::AgentConnected { agent_id, .. } = next_event(&mut events).await {
            assert_eq!(agent_id, "old");
            break;
        }
    }
    let request = http::Request::get("/name").body(nagaya_tunnel::empty()).unwrap();
    let response = server.hub.request("java", Lane::Control, request).await.unwrap();
    let name = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
    assert_eq!(name, "new");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renewed_certificate_is_used_without_dropping_a_stream() {
    let server = Server::start().await;
    let agent = Agent::start("a", server.address, server.identity("java"));
    server.connected("java").await;
    let mut stream = server.hub.connect("java", "echo.x.workspace.nagaya:1").await.unwrap();
    stream.write_all(b"1").await.unwrap();
    stream.read_u8().await.unwrap();
    let mut events = server.hub.events();
    agent.identity.send_replace(server.identity("java"));
    assert!(matches!(next_event(&mut events).await, HubEvent::AgentConnected { .. }));
    for byte in 0..50 {
        stream.write_all(&[byte]).await.unwrap();
        assert_eq!(stream.read_u8().await.unwrap(), byte);
        assert_eq!(server.echo("java", Lane::Streams, "ok").await.unwrap(), "ok");
    }
}
