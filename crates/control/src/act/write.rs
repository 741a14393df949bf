//! Writing to the store: the newest word on each object, tried again until it is written.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use nagaya_api::{
    Bundle, BundleVersion, Cluster, Group, Kind, Resource, Template, Workspace,
    kinds::{bundle::BundleStatus, cluster::ClusterStatus, group::GroupStatus, workspace::WorkspaceStatus},
};
use nagaya_store::{AuditFilter, CLUSTER_FINALIZER, HOME_FINALIZER, Store, StoreError, Writer};
use nagaya_tunnel::backoff;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::intent::RelayMaterial;

const BACKOFF_MIN: Duration = Duration::from_millis(100);
const BACKOFF_MAX: Duration = Duration::from_secs(5);

/// What the store knows a relay's certificate by.
pub(crate) fn relay_secret(uid: &str) -> String {
    format!("relay/{uid}")
}

/// One write. A later one of the same kind to the same object takes the place of one that waits.
#[derive(Clone, Debug)]
pub(crate) enum Write {
    Workspace { uid: String, status: Box<WorkspaceStatus> },
    Cluster { uid: String, status: Box<ClusterStatus> },
    Template { workspaces: u32 },
    Group { uid: String, status: Box<GroupStatus> },
    Bundle { uid: String, status: Box<BundleStatus> },
    Version { version: Box<BundleVersion> },
    DropVersion { uid: String },
    ReleaseWorkspace { uid: String },
    ReleaseCluster { uid: String },
    Relay { material: RelayMaterial },
}

impl Write {
    /// Releases come after statuses, certificates before: the order in which they are written.
    fn rank(&self) -> u8 {
        match self {
            Self::Relay { .. } => 0,
            Self::Version { .. } => 1,
            Self::Workspace { .. } => 2,
            Self::Cluster { .. } => 3,
            Self::Template { .. } => 4,
            Self::Group { .. } => 5,
            Self::Bundle { .. } => 6,
            Self::ReleaseWorkspace { .. } => 7,
            Self::ReleaseCluster { .. } => 8,
            Self::DropVersion { .. } => 9,
        }
    }
}

/// Writes that wait.
#[derive(Clone, Debug, Default)]
pub(crate) struct Writes(Arc<Waiting>);

/// Rank and name of what is written to.
type Key = (u8, String);

#[derive(Debug, Default)]
struct Waiting {
    writes: Mutex<BTreeMap<Key, Write>>,
    bell: Notify,
}

impl Writes {
    fn waiting(&self) -> MutexGuard<'_, BTreeMap<Key, Write>> {
        self.0.writes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a write to the object of this name.
    pub(crate) fn ask(&self, name: &str, write: Write) {
        self.waiting().insert((write.rank(), name.to_owned()), write);
        self.0.bell.notify_one();
    }

    /// Puts back a write that failed, unless a later one came.
    fn back(&self, key: Key, write: Write) {
        self.waiting().entry(key).or_insert(write);
    }

    fn next(&self) -> Option<(Key, Write)> {
        self.waiting().pop_first()
    }
}

/// Writes until `cancel`, and then what still waits, once.
pub(crate) async fn write(store: Store, writes: Writes, cancel: CancellationToken) {
    let mut failures = 0;
    loop {
        let Some((key, write)) = writes.next() else {
            tokio::select! {
                () = writes.0.bell.notified() => continue,
                () = cancel.cancelled() => return,
            }
        };
        match one(&store, &key.1, write.clone()).await {
            Ok(()) => failures = 0,
            Err(StoreError::NotFound { .. }) => {} // It is gone, and with it what was to be said.
            Err(error) => {
                tracing::warn!(name = key.1, %error, "a write failed; it is tried again");
                writes.back(key, write);
                if cancel.is_cancelled() {
                    return;
                }
                tokio::time::sleep(backoff::pause(failures, BACKOFF_MIN, BACKOFF_MAX, rand::random())).await;
                failures += 1;
            }
        }
    }
}

async fn one(store: &Store, name: &str, write: Write) -> Result<(), StoreError> {
    let now = Timestamp::now();
    let writer = Writer::system("control", now);
    match write {
        Write::Workspace { uid, status } => {
            let change = move |object: &mut Workspace| {
                if object.metadata.uid == uid {
                    object.status = *status;
                }
            };
            store.update_status(writer, name, change).await.map(drop)
        }
        Write::Cluster { uid, status } => {
            let change = move |object: &mut Cluster| {
                if object.metadata.uid == uid {
                    object.status = *status;
                }
            };
            store.update_status(writer, name, change).await.map(drop)
        }
        Write::Template { workspaces } => {
            let change = move |object: &mut Template| object.status.workspaces = workspaces;
            store.update_status(writer, name, change).await.map(drop)
        }
        Write::Group { uid, status } => {
            let change = move |object: &mut Group| {
                if object.metadata.uid == uid {
                    object.status = *status;
                }
            };
            store.update_status(writer, name, change).await.map(drop)
        }
        Write::Bundle { uid, status } => {
            let change = move |object: &mut Bundle| {
                if object.metadata.uid == uid {
                    object.status = *status;
                }
            };
            store.update_status(writer, name, change).await.map(drop)
        }
        Write::Version { mut version } => {
            version.spec.by = author(store, &version.spec.bundle).await?;
            match store.create(writer, *version).await {
                // The answer to an earlier try was lost.
                Ok(_) | Err(StoreError::AlreadyExists { .. }) => Ok(()),
                Err(error) => Err(error),
            }
        }
        Write::DropVersion { uid } => {
            let name = name.to_owned();
            let kind = Kind::BundleVersion;
            store
                .write(writer, move |tx| {
                    Box::pin(async move {
                        match tx.get(kind, &name).await? {
                            Some(version) if version.metadata.uid == uid => {
                                tx.delete(kind, &name).await.map(drop)
                            }
                            _ => Ok(()),
                        }
                    })
                })
                .await
        }
        Write::ReleaseWorkspace { uid } => {
            release::<Workspace>(store, writer, name, uid, HOME_FINALIZER).await
        }
        Write::ReleaseCluster { uid } => {
            release::<Cluster>(store, writer, name, uid, CLUSTER_FINALIZER).await
        }
        Write::Relay { material } => {
            let sealed = serde_json::to_vec(&material).unwrap_or_default();
            store.secret_put(&relay_secret(name), &sealed, now).await
        }
    }
}

/// Who changed a bundle last, by the audit record; empty when that does not tell.
async fn author(store: &Store, bundle: &str) -> Result<String, StoreError> {
    let filter = AuditFilter {
        kind: Some(Kind::Bundle.name().to_owned()),
        name: Some(bundle.to_owned()),
        limit: 20,
        ..AuditFilter::default()
    };
    let records = store.audit_list(&filter).await?;
    let change = records
        .into_iter()
        .find(|record| record.result == "ok" && ["create", "update"].contains(&record.verb.as_str()));
    Ok(change.map(|record| record.user).unwrap_or_default())
}

/// Removes a finalizer from this very object: another one of its name, made meanwhile, keeps its own.
async fn release<R: Resource>(
    store: &Store,
    writer: Writer,
    name: &str,
    uid: String,
    finalizer: &'static str,
) -> Result<(), StoreError> {
    let change = move |object: &mut R| {
        let meta = object.meta_mut();
        if meta.uid == uid && meta.deletion_timestamp.is_some() {
            meta.finalizers.retain(|one| one != finalizer);
        }
    };
    store.modify(writer, name, change).await.map(drop)
}
