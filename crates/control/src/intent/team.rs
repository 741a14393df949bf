//! A team's namespace and who may do what in it (design rule 9).

use nagaya_api::agent::{MANAGED_BY, MANAGED_BY_LABEL, TEAM_LABEL};
use serde_json::{Value, json};

use crate::version::Minor;

/// The ClusterRole that allows the use of the baseline PodSecurityPolicy; who sets up a cluster of 1.20 to 1.24
/// makes both.
const POLICY_ROLE: &str = "nagaya:psp:baseline";
const RBAC: &str = "rbac.authorization.k8s.io";

/// The namespace, and the rights of the team's people in it.
pub(super) fn objects(namespace: &str, team: &str, version: Minor) -> Vec<Value> {
    let labels = json!({ MANAGED_BY_LABEL: MANAGED_BY, TEAM_LABEL: team });
    let mut of_namespace = labels.clone();
    if version.has_pod_security() {
        of_namespace["pod-security.kubernetes.io/enforce"] = "baseline".into();
        of_namespace["pod-security.kubernetes.io/warn"] = "restricted".into();
    }
    let group = |name: String| json!({ "apiGroup": RBAC, "kind": "Group", "name": name });
    let members = group(format!("nagaya:team:{team}"));
    let binding = |name: &str, role: &str, subjects: Vec<Value>| {
        json!({
            "apiVersion": format!("{RBAC}/v1"),
            "kind": "RoleBinding",
            "metadata": { "name": name, "namespace": namespace, "labels": labels },
            "roleRef": { "apiGroup": RBAC, "kind": "ClusterRole", "name": role },
            "subjects": subjects,
        })
    };
    let mut objects = vec![
        json!({
            "apiVersion": "v1",
            "kind": "Namespace",
            // A namespace takes everything in it with it, homes too: it is never pruned.
            "metadata": { "name": namespace, "labels": of_namespace, "annotations": { nagaya_api::agent::PRUNE_ANNOTATION: "keep" } },
        }),
        binding("nagaya-team", "edit", vec![members.clone()]),
    ];
    if version.has_pod_security_policy() {
        // A policy must allow both who makes a pod and the pod's own service account.
        let accounts = group(format!("system:serviceaccounts:{namespace}"));
        objects.push(binding("nagaya-pod-security", POLICY_ROLE, vec![members, accounts]));
    }
    objects
}

/// Operations hold everything.
pub(super) fn operations() -> Value {
    json!({
        "apiVersion": format!("{RBAC}/v1"),
        "kind": "ClusterRoleBinding",
        "metadata": { "name": "nagaya-operations", "labels": { MANAGED_BY_LABEL: MANAGED_BY } },
        "roleRef": { "apiGroup": RBAC, "kind": "ClusterRole", "name": "cluster-admin" },
        "subjects": [{ "apiGroup": RBAC, "kind": "Group", "name": "nagaya:role:admin" }],
    })
}
