//! What the way through the tunnel adds: `cargo nextest run -p nagaya-gateway --run-ignored only --no-capture measure`.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod support;

use std::time::{Duration, Instant};

use axum::{Router, body::Bytes};
use futures::{SinkExt, StreamExt};
use support::World;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_tungstenite::tungstenite::Message;

const ROUNDS: usize = 2000;

fn told(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let n = times.len();
    println!(
        "{what}: median {:?}, p95 {:?}, p99 {:?}",
        times[n / 2],
        times[n * 95 / 100],
        times[n * 99 / 100]
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn measure_round_trip() {
    let world = World::start(Router::new()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    world.desktops.lock().unwrap().insert("java-1".into(), address);
    let echo = tokio::spawn(async move {
        loop {
            let (mut tcp, _) = listener.accept().await.unwrap();
            tcp.set_nodelay(true).unwrap();
            tokio::spawn(async move {
                let mut buffer = [0; 64];
                while let Ok(read @ 1..) = tcp.read(&mut buffer).await {
                    tcp.write_all(&buffer[..read]).await.unwrap();
                }
            });
        }
    });
    let mut direct = TcpStream::connect(address).await.unwrap();
    direct.set_nodelay(true).unwrap();
    let (mut page, _) =
        tokio_tungstenite::connect_async(format!("ws://{}/desktop", world.web)).await.unwrap();
    let (mut plain, mut tunnelled) = (Vec::new(), Vec::new());
    // Interleaved, so that what else the machine does falls on both.
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        direct.write_all(b"key down").await.unwrap();
        direct.read_exact(&mut [0; 8]).await.unwrap();
        plain.push(begun.elapsed());
        let begun = Instant::now();
        page.send(Message::Binary(Bytes::from_static(b"key down"))).await.unwrap();
        while !matches!(page.next().await.unwrap().unwrap(), Message::Binary(_)) {}
        tunnelled.push(begun.elapsed());
    }
    told("TCP alone", plain);
    told("WebSocket, gateway, tunnel, agent", tunnelled);
    echo.abort();
}
