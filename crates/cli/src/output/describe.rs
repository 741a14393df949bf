//! `nagaya describe`: all that is known of an object, for eyes.

use jiff::Timestamp;
use nagaya_api::RawObject;
use serde_json::Value;

use super::{Table, age};

/// An object in full, with its steps and events as tables.
pub fn describe(object: &RawObject, now: Timestamp) -> String {
    let meta = &object.metadata;
    let mut out = String::new();
    let mut line = |key: &str, value: &str| out.push_str(&format!("{:<16}{value}\n", format!("{key}:")));
    line("Name", &meta.name);
    line("Kind", object.kind.name());
    if let Some(team) = &meta.team {
        line("Team", team);
    }
    let pairs = |map: &std::collections::BTreeMap<String, String>| {
        map.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ")
    };
    line("Labels", if meta.labels.is_empty() { "<none>".into() } else { pairs(&meta.labels) }.as_str());
    if !meta.annotations.is_empty() {
        line("Annotations", &pairs(&meta.annotations));
    }
    let created = meta.creation_timestamp.map(|at| format!("{at} ({} ago)", age(Some(at), now)));
    line("Created", &created.unwrap_or_else(|| "<unknown>".into()));
    if let Some(at) = meta.deletion_timestamp {
        line("Deleting since", &at.to_string());
    }
    for owner in &meta.managed_fields {
        line("Fields set by", &format!("{} ({})", owner.manager, owner.fields.len()));
    }
    out.push_str("Spec:\n");
    tree(&object.spec, 1, &mut out);
    let mut status = object.status.clone();
    let mut part = |name: &str| status.as_object_mut().and_then(|map| map.remove(name)).unwrap_or_default();
    let (steps, events, nodes, components) =
        (part("steps"), part("events"), part("nodes"), part("components"));
    let conditions = part("conditions");
    if status.as_object().is_some_and(|map| !map.is_empty()) {
        out.push_str("Status:\n");
        tree(&status, 1, &mut out);
    }
    let columns = ["type", "status", "reason", "lastTransitionTime", "message"];
    section(&mut out, "Conditions", &conditions, &columns);
    section(&mut out, "Nodes", &nodes, &["name", "ready", "version", "cpu", "memory", "problems"]);
    section(&mut out, "Components", &components, &["name", "ready", "restarts", "message"]);
    section(&mut out, "Steps", &steps, &["name", "at"]);
    section(&mut out, "Events", &events, &["at", "type", "reason", "object", "count", "message"]);
    out
}

/// A table of a list of objects.
fn section(out: &mut String, title: &str, list: &Value, columns: &[&str]) {
    let Some(list) = list.as_array().filter(|list| !list.is_empty()) else { return };
    let mut table = Table::new(columns.iter().map(|column| column.to_uppercase()));
    for item in list {
        table.row(columns.iter().map(|column| plain(item.get(*column).unwrap_or(&Value::Null))));
    }
    out.push_str(&format!("{title}:\n"));
    for line in table.render(true, &[]).0.lines() {
        out.push_str(&format!("  {line}\n"));
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "-".into(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "-".into(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

/// Nested values, two spaces a level.
fn tree(value: &Value, depth: usize, out: &mut String) {
    let Some(map) = value.as_object() else { return };
    for (key, value) in map {
        let indent = "  ".repeat(depth);
        match value {
            Value::Object(inner) if !inner.is_empty() => {
                out.push_str(&format!("{indent}{key}:\n"));
                tree(value, depth + 1, out);
            }
            Value::Array(items) if items.iter().any(Value::is_object) => {
                out.push_str(&format!("{indent}{key}:\n"));
                for item in items {
                    let line: Vec<_> = item
                        .as_object()
                        .map(|map| {
                            map.iter().map(|(key, value)| format!("{key}: {}", plain(value))).collect()
                        })
                        .unwrap_or_else(|| vec![plain(item)]);
                    out.push_str(&format!("{indent}  - {}\n", line.join(", ")));
                }
            }
            _ => out.push_str(&format!("{indent}{key}: {}\n", plain(value))),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn a_description_shows_events_as_a_table() {
        let object: RawObject = serde_json::from_value(json!({
            "apiVersion": "nagaya.dev/v1alpha1", "kind": "Workspace", "metadata": {"name": "w"},
            "spec": {"owner": "o", "a": {"b": 1}},
            "status": {"phase": "Failed", "conditions": [{"type": "Ready", "status": false, "reason": "Slow", "lastTransitionTime": "2026-01-02T00:00:00Z", "message": "it is slow"}], "events": [{"at": "2026-01-01T00:00:00Z", "type": "Warning", "reason": "FailedScheduling", "object": "Pod/w-0", "count": 3, "message": "no node"}]},
        }))
        .unwrap();
        let text = describe(&object, Timestamp::UNIX_EPOCH);
        for part in [
            "Name:           w",
            "    b: 1",
            "  phase: Failed",
            "Ready   false    Slow     2026-01-02T00:00:00Z   it is slow",
            "FailedScheduling   Pod/w-0   3       no node",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
    }
}
