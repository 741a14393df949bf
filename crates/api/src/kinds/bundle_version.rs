//! BundleVersion: what a bundle was at one time. Only the server makes them; they never change.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::bundle::{Bundle, Each, IgnoreRule, Override, check_contents};
use crate::object::resource;

/// The content of one version of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BundleVersionSpec {
    /// Name of the bundle.
    pub bundle: String,
    /// Uid of the bundle: another one of its name has versions of its own.
    pub uid: String,
    /// Its number, from 1.
    pub version: u64,
    /// The bundle's generation it was made of.
    pub generation: i64,
    /// Who changed the bundle; empty when that is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// What they said about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    // From here on the fields are BundleSpec's. Shared by `serde(flatten)` they could not refuse unknown fields.
    /// For what the objects are repeated.
    #[serde(default, skip_serializing_if = "Each::is_cluster")]
    pub each: Each,
    /// Kubernetes objects.
    #[schema(value_type = Vec<Object>)]
    pub objects: Vec<Value>,
    /// What is different on some clusters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// Fields that others own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<IgnoreRule>,
}

/// What is known of a version: nothing beyond its content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct BundleVersionStatus {}

resource!(
    /// What a bundle was at one time.
    BundleVersion, BundleVersionSpec, BundleVersionStatus,
    check: |version| check_contents(&version.spec.objects, &version.spec.overrides, &version.spec.ignore)
);

impl BundleVersion {
    /// The name of a version.
    pub fn name_of(bundle: &str, version: u64) -> String {
        format!("{bundle}-v{version}")
    }

    /// Whether a bundle asks for what this holds.
    pub fn is_content_of(&self, bundle: &Bundle) -> bool {
        let (own, asked) = (&self.spec, &bundle.spec);
        own.each == asked.each
            && own.objects == asked.objects
            && own.overrides == asked.overrides
            && own.ignore == asked.ignore
    }
}
