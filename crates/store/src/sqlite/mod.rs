//! The store over SQLite: one connection that writes, a few that read.

mod audit;
mod join;
mod objects;
mod open;
mod read;
mod seal;
mod secrets;
mod tokens;
mod watch;
mod write;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, RwLock},
};

use jiff::{SignedDuration, Timestamp};
use sqlx::{Connection, SqliteConnection, SqlitePool};
use tokio::sync::{Mutex as AsyncMutex, watch as bell};
use tokio_util::task::TaskTracker;

use crate::{KeySource, StoreError, Times, seal::Ring, watch::Live};

pub use seal::{Rotated, SealKey, SealStatus};
pub use write::Tx;

/// How a store is kept.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// Folder of `store.db` and `store.key`; made when it is not there.
    pub dir: PathBuf,
    /// Most events kept for watchers that come back.
    pub keep_events: u64,
    /// How long events are kept at most.
    pub keep_events_for: SignedDuration,
    /// Connections that read.
    pub readers: u32,
    /// Where the keys that seal secrets come from.
    pub key: KeySource,
}

impl StoreConfig {
    /// The usual settings for a folder.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            keep_events: 10_000,
            keep_events_for: SignedDuration::from_hours(24),
            readers: 4,
            key: KeySource::File,
        }
    }
}

/// Beside the database: the keys that seal secrets.
const KEY_FILE: &str = "store.key";

/// The store. Cloning gives another handle on the same.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("dir", &self.inner.config.dir).finish_non_exhaustive()
    }
}

struct Inner {
    config: StoreConfig,
    file: String,
    /// The one connection that writes; held from BEGIN until what was written is announced;
    /// none once closed.
    writer: Arc<AsyncMutex<Option<Writing>>>,
    readers: SqlitePool,
    live: Live,
    /// The keys that seal secrets; others while they are being changed.
    ring: RwLock<Arc<Ring>>,
    /// Held while they are being changed.
    rotation: AsyncMutex<()>,
    progress: seal::Progress,
    incarnation: RwLock<String>,
    /// When tokens were last used, as far as it is not written yet.
    used: Mutex<HashMap<String, Timestamp>>,
    /// Rings when a token or password ends or changes.
    access: bell::Sender<u64>,
    /// How long writes took, from their turn to their commit.
    writes: Mutex<Times>,
    /// Owns the writes under way, which finish even if nobody waits for them.
    tasks: TaskTracker,
}

/// The writing connection. A transaction that was left open by a panic is rolled back before the next.
struct Writing {
    connection: SqliteConnection,
    open: bool,
}

impl Inner {
    fn key_file(&self) -> PathBuf {
        self.config.dir.join(KEY_FILE)
    }

    fn failed(&self, source: sqlx::Error) -> StoreError {
        StoreError::Database { path: self.file.clone(), source }
    }
}

impl Store {
    /// Rings (with a growing number) whenever a token or a password ended or changed.
    pub fn access_changes(&self) -> bell::Receiver<u64> {
        self.inner.access.subscribe()
    }

    /// Rings with the newest revision whenever objects changed.
    pub fn revisions(&self) -> bell::Receiver<u64> {
        self.inner.live.bell()
    }

    /// The newest revision of any object of these kinds, or an upper bound of it. What was read at or after it
    /// is up to date until it grows.
    pub fn revision_of(&self, kinds: &[nagaya_api::Kind]) -> u64 {
        self.inner.live.newest_of(kinds)
    }

    fn access_changed(&self) {
        self.inner.access.send_modify(|count| *count += 1);
    }

    /// Finishes the writes under way, writes what is kept in memory and closes. Later calls fail with
    /// [`StoreError::Closed`].
    pub async fn close(&self) {
        if let Err(error) = self.flush_used().await {
            tracing::warn!(%error, "last uses of tokens were not written");
        }
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
        self.inner.readers.close().await;
        if let Some(writing) = self.inner.writer.lock().await.take()
            && let Err(error) = writing.connection.close().await
        {
            tracing::warn!(%error, "the database was not closed well; it recovers when it is opened next");
        }
    }
}

/// Milliseconds since the epoch, as times are stored.
fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// The time of stored milliseconds.
fn timestamp(millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis)
        .map_err(|error| StoreError::Damaged { what: "a time".into(), why: error.to_string() })
}
