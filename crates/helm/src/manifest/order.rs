//! The order of kinds.

use std::cmp::Ordering;

/// First to last when a release is installed. What is not named comes after, by its kind's name.
const INSTALL: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// Uninstalling goes backwards.
fn place(kind: &str) -> Option<usize> {
    INSTALL.iter().position(|known| *known == kind)
}

fn compare(a: &str, b: &str, backwards: bool) -> Ordering {
    match (place(a), place(b)) {
        (Some(a), Some(b)) if backwards => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}

/// Sorts by kind as Helm installs; those of one kind stay as they are.
pub fn sort_install<T>(items: &mut [T], kind: impl Fn(&T) -> &str) {
    items.sort_by(|a, b| compare(kind(a), kind(b), false));
}

/// Sorts by kind as Helm uninstalls; those of one kind stay as they are.
pub fn sort_uninstall<T>(items: &mut [T], kind: impl Fn(&T) -> &str) {
    items.sort_by(|a, b| compare(kind(a), kind(b), true));
}
