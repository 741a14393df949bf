//! Which object: the identity that survives its content.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A Kubernetes object's identity.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    /// `v1`, `apps/v1`, …
    pub api_version: String,
    /// `StatefulSet`, …
    pub kind: String,
    /// Empty for what belongs to no namespace.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// Why something in an intent is no object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("object {index} of the intent has no {field}; the server must name it")]
pub struct Unnamed {
    index: usize,
    field: &'static str,
}

impl Key {
    /// Reads the identity of the object at `index` of an intent.
    ///
    /// # Errors
    /// When apiVersion, kind or name is missing.
    pub fn of(object: &Value, index: usize) -> Result<Key, Unnamed> {
        let text = |pointer: &str, field| {
            object
                .pointer(pointer)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
                .ok_or(Unnamed { index, field })
        };
        Ok(Key {
            api_version: text("/apiVersion", "apiVersion")?,
            kind: text("/kind", "kind")?,
            namespace: text("/metadata/namespace", "").unwrap_or_default(),
            name: text("/metadata/name", "metadata.name")?,
        })
    }

    /// The part before the slash of apiVersion; empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// Whether both are the same object, perhaps in two versions of its API (`policy/v1beta1` and `policy/v1`).
    pub fn same_object(&self, other: &Key) -> bool {
        self.group() == other.group()
            && self.kind == other.kind
            && self.namespace == other.namespace
            && self.name == other.name
    }

    /// In which order objects are applied: what others need comes first. Removal goes backwards.
    pub fn tier(&self) -> u8 {
        match (self.group(), self.kind.as_str()) {
            ("", "Namespace") => 0,
            ("apiextensions.k8s.io", _) => 1,
            ("", "ServiceAccount")
            | ("policy", "PodSecurityPolicy")
            | ("storage.k8s.io" | "scheduling.k8s.io" | "node.k8s.io", _)
            | ("", "ResourceQuota" | "LimitRange") => 2,
            ("rbac.authorization.k8s.io", "ClusterRole" | "Role") => 3,
            ("rbac.authorization.k8s.io", _) => 4,
            ("", "Secret" | "ConfigMap") => 5,
            ("", "PersistentVolume" | "PersistentVolumeClaim") => 6,
            ("", "Service") | ("networking.k8s.io", _) => 7,
            ("admissionregistration.k8s.io" | "apiregistration.k8s.io", _) => 9,
            _ => 8,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() {
            write!(f, "{} {}", self.kind, self.name)
        } else {
            write!(f, "{} {}/{}", self.kind, self.namespace, self.name)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn key(api_version: &str, kind: &str) -> Key {
        Key::of(&json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}}), 0).unwrap()
    }

    #[test]
    fn what_others_need_is_applied_first() {
        let order = [
            key("v1", "Namespace"),
            key("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
            key("v1", "ServiceAccount"),
            key("rbac.authorization.k8s.io/v1", "Role"),
            key("rbac.authorization.k8s.io/v1", "RoleBinding"),
            key("v1", "Secret"),
            key("v1", "PersistentVolumeClaim"),
            key("v1", "Service"),
            key("apps/v1", "StatefulSet"),
        ];
        assert!(order.windows(2).all(|pair| pair[0].tier() < pair[1].tier()));
        assert_eq!(key("example.org/v1", "Thing").tier(), key("apps/v1", "StatefulSet").tier());
    }

    #[test]
    fn an_object_without_a_name_is_pointed_at() {
        let error = Key::of(&json!({"apiVersion": "v1", "kind": "Secret"}), 7).unwrap_err();
        assert!(error.to_string().contains("object 7") && error.to_string().contains("metadata.name"));
    }

    #[test]
    fn two_versions_of_an_api_are_one_object() {
        assert!(key("policy/v1beta1", "X").same_object(&key("policy/v1", "X")));
        assert!(!key("v1", "X").same_object(&key("apps/v1", "X")));
    }
}
