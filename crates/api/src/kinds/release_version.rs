//! ReleaseVersion: what a release was at one time. Only the server makes them; they never change.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    bundle::IgnoreRule,
    release::{ReleaseSpec, SecretValue, Values},
};
use crate::{Cause, object::resource};

/// A chart of one version, by what it is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ResolvedChart {
    /// Its repository.
    pub repository: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The version of what it installs.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub app_version: String,
    /// SHA-256 of its archive, in hexadecimal.
    pub digest: String,
}

/// The content of one version of a release.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReleaseVersionSpec {
    /// Name of the release.
    pub release: String,
    /// Uid of the release: another one of its name has versions of its own.
    pub uid: String,
    /// Its number, from 1.
    pub version: u64,
    /// The release's generation it was made of.
    pub generation: i64,
    /// The team whose the release is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Who changed the release; empty when that is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// What they said about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// The version it brings back; 0: none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rollback_to: u64,
    /// The chart.
    pub chart: ResolvedChart,
    // From here on the fields are ReleaseSpec's. Shared by `serde(flatten)` they could not refuse unknown fields.
    /// The version that was asked for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub constraint: String,
    /// Whether the namespace is made.
    #[serde(default)]
    pub create_namespace: bool,
    /// Values.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub values: Values,
    /// Values that are sealed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretValue>,
    /// Whether what fails is undone.
    #[serde(default)]
    pub atomic: bool,
    /// Whether its objects are waited for.
    #[serde(default)]
    pub wait: bool,
    /// How long one step may take, in seconds.
    #[serde(default)]
    pub timeout_seconds: u32,
    /// Whether hooks run.
    #[serde(default)]
    pub hooks: bool,
    /// Whether CRDs are installed.
    #[serde(default)]
    pub crds: bool,
    /// Fields that others own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<IgnoreRule>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde passes it so
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// What is known of a version: nothing beyond its content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ReleaseVersionStatus {}

resource!(
    /// What a release was at one time.
    ReleaseVersion, ReleaseVersionSpec, ReleaseVersionStatus,
    check: |version| {
        let digest = &version.spec.chart.digest;
        if digest.len() == 64 && digest.chars().all(|c| c.is_ascii_hexdigit()) {
            return Vec::new();
        }
        vec![Cause::invalid("spec.chart.digest", "is no SHA-256", "write 64 hexadecimal digits")]
    }
);

impl ReleaseVersion {
    /// The name of a version.
    pub fn name_of(release: &str, version: u64) -> String {
        format!("{release}-v{version}")
    }
}

impl ReleaseVersionSpec {
    /// What a release with this chart is, before it has got a number.
    pub fn of(spec: &ReleaseSpec, chart: ResolvedChart) -> Self {
        Self {
            team: spec.team.clone(),
            chart,
            constraint: spec.version.clone(),
            create_namespace: spec.create_namespace,
            values: spec.values.clone(),
            secrets: spec.secrets.clone(),
            atomic: spec.atomic,
            wait: spec.wait,
            timeout_seconds: spec.timeout_seconds,
            hooks: spec.hooks,
            crds: spec.crds,
            ignore: spec.ignore.clone(),
            ..Self::default()
        }
    }

    /// Whether both bring the same to a cluster. The constraint is not part of that.
    pub fn is_same_content(&self, other: &Self) -> bool {
        self.chart == other.chart
            && self.create_namespace == other.create_namespace
            && self.values == other.values
            && self.secrets == other.secrets
            && (self.atomic, self.wait, self.timeout_seconds)
                == (other.atomic, other.wait, other.timeout_seconds)
            && (self.hooks, self.crds) == (other.hooks, other.crds)
            && self.ignore == other.ignore
    }
}
