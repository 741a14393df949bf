//! Being told to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Returns when this process is asked to end, by SIGTERM or SIGINT.
pub async fn stop() {
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        }
        // Without handlers the signals end the process anyway.
        _ => std::future::pending().await,
    }
}
