//! A workspace's network: its DNS name, and who may speak to its pod.

use nagaya_api::{
    Workspace,
    agent::{RELAY_PORT, WORKSPACE_LABEL},
};
use serde_json::{Value, json};

use super::metadata;

/// The headless Service that a StatefulSet's pod has its DNS name by.
pub(super) fn service(workspace: &Workspace) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(workspace, &workspace.metadata.name),
        "spec": {
            "clusterIP": "None",
            "selector": { WORKSPACE_LABEL: workspace.metadata.name },
            "ports": [{ "name": "relay", "port": RELAY_PORT, "protocol": "TCP", "targetPort": RELAY_PORT }],
        },
    })
}

/// Lets the agent in, at the relay, and nobody else; what the workspace itself calls is not restricted. Where the
/// cluster's network enforces no policies the relay is the door all the same.
pub(super) fn policy(workspace: &Workspace) -> Value {
    json!({
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(workspace, &workspace.metadata.name),
        "spec": {
            "podSelector": { "matchLabels": { WORKSPACE_LABEL: workspace.metadata.name } },
            "policyTypes": ["Ingress"],
            "ingress": [{
                "from": [agent()],
                "ports": [{ "port": RELAY_PORT, "protocol": "TCP" }],
            }],
        },
    })
}

/// Lets the agent and the release's own pods in to what a chart made, and nobody else. It holds for pods that carry the
/// label which charts give theirs by convention.
pub(super) fn instance_policy(workspace: &Workspace) -> Value {
    let own = json!({ "matchLabels": { "app.kubernetes.io/instance": workspace.metadata.name } });
    json!({
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(workspace, &workspace.metadata.name),
        "spec": {
            "podSelector": own,
            "policyTypes": ["Ingress"],
            "ingress": [{ "from": [agent(), { "podSelector": own }] }],
        },
    })
}

/// The agent's pods.
fn agent() -> Value {
    json!({
        // The agent's manifest sets it; the label that Kubernetes itself gives is there from 1.21 on only.
        // A team's people cannot label namespaces.
        "namespaceSelector": { "matchLabels": { "app.kubernetes.io/part-of": "nagaya" } },
        "podSelector": { "matchLabels": { "app.kubernetes.io/name": "nagaya-agent" } },
    })
}
