//! Whose an object is. Helm writes it on each: a label, and the release in two annotations.

use serde_json::{Value, json};

use super::key::Key;

const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
const HELM: &str = "Helm";
const RELEASE: &str = "meta.helm.sh/release-name";
const NAMESPACE: &str = "meta.helm.sh/release-namespace";
const POLICY: &str = "helm.sh/resource-policy";

/// Which release.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Release {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

fn entry<'a>(object: &'a Value, map: &str, key: &str) -> Option<&'a str> {
    object.get("metadata")?.get(map)?.get(key)?.as_str()
}

impl Release {
    /// Writes on an object that it is this release's.
    pub fn mark(&self, object: &mut Value) {
        let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else { return };
        for (map, key, value) in [
            ("labels", MANAGED_BY, HELM),
            ("annotations", RELEASE, &self.name),
            ("annotations", NAMESPACE, &self.namespace),
        ] {
            let entries = metadata.entry(map).or_insert_with(|| json!({}));
            if entries.is_null() {
                *entries = json!({});
            }
            if let Some(entries) = entries.as_object_mut() {
                entries.insert(key.to_owned(), json!(value));
            }
        }
    }

    /// Whether an object says that it is this release's.
    pub fn owns(&self, live: &Value) -> bool {
        entry(live, "annotations", RELEASE) == Some(&self.name)
            && entry(live, "annotations", NAMESPACE) == Some(&self.namespace)
    }

    /// Why an object that is there already cannot become this release's, in Helm's words; none when it can.
    pub fn refuses(&self, key: &Key, live: &Value) -> Option<String> {
        let check = |what: &str, map, entry_key: &str, wanted: &str| match entry(live, map, entry_key) {
            Some(value) if value == wanted => None,
            Some(value) => Some(format!(
                "{what} validation error: key \"{entry_key}\" must equal \"{wanted}\": current value is \"{value}\""
            )),
            None => Some(format!(
                "{what} validation error: missing key \"{entry_key}\": must be set to \"{wanted}\""
            )),
        };
        let wrong: Vec<String> = [
            check("label", "labels", MANAGED_BY, HELM),
            check("annotation", "annotations", RELEASE, &self.name),
            check("annotation", "annotations", NAMESPACE, &self.namespace),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!wrong.is_empty()).then(|| {
            format!(
                "{} \"{}\" in namespace \"{}\" exists and cannot be imported into the current release: invalid \
                 ownership metadata; {}",
                key.kind,
                key.name,
                key.namespace,
                wrong.join("; ")
            )
        })
    }
}

/// Whether an object stays when its release goes.
pub fn is_kept(object: &Value) -> bool {
    entry(object, "annotations", POLICY).is_some_and(|policy| policy.trim().eq_ignore_ascii_case("keep"))
}

/// What hands over fields that Helm merged by the client, or applied under another name, to Helm's server-side apply; none
/// when there are none. Whoever wrote the release's name on the object was Helm: as a library it goes by the name of the
/// program that it is in. Without this, what leaves the chart would stay in the object, for its owner would be another.
pub fn hand_over(live: &Value) -> Option<Value> {
    let entries = live.pointer("/metadata/managedFields")?.as_array()?;
    let main =
        |entry: &Value| entry.get("subresource").and_then(Value::as_str).unwrap_or_default().is_empty();
    let name = format!("f:{RELEASE}");
    let is_ours = |entry: &Value| entry["manager"] == "helm" && entry["operation"] == "Apply" && main(entry);
    let by_another = |entry: &Value| {
        let named = entry.pointer("/fieldsV1/f:metadata/f:annotations").and_then(|all| all.get(&name));
        !is_ours(entry) && main(entry) && named.is_some()
    };
    if !entries.iter().any(by_another) {
        return None;
    }
    let mut fields = json!({});
    let mut kept = Vec::new();
    let mut ours: Option<Value> = None;
    for entry in entries {
        if is_ours(entry) || by_another(entry) {
            join(&mut fields, &entry["fieldsV1"]);
            ours.get_or_insert_with(|| entry.clone());
        } else {
            kept.push(entry.clone());
        }
    }
    let mut ours = ours?;
    (ours["manager"], ours["operation"], ours["fieldsV1"]) = (json!("helm"), json!("Apply"), fields);
    kept.push(ours);
    let version = live.pointer("/metadata/resourceVersion")?;
    Some(json!({ "metadata": { "resourceVersion": version, "managedFields": kept } }))
}

