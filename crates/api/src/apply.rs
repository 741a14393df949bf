//! Server-side apply for our own objects: fields have owners, so a console edit and a file disagree visibly.
//!
//! The rule is Kubernetes' (<https://kubernetes.io/docs/reference/using-api/server-side-apply/>), made
//! simpler: maps are merged by key, everything else — lists too — is one atomic field.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The fields one manager set last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ManagedFields {
    /// Who, for instance `console` or `nagaya-cli`.
    pub manager: String,
    /// JSON pointers (RFC 6901) of the leaves set, sorted.
    pub fields: Vec<String>,
}

/// A field that somebody else owns and that the applied object would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldConflict {
    /// JSON pointer of the field.
    pub field: String,
    /// Its owner.
    pub manager: String,
}

/// The parts of an object that have owners.
fn owned(object: &Value) -> Value {
    let mut map = Map::new();
    // An empty spec says as much as none. As one field it would stand for all that others set below it.
    let says_something =
        |spec: &&Value| !spec.is_null() && spec.as_object().is_none_or(|map| !map.is_empty());
    if let Some(spec) = object.get("spec").filter(says_something) {
        map.insert("spec".into(), spec.clone());
    }
    let mut meta = Map::new();
    for part in ["labels", "annotations", "team"] {
        if let Some(value) = object.pointer(&format!("/metadata/{part}")) {
            meta.insert(part.into(), value.clone());
        }
    }
    if !meta.is_empty() {
        map.insert("metadata".into(), Value::Object(meta));
    }
    Value::Object(map)
}

fn leaves(value: &Value, path: &str, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                leaves(value, &format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        _ => {
            out.insert(path.to_owned());
        }
    }
}

fn leaves_of(object: &Value) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    leaves(&owned(object), "", &mut out);
    out.remove("");
    out
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

fn remove(object: &mut Value, pointer: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    let key = key.replace("~1", "/").replace("~0", "~");
    if let Some(Value::Object(map)) = object.pointer_mut(parent) {
        // What was set as an empty map may hold fields by now, which have owners of their own.
        if map.get(&key).and_then(Value::as_object).is_none_or(Map::is_empty) {
            map.remove(&key);
        }
    }
}

/// Sets `fields` as the manager's and takes them from the others.
fn own(managed: &[ManagedFields], manager: &str, fields: BTreeSet<String>) -> Vec<ManagedFields> {
    let mut out: Vec<ManagedFields> =
        managed.iter().filter(|entry| entry.manager != manager).cloned().collect();
    out.retain(|entry| !entry.fields.is_empty());
    out.push(ManagedFields { manager: manager.to_owned(), fields: fields.into_iter().collect() });
    out.sort_by(|a, b| a.manager.cmp(&b.manager));
    out
}

fn without(managed: &mut [ManagedFields], manager: &str, fields: &BTreeSet<String>) {
    for entry in managed.iter_mut().filter(|entry| entry.manager != manager) {
        entry.fields.retain(|field| !fields.contains(field));
    }
}

/// Applies `patch` of `manager` to `live`: sets what it names, removes what the manager set before and names no
/// more. Returns the new object and its field owners.
///
/// # Errors
/// The conflicts, unless `force` is set: fields of other managers that would get another value.
pub fn apply(
    live: &Value,
    managed: &[ManagedFields],
    patch: &Value,
    manager: &str,
    force: bool,
) -> Result<(Value, Vec<ManagedFields>), Vec<FieldConflict>> {
    let fields = leaves_of(patch);
    let patch_owned = owned(patch);
    let mut conflicts = Vec::new();
    for entry in managed.iter().filter(|entry| entry.manager != manager) {
        for field in entry.fields.iter().filter(|field| fields.contains(*field)) {
            if live.pointer(field) != patch_owned.pointer(field) {
                conflicts.push(FieldConflict { field: field.clone(), manager: entry.manager.clone() });
            }
        }
    }
    if !conflicts.is_empty() && !force {
        return Err(conflicts);
    }
    let mut managed = managed.to_vec();
    let lost: BTreeSet<String> = conflicts.into_iter().map(|conflict| conflict.field).collect();
    without(&mut managed, manager, &lost);
    let mut object = live.clone();
    merge(&mut object, &patch_owned);
    if let Some(before) = managed.iter().find(|entry| entry.manager == manager) {
        for field in before.fields.iter().filter(|field| !fields.contains(*field)) {
            let shared = managed.iter().any(|other| other.manager != manager && other.fields.contains(field));
            if !shared {
                remove(&mut object, field);
            }
        }
    }
    Ok((object, own(&managed, manager, fields)))
}

