//! Watching: history from the database, then live from memory, with no gap between.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{
        Arc, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use futures::Stream;
use nagaya_api::{Kind, RawObject};
use tokio::sync::watch;

use crate::StoreError;

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventType {
    /// It was created.
    Added,
    /// It changed, be it status only.
    Modified,
    /// It is gone; the event carries its last state.
    Deleted,
}

impl EventType {
    /// The word on the wire, as in Kubernetes.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "ADDED",
            Self::Modified => "MODIFIED",
            Self::Deleted => "DELETED",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::Added, Self::Modified, Self::Deleted].into_iter().find(|one| one.word() == word)
    }
}

/// One change of one object. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct WatchEvent {
    /// Its revision; a watch resumed from here goes on with the next.
    pub revision: u64,
    /// What happened.
    pub event: EventType,
    /// The object as it then was.
    pub object: Arc<RawObject>,
}

/// Events in the order of their revisions; ends after an error.
pub type WatchStream = Pin<Box<dyn Stream<Item = Result<WatchEvent, StoreError>> + Send>>;

/// Events kept in memory for watchers that keep up. Who is further behind reads the database. Few: an object with its
/// status takes some 20 KB here.
const RING: usize = 128;
/// And so many bytes of them as JSON, of which they take a few times as many here: the status of one bundle on a thousand
/// clusters alone has a third of a megabyte. The newest is kept however large it is.
const RING_BYTES: usize = 2 << 20;

/// What the ring holds.
#[derive(Default)]
struct Ring {
    /// Events, and how long each is as JSON.
    events: VecDeque<(WatchEvent, usize)>,
    bytes: usize,
}

impl Ring {
    fn push(&mut self, event: WatchEvent, bytes: usize) {
        while self.events.len() == RING || (self.bytes + bytes > RING_BYTES && !self.events.is_empty()) {
            self.bytes -= self.events.pop_front().map_or(0, |(_, bytes)| bytes);
        }
        self.bytes += bytes;
        self.events.push_back((event, bytes));
    }
}

/// The newest events, and a bell.
pub(crate) struct Live {
    ring: RwLock<Ring>,
    newest: watch::Sender<u64>,
    /// The newest revision of each kind since the start, by its place in [`Kind::ALL`].
    of_kind: [AtomicU64; Kind::ALL.len()],
}

impl Live {
    pub(crate) fn new(newest: u64) -> Self {
        Self {
            ring: RwLock::default(),
            newest: watch::Sender::new(newest),
            of_kind: std::array::from_fn(|_| AtomicU64::new(newest)),
        }
    }

    /// Announces what was committed, with how long each is as JSON. Called in commit order, by whoever holds the writer.
    pub(crate) fn publish(&self, events: Vec<(WatchEvent, usize)>) {
        let Some(last) = events.last().map(|(event, _)| event.revision) else { return };
        {
            let mut ring = self.ring.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            for (event, bytes) in events {
                self.of_kind[event.object.kind as usize].store(event.revision, Ordering::Release);
                ring.push(event, bytes);
            }
        }
        self.newest.send_replace(last);
    }

    pub(crate) fn newest_of(&self, kinds: &[Kind]) -> u64 {
        kinds.iter().map(|kind| self.of_kind[*kind as usize].load(Ordering::Acquire)).max().unwrap_or(0)
    }

    pub(crate) fn bell(&self) -> watch::Receiver<u64> {
        self.newest.subscribe()
    }

    /// The events after `cursor`, or none when memory does not reach back that far.
    pub(crate) fn after(&self, cursor: u64) -> Option<Vec<WatchEvent>> {
        let ring = self.ring.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Revisions have no holes: each is one event.
        if ring.events.front()?.0.revision > cursor + 1 {
            return None;
        }
        let events = ring.events.iter().map(|(event, _)| event);
        Some(events.filter(|event| event.revision > cursor).cloned().collect())
    }
}

/// Whether an event is among the kinds asked for; none asked for means all.
pub(crate) fn wanted(kinds: &[Kind], kind: Kind) -> bool {
    kinds.is_empty() || kinds.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_holds_the_newest_events_that_fit() {
        let live = Live::new(0);
        let event = |revision| WatchEvent {
            revision,
            event: EventType::Modified,
            object: Arc::new(RawObject {
                api_version: String::new(),
                kind: Kind::Bundle,
                metadata: nagaya_api::ObjectMeta::named("b"),
                spec: serde_json::Value::Null,
                status: serde_json::Value::Null,
            }),
        };
        let reaches = |cursor| live.after(cursor).map(|events| events.len());
        live.publish((1..=200).map(|revision| (event(revision), 10)).collect());
        assert_eq!((reaches(71), reaches(72), reaches(200)), (None, Some(128), Some(0)));
        live.publish(vec![(event(201), RING_BYTES - 20)]);
        assert_eq!((reaches(197), reaches(198)), (None, Some(3)));
        live.publish(vec![(event(202), 2 * RING_BYTES)]);
        assert_eq!((reaches(200), reaches(201)), (None, Some(1)), "the newest stays however large it is");
    }
}
