//! The Secret that holds a record.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::codec::{CodecError, decode, encode};
use super::record::{Record, Status};

/// Type of the Secrets that hold records.
pub const TYPE: &str = "helm.sh/release.v1";
/// Label: the uid of Nagaya's Release.
const UID: &str = "nagaya.dev/release";
/// Label: what the revision was made from.
const CONTENT: &str = "nagaya.dev/content";
/// Label: which attempt it was.
const ATTEMPT: &str = "nagaya.dev/attempt";
/// Label: the revision itself. Helm copies labels to the next revision: one whose number is another is not ours.
const REVISION: &str = "nagaya.dev/revision";
/// Label: the content in whose place this revision was put, because that one failed.
const INSTEAD: &str = "nagaya.dev/instead-of";
/// Annotation: the hooks that were run to their end, with commas between.
const DONE: &str = "nagaya.dev/hooks-done";
/// What a label may hold, with room for a number behind it.
const LABEL: usize = 50;

/// What Nagaya knows of a revision beyond Helm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// The uid of its Release.
    pub uid: String,
    /// What it was made from.
    pub content: String,
    /// Which attempt it was.
    pub attempt: u32,
    /// What failed, and which attempt, when this revision was put in its place.
    pub instead_of: Option<(String, u32)>,
}

/// A record with what is beside it in its Secret.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Held {
    /// The record.
    pub record: Record,
    /// Ours; none when somebody else made the revision.
    pub stamp: Option<Stamp>,
    /// Hooks that were run to their end, as `event/Kind/name`.
    pub done: Vec<String>,
    /// All labels of the Secret.
    pub labels: BTreeMap<String, String>,
    /// The Secret's resourceVersion; empty before it is written.
    pub resource_version: String,
}

/// Name of the Secret with a revision.
pub fn name(release: &str, revision: u32) -> String {
    format!("sh.helm.release.v1.{release}.v{revision}")
}

/// The text as a label may hold it: as it is, or a hash of it.
pub fn label_value(text: &str) -> String {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let inner = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if text.is_empty()
        || (text.len() <= LABEL && inner && edge(text.chars().next()) && edge(text.chars().last()))
    {
        return text.to_owned();
    }
    Sha256::digest(text).iter().take(20).map(|byte| format!("{byte:02x}")).collect()
}

impl Held {
    /// Its status.
    pub fn status(&self) -> Status {
        self.record.info.status
    }

    /// The Secret.
    ///
    /// # Errors
    /// When the record does not fit into one.
    pub fn to_secret(&self) -> Result<Value, CodecError> {
        let record = &self.record;
        let mut labels = self.labels.clone();
        let mut put = |key: &str, value: String| drop(labels.insert(key.to_owned(), value));
        put("name", record.name.clone());
        put("owner", "helm".to_owned());
        put("status", record.info.status.to_string());
        put("version", record.version.to_string());
        if let Some(stamp) = &self.stamp {
            put(UID, label_value(&stamp.uid));
            put(CONTENT, label_value(&stamp.content));
            put(ATTEMPT, stamp.attempt.to_string());
            put(REVISION, record.version.to_string());
            match &stamp.instead_of {
                Some((content, attempt)) => put(INSTEAD, format!("{}.{attempt}", label_value(content))),
                None => drop(labels.remove(INSTEAD)),
            }
        }
        let mut metadata = json!({
            "name": name(&record.name, record.version), "namespace": record.namespace, "labels": labels,
        });
        if !self.done.is_empty() {
            metadata["annotations"] = json!({ DONE: self.done.join(",") });
        }
        if !self.resource_version.is_empty() {
            metadata["resourceVersion"] = json!(self.resource_version);
        }
        Ok(json!({
            "apiVersion": "v1", "kind": "Secret", "type": TYPE, "metadata": metadata,
            "data": { "release": STANDARD.encode(encode(record)?) },
        }))
    }

