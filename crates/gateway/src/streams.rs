//! The registry of live streams: who has what open, and how it is ended from outside.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use jiff::Timestamp;
use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

use crate::CloseReason;

/// What a stream carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StreamKind {
    /// A desktop.
    Desktop,
    /// A command in a workspace.
    Exec,
    /// The log of a workspace.
    Logs,
    /// A request to a cluster's Kubernetes API.
    Kubernetes,
}

/// Whose stream it is and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamInfo {
    /// What it carries.
    pub kind: StreamKind,
    /// Name of the user.
    pub user: String,
    /// Identity of the session or token it was opened with.
    pub session: String,
    /// Name of the cluster.
    pub cluster: String,
    /// Name of the workspace, where it goes to one.
    pub workspace: Option<String>,
    /// Since when.
    pub since: Timestamp,
}

struct Entry {
    info: StreamInfo,
    end: End,
}

/// Why a stream is to end: the first reason given counts.
#[derive(Clone, Default)]
struct End {
    token: CancellationToken,
    why: Arc<OnceLock<CloseReason>>,
}

#[derive(Default)]
struct Shared {
    entries: Mutex<Entries>,
    tasks: TaskTracker,
}

#[derive(Default)]
struct Entries {
    next: u64,
    live: BTreeMap<u64, Entry>,
    /// Once the server stops, what is opened late ends at once.
    closed: bool,
}

impl Shared {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        // A panic while the map was held leaves it whole: each change is one insert or remove.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All live streams of a server. Cloning it gives another handle to the same registry.
#[derive(Clone, Default)]
pub struct Streams(Arc<Shared>);

impl Streams {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Enters a stream. It stays in the registry until the guard is dropped.
    pub fn open(&self, info: StreamInfo) -> StreamGuard {
        let end = End::default();
        let mut entries = self.0.entries();
        if entries.closed {
            end.now(CloseReason::ServerStopping);
        }
        let id = entries.next;
        entries.next += 1;
        entries.live.insert(id, Entry { info, end: end.clone() });
        StreamGuard { id, end, streams: self.clone(), _token: self.0.tasks.token() }
    }

    /// Ends every stream for which `judge` gives a reason; returns how many.
    pub fn end_where(&self, mut judge: impl FnMut(&StreamInfo) -> Option<CloseReason>) -> usize {
        let entries = self.0.entries();
        let mut ended = 0;
        for entry in entries.live.values() {
            if let Some(reason) = judge(&entry.info) {
                entry.end.now(reason);
                ended += 1;
            }
        }
        ended
    }

    /// What is open now, oldest first.
    pub fn list(&self) -> Vec<StreamInfo> {
        self.0.entries().live.values().map(|entry| entry.info.clone()).collect()
    }

    /// Ends all streams and waits until they have ended. What is opened afterwards ends at once.
    pub async fn shutdown(&self) {
        self.0.entries().closed = true;
        self.end_where(|_| Some(CloseReason::ServerStopping));
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    /// Runs a part of a stream that outlives its request; [`Streams::shutdown`] waits for it.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        drop(self.0.tasks.spawn(task));
    }
}

impl End {
    fn now(&self, reason: CloseReason) {
        // Order matters: whoever is woken by the token must find the reason.
        let _ = self.why.set(reason);
        self.token.cancel();
    }
}

/// One stream's place in the registry.
pub struct StreamGuard {
    id: u64,
    end: End,
    streams: Streams,
    _token: TaskTrackerToken,
}

impl StreamGuard {
    /// Waits until the stream is to end from outside, and tells why.
    pub async fn ended(&self) -> CloseReason {
        self.end.token.cancelled().await;
        self.reason()
    }

    /// Ends it before it has begun: whoever carries it says why, as of any other end.
    pub fn end(&self, why: CloseReason) {
        self.end.now(why);
    }

    /// The registry it is in.
    pub(crate) fn streams(&self) -> &Streams {
        &self.streams
    }

    pub(crate) fn token(&self) -> CancellationToken {
        self.end.token.clone()
    }

    fn reason(&self) -> CloseReason {
        self.end.why.get().copied().unwrap_or(CloseReason::ServerStopping)
    }
}

impl Drop for StreamGuard {
    fn drop(&mut self) {
        self.streams.0.entries().live.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn info(user: &str, session: &str) -> StreamInfo {
        StreamInfo {
            kind: StreamKind::Desktop,
            user: user.into(),
            session: session.into(),
            cluster: "java".into(),
            workspace: Some("java-1".into()),
            since: Timestamp::UNIX_EPOCH,
        }
    }

    #[tokio::test]
    async fn only_the_streams_that_are_judged_end_and_the_first_reason_counts() {
        let streams = Streams::new();
        let (dev_01, dev_02) = (streams.open(info("dev-01", "s1")), streams.open(info("dev-02", "s2")));
        let judge = |reason| move |info: &StreamInfo| (info.user == "dev-01").then_some(reason);
        assert_eq!(streams.end_where(judge(CloseReason::SessionOver)), 1);
        assert_eq!(streams.end_where(judge(CloseReason::RightTakenAway)), 1);
        assert_eq!(dev_01.ended().await, CloseReason::SessionOver);
        assert!(!dev_02.token().is_cancelled());
        drop(dev_01);
        assert_eq!(streams.list(), [info("dev-02", "s2")]);
    }

    #[tokio::test]
    async fn shutdown_waits_for_open_streams_and_ends_late_ones() {
        let streams = Streams::new();
        let guard = streams.open(info("dev-01", "s1"));
        let waiting = tokio::spawn({
            let streams = streams.clone();
            async move { streams.shutdown().await }
        });
        assert_eq!(guard.ended().await, CloseReason::ServerStopping);
        assert!(!waiting.is_finished());
        drop(guard);
        waiting.await.unwrap();
        assert_eq!(streams.open(info("late", "s2")).ended().await, CloseReason::ServerStopping);
    }
}
