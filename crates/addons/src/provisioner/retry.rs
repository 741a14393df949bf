//! When a failed action is tried again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The longest pause between two tries.
const LONGEST: Duration = Duration::from_secs(60);

/// Failed tries by subject.
#[derive(Debug, Default)]
pub(super) struct Retries {
    failed: BTreeMap<String, (u32, Timestamp)>,
}

impl Retries {
    /// After 1, 2, 4 … 60 seconds.
    pub(super) fn failed(&mut self, subject: &str, now: Timestamp) {
        let tries = self.failed.get(subject).map_or(0, |(tries, _)| *tries);
        let pause = Duration::from_secs(1).saturating_mul(2_u32.saturating_pow(tries)).min(LONGEST);
        let pause = SignedDuration::try_from(pause).unwrap_or(SignedDuration::from_secs(60));
        let next = now.saturating_add(pause).unwrap_or(now);
        self.failed.insert(subject.to_owned(), (tries.saturating_add(1), next));
    }

    pub(super) fn succeeded(&mut self, subject: &str) {
        self.failed.remove(subject);
    }

    /// Whose time has not come.
    pub(super) fn waiting(&self, now: Timestamp) -> BTreeSet<String> {
        self.failed.iter().filter(|(_, (_, next))| *next > now).map(|(subject, _)| subject.clone()).collect()
    }

    /// How long until the next one's has.
    pub(super) fn pause(&self, now: Timestamp) -> Option<Duration> {
        let next = self.failed.values().map(|(_, next)| *next).filter(|next| *next > now).min()?;
        Duration::try_from(next.duration_since(now)).ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn pauses_grow_and_one_success_ends_them() {
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let mut retries = Retries::default();
        assert_eq!(retries.pause(start), None);
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            retries.failed("home-1", start);
            assert_eq!(retries.pause(start), Some(Duration::from_secs(seconds)));
        }
        assert!(retries.waiting(start).contains("home-1"));
        assert!(retries.waiting(start + SignedDuration::from_secs(60)).is_empty(), "its time has come");
        retries.succeeded("home-1");
        assert!(retries.waiting(start).is_empty());
    }
}
