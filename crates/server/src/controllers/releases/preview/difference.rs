//! What would change.

use std::collections::BTreeMap;

use base64::Engine as _;
use nagaya_api::{
    catalogue::{PreviewChange, PreviewDocument, PreviewVerb},
    kinds::release::MASK,
};
use nagaya_helm::manifest;
use serde_json::Value;

/// Shorter secrets are not masked: everything would be.
const SHORTEST: usize = 4;

/// A manifest without what is sealed, plain or in base64 as Secrets have it.
pub fn masked(mut text: String, secrets: &[String]) -> String {
    let base64 = base64::engine::general_purpose::STANDARD;
    let mask = base64.encode(MASK);
    for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST) {
        text = text.replace(secret.as_str(), MASK).replace(&base64.encode(secret), &mask);
    }
    text
}

/// `Kind namespace/name`, and what it says.
fn named(kind: &str, namespace: &str, name: &str) -> String {
    match namespace {
        "" => format!("{kind} {name}"),
        namespace => format!("{kind} {namespace}/{name}"),
    }
}

fn objects(manifest: &str, namespace: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for text in manifest::split(manifest) {
        let text = text.lines().filter(|line| !line.starts_with("# Source:")).collect::<Vec<_>>().join("\n");
        let Ok(object) = yaml_serde::from_str::<Value>(&text) else { continue };
        let part = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        if part("/kind").is_empty() {
            continue;
        }
        let own = part("/metadata/namespace");
        let place = if own == namespace { "" } else { own };
        all.insert(named(part("/kind"), place, part("/metadata/name")), text);
    }
    all
}

/// What becomes of each object, from the manifest of what runs to what would be. Objects that say no namespace are in the
/// release's, as those that say it.
pub fn changes(before: &str, after: &[PreviewDocument], namespace: &str) -> Vec<PreviewChange> {
    let mut old = objects(before, namespace);
    let mut all = Vec::new();
    for document in after {
        let place = if document.namespace == namespace { "" } else { &document.namespace };
        let object = named(&document.kind, place, &document.name);
        let before = old.remove(&object).unwrap_or_default();
        let read = |text: &str| yaml_serde::from_str::<Value>(text).ok();
        let change = match before.is_empty() {
            true => PreviewVerb::Added,
            false if read(&before) == read(&document.text) => PreviewVerb::Same,
            false => PreviewVerb::Changed,
        };
        all.push(PreviewChange { object, change, before, after: document.text.clone() });
    }
    all.extend(old.into_iter().map(|(object, before)| PreviewChange {
        object,
        change: PreviewVerb::Removed,
        before,
        after: String::new(),
    }));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(kind: &str, name: &str, text: &str) -> PreviewDocument {
        PreviewDocument {
            kind: kind.into(),
            name: name.into(),
            text: text.into(),
            ..PreviewDocument::default()
        }
    }

    #[test]
    fn objects_come_go_change_and_stay() {
        let before = "---\n# Source: a\nkind: A\nmetadata: {name: a}\n---\nkind: B\nmetadata: {name: b, namespace: ns}\nx: 1\n---\nkind: C\nmetadata: {name: c}\n";
        let after = [
            document("A", "a", "metadata:\n  name: a\nkind: A\n"),
            document("B", "b", "kind: B\nmetadata: {name: b}\nx: 2"),
            document("D", "d", "kind: D\nmetadata: {name: d}"),
        ];
        let changes = changes(before, &after, "ns");
        let said: Vec<_> = changes.iter().map(|one| (one.object.as_str(), one.change)).collect();
        let wanted = [
            ("A a", PreviewVerb::Same),
            ("B b", PreviewVerb::Changed),
            ("D d", PreviewVerb::Added),
            ("C c", PreviewVerb::Removed),
        ];
        assert_eq!(said, wanted);
    }

    #[test]
    fn what_is_sealed_shows_neither_plain_nor_in_base64() {
        let text = masked("a: hunter22\nb: aHVudGVyMjI=\n".into(), &["hunter22".into()]);
        assert!(!text.contains("hunter22") && !text.contains("aHVudGVyMjI="), "{text}");
    }
}
