//! What operations on releases need of a cluster.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::Value;

use super::key::Key;

/// Why the cluster did not do something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It could not be asked, or was too busy: the same may work in a moment.
    #[error("{0}")]
    Passing(String),
    /// Somebody else was there first: it is there already, or was changed since it was looked at.
    #[error("{0}")]
    Taken(String),
    /// It has no such kind.
    #[error("{0}")]
    NoKind(String),
    /// It refuses, and would again.
    #[error("{0}")]
    Refused(String),
}

/// Whether an object does what it is there for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// It does.
    Ready,
    /// Not yet, and why.
    NotYet(String),
    /// It will not any more, and why.
    Never(String),
}

/// A cluster, as somebody who may do certain things in it.
#[async_trait]
pub trait Cluster: Send + Sync {
    /// The object as it is; none when it, or its kind, is not there.
    async fn get(&self, key: &Key) -> Result<Option<Value>, Fault>;

    /// Makes the object, which must not be there.
    async fn create(&self, key: &Key, object: &Value) -> Result<Value, Fault>;

    /// Puts the object in the place of the one that has the resourceVersion that it names.
    async fn replace(&self, key: &Key, object: &Value) -> Result<Value, Fault>;

    /// Server-side apply as field manager `helm`, taking fields from others.
    async fn apply(&self, key: &Key, object: &Value) -> Result<Value, Fault>;

    /// Merges `patch` into the object (RFC 7396).
    async fn patch(&self, key: &Key, patch: &Value) -> Result<Value, Fault>;

    /// Removes the object if it still is the one with `uid`, with its dependents in the background. Not to find it is no
    /// error.
    async fn delete(&self, key: &Key, uid: &str) -> Result<(), Fault>;

    /// The Secrets with Helm's records of a release.
    async fn records(&self, namespace: &str, release: &str) -> Result<Vec<Value>, Fault>;

    /// Whether an object that is there does what it is there for.
    fn readiness(&self, key: &Key, live: &Value) -> Readiness;

    /// Whether a hook that is there has come to its end.
    fn completion(&self, key: &Key, live: &Value) -> Readiness;

    /// The time.
    fn now(&self) -> Timestamp;

    /// Waits.
    async fn pause(&self, time: Duration);
}
