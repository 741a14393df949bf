//! Changing the key that seals.

use std::sync::{
    Arc, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use sqlx::Row as _;

use super::{Inner, Store, Tx};
use crate::{
    NewAudit, StoreError, Writer,
    seal::{Key, Opened, Ring},
};

/// What the sealing keys are, and what is sealed with each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealStatus {
    /// Where the keys lie: `file` or `command`.
    pub source: &'static str,
    /// The keys, the one that seals first.
    pub keys: Vec<SealKey>,
    /// How far a rotation is: values done, of how many.
    pub rotating: Option<(u64, u64)>,
}

/// A sealing key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealKey {
    /// Its id.
    pub id: String,
    /// Whether it is given now. Without it, what is sealed with it does not open.
    pub given: bool,
    /// How many values are sealed with it.
    pub values: u64,
}

/// A rotation that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The key that seals now.
    pub key: String,
    /// The key that sealed before, which nothing is sealed with any more.
    pub before: String,
    /// How many values were sealed again.
    pub values: u64,
}

/// How far a rotation is.
#[derive(Debug, Default)]
pub(super) struct Progress {
    done: AtomicU64,
    of: AtomicU64,
}

impl Inner {
    pub(super) fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn set_ring(&self, ring: Ring) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
    }
}

impl Store {
    /// The sealing keys and what each is needed for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn seal_status(&self) -> Result<SealStatus, StoreError> {
        let failed = |source| self.inner.failed(source);
        let rows = sqlx::query("SELECT key, count(*) FROM secrets GROUP BY key ORDER BY key")
            .fetch_all(&self.inner.readers)
            .await
            .map_err(failed)?;
        let ring = self.inner.ring();
        let mut keys: Vec<SealKey> =
            ring.keys().map(|key| SealKey { id: key.id().to_owned(), given: true, values: 0 }).collect();
        for row in rows {
            let (id, values): (String, i64) =
                (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
            match keys.iter_mut().find(|key| key.id == id) {
                Some(key) => key.values = values.unsigned_abs(),
                None => keys.push(SealKey { id, given: false, values: values.unsigned_abs() }),
            }
        }
        let progress = &self.inner.progress;
        let of = progress.of.load(Ordering::Relaxed);
        let rotating = (of > 0).then(|| (progress.done.load(Ordering::Relaxed), of));
        Ok(SealStatus { source: self.inner.config.key.word(), keys, rotating })
    }

    /// Seals everything with another key and forgets the one before. A new key is made, or, when a program gives
    /// them, taken from it. Killed at any moment, the store opens with all keys that something is sealed with, and
    /// finishes.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while another rotation runs; [`StoreError::Key`] when there is no other key;
    /// [`StoreError::Sealed`] when a value does not open: nothing is changed then.
    pub async fn seal_rotate(&self, writer: Writer) -> Result<Rotated, StoreError> {
        let _turn = self.inner.rotation.try_lock().map_err(|_| {
            StoreError::Busy("the sealing key is being rotated already: wait for that to end".into())
        })?;
        let present = self.inner.ring();
        let next = self.inner.config.key.next(&present).await?;
        let (key, before) = (Arc::clone(next.first()), present.first().id().to_owned());
        let who = writer.who.clone();
        let rotated = self.write(writer.clone(), move |tx| {
            Box::pin(async move {
                let values = tx.reseal(&next, true).await?.0;
                let rotated = Rotated { key: next.first().id().to_owned(), before, values };
                let message = format!("{values} values sealed again; before: key {}", rotated.before);
                tx.audit(sealed(who, &rotated.key, message)).await?;
                // Both keys are safe before anything is committed that needs the new one.
                let inner = &tx.store.inner;
                inner.config.key.keep(&inner.key_file(), &next)?;
                inner.set_ring(next);
                Ok(rotated)
            })
        });
        let rotated: Result<Rotated, StoreError> = rotated.await;
        self.inner.progress.of.store(0, Ordering::Relaxed);
        let rotated = rotated?;
        self.forget_old_keys(writer, key).await?;
        Ok(rotated)
    }

