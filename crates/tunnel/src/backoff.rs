//! How long to wait before the next attempt.

use std::time::Duration;

/// The pause before attempt number `failures` (0 = the first attempt after a success), exponential between
/// `min` and `max`, spread by `random` in 0..1 over its upper half so that a thousand agents that lost their
/// server at one moment do not come back at one moment.
pub fn pause(failures: u32, min: Duration, max: Duration, random: f64) -> Duration {
    let doubled = min.saturating_mul(2u32.saturating_pow(failures.min(31)));
    let whole = doubled.min(max);
    let half = whole / 2;
    (half + half.mul_f64(random.clamp(0.0, 1.0))).max(min.min(max) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: Duration = Duration::from_millis(200);
    const MAX: Duration = Duration::from_secs(10);

    #[test]
    fn grows_to_the_maximum_and_stays_there() {
        assert_eq!(pause(0, MIN, MAX, 1.0), Duration::from_millis(200));
        assert_eq!(pause(3, MIN, MAX, 1.0), Duration::from_millis(1600));
        assert_eq!(pause(20, MIN, MAX, 1.0), MAX);
        assert_eq!(pause(u32::MAX, MIN, MAX, 1.0), MAX);
    }

    #[test]
    fn jitter_stays_within_the_upper_half() {
        for failures in 0..40 {
            let (low, high) = (pause(failures, MIN, MAX, 0.0), pause(failures, MIN, MAX, 1.0));
            assert!(low >= high / 2 && low < high, "{failures}: {low:?} {high:?}");
        }
    }
}
