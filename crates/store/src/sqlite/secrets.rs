//! Sealed secrets, and settings that are none.

use chacha20poly1305::{
    AeadCore, ChaCha20Poly1305,
    aead::{Aead, OsRng, Payload},
};
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{Store, Tx};
use crate::{StoreError, Writer};

/// Length of ChaCha20-Poly1305's nonce in bytes. RFC 8439.
const NONCE: usize = 12;

impl Store {
    /// Seals a secret under a name, in place of what was there. ChaCha20-Poly1305 with a random nonce; the name is
    /// authenticated with it, so that one secret cannot be put in another's place.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn secret_put(&self, name: &str, secret: &[u8], now: Timestamp) -> Result<(), StoreError> {
        let nonce = ChaCha20Poly1305::generate_nonce(&mut OsRng);
        let sealed = self
            .inner
            .cipher
            .encrypt(&nonce, Payload { msg: secret, aad: name.as_bytes() })
            .map_err(|_| StoreError::Sealed { name: name.to_owned() })?;
        let row = [nonce.as_slice(), &sealed].concat();
        let name = name.to_owned();
        self.write(Writer::system("store", now), move |tx| {
            Box::pin(async move {
                sqlx::query("INSERT INTO secrets (name, sealed) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed")
                    .bind(name)
                    .bind(row)
                    .execute(tx.connection())
                    .await
                    .map_err(|source| tx.failed(source))?;
                Ok(())
            })
        })
        .await
    }

    /// Opens a sealed secret, if there is one of that name.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] when the key is another or the row was changed.
    pub async fn secret_get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let row: Option<Vec<u8>> = sqlx::query_scalar("SELECT sealed FROM secrets WHERE name = ?")
            .bind(name)
            .fetch_optional(&self.inner.readers)
            .await
            .map_err(|source| self.inner.failed(source))?;
        let Some(row) = row else { return Ok(None) };
        let unsealed = row.split_at_checked(NONCE).and_then(|(nonce, sealed)| {
            let payload = Payload { msg: sealed, aad: name.as_bytes() };
            self.inner.cipher.decrypt(nonce.into(), payload).ok()
        });
        unsealed
            .map(|secret| Some(Zeroizing::new(secret)))
            .ok_or_else(|| StoreError::Sealed { name: name.to_owned() })
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
