//! Bundle: Kubernetes objects that every cluster of a group must have.

mod check;
mod status;

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::object::resource;
pub use check::{MAX_BYTES, MAX_NAME, MAX_OBJECTS, check_contents};
pub use status::{
    BundleCluster, BundleDrift, BundleState, BundleStatus, BundleSummary, DriftEvent, VersionLine,
};

/// For what a bundle's objects are repeated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum Each {
    /// Nothing: once a cluster.
    #[default]
    Cluster,
    /// Each team whose namespace is on the cluster; `metadata.namespace` is then filled in where it is absent.
    Team,
}

impl Each {
    /// Whether it is the default.
    pub fn is_cluster(&self) -> bool {
        *self == Self::Cluster
    }
}

/// Which objects of a bundle; what is empty says any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObjectTarget {
    /// Their kind, for instance `ResourceQuota`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Their name, before variables are filled in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Their namespace, as the bundle says it, before variables are filled in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub namespace: String,
}

impl ObjectTarget {
    /// Whether a bundle's object is meant.
    pub fn matches(&self, object: &Value) -> bool {
        let is = |wanted: &str, pointer: &str| {
            wanted.is_empty() || object.pointer(pointer).and_then(Value::as_str) == Some(wanted)
        };
        is(&self.kind, "/kind")
            && is(&self.name, "/metadata/name")
            && is(&self.namespace, "/metadata/namespace")
    }
}

/// What is different on some clusters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Override {
    /// Label selector over clusters; empty for all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub clusters: String,
    /// Which objects.
    #[serde(default)]
    pub target: ObjectTarget,
    /// RFC 7396 merge patch over each of them.
    #[schema(value_type = Object)]
    pub patch: Value,
}

/// Fields that others own once an object is there, for instance the replicas that an autoscaler sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IgnoreRule {
    /// Of which objects.
    #[serde(default)]
    pub target: ObjectTarget,
    /// Paths of the fields, for instance `.spec.replicas` or `.metadata.annotations["example.com/owner"]`.
    pub fields: Vec<String>,
}

/// How a new version reaches the clusters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Rollout {
    /// How many clusters that have the new version may be not ready at one time: a number, or a part of the
    /// clusters (`25%`, rounded down). At least 1 in any case.
    #[serde(skip_serializing_if = "MaxUnready::is_default")]
    #[schema(value_type = String)]
    pub max_unready: MaxUnready,
    /// Label selectors over clusters: those of the first get the new version first. What none selects is the last wave.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waves: Vec<String>,
    /// Whether clusters keep the version that they have.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
}

impl Rollout {
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// `3` or `25%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "NumberOrText", into = "NumberOrText")]
pub enum MaxUnready {
    /// So many clusters.
    Clusters(u32),
    /// So many of a hundred, 1 to 100.
    Percent(u8),
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum NumberOrText {
    Number(u32),
    Text(String),
}

impl Default for MaxUnready {
    fn default() -> Self {
        Self::Percent(25)
    }
}

impl MaxUnready {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// How many of `targets` clusters.
    pub fn of(self, targets: usize) -> usize {
        let many = match self {
            Self::Clusters(number) => usize::try_from(number).unwrap_or(usize::MAX),
            Self::Percent(part) => targets * usize::from(part) / 100,
        };
        many.max(1)
    }
}

/// A text that says no such limit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`maxUnready`: \"{0}\" is no number of clusters: write a number from 1, or a part from 1% to 100%")]
pub struct NotALimit(String);

impl FromStr for MaxUnready {
    type Err = NotALimit;

    fn from_str(text: &str) -> Result<Self, NotALimit> {
        let bad = || NotALimit(text.to_owned());
        match text.strip_suffix('%') {
            Some(part) => {
                let part = part.parse().ok().filter(|part| (1..=100).contains(part));
                part.map(Self::Percent).ok_or_else(bad)
            }
            None => {
                let number = text.parse().ok().filter(|number| *number > 0);
                number.map(Self::Clusters).ok_or_else(bad)
            }
        }
    }
}

impl TryFrom<NumberOrText> for MaxUnready {
    type Error = NotALimit;

    fn try_from(value: NumberOrText) -> Result<Self, NotALimit> {
        match value {
            NumberOrText::Number(number) => number.to_string().parse(),
            NumberOrText::Text(text) => text.parse(),
        }
    }
}

impl From<MaxUnready> for NumberOrText {
    fn from(value: MaxUnready) -> Self {
        match value {
            MaxUnready::Clusters(number) => Self::Number(number),
            MaxUnready::Percent(part) => Self::Text(format!("{part}%")),
        }
    }
}

/// What is wanted of a bundle. Administrators can read all of it: secrets in plain text do not belong here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BundleSpec {
    /// Names of Groups; a cluster in any of them gets the objects.
    pub groups: Vec<String>,
    /// For what the objects are repeated.
    #[serde(default, skip_serializing_if = "Each::is_cluster")]
    pub each: Each,
    /// Kubernetes objects, at most 1,000 and 1 MiB together. Texts in them may name variables, `${cluster.name}`.
    #[schema(value_type = Vec<Object>)]
    pub objects: Vec<Value>,
    /// What is different on some clusters, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// Fields that others own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<IgnoreRule>,
    /// How a new version reaches the clusters.
    #[serde(default, skip_serializing_if = "Rollout::is_default")]
    pub rollout: Rollout,
}

resource!(
    /// Kubernetes objects that every cluster of its groups must have.
    Bundle, BundleSpec, BundleStatus,
    check: check::check
);

#[cfg(test)]
mod tests;
