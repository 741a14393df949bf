//! What the intent wants, read once at the edge.

use std::collections::{BTreeMap, HashSet};

use nagaya_api::agent::{BUNDLE_LABEL, Intent, MANAGED_BY, MANAGED_BY_LABEL, PRUNE_ANNOTATION};
use nagaya_api::field_path::FieldPath;
use nagaya_api::kinds::cluster::ObjectError;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::ignore::{RuleError, rules_of};
use super::key::Key;

/// SHA-256 of an object's canonical form, cut to 128 bits: it tells changes apart, it proves nothing.
pub type Fingerprint = [u8; 16];

/// One object that the cluster should hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Desired {
    /// What it is to be, as JSON: a tree of values would take ten times as much of a memory that thousands of objects
    /// share.
    pub text: Box<str>,
    /// Changes when `text` does, but for the order of its keys.
    pub fingerprint: Fingerprint,
    /// Fields that others own once it is there. With a rule that cannot be followed the object stays as it is: neither
    /// are others' fields overwritten, nor does it leave the intent.
    pub rules: Result<Vec<FieldPath>, RuleError>,
}

/// Everything an intent wants.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wanted {
    /// Its objects.
    pub objects: BTreeMap<Key, Desired>,
    /// What in it is no proper object; the rest goes on.
    pub errors: Vec<ObjectError>,
}

/// Reads the objects of an intent. Each gets the label by which the agent finds it again.
pub fn read(intent: &Intent) -> Wanted {
    let mut wanted = Wanted::default();
    let mut seen = HashSet::new();
    for (index, object) in intent.objects.iter().enumerate() {
        let key = match Key::of(object, index) {
            Ok(key) => key,
            Err(error) => {
                wanted
                    .errors
                    .push(ObjectError { object: format!("object {index}"), message: error.to_string() });
                continue;
            }
        };
        let whole = (key.group().to_owned(), key.kind.clone(), key.namespace.clone(), key.name.clone());
        if !seen.insert(whole) {
            let message = "it stands twice in the intent; the first counts".to_owned();
            wanted.errors.push(ObjectError { object: key.to_string(), message });
            continue;
        }
        let mut object = object.clone();
        label(&mut object);
        let (fingerprint, rules) = (fingerprint(&object), rules_of(&object));
        wanted.objects.insert(key, Desired { text: object.to_string().into(), fingerprint, rules });
    }
    wanted
}

fn label(object: &mut Value) {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else { return };
    let labels = metadata.entry("labels").or_insert_with(|| Value::Object(Map::new()));
    if let Some(labels) = labels.as_object_mut() {
        labels.insert(MANAGED_BY_LABEL.to_owned(), Value::from(MANAGED_BY));
    }
}

impl Desired {
    /// What it is to be.
    pub fn object(&self) -> Value {
        // It was written from a value: it reads.
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// The bundle that it comes from; empty for Nagaya's own.
    pub fn bundle(&self) -> String {
        let object = self.object();
        let labels = object.pointer("/metadata/labels");
        let bundle = labels.and_then(|all| all.get(BUNDLE_LABEL)).and_then(Value::as_str);
        bundle.unwrap_or_default().to_owned()
    }
}

/// Whether an object says that it stays when it leaves the intent.
pub fn is_kept(object: &Value) -> bool {
    object
        .pointer("/metadata/annotations")
        .and_then(|annotations| annotations.get(PRUNE_ANNOTATION))
        .is_some_and(|value| value == "keep")
}

fn fingerprint(object: &Value) -> Fingerprint {
    let mut hasher = Sha256::new();
    feed(object, &mut hasher);
    let digest = hasher.finalize();
    let mut cut = Fingerprint::default();
    cut.copy_from_slice(&digest[..16]);
    cut
}

/// Feeds JSON with sorted keys: the order in which a server writes them is no change.
fn feed(value: &Value, hasher: &mut Sha256) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            hasher.update(b"{");
            for (key, value) in entries {
                hasher.update((key.len() as u64).to_le_bytes());
                hasher.update(key);
                feed(value, hasher);
            }
            hasher.update(b"}");
        }
        Value::Array(items) => {
            hasher.update(b"[");
            for item in items {
                feed(item, hasher);
                hasher.update(b",");
            }
            hasher.update(b"]");
        }
        scalar => hasher.update(scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn intent(objects: Vec<Value>) -> Intent {
        Intent::new("i", 1, objects, Vec::new())
    }

    fn secret(name: &str) -> Value {
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": "a"}})
    }

    #[test]
    fn every_object_carries_the_label_it_is_found_by() {
        let wanted = read(&intent(vec![secret("x")]));
        let object = wanted.objects.values().next().unwrap().object();
        assert_eq!(object["metadata"]["labels"][MANAGED_BY_LABEL], MANAGED_BY);
    }

    #[test]
    fn a_bad_object_does_not_spoil_the_others() {
        let wanted = read(&intent(vec![json!({"kind": "Secret"}), secret("x"), secret("x"), secret("y")]));
        assert_eq!(wanted.objects.len(), 2);
        assert_eq!(wanted.errors.len(), 2);
        assert_eq!(wanted.errors[1].object, "Secret a/x");
    }

    #[test]
    fn the_order_of_keys_is_no_change() {
        let one: Value = serde_json::from_str(r#"{"a":1,"b":{"c":[1,2],"d":null}}"#).unwrap();
        let two: Value = serde_json::from_str(r#"{"b":{"d":null,"c":[1,2]},"a":1}"#).unwrap();
        let three: Value = serde_json::from_str(r#"{"b":{"d":null,"c":[2,1]},"a":1}"#).unwrap();
        assert_eq!(fingerprint(&one), fingerprint(&two));
        assert_ne!(fingerprint(&one), fingerprint(&three));
    }
}