/// All fields of both.
fn join(into: &mut Value, from: &Value) {
    let (Some(into), Some(from)) = (into.as_object_mut(), from.as_object()) else { return };
    for (key, below) in from {
        join(into.entry(key.clone()).or_insert_with(|| json!({})), below);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn ci() -> Release {
        Release { namespace: "java".into(), name: "ci".into() }
    }

    #[test]
    fn what_is_marked_is_owned_and_nothing_else_is() {
        let mut object = json!({"metadata": {"name": "x", "labels": null, "annotations": {"a": "b"}}});
        let key = Key {
            api_version: "v1".into(),
            kind: "Secret".into(),
            namespace: "java".into(),
            name: "x".into(),
        };
        let refusal = ci().refuses(&key, &object).unwrap();
        assert_eq!(
            refusal,
            "Secret \"x\" in namespace \"java\" exists and cannot be imported into the current release: invalid \
             ownership metadata; label validation error: missing key \"app.kubernetes.io/managed-by\": must be set to \
             \"Helm\"; annotation validation error: missing key \"meta.helm.sh/release-name\": must be set to \"ci\"; \
             annotation validation error: missing key \"meta.helm.sh/release-namespace\": must be set to \"java\""
        );
        ci().mark(&mut object);
        assert_eq!(ci().refuses(&key, &object), None);
        assert!(ci().owns(&object));
        let other = Release { name: "cd".into(), ..ci() };
        assert!(!other.owns(&object));
        assert!(other.refuses(&key, &object).unwrap().contains("must equal \"cd\": current value is \"ci\""));
        assert_eq!(object["metadata"]["annotations"]["a"], "b");
    }

    #[test]
    fn fields_of_helm_under_another_name_are_handed_over() {
        let written =
            json!({"f:metadata": {"f:annotations": {format!("f:{RELEASE}"): {}}}, "f:data": {"f:a": {}}});
        let live = json!({"metadata": {"resourceVersion": "7", "managedFields": [
            {"manager": "python3", "operation": "Update", "fieldsV1": written},
            {"manager": "deployer", "operation": "Apply", "fieldsV1": {"f:data": {"f:d": {}}, "f:metadata": written["f:metadata"]}},
            {"manager": "helm", "operation": "Apply", "fieldsV1": {"f:data": {"f:b": {}}}},
            {"manager": "kube-controller-manager", "operation": "Update", "subresource": "status", "fieldsV1": {}},
            {"manager": "kubectl-edit", "operation": "Update", "fieldsV1": {"f:data": {"f:c": {}}}},
        ]}});
        let patch = hand_over(&live).unwrap();
        let managed = patch["metadata"]["managedFields"].as_array().unwrap();
        assert_eq!(managed.len(), 3);
        assert_eq!(managed[1]["manager"], "kubectl-edit", "what others wrote stays theirs");
        assert_eq!((&managed[2]["manager"], &managed[2]["operation"]), (&json!("helm"), &json!("Apply")));
        assert_eq!(managed[2]["fieldsV1"]["f:data"], json!({"f:a": {}, "f:b": {}, "f:d": {}}));
        assert_eq!(patch["metadata"]["resourceVersion"], "7");
        assert_eq!(hand_over(&json!({"metadata": {"managedFields": managed, "resourceVersion": "8"}})), None);
    }
}
