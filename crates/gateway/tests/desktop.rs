//! A desktop in the browser, through the tunnel.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::net::SocketAddr;

use axum::{Router, body::Bytes};
use futures::{SinkExt, StreamExt};
use nagaya_gateway::CloseReason;
use support::World;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest},
};

type Page = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn open(world: &World) -> Page {
    open_at(world, "desktop").await
}

async fn open_at(world: &World, path: &str) -> Page {
    let mut request = format!("ws://{}/{path}", world.web).into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "binary".parse().unwrap());
    let (page, response) = tokio_tungstenite::connect_async(request).await.unwrap();
    assert_eq!(response.headers()["sec-websocket-protocol"], "binary");
    page
}

async fn desktop() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn runs(world: &World, address: SocketAddr) {
    world.desktops.lock().unwrap().insert("java-1".into(), address);
}

async fn next_bytes(page: &mut Page) -> Bytes {
    loop {
        match page.next().await.unwrap().unwrap() {
            Message::Binary(bytes) => return bytes,
            Message::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

async fn close_code(page: &mut Page) -> u16 {
    loop {
        match page.next().await.unwrap().unwrap() {
            Message::Close(frame) => return frame.unwrap().code.into(),
            Message::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn bytes_go_both_ways_as_they_come() {
    let world = World::start(Router::new()).await;
    let (listener, address) = desktop().await;
    runs(&world, address);
    let mut page = open(&world).await;
    let (mut rfb, _) = listener.accept().await.unwrap();
    rfb.write_all(b"RFB 003.008\n").await.unwrap();
    assert_eq!(next_bytes(&mut page).await, "RFB 003.008\n");
    page.send(Message::Binary(Bytes::from_static(b"RFB 003.008\n"))).await.unwrap();
    let mut got = [0; 12];
    rfb.read_exact(&mut got).await.unwrap();
    assert_eq!(&got, b"RFB 003.008\n");
    // Much at once arrives whole and in order.
    let picture: Vec<u8> = (0..3_000_000_u32).map(|at| at.to_le_bytes()[0]).collect();
    let sent = picture.clone();
    let writing = tokio::spawn(async move {
        rfb.write_all(&sent).await.unwrap();
        rfb
    });
    let mut whole = Vec::new();
    while whole.len() < picture.len() {
        whole.extend_from_slice(&next_bytes(&mut page).await);
    }
    assert!(whole == picture);
    drop(writing.await.unwrap());
    assert_eq!(close_code(&mut page).await, CloseReason::DesktopEnded.code());
    world.eventually("nothing is open", || world.streams.list().is_empty()).await;
}

#[tokio::test]
async fn a_page_that_takes_nothing_holds_its_own_desktop_back_and_no_other() {
    let world = World::start(Router::new()).await;
    let (listener, address) = desktop().await;
    runs(&world, address);
    let stalled = open(&world).await;
    let (mut busy, _) = listener.accept().await.unwrap();
    // Until nothing more is taken: all buffers on the way are full, and they are bounded.
    let chunk = vec![7; 64 * 1024];
    let mut written = 0_usize;
    while let Ok(done) = tokio::time::timeout(std::time::Duration::from_millis(500), busy.write(&chunk)).await
    {
        written += done.unwrap();
        assert!(written < 64 << 20, "nothing holds the desktop back");
    }
    let mut page = open(&world).await;
    let (mut other, _) = listener.accept().await.unwrap();
    other.write_all(b"alive").await.unwrap();
    assert_eq!(next_bytes(&mut page).await, "alive");
    drop(stalled);
}

#[tokio::test]
async fn a_right_that_is_taken_away_ends_the_stream_at_once_and_says_so() {
    let world = World::start(Router::new()).await;
    let (listener, address) = desktop().await;
    runs(&world, address);
    let mut page = open(&world).await;
    let (mut rfb, _) = listener.accept().await.unwrap();
    assert_eq!(world.streams.end_where(|_| Some(CloseReason::RightTakenAway)), 1);
    assert_eq!(close_code(&mut page).await, 4002);
    assert_eq!(rfb.read(&mut [0]).await.unwrap_or(0), 0, "and the desktop hears no more of it");
    world.eventually("nothing is open", || world.streams.list().is_empty()).await;
}

#[tokio::test]
async fn a_page_that_opens_before_its_desktop_is_up_is_shown_it_the_moment_it_is() {
    let world = World::start(Router::new()).await;
    let mut page = open(&world).await;
    let (listener, address) = desktop().await;
    runs(&world, address);
    let (mut rfb, _) = listener.accept().await.unwrap();
    rfb.write_all(b"RFB").await.unwrap();
    assert_eq!(next_bytes(&mut page).await, "RFB");
}

#[tokio::test]
async fn without_its_agent_a_page_is_told_to_try_again_later() {
    let world = World::start(Router::new()).await;
    let (listener, address) = desktop().await;
    runs(&world, address);
    let mut page = open(&world).await;
    let _rfb = listener.accept().await.unwrap();
    world.agent.cancel();
    // Its end and the desktop's arrive as the same end of the stream; either way the page tries again.
    assert!([4003, 4006].contains(&close_code(&mut page).await));
    world.eventually("the agent is gone", || world.hub.agents("java").is_empty()).await;
    let mut late = open(&world).await;
    assert_eq!(close_code(&mut late).await, 4003);
}

#[tokio::test]
async fn what_is_not_to_run_is_said_at_once_even_to_a_page_that_opens_late() {
    let world = World::start(Router::new()).await;
    let (listener, address) = desktop().await;
    runs(&world, address);
    let mut page = open(&world).await;
    let (mut rfb, _) = listener.accept().await.unwrap();
    rfb.write_all(b"RFB").await.unwrap();
    assert_eq!(next_bytes(&mut page).await, "RFB");
    world.streams.end_where(|_| Some(CloseReason::WorkspaceStopped));
    assert_eq!(close_code(&mut page).await, 4001);
    // The pod is still there, and the next page is not let in for its last seconds.
    let mut late = open_at(&world, "stopped").await;
    assert_eq!(close_code(&mut late).await, 4001);
    assert!(tokio::time::timeout(std::time::Duration::from_millis(100), listener.accept()).await.is_err());
}

#[tokio::test]
async fn words_are_no_rfb() {
    let world = World::start(Router::new()).await;
    let (listener, address) = desktop().await;
    runs(&world, address);
    let mut page = open(&world).await;
    let _rfb = listener.accept().await.unwrap();
    page.send(Message::Text("hello".into())).await.unwrap();
    assert_eq!(close_code(&mut page).await, 1002);
}

#[tokio::test]
async fn the_servers_end_waits_for_its_streams() {
    let world = World::start(Router::new()).await;
    let (listener, address) = desktop().await;
    runs(&world, address);
    let mut page = open(&world).await;
    let _rfb = listener.accept().await.unwrap();
    let streams = world.streams.clone();
    let (code, ()) = tokio::join!(close_code(&mut page), async move { streams.shutdown().await });
    assert_eq!(code, 1001);
}
