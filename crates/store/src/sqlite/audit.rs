//! The audit record in SQLite.

use sqlx::Row;

use super::{Store, Tx, millis, timestamp, write::KEEP_AUDIT};
use crate::{AuditFilter, AuditRecord, Change, NewAudit, StoreError, Writer};

impl Tx {
    /// Records something with this transaction: it stands exactly if the rest does.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(&mut self, record: NewAudit) -> Result<(), StoreError> {
        let now = self.writer.now;
        let changes = serde_json::to_string(&record.changes).unwrap_or_else(|_| "[]".into());
        let done = sqlx::query(
            "INSERT INTO audit (at, who, verb, kind, name, team, result, message, changes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(millis(now))
        .bind(record.who)
        .bind(record.verb)
        .bind(record.kind)
        .bind(record.name)
        .bind(record.team)
        .bind(record.result)
        .bind(record.message)
        .bind(changes)
        .execute(self.connection())
        .await
        .map_err(|source| self.failed(source))?;
        if done.last_insert_rowid() % 1024 == 0 {
            sqlx::query("DELETE FROM audit WHERE at < ?")
                .bind(millis(now.saturating_sub(KEEP_AUDIT).unwrap_or(now)))
                .execute(self.connection())
                .await
                .map_err(|source| self.failed(source))?;
        }
        Ok(())
    }
}

impl Store {
    /// Records something that was no change of an object: a login, a refusal, a desktop opened.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(&self, writer: Writer, record: NewAudit) -> Result<(), StoreError> {
        self.write(writer, move |tx| Box::pin(async move { tx.audit(record).await })).await
    }

    /// Records, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_list(&self, filter: &AuditFilter) -> Result<Vec<AuditRecord>, StoreError> {
        let failed = |source| self.inner.failed(source);
        let rows = sqlx::query(
            "SELECT id, at, who, verb, kind, name, team, result, message, changes FROM audit
             WHERE (?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR name = ?2) AND (?3 IS NULL OR who = ?3)
               AND (?4 IS NULL OR team = ?4) AND id < ?5
             ORDER BY id DESC LIMIT ?6",
        )
        .bind(filter.kind.as_deref())
        .bind(filter.name.as_deref())
        .bind(filter.user.as_deref())
        .bind(filter.team.as_deref())
        .bind(filter.before.map_or(i64::MAX, u64::cast_signed))
        .bind(i64::try_from(filter.limit).unwrap_or(i64::MAX))
        .fetch_all(&self.inner.readers)
        .await
        .map_err(failed)?;
        rows.iter()
            .map(|row| {
                let id: i64 = row.try_get(0).map_err(failed)?;
                let changes: &str = row.try_get(9).map_err(failed)?;
                let changes: Vec<Change> = serde_json::from_str(changes).map_err(|error| {
                    StoreError::Damaged { what: format!("audit record {id}"), why: error.to_string() }
                })?;
                Ok(AuditRecord {
                    id: id.unsigned_abs(),
                    at: timestamp(row.try_get(1).map_err(failed)?)?,
                    user: row.try_get(2).map_err(failed)?,
                    verb: row.try_get(3).map_err(failed)?,
                    kind: row.try_get(4).map_err(failed)?,
                    name: row.try_get(5).map_err(failed)?,
                    team: row.try_get(6).map_err(failed)?,
                    result: row.try_get(7).map_err(failed)?,
                    message: row.try_get(8).map_err(failed)?,
                    changes,
                })
            })
            .collect()
    }
}
