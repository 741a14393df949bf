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
    lost: watch::Sender<u64>,
    closed: Arc<AtomicBool>,
    losing: Arc<AtomicBool>,
    _task: JoinSet<()>,
}

impl Path {
    pub async fn to(server: SocketAddr) -> Path {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (frozen, frozen_seen) = watch::channel(false);
        let (cut, cut_seen) = watch::channel(0);
        let (lost, lost_seen) = watch::channel(0);
        let accepted = Arc::new(AtomicUsize::new(0));
        let (closed, losing) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (count, shut, loses) = (accepted.clone(), closed.clone(), losing.clone());
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (near, _) = listener.accept().await.unwrap();
                if shut.load(Ordering::SeqCst) {
                    continue;
                }
                count.fetch_add(1, Ordering::SeqCst);
                let (frozen, mut cut, mut lost) = (frozen_seen.clone(), cut_seen.clone(), lost_seen.clone());
                cut.mark_unchanged();
                lost.mark_unchanged();
                let born_lost = loses.load(Ordering::SeqCst);
                connections.spawn(async move {
                    let Ok(far) = TcpStream::connect(server).await else { return };
                    if born_lost {
                        return until_cut(near, far, cut).await;
                    }
                    let (mut near, mut far) = (near, far);
                    let carried = {
                        let (near_read, near_write) = near.split();
                        let (far_read, far_write) = far.split();
                        tokio::select! {
                            _ = cut.changed() => true,
                            _ = lost.changed() => false,
                            () = forward(near_read, far_write, frozen.clone()) => true,
                            () = forward(far_read, near_write, frozen) => true,
                        }
                    };
                    if !carried {
                        until_cut(near, far, cut).await;
                    }
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Path { address, accepted, frozen, cut, lost, closed, losing, _task: task }
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

    /// A load balancer that has forgotten its connections: those that are there, and those that it accepts while this
    /// lasts, stay open at both ends and carry nothing, for ever.
    pub fn lose(&self, losing: bool) {
        self.losing.store(losing, Ordering::SeqCst);
        if losing {
            self.lost.send_modify(|count| *count += 1);
        }
    }

    /// New connections are closed at once.
    pub fn close(&self, closed: bool) {
        self.closed.store(closed, Ordering::SeqCst);
    }
}

async fn until_cut(near: TcpStream, far: TcpStream, mut cut: watch::Receiver<u64>) {
    let _ = cut.changed().await;
    drop((near, far));
}

async fn forward(
    mut from: tokio::net::tcp::ReadHalf<'_>,
    mut to: tokio::net::tcp::WriteHalf<'_>,
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
