//! Where hyper's background tasks live: in a tracker, so that nothing outlives its owner unseen.

use std::future::Future;

use tokio_util::task::TaskTracker;

/// An executor for hyper whose tasks can be waited for and counted.
#[derive(Debug, Clone)]
pub(crate) struct Tracked(pub(crate) TaskTracker);

impl<F> hyper::rt::Executor<F> for Tracked
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, task: F) {
        self.0.spawn(task);
    }
}
