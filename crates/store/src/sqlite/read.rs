//! Reading objects.

use nagaya_api::{Kind, RawObject};
use sqlx::{Connection, Row, SqliteConnection};

use super::Store;
use crate::{Filter, RawList, StoreError};

/// An error that does not know yet of which store it is.
pub(super) enum ReadError {
    Sql(sqlx::Error),
    Body(String, serde_json::Error),
}

impl From<sqlx::Error> for ReadError {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl ReadError {
    pub(super) fn at(self, store: &Store) -> StoreError {
        match self {
            Self::Sql(source) => store.inner.failed(source),
            Self::Body(what, error) => StoreError::Damaged { what, why: error.to_string() },
        }
    }
}

fn parse(kind: Kind, name: &str, body: &str) -> Result<RawObject, ReadError> {
    serde_json::from_str(body).map_err(|error| ReadError::Body(format!("{kind} {name}"), error))
}

pub(super) async fn get(
    connection: &mut SqliteConnection,
    kind: Kind,
    name: &str,
) -> Result<Option<RawObject>, ReadError> {
    let body: Option<String> = sqlx::query_scalar("SELECT body FROM objects WHERE kind = ? AND name = ?")
        .bind(kind.name())
        .bind(name)
        .fetch_optional(connection)
        .await?;
    body.map(|body| parse(kind, name, &body)).transpose()
}

/// The objects that pass, and the name after which there are more when a limit cut them.
pub(super) async fn list(
    connection: &mut SqliteConnection,
    kind: Kind,
    filter: &Filter,
    keep: impl Fn(&RawObject) -> bool,
) -> Result<(Vec<RawObject>, Option<String>), ReadError> {
    let rows = sqlx::query(
        "SELECT name, body FROM objects WHERE kind = ?1 AND name > ?2 AND (?3 IS NULL OR team = ?3) ORDER BY name",
    )
    .bind(kind.name())
    .bind(filter.after.as_deref().unwrap_or(""))
    .bind(filter.team.as_deref())
    .fetch_all(connection)
    .await?;
    let mut items: Vec<RawObject> = Vec::new();
    for row in rows {
        let (name, body): (&str, &str) = (row.try_get(0)?, row.try_get(1)?);
        let object = parse(kind, name, body)?;
        if !filter.selector.matches(&object.metadata.labels) || !keep(&object) {
            continue;
        }
        if filter.limit == Some(items.len()) {
            let last = items.last().map(|object| object.metadata.name.clone());
            return Ok((items, last));
        }
        items.push(object);
    }
    Ok((items, None))
}

impl Store {
    /// One object, if it is there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get_raw(&self, kind: Kind, name: &str) -> Result<Option<RawObject>, StoreError> {
        let mut reader = self.inner.readers.acquire().await.map_err(|source| self.inner.failed(source))?;
        get(&mut reader, kind, name).await.map_err(|error| error.at(self))
    }

    /// The objects of a kind that the filter and `keep` pass, as they were at one revision. `keep` counts before
    /// the limit.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_raw(
        &self,
        kind: Kind,
        filter: &Filter,
        keep: impl Fn(&RawObject) -> bool + Send,
    ) -> Result<RawList, StoreError> {
        let failed = |source| self.inner.failed(source);
        let mut reader = self.inner.readers.acquire().await.map_err(failed)?;
        // One read transaction: objects and revision are of the same moment.
        let mut tx = reader.begin().await.map_err(failed)?;
        let revision: i64 =
            sqlx::query_scalar("SELECT current FROM revision").fetch_one(&mut *tx).await.map_err(failed)?;
        let (items, more_after) = list(&mut tx, kind, filter, keep).await.map_err(|error| error.at(self))?;
        tx.rollback().await.map_err(failed)?;
        Ok(RawList { items, revision: revision.unsigned_abs(), more_after })
    }

    /// The newest revision.
    pub fn revision(&self) -> u64 {
        *self.inner.live.bell().borrow()
    }
}