    /// Finishes what was interrupted, and names the key of what was sealed before keys had names. What does not open
    /// stays as it is, and so does every key then.
    pub(super) async fn seal_settle(&self, writer: Writer) -> Result<(), StoreError> {
        let ring = self.inner.ring();
        let key = Arc::clone(ring.first());
        let reseal = Arc::clone(&ring);
        let (_, left): (u64, Vec<String>) = self
            .write(writer.clone(), move |tx| {
                Box::pin(async move {
                    let (values, left) = tx.reseal(&reseal, false).await?;
                    if values > 0 {
                        let who = tx.writer.who.clone();
                        let message = format!("{values} values sealed again when the store was opened");
                        tx.audit(sealed(who, reseal.first().id(), message)).await?;
                    }
                    Ok::<_, StoreError>((values, left))
                })
            })
            .await?;
        self.inner.progress.of.store(0, Ordering::Relaxed);
        for why in &left {
            tracing::error!("{why}");
        }
        if left.is_empty() && (ring.has_old() || self.inner.config.key.word() == "command") {
            self.forget_old_keys(writer, key).await?;
        }
        Ok(())
    }

    /// Forgets all keys but this one, if nothing needs them.
    async fn forget_old_keys(&self, writer: Writer, key: Arc<Key>) -> Result<(), StoreError> {
        self.write(writer, move |tx| {
            Box::pin(async move {
                let needed: i64 = sqlx::query_scalar("SELECT count(*) FROM secrets WHERE key <> ?")
                    .bind(key.id())
                    .fetch_one(tx.connection())
                    .await
                    .map_err(|source| tx.failed(source))?;
                if needed == 0 {
                    let inner = &tx.store.inner;
                    inner.config.key.keep_only(&inner.key_file(), &key)?;
                    inner.set_ring(Ring::of(key));
                }
                Ok::<_, StoreError>(())
            })
        })
        .await?;
        self.truncate_log().await;
        Ok(())
    }
}

/// The record that everything is sealed with another key.
fn sealed(who: String, key: &str, message: String) -> NewAudit {
    let (verb, result) = ("seal".into(), "ok".into());
    NewAudit { who, verb, name: key.to_owned(), result, message, ..NewAudit::default() }
}

impl Tx {
    /// Seals with the first key of the ring what is sealed with another. Gives how many that were, and why others do
    /// not open; with `all` one of those is an error.
    async fn reseal(&mut self, ring: &Ring, all: bool) -> Result<(u64, Vec<String>), StoreError> {
        let first = Arc::clone(ring.first());
        let rows = sqlx::query("SELECT name, key, sealed FROM secrets WHERE key <> ? ORDER BY name")
            .bind(first.id())
            .fetch_all(self.connection())
            .await
            .map_err(|source| self.failed(source))?;
        let store = self.store.clone();
        let progress = &store.inner.progress;
        progress.done.store(0, Ordering::Relaxed);
        progress.of.store(rows.len() as u64, Ordering::Relaxed);
        if !rows.is_empty() {
            // What leaves a page of the database is overwritten: whoever has the old key opens nothing there.
            self.run("PRAGMA secure_delete = ON").await?;
        }
        let (mut done, mut left) = (0, Vec::new());
        for row in rows {
            let failed = |source| store.inner.failed(source);
            let (name, key): (String, String) =
                (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
            let sealed: Vec<u8> = row.try_get(2).map_err(failed)?;
            let value = match ring.open(&key, &name, &sealed) {
                Opened::Value(value) => value,
                closed => {
                    let error = StoreError::Sealed { why: ring.why(&key, &closed), name };
                    if all {
                        return Err(error);
                    }
                    left.push(error.to_string());
                    continue;
                }
            };
            self.secret_store(&name, &first, &value).await?;
            done += 1;
            progress.done.store(done, Ordering::Relaxed);
        }
        Ok((done, left))
    }
}
