//! Writing to the store: the newest word on each object, tried again until it is written.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use nagaya_api::{
    ApiError, BundleVersion, Kind, Template,
    kinds::{bundle::BundleStatus, cluster::ClusterStatus, group::GroupStatus, workspace::WorkspaceStatus},
};
use nagaya_store::{
    AuditFilter, CLUSTER_FINALIZER, HOME_FINALIZER, Outcome, Owners, Store, StoreError, Writer,
};
use nagaya_tunnel::backoff;
use serde_json::Value;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    intent::RelayMaterial,
    trust::{enrolment_key, farewell_key, join_options_secret},
};

/// Statuses written in one transaction at most. Each transaction waits for the disk once, and one bundle that changes on
/// a thousand clusters has a thousand statuses; but whoever else writes waits meanwhile.
const TOGETHER: usize = 32;
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
    /// Of a whole status: the kind and uid that it is of, and the status as it is stored.
    fn status(&self) -> Option<(Kind, &str, serde_json::Result<Value>)> {
        match self {
            Self::Workspace { uid, status } => Some((Kind::Workspace, uid, serde_json::to_value(status))),
            Self::Cluster { uid, status } => Some((Kind::Cluster, uid, serde_json::to_value(status))),
            Self::Group { uid, status } => Some((Kind::Group, uid, serde_json::to_value(status))),
            Self::Bundle { uid, status } => Some((Kind::Bundle, uid, serde_json::to_value(status))),
            _ => None,
        }
    }

    /// Whether it is a whole status.
    fn is_status(&self) -> bool {
        matches!(
            self,
            Self::Workspace { .. } | Self::Cluster { .. } | Self::Group { .. } | Self::Bundle { .. }
        )
    }

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

    /// The first write, and statuses that follow it if it is one.
    fn next(&self) -> Vec<(Key, Write)> {
        let mut waiting = self.waiting();
        let mut next = Vec::from_iter(waiting.pop_first());
        let together = |(_, write): &(Key, Write)| write.is_status();
        while next.len() < TOGETHER && next.first().is_some_and(together) {
            match waiting.first_entry() {
                Some(entry) if entry.get().is_status() => next.push(entry.remove_entry()),
                _ => break,
            }
        }
        next
    }
}

/// Writes until `cancel`, and then what still waits, once.
pub(crate) async fn write(store: Store, writes: Writes, cancel: CancellationToken) {
    let mut failures = 0;
    loop {
        let next = writes.next();
        let Some((first, _)) = next.first() else {
            tokio::select! {
                () = writes.0.bell.notified() => continue,
                () = cancel.cancelled() => return,
            }
        };
        let name = first.1.clone();
        match some(&store, &next).await {
            Ok(()) => failures = 0,
            Err(StoreError::NotFound { .. }) => {} // It is gone, and with it what was to be said.
            Err(error) => {
                tracing::warn!(name, %error, "a write failed; it is tried again");
                next.into_iter().for_each(|(key, write)| writes.back(key, write));
                if cancel.is_cancelled() {
                    return;
                }
                tokio::time::sleep(backoff::pause(failures, BACKOFF_MIN, BACKOFF_MAX, rand::random())).await;
                failures += 1;
            }
        }
    }
}

/// Writes what [`Writes::next`] gave: statuses in one transaction, anything else by itself.
async fn some(store: &Store, writes: &[(Key, Write)]) -> Result<(), StoreError> {
    let mut statuses = Vec::with_capacity(writes.len());
    for ((_, name), write) in writes {
        let Some((kind, uid, status)) = write.status() else {
            return one(store, name, write.clone()).await;
        };
        let status = status.map_err(|error| ApiError::internal(error.to_string()))?;
        statuses.push((kind, name.clone(), uid.to_owned(), status));
    }
    let work = store.write(Writer::system("control", Timestamp::now()), move |tx| {
        Box::pin(async move {
            for (kind, name, uid, status) in statuses {
                // One of the same name that came since is not what was spoken of.
                tx.set_status_of(kind, &name, &uid, status).await?;
            }
            Ok(())
        })
    });
    work.await
}

async fn one(store: &Store, name: &str, write: Write) -> Result<(), StoreError> {
    let now = Timestamp::now();
    let writer = Writer::system("control", now);
    match write {
        // Those are written together, by `some`.
        Write::Workspace { .. } | Write::Cluster { .. } | Write::Group { .. } | Write::Bundle { .. } => {
            Ok(())
        }
        Write::Template { workspaces } => {
            let change = move |object: &mut Template| object.status.workspaces = workspaces;
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
        Cluster, Resource, Workspace,
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

        let cluster = Cluster::new("java", ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() });
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

    #[tokio::test]
    async fn statuses_are_written_together_and_only_to_whom_they_are_of() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), Timestamp::now()).await.unwrap();
        let writer = || Writer::system("test", Timestamp::now());
        let writes = Writes::default();
        let mut uids = Vec::new();
        for at in 0..TOGETHER + 2 {
            let cluster =
                Cluster::new(&format!("c{at}"), ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() });
            uids.push(store.create(writer(), cluster).await.unwrap().metadata.uid.clone());
        }
        let status = |message: &str| {
            Box::new(ClusterStatus { message: message.to_owned(), ..ClusterStatus::default() })
        };
        writes.ask("gone", Write::Cluster { uid: "gone".into(), status: status("new") });
        writes.ask("t", Write::Template { workspaces: 1 });
        for (at, uid) in uids.into_iter().enumerate() {
            let uid = if at == 0 { "another's".to_owned() } else { uid };
            writes.ask(&format!("c{at}"), Write::Cluster { uid, status: status("new") });
        }
        let first = writes.next();
        assert_eq!(first.len(), TOGETHER);
        some(&store, &first).await.unwrap();
        let second = writes.next();
        assert_eq!(second.len(), 3, "what is no status is not among them");
        some(&store, &second).await.unwrap();
        assert!(matches!(&writes.next()[..], [(_, Write::Template { .. })]));
        let said = store.list::<Cluster>(&Default::default()).await.unwrap().items;
        let unsaid = said.iter().filter(|cluster| cluster.status.message != "new");
        assert_eq!(unsaid.map(|cluster| cluster.metadata.name.as_str()).collect::<Vec<_>>(), ["c0"]);
    }
}