    /// Reads a Secret.
    ///
    /// # Errors
    /// When what it holds is no record.
    pub fn from_secret(secret: &Value) -> Result<Held, CodecError> {
        let data = secret.pointer("/data/release").and_then(Value::as_str).unwrap_or_default();
        let mut record = decode(&STANDARD.decode(data)?)?;
        let text =
            |pointer: &str| secret.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        // Where it lies counts, not what it says: nobody may make another namespace's release by a record of his own.
        record.namespace = text("/metadata/namespace");
        let labels: BTreeMap<String, String> = secret
            .pointer("/metadata/labels")
            .and_then(|labels| serde_json::from_value(labels.clone()).ok())
            .unwrap_or_default();
        let annotations = secret.pointer("/metadata/annotations");
        let done = annotations.and_then(|all| all.get(DONE)).and_then(Value::as_str).unwrap_or_default();
        Ok(Held {
            stamp: stamp(&labels, record.version),
            done: done.split(',').filter(|one| !one.is_empty()).map(str::to_owned).collect(),
            resource_version: text("/metadata/resourceVersion"),
            labels,
            record,
        })
    }
}

fn stamp(labels: &BTreeMap<String, String>, revision: u32) -> Option<Stamp> {
    let number = |text: &String| text.parse().ok();
    if labels.get(REVISION).and_then(number) != Some(revision) {
        return None;
    }
    let instead = labels.get(INSTEAD).and_then(|text| text.rsplit_once('.'));
    Some(Stamp {
        uid: labels.get(UID)?.clone(),
        content: labels.get(CONTENT).cloned().unwrap_or_default(),
        attempt: labels.get(ATTEMPT).and_then(number).unwrap_or(0),
        instead_of: instead.and_then(|(content, attempt)| Some((content.to_owned(), attempt.parse().ok()?))),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn held() -> Held {
        Held {
            record: Record { name: "ci".into(), namespace: "java".into(), version: 2, ..Record::default() },
            stamp: Some(Stamp {
                uid: "u".into(),
                content: "c".into(),
                attempt: 3,
                instead_of: Some(("x".into(), 1)),
            }),
            done: vec!["pre-install/Job/a".into()],
            ..Held::default()
        }
    }

    #[test]
    fn a_secret_is_what_helm_looks_for_and_is_read_again() {
        let mut secret = held().to_secret().unwrap();
        assert_eq!(secret["metadata"]["name"], "sh.helm.release.v1.ci.v2");
        assert_eq!(secret["type"], "helm.sh/release.v1");
        let labels = &secret["metadata"]["labels"];
        assert_eq!(
            (&labels["owner"], &labels["version"], &labels["status"]),
            (&json!("helm"), &json!("2"), &json!("unknown"))
        );
        secret["metadata"]["resourceVersion"] = json!("7");
        let read = Held::from_secret(&secret).unwrap();
        assert_eq!((read.stamp, read.done, read.resource_version.as_str()), (held().stamp, held().done, "7"));
    }

    #[test]
    fn a_revision_that_another_helm_made_of_ours_is_not_ours() {
        let mut secret = held().to_secret().unwrap();
        let mut next = held().record;
        next.version = 3;
        secret["data"]["release"] = json!(STANDARD.encode(encode(&next).unwrap()));
        assert_eq!(Held::from_secret(&secret).unwrap().stamp, None);
    }

    #[test]
    fn a_record_counts_where_it_lies() {
        let mut secret = held().to_secret().unwrap();
        secret["metadata"]["namespace"] = json!("python-1");
        assert_eq!(Held::from_secret(&secret).unwrap().record.namespace, "python-1");
    }

    #[test]
    fn what_no_label_holds_is_hashed() {
        assert_eq!(label_value("a-b.c"), "a-b.c");
        assert_eq!(label_value(""), "");
        for text in ["-a", "a/b", &"a".repeat(64)] {
            assert_eq!(label_value(text).len(), 40, "{text}");
        }
        let long = "b".repeat(64);
        assert_eq!(label_value(&label_value(&long)), label_value(&long));
    }
}
