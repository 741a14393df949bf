//! What is known of a bundle.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::condition::Condition;

/// Where a bundle stands on one cluster.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
pub enum BundleState {
    /// It has not got the newest version yet: its turn has not come, or the rollout is paused.
    #[default]
    Waiting,
    /// It is being given the version.
    Applying,
    /// All objects are there, and ready as far as they can be.
    Ready,
    /// All objects are there, but not all are ready; see message.
    NotReady,
    /// An object could not be made from the bundle, or the cluster refused it; see message.
    Failed,
    /// Another bundle, or Nagaya itself, keeps one of its objects; see message.
    Conflict,
    /// The cluster's agent is away.
    Unreachable,
}

/// One change that somebody else made to an object of a bundle, and that was undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DriftEvent {
    /// `Kind namespace/name`.
    pub object: String,
    /// The field manager that did it, as far as Kubernetes tells, for instance `kubectl-edit`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub manager: String,
    /// Fields that differed; empty when the object was removed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// What others changed of a bundle's objects on a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct BundleDrift {
    /// How often something was undone.
    pub count: u64,
    /// The last time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<DriftEvent>,
}

impl BundleDrift {
    fn is_none(&self) -> bool {
        self.count == 0
    }
}

/// A bundle on one cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct BundleCluster {
    /// Name of the cluster.
    pub cluster: String,
    /// The version it was given; 0: none yet.
    pub version: u64,
    /// Where it stands.
    pub state: BundleState,
    /// Why, in English: object, field, mend.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// Objects it should have.
    pub objects: u32,
    /// Of them those that are there and ready.
    pub ready: u32,
    /// Since when the state is what it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
    /// What others changed, and was undone.
    #[serde(skip_serializing_if = "BundleDrift::is_none")]
    pub drift: BundleDrift,
    /// The values that the version's variables had there, of those that come from labels and annotations.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
}

/// One version of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct VersionLine {
    /// Its number, from 1.
    pub version: u64,
    /// The bundle's generation it was made of.
    pub generation: i64,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// Who changed the bundle.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// What they said about it: the bundle's annotation `nagaya.dev/message` then.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// A bundle's clusters counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct BundleSummary {
    /// Clusters that should have it.
    pub targets: u32,
    /// Of them those that have the newest version and are ready.
    pub ready: u32,
    /// Those that have the newest version.
    pub updated: u32,
    /// Those that are neither ready nor waiting for their turn.
    pub unready: u32,
}

/// What is known of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct BundleStatus {
    /// The generation of the spec that this is about.
    pub observed_generation: i64,
    /// The newest version.
    pub version: u64,
    /// Versions that are kept, newest first.
    pub versions: Vec<VersionLine>,
    /// The clusters that should have it, by name.
    pub clusters: Vec<BundleCluster>,
    /// Those counted.
    pub summary: BundleSummary,
    /// Conditions.
    pub conditions: Vec<Condition>,
}
