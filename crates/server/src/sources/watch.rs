//! When each source is looked at.

use std::{collections::BTreeSet, time::Duration};

use nagaya_api::{Kind, Source};
use nagaya_store::Filter;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::sync;
use crate::{ServerState, looks::Looks};

/// How long nothing may be due.
const REST: Duration = Duration::from_secs(3600);

/// Keeps all sources in sync, until cancelled. One that does not answer holds up no other.
pub async fn watch(state: ServerState, cancel: CancellationToken) {
    if state.config.sources.is_none() {
        return;
    }
    let mut revisions = state.store.revisions();
    let mut looks = Looks::default();
    let (mut sources, mut seen) = (Vec::new(), None);
    loop {
        let revision = state.store.revision_of(&[Kind::Source]);
        if seen != Some(revision) {
            match state.store.list::<Source>(&Filter::default()).await {
                Ok(list) => (sources, seen) = (list.items, Some(revision)),
                Err(error) => tracing::error!(%error, "the sources cannot be read"),
            }
            let names: BTreeSet<String> = sources.iter().map(|one| one.metadata.name.clone()).collect();
            looks.retain(&state.sources.asked, |name| names.contains(name));
        }
        let now = Instant::now();
        let mut next = now + REST;
        // A suspended one is left alone, even when somebody asks.
        for source in sources.iter().filter(|source| !source.spec.suspended) {
            let (interval, of) = (source.spec.interval_seconds, state.clone());
            let look = |name: String| async move {
                if let Err(refusal) = sync(&of, &name).await {
                    tracing::warn!(source = name, error = %refusal.0, "a source was not looked at");
                }
            };
            let at = looks.begin(&source.metadata, interval, &state.sources.asked, now, look);
            next = at.map_or(next, |at| next.min(at));
        }
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep_until(next) => {}
            () = state.sources.asked.wait() => {}
            _ = revisions.changed() => {}
            () = looks.ended() => {}
        }
    }
}
