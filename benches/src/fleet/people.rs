//! What people see of the server meanwhile: requests to its real HTTP API, from a thread of their own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::figures::Samples;

/// What is asked, one after the other: what everybody's page loads, what one person waits for, and what a load balancer asks.
const PATHS: [&str; 3] = ["/api/v1alpha1/clusters", "/api/v1alpha1/workspaces/w", "/readyz"];
/// Between two requests.
const PAUSE: Duration = Duration::from_millis(5);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Somebody who asks again and again.
pub struct Asking {
    enough: Arc<AtomicBool>,
    thread: JoinHandle<Result<Samples, Failure>>,
}

impl Asking {
    /// Begins.
    pub fn begin(server: SocketAddr, token: String) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let over = enough.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(ask(server, &token, &over))
        });
        Self { enough, thread }
    }

    /// Ends; how long each request took, from its first byte to the answer's last.
    ///
    /// # Errors
    /// When one was not answered.
    pub fn end(self) -> Result<Samples, Failure> {
        self.enough.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| "the thread that asks ended")?
    }
}

async fn ask(server: SocketAddr, token: &str, enough: &AtomicBool) -> Result<Samples, Failure> {
    let (mut sender, connection) = handshake(TokioIo::new(TcpStream::connect(server).await?)).await?;
    tokio::spawn(connection);
    let mut samples = Samples::default();
    while !enough.load(Ordering::Relaxed) {
        for path in PATHS {
            let begun = Instant::now();
            one(&mut sender, server, path, token).await?;
            samples.add(begun.elapsed());
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(samples)
}

async fn one(
    sender: &mut SendRequest<Empty<Bytes>>,
    server: SocketAddr,
    path: &str,
    token: &str,
) -> Result<(), Failure> {
    let request = Request::get(path)
        .header(header::HOST, server.to_string())
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Empty::new())?;
    sender.ready().await?;
    let response = sender.send_request(request).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    if !status.is_success() {
        return Err(format!("{path} was answered {status}: {}", String::from_utf8_lossy(&body)).into());
    }
    Ok(())
}
