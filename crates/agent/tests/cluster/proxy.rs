//! The only way out that some clusters have: an HTTP proxy that wants a password.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// The server as the proxy knows it; nobody else can resolve it.
pub const SERVER: &str = "nagaya.beyond.test:7443";
const USER: &str = "agent";
const PASSWORD: &str = "p@ss";

/// A proxy at work.
pub struct Proxy {
    address: SocketAddr,
    connects: Arc<AtomicUsize>,
    open: Arc<Mutex<JoinSet<()>>>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Takes whoever shows the password to `server`, and nowhere else.
    pub fn start(listener: TcpListener, server: SocketAddr) -> Proxy {
        let address = listener.local_addr().unwrap();
        let (connects, open) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(JoinSet::new())));
        let (counted, tasks) = (connects.clone(), open.clone());
        let task = tokio::spawn(async move {
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                let counted = counted.clone();
                tasks.lock().unwrap().spawn(async move {
                    let _ = carry(tcp, server, &counted).await;
                });
            }
        });
        Proxy { address, connects, open, task }
    }

    /// As an agent is told of it.
    pub fn url(&self) -> String {
        format!("http://{USER}:p%40ss@{}", self.address)
    }

    /// Connections that it made so far.
    pub fn connects(&self) -> usize {
        self.connects.load(Ordering::SeqCst)
    }

    /// Breaks every connection, as a proxy does that is started anew.
    pub fn cut(&self) {
        self.open.lock().unwrap().abort_all();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
        self.cut();
    }
}

async fn carry(mut tcp: TcpStream, server: SocketAddr, connects: &AtomicUsize) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(tcp.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let password = format!("Proxy-Authorization: Basic {}", STANDARD.encode(format!("{USER}:{PASSWORD}")));
    if !head.lines().any(|line| line == password) {
        return tcp.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
    }
    if !head.starts_with(&format!("CONNECT {SERVER} HTTP/1.1\r\n")) {
        return tcp.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n").await;
    }
    let mut beyond = TcpStream::connect(server).await?;
    connects.fetch_add(1, Ordering::SeqCst);
    tcp.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    tokio::io::copy_bidirectional(&mut tcp, &mut beyond).await.map(drop)
}
