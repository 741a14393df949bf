//! Image: what a template's desktop is started from.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Cause, object::resource};

/// What is wanted of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImageSpec {
    /// What it holds, in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The OCI image that clusters pull, for instance `registry.nagaya.internal/java:1`.
    pub reference: String,
}

/// What is known of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ImageStatus {}

resource!(
    /// What a template's desktop is started from.
    Image, ImageSpec, ImageStatus,
    check: |image| {
        let reference = &image.spec.reference;
        if reference.is_empty() {
            return vec![Cause::required("spec.reference", "name an OCI image, for instance registry.nagaya.internal/java:1")];
        }
        if reference.chars().any(|c| c.is_whitespace() || c.is_ascii_uppercase() && !reference.contains(':')) {
            return vec![Cause::invalid("spec.reference", format!("\"{reference}\" is not an OCI image reference"), "write host/name:tag")];
        }
        Vec::new()
    }
);
