//! A manifest's objects.

use serde_json::Value;

use super::key::Key;
use crate::{
    release::{Held, History},
    yaml,
};

/// An object of a manifest.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Which.
    pub key: Key,
    /// What it is to be.
    pub value: Value,
}

/// Reads the objects of a manifest in their order. Lists are taken apart.
///
/// # Errors
/// What is no object, in words.
pub fn parse(manifest: &str, namespace: &str) -> Result<Vec<Object>, String> {
    let mut objects = Vec::new();
    for document in documents(manifest)? {
        flatten(document, namespace, &mut objects)?;
    }
    Ok(objects)
}

/// Objects that revisions begun since the last deployed one, and `also`, may have left, in order, each once.
pub(super) fn left(history: &History, also: Option<&Held>, namespace: &str) -> Result<Vec<Key>, String> {
    let mut keys: Vec<Key> = Vec::new();
    for held in history.begun().iter().chain(also) {
        for object in parse(&held.record.manifest, namespace)? {
            if !keys.iter().any(|key| key.same_object(&object.key)) {
                keys.push(object.key);
            }
        }
    }
    Ok(keys)
}

fn flatten(mut document: Value, namespace: &str, objects: &mut Vec<Object>) -> Result<(), String> {
    let is_list = document.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"));
    if let Some(Value::Array(items)) = document.get_mut("items").filter(|_| is_list).map(Value::take) {
        return items.into_iter().try_for_each(|item| flatten(item, namespace, objects));
    }
    let key = Key::of(&document, namespace).ok_or_else(|| {
        let name = document.pointer("/metadata/name").and_then(Value::as_str).unwrap_or("without a name");
        format!("an object of the manifest ({name}) has no apiVersion, kind or metadata.name")
    })?;
    objects.push(Object { key, value: document });
    Ok(())
}

fn documents(manifest: &str) -> Result<Vec<Value>, String> {
    let all =
        yaml::parse_all(manifest.as_bytes()).map_err(|error| format!("the manifest is no YAML: {error}"))?;
    Ok(all.iter().map(yaml::json::to_json).filter(|value| !value.is_null()).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn objects_come_in_order_and_lists_are_taken_apart() {
        let text = "---\n# Source: a\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: other}\n---\n\n---\n\
            apiVersion: v1\nkind: List\nitems:\n- {apiVersion: apps/v1, kind: Deployment, metadata: {name: d}}\n";
        let keys: Vec<_> = parse(text, "java").unwrap().iter().map(|o| o.key.to_string()).collect();
        assert_eq!(keys, ["Secret other/s", "Deployment java/d"]);
        assert!(parse("a: 1", "java").unwrap_err().contains("metadata.name"));
        assert!(parse("a: [", "java").unwrap_err().contains("YAML"));
    }
}
