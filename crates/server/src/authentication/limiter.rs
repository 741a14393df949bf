//! Guessing passwords must be slow.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

/// Failures that cost nothing but the time they take: people mistype.
const FREE: u32 = 4;
/// Longest wait between two tries.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);
/// What is remembered at most; beyond it the oldest failures are forgotten.
const REMEMBERED: usize = 10_000;

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

impl Failures {
    /// When the next try is allowed: after 1, 2, 4, … seconds.
    fn next(self) -> Timestamp {
        let Some(power) = self.count.checked_sub(FREE) else { return self.last };
        let wait = SignedDuration::from_secs(1_i64 << power.min(20)).min(LONGEST);
        self.last.saturating_add(wait).unwrap_or(self.last)
    }
}

/// Counts failed logins by user and address.
#[derive(Default)]
pub struct Limiter(Mutex<HashMap<(String, String), Failures>>);

impl Limiter {
    /// How long this user must wait at this address; none: try now. A try that is allowed counts as failed until
    /// [`Limiter::succeeded`], so that many at once are not all free.
    pub fn attempt(&self, user: &str, address: &str, now: Timestamp) -> Option<SignedDuration> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (user.to_owned(), address.to_owned());
        if let Some(failures) = known.get_mut(&key) {
            let next = failures.next();
            if now < next {
                return Some(next.duration_since(now));
            }
            if now.duration_since(failures.last) > LONGEST * 4 {
                failures.count = 0;
            }
            *failures = Failures { count: failures.count.saturating_add(1), last: now };
            return None;
        }
        if known.len() >= REMEMBERED {
            known.retain(|_, failures| now.duration_since(failures.last) <= LONGEST);
        }
        if known.len() < REMEMBERED {
            known.insert(key, Failures { count: 1, last: now });
        }
        None
    }

    /// The login worked: its failures are forgotten.
    pub fn succeeded(&self, user: &str, address: &str) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(&(user.to_owned(), address.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_failure_doubles_the_wait_and_success_ends_it() {
        let limiter = Limiter::default();
        let mut now = Timestamp::UNIX_EPOCH;
        for _ in 0..FREE {
            assert_eq!(limiter.attempt("dev-01", "a", now), None);
        }
        for seconds in [1, 2, 4, 8] {
            assert_eq!(limiter.attempt("dev-01", "a", now), Some(SignedDuration::from_secs(seconds)));
            assert_eq!(
                limiter.attempt("dev-02", "a", now + SignedDuration::from_hours(9)),
                None,
                "others wait for nobody"
            );
            now += SignedDuration::from_secs(seconds);
            assert_eq!(limiter.attempt("dev-01", "a", now), None);
        }
        limiter.succeeded("dev-01", "a");
        assert_eq!(limiter.attempt("dev-01", "a", now), None);
    }
}
