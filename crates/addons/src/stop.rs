//! The signal to stop.

use std::future::Future;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Runs `work`, cancels its token at SIGTERM or SIGINT, and waits until it has stopped in order. As process 1 of a
/// container there is no default action for either signal.
pub(crate) async fn until_signal<F>(work: impl FnOnce(CancellationToken) -> F) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<()>>,
{
    let mut terminate = signal(SignalKind::terminate()).context("cannot receive SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot receive SIGINT")?;
    let cancel = CancellationToken::new();
    let mut work = std::pin::pin!(work(cancel.clone()));
    tokio::select! {
        outcome = &mut work => return outcome,
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    cancel.cancel();
    work.await
}
