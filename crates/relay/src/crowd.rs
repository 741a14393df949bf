//! Who has come and not been dealt with yet: so many at one time, and beyond it the oldest is dropped. A neighbour who
//! opens connections and says nothing then locks nobody out, since whoever belongs here needs milliseconds.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::task::AbortHandle;

/// The waiting, the oldest first.
#[derive(Debug)]
pub(crate) struct Crowd {
    limit: usize,
    waiting: Mutex<VecDeque<(u64, AbortHandle)>>,
}

impl Crowd {
    /// Room for `limit`.
    pub(crate) const fn new(limit: usize) -> Self {
        Self { limit, waiting: Mutex::new(VecDeque::new()) }
    }

    /// Takes in the task of a newcomer, and ends the oldest when that is one too many.
    pub(crate) fn arrive(&self, number: u64, task: AbortHandle) {
        let mut waiting = self.waiting();
        waiting.push_back((number, task));
        if waiting.len() > self.limit
            && let Some((_, oldest)) = waiting.pop_front()
        {
            oldest.abort();
        }
    }

    /// `number` has been dealt with: it is dropped for nobody any more.
    pub(crate) fn leave(&self, number: u64) {
        self.waiting().retain(|(other, _)| *other != number);
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<(u64, AbortHandle)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
