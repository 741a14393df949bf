//! What the server tells of charts, and of what a release would be.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::kinds::release::{ReleaseSpec, Values};

/// A chart in the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ChartLine {
    /// Its repository.
    pub repository: String,
    /// Its name.
    pub name: String,
    /// Its newest version.
    pub version: String,
    /// The version of what that installs.
    pub app_version: String,
    /// What it is, in a sentence.
    pub description: String,
    /// Whether it has an icon: `GET /charts/{repository}/{chart}/icon`.
    pub icon: bool,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// Whether its makers advise against it.
    pub deprecated: bool,
    /// How many versions there are.
    pub versions: u32,
    /// How many releases of it there are that the caller sees.
    pub installed: u32,
}

/// Charts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ChartList {
    /// The charts, by name.
    pub items: Vec<ChartLine>,
}

/// One version of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ChartVersionLine {
    /// The version.
    pub version: String,
    /// The version of what it installs.
    pub app_version: String,
    /// When it was made, as its repository says.
    pub created: String,
    /// SHA-256 of its archive, as its repository says; empty when it does not.
    pub digest: String,
    /// What it is, in a sentence.
    pub description: String,
    /// Whether its makers advise against it.
    pub deprecated: bool,
}

/// The versions of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ChartVersions {
    /// The versions, newest first.
    pub versions: Vec<ChartVersionLine>,
}

/// Who looks after a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ChartMaintainer {
    /// Name.
    pub name: String,
    /// Mail address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// Page.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
}

/// A chart that is part of another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ChartDependency {
    /// Name.
    pub name: String,
    /// The version that is asked for.
    pub version: String,
    /// Where it is from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub repository: String,
    /// The value that says whether it is part.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub condition: String,
    /// What it is called there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub alias: String,
}

/// Something that another version brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ChartChange {
    /// `added`, `changed`, `fixed`, …; empty when the chart does not say.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// What.
    pub description: String,
}

/// A chart of one version, looked into.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ChartDetail {
    /// Its repository.
    pub repository: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The version of what it installs.
    pub app_version: String,
    /// SHA-256 of its archive, in hexadecimal.
    pub digest: String,
    /// What it is, in a sentence.
    pub description: String,
    /// `application` or `library`; a library cannot be installed.
    #[serde(rename = "type")]
    pub kind: String,
    /// The Kubernetes versions it is for.
    pub kube_version: String,
    /// Its page.
    pub home: String,
    /// Where its source is.
    pub sources: Vec<String>,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// Who looks after it.
    pub maintainers: Vec<ChartMaintainer>,
    /// Whether it has an icon.
    pub icon: bool,
    /// Whether its makers advise against it.
    pub deprecated: bool,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
    /// Its README, Markdown; it is not to be trusted.
    pub readme: String,
    /// Its values.yaml, as it is.
    pub values: String,
    /// Its values' JSON schema, if it has one.
    #[schema(value_type = Option<Object>)]
    pub schema: Option<Value>,
    /// What this version brought, as its annotation `artifacthub.io/changes` says.
    pub changes: Vec<ChartChange>,
    /// Charts that are part of it.
    pub dependencies: Vec<ChartDependency>,
    /// Names of the CRDs it brings.
    pub crds: Vec<String>,
}

/// What is asked of a preview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreviewRequest {
    /// The release as it would be.
    pub spec: ReleaseSpec,
    /// For which cluster of its group; none: the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
}

/// Why nothing can be rendered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct PreviewError {
    /// The chart's file; empty when it is about none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// The line in it; 0: not known.
    pub line: u32,
    /// The value or field it is about.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mend: String,
}

/// A value that the chart's schema does not accept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SchemaError {
    /// Where in the values: `controller.replicas`.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

/// An object that would be there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct PreviewDocument {
    /// The template it comes from.
    pub source: String,
    /// Its kind.
    pub kind: String,
    /// Its namespace; empty for what has none, or when the chart leaves it to the release.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The object, YAML.
    pub text: String,
}

/// Something that runs before or after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct PreviewHook {
    /// When: `pre-install`, `post-upgrade`, `test`, …
    pub events: Vec<String>,
    /// In which order.
    pub weight: i32,
    /// The object.
    pub document: PreviewDocument,
}

/// What becomes of an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PreviewVerb {
    /// It is made.
    Added,
    /// It goes.
    Removed,
    /// It changes.
    Changed,
    /// It stays as it is.
    #[default]
    Same,
}

/// An object that runs now or would.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct PreviewChange {
    /// `Kind namespace/name`.
    pub object: String,
    /// What becomes of it.
    pub change: PreviewVerb,
    /// As the release has it now, YAML; empty when it is new.
    pub before: String,
    /// As it would be, YAML; empty when it goes.
    pub after: String,
}

/// A value that a layer says and another one above hides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct HiddenValue {
    /// `chart`, `group NAME`, `cluster NAME`.
    pub layer: String,
    /// What it says.
    #[schema(value_type = Object)]
    pub value: Value,
}

/// Where a value comes from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ValueLayer {
    /// Where in the values: `controller.replicas`; a dot within a name is `\.`.
    pub path: String,
    /// `group NAME`, `cluster NAME`, `release` or `secret`. What no layer but the chart says is not listed.
    pub layer: String,
    /// What it is.
    #[schema(value_type = Object)]
    pub value: Value,
    /// What stands below it, the nearest first.
    pub hides: Vec<HiddenValue>,
}

/// What a release would be. Sealed values are masked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Preview {
    /// The chart's version that was resolved.
    pub version: String,
    /// The cluster it was made for.
    pub cluster: String,
    /// Why nothing could be rendered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<PreviewError>,
    /// What the chart's schema says against the values.
    pub schema: Vec<SchemaError>,
    /// The objects.
    pub documents: Vec<PreviewDocument>,
    /// What runs before and after.
    pub hooks: Vec<PreviewHook>,
    /// What the chart would tell.
    pub notes: String,
    /// The difference to what the release has on the cluster.
    pub changes: Vec<PreviewChange>,
    /// What else is to be known: the cluster is away, so its version is guessed, and the like.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Where values come from.
    pub layers: Vec<ValueLayer>,
}

/// A release's values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ReleaseValues {
    /// The cluster they are for.
    pub cluster: String,
    /// What the layers say; with `all`, the chart's own beneath. Sealed values are masked.
    #[schema(value_type = Object)]
    pub values: Values,
    /// Where they come from.
    pub layers: Vec<ValueLayer>,
}

/// What a release is to be rolled back to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RollbackRequest {
    /// Number of the version; 0: the one before the newest.
    #[serde(default)]
    pub version: u64,
}

/// How the tests of a release went on a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TestResult {
    /// The cluster.
    pub cluster: String,
    /// Whether all of them passed.
    pub passed: bool,
    /// Each of them.
    pub tests: Vec<TestLine>,
    /// Why they could not be run.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// One test of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TestLine {
    /// `Pod namespace/name`.
    pub object: String,
    /// Whether it passed.
    pub passed: bool,
    /// Why not.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// The end of what it printed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub log: String,
}

/// How the tests of a release went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TestResults {
    /// By cluster.
    pub clusters: Vec<TestResult>,
}

/// Credentials for a repository.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RepositorySecret {
    /// User.
    pub user: String,
    /// Password or token; empty: what was sealed is forgotten.
    pub password: String,
}
