//! What is seen: the cluster's objects by watches, the disk by looking.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt, stream};
use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim};
use k8s_openapi::api::storage::v1::StorageClass;
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, Client};
use tokio::time::timeout;

use super::model::{self, Claim, Class, Home, Volume};
use super::plan::World;
use crate::watch::{Mirror, backoff};

/// Events taken in at once.
const BURST: usize = 1024;

#[expect(
    clippy::large_enum_variant,
    reason = "an event lives for one turn of the loop; boxing each costs more"
)]
enum Change {
    Class(Event<StorageClass>),
    Claim(Event<PersistentVolumeClaim>),
    Volume(Event<PersistentVolume>),
}

/// The cluster's side of the world, kept up to date.
pub(super) struct Cluster {
    changes: BoxStream<'static, Vec<Result<Change, watcher::Error>>>,
    classes: Mirror<Class>,
    claims: Mirror<Claim>,
    volumes: Mirror<Volume>,
    purged_claims: BTreeSet<String>,
}

impl Cluster {
    pub(super) fn watch(client: Client) -> Self {
        let config = watcher::Config::default;
        let classes = backoff(watcher(Api::<StorageClass>::all(client.clone()), config()));
        let claims = backoff(watcher(Api::<PersistentVolumeClaim>::all(client.clone()), config()));
        let volumes = backoff(watcher(Api::<PersistentVolume>::all(client), config()));
        let changes = stream::select(
            classes.map_ok(Change::Class).boxed(),
            stream::select(claims.map_ok(Change::Claim), volumes.map_ok(Change::Volume)),
        );
        Self {
            changes: changes.ready_chunks(BURST).boxed(),
            classes: Mirror::new(),
            claims: Mirror::new(),
            volumes: Mirror::new(),
            purged_claims: BTreeSet::new(),
        }
    }

    /// Waits for the next changes, or for `longest`.
    pub(super) async fn changed(&mut self, longest: Duration) {
        let Ok(Some(burst)) = timeout(longest, self.changes.next()).await else { return };
        for change in burst {
            match change {
                Ok(Change::Class(event)) => drop(self.classes.apply(event, model::class)),
                Ok(Change::Claim(event)) => {
                    if let Event::Delete(object) = &event
                        && let Some(claim) = model::claim(object).filter(|claim| claim.purge)
                    {
                        self.purged_claims.insert(claim.id.uid);
                    }
                    self.claims.apply(event, model::claim);
                }
                Ok(Change::Volume(event)) => drop(self.volumes.apply(event, model::volume)),
                Err(error) => {
                    tracing::warn!(%error, "watching the cluster was interrupted; it is tried again")
                }
            }
        }
    }

    /// Whether everything has been seen once. Before that, what is not seen may all the same be there.
    pub(super) fn synced(&self) -> bool {
        self.classes.synced() && self.claims.synced() && self.volumes.synced()
    }

    pub(super) fn world(&self, homes: Vec<Home>, waiting: BTreeSet<String>) -> World {
        World {
            classes: self
                .classes
                .facts()
                .iter()
                .map(|((_, name), class)| (name.clone(), class.clone()))
                .collect(),
            claims: self.claims.facts().values().cloned().collect(),
            volumes: self.volumes.facts().values().cloned().collect(),
            homes,
            purged_claims: self.purged_claims.clone(),
            waiting,
        }
    }
}
