//! Which Kubernetes object an object is, whatever version it is written in.

use std::{collections::HashSet, fmt, ops::Deref};

use serde_json::Value;
use sha2::{Digest, Sha256};

/// Identity of an object in a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// API group; empty for the core's.
    pub group: String,
    /// Kind.
    pub kind: String,
    /// Namespace; empty for what has none.
    pub namespace: String,
    /// Name.
    pub name: String,
}

impl Key {
    /// Of an object.
    pub fn of(object: &Value) -> Self {
        let text = |pointer| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let group = text("/apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
        Self {
            group: group.to_owned(),
            kind: text("/kind").to_owned(),
            namespace: text("/metadata/namespace").to_owned(),
            name: text("/metadata/name").to_owned(),
        }
    }
}

/// 128 bits of a SHA-256: two keys with the same one are the same.
pub type KeyPrint = u128;

impl Key {
    /// What it is known by where many are compared.
    pub fn print(&self) -> KeyPrint {
        let mut hasher = Sha256::new();
        for text in [&self.group, &self.kind, &self.namespace, &self.name] {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text);
        }
        let mut print = [0; 16];
        print.copy_from_slice(&hasher.finalize()[..16]);
        KeyPrint::from_le_bytes(print)
    }
}

/// The objects of a bundle on a cluster, in their order.
#[derive(Debug)]
pub struct Keys {
    keys: Box<[Key]>,
    prints: Box<[KeyPrint]>,
}

impl Keys {
    /// Of these.
    pub fn new(keys: Vec<Key>) -> Self {
        Self { prints: keys.iter().map(Key::print).collect(), keys: keys.into() }
    }

    /// The print of each.
    pub fn prints(&self) -> &[KeyPrint] {
        &self.prints
    }

    /// The first of them that is in a set.
    pub fn first_in(&self, set: &HashSet<KeyPrint>) -> Option<&Key> {
        let at = self.prints.iter().position(|print| set.contains(print))?;
        self.keys.get(at)
    }
}

impl Deref for Keys {
    type Target = [Key];

    fn deref(&self) -> &[Key] {
        &self.keys
    }
}

/// As agents name objects in their reports: `Kind namespace/name`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.namespace.as_str() {
            "" => write!(f, "{} {}", self.kind, self.name),
            namespace => write!(f, "{} {namespace}/{}", self.kind, self.name),
        }
    }
}

/// Kinds of Kubernetes itself that have no namespace, with their API group. Which kinds of others have none, only their
/// cluster knows.
const CLUSTER_SCOPED: [(&str, &str); 25] = [
    ("", "Namespace"),
    ("", "Node"),
    ("", "PersistentVolume"),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("apiregistration.k8s.io", "APIService"),
    ("certificates.k8s.io", "CertificateSigningRequest"),
    ("certificates.k8s.io", "ClusterTrustBundle"),
    ("flowcontrol.apiserver.k8s.io", "FlowSchema"),
    ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
    ("networking.k8s.io", "IngressClass"),
    ("networking.k8s.io", "IPAddress"),
    ("networking.k8s.io", "ServiceCIDR"),
    ("node.k8s.io", "RuntimeClass"),
    ("policy", "PodSecurityPolicy"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ("resource.k8s.io", "DeviceClass"),
    ("scheduling.k8s.io", "PriorityClass"),
    ("storage.k8s.io", "CSIDriver"),
    ("storage.k8s.io", "StorageClass"),
    ("storage.k8s.io", "VolumeAttachment"),
];

/// Whether an object is of a kind of Kubernetes itself that has no namespace.
pub fn is_cluster_scoped(object: &Value) -> bool {
    let key = Key::of(object);
    CLUSTER_SCOPED.contains(&(key.group.as_str(), key.kind.as_str()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn key(group: &str, kind: &str, namespace: &str, name: &str) -> Key {
        let [group, kind, namespace, name] = [group, kind, namespace, name].map(str::to_owned);
        Key { group, kind, namespace, name }
    }

    #[test]
    fn keys_are_found_by_their_prints_and_each_part_counts() {
        let keys = Keys::new(vec![key("", "A", "n", "x"), key("", "A", "n", "y"), key("", "A", "ny", "")]);
        let found = |other: Key| keys.first_in(&HashSet::from([other.print()])).cloned();
        assert_eq!(found(key("", "A", "n", "y")), Some(keys[1].clone()));
        assert_eq!(found(key("", "A", "ny", "")), Some(keys[2].clone()));
        for other in [key("A", "", "n", "y"), key("", "A", "", "ny"), key("", "B", "n", "y")] {
            assert_eq!(found(other), None);
        }
        let all = HashSet::from_iter(keys.prints().iter().copied());
        assert_eq!(keys.first_in(&all), Some(&keys[0]), "the first in the bundle's order");
    }
}
