//! How fast one agent may report: all clusters' reports are taken in by one task, and none may fill its day.
//!
//! What an agent sends beyond this is not read, and HTTP/2's flow control holds it back at its sender: it waits in the
//! agent, and nobody else's stream is slower for it.

use std::time::{Duration, Instant};

/// Bytes that may come at once: the first picture of a large cluster, many times over.
const BURST: u64 = 16 << 20;
/// Bytes a second after that.
const RATE: u64 = 256 << 10;
/// What each line costs besides its bytes: a short one is work as well.
const LINE: u64 = 1 << 10;
/// What each beginning costs besides: the cluster's whole intent is decided anew.
const BEGINNING: u64 = 128 << 10;

/// What one agent may still report. It outlives its streams, so that beginning anew gains nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    /// Bytes that may still come at once; below zero: what has come too early.
    left: i64,
    at: Instant,
}

impl Allowance {
    /// All of it.
    pub(super) fn new(now: Instant) -> Self {
        Self { left: BURST.cast_signed(), at: now }
    }

    /// Bytes came. Returns how long nothing more is to be read.
    pub(super) fn bytes(&mut self, count: usize, now: Instant) -> Duration {
        self.spend(u64::try_from(count).unwrap_or(BURST), now)
    }

    /// A line came.
    pub(super) fn line(&mut self, now: Instant) -> Duration {
        self.spend(LINE, now)
    }

    /// A stream of reports begins, or says anew who reports.
    pub(super) fn beginning(&mut self, now: Instant) -> Duration {
        self.spend(BEGINNING, now)
    }

    fn spend(&mut self, cost: u64, now: Instant) -> Duration {
        let since = now.saturating_duration_since(self.at).as_millis();
        let regained = u64::try_from(since).unwrap_or(u64::MAX).saturating_mul(RATE) / 1000;
        if regained > 0 {
            // Less than a millisecond is not lost: it counts the next time.
            self.at = now;
        }
        let full = self.left.saturating_add_unsigned(regained).min(BURST.cast_signed());
        self.left = full.saturating_sub_unsigned(cost);
        Duration::from_millis(u64::try_from(-self.left).unwrap_or(0) * 1000 / RATE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of an agent that always has more to say, of lines of `size` bytes, in `seconds`.
    fn read(size: usize, seconds: u64) -> u64 {
        let begun = Instant::now();
        let (mut now, mut allowance, mut lines) = (begun, Allowance::new(begun), 0);
        while now < begun + Duration::from_secs(seconds) {
            now += allowance.bytes(size, now) + allowance.line(now) + Duration::from_micros(10);
            lines += 1;
        }
        lines
    }

    #[test]
    fn who_never_ends_is_read_at_a_steady_pace_however_long_its_lines_are() {
        for size in [10, 1000, 100_000] {
            let line = size as u64 + LINE;
            let (short, long) = (read(size, 60), read(size, 120));
            assert!(short <= (BURST + 61 * RATE) / line + 2, "{size}: {short} lines in a minute");
            let pace = (long - short) * line / 60;
            assert!(pace.abs_diff(RATE) < RATE / 10, "{size}: {pace} bytes a second");
        }
    }

    #[test]
    fn a_large_clusters_first_picture_waits_for_nothing() {
        let now = Instant::now();
        let mut allowance = Allowance::new(now);
        assert_eq!(allowance.beginning(now), Duration::ZERO);
        for _ in 0..2000 {
            assert_eq!(allowance.bytes(2000, now) + allowance.line(now), Duration::ZERO);
        }
    }

    #[test]
    fn who_keeps_beginning_waits_and_who_is_cut_off_each_few_seconds_does_not() {
        let waits = |pause: Duration| {
            let mut now = Instant::now();
            let mut allowance = Allowance::new(now);
            (0..1000)
                .filter(|_| {
                    now += pause;
                    allowance.beginning(now) > Duration::ZERO
                })
                .count()
        };
        assert!(waits(Duration::from_millis(10)) > 800);
        assert_eq!(waits(Duration::from_secs(3)), 0);
    }
}
