//! The objects themselves: from `src/manifests`, chosen by version, with the cluster's names put in.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::ClusterImages;
use crate::launch::Facts;
use crate::launch::flags::{Differences, PodSecurity};

const BASE: &str = include_str!("../manifests/base.yaml");
const POLICIES: &str = include_str!("../manifests/pod-security-policies.yaml");
const ADDONS: &str = include_str!("../manifests/addons.yaml");

pub(super) fn built_in(facts: &Facts, images: &ClusterImages) -> Vec<Value> {
    let mut objects = vec![];
    read(BASE, &[], &mut objects);
    if Differences::of(facts).pod_security == PodSecurity::Policies {
        read(POLICIES, &[], &mut objects);
    }
    if let Some(image) = &images.nagaya {
        let homes = facts.cluster.homes().to_string_lossy().into_owned();
        let [dns, node, hub] = [facts.dns, facts.node_ip, facts.hub].map(|ip| ip.to_string());
        let names = [
            ("@IMAGE@", image.as_str()),
            ("@HOMES@", &homes),
            ("@CLUSTER@", &facts.name),
            ("@DNS@", &dns),
            ("@NODE@", &node),
            ("@HUB@", &hub),
        ];
        read(ADDONS, &names, &mut objects);
    }
    for object in &mut objects {
        object["metadata"]["labels"]["app.kubernetes.io/managed-by"] = json!("nagaya-local");
    }
    objects
}

/// Our own files: what cannot be read in them is caught by the test below.
fn read(text: &str, names: &[(&str, &str)], objects: &mut Vec<Value>) {
    let text = names.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    for document in yaml_serde::Deserializer::from_str(&text) {
        if let Ok(object) = Value::deserialize(document) {
            flatten(object, objects);
        }
    }
}

/// A `List` becomes its items; a JSON array its elements; nothing becomes nothing.
pub(super) fn flatten(object: Value, into: &mut Vec<Value>) {
    match object {
        Value::Array(all) => all.into_iter().for_each(|one| flatten(one, into)),
        Value::Object(mut list) if list.get("kind").is_some_and(|kind| kind == "List") => {
            if let Some(items) = list.remove("items") {
                flatten(items, into);
            }
        }
        Value::Object(one) => into.push(Value::Object(one)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_document_of_our_files_is_an_object_with_kind_and_name() {
        for text in [BASE, POLICIES, ADDONS] {
            let written = text.split("\n---").filter(|part| part.contains("kind:")).count();
            let mut objects = vec![];
            let names =
                ["@IMAGE@", "@HOMES@", "@CLUSTER@", "@DNS@", "@NODE@", "@HUB@"].map(|name| (name, "x"));
            read(text, &names, &mut objects);
            assert!(!format!("{objects:?}").contains('@'), "a name that is not put in");
            assert_eq!(objects.len(), written);
            for object in objects {
                assert!(object["kind"].is_string() && object["apiVersion"].is_string(), "{object}");
                assert!(object["metadata"]["name"].is_string(), "{object}");
            }
        }
    }

    #[test]
    fn lists_are_flattened() {
        let mut objects = vec![];
        flatten(
            json!({"kind": "List", "items": [{"kind": "A"}, {"kind": "List", "items": [{"kind": "B"}]}]}),
            &mut objects,
        );
        assert_eq!(objects, [json!({"kind": "A"}), json!({"kind": "B"})]);
    }
}
