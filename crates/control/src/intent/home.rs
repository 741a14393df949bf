//! The home: a claim that outlives everything else of its workspace.

use std::collections::BTreeMap;

use nagaya_api::{Template, Workspace, agent::PRUNE_ANNOTATION, quantity::Bytes};
use serde_json::{Value, json};

use super::{IntentSettings, metadata};

/// Name of the claim of a workspace's home.
pub fn claim_name(workspace: &str) -> String {
    format!("home-{workspace}")
}

/// How large the home is: what was set when the workspace was created.
pub(super) fn size(workspace: &Workspace, templates: &BTreeMap<String, Template>) -> Option<Bytes> {
    let of_template = || templates.get(&workspace.spec.template).map(|template| template.spec.home_size);
    workspace.spec.home_size.or_else(of_template)
}

pub(super) fn claim(workspace: &Workspace, size: Bytes, settings: &IntentSettings) -> Value {
    let mut metadata = metadata(workspace, &claim_name(&workspace.metadata.name));
    metadata["annotations"] = json!({ PRUNE_ANNOTATION: "keep" });
    let mut spec = json!({
        "accessModes": ["ReadWriteOnce"],
        "resources": { "requests": { "storage": size.to_string() } },
    });
    if !settings.storage_class.is_empty() {
        spec["storageClassName"] = settings.storage_class.as_str().into();
    }
    json!({ "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": spec })
}
