//! Knows when asking upstream is in vain: on a machine without a network each question would wait for its whole time,
//! and programs that look up several names would seem to hang. Pure: the time is passed in.

use std::time::Duration;

/// So many questions in a row without any answer, and nobody is there. A single name whose own servers are dead does
/// not get this far, since other names are answered in between.
const IN_VAIN: u32 = 3;
/// After this long somebody tries again.
const PAUSE: Duration = Duration::from_secs(2);

/// Counts questions that nobody answered.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    in_vain: u32,
    next_try: Duration,
}

impl Breaker {
    /// Whether to ask at `now`, a time since any fixed start. While nobody answers, one question each pause is let
    /// through to find out.
    pub(super) fn may_ask(&mut self, now: Duration) -> bool {
        if self.in_vain < IN_VAIN {
            return true;
        }
        if now < self.next_try {
            return false;
        }
        self.next_try = now + PAUSE;
        true
    }

    /// An answer came, of whatever kind.
    pub(super) fn answered(&mut self) {
        self.in_vain = 0;
    }

    /// None came.
    pub(super) fn silent(&mut self, now: Duration) {
        self.in_vain = self.in_vain.saturating_add(1);
        self.next_try = now + PAUSE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_three_silences_only_one_question_each_pause_waits() {
        let (mut breaker, second) = (Breaker::default(), Duration::from_secs(1));
        for _ in 0..3 {
            assert!(breaker.may_ask(second));
            breaker.silent(second);
        }
        assert!(!breaker.may_ask(second * 2));
        assert!(breaker.may_ask(second * 3), "nobody finds out that the network is back");
        assert!(!breaker.may_ask(second * 3), "the second one must not wait as well");
        breaker.answered();
        assert!(breaker.may_ask(second * 3));
    }
}
