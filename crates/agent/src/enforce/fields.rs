//! Who owns which fields, as server-side apply records it.
//!
//! Drift is read from ownership, not from values: Kubernetes normalises values (`1000m` becomes `1`) and fills in
//! defaults, so comparing them finds differences that are none. When somebody else changes a field that we applied,
//! we lose its ownership: what we own is then less than what we applied, exactly at the fields that were changed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ManagedFieldsEntry;
use nagaya_api::agent::FIELD_MANAGER;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The fields one manager set, and when it last did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manager {
    /// Its name, for instance `kubectl-edit`.
    pub name: String,
    /// When it last changed something.
    pub at: Option<Timestamp>,
    /// Paths of the fields it owns.
    pub fields: BTreeSet<String>,
}

/// A number that changes when the fields we own do. 0 when we own none. It is kept beyond the agent's life and compared
/// by later versions of it: made otherwise, it would call everything drifted once.
pub fn owned(managed: &[ManagedFieldsEntry]) -> u64 {
    owned_by(FIELD_MANAGER, managed)
}

/// As [`owned`], of the fields that the field manager `who` applied.
pub fn owned_by(who: &str, managed: &[ManagedFieldsEntry]) -> u64 {
    let mut hasher = Sha256::new();
    let mut any = false;
    for path in applied_by(who, managed).into_iter().flat_map(paths) {
        any = true;
        hasher.update(path);
        hasher.update([0]);
    }
    let first = hasher.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
    if any { first.max(1) } else { 0 }
}

/// Paths of the fields we own.
pub fn our_fields(managed: &[ManagedFieldsEntry]) -> BTreeSet<String> {
    fields_of(FIELD_MANAGER, managed)
}

/// Paths of the fields that the field manager `who` applied.
pub fn fields_of(who: &str, managed: &[ManagedFieldsEntry]) -> BTreeSet<String> {
    applied_by(who, managed).map(paths).unwrap_or_default()
}

/// Everybody else, without what writes only the status.
pub fn others(managed: &[ManagedFieldsEntry]) -> Vec<Manager> {
    others_than(FIELD_MANAGER, managed)
}

/// Everybody but the field manager `who`, without what writes only the status.
pub fn others_than(who: &str, managed: &[ManagedFieldsEntry]) -> Vec<Manager> {
    managed
        .iter()
        .filter(|entry| !is_of(who, entry) && entry.subresource.as_deref().unwrap_or_default().is_empty())
        .map(|entry| Manager {
            name: entry.manager.clone().unwrap_or_default(),
            at: entry.time.as_ref().map(|time| time.0),
            fields: paths(entry),
        })
        .collect()
}

/// Who most likely took the `lost` fields: who owns one of them, else who wrote last.
pub fn culprit(others: &[Manager], lost: &BTreeSet<String>) -> String {
    let owner = others.iter().filter(|manager| manager.fields.iter().any(|field| lost.contains(field)));
    let latest = |managers: Vec<&Manager>| managers.into_iter().max_by_key(|manager| manager.at).cloned();
    latest(owner.collect()).or_else(|| latest(others.iter().collect())).map(|m| m.name).unwrap_or_default()
}

fn applied_by<'a>(who: &str, managed: &'a [ManagedFieldsEntry]) -> Option<&'a ManagedFieldsEntry> {
    managed.iter().find(|entry| is_of(who, entry))
}

fn is_of(who: &str, entry: &ManagedFieldsEntry) -> bool {
    entry.manager.as_deref() == Some(who)
        && entry.operation.as_deref() == Some("Apply")
        && entry.subresource.as_deref().unwrap_or_default().is_empty()
}

fn paths(entry: &ManagedFieldsEntry) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Some(fields) = &entry.fields_v1 {
        walk(&fields.0, String::new(), &mut found);
    }
    found
}

/// Leaves of a FieldsV1 tree as paths: `f:` names a field, `k:` a list's item by its keys, `v:` a set's member.
fn walk(node: &Value, path: String, found: &mut BTreeSet<String>) {
    let children = node.as_object().into_iter().flatten().filter(|(key, _)| *key != ".");
    let mut leaf = true;
    for (key, below) in children {
        leaf = false;
        let step = match key.split_once(':') {
            Some(("f", field)) => format!("{path}.{field}"),
            Some(("k", keys)) => format!("{path}[{}]", item(keys)),
            Some(("v", value)) => format!("{path}[={}]", value.trim_matches('"')),
            _ => format!("{path}[{key}]"),
        };
        walk(below, step, found);
    }
    if leaf && !path.is_empty() {
        found.insert(path);
    }
}

fn item(keys: &str) -> String {
    let Ok(Value::Object(keys)) = serde_json::from_str::<Value>(keys) else { return keys.to_owned() };
    let parts = keys.iter().map(|(key, value)| match value {
        Value::String(text) => format!("{key}={text}"),
        other => format!("{key}={other}"),
    });
    parts.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn entry(manager: &str, operation: &str, at: i64, fields: Value) -> ManagedFieldsEntry {
        serde_json::from_value(json!({
            "manager": manager, "operation": operation, "apiVersion": "apps/v1", "fieldsType": "FieldsV1",
            "time": Timestamp::from_second(at).unwrap().to_string(), "fieldsV1": fields,
        }))
        .unwrap()
    }

    #[test]
    fn what_was_taken_and_by_whom_is_read_from_ownership() {
        let before = vec![entry(
            "nagaya",
            "Apply",
            1,
            json!({"f:spec": {"f:replicas": {}, "f:template": {"f:spec": {"f:containers": {
                "k:{\"name\":\"workspace\"}": {".": {}, "f:image": {}}}}}}}),
        )];
        let after = vec![
            entry(
                "nagaya",
                "Apply",
                1,
                json!({"f:spec": {"f:template": {"f:spec": {"f:containers": {
                    "k:{\"name\":\"workspace\"}": {".": {}, "f:image": {}}}}}}}),
            ),
            entry("kubelet", "Update", 9, json!({"f:metadata": {"f:annotations": {"f:x": {}}}})),
            entry("kubectl-scale", "Update", 5, json!({"f:spec": {"f:replicas": {}}})),
        ];
        assert_ne!(owned(&before), owned(&after));
        let lost: BTreeSet<_> = our_fields(&before).difference(&our_fields(&after)).cloned().collect();
        assert_eq!(lost, BTreeSet::from([".spec.replicas".to_owned()]));
        assert_eq!(culprit(&others(&after), &lost), "kubectl-scale");
        assert!(our_fields(&before).contains(".spec.template.spec.containers[name=workspace].image"));
    }

    #[test]
    fn a_removed_field_has_no_owner_so_the_last_writer_is_named() {
        let managers = others(&[
            entry("a", "Update", 5, json!({"f:spec": {"f:x": {}}})),
            entry("b", "Update", 7, json!({"f:spec": {"f:y": {}}})),
        ]);
        assert_eq!(culprit(&managers, &BTreeSet::from([".metadata.labels.z".to_owned()])), "b");
        assert_eq!(culprit(&[], &BTreeSet::new()), "");
    }

    #[test]
    fn an_object_that_we_own_nothing_of_counts_as_nothing() {
        assert_eq!(owned(&[entry("a", "Update", 5, json!({"f:spec": {}}))]), 0);
        assert_eq!(
            owned(&[entry("nagaya", "Update", 5, json!({"f:spec": {"f:x": {}}}))]),
            0,
            "an update is no apply"
        );
    }
}
