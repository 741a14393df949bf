//! Sealed secrets, and settings that are none.

use std::sync::Arc;

use jiff::Timestamp;
use sqlx::Row as _;
use zeroize::Zeroizing;

use super::{Store, Tx};
use crate::{
    StoreError, Writer,
    seal::{Key, Opened},
};

impl Store {
    /// Seals a secret under a name, in place of what was there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn secret_put(&self, name: &str, secret: &[u8], now: Timestamp) -> Result<(), StoreError> {
        let (name, secret) = (name.to_owned(), Zeroizing::new(secret.to_vec()));
        let work = self.write(Writer::system("store", now), move |tx| {
            Box::pin(async move { tx.secret_put(&name, &secret).await })
        });
        work.await
    }

    /// Opens a sealed secret, if there is one of that name.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] when the key is another or the row was changed.
    pub async fn secret_get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let failed = |source| self.inner.failed(source);
        loop {
            let ring = self.inner.ring();
            let row = sqlx::query("SELECT key, sealed FROM secrets WHERE name = ?")
                .bind(name)
                .fetch_optional(&self.inner.readers)
                .await
                .map_err(failed)?;
            let Some(row) = row else { return Ok(None) };
            let (key, sealed): (String, Vec<u8>) =
                (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
            match ring.open(&key, name, &sealed) {
                Opened::Value(value) => return Ok(Some(value)),
                // The keys were changed between the two looks.
                Opened::NoKey if !Arc::ptr_eq(&ring, &self.inner.ring()) => {}
                closed => {
                    return Err(StoreError::Sealed { why: ring.why(&key, &closed), name: name.to_owned() });
                }
            }
        }
    }

    /// The names of all sealed secrets that begin so, in their order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn secret_names(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        sqlx::query_scalar("SELECT name FROM secrets WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name")
            .bind(prefix)
            .fetch_all(&self.inner.readers)
            .await
            .map_err(|source| self.inner.failed(source))
    }

    /// A setting of the instance, if it is set.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn meta_get(&self, key: &str) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
            .bind(key)
            .fetch_optional(&self.inner.readers)
            .await
            .map_err(|source| self.inner.failed(source))
    }

    /// Sets a setting of the instance.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn meta_set(&self, key: &str, value: &str, now: Timestamp) -> Result<(), StoreError> {
        let (key, value) = (key.to_owned(), value.to_owned());
        self.write(Writer::system("store", now), move |tx| {
            Box::pin(async move {
                sqlx::query("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
                    .bind(key)
                    .bind(value)
                    .execute(tx.connection())
                    .await
                    .map_err(|source| tx.failed(source))?;
                Ok(())
            })
        })
        .await
    }
}

impl Tx {
    /// Seals a secret under a name, in place of what was there. ChaCha20-Poly1305 with a random nonce; the name is
    /// authenticated with it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn secret_put(&mut self, name: &str, secret: &[u8]) -> Result<(), StoreError> {
        // Taken within the transaction: a change of keys is one too.
        let key = Arc::clone(self.store.inner.ring().first());
        self.secret_store(name, &key, secret).await
    }

    pub(super) async fn secret_store(
        &mut self,
        name: &str,
        key: &Key,
        secret: &[u8],
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO secrets (name, sealed, key) VALUES (?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, key = excluded.key",
        )
        .bind(name)
        .bind(key.seal(name, secret)?)
        .bind(key.id())
        .execute(self.connection())
        .await
        .map_err(|source| self.failed(source))?;
        Ok(())
    }

    /// Forgets a sealed secret. There may be none: it is done then.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn secret_delete(&mut self, name: &str) -> Result<(), StoreError> {
        self.forget("DELETE FROM secrets WHERE name = ?", name).await
    }

    /// Forgets a setting of the instance. There may be none: it is done then.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn meta_delete(&mut self, key: &str) -> Result<(), StoreError> {
        self.forget("DELETE FROM meta WHERE key = ?", key).await
    }

    pub(super) async fn forget(&mut self, sql: &'static str, key: &str) -> Result<(), StoreError> {
        let done = sqlx::query(sql).bind(key).execute(self.connection()).await;
        done.map(drop).map_err(|source| self.failed(source))
    }
}
