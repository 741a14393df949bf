//! Reading what a repository offers.

use std::sync::Arc;

use jiff::Timestamp;
use nagaya_api::{
    ApiError, Kind, Repository,
    condition::{self, Condition},
    kinds::repository::{RepositoryStatus, is_local, is_oci},
};
use nagaya_helm::source;
use nagaya_store::{StoreError, Writer};

use super::{
    Archives, Index, IndexEntry, config, folder,
    http::{Place, Read},
    index,
    secret::credential,
};
use crate::{ServerState, answer::Answer, sources};

/// The largest index.yaml: that of a large public repository has 20 MB.
const INDEX: usize = 64 << 20;

/// Reads what a repository offers. What goes wrong with it is in its status afterwards.
///
/// # Errors
/// 404, and when the store fails.
pub async fn refresh(state: &ServerState, name: &str) -> Answer<()> {
    let Some(repository) = state.store.get::<Repository>(name).await? else {
        return Err(ApiError::not_found(Kind::Repository, name).into());
    };
    let config = config(state)?;
    let turn = state.catalogue.asked.turn(name);
    let _turn = turn.lock().await;
    let _permit = state.catalogue.reads.acquire().await.ok();
    let read = match attempt(state, &repository).await? {
        Ok(mut index) => {
            index.url.clone_from(&repository.spec.url);
            index.uid.clone_from(&repository.metadata.uid);
            match index.keep(&config.folder, name) {
                Ok(()) => {
                    let index = Arc::new(index);
                    state.catalogue.keep(name, Arc::clone(&index));
                    Ok(index)
                }
                Err(error) => Err(("NotKept", format!("its index cannot be kept: {error}"))),
            }
        }
        Err(why) => Err(("NotFetched", why)),
    };
    let (now, generation) = (state.now(), repository.metadata.generation);
    let told = state
        .store
        .update_status(Writer::system("repository", now), name, move |repository: &mut Repository| {
            tell(&mut repository.status, read, generation, now);
        })
        .await;
    match told {
        Ok(_) | Err(StoreError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn attempt(state: &ServerState, repository: &Repository) -> Answer<Result<Index, String>> {
    let config = config(state)?;
    let (name, url) = (&repository.metadata.name, &repository.spec.url);
    if is_local(url) {
        // Looked at again each time: what a link leads to may have changed.
        let url = match sources::allowed(url, &config.paths) {
            Ok(url) => url,
            Err(why) => {
                return Ok(Err(format!(
                    "{why} (have whoever runs the server name the folder in chartPaths)"
                )));
            }
        };
        let archives = Archives::new(&config.folder);
        let path = url.trim_start_matches("file://").to_owned();
        let read = tokio::task::spawn_blocking(move || folder::read(path.as_ref(), &archives)).await;
        return Ok(read.map_err(|error| ApiError::internal(format!("a look at a folder broke: {error}")))?);
    }
    let credential = credential(state, name, url).await?;
    let place = Place { repository: url, ca: &repository.spec.ca, credential: credential.as_ref() };
    if is_oci(url) {
        let (registry, door) = match super::oci(repository, credential.as_ref()).await {
            Ok(found) => found,
            Err(why) => return Ok(Err(why)),
        };
        let read = of_registry(&registry, &repository.spec.charts).await;
        return Ok(read.map_err(|error| super::refusal(&error, &door)));
    }
    let base = url.trim_end_matches('/').to_owned();
    let Read { bytes, .. } = match place.read(&format!("{base}/index.yaml"), INDEX).await {
        Ok(read) => read,
        Err(why) => return Ok(Err(why)),
    };
    let parsed = tokio::task::spawn_blocking(move || {
        index::parse(&bytes, &base).map_err(|why| format!("index.yaml does not read: {why}"))
    });
    Ok(parsed.await.map_err(|error| ApiError::internal(format!("an index broke: {error}")))?)
}

/// The charts of a registry, which are named since it tells no list of them.
async fn of_registry(registry: &source::Repository, charts: &[String]) -> Result<Index, source::Error> {
    let mut all = Vec::new();
    for chart in charts {
        let versions = registry.versions(chart).await?;
        let entry = |version: String| IndexEntry { version, ..IndexEntry::default() };
        all.push((chart.clone(), versions.into_iter().map(entry).collect()));
    }
    Ok(Index::of(all))
}

fn tell(
    status: &mut RepositoryStatus,
    read: Result<Arc<Index>, (&str, String)>,
    generation: i64,
    now: Timestamp,
) {
    let many = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    status.observed_generation = generation;
    let (good, reason, message) = match read {
        Ok(index) => {
            status.charts = many(index.charts.len());
            status.versions = many(index.versions());
            status.fetched_at = Some(now);
            status.digest = index.digest();
            (true, "Fetched", format!("{} charts in {} versions", status.charts, status.versions))
        }
        Err((reason, why)) => (false, reason, why),
    };
    let ready = Condition {
        kind: "Ready".into(),
        status: good,
        reason: reason.into(),
        message,
        last_transition_time: now,
    };
    condition::set(&mut status.conditions, ready);
}
