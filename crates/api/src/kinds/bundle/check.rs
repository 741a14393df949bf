//! What a bundle must be, by itself.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Bundle, IgnoreRule, Override};
use crate::{Cause, field_path::FieldPath, kinds::group::check_selector, names};

/// Most objects of a bundle.
pub const MAX_OBJECTS: usize = 1000;
/// Most bytes of a bundle's objects, overrides and ignore rules together, as JSON.
pub const MAX_BYTES: usize = 1 << 20;
/// Longest name of a bundle: its versions' names are made from it.
pub const MAX_NAME: usize = 32;

pub(super) fn check(bundle: &Bundle) -> Vec<Cause> {
    let spec = &bundle.spec;
    let mut causes = Vec::new();
    if bundle.metadata.name.len() > MAX_NAME {
        let mend = format!("use at most {MAX_NAME} characters: its versions add to it");
        causes.push(Cause::invalid("metadata.name", "is too long for a bundle", mend));
    }
    if spec.groups.is_empty() {
        causes.push(Cause::required("spec.groups", "name at least one of `nagaya get groups`"));
    }
    for (at, group) in spec.groups.iter().enumerate() {
        let field = format!("spec.groups[{at}]");
        if spec.groups[..at].contains(group) {
            causes.push(Cause::invalid(&field, format!("\"{group}\" is listed twice"), "remove one"));
        }
        causes.extend(names::check(&field, group).err());
    }
    for (at, wave) in spec.rollout.waves.iter().enumerate() {
        let field = format!("spec.rollout.waves[{at}]");
        if wave.trim().is_empty() {
            let mend = "write a selector; what no wave selects is the last wave in any case";
            causes.push(Cause::required(&field, mend));
        }
        causes.extend(check_selector(&field, wave));
    }
    causes.extend(check_contents(&spec.objects, &spec.overrides, &spec.ignore));
    causes
}

/// What is wrong with a bundle's contents.
pub fn check_contents(objects: &[Value], overrides: &[Override], ignore: &[IgnoreRule]) -> Vec<Cause> {
    let mut causes = Vec::new();
    if objects.len() > MAX_OBJECTS {
        let message = format!("{} objects are too many", objects.len());
        causes.push(Cause::invalid(
            "spec.objects",
            message,
            format!("a bundle holds {MAX_OBJECTS}: divide it"),
        ));
    }
    let bytes = size(&objects) + size(&overrides) + size(&ignore);
    if bytes > MAX_BYTES {
        let message = format!("{bytes} bytes are too many");
        causes.push(Cause::invalid(
            "spec.objects",
            message,
            format!("a bundle holds {MAX_BYTES} bytes: divide it"),
        ));
    }
    let mut seen = BTreeMap::new();
    for (at, object) in objects.iter().enumerate() {
        check_object(&mut causes, at, object);
        let identity = identity(object);
        let whole = !identity.1.is_empty() && !identity.3.is_empty();
        if let Some(first) = seen.insert(identity, at).filter(|_| whole) {
            let message = format!("is the same object as spec.objects[{first}]");
            causes.push(Cause::invalid(format!("spec.objects[{at}]"), message, "remove one"));
        }
    }
    for (at, one) in overrides.iter().enumerate() {
        causes.extend(check_selector(&format!("spec.overrides[{at}].clusters"), &one.clusters));
        check_patch(&mut causes, at, &one.patch);
    }
    for (at, rule) in ignore.iter().enumerate() {
        check_ignore(&mut causes, at, rule);
    }
    causes
}

fn size(part: &impl serde::Serialize) -> usize {
    serde_json::to_vec(part).map_or(0, |bytes| bytes.len())
}

fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Which object it is: API group, kind, namespace, name. The version is only a way to write it.
fn identity(object: &Value) -> (String, String, String, String) {
    let group = text(object, "/apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
    let part = |pointer| text(object, pointer).to_owned();
    (group.to_owned(), part("/kind"), part("/metadata/namespace"), part("/metadata/name"))
}

fn check_object(causes: &mut Vec<Cause>, at: usize, object: &Value) {
    let here = format!("spec.objects[{at}]");
    if !object.is_object() {
        causes.push(Cause::invalid(
            here,
            "is no Kubernetes object",
            "write apiVersion, kind and metadata.name",
        ));
        return;
    }
    for (pointer, field, mend) in [
        ("/apiVersion", "apiVersion", "for instance v1 or apps/v1"),
        ("/kind", "kind", "for instance ConfigMap"),
        ("/metadata/name", "metadata.name", "give it a name (a generateName makes another object each time)"),
    ] {
        if text(object, pointer).is_empty() {
            causes.push(Cause::required(format!("{here}.{field}"), mend));
        }
    }
    let kind = text(object, "/kind");
    if kind.ends_with("List") && object.get("items").is_some() {
        causes.push(Cause::invalid(&here, format!("is a {kind}"), "write its items one by one"));
    }
    if text(object, "/apiVersion") == crate::API_VERSION {
        let mend = "apply it to Nagaya: a bundle holds objects of the clusters' Kubernetes";
        causes.push(Cause::invalid(format!("{here}.apiVersion"), "is an object of Nagaya", mend));
    }
    for part in ["labels", "annotations"] {
        let Some(map) = object.pointer(&format!("/metadata/{part}")).filter(|map| !map.is_null()) else {
            continue;
        };
        let texts = map.as_object().is_some_and(|map| map.values().all(Value::is_string));
        if !texts {
            causes.push(Cause::invalid(
                format!("{here}.metadata.{part}"),
                "holds something else than texts",
                "put numbers and true or false in quotes",
            ));
        }
    }
    if object.get("status").is_some() {
        causes.push(Cause::invalid(format!("{here}.status"), "is the cluster's to say", "remove it"));
    }
}

fn check_patch(causes: &mut Vec<Cause>, at: usize, patch: &Value) {
    let here = format!("spec.overrides[{at}].patch");
    if !patch.is_object() {
        causes.push(Cause::invalid(
            here,
            "is no merge patch",
            "write the fields that differ, as in the object",
        ));
        return;
    }
    for (pointer, field) in [
        ("/apiVersion", "apiVersion"),
        ("/kind", "kind"),
        ("/metadata/name", "metadata.name"),
        ("/metadata/namespace", "metadata.namespace"),
    ] {
        if patch.pointer(pointer).is_some() {
            let mend = "use a variable in the object, or another bundle";
            causes.push(Cause::invalid(format!("{here}.{field}"), "would make it another object", mend));
        }
    }
    if patch.get("metadata").is_some_and(Value::is_null) {
        causes.push(Cause::invalid(format!("{here}.metadata"), "would make it another object", "remove it"));
    }
}

fn check_ignore(causes: &mut Vec<Cause>, at: usize, rule: &IgnoreRule) {
    if rule.fields.is_empty() {
        causes.push(Cause::required(format!("spec.ignore[{at}].fields"), "for instance [.spec.replicas]"));
    }
    for (nth, field) in rule.fields.iter().enumerate() {
        let here = format!("spec.ignore[{at}].fields[{nth}]");
        match field.parse::<FieldPath>() {
            Ok(path) if path.is_identity() => {
                causes.push(Cause::invalid(
                    here,
                    format!("{field} cannot be others'"),
                    "name a field within it",
                ));
            }
            Ok(_) => {}
            Err(error) => causes.push(Cause::invalid(here, error.to_string(), "lists are one field")),
        }
    }
}
