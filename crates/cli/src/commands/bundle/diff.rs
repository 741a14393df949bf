//! `nagaya bundle diff`: what the newest version would change on a cluster.

use std::collections::BTreeMap;

use nagaya_api::{Kind, agent::IGNORE_FIELDS_ANNOTATION, field_path::FieldPath};
use serde_json::{Map, Value};
use similar::TextDiff;

use crate::{
    CliError, Client,
    client::{encode, object_path},
    output::yaml,
    terminal::{note, print},
};

/// Exit code when something differs.
const DIFFERS: u8 = 1;

pub(super) async fn run(client: &Client, name: &str, cluster: &str) -> Result<(), CliError> {
    let path = format!("{}/rendered?cluster={}", object_path(Kind::Bundle, name), encode(cluster));
    let rendered = client.text(&path).await?;
    let rendered: Value =
        serde_json::from_str(&rendered).map_err(|error| CliError::Other(error.to_string()))?;
    let mut kinds = Kinds { client, cluster, known: BTreeMap::new() };
    let mut differs = false;
    for object in rendered["items"].as_array().into_iter().flatten() {
        let live = kinds.live(object).await?;
        let title = title(object);
        let ignored = ignored(object);
        let wanted = without(object, &ignored);
        let has = live.as_ref().map(|live| without(&part_of(live, object), &ignored));
        if has.as_ref() == Some(&wanted) {
            continue;
        }
        differs = true;
        let (has, wanted) = (has.as_ref().map(yaml).transpose()?.unwrap_or_default(), yaml(&wanted)?);
        let diff = TextDiff::from_lines(&has, &wanted);
        print(
            &diff
                .unified_diff()
                .header(&format!("{cluster}/{title}"), &format!("{name}/{title}"))
                .to_string(),
        );
    }
    if differs {
        return Err(CliError::Silent(DIFFERS));
    }
    note("no difference");
    Ok(())
}

fn title(object: &Value) -> String {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    match text("/metadata/namespace") {
        "" => format!("{} {}", text("/kind"), text("/metadata/name")),
        namespace => format!("{} {namespace}/{}", text("/kind"), text("/metadata/name")),
    }
}

/// Fields that others own, which a difference does not show.
fn ignored(object: &Value) -> Vec<FieldPath> {
    let rules = &object["metadata"]["annotations"][IGNORE_FIELDS_ANNOTATION];
    rules.as_str().unwrap_or_default().split(',').filter_map(|field| field.parse().ok()).collect()
}

fn without(object: &Value, fields: &[FieldPath]) -> Value {
    let mut object = object.clone();
    for field in fields {
        let Some((last, path)) = field.keys().split_last() else { continue };
        let parent = path.iter().try_fold(&mut object, |at, key| at.get_mut(key));
        if let Some(map) = parent.and_then(Value::as_object_mut) {
            map.remove(last);
        }
    }
    object
}

/// What of a live object a bundle speaks of: its other fields are the cluster's, or others'. Within lists an item is
/// compared with the one in its place.
fn part_of(live: &Value, wanted: &Value) -> Value {
    match (live, wanted) {
        (Value::Object(live), Value::Object(wanted)) => {
            let parts = wanted
                .iter()
                .filter_map(|(key, wanted)| Some((key.clone(), part_of(live.get(key)?, wanted))));
            Value::Object(parts.collect::<Map<_, _>>())
        }
        (Value::Array(live), Value::Array(wanted)) => {
            let parts = live.iter().enumerate();
            parts
                .map(|(at, item)| wanted.get(at).map_or_else(|| item.clone(), |wanted| part_of(item, wanted)))
                .collect()
        }
        _ => live.clone(),
    }
}

/// The kinds of a cluster, as it tells them.
struct Kinds<'a> {
    client: &'a Client,
    cluster: &'a str,
    /// Plural and whether it has namespaces, by apiVersion and kind.
    known: BTreeMap<String, BTreeMap<String, (String, bool)>>,
}

impl Kinds<'_> {
    async fn get(&self, path: &str) -> Result<Option<Value>, CliError> {
        let path = format!("{}/kubernetes/{path}", object_path(Kind::Cluster, self.cluster));
        match self.client.text(&path).await {
            Ok(text) => {
                serde_json::from_str(&text).map(Some).map_err(|error| CliError::Other(error.to_string()))
            }
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The object as it is in the cluster; none when it, or its kind, is not there.
    async fn live(&mut self, object: &Value) -> Result<Option<Value>, CliError> {
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let version = text("/apiVersion");
        let root = if version.contains('/') { format!("apis/{version}") } else { format!("api/{version}") };
        if !self.known.contains_key(version) {
            let list = self.get(&root).await?.unwrap_or_default();
            self.known.insert(version.to_owned(), resources(&list));
        }
        let Some((plural, namespaced)) = self.known.get(version).and_then(|kinds| kinds.get(text("/kind")))
        else {
            return Ok(None);
        };
        let name = encode(text("/metadata/name"));
        let namespace = match text("/metadata/namespace") {
            "" => "default".to_owned(),
            namespace => encode(namespace),
        };
        let path = if *namespaced {
            format!("{root}/namespaces/{namespace}/{plural}/{name}")
        } else {
            format!("{root}/{plural}/{name}")
        };
        self.get(&path).await
    }
}

/// Plural and scope by kind, from an APIResourceList.
fn resources(list: &Value) -> BTreeMap<String, (String, bool)> {
    let resources = list["resources"].as_array().into_iter().flatten();
    let own = resources.filter_map(|one| {
        // Those with a slash are parts of others: `deployments/scale`.
        let plural = one["name"].as_str().filter(|name| !name.contains('/'))?;
        Some((one["kind"].as_str()?.to_owned(), (plural.to_owned(), one["namespaced"].as_bool()?)))
    });
    own.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_the_bundle_speaks_of_is_compared() {
        let wanted = json!({"spec": {"replicas": 1, "list": [{"a": 1}, {"a": 2}]}, "data": {"x": "1"}});
        let live =
            json!({"spec": {"replicas": 3, "list": [{"a": 1, "default": true}], "more": 1}, "status": {}});
        let part = part_of(&live, &wanted);
        assert_eq!(part, json!({"spec": {"replicas": 3, "list": [{"a": 1}]}}));
        let fields = [".spec.replicas".parse().expect("a path"), ".not.there".parse().expect("a path")];
        assert_eq!(without(&part, &fields), json!({"spec": {"list": [{"a": 1}]}}));
    }

    #[test]
    fn kinds_are_found_by_what_the_cluster_tells() {
        let list = json!({"resources": [
            {"name": "deployments/scale", "kind": "Scale", "namespaced": true},
            {"name": "deployments", "kind": "Deployment", "namespaced": true},
        ]});
        assert_eq!(resources(&list), BTreeMap::from([("Deployment".into(), ("deployments".into(), true))]));
    }
}
