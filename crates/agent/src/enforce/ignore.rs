//! Fields of an object of the intent that others own once it is there.
//!
//! The rule travels on the object itself ([`IGNORE_FIELDS_ANNOTATION`]), so that kubectl shows it and so that whoever
//! sees the live object knows which fields say nothing about drift.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ManagedFieldsEntry;
use nagaya_api::agent::IGNORE_FIELDS_ANNOTATION;
use nagaya_api::field_path::{FieldPath, NotAFieldPath};
use serde_json::Value;

/// Why a rule is not followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// It is no path.
    #[error("annotation {IGNORE_FIELDS_ANNOTATION}: {0}")]
    NotAPath(#[from] NotAFieldPath),
    /// It names what makes the object the one that it is.
    #[error(
        "annotation {IGNORE_FIELDS_ANNOTATION}: {0} cannot be left to others, for it tells which object it is and by \
         which rules it is kept; name a field below it"
    )]
    Identity(FieldPath),
}

/// The fields that an object leaves to others.
///
/// # Errors
/// [`RuleError`] when one of them cannot be.
pub fn rules(annotation: Option<&str>) -> Result<Vec<FieldPath>, RuleError> {
    let texts = annotation.unwrap_or_default().split(',').map(str::trim).filter(|text| !text.is_empty());
    texts
        .map(|text| {
            let path: FieldPath = text.parse()?;
            match path.is_identity() || hides_the_rule(&path) {
                true => Err(RuleError::Identity(path)),
                false => Ok(path),
            }
        })
        .collect()
}

/// Without its annotation the live object would no longer say what is to be overlooked.
fn hides_the_rule(path: &FieldPath) -> bool {
    let rule = ["metadata", "annotations", IGNORE_FIELDS_ANNOTATION];
    path.keys().len() <= rule.len() && path.keys().iter().zip(rule).all(|(key, of_rule)| key == of_rule)
}

/// The rules that stand on an object as it is written in an intent.
///
/// # Errors
/// As [`rules`].
pub fn rules_of(object: &Value) -> Result<Vec<FieldPath>, RuleError> {
    let annotations = object.pointer("/metadata/annotations");
    rules(annotations.and_then(|all| all.get(IGNORE_FIELDS_ANNOTATION)).and_then(Value::as_str))
}

/// What is to be applied over `live`: of the fields that others own, `live`'s values; none where it has none. Fields
/// that `object` does not name are not ours in any case.
pub fn yielded(object: &Value, live: &Value, rules: &[FieldPath]) -> Value {
    let mut object = object.clone();
    for rule in rules {
        let Some((last, parents)) = rule.keys().split_last() else { continue };
        let Some(ours) = parents.iter().try_fold(&mut object, |at, key| at.get_mut(key)) else { continue };
        let Some(ours) = ours.as_object_mut().filter(|ours| ours.contains_key(last)) else { continue };
        match rule.keys().iter().try_fold(live, |at, key| at.get(key)) {
            Some(theirs) => drop(ours.insert(last.clone(), theirs.clone())),
            None => drop(ours.remove(last)),
        }
    }
    object
}

/// Takes what is left to others out of the record of who owns what: neither gaining nor losing it is drift.
pub fn overlook(managed: &mut [ManagedFieldsEntry], rules: &[FieldPath]) {
    for fields in managed.iter_mut().filter_map(|entry| entry.fields_v1.as_mut()) {
        for rule in rules {
            forget(&mut fields.0, rule.keys());
        }
    }
}

/// Removes the path, and what is empty without it: it was there for the path's sake only.
fn forget(node: &mut Value, path: &[String]) {
    let (Some(fields), Some((first, rest))) = (node.as_object_mut(), path.split_first()) else { return };
    let key = format!("f:{first}");
    let Some(below) = fields.get_mut(&key) else { return };
    if !rest.is_empty() {
        if below.as_object().is_none_or(serde_json::Map::is_empty) {
            return; // a leaf: the field above is owned as a whole
        }
        forget(below, rest);
    }
    if rest.is_empty() || below.as_object().is_some_and(serde_json::Map::is_empty) {
        fields.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;
    use crate::enforce::fields::{our_fields, owned};

    #[test]
    fn a_rule_that_would_hide_the_object_or_itself_is_refused() {
        assert_eq!(rules(None).unwrap(), []);
        assert_eq!(rules(Some(" .spec.replicas, .data.x ,")).unwrap().len(), 2);
        for bad in [
            "spec",
            ".metadata",
            ".metadata.annotations",
            ".metadata.annotations[\"nagaya.dev/ignore-fields\"]",
        ] {
            let error = rules(Some(bad)).unwrap_err().to_string();
            assert!(error.contains("nagaya.dev/ignore-fields"), "{error}");
        }
        assert!(rules(Some(".metadata.annotations[\"example.com/owner\"]")).is_ok());
    }

    #[test]
    fn what_is_left_to_others_is_taken_from_what_is_there() {
        let object = json!({"spec": {"replicas": 1, "paused": true, "image": "a"}, "data": {"x": "1"}});
        let rules = rules(Some(".spec.replicas,.spec.paused,.data.y,.status.z")).unwrap();
        let live =
            json!({"spec": {"replicas": 7, "image": "b"}, "data": {"x": "2", "y": "3"}, "status": {"z": 1}});
        assert_eq!(
            yielded(&object, &live, &rules),
            json!({"spec": {"replicas": 7, "image": "a"}, "data": {"x": "1"}}),
            "replicas as there, paused gone as there, and nothing that the intent does not name"
        );
    }

    fn managed(fields: &Value) -> Vec<ManagedFieldsEntry> {
        let entry = json!({"manager": "nagaya", "operation": "Apply", "fieldsV1": fields});
        vec![serde_json::from_value(entry).unwrap()]
    }

    #[test]
    fn losing_a_field_that_is_left_to_others_is_no_drift_and_losing_another_is() {
        let rules = rules(Some(".spec.replicas,.metadata.annotations[\"a.b/c\"],.spec.selector.x")).unwrap();
        let seen = |fields: Value| {
            let mut managed = managed(&fields);
            overlook(&mut managed, &rules);
            (owned(&managed), our_fields(&managed))
        };
        let all = seen(json!({
            "f:metadata": {"f:annotations": {"f:a.b/c": {}}},
            "f:spec": {"f:replicas": {}, "f:image": {}, "f:selector": {}}}));
        let lost = seen(json!({"f:spec": {"f:image": {}, "f:selector": {}}}));
        assert_eq!(all, lost);
        assert!(all.1.contains(".spec.selector"), "what is owned only as a whole stays in sight");
        let other = seen(json!({"f:spec": {"f:replicas": {}, "f:selector": {}}}));
        assert_ne!(all.0, other.0);
    }
}
