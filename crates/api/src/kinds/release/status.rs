//! What is known of a release.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    agent::{HistoryLine, ObjectLine, ReleaseState, ReleaseTestLine},
    condition::Condition,
    kinds::bundle::BundleDrift,
};

/// A release on one cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ReleaseCluster {
    /// Name of the cluster.
    pub cluster: String,
    /// The version of the release it was given; 0: none yet.
    pub version: u64,
    /// Hash of the values of groups and cluster that it was given, which say when those are others by now.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub layers: String,
    /// Where it stands.
    pub state: ReleaseState,
    /// Why, in English: object, field, mend.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// Helm's revision there; 0: none yet.
    pub revision: u32,
    /// As Helm calls its state: `deployed`, `pending-upgrade`, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub helm_status: String,
    /// The chart's version there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub chart_version: String,
    /// The version of what the chart installs.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub app_version: String,
    /// What is being done, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub step: String,
    /// Objects it has.
    pub total: u32,
    /// Of them those that are ready.
    pub ready: u32,
    /// The objects; those that are not ready first. At most 100.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<ObjectLine>,
    /// What the chart tells whoever installed it; secrets are masked.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// Its revisions, newest first; at most 10.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<HistoryLine>,
    /// Which run of its tests `tests` are of; see [`super::TEST_ANNOTATION`].
    #[serde(skip_serializing_if = "is_none")]
    pub tested: u32,
    /// How its tests went, the last time that they ran.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<ReleaseTestLine>,
    /// Since when the state is what it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
    /// What others changed, and was undone.
    #[serde(skip_serializing_if = "undrifted")]
    pub drift: BundleDrift,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde passes it so
fn is_none(number: &u32) -> bool {
    *number == 0
}

fn undrifted(drift: &BundleDrift) -> bool {
    drift.count == 0
}

/// One version of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ReleaseVersionLine {
    /// Its number, from 1.
    pub version: u64,
    /// The release's generation it was made of.
    pub generation: i64,
    /// Version of the chart.
    pub chart_version: String,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// Who changed the release; empty when a new chart version came.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// What they said about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// The version it brought back; 0: none.
    #[serde(skip_serializing_if = "is_zero")]
    pub rollback_to: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde passes it so
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A release's clusters counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ReleaseSummary {
    /// Clusters that should have it.
    pub targets: u32,
    /// Of them those that have the newest version and are ready.
    pub ready: u32,
    /// Those that have the newest version.
    pub updated: u32,
    /// Those where it failed, or is in conflict.
    pub failed: u32,
}

/// The condition that says whether a release's chart was found.
pub const RESOLVED: &str = "Resolved";

impl ReleaseStatus {
    /// Keeps what an earlier status says of the chart: somebody else writes that.
    pub fn keep_resolved(&mut self, earlier: Self) {
        (self.version, self.digest) = (earlier.version, earlier.digest);
        self.observed_generation = self.observed_generation.max(earlier.observed_generation);
        self.conditions.retain(|one| one.kind != RESOLVED);
        self.conditions.extend(earlier.conditions.into_iter().filter(|one| one.kind == RESOLVED));
    }
}

/// What is known of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ReleaseStatus {
    /// The generation of the spec that this is about.
    pub observed_generation: i64,
    /// The chart's version that was resolved.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// SHA-256 of the chart's archive, in hexadecimal.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub digest: String,
    /// Number of the newest version of this release.
    pub latest: u64,
    /// Versions of this release that are kept, newest first.
    pub versions: Vec<ReleaseVersionLine>,
    /// The clusters that should have it, or have it still, by name.
    pub clusters: Vec<ReleaseCluster>,
    /// Those counted.
    pub summary: ReleaseSummary,
    /// Conditions: `Ready`, and `Resolved` (the chart was found).
    pub conditions: Vec<Condition>,
}
