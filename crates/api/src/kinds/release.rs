//! Release: a chart that is installed, on one cluster or on each of a group.

mod check;
mod status;
mod values;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bundle::{IgnoreRule, Rollout};
pub use crate::agent::{HistoryLine, ObjectLine, ReleaseState, ReleaseTestLine};
use crate::object::resource;
pub use check::{MAX_BYTES, MAX_NAME, MAX_RELEASE_NAME, MAX_TIMEOUT};
pub(super) use check::{check_namespace, check_values, check_version};
pub use status::{RESOLVED, ReleaseCluster, ReleaseStatus, ReleaseSummary, ReleaseVersionLine};
pub(super) use values::check_chart_values;
pub use values::{ChartValues, MASK, NotAPath, SecretPath, Values, layered, mask, put_secret};

/// Annotation of a Release that counts how often a person asked to try again.
pub const ATTEMPT_ANNOTATION: &str = "nagaya.dev/attempt";
/// Annotation of a Release that counts how often a person asked to run the chart's tests.
pub const TEST_ANNOTATION: &str = "nagaya.dev/test";
/// Annotation of a Release with the number of the version that it was rolled back to. The version made of it keeps that.
pub const ROLLBACK_ANNOTATION: &str = "nagaya.dev/rollback";
/// Annotation of a Release with words about its change, which the version made of it keeps.
pub const MESSAGE_ANNOTATION: &str = "nagaya.dev/message";

/// A value that is sealed in Nagaya's store and filled in on the way to the cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretValue {
    /// Where it goes in the values, for instance `controller.admin.password`; `\.` is a dot within a name.
    pub path: String,
    /// The name it is sealed under: `nagaya release secret RELEASE NAME`.
    pub secret: String,
}

/// What is wanted of a release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReleaseSpec {
    /// Name of the team whose it is; absent: operations'.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Name of the Repository.
    pub repository: String,
    /// Name of the chart in it.
    pub chart: String,
    /// Its version, or a constraint such as `^5.1` or `>=1.2 <2`: the newest that fits is taken, also later on. Empty: the newest.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// Name of the Cluster it goes to. Either this or `group`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Name of the Group whose clusters it goes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The Kubernetes namespace it goes to.
    pub namespace: String,
    /// What Helm calls it; empty: as this object.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub release_name: String,
    /// Whether the namespace is made when it is not there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub create_namespace: bool,
    /// Values that differ from those of chart, group and cluster; null takes one away.
    #[serde(default, skip_serializing_if = "Values::is_empty")]
    #[schema(value_type = Object)]
    pub values: Values,
    /// Values that are sealed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretValue>,
    /// Whether an upgrade that fails is rolled back, and an install that fails removed.
    #[serde(default = "yes")]
    pub atomic: bool,
    /// Whether a revision is only done once its objects are ready.
    #[serde(default = "yes")]
    pub wait: bool,
    /// How long one step may take, in seconds.
    #[serde(default = "five_minutes")]
    pub timeout_seconds: u32,
    /// Whether the chart's hooks run.
    #[serde(default = "yes")]
    pub hooks: bool,
    /// Whether the chart's CRDs are installed.
    #[serde(default = "yes")]
    pub crds: bool,
    /// Whether it is left as it is for now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
    /// Fields of its objects that others own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<IgnoreRule>,
    /// How a new version reaches the clusters of a group.
    #[serde(default, skip_serializing_if = "Rollout::is_default")]
    pub rollout: Rollout,
}

fn yes() -> bool {
    true
}

fn five_minutes() -> u32 {
    300
}

impl Default for ReleaseSpec {
    fn default() -> Self {
        Self {
            team: None,
            repository: String::new(),
            chart: String::new(),
            version: String::new(),
            cluster: None,
            group: None,
            namespace: String::new(),
            release_name: String::new(),
            create_namespace: false,
            values: Values::new(),
            secrets: Vec::new(),
            atomic: true,
            wait: true,
            timeout_seconds: five_minutes(),
            hooks: true,
            crds: true,
            suspended: false,
            ignore: Vec::new(),
            rollout: Rollout::default(),
        }
    }
}

resource!(
    /// A chart that is installed, on one cluster or on each of a group.
    Release, ReleaseSpec, ReleaseStatus,
    check: check::check,
    change: check::check_change
);

impl Release {
    /// What Helm calls it.
    pub fn release_name(&self) -> &str {
        if self.spec.release_name.is_empty() { &self.metadata.name } else { &self.spec.release_name }
    }

    /// How often a person asked to try again.
    pub fn attempt(&self) -> u32 {
        self.count(ATTEMPT_ANNOTATION)
    }

    /// How often a person asked to run the tests.
    pub fn test(&self) -> u32 {
        self.count(TEST_ANNOTATION)
    }

    /// A number that stands in an annotation; 0: none does.
    fn count(&self, annotation: &str) -> u32 {
        self.metadata.annotations.get(annotation).and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    /// The name that a secret of it is sealed under in the store.
    pub fn secret_name(release: &str, secret: &str) -> String {
        format!("release/{release}/{secret}")
    }
}

#[cfg(test)]
mod tests;
