//! Which cluster an agent speaks for: not only what its certificate says, but where it runs.
//!
//! A certificate lies in a Secret, and Secrets are copied: a cluster is cloned, restored from a backup, or built anew under
//! its old name. So the first agent of a cluster binds the uid of its namespace `kube-system` to the cluster's name, and
//! one that comes from elsewhere is not taken until a person says that the new place is meant.

use std::net::SocketAddr;

use jiff::{SignedDuration, Timestamp};
use nagaya_store::{Store, StoreError};
use nagaya_tunnel::AgentHello;
use serde::{Deserialize, Serialize};

/// How long a person's word that another cluster is meant waits for that one: as long as a join token.
const WORD: SignedDuration = SignedDuration::from_hours(1);

/// What a cluster is known by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Known {
    cluster_uid: String,
    /// Until when another one may take its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replace_until: Option<Timestamp>,
}

/// What an agent is found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognition {
    /// The first of its cluster, or of the one that took its place.
    Bound {
        /// The cluster.
        cluster: String,
        /// Whether another one was known before.
        replaced: bool,
    },
    /// One of another cluster: it is not taken.
    Other {
        /// The cluster it says it is of.
        cluster: String,
        /// The one that is meant, by the uid of its `kube-system`.
        known: String,
        /// The one it is of.
        uid: String,
        /// From where it comes.
        peer: SocketAddr,
    },
}

/// What follows from what is known and what an agent says.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Take,
    Bind,
    Refuse,
}

fn step(known: Option<&Known>, uid: &str, now: Timestamp) -> Step {
    match known {
        // It is too old to say. Such a one is let in as it always was.
        _ if uid.is_empty() => Step::Take,
        None => Step::Bind,
        Some(known) if known.cluster_uid == uid => Step::Take,
        Some(known) if known.replace_until.is_some_and(|until| now < until) => Step::Bind,
        Some(_) => Step::Refuse,
    }
}

/// What the store knows by which cluster an agent must be of.
pub(crate) fn cluster_uid_key(cluster: &str) -> String {
    format!("agent-uid/{cluster}")
}

async fn known(store: &Store, cluster: &str) -> Result<Option<Known>, StoreError> {
    let text = store.meta_get(&cluster_uid_key(cluster)).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

async fn keep(store: &Store, cluster: &str, known: &Known, now: Timestamp) -> Result<(), StoreError> {
    let text = serde_json::to_string(known).unwrap_or_default();
    store.meta_set(&cluster_uid_key(cluster), &text, now).await
}

/// A person says that another cluster than the one that was known is meant from now on: the next one that shows a
/// certificate of `cluster` within an hour takes its place.
///
/// # Errors
/// When the store fails.
pub async fn replace_cluster(store: &Store, cluster: &str, now: Timestamp) -> Result<(), StoreError> {
    let Some(known) = known(store, cluster).await? else { return Ok(()) };
    let until = now.saturating_add(WORD).unwrap_or(now);
    keep(store, cluster, &Known { replace_until: Some(until), ..known }, now).await
}

/// Recognises agents, one after the other where something is to be written.
#[derive(Debug, Default)]
pub(super) struct Recogniser(tokio::sync::Mutex<()>);

impl Recogniser {
    /// Whether the agent is taken, and what is to be told of it.
    pub(super) async fn look(
        &self,
        store: &Store,
        cluster: &str,
        hello: &AgentHello,
        peer: SocketAddr,
        now: Timestamp,
    ) -> Result<Option<Recognition>, StoreError> {
        let uid = hello.cluster_uid.as_str();
        if uid.is_empty() || step(known(store, cluster).await?.as_ref(), uid, now) == Step::Take {
            return Ok(None);
        }
        // Two that come at the same moment must not both be the first.
        let _alone = self.0.lock().await;
        let known = known(store, cluster).await?;
        let cluster = cluster.to_owned();
        Ok(match step(known.as_ref(), uid, now) {
            Step::Take => None,
            Step::Bind => {
                let bound = Known { cluster_uid: uid.to_owned(), replace_until: None };
                keep(store, &cluster, &bound, now).await?;
                tracing::info!(cluster, uid, %peer, "an agent's cluster is known from now on");
                Some(Recognition::Bound { cluster, replaced: known.is_some() })
            }
            Step::Refuse => {
                let known = known.map(|known| known.cluster_uid).unwrap_or_default();
                Some(Recognition::Other { cluster, known, uid: uid.to_owned(), peer })
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn hello(uid: &str) -> AgentHello {
        AgentHello { agent_id: "a".into(), version: "1".into(), started_ms: 1, cluster_uid: uid.into() }
    }

    #[tokio::test]
    async fn the_first_cluster_is_bound_and_another_one_waits_for_a_persons_word() {
        let dir = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        let store = Store::open(dir.path(), now).await.unwrap();
        let recogniser = Recogniser::default();
        let peer = "10.0.0.1:1".parse().unwrap();
        let look = async |uid: &str, after: i64| {
            let at = now + SignedDuration::from_mins(after);
            recogniser.look(&store, "java", &hello(uid), peer, at).await.unwrap()
        };
        let bound = |replaced| Some(Recognition::Bound { cluster: "java".into(), replaced });
        let other = |known: &str, uid: &str| {
            Some(Recognition::Other { cluster: "java".into(), known: known.into(), uid: uid.into(), peer })
        };
        assert_eq!(look("", 0).await, None, "an older agent does not say");
        assert_eq!(look("one", 0).await, bound(false));
        assert_eq!(look("one", 1).await, None);
        assert_eq!(look("two", 1).await, other("one", "two"));
        replace_cluster(&store, "java", now).await.unwrap();
        assert_eq!(look("one", 2).await, None, "the old one stays until the new one is there");
        assert_eq!(look("two", 61).await, other("one", "two"), "the word has ended");
        replace_cluster(&store, "java", now).await.unwrap();
        assert_eq!(look("two", 3).await, bound(true));
        assert_eq!(look("one", 4).await, other("two", "one"), "one word, one replacement");
    }

    #[tokio::test]
    async fn of_two_clusters_that_come_first_at_the_same_moment_one_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        let store = Store::open(dir.path(), now).await.unwrap();
        let recogniser = Recogniser::default();
        let peer = "10.0.0.1:1".parse().unwrap();
        let (one, two) = (hello("one"), hello("two"));
        let (one, two) = tokio::join!(
            recogniser.look(&store, "java", &one, peer, now),
            recogniser.look(&store, "java", &two, peer, now),
        );
        let refused = [one.unwrap(), two.unwrap()];
        let refused = refused.iter().filter(|found| matches!(found, Some(Recognition::Other { .. })));
        assert_eq!(refused.count(), 1);
    }
}
