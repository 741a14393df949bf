//! Writing: one transaction at a time, announced in commit order.

use std::{
    sync::{Arc, MutexGuard, PoisonError},
    time::Instant,
};

use futures::future::BoxFuture;
use jiff::SignedDuration;
use nagaya_api::RawObject;
use sqlx::{Executor, SqliteConnection};
use tokio::sync::{OwnedMappedMutexGuard, OwnedMutexGuard};

use super::{Store, Writing, millis};
use crate::{EventType, StoreError, Times, WatchEvent, Writer};

/// How many revisions pass between looks at what may be forgotten.
const COMPACT_EVERY: u64 = 256;

/// A transaction that writes. Nothing of it is seen by others until it is committed.
pub struct Tx {
    pub(super) store: Store,
    /// Who writes.
    pub writer: Writer,
    guard: OwnedMappedMutexGuard<Option<Writing>, Writing>,
    events: Vec<(WatchEvent, usize)>,
    pub(super) access_changed: bool,
    /// What the audit record calls the changes of this transaction instead of `update`, for instance `start`.
    pub verb: Option<&'static str>,
}

impl Store {
    /// Runs `work` in one transaction: committed when it returns `Ok`, undone when it returns `Err`. Once begun
    /// it is finished even if the caller goes away.
    ///
    /// # Errors
    /// Those of `work`, and those of the database.
    pub async fn write<T, E, F>(&self, writer: Writer, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        if self.inner.tasks.is_closed() {
            return Err(StoreError::Closed.into());
        }
        let store = self.clone();
        // A task of its own: a caller that is dropped between commit and announcement would otherwise leave
        // watchers unaware of what is stored.
        let task = self.inner.tasks.spawn(async move {
            let guard = Arc::clone(&store.inner.writer).lock_owned().await;
            let guard = OwnedMutexGuard::try_map(guard, Option::as_mut).map_err(|_| StoreError::Closed)?;
            let mut tx = Tx { store, writer, guard, events: Vec::new(), access_changed: false, verb: None };
            let begun = Instant::now();
            tx.begin().await?;
            match work(&mut tx).await {
                Ok(value) => {
                    let writes = tx.store.clone();
                    tx.commit().await?;
                    writes.times().note(begun.elapsed());
                    Ok(value)
                }
                Err(error) => {
                    tx.rollback().await;
                    Err(error)
                }
            }
        });
        match task.await {
            Ok(result) => result,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(StoreError::Closed.into()),
        }
    }
}

impl Store {
    fn times(&self) -> MutexGuard<'_, Times> {
        self.inner.writes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings the log of writes into the database and empties it. It may not be possible now; then a later write does.
    pub(super) async fn truncate_log(&self) {
        let mut writer = self.inner.writer.lock().await;
        let Some(writing) = writer.as_mut() else { return };
        for sql in ["PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA secure_delete = OFF"] {
            if let Err(error) = writing.connection.execute(sql).await {
                tracing::warn!(%error, "{sql}");
            }
        }
    }

    /// How long writes took so far, from their turn to their commit.
    pub fn write_times(&self) -> Times {
        *self.times()
    }
}

impl Tx {
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.guard.connection
    }

    pub(super) fn failed(&self, source: sqlx::Error) -> StoreError {
        self.store.inner.failed(source)
    }

    pub(super) async fn run(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let result = self.guard.connection.execute(sql).await;
        result.map(|_| ()).map_err(|source| self.failed(source))
    }

    async fn begin(&mut self) -> Result<(), StoreError> {
        if self.guard.open {
            self.rollback().await;
        }
        // IMMEDIATE: a transaction that reads first and writes later would find the database changed.
        self.run("BEGIN IMMEDIATE").await?;
        self.guard.open = true;
        Ok(())
    }

    async fn rollback(&mut self) {
        match self.run("ROLLBACK").await {
            Ok(()) => self.guard.open = false,
            Err(error) => tracing::error!(%error, "a transaction could not be undone"),
        }
    }

    async fn commit(&mut self) -> Result<(), StoreError> {
        if let Err(error) = self.run("COMMIT").await {
            self.rollback().await;
            return Err(error);
        }
        self.guard.open = false;
        self.store.inner.live.publish(std::mem::take(&mut self.events));
        if self.access_changed {
            self.store.access_changed();
        }
        Ok(())
    }

    /// The next revision. Locks the row until the end of the transaction.
    async fn next_revision(&mut self) -> Result<u64, StoreError> {
        let next: i64 = sqlx::query_scalar("UPDATE revision SET current = current + 1 RETURNING current")
            .fetch_one(self.connection())
            .await
            .map_err(|source| self.failed(source))?;
        Ok(next.unsigned_abs())
    }

    /// Gives `object` the next revision and records the event. Returns the object as it now is.
    pub(super) async fn record(
        &mut self,
        event: EventType,
        mut object: RawObject,
    ) -> Result<RawObject, StoreError> {
        let revision = self.next_revision().await?;
        object.metadata.resource_version = revision.to_string();
        let body = to_json(&object)?;
        let bytes = body.len();
        let now = millis(self.writer.now);
        sqlx::query("INSERT INTO events (revision, at, type, kind, body) VALUES (?, ?, ?, ?, ?)")
            .bind(revision.cast_signed())
            .bind(now)
            .bind(event.word())
            .bind(object.kind.name())
            .bind(body)
            .execute(self.connection())
            .await
            .map_err(|source| self.failed(source))?;
        if revision.is_multiple_of(COMPACT_EVERY) {
            self.compact(revision).await?;
        }
        self.events.push((WatchEvent { revision, event, object: Arc::new(object.clone()) }, bytes));
        Ok(object)
    }

    /// Forgets events that are too many or too old.
    async fn compact(&mut self, newest: u64) -> Result<(), StoreError> {
        let (keep, age) = (self.store.inner.config.keep_events, self.store.inner.config.keep_events_for);
        let too_many = newest.saturating_sub(keep).cast_signed();
        let too_old = millis(self.writer.now.saturating_sub(age).unwrap_or(self.writer.now));
        let failed = self.store.clone();
        let failed = |source| failed.inner.failed(source);
        let aged: Option<i64> = sqlx::query_scalar("SELECT max(revision) FROM events WHERE at < ?")
            .bind(too_old)
            .fetch_one(self.connection())
            .await
            .map_err(&failed)?;
        let bound = aged.unwrap_or(0).max(too_many);
        sqlx::query("DELETE FROM events WHERE revision <= ?")
            .bind(bound)
            .execute(self.connection())
            .await
            .map_err(&failed)?;
        sqlx::query("UPDATE revision SET compacted = max(compacted, ?)")
            .bind(bound)
            .execute(self.connection())
            .await
            .map_err(&failed)?;
        Ok(())
    }
}

pub(super) fn to_json(object: &RawObject) -> Result<String, StoreError> {
    serde_json::to_string(object).map_err(|error| StoreError::Damaged {
        what: format!("{} {}", object.kind, object.metadata.name),
        why: error.to_string(),
    })
}

/// So long an audit record is kept.
pub(super) const KEEP_AUDIT: SignedDuration = SignedDuration::from_hours(24 * 400);
