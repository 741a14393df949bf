//! Work that takes turns with its like, one step at a time.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::sync::Semaphore;
use tokio_util::sync::PollSemaphore;

/// A future each of whose steps waits for a turn, and gives it back at the end of the step. What waits for its turn is not
/// in the runtime's queue: a thousand handshakes that are ready at one moment are ahead of nobody else. Between two steps,
/// while the other end is awaited, no turn is held.
pub(crate) struct Paced<F> {
    inner: Pin<Box<F>>,
    turns: PollSemaphore,
}

impl<F> Paced<F> {
    pub(crate) fn new(inner: F, turns: Arc<Semaphore>) -> Paced<F> {
        Paced { inner: Box::pin(inner), turns: PollSemaphore::new(turns) }
    }
}

impl<F: Future> Future for Paced<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        // None: it was closed, and there is nothing to wait for.
        let _turn = ready!(self.turns.poll_acquire(cx));
        self.inner.as_mut().poll(cx)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_turn_is_waited_for_and_not_kept_while_nothing_is_done() {
        let turns = Arc::new(Semaphore::new(1));
        let taken = turns.clone().acquire_owned().await.unwrap();
        let (tell, told) = tokio::sync::oneshot::channel::<u8>();
        let mut paced = Box::pin(Paced::new(told, turns.clone()));
        assert!(futures::poll!(&mut paced).is_pending());
        drop(taken);
        assert!(futures::poll!(&mut paced).is_pending());
        assert_eq!(turns.available_permits(), 1, "it awaits its other end without a turn");
        tell.send(7).unwrap();
        assert_eq!(paced.await, Ok(7));
        assert_eq!(turns.available_permits(), 1);
    }
}
