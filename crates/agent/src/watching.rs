//! How broken watches are begun again.

use std::time::Duration;

/// At most this long without sight of the cluster once its API server is back: an upgrade restarts it, and people
/// wait for their workspaces meanwhile. (kube's own default waits up to 30 s.)
const LONGEST: Duration = Duration::from_secs(4);
const SHORTEST: Duration = Duration::from_millis(300);

/// Pauses between attempts: doubling from 0.3 s to 4 s. It begins anew with every success.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pauses {
    failures: u32,
}

impl Iterator for Pauses {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        let pause = nagaya_tunnel::backoff::pause(self.failures, SHORTEST, LONGEST, rand::random());
        self.failures = self.failures.saturating_add(1);
        Some(pause)
    }
}

impl kube::runtime::utils::Backoff for Pauses {
    fn reset(&mut self) {
        self.failures = 0;
    }
}
