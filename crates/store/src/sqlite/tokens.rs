//! Sessions, API tokens and passwords in SQLite.

use jiff::{SignedDuration, Timestamp};
use sqlx::{Row, sqlite::SqliteRow};

use super::{Store, Tx, millis, timestamp};
use crate::{
    Credential, NewToken, Purpose, StoreError, Token, TokenRefused, Writer, hash_secret, new_secret,
};

/// So long a token is kept after its end: whoever still shows it is told that it has ended, and which it was.
const KEEP_OVER: SignedDuration = SignedDuration::from_hours(24 * 7);

const COLUMNS: &str = "id, purpose, user, name, created_at, expires_at, idle_ms, used_at";

fn token(row: &SqliteRow) -> Result<Token, sqlx::Error> {
    let time = |at: i64| timestamp(at).map_err(|error| sqlx::Error::Decode(error.into()));
    let purpose: &str = row.try_get(1)?;
    Ok(Token {
        id: row.try_get(0)?,
        purpose: Purpose::from_word(purpose)
            .ok_or_else(|| sqlx::Error::Decode(format!("unknown purpose {purpose}").into()))?,
        user: row.try_get(2)?,
        name: row.try_get(3)?,
        created_at: time(row.try_get(4)?)?,
        expires_at: row.try_get::<Option<i64>, _>(5)?.map(time).transpose()?,
        idle: row.try_get::<Option<i64>, _>(6)?.map(SignedDuration::from_millis),
        used_at: time(row.try_get(7)?)?,
    })
}

impl Tx {
    /// Makes a token. Returns it with its secret, which is not kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn token_create(&mut self, new: NewToken) -> Result<(Token, String), StoreError> {
        let secret = new_secret("nagaya_");
        let now = self.writer.now;
        let token = Token {
            id: uuid::Uuid::new_v4().simple().to_string(),
            purpose: new.purpose,
            user: new.user,
            name: new.name,
            created_at: now,
            expires_at: new.expires_at,
            idle: new.idle,
            used_at: now,
        };
        sqlx::query("INSERT INTO tokens (id, hash, purpose, user, name, created_at, expires_at, idle_ms, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(&token.id)
            .bind(hash_secret(&secret).to_vec())
            .bind(token.purpose.word())
            .bind(&token.user)
            .bind(&token.name)
            .bind(millis(now))
            .bind(token.expires_at.map(millis))
            .bind(token.idle.map(|idle| i64::try_from(idle.as_millis()).unwrap_or(i64::MAX)))
            .bind(millis(now))
            .execute(self.connection())
            .await
            .map_err(|source| self.failed(source))?;
        // A good time to forget those that have long been over.
        sqlx::query("DELETE FROM tokens WHERE expires_at < ?")
            .bind(millis(now.saturating_sub(KEEP_OVER).unwrap_or(now)))
            .execute(self.connection())
            .await
            .map_err(|source| self.failed(source))?;
        Ok((token, secret))
    }

    /// Ends a token of a user's. Says whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn token_delete(&mut self, user: &str, id: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM tokens WHERE user = ? AND id = ?")
            .bind(user)
            .bind(id)
            .execute(self.connection())
            .await
            .map_err(|source| self.failed(source))?;
        self.access_changed |= done.rows_affected() > 0;
        Ok(done.rows_affected() > 0)
    }

    /// Ends all of a user's tokens of a purpose, but the one named. Returns how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tokens_end(
        &mut self,
        user: &str,
        purpose: Purpose,
        but: Option<&str>,
    ) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM tokens WHERE user = ? AND purpose = ? AND id <> ?")
            .bind(user)
            .bind(purpose.word())
            .bind(but.unwrap_or(""))
            .execute(self.connection())
            .await
            .map_err(|source| self.failed(source))?;
        self.access_changed |= done.rows_affected() > 0;
        Ok(done.rows_affected())
    }

    /// Sets a user's password, given as an argon2id hash in PHC form.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn credential_set(&mut self, user: &str, credential: Credential) -> Result<(), StoreError> {
        let now = millis(self.writer.now);
        sqlx::query(
            "INSERT INTO credentials (user, phc, must_change, changed_at) VALUES (?, ?, ?, ?)
             ON CONFLICT (user) DO UPDATE SET phc = excluded.phc, must_change = excluded.must_change, changed_at = excluded.changed_at",
        )
        .bind(user)
        .bind(credential.phc)
        .bind(credential.must_change)
        .bind(now)
        .execute(self.connection())
        .await
        .map_err(|source| self.failed(source))?;
        self.access_changed = true;
        Ok(())
    }

    /// Forgets every way in of a user.
    pub(super) async fn forget_user(&mut self, user: &str) -> Result<(), StoreError> {
        for sql in ["DELETE FROM tokens WHERE user = ?", "DELETE FROM credentials WHERE user = ?"] {
            self.forget(sql, user).await?;
        }
        self.access_changed = true;
        Ok(())
    }
}

