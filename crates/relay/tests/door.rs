//! The door with real TLS: who is let in, to which port, and what happens to a stream.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod support;

use std::sync::atomic::Ordering;
use std::time::Duration;

use rcgen::ExtendedKeyUsagePurpose;
use support::{Authority, Relay, dial, echo_desktop, echoes, mount};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

struct Scene {
    authority: Authority,
    relay: Relay,
    port: u16,
    alpn: String,
    visits: std::sync::Arc<std::sync::atomic::AtomicUsize>,
    dir: tempfile::TempDir,
}

async fn scene() -> Scene {
    let (port, visits) = echo_desktop().await;
    let authority = Authority::new("one");
    let dir = tempfile::tempdir().unwrap();
    mount(dir.path(), "1", &authority.relay(), &[&authority]);
    let relay = Relay::start(dir.path().to_owned(), vec![port]).await;
    Scene { authority, relay, port, alpn: format!("nagaya-port/{port}"), visits, dir }
}

#[tokio::test]
async fn admits_the_clusters_own_agent_and_nobody_else() {
    let Scene { authority, relay, port, alpn, visits, dir: _dir } = scene().await;
    let alpn = Some(alpn.as_str());
    echoes(relay.address, &authority, Some(&authority.agent("java")), alpn).await.unwrap();
    assert_eq!(visits.load(Ordering::SeqCst), 1);

    let stranger = Authority::new("stranger");
    let same_name = Authority::new("one");
    let refused = [
        ("no certificate", None),
        ("another authority's agent", Some(stranger.agent("java"))),
        ("an authority of the same name", Some(same_name.agent("java"))),
        ("another cluster's agent", Some(authority.agent("python-1"))),
        ("another workspace's relay", Some(authority.relay())),
        ("an agent's name for a server", {
            Some(authority.issue("nagaya://cluster/java/agent", ExtendedKeyUsagePurpose::ServerAuth))
        }),
    ];
    for (who, identity) in &refused {
        assert!(
            echoes(relay.address, &authority, identity.as_ref(), alpn).await.is_err(),
            "{who} was let in"
        );
    }
    let agent = authority.agent("java");
    let other_port = if port == 22 { "nagaya-port/23" } else { "nagaya-port/22" };
    for alpn in [None, Some(other_port), Some("h2"), Some("nagaya-port/")] {
        assert!(echoes(relay.address, &authority, Some(&agent), alpn).await.is_err(), "{alpn:?} was let in");
    }
    // A neighbour that speaks no TLS.
    let mut plain = TcpStream::connect(relay.address).await.unwrap();
    plain.write_all(b"RFB 003.008\n").await.unwrap();
    let mut said = Vec::new();
    let _ = plain.read_to_end(&mut said).await;
    assert!(!said.starts_with(b"RFB"));
    assert_eq!(visits.load(Ordering::SeqCst), 1, "somebody who was refused reached the desktop");
    relay.stop().await;
}

#[tokio::test]
async fn the_secret_is_read_at_each_handshake_and_both_authorities_count_during_a_rotation() {
    let Scene { authority: old, relay, alpn, dir, .. } = scene().await;
    let alpn = Some(alpn.as_str());
    let new = Authority::new("two");
    let (old_agent, new_agent) = (old.agent("java"), new.agent("java"));
    assert!(echoes(relay.address, &old, Some(&new_agent), alpn).await.is_err());
    let mut living = dial(relay.address, &old, Some(&old_agent), alpn).await.unwrap();

    mount(dir.path(), "2", &old.relay(), &[&old, &new]);
    echoes(relay.address, &old, Some(&old_agent), alpn).await.unwrap();
    echoes(relay.address, &old, Some(&new_agent), alpn).await.unwrap();

    mount(dir.path(), "3", &new.relay(), &[&new]);
    std::fs::remove_dir_all(dir.path().join("..1")).unwrap();
    echoes(relay.address, &new, Some(&new_agent), alpn).await.unwrap();
    assert!(
        echoes(relay.address, &new, Some(&old_agent), alpn).await.is_err(),
        "the old authority still counts"
    );
    assert!(
        echoes(relay.address, &old, Some(&new_agent), alpn).await.is_err(),
        "the old certificate is shown"
    );

    // A stream that was open before stays.
    living.write_all(b"still").await.unwrap();
    let mut answer = [0; 5];
    living.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"still");
    drop(living);
    relay.stop().await;
}

