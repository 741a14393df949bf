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

/// The newest events, and a bell.
pub(crate) struct Live {
    ring: RwLock<VecDeque<WatchEvent>>,
    newest: watch::Sender<u64>,
    /// The newest revision of each kind since the start, by its place in [`Kind::ALL`].
    of_kind: [AtomicU64; Kind::ALL.len()],
}

impl Live {
    pub(crate) fn new(newest: u64) -> Self {
        Self {
            ring: RwLock::new(VecDeque::new()),
            newest: watch::Sender::new(newest),
            of_kind: std::array::from_fn(|_| AtomicU64::new(newest)),
        }
    }

    /// Announces what was committed. Called in commit order, by whoever holds the writer.
    pub(crate) fn publish(&self, events: Vec<WatchEvent>) {
        let Some(last) = events.last().map(|event| event.revision) else { return };
        {
            let mut ring = self.ring.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            for event in events {
                self.of_kind[event.object.kind as usize].store(event.revision, Ordering::Release);
                if ring.len() == RING {
                    ring.pop_front();
                }
                ring.push_back(event);
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
        if ring.front()?.revision > cursor + 1 {
            return None;
        }
        Some(ring.iter().filter(|event| event.revision > cursor).cloned().collect())
    }
}

/// Whether an event is among the kinds asked for; none asked for means all.
pub(crate) fn wanted(kinds: &[Kind], kind: Kind) -> bool {
    kinds.is_empty() || kinds.contains(&kind)
}
