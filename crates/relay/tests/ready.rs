//! Readiness as kubelet asks for it.
#![allow(clippy::unwrap_used, missing_docs)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use nagaya_relay::check::CheckSettings;
use nagaya_relay::ready;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What kubelet 1.20 sends.
const PROBE: &[u8] = b"GET /ready HTTP/1.1\r\nHost: 10.0.0.7:7901\r\nUser-Agent: kube-probe/1.20\r\nAccept: */*\r\nConnection: close\r\n\r\n";

async fn relay(check: CheckSettings) -> (SocketAddr, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut task = JoinSet::new();
    task.spawn(async move { match ready::serve(listener, check).await {} });
    (address, task)
}

/// The whole answer to `request`; empty where there is none.
async fn ask(relay: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(relay).await.unwrap();
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

fn ok(answer: &str) -> bool {
    answer == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
}

/// An RFB server that counts whole handshakes and broken ones.
async fn desktop(listener: TcpListener, whole: Arc<AtomicUsize>, broken: Arc<AtomicUsize>) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (whole, broken) = (whole.clone(), broken.clone());
        tokio::spawn(async move {
            let handshake = async {
                stream.write_all(b"RFB 003.008\n").await?;
                stream.read_exact(&mut [0; 12]).await?;
                // Long enough for everybody who asks to be in the middle of it.
                tokio::time::sleep(Duration::from_millis(200)).await;
                stream.write_all(&[1, 1]).await?;
                stream.read_u8().await?;
                stream.write_u32(0).await
            };
            let counted = if handshake.await.is_ok() { whole } else { broken };
            counted.fetch_add(1, Ordering::SeqCst);
        });
    }
}

#[tokio::test]
async fn ready_is_when_the_desktop_answers_and_not_before() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let (relay, _task) = relay(CheckSettings { port, rfb: false, wait: Duration::ZERO }).await;
    assert!(ask(relay, PROBE).await.starts_with("HTTP/1.1 503 "));
    let _desktop = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    while !ok(&ask(relay, PROBE).await) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_caller_hears_of_the_desktop_the_moment_it_answers() {
    // Below the ports that the system gives to others meanwhile.
    let port = 14000 + u16::try_from(std::process::id() % 6000).unwrap();
    let wait = Duration::from_secs(60);
    let (relay, _task) = relay(CheckSettings { port, rfb: false, wait }).await;
    let late = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        TcpListener::bind(("127.0.0.1", port)).await.unwrap()
    };
    let (answer, _desktop) = tokio::join!(ask(relay, PROBE), late);
    assert!(ok(&answer), "{answer}");
}

#[tokio::test]
async fn nothing_but_the_one_request_is_answered() {
    let desktop = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = desktop.local_addr().unwrap().port();
    let (relay, _task) = relay(CheckSettings { port, rfb: false, wait: Duration::ZERO }).await;
    let long = [PROBE.trim_ascii_end(), &[b'x'; 5000], b"\r\n\r\n"].concat();
    for request in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        b"GET /ready/ HTTP/1.1\r\n\r\n",
        b"GET /readyz HTTP/1.1\r\n\r\n",
        b"POST /ready HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\n",
        b"\r\n\r\n",
        &long,
    ] {
        assert_eq!(
            ask(relay, request).await,
            "",
            "{}",
            String::from_utf8_lossy(&request[..20.min(request.len())])
        );
    }
    assert!(ok(&ask(relay, PROBE).await));
}

/// A neighbour who asks without end costs the desktop nothing: no look more, and above all none that breaks off in its
/// handshake, after five of which TigerVNC would shut the user out.
#[tokio::test]
async fn a_crowd_of_callers_is_one_look_at_the_desktop() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (whole, broken) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let _desktop = tokio::spawn(desktop(listener, whole.clone(), broken.clone()));
    let (relay, _task) = relay(CheckSettings { port, rfb: true, wait: Duration::ZERO }).await;
    let mut crowd = JoinSet::new();
    for number in 0..300 {
        crowd.spawn(async move {
            let silent = number % 2 == 0;
            ok(&ask(relay, if silent { b"GET /ready" } else { PROBE }).await)
        });
    }
    let mut answered = 0;
    while let Some(one) = crowd.join_next().await {
        answered += usize::from(one.unwrap());
    }
    assert!(ok(&ask(relay, PROBE).await), "a late caller is locked out");
    assert!(answered > 0, "everybody was dropped");
    assert_eq!(broken.load(Ordering::SeqCst), 0, "a look was cut short");
    let looks = whole.load(Ordering::SeqCst);
    assert!(looks <= 5, "{looks} looks");
}