#[tokio::test]
async fn the_end_of_one_direction_leaves_the_other_open() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let authority = Authority::new("one");
    let dir = tempfile::tempdir().unwrap();
    mount(dir.path(), "1", &authority.relay(), &[&authority]);
    let relay = Relay::start(dir.path().to_owned(), vec![port]).await;
    let desktop = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).await.unwrap();
        stream.write_all(b"heard it all").await.unwrap();
        heard.len()
    });
    let alpn = format!("nagaya-port/{port}");
    let mut stream =
        dial(relay.address, &authority, Some(&authority.agent("java")), Some(&alpn)).await.unwrap();
    stream.write_all(&vec![7; 300_000]).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert_eq!((desktop.await.unwrap(), answer.as_str()), (300_000, "heard it all"));
    relay.stop().await;
}

#[tokio::test]
async fn a_hundred_streams_at_once() {
    let Scene { authority, relay, alpn, visits, dir: _dir, .. } = scene().await;
    let agent = authority.agent("java");
    let (authority, agent) = (std::sync::Arc::new(authority), std::sync::Arc::new(agent));
    let mut tasks = JoinSet::new();
    for number in 0..100_u8 {
        let (authority, agent, alpn, address) =
            (authority.clone(), agent.clone(), alpn.clone(), relay.address);
        tasks.spawn(async move {
            // The listen queue and the handshake limit may drop some of a burst: the agent dials again.
            for _ in 0..50 {
                let sent = vec![number; 100_000];
                let Ok(stream) = dial(address, &authority, Some(&agent), Some(&alpn)).await else { continue };
                let (mut read, mut write) = tokio::io::split(stream);
                let (sending, mut received) = (sent.clone(), vec![0; sent.len()]);
                let writer = tokio::spawn(async move { write.write_all(&sending).await.map(|()| write) });
                let whole = read.read_exact(&mut received).await.is_ok();
                drop(writer.await);
                if whole {
                    assert!(received == sent, "streams were mixed");
                    return;
                }
            }
            panic!("stream {number} never came through");
        });
    }
    while let Some(outcome) = tasks.join_next().await {
        outcome.unwrap();
    }
    assert!(visits.load(Ordering::SeqCst) >= 100);
    relay.stop().await;
}

#[tokio::test]
async fn silent_neighbours_lock_nobody_out() {
    let Scene { authority, relay, alpn, dir: _dir, .. } = scene().await;
    let mut silent = Vec::new();
    for _ in 0..200 {
        silent.push(TcpStream::connect(relay.address).await.unwrap());
    }
    echoes(relay.address, &authority, Some(&authority.agent("java")), Some(&alpn)).await.unwrap();
    drop(silent);
    relay.stop().await;
}

#[tokio::test]
async fn an_admitted_client_waits_for_a_desktop_that_is_still_starting() {
    // Below the ports that the system gives to others meanwhile.
    let port = 20000 + u16::try_from(std::process::id() % 6000).unwrap();
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    let authority = Authority::new("one");
    let dir = tempfile::tempdir().unwrap();
    mount(dir.path(), "1", &authority.relay(), &[&authority]);
    let relay = Relay::start(dir.path().to_owned(), vec![address.port()]).await;
    let alpn = format!("nagaya-port/{}", address.port());
    let mut stream =
        dial(relay.address, &authority, Some(&authority.agent("java")), Some(&alpn)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(150)).await;
    let late = TcpListener::bind(address).await.unwrap();
    let (mut desktop, _) = late.accept().await.unwrap();
    desktop.write_all(b"RFB 003.008\n").await.unwrap();
    let mut banner = [0; 12];
    stream.read_exact(&mut banner).await.unwrap();
    assert_eq!(&banner, b"RFB 003.008\n");
    drop((stream, desktop));
    relay.stop().await;
}
