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
use crate::{ServerState, looks::Looks};

/// How long nothing may be due.
const REST: Duration = Duration::from_secs(3600);
/// A release whose chart could not be had is looked at again after this.
const RETRY: Duration = Duration::from_secs(30);

/// What a release was last looked at for.
type Seen = (String, i64, String);

/// Keeps all repositories read and all releases resolved, until cancelled. One that does not answer holds up no other.
pub async fn watch(state: ServerState, cancel: CancellationToken) {
    if state.config.charts.is_none() {
        return;
    }
    let mut revisions = state.store.revisions();
    let mut looks = Looks::default();
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
            looks.retain(&state.catalogue.asked, |name| names.contains(name));
            state.catalogue.retain(&names);
            resolved.retain(|name, _| releases.iter().any(|one| one.metadata.name == *name));
            failed.retain(|name, _| releases.iter().any(|one| one.metadata.name == *name));
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
            () = state.catalogue.asked.wait() => {}
            _ = revisions.changed() => {}
            () = looks.ended() => {}
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
