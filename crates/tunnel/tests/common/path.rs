//! A network path that can be cut or frozen.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Forwards TCP to a server, until it is told otherwise.
pub struct Path {
    pub address: SocketAddr,
    pub accepted: Arc<AtomicUsize>,
    frozen: watch::Sender<bool>,
    cut: watch::Sender<u64>,
    closed: Arc<AtomicBool>,
    _task: JoinSet<()>,
}

impl Path {
    pub async fn to(server: SocketAddr) -> Path {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (frozen, frozen_seen) = watch::channel(false);
        let (cut, cut_seen) = watch::channel(0);
        let accepted = Arc::new(AtomicUsize::new(0));
        let closed = Arc::new(AtomicBool::new(false));
        let (count, shut) = (accepted.clone(), closed.clone());
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (near, _) = listener.accept().await.unwrap();
                if shut.load(Ordering::SeqCst) {
                    continue;
                }
                count.fetch_add(1, Ordering::SeqCst);
                let (frozen, mut cut) = (frozen_seen.clone(), cut_seen.clone());
                cut.mark_unchanged();
                connections.spawn(async move {
                    let Ok(far) = TcpStream::connect(server).await else { return };
                    let (near_read, near_write) = near.into_split();
                    let (far_read, far_write) = far.into_split();
                    tokio::select! {
                        _ = cut.changed() => {}
                        () = forward(near_read, far_write, frozen.clone()) => {}
                        () = forward(far_read, near_write, frozen) => {}
                    }
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Path { address, accepted, frozen, cut, closed, _task: task }
    }

    /// Both ends see their connections end.
    pub fn cut(&self) {
        self.cut.send_modify(|count| *count += 1);
    }

    /// Neither end is told anything: bytes are no longer carried, as when packets are dropped.
    pub fn freeze(&self) {
        self.frozen.send_replace(true);
    }

    pub fn thaw(&self) {
        self.frozen.send_replace(false);
    }

    /// New connections are closed at once.
    pub fn close(&self, closed: bool) {
        self.closed.store(closed, Ordering::SeqCst);
    }
}

async fn forward(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut frozen: watch::Receiver<bool>,
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        if frozen.wait_for(|frozen| !frozen).await.is_err() {
            return;
        }
        let read = tokio::select! {
            read = from.read(&mut buffer) => read,
            _ = frozen.wait_for(|frozen| *frozen) => continue,
        };
        match read {
            Ok(0) | Err(_) => return,
            Ok(read) => {
                // Bytes read in the moment of freezing are lost with the rest.
                if *frozen.borrow() || to.write_all(&buffer[..read]).await.is_err() {
                    if *frozen.borrow() {
                        let _ = frozen.wait_for(|frozen| !frozen).await;
                    }
                    return;
                }
            }
        }
    }
}
