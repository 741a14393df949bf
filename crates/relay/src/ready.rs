//! The pod's readiness over plain HTTP, for kubelet: `GET /ready` is 200 when the desktop answers on loopback, else 503.
//!
//! Kubelet has no certificate, so this listens on a port of its own and not behind the door. Whoever reaches it learns
//! whether a desktop answers, and nothing else: nothing of the request is used, and no other request gets an answer.
//! However often it is asked, the desktop is looked at once a second at most.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::check::{self, CheckSettings};
use crate::crowd::Crowd;
use crate::log;

/// Callers at one time.
const CALLERS: usize = 64;
/// The longest request: kubelet's has 130 bytes.
const REQUEST: usize = 1024;
/// How long a caller may take to say its request, or to take the answer.
const CALL_TIME: Duration = Duration::from_secs(3);
/// How long a verdict holds, and the pause between two looks.
const FRESH: Duration = Duration::from_secs(1);

const READY: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const NOT_READY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// Where readiness is told, and of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadySettings {
    /// Where to listen, the pod's address.
    pub listen: SocketAddr,
    /// What must answer. A caller waits as long as this waits: it hears "ready" the moment the desktop answers.
    pub check: CheckSettings,
}

/// Answers on `listener` until it is dropped.
pub async fn serve(listener: TcpListener, check: CheckSettings) -> Infallible {
    let desk = Arc::new(Desk {
        asked: Notify::new(),
        verdict: watch::Sender::new(None),
        callers: Crowd::new(CALLERS),
    });
    tokio::select! {
        never = desk.look(&check) => never,
        never = desk.accept(&listener) => never,
    }
}

/// When the desktop was looked at, and whether it answered.
type Verdict = Option<(Instant, bool)>;

struct Desk {
    asked: Notify,
    verdict: watch::Sender<Verdict>,
    callers: Crowd,
}

impl Desk {
    /// Looks at the desktop for whoever asks. Apart from the callers, which may be dropped: a look that is cut short in
    /// its handshake is what TigerVNC counts against 127.0.0.1.
    async fn look(&self, check: &CheckSettings) -> Infallible {
        let mut before = true;
        loop {
            self.asked.notified().await;
            let outcome = check::run(check).await;
            if let Err(error) = &outcome
                && before
            {
                // Once each time it goes away: kubelet asks every few seconds.
                log(format_args!("not ready: {error}"));
            }
            before = outcome.is_ok();
            self.verdict.send_replace(Some((Instant::now(), before)));
            sleep(FRESH).await;
        }
    }

    async fn accept(self: &Arc<Self>, listener: &TcpListener) -> Infallible {
        let mut calls = JoinSet::new();
        let mut number = 0_u64;
        loop {
            let accepted = tokio::select! {
                Some(_) = calls.join_next() => continue,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => {
                    number += 1;
                    let task = calls.spawn(self.clone().answer(number, stream));
                    self.callers.arrive(number, task);
                }
                Err(error) => {
                    // No file descriptor left, or the like: it passes when a stream ends.
                    log(format_args!("cannot accept: {error}"));
                    sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    async fn answer(self: Arc<Self>, number: u64, mut stream: TcpStream) {
        if let Ok(true) = timeout(CALL_TIME, asks(&mut stream)).await {
            let answer = if self.ready().await { READY } else { NOT_READY };
            let said = async {
                stream.write_all(answer).await?;
                stream.shutdown().await
            };
            // A caller that is gone needs no answer.
            let _ = timeout(CALL_TIME, said).await;
        }
        self.callers.leave(number);
    }

    async fn ready(&self) -> bool {
        let mut verdict = self.verdict.subscribe();
        let fresh = |verdict: &Verdict| verdict.filter(|(at, _)| at.elapsed() < FRESH);
        if let Some((_, ready)) = fresh(&verdict.borrow()) {
            return ready;
        }
        self.asked.notify_one();
        // It ends with the desk only, and then nobody is answered any more.
        verdict.changed().await.is_ok() && verdict.borrow().is_some_and(|(_, ready)| ready)
    }
}

/// Reads a request to its end; whether it is the one that gets an answer.
async fn asks(stream: &mut TcpStream) -> bool {
    let mut request = Vec::with_capacity(REQUEST);
    let mut limited = stream.take(REQUEST as u64);
    while !request.ends_with(b"\r\n\r\n") {
        match limited.read_buf(&mut request).await {
            Ok(0) | Err(_) => return false,
            Ok(_) => {}
        }
    }
    request.starts_with(b"GET /ready HTTP/1.1\r\n")
}
