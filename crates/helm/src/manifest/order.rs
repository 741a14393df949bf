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

fn place(kind: &str) -> Option<usize> {
    INSTALL.iter().position(|known| *known == kind)
}

/// Uninstalling goes backwards, but services go before what runs behind them.
fn place_backwards(kind: &str) -> Option<(usize, bool)> {
    match kind {
        "Service" => place("CronJob").map(|place| (place, true)),
        _ => place(kind).map(|place| (place, false)),
    }
}

fn compare(a: &str, b: &str, backwards: bool) -> Ordering {
    match (place(a), place(b)) {
        (Some(_), Some(_)) if backwards => place_backwards(b).cmp(&place_backwards(a)),
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
