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
use crate::{ServerState, looks::Looks};

/// How long nothing may be due.
const REST: Duration = Duration::from_secs(3600);
/// A chart that could not be had is looked for again after this.
const RETRY: Duration = Duration::from_secs(30);

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
    let mut looks = Looks::default();
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
            looks.retain(&state.catalogue.asked, |name| names.contains(name));
            state.catalogue.retain(&names);
            looked.retain(|key, _| named.iter().any(|one| one.key == *key));
            failed.retain(|key, _| named.iter().any(|one| one.key == *key));
        }
        let now = Instant::now();
        let mut next = now + REST;
        for repository in &repositories {
            let (interval, of) = (repository.spec.interval_seconds, state.clone());
            let look = |name: String| async move {
                if let Err(refusal) = refresh(&of, &name).await {
                    tracing::warn!(repository = name, error = %refusal.0, "a repository was not looked at");
                }
            };
            let at = looks.begin(&repository.metadata, interval, &state.catalogue.asked, now, look);
            next = at.map_or(next, |at| next.min(at));
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
            () = state.catalogue.asked.wait() => {}
            _ = revisions.changed() => {}
            () = looks.ended() => {}
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
