//! Join tokens in SQLite.

use jiff::{SignedDuration, Timestamp};
use sqlx::Row;

use super::{Store, Tx, millis};
use crate::{JoinRefused, JoinToken, StoreError, Writer, hash_secret, new_secret};

impl Tx {
    /// Ends a cluster's join tokens, used or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn join_tokens_end(&mut self, cluster: &str) -> Result<(), StoreError> {
        self.forget("DELETE FROM join_tokens WHERE cluster = ?", cluster).await
    }
}

impl Store {
    /// Makes a join token for a cluster's agent. Returns it with its secret, which is not kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn join_token_create(
        &self,
        writer: Writer,
        cluster: &str,
        lives: SignedDuration,
    ) -> Result<(JoinToken, String), StoreError> {
        let secret = new_secret("nagaya_join_");
        let hash = hash_secret(&secret).to_vec();
        let expires_at = writer.now.saturating_add(lives).unwrap_or(writer.now);
        let token = JoinToken {
            id: uuid::Uuid::new_v4().simple().to_string(),
            cluster: cluster.to_owned(),
            expires_at,
        };
        let stored = token.clone();
        self.write(writer, move |tx| {
            Box::pin(async move {
                let now = millis(tx.writer.now);
                let failed = tx.store.clone();
                let failed = |source| failed.inner.failed(source);
                sqlx::query("DELETE FROM join_tokens WHERE expires_at < ?")
                    .bind(now - 7 * 24 * 3_600_000)
                    .execute(tx.connection())
                    .await
                    .map_err(&failed)?;
                sqlx::query(
                    "INSERT INTO join_tokens (id, hash, cluster, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
                )
                .bind(stored.id)
                .bind(hash)
                .bind(stored.cluster)
                .bind(now)
                .bind(millis(stored.expires_at))
                .execute(tx.connection())
                .await
                .map_err(&failed)?;
                Ok::<_, StoreError>(())
            })
        })
        .await?;
        Ok((token, secret))
    }

    /// Looks whether a join token may still be used by an agent that has not used it, without using it up.
    ///
    /// # Errors
    /// The outer one when the database fails, the inner one when the token lets nobody in.
    pub async fn join_token_look(
        &self,
        secret: &str,
        now: Timestamp,
    ) -> Result<Result<JoinToken, JoinRefused>, StoreError> {
        // Anybody may ask: the one connection that writes is left to those who write.
        let row = sqlx::query("SELECT id, cluster, expires_at, used_at FROM join_tokens WHERE hash = ?")
            .bind(hash_secret(secret).to_vec())
            .fetch_optional(&self.inner.readers)
            .await
            .map_err(|source| self.inner.failed(source))?;
        let Some(row) = row else { return Ok(Err(JoinRefused::Unknown)) };
        let failed = |source| self.inner.failed(source);
        let expires_at = super::timestamp(row.try_get(2).map_err(failed)?)?;
        let used_at: Option<i64> = row.try_get(3).map_err(failed)?;
        if used_at.is_some() {
            return Ok(Err(JoinRefused::Used));
        }
        if expires_at <= now {
            return Ok(Err(JoinRefused::Expired));
        }
        let (id, cluster) = (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
        Ok(Ok(JoinToken { id, cluster, expires_at }))
    }

    /// Uses a join token up for the key of this fingerprint, both in one step: whatever happens afterwards, that key
    /// gets in again until the token ends, should the answer have been lost, and no other does. Of two keys at the same
    /// time one gets in.
    ///
    /// # Errors
    /// The outer one when the database fails, the inner one when the token lets nobody in.
    pub async fn join_token_redeem(
        &self,
        secret: &str,
        fingerprint: &str,
        now: Timestamp,
    ) -> Result<Result<JoinToken, JoinRefused>, StoreError> {
        let hash = hash_secret(secret).to_vec();
        let fingerprint = fingerprint.to_owned();
        self.write(Writer::system("enrolment", now), move |tx| {
            Box::pin(async move {
                let failed = tx.store.clone();
                let failed = |source| failed.inner.failed(source);
                let row = sqlx::query(
                    "SELECT id, cluster, expires_at, used_at, used_by FROM join_tokens WHERE hash = ?",
                )
                .bind(hash)
                .fetch_optional(tx.connection())
                .await
                .map_err(&failed)?;
                let Some(row) = row else { return Ok(Err(JoinRefused::Unknown)) };
                let (expires_at, used_at): (i64, Option<i64>) =
                    (row.try_get(2).map_err(&failed)?, row.try_get(3).map_err(&failed)?);
                let used_by: Option<String> = row.try_get(4).map_err(&failed)?;
                if used_at.is_some() && used_by.as_ref() != Some(&fingerprint) {
                    return Ok(Err(JoinRefused::Used));
                }
                if expires_at <= millis(now) {
                    return Ok(Err(JoinRefused::Expired));
                }
                let token = JoinToken {
                    id: row.try_get(0).map_err(&failed)?,
                    cluster: row.try_get(1).map_err(&failed)?,
                    expires_at: super::timestamp(expires_at)?,
                };
                if used_at.is_none() {
                    sqlx::query("UPDATE join_tokens SET used_at = ?, used_by = ? WHERE id = ?")
                        .bind(millis(now))
                        .bind(fingerprint)
                        .bind(&token.id)
                        .execute(tx.connection())
                        .await
                        .map_err(&failed)?;
                }
                Ok(Ok(token))
            })
        })
        .await
    }
}
