//! Readiness over HTTP: `/healthz` answers as long as the process lives, `/readyz` once it knows the cluster.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Probes are answered in one read and one write; whoever is slower is no probe.
const PROBE_TIME: Duration = Duration::from_secs(2);
/// Probes at one time; more are turned away.
const PROBES: usize = 16;

/// Answers probes on `listen` for as long as it is polled.
///
/// # Errors
/// The address cannot be listened on.
pub async fn serve(listen: SocketAddr, ready: watch::Receiver<bool>) -> anyhow::Result<()> {
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("cannot listen for probes on {listen}"))?;
    let mut probes = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = probes.join_next() => {}
            Ok((stream, _)) = listener.accept() => if probes.len() < PROBES {
                let ready = *ready.borrow();
                probes.spawn(timeout(PROBE_TIME, answer(stream, ready)));
            },
        }
    }
}

async fn answer(mut stream: TcpStream, ready: bool) -> std::io::Result<()> {
    let mut request = [0; 1024];
    let read = stream.read(&mut request).await?;
    let (status, body) = match request[..read].split(|byte| *byte == b' ').nth(1) {
        Some(b"/healthz") => ("200 OK", "ok\n"),
        Some(b"/readyz") if ready => ("200 OK", "ok\n"),
        Some(b"/readyz") => ("503 Service Unavailable", "the cluster's objects have not all been seen yet\n"),
        _ => ("404 Not Found", "there are /healthz and /readyz\n"),
    };
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nConnection: close\r\n");
    stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await?;
    stream.shutdown().await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    async fn get(address: SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: probe\r\n\r\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.lines().next().unwrap().to_owned()
    }

    #[tokio::test]
    async fn ready_only_once_the_cluster_is_known() {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let (known, ready) = watch::channel(false);
        let server = tokio::spawn(serve(free, ready));
        while TcpStream::connect(free).await.is_err() {
            tokio::task::yield_now().await;
        }
        assert_eq!(get(free, "/healthz").await, "HTTP/1.1 200 OK");
        assert_eq!(get(free, "/readyz").await, "HTTP/1.1 503 Service Unavailable");
        known.send_replace(true);
        assert_eq!(get(free, "/readyz").await, "HTTP/1.1 200 OK");
        assert_eq!(get(free, "/etc/passwd").await, "HTTP/1.1 404 Not Found");
        server.abort();
    }
}
