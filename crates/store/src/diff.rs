//! What an update changed, for the audit record.

use nagaya_api::RawObject;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One field that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// JSON pointer of the field (RFC 6901).
    pub field: String,
    /// What it was; null when it was not there.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub before: Value,
    /// What it is; null when it is not there any more.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub after: Value,
}

/// Fields whose values people use for passwords: that they changed is recorded, never their values.
const HIDDEN: [&str; 1] = ["/spec/environment/"];

fn audited(object: Option<&RawObject>) -> Value {
    object.map_or(Value::Null, |object| {
        json!({
            "metadata": {
                "labels": object.metadata.labels,
                "annotations": object.metadata.annotations,
                "team": object.metadata.team,
                "deletionTimestamp": object.metadata.deletion_timestamp,
            },
            "spec": object.spec,
        })
    })
}

/// The fields in which two states of an object differ. Status and what the server fills in are left out.
pub(crate) fn diff(old: Option<&RawObject>, new: Option<&RawObject>) -> Vec<Change> {
    let mut changes = Vec::new();
    walk(&audited(old), &audited(new), String::new(), &mut changes);
    changes
}

fn walk(old: &Value, new: &Value, path: String, out: &mut Vec<Change>) {
    if old == new {
        return;
    }
    let empty = serde_json::Map::new();
    let (left, right) = match (old, new) {
        (Value::Object(old), Value::Object(new)) => (old, new),
        (Value::Null, Value::Object(new)) => (&empty, new),
        (Value::Object(old), Value::Null) => (old, &empty),
        _ => {
            let hidden = HIDDEN.iter().any(|prefix| path.starts_with(prefix));
            let show = |value: &Value| {
                if hidden && !value.is_null() { Value::from("(hidden)") } else { value.clone() }
            };
            out.push(Change { before: show(old), after: show(new), field: path });
            return;
        }
    };
    for (key, value) in left {
        walk(value, right.get(key).unwrap_or(&Value::Null), join(&path, key), out);
    }
    for (key, value) in right.iter().filter(|(key, _)| !left.contains_key(*key)) {
        walk(&Value::Null, value, join(&path, key), out);
    }
}

fn join(path: &str, key: &str) -> String {
    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn object(spec: Value) -> RawObject {
        serde_json::from_value(json!({
            "apiVersion": nagaya_api::API_VERSION, "kind": "Template", "metadata": {"name": "t"}, "spec": spec
        }))
        .unwrap()
    }

    #[test]
    fn a_record_says_what_was_and_what_is() {
        let changes = diff(
            Some(&object(json!({"a": 1, "b": {"c": 2}}))),
            Some(&object(json!({"a": 1, "b": {"c": 3}, "d": [1]}))),
        );
        assert_eq!(
            changes,
            vec![
                Change { field: "/spec/b/c".into(), before: json!(2), after: json!(3) },
                Change { field: "/spec/d".into(), before: Value::Null, after: json!([1]) },
            ]
        );
    }

    #[test]
    fn values_of_environment_variables_are_never_recorded() {
        let changes = diff(None, Some(&object(json!({"environment": {"PASSWORD": "s3cret"}}))));
        assert!(!serde_json::to_string(&changes).unwrap().contains("s3cret"));
        assert_eq!(changes[0].field, "/spec/environment/PASSWORD");
    }
}
