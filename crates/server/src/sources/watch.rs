//! When each source is looked at.

use std::{collections::BTreeMap, time::Duration};

use nagaya_api::{Kind, Source};
use nagaya_store::Filter;
use tokio::{task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;

use super::sync;
use crate::ServerState;

/// Shortest time from the end of one look to the next, however often webhooks ask.
const GAP: Duration = Duration::from_secs(2);
/// How long nothing may be due.
const REST: Duration = Duration::from_secs(3600);

/// A look that ended.
struct Last {
    at: Instant,
    uid: String,
    generation: i64,
}

/// When a source is to be looked at; none: not at all for now.
fn due(source: &Source, last: Option<&Last>, asked: bool, now: Instant) -> Option<Instant> {
    if source.spec.suspended || source.metadata.deletion_timestamp.is_some() {
        return None;
    }
    let Some(last) = last.filter(|last| last.uid == source.metadata.uid) else { return Some(now) };
    if asked || last.generation != source.metadata.generation {
        return Some(last.at + GAP);
    }
    Some(last.at + Duration::from_secs(source.spec.interval_seconds.into()))
}

/// Keeps all sources in sync, until cancelled. One that does not answer holds up no other.
pub async fn watch(state: ServerState, cancel: CancellationToken) {
    if state.config.sources.is_none() {
        return;
    }
    let mut revisions = state.store.revisions();
    let mut known: BTreeMap<String, Last> = BTreeMap::new();
    let mut running: BTreeMap<String, ()> = BTreeMap::new();
    let mut looks: JoinSet<(String, Last)> = JoinSet::new();
    let (mut sources, mut seen) = (Vec::new(), None);
    loop {
        let revision = state.store.revision_of(&[Kind::Source]);
        if seen != Some(revision) {
            match state.store.list::<Source>(&Filter::default()).await {
                Ok(list) => (sources, seen) = (list.items, Some(revision)),
                Err(error) => tracing::error!(%error, "the sources cannot be read"),
            }
            known.retain(|name, _| sources.iter().any(|source| source.metadata.name == *name));
        }
        let now = Instant::now();
        let mut next = now + REST;
        for source in &sources {
            let name = &source.metadata.name;
            if running.contains_key(name) {
                continue;
            }
            let Some(at) = due(source, known.get(name), state.sources.is_asked(name), now) else { continue };
            if at > now {
                next = next.min(at);
                continue;
            }
            state.sources.begun(name);
            running.insert(name.clone(), ());
            let (state, name) = (state.clone(), name.clone());
            let (uid, generation) = (source.metadata.uid.clone(), source.metadata.generation);
            looks.spawn(async move {
                if let Err(refusal) = sync(&state, &name).await {
                    tracing::warn!(source = name, error = %refusal.0, "a source was not looked at");
                }
                (name, Last { at: Instant::now(), uid, generation })
            });
        }
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep_until(next) => {}
            () = state.sources.wake.notified() => {}
            _ = revisions.changed() => {}
            Some(ended) = looks.join_next(), if !looks.is_empty() => match ended {
                Ok((name, last)) => {
                    running.remove(&name);
                    known.insert(name, last);
                }
                Err(error) => {
                    // Which one is not known: each may be looked at again, one at a time in any case.
                    tracing::error!(%error, "a look at a source broke");
                    running.clear();
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn source(spec: &serde_json::Value) -> Source {
        let mut spec = spec.clone();
        spec["url"] = "https://example.com/a".into();
        let mut source = Source::new("fleet", serde_json::from_value(spec).unwrap());
        (source.metadata.uid, source.metadata.generation) = ("u".into(), 1);
        source
    }

    #[test]
    fn a_source_is_looked_at_at_once_then_at_intervals_and_soon_when_asked() {
        let now = Instant::now();
        let last = |uid: &str, generation| Last { at: now, uid: uid.into(), generation };
        let plain = source(&json!({"intervalSeconds": 30}));
        assert_eq!(due(&plain, None, false, now), Some(now));
        let seconds = |s| Some(now + Duration::from_secs(s));
        assert_eq!(due(&plain, Some(&last("u", 1)), false, now), seconds(30));
        assert_eq!(
            due(&plain, Some(&last("u", 1)), true, now),
            Some(now + GAP),
            "a flood of webhooks is one look"
        );
        assert_eq!(due(&plain, Some(&last("u", 0)), false, now), Some(now + GAP), "it was changed");
        assert_eq!(due(&plain, Some(&last("other", 1)), false, now), Some(now), "it is another of that name");
    }

    #[test]
    fn a_suspended_source_is_left_alone_even_when_asked() {
        let suspended = source(&json!({"suspended": true}));
        assert_eq!(due(&suspended, None, true, Instant::now()), None);
    }
}
