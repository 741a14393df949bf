//! How long steps took before, so that `up` can say how long they usually take.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::instance::write_atomically;

/// Runs remembered of each step.
const KEPT: usize = 5;

/// What earlier runs took: one file a step with seconds, newest last; `scripts/` keeps its own beside them.
#[derive(Clone, Debug)]
pub struct Timings {
    dir: PathBuf,
}

impl Timings {
    /// The timings in a cache directory.
    pub fn of(cache_dir: &Path) -> Self {
        Self { dir: cache_dir.join("timings") }
    }

    fn read(&self, step: &str) -> Vec<f64> {
        let text = fs::read_to_string(self.dir.join(step)).unwrap_or_default();
        text.lines()
            .filter_map(|line| line.trim().parse().ok())
            .filter(|seconds: &f64| seconds.is_finite())
            .collect()
    }

    /// How long a step usually takes: the median of the last runs.
    pub fn usual(&self, step: &str) -> Option<Duration> {
        let mut seconds = self.read(step);
        seconds.sort_by(f64::total_cmp);
        seconds.get(seconds.len() / 2).map(|seconds| Duration::from_secs_f64(seconds.clamp(0.0, 86400.0)))
    }

    /// Remembers a run. A cache that cannot be written costs an estimate and is no error.
    pub fn remember(&self, step: &str, took: Duration) {
        let mut seconds = self.read(step);
        seconds.push(took.as_secs_f64());
        let from = seconds.len().saturating_sub(KEPT);
        let text: String = seconds[from..].iter().map(|seconds| format!("{seconds:.1}\n")).collect();
        let _ = write_atomically(&self.dir.join(step), text.as_bytes(), 0o644);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn usual_is_the_median_of_the_last_runs() {
        let dir = std::env::temp_dir().join(format!("nagaya-timings-{}", std::process::id()));
        let timings = Timings::of(&dir);
        assert_eq!(timings.usual("x"), None);
        for seconds in [500, 1, 2, 3, 100, 4] {
            timings.remember("x", Duration::from_secs(seconds));
        }
        assert_eq!(timings.usual("x"), Some(Duration::from_secs(3)));
        fs::remove_dir_all(dir).unwrap();
    }
}
