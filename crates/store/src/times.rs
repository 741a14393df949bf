//! How long something took, counted as Prometheus' histograms count.

use std::time::Duration;

/// Durations by upper bound.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    count: u64,
    sum: f64,
    buckets: [u64; Times::BOUNDS.len()],
}

impl Times {
    /// Upper bounds in seconds.
    pub const BOUNDS: [f64; 8] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

    /// Counts one.
    pub fn note(&mut self, took: Duration) {
        let seconds = took.as_secs_f64();
        self.count += 1;
        self.sum += seconds;
        for (bucket, bound) in self.buckets.iter_mut().zip(Self::BOUNDS) {
            *bucket += u64::from(seconds <= bound);
        }
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// All together, in seconds.
    pub fn sum(&self) -> f64 {
        self.sum
    }

    /// Each bound with how many took no longer.
    pub fn buckets(&self) -> impl Iterator<Item = (f64, u64)> {
        Self::BOUNDS.into_iter().zip(self.buckets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_counts_in_every_bucket_that_is_wide_enough() {
        let mut times = Times::default();
        for millis in [5, 30, 9000] {
            times.note(Duration::from_millis(millis));
        }
        let counts: Vec<_> = times.buckets().map(|(_, count)| count).collect();
        assert_eq!(counts, [1, 1, 1, 2, 2, 2, 2, 2]);
        assert_eq!((times.count(), times.sum()), (3, 9.035));
    }
}
