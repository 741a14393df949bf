#![allow(clippy::unwrap_used)]
use serde_json::{Value, json};

use super::*;
use crate::{RawObject, Resource as _};

fn bundle(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut object = json!({
        "apiVersion": "nagaya.dev/v1alpha1", "kind": "Bundle", "metadata": {"name": "b"},
        "spec": {
            "groups": ["java"],
            "objects": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "n"}}],
        },
    });
    change(&mut object);
    let raw: RawObject = serde_json::from_value(object).unwrap();
    match raw.validated() {
        Ok(_) => Vec::new(),
        Err(error) => error.details.causes.into_iter().map(|cause| cause.field).collect(),
    }
}

#[test]
fn a_bundle_names_groups_and_objects() {
    assert!(bundle(|_| ()).is_empty());
    assert_eq!(bundle(|b| b["spec"]["groups"] = json!([])), ["spec.groups"]);
    assert_eq!(bundle(|b| b["spec"]["groups"] = json!(["a", "a"])), ["spec.groups[1]"]);
    assert_eq!(bundle(|b| b["metadata"]["name"] = "x".repeat(33).into()), ["metadata.name"]);
    assert_eq!(bundle(|b| b["spec"]["objects"][0]["kind"] = "".into()), ["spec.objects[0].kind"]);
    let fields = bundle(|b| b["spec"]["objects"] = json!([{}, 1]));
    assert_eq!(
        fields,
        [
            "spec.objects[0].apiVersion",
            "spec.objects[0].kind",
            "spec.objects[0].metadata.name",
            "spec.objects[1]"
        ]
    );
}

#[test]
fn one_object_stands_in_a_bundle_once_whatever_version_it_is_written_in() {
    let twice = |second: Value| {
        bundle(|b| {
            let first = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d", "namespace": "n"}});
            b["spec"]["objects"] = json!([first, second]);
        })
    };
    let other = |version: &str, namespace: &str| json!({"apiVersion": version, "kind": "Deployment", "metadata": {"name": "d", "namespace": namespace}});
    assert_eq!(twice(other("apps/v1beta1", "n")), ["spec.objects[1]"]);
    assert!(twice(other("apps/v1", "m")).is_empty());
    assert!(twice(other("example.com/v1", "n")).is_empty());
}

#[test]
fn what_a_cluster_would_refuse_or_what_is_none_of_its_own_is_refused_here() {
    let set = |pointer: &str, value: Value| {
        bundle(|b| b["spec"]["objects"][0].as_object_mut().unwrap().extend([(pointer.to_owned(), value)]))
    };
    assert_eq!(set("status", json!({})), ["spec.objects[0].status"]);
    assert_eq!(set("apiVersion", "nagaya.dev/v1alpha1".into()), ["spec.objects[0].apiVersion"]);
    assert_eq!(
        set("metadata", json!({"name": "x", "labels": {"a": 1}})),
        ["spec.objects[0].metadata.labels"]
    );
    assert_eq!(
        bundle(|b| b["spec"]["objects"][0] =
            json!({"apiVersion": "v1", "kind": "List", "metadata": {"name": "l"}, "items": []})),
        ["spec.objects[0]"]
    );
}

#[test]
fn a_bundle_is_bounded() {
    let many: Vec<Value> = (0..=MAX_OBJECTS)
        .map(|n| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": format!("c{n}")}}))
        .collect();
    assert_eq!(bundle(|b| b["spec"]["objects"] = many.into()), ["spec.objects"]);
    assert_eq!(
        bundle(|b| b["spec"]["objects"][0]["data"] = json!({"x": "y".repeat(MAX_BYTES)})),
        ["spec.objects"]
    );
}

#[test]
fn an_override_does_not_make_another_object() {
    let patch =
        |patch: Value| bundle(|b| b["spec"]["overrides"] = json!([{"clusters": "tier=a", "patch": patch}]));
    assert!(patch(json!({"data": {"a": null}, "metadata": {"labels": {"x": "y"}}})).is_empty());
    assert_eq!(patch(json!({"metadata": {"name": "x"}, "kind": "y"})).len(), 2);
    assert_eq!(patch(json!(null)), ["spec.overrides[0].patch"]);
    assert_eq!(
        bundle(|b| b["spec"]["overrides"] = json!([{"clusters": "=", "patch": {}}])),
        ["spec.overrides[0].clusters"]
    );
}

#[test]
fn ignored_fields_are_paths() {
    let ignore = |field: &str| bundle(|b| b["spec"]["ignore"] = json!([{"fields": [field]}]));
    assert!(ignore(".spec.replicas").is_empty());
    assert_eq!(ignore("spec"), ["spec.ignore[0].fields[0]"]);
    assert_eq!(ignore(".metadata.name"), ["spec.ignore[0].fields[0]"]);
}

#[test]
fn a_limit_is_a_number_or_a_part() {
    let limit = |value: Value| serde_json::from_value::<MaxUnready>(value);
    assert_eq!(limit(json!(3)).unwrap(), MaxUnready::Clusters(3));
    assert_eq!(limit(json!("3")).unwrap(), MaxUnready::Clusters(3));
    assert_eq!(limit(json!("25%")).unwrap().of(10), 2);
    assert_eq!(MaxUnready::default().of(3), 1, "at least one, or nothing would ever move");
    for bad in [json!(0), json!("0%"), json!("101%"), json!("x"), json!("-1")] {
        assert!(limit(bad.clone()).is_err(), "{bad}");
    }
    let wrong = bundle(|b| b["spec"]["rollout"] = json!({"maxUnready": "x"}));
    assert_eq!(wrong, ["spec.maxUnready"]);
    assert_eq!(
        bundle(|b| b["spec"]["rollout"] = json!({"waves": ["", "a b"]})),
        ["spec.rollout.waves[0]", "spec.rollout.waves[1]"]
    );
}

#[test]
fn defaults_are_not_written_out() {
    let spec = BundleSpec { groups: vec!["g".into()], ..BundleSpec::default() };
    let raw = Bundle::new("b", spec).to_raw();
    assert_eq!(raw.spec, json!({"groups": ["g"], "objects": []}));
}
