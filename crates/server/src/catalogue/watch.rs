//! When each repository is looked at, and when releases are.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use nagaya_api::{Kind, Release, Repository};
use nagaya_store::Filter;
use tokio::{task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{refresh, resolve};
use crate::ServerState;

/// Shortest time from the end of one look to the next, however often somebody asks.
const GAP: Duration = Duration::from_secs(2);
/// How long nothing may be due.
const REST: Duration = Duration::from_secs(3600);
/// A release whose chart could not be had is looked at again after this.
const RETRY: Duration = Duration::from_secs(30);

/// A look that ended.
struct Last {
    at: Instant,
    uid: String,
    generation: i64,
}

/// When a repository is to be looked at; none: not at all for now.
fn due(repository: &Repository, last: Option<&Last>, asked: bool, now: Instant) -> Option<Instant> {
    if repository.metadata.deletion_timestamp.is_some() {
        return None;
    }
    let Some(last) = last.filter(|last| last.uid == repository.metadata.uid) else { return Some(now) };
    if asked || last.generation != repository.metadata.generation {
        return Some(last.at + GAP);
    }
    Some(last.at + Duration::from_secs(repository.spec.interval_seconds.into()))
}

/// What a release was last looked at for.
type Seen = (String, i64, String);

/// Keeps all repositories read and all releases resolved, until cancelled. One that does not answer holds up no other.
pub async fn watch(state: ServerState, cancel: CancellationToken) {
    if state.config.charts.is_none() {
        return;
    }
    let mut revisions = state.store.revisions();
    let mut known: BTreeMap<String, Last> = BTreeMap::new();
    let mut running: BTreeSet<String> = BTreeSet::new();
    let mut looks: JoinSet<(String, Last)> = JoinSet::new();
    let mut resolved: BTreeMap<String, Seen> = BTreeMap::new();
    let mut failed: BTreeMap<String, Instant> = BTreeMap::new();
    let mut resolving: BTreeMap<String, Seen> = BTreeMap::new();
    let mut resolutions: JoinSet<(String, bool)> = JoinSet::new();
    let (mut repositories, mut releases, mut seen) = (Vec::new(), Vec::new(), None);
    loop {
        let revision = state.store.revision_of(&[Kind::Repository, Kind::Release]);
        if seen != Some(revision) {
            let all = Filter::default();
            let read = (state.store.list::<Repository>(&all).await, state.store.list::<Release>(&all).await);
            match read {
                (Ok(first), Ok(second)) => {
                    (repositories, releases, seen) = (first.items, second.items, Some(revision));
                }
                (Err(error), _) | (_, Err(error)) => {
                    tracing::error!(%error, "the repositories cannot be read");
                }
            }
            let names: BTreeSet<String> = repositories.iter().map(|one| one.metadata.name.clone()).collect();
            known.retain(|name, _| names.contains(name));
            state.catalogue.retain(&names);
            resolved.retain(|name, _| releases.iter().any(|one| one.metadata.name == *name));
            failed.retain(|name, _| releases.iter().any(|one| one.metadata.name == *name));
        }
        let now = Instant::now();
        let mut next = now + REST;
        for repository in &repositories {
            let name = &repository.metadata.name;
            if running.contains(name) {
                continue;
            }
            let asked = state.catalogue.is_asked(name);
            let Some(at) = due(repository, known.get(name), asked, now) else { continue };
            if at > now {
                next = next.min(at);
                continue;
            }
            state.catalogue.begun(name);
            running.insert(name.clone());
            let (state, name) = (state.clone(), name.clone());
            let (uid, generation) = (repository.metadata.uid.clone(), repository.metadata.generation);
            looks.spawn(async move {
                if let Err(refusal) = refresh(&state, &name).await {
                    tracing::warn!(repository = name, error = %refusal.0, "a repository was not looked at");
                }
                (name, Last { at: Instant::now(), uid, generation })
            });
        }
        for release in &releases {
            let name = &release.metadata.name;
            if release.metadata.deletion_timestamp.is_some() || resolving.contains_key(name) {
                continue;
            }
            let offered = repositories.iter().find(|one| one.metadata.name == release.spec.repository);
            let digest = offered.map(|one| one.status.digest.clone()).unwrap_or_default();
            let what = (release.metadata.uid.clone(), release.metadata.generation, digest);
            if resolved.get(name) == Some(&what) {
                match failed.get(name) {
                    Some(at) if *at <= now => {}
                    Some(at) => {
                        next = next.min(*at);
                        continue;
                    }
                    None => continue,
                }
            }
            resolving.insert(name.clone(), what);
            let (state, name) = (state.clone(), name.clone());
            resolutions.spawn(async move {
                let good = resolve::release(&state, &name).await;
                let good = good.unwrap_or_else(|refusal| {
                    tracing::warn!(release = name, error = %refusal.0, "a release was not looked at");
                    false
                });
                (name, good)
            });
        }
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep_until(next) => {}
            () = state.catalogue.wake.notified() => {}
            _ = revisions.changed() => {}
            Some(ended) = looks.join_next(), if !looks.is_empty() => match ended {
                Ok((name, last)) => {
                    running.remove(&name);
                    known.insert(name, last);
                }
                Err(error) => {
                    // Which one is not known: each may be looked at again, one at a time in any case.
                    tracing::error!(%error, "a look at a repository broke");
                    running.clear();
                }
            },
            Some(ended) = resolutions.join_next(), if !resolutions.is_empty() => match ended {
                Ok((name, good)) => {
                    if let Some(what) = resolving.remove(&name) {
                        resolved.insert(name.clone(), what);
                    }
                    match good {
                        true => failed.remove(&name),
                        false => failed.insert(name, Instant::now() + RETRY),
                    };
                }
                Err(error) => {
                    tracing::error!(%error, "a look at a release broke");
                    resolving.clear();
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

    #[test]
    fn a_repository_is_looked_at_at_once_then_at_intervals_and_soon_when_asked() {
        let now = Instant::now();
        let spec = serde_json::from_value(json!({"url": "https://example.com", "intervalSeconds": 60}));
        let mut one = Repository::new("stable", spec.unwrap());
        (one.metadata.uid, one.metadata.generation) = ("u".into(), 1);
        let last = |uid: &str, generation| Last { at: now, uid: uid.into(), generation };
        assert_eq!(due(&one, None, false, now), Some(now));
        assert_eq!(due(&one, Some(&last("u", 1)), false, now), Some(now + Duration::from_secs(60)));
        assert_eq!(due(&one, Some(&last("u", 1)), true, now), Some(now + GAP));
        assert_eq!(due(&one, Some(&last("u", 0)), false, now), Some(now + GAP), "it was changed");
        assert_eq!(due(&one, Some(&last("other", 1)), false, now), Some(now), "it is another of that name");
    }
}
