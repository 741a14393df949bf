//! Watching: what memory no longer holds is read from the events table.

use std::{collections::VecDeque, sync::Arc};

use nagaya_api::Kind;
use sqlx::{Connection, Row};
use tokio::sync::watch as bell;

use super::Store;
use crate::{EventType, StoreError, WatchEvent, WatchStream, watch::wanted};

/// Events read from the database at once.
const PAGE: i64 = 256;

struct State {
    store: Store,
    kinds: Vec<Kind>,
    cursor: u64,
    bell: bell::Receiver<u64>,
    ready: VecDeque<WatchEvent>,
    /// Whether the revision asked for was found to be one that history reaches.
    checked: bool,
    over: bool,
}

impl Store {
    /// Every change after revision `from` of objects of these kinds (none: all), and then every further one as it
    /// is committed; nothing is missed between. Without `from`, changes from now on.
    ///
    /// The stream ends with [`StoreError::Expired`] when `from` is older than what is kept, or newer than what is:
    /// list again and watch from the list's revision.
    pub fn watch(&self, kinds: &[Kind], from: Option<u64>) -> WatchStream {
        let bell = self.inner.live.bell();
        let cursor = from.unwrap_or_else(|| *bell.borrow());
        let state = State {
            store: self.clone(),
            kinds: kinds.to_vec(),
            cursor,
            bell,
            ready: VecDeque::new(),
            checked: from.is_none(),
            over: false,
        };
        Box::pin(futures::stream::unfold(state, |mut state| async move {
            if state.over {
                return None;
            }
            match state.next().await {
                Ok(Some(event)) => Some((Ok(event), state)),
                Ok(None) => None,
                Err(error) => {
                    state.over = true;
                    Some((Err(error), state))
                }
            }
        }))
    }

    /// Whether a watch from this revision misses nothing.
    ///
    /// # Errors
    /// [`StoreError::Expired`] when it would.
    pub async fn watchable(&self, from: u64) -> Result<(), StoreError> {
        self.events_after(from).await.map(drop)
    }

    async fn events_after(&self, cursor: u64) -> Result<Vec<WatchEvent>, StoreError> {
        let failed = |source| self.inner.failed(source);
        let mut reader = self.inner.readers.acquire().await.map_err(failed)?;
        let mut tx = reader.begin().await.map_err(failed)?;
        let row = sqlx::query("SELECT current, compacted FROM revision")
            .fetch_one(&mut *tx)
            .await
            .map_err(failed)?;
        let (current, compacted): (i64, i64) =
            (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
        if cursor < compacted.unsigned_abs() || cursor > current.unsigned_abs() {
            return Err(StoreError::Expired { from: cursor, current: current.unsigned_abs() });
        }
        let rows = sqlx::query(
            "SELECT revision, type, body FROM events WHERE revision > ? ORDER BY revision LIMIT ?",
        )
        .bind(cursor.cast_signed())
        .bind(PAGE)
        .fetch_all(&mut *tx)
        .await
        .map_err(failed)?;
        tx.rollback().await.map_err(failed)?;
        rows.iter()
            .map(|row| {
                let revision: i64 = row.try_get(0).map_err(failed)?;
                let damaged = |why: String| StoreError::Damaged { what: format!("event {revision}"), why };
                let word: &str = row.try_get(1).map_err(failed)?;
                let body: &str = row.try_get(2).map_err(failed)?;
                Ok(WatchEvent {
                    revision: revision.unsigned_abs(),
                    event: EventType::from_word(word)
                        .ok_or_else(|| damaged(format!("unknown type {word}")))?,
                    object: Arc::new(serde_json::from_str(body).map_err(|error| damaged(error.to_string()))?),
                })
            })
            .collect()
    }
}

impl State {
    /// The next event; none when the store is closed.
    async fn next(&mut self) -> Result<Option<WatchEvent>, StoreError> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(Some(event));
            }
            let newest = *self.bell.borrow_and_update();
            // The database may be ahead of the bell for a moment: then too there is nothing to do but wait.
            if self.cursor == newest || self.checked && self.cursor > newest {
                if self.bell.changed().await.is_err() {
                    return Ok(None);
                }
                continue;
            }
            let events = match self.store.inner.live.after(self.cursor) {
                Some(events) if self.cursor < newest => events,
                _ => self.store.events_after(self.cursor).await?,
            };
            self.checked = true;
            if let Some(last) = events.last() {
                self.cursor = last.revision;
            }
            let kinds = &self.kinds;
            self.ready.extend(events.into_iter().filter(|event| wanted(kinds, event.object.kind)));
        }
    }
}