impl Store {
    /// Makes a token. Returns it with its secret, which is not kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn token_create(&self, writer: Writer, new: NewToken) -> Result<(Token, String), StoreError> {
        self.write(writer, move |tx| Box::pin(async move { tx.token_create(new).await })).await
    }

    /// The token of a secret. Its use is noted.
    ///
    /// # Errors
    /// The outer one when the database fails, the inner one when the secret lets nobody in.
    pub async fn token_use(
        &self,
        secret: &str,
        now: Timestamp,
    ) -> Result<Result<Token, TokenRefused>, StoreError> {
        let failed = |source| self.inner.failed(source);
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM tokens WHERE hash = ?")))
            .bind(hash_secret(secret).to_vec())
            .fetch_optional(&self.inner.readers)
            .await
            .map_err(failed)?;
        let Some(row) = row else { return Ok(Err(TokenRefused::Unknown)) };
        let found = self.with_last_use(token(&row).map_err(failed)?);
        if !found.valid(now) {
            return Ok(Err(TokenRefused::Over(Box::new(found))));
        }
        self.used().insert(found.id.clone(), now);
        Ok(Ok(found))
    }

    /// Notes that a token is in use.
    pub fn token_touch(&self, id: &str, now: Timestamp) {
        self.used().insert(id.to_owned(), now);
    }

    /// The token of this identity, if it is there; it may be over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn token_get(&self, id: &str) -> Result<Option<Token>, StoreError> {
        let failed = |source| self.inner.failed(source);
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM tokens WHERE id = ?")))
            .bind(id)
            .fetch_optional(&self.inner.readers)
            .await
            .map_err(failed)?;
        Ok(row.map(|row| token(&row)).transpose().map_err(failed)?.map(|token| self.with_last_use(token)))
    }

    /// A user's tokens of a purpose, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tokens_of(&self, user: &str, purpose: Purpose) -> Result<Vec<Token>, StoreError> {
        let failed = |source| self.inner.failed(source);
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM tokens WHERE user = ? AND purpose = ? ORDER BY created_at DESC, id"
        )))
        .bind(user)
        .bind(purpose.word())
        .fetch_all(&self.inner.readers)
        .await
        .map_err(failed)?;
        rows.iter().map(|row| Ok(self.with_last_use(token(row).map_err(failed)?))).collect()
    }

    /// A user's password hash, if one is set.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn credential(&self, user: &str) -> Result<Option<Credential>, StoreError> {
        let failed = |source| self.inner.failed(source);
        let row = sqlx::query("SELECT phc, must_change FROM credentials WHERE user = ?")
            .bind(user)
            .fetch_optional(&self.inner.readers)
            .await
            .map_err(failed)?;
        row.map(|row| Ok(Credential { phc: row.try_get(0)?, must_change: row.try_get(1)? }))
            .transpose()
            .map_err(failed)
    }

    /// Writes when tokens were last used, as far as memory knows better than the database. To be called every
    /// minute or so.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn flush_used(&self) -> Result<(), StoreError> {
        // Memory keeps them until they are written: a session in use must not look idle in between.
        let used: Vec<(String, Timestamp)> = self.used().iter().map(|(id, at)| (id.clone(), *at)).collect();
        let Some(now) = used.iter().map(|(_, at)| *at).max() else { return Ok(()) };
        let written = used.clone();
        self.write(Writer::system("store", now), move |tx| {
            Box::pin(async move {
                for (id, at) in used {
                    sqlx::query("UPDATE tokens SET used_at = max(used_at, ?) WHERE id = ?")
                        .bind(millis(at))
                        .bind(id)
                        .execute(tx.connection())
                        .await
                        .map_err(|source| tx.failed(source))?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .await?;
        let mut used = self.used();
        for (id, at) in written {
            if used.get(&id) == Some(&at) {
                used.remove(&id);
            }
        }
        Ok(())
    }

    fn used(&self) -> std::sync::MutexGuard<'_, std::collections::HashMap<String, Timestamp>> {
        self.inner.used.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn with_last_use(&self, mut token: Token) -> Token {
        if let Some(at) = self.used().get(&token.id) {
            token.used_at = token.used_at.max(*at);
        }
        token
    }
}
