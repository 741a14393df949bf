//! The marks that a source leaves on objects. Pure.

use nagaya_api::kinds::source::{COMMIT_ANNOTATION, SOURCE_ANNOTATION};
use serde_json::{Map, Value};

/// The annotations of an object as a map to write into; none when they are something else.
fn annotations(object: &mut Value) -> Option<&mut Map<String, Value>> {
    let metadata = object.as_object_mut()?.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
    let annotations = metadata.as_object_mut()?.entry("annotations").or_insert(Value::Null);
    if annotations.is_null() {
        *annotations = Value::Object(Map::new());
    }
    annotations.as_object_mut()
}

/// Marks an object with source and commit.
pub fn mark(object: &mut Value, source: &str, commit: &str) {
    if let Some(annotations) = annotations(object) {
        annotations.insert(SOURCE_ANNOTATION.into(), source.into());
        annotations.insert(COMMIT_ANNOTATION.into(), commit.into());
    }
}

/// Whether two objects are the same but for the commit they are marked with.
fn same(a: &Value, b: &Value) -> bool {
    let without = |object: &Value| {
        let mut object = object.clone();
        if let Some(annotations) = annotations(&mut object) {
            annotations.remove(COMMIT_ANNOTATION);
        }
        object
    };
    without(a) == without(b)
}

/// Marks the Kubernetes objects of a bundle. One that is as it was keeps the commit it has: another would be a new
/// version of the bundle that changes nothing, and an apply on every cluster.
pub fn mark_bundle(bundle: &mut Value, live: Option<&Value>, source: &str, commit: &str) {
    let live = live.and_then(|live| live.pointer("/spec/objects")).and_then(Value::as_array);
    let Some(objects) = bundle.pointer_mut("/spec/objects").and_then(Value::as_array_mut) else { return };
    for object in objects {
        mark(object, source, commit);
        if let Some(before) = live.into_iter().flatten().find(|before| same(before, object)) {
            *object = before.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_of_a_bundle_keeps_its_commit_until_it_changes() {
        let bundle = |x: &str| {
            json!({"spec": {"objects": [
                {"kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"x": x}},
                {"kind": "ConfigMap", "metadata": {"name": "b", "annotations": null}},
            ]}})
        };
        let mut first = bundle("1");
        mark_bundle(&mut first, None, "fleet", "c1");
        let mut second = bundle("2");
        mark_bundle(&mut second, Some(&first), "fleet", "c2");
        let commit = |at: usize| &second["spec"]["objects"][at]["metadata"]["annotations"][COMMIT_ANNOTATION];
        assert_eq!((commit(0), commit(1)), (&json!("c2"), &json!("c1")));
        let mut again = bundle("2");
        mark_bundle(&mut again, Some(&second), "fleet", "c3");
        assert_eq!(again, second, "a commit that changes nothing here changes nothing");
    }
}
