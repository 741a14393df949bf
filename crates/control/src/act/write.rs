//! Writing to the store: the newest word on each object, tried again until it is written.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use nagaya_api::{
    Bundle, BundleVersion, Cluster, Group, Kind, Template, Workspace,
    kinds::{bundle::BundleStatus, cluster::ClusterStatus, group::GroupStatus, workspace::WorkspaceStatus},
};
use nagaya_store::{
    AuditFilter, CLUSTER_FINALIZER, HOME_FINALIZER, Outcome, Owners, Store, StoreError, Writer,
};
use nagaya_tunnel::backoff;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    intent::RelayMaterial,
    trust::{enrolment_key, farewell_key, join_options_secret},
};

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
            release(store, writer, Kind::Workspace, name, uid, HOME_FINALIZER).await
        }
        Write::ReleaseCluster { uid } => {
            release(store, writer, Kind::Cluster, name, uid, CLUSTER_FINALIZER).await
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

/// Removes a finalizer from this very object: another one of its name, made meanwhile, keeps its own. With the object
/// goes what is kept of it beside it, in the same step.
async fn release(
    store: &Store,
    writer: Writer,
    kind: Kind,
    name: &str,
    uid: String,
    finalizer: &'static str,
) -> Result<(), StoreError> {
    let name = name.to_owned();
    let work = store.write(writer, move |tx| {
        Box::pin(async move {
            let mut object = tx.need(kind, &name).await?;
            if object.metadata.uid != uid || object.metadata.deletion_timestamp.is_none() {
                return Ok(());
            }
            object.metadata.finalizers.retain(|one| one != finalizer);
            if tx.update(object, Owners::ByChange).await?.1 != Outcome::Deleted {
                return Ok(());
            }
            if kind == Kind::Workspace {
                return tx.secret_delete(&relay_secret(&uid)).await;
            }
            // A cluster that is given its name later has an agent of its own to let in.
            tx.meta_delete(&enrolment_key(&name)).await?;
            tx.meta_delete(&farewell_key(&name)).await?;
            tx.secret_delete(&join_options_secret(&name)).await?;
            tx.join_tokens_end(&name).await
        })
    });
    work.await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::SignedDuration;
    use nagaya_api::{
        Resource,
        kinds::{
            cluster::{ClusterSpec, Provider},
            workspace::WorkspaceSpec,
        },
    };

    use super::*;

    async fn doomed<R: Resource>(store: &Store, mut object: R, finalizer: &str) -> String {
        let writer = || Writer::system("test", Timestamp::now());
        let name = object.meta().name.clone();
        object.meta_mut().finalizers = vec![finalizer.to_owned()];
        store.create(writer(), object).await.unwrap();
        store.delete::<R>(writer(), &name).await.unwrap().0.meta().uid.clone()
    }

    #[tokio::test]
    async fn what_is_kept_of_an_object_goes_with_it_and_not_before() {
        let dir = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        let store = Store::open(dir.path(), now).await.unwrap();
        let named = |name: &str| name.to_owned();
        let spec =
            WorkspaceSpec { owner: named("o"), team: named("t"), template: named("t"), ..Default::default() };
        let workspace = Workspace::new("w", spec);
        let uid = doomed(&store, workspace, HOME_FINALIZER).await;
        store.secret_put(&relay_secret(&uid), b"key", now).await.unwrap();
        let another = Write::ReleaseWorkspace { uid: "another's".into() };
        one(&store, "w", another).await.unwrap();
        assert!(store.secret_get(&relay_secret(&uid)).await.unwrap().is_some());
        one(&store, "w", Write::ReleaseWorkspace { uid: uid.clone() }).await.unwrap();
        assert!(store.get::<Workspace>("w").await.unwrap().is_none());
        assert!(store.secret_get(&relay_secret(&uid)).await.unwrap().is_none());

        let cluster = Cluster::new("java", ClusterSpec { provider: Provider::Import, local: None });
        let uid = doomed(&store, cluster, CLUSTER_FINALIZER).await;
        store.meta_set(&enrolment_key("java"), "{}", now).await.unwrap();
        store.secret_put(&join_options_secret("java"), b"{}", now).await.unwrap();
        store.meta_set(&farewell_key("java"), "told", now).await.unwrap();
        let writer = Writer::system("test", now);
        let (_, token) =
            store.join_token_create(writer, "java", SignedDuration::from_hours(1)).await.unwrap();
        one(&store, "java", Write::ReleaseCluster { uid }).await.unwrap();
        assert!(store.get::<Cluster>("java").await.unwrap().is_none());
        assert_eq!(store.meta_get(&enrolment_key("java")).await.unwrap(), None);
        assert_eq!(store.meta_get(&farewell_key("java")).await.unwrap(), None);
        assert!(store.secret_get(&join_options_secret("java")).await.unwrap().is_none());
        assert!(store.join_token_redeem(&token, "key", now).await.unwrap().is_err());
    }
}
