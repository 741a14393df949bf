//! Reading the whole world from the store.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;
use nagaya_api::{Kind, RawObject, Release, Resource, Workspace};
use nagaya_store::{Filter, List, Store, StoreError, Writer};

use crate::{
    act::relay_secret,
    error::ControlError,
    intent::RelayMaterial,
    model::{Event, World},
    release::Secrets,
};

/// The world, and the revision from which a watch misses nothing of it.
pub(super) async fn world(store: &Store) -> Result<(World, u64), StoreError> {
    let all = Filter::default();
    let mut world = World::default();
    let mut oldest = u64::MAX;
    world.clusters = named(store.list(&all).await?, &mut oldest);
    world.teams = named(store.list(&all).await?, &mut oldest);
    world.images = named(store.list(&all).await?, &mut oldest);
    world.templates = named(store.list(&all).await?, &mut oldest);
    world.workspaces = named(store.list(&all).await?, &mut oldest);
    world.groups = named(store.list(&all).await?, &mut oldest);
    world.versions = named(store.list(&all).await?, &mut oldest);
    world.bundles = named(store.list(&all).await?, &mut oldest);
    world.release_versions = named(store.list(&all).await?, &mut oldest);
    world.releases = named(store.list(&all).await?, &mut oldest);
    Ok((world, oldest))
}

fn named<R: Resource>(list: List<R>, oldest: &mut u64) -> BTreeMap<String, R> {
    *oldest = (*oldest).min(list.revision);
    list.items.into_iter().map(|object| (object.meta().name.clone(), object)).collect()
}

/// The relays' certificates of these workspaces, as far as there are any.
pub(super) async fn relays<'a>(
    store: &Store,
    workspaces: impl Iterator<Item = &'a Workspace>,
) -> Result<BTreeMap<String, RelayMaterial>, ControlError> {
    let mut relays = BTreeMap::new();
    for workspace in workspaces {
        let uid = &workspace.metadata.uid;
        let Some(sealed) = store.secret_get(&relay_secret(uid)).await? else { continue };
        match serde_json::from_slice(&sealed) {
            Ok(material) => {
                relays.insert(uid.clone(), material);
            }
            // Another one is made in its place.
            Err(error) => {
                tracing::warn!(workspace = workspace.metadata.name, %error, "a relay's certificate does not read")
            }
        }
    }
    Ok(relays)
}

/// What is sealed of a release.
pub(super) async fn secrets(store: &Store, release: &str) -> Result<Secrets, StoreError> {
    let prefix = Release::secret_name(release, "");
    let mut secrets = Secrets::default();
    for name in store.secret_names(&prefix).await? {
        let Some(value) = store.secret_get(&name).await? else { continue };
        let short = name.strip_prefix(&prefix).unwrap_or(&name).to_owned();
        secrets.0.insert(short, String::from_utf8_lossy(&value).into_owned());
    }
    Ok(secrets)
}

/// Forgets the certificates of relays whose workspace is gone: purged by a server that kept them, or issued while the
/// workspace went.
pub(super) async fn forget_relays<'a>(
    store: &Store,
    workspaces: impl Iterator<Item = &'a Workspace>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let wanted: BTreeSet<String> =
        workspaces.map(|workspace| relay_secret(&workspace.metadata.uid)).collect();
    let mut names = store.secret_names(&relay_secret("")).await?;
    names.retain(|name| !wanted.contains(name));
    if names.is_empty() {
        return Ok(());
    }
    tracing::info!(count = names.len(), "forgetting the certificates of relays whose workspace is gone");
    let work = store.write(Writer::system("control", now), move |tx| {
        Box::pin(async move {
            for name in &names {
                tx.secret_delete(name).await?;
            }
            Ok(())
        })
    });
    work.await
}

/// After a watch was lost: everything that is, as events, and the revision to watch from. `known` says what was known
/// before, by kind, name and uid.
pub(super) async fn again(
    store: &Store,
    known: Vec<(Kind, String, String)>,
) -> Result<(Vec<Event>, u64), StoreError> {
    let mut events = Vec::new();
    let mut oldest = u64::MAX;
    for kind in World::KINDS {
        let list = store.list_raw(kind, &Filter::default(), |_| true).await?;
        oldest = oldest.min(list.revision);
        for (_, name, uid) in known.iter().filter(|(of, _, _)| *of == kind) {
            if !list.items.iter().any(|object| object.metadata.uid == *uid) {
                events.push(Event::Removed(Arc::new(gone(kind, name, uid))));
            }
        }
        events.extend(list.items.into_iter().map(|object| Event::Stored(Arc::new(object))));
    }
    Ok((events, oldest))
}

fn gone(kind: Kind, name: &str, uid: &str) -> RawObject {
    let mut metadata = nagaya_api::ObjectMeta::named(name);
    metadata.uid = uid.to_owned();
    RawObject {
        api_version: nagaya_api::API_VERSION.to_owned(),
        kind,
        metadata,
        spec: serde_json::Value::Null,
        status: serde_json::Value::Null,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn at_the_start_the_certificates_of_relays_that_are_gone_are_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        let store = Store::open(dir.path(), now).await.unwrap();
        for name in ["relay/here", "relay/gone", "ca/authority"] {
            store.secret_put(name, b"key", now).await.unwrap();
        }
        let mut workspace = Workspace::new("w", nagaya_api::kinds::workspace::WorkspaceSpec::default());
        workspace.metadata.uid = "here".into();
        forget_relays(&store, std::iter::once(&workspace), now).await.unwrap();
        assert_eq!(store.secret_names("").await.unwrap(), ["ca/authority", "relay/here"]);
    }
}