/// Field owners after `manager` changed `old` into `new` by a plain write: it owns what it changed.
pub fn update(old: &Value, new: &Value, managed: &[ManagedFields], manager: &str) -> Vec<ManagedFields> {
    let (before, after) = (leaves_of(old), leaves_of(new));
    let changed: BTreeSet<String> =
        after.iter().filter(|field| old.pointer(field) != new.pointer(field)).cloned().collect();
    let gone: BTreeSet<String> = before.difference(&after).cloned().collect();
    if changed.is_empty() && gone.is_empty() {
        return managed.to_vec();
    }
    let mut managed = managed.to_vec();
    without(&mut managed, manager, &changed.union(&gone).cloned().collect());
    let mut mine: BTreeSet<String> = managed
        .iter()
        .filter(|entry| entry.manager == manager)
        .flat_map(|entry| entry.fields.clone())
        .collect();
    mine.extend(changed);
    mine.retain(|field| after.contains(field));
    own(&managed, manager, mine)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn applying_twice_changes_nothing() {
        let patch = json!({"metadata": {"labels": {"a": "1"}}, "spec": {"x": {"y": 1}, "list": [1, 2]}});
        let (one, owners) = apply(&json!({}), &[], &patch, "file", false).unwrap();
        let (two, again) = apply(&one, &owners, &patch, "file", false).unwrap();
        assert_eq!((one, owners), (two, again));
    }

    #[test]
    fn a_field_left_out_is_removed_and_others_stay() {
        let (one, owners) = apply(
            &json!({"spec": {"default": true}}),
            &[],
            &json!({"spec": {"x": 1, "y": 2}}),
            "file",
            false,
        )
        .unwrap();
        let (two, _) = apply(&one, &owners, &json!({"spec": {"x": 1}}), "file", false).unwrap();
        assert_eq!(two, json!({"spec": {"default": true, "x": 1}}));
    }

    #[test]
    fn a_map_applied_empty_takes_no_fields_along_when_it_is_left_out() {
        for (first, then) in [
            (json!({"spec": {}}), json!({"spec": {"x": 1}})),
            (json!({"spec": null}), json!({"spec": {"x": 1}})),
        ] {
            let (one, owners) = apply(&json!({}), &[], &first, "file", false).unwrap();
            assert_eq!(apply(&one, &owners, &then, "file", false).unwrap().0, then);
        }
        let (one, owners) = apply(&json!({}), &[], &json!({"spec": {"map": {}}}), "file", false).unwrap();
        let edited = json!({"spec": {"map": {"x": 1}}});
        let owners = update(&one, &edited, &owners, "console");
        let (two, _) = apply(&edited, &owners, &json!({"metadata": {"name": "it"}}), "file", false).unwrap();
        assert_eq!(two, edited);
    }

    #[test]
    fn applying_no_spec_leaves_what_others_set_in_it() {
        let live = json!({"spec": {"x": 1}});
        for patch in [json!({}), json!({"spec": {}}), json!({"spec": null})] {
            assert_eq!(apply(&live, &[], &patch, "file", false).unwrap().0, live, "{patch}");
        }
    }

    #[test]
    fn another_owners_field_is_a_conflict_until_forced() {
        let (one, owners) = apply(&json!({}), &[], &json!({"spec": {"x": 1}}), "file", false).unwrap();
        let edited = json!({"spec": {"x": 2}});
        let owners = update(&one, &edited, &owners, "console");
        let conflicts = apply(&edited, &owners, &json!({"spec": {"x": 1}}), "file", false).unwrap_err();
        assert_eq!(conflicts, vec![FieldConflict { field: "/spec/x".into(), manager: "console".into() }]);
        let (forced, owners) = apply(&edited, &owners, &json!({"spec": {"x": 1}}), "file", true).unwrap();
        assert_eq!(forced, json!({"spec": {"x": 1}}));
        assert_eq!(owners, vec![ManagedFields { manager: "file".into(), fields: vec!["/spec/x".into()] }]);
    }

    #[test]
    fn two_managers_may_agree_on_a_field() {
        let (one, owners) = apply(&json!({}), &[], &json!({"spec": {"x": 1}}), "a", false).unwrap();
        let (two, owners) = apply(&one, &owners, &json!({"spec": {"x": 1}}), "b", false).unwrap();
        let (three, _) = apply(&two, &owners, &json!({"spec": {}}), "a", false).unwrap();
        assert_eq!(three, json!({"spec": {"x": 1}}), "b still wants it");
    }
}
