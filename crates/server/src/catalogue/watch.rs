//! When each repository is looked at, and when the charts of releases and templates are looked for.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use nagaya_api::{Kind, Release, Repository, Resource, Template};
use nagaya_store::{Filter, StoreError};
use tokio::{task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{refresh, resolve, template};
use crate::ServerState;

/// Shortest time from the end of one look to the next, however often somebody asks.
const GAP: Duration = Duration::from_secs(2);
/// How long nothing may be due.
const REST: Duration = Duration::from_secs(3600);
/// A chart that could not be had is looked for again after this.
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

/// What a release or template was last looked at for.
type Seen = (String, i64, String);
/// Kind and name.
type Key = (Kind, String);

/// Something that names a chart.
struct Names {
    key: Key,
    uid: String,
    generation: i64,
    repository: String,
}

impl Names {
    fn of(object: &impl Resource, repository: &str) -> Option<Names> {
        let (kind, meta) = (kind_of(object), object.meta());
        meta.deletion_timestamp.is_none().then(|| Names {
            key: (kind, meta.name.clone()),
            uid: meta.uid.clone(),
            generation: meta.generation,
            repository: repository.to_owned(),
        })
    }
}

fn kind_of<R: Resource>(_: &R) -> Kind {
    R::KIND
}

/// Everything that charts are looked for, and where they come from.
async fn read(state: &ServerState) -> Result<(Vec<Repository>, Vec<Names>), StoreError> {
    let all = Filter::default();
    let repositories = state.store.list::<Repository>(&all).await?.items;
    let releases = state.store.list::<Release>(&all).await?.items;
    let templates = state.store.list::<Template>(&all).await?.items;
    let charted = templates.iter().filter_map(|one| Names::of(one, &one.spec.chart.as_ref()?.repository));
    let named = releases.iter().filter_map(|one| Names::of(one, &one.spec.repository)).chain(charted);
    Ok((repositories, named.collect()))
}

/// Looks for the chart of one of them. Returns whether it was found.
async fn resolved(state: &ServerState, (kind, name): &Key) -> bool {
    let good = match kind {
        Kind::Template => template::template(state, name).await,
        _ => resolve::release(state, name).await,
    };
    good.unwrap_or_else(|refusal| {
        tracing::warn!(%kind, name, error = %refusal.0, "a chart was not looked for");
        false
    })
}

/// Keeps all repositories read and all charts of releases and templates found, until cancelled. One that does not answer holds up no other.
pub async fn watch(state: ServerState, cancel: CancellationToken) {
    if state.config.charts.is_none() {
        return;
    }
    let mut revisions = state.store.revisions();
    let mut known: BTreeMap<String, Last> = BTreeMap::new();
    let mut running: BTreeSet<String> = BTreeSet::new();
    let mut looks: JoinSet<(String, Last)> = JoinSet::new();
    let mut looked: BTreeMap<Key, Seen> = BTreeMap::new();
    let mut failed: BTreeMap<Key, Instant> = BTreeMap::new();
    let mut resolving: BTreeMap<Key, Seen> = BTreeMap::new();
    let mut resolutions: JoinSet<(Key, bool)> = JoinSet::new();
    let (mut repositories, mut named, mut seen) = (Vec::new(), Vec::new(), None);
    loop {
        let revision = state.store.revision_of(&[Kind::Repository, Kind::Release, Kind::Template]);
        if seen != Some(revision) {
            match read(&state).await {
                Ok((first, second)) => (repositories, named, seen) = (first, second, Some(revision)),
                Err(error) => tracing::error!(%error, "the repositories cannot be read"),
            }
            let names: BTreeSet<String> = repositories.iter().map(|one| one.metadata.name.clone()).collect();
            known.retain(|name, _| names.contains(name));
            state.catalogue.retain(&names);
            looked.retain(|key, _| named.iter().any(|one| one.key == *key));
            failed.retain(|key, _| named.iter().any(|one| one.key == *key));
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
        for one in &named {
            let key = &one.key;
            if resolving.contains_key(key) {
                continue;
            }
            let offered = repositories.iter().find(|other| other.metadata.name == one.repository);
            let digest = offered.map(|one| one.status.digest.clone()).unwrap_or_default();
            let what = (one.uid.clone(), one.generation, digest);
            if looked.get(key) == Some(&what) {
                match failed.get(key) {
                    Some(at) if *at <= now => {}
                    Some(at) => {
                        next = next.min(*at);
                        continue;
                    }
                    None => continue,
                }
            }
            resolving.insert(key.clone(), what);
            let (state, key) = (state.clone(), key.clone());
            resolutions.spawn(async move {
                let good = resolved(&state, &key).await;
                (key, good)
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
                Ok((key, good)) => {
                    if let Some(what) = resolving.remove(&key) {
                        looked.insert(key.clone(), what);
                    }
                    match good {
                        true => failed.remove(&key),
                        false => failed.insert(key, Instant::now() + RETRY),
                    };
                }
                Err(error) => {
                    tracing::error!(%error, "a look for a chart broke");
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
