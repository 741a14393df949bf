//! The StatefulSet of one that runs a workspace.

use nagaya_api::{
    Image, Template, Workspace,
    agent::{TEMPLATE_HASH_ANNOTATION, WORKSPACE_LABEL},
    kinds::workspace::WorkspaceState,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{World, labels, metadata, pod};

pub(super) fn stateful_set(
    workspace: &Workspace,
    template: &Template,
    image: &Image,
    world: &World<'_>,
) -> Value {
    let pod = pod::spec(workspace, template, image, world);
    let hash = hash(&pod);
    let mut metadata = metadata(workspace, &workspace.metadata.name);
    metadata["annotations"] = json!({ TEMPLATE_HASH_ANNOTATION: hash });
    let replicas = i32::from(workspace.spec.state == WorkspaceState::Running);
    json!({
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": metadata,
        "spec": {
            "serviceName": workspace.metadata.name,
            "replicas": replicas,
            "revisionHistoryLimit": 1,
            // What changes waits for the next start: nobody's desktop ends because a template changed.
            "updateStrategy": { "type": "OnDelete" },
            // A pod that never got ready must not hold back its own end.
            "podManagementPolicy": "Parallel",
            "selector": { "matchLabels": { WORKSPACE_LABEL: workspace.metadata.name } },
            "template": {
                "metadata": { "labels": labels(workspace), "annotations": { TEMPLATE_HASH_ANNOTATION: hash } },
                "spec": pod,
            },
        },
    })
}

/// What of a pod its owner would notice. Probes differ by the cluster's version: an upgrade must not mark every
/// workspace as outdated.
fn hash(pod: &Value) -> String {
    let mut pod = pod.clone();
    if let Some(containers) = pod["containers"].as_array_mut() {
        for container in containers {
            if let Some(container) = container.as_object_mut() {
                container.remove("readinessProbe");
            }
        }
    }
    Sha256::digest(pod.to_string()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
