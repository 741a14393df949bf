#![allow(clippy::unwrap_used)]
use serde_json::{Value, json};

use super::*;
use crate::{RawObject, Resource as _};

fn release(change: impl FnOnce(&mut Value)) -> Release {
    let mut spec =
        json!({"repository": "stable", "chart": "jenkins", "cluster": "java", "namespace": "java"});
    change(&mut spec);
    Release::new("jenkins", serde_json::from_value(spec).unwrap())
}

fn fields(change: impl FnOnce(&mut Value)) -> Vec<String> {
    release(change).check().into_iter().map(|cause| cause.field).collect()
}

fn map(value: Value) -> Values {
    value.as_object().unwrap().clone()
}

#[test]
fn a_release_needs_a_chart_and_one_place() {
    assert_eq!(fields(|_| {}), [""; 0]);
    for (change, field) in [
        (json!({"cluster": null}), "spec.cluster"),
        (json!({"group": "g"}), "spec.group"),
        (json!({"repository": "Stable"}), "spec.repository"),
        (json!({"chart": "../etc"}), "spec.chart"),
        (json!({"chart": ""}), "spec.chart"),
        (json!({"namespace": "kube-system"}), "spec.namespace"),
        (json!({"namespace": ""}), "spec.namespace"),
        (json!({"releaseName": "Up"}), "spec.releaseName"),
        (json!({"timeoutSeconds": 0}), "spec.timeoutSeconds"),
        (json!({"wait": false}), "spec.wait"),
        (json!({"version": "1\n2"}), "spec.version"),
        (json!({"values": {"a": "x".repeat(MAX_BYTES)}}), "spec.values"),
        (json!({"ignore": [{"fields": ["spec"]}]}), "spec.ignore[0].fields[0]"),
        (json!({"rollout": {"waves": ["a b"]}}), "spec.rollout.waves[0]"),
    ] {
        let named = fields(|spec| spec.as_object_mut().unwrap().extend(map(change.clone())));
        assert_eq!(named, [field], "{change}");
    }
}

#[test]
fn what_is_left_out_is_filled_in_and_stays_short() {
    let spec = release(|_| {}).spec;
    assert_eq!(
        (spec.atomic, spec.wait, spec.hooks, spec.crds, spec.timeout_seconds),
        (true, true, true, true, 300)
    );
    let raw: RawObject = release(|_| {}).to_raw();
    assert!(raw.spec.get("rollout").is_none() && raw.spec.get("values").is_none(), "{}", raw.spec);
    assert_eq!(raw.validated().unwrap(), raw);
    assert_eq!(
        spec,
        ReleaseSpec {
            repository: "stable".into(),
            chart: "jenkins".into(),
            cluster: Some("java".into()),
            namespace: "java".into(),
            ..ReleaseSpec::default()
        }
    );
}

#[test]
fn what_helm_knows_a_release_by_does_not_change() {
    let old = release(|_| {});
    for (change, field) in [
        (json!({"namespace": "other"}), "spec.namespace"),
        (json!({"releaseName": "other"}), "spec.releaseName"),
        (json!({"team": "java"}), "spec.team"),
    ] {
        let new = release(|spec| spec.as_object_mut().unwrap().extend(map(change)));
        assert_eq!(new.check_change(&old)[0].field, field);
    }
    let same = release(|spec| spec["releaseName"] = "jenkins".into());
    assert!(same.check_change(&old).is_empty(), "its own name said is the same name");
}

#[test]
fn a_sealed_value_is_at_one_place_and_nowhere_plain() {
    let secrets = |secrets: Value, values: Value| {
        fields(|spec| {
            spec["secrets"] = secrets;
            spec["values"] = values;
        })
    };
    let one = |path: &str| json!([{"path": path, "secret": "s"}]);
    assert!(secrets(one("a.b"), json!({"a": {"c": 1}})).is_empty());
    assert_eq!(secrets(one("a.b"), json!({"a": {"b": "plain"}})), ["spec.secrets[0].path"]);
    assert_eq!(secrets(one("a..b"), json!({})), ["spec.secrets[0].path"]);
    assert_eq!(secrets(one("a[0]"), json!({})), ["spec.secrets[0].path"]);
    assert_eq!(secrets(json!([{"path": "a", "secret": "S/../x"}]), json!({})), ["spec.secrets[0].secret"]);
    let two = json!([{"path": "a.b", "secret": "s"}, {"path": "a", "secret": "t"}]);
    assert_eq!(secrets(two, json!({})), ["spec.secrets[1].path"]);
}

#[test]
fn layers_are_laid_over_each_other() {
    let group = map(json!({"a": {"x": 1, "y": 1}, "list": [1, 2], "gone": 1}));
    let cluster = map(json!({"a": {"y": 2}, "list": [3]}));
    let own = map(json!({"a": {"z": 3}, "gone": null}));
    assert_eq!(
        Value::Object(layered([&group, &cluster, &own])),
        json!({"a": {"x": 1, "y": 2, "z": 3}, "list": [3], "gone": null})
    );
}

#[test]
fn secrets_are_put_where_they_belong_and_masked_there() {
    let secret = |path: &str| SecretValue { path: path.into(), secret: "s".into() };
    let mut values = map(json!({"a": {"x": 1}, "b": 2}));
    put_secret(&mut values, &secret("a.pass"), "one").unwrap();
    put_secret(&mut values, &secret("b.c"), "two").unwrap();
    put_secret(&mut values, &secret(r"d\.e.f"), "three").unwrap();
    assert_eq!(
        Value::Object(values.clone()),
        json!({"a": {"x": 1, "pass": "one"}, "b": {"c": "two"}, "d.e": {"f": "three"}})
    );
    mask(&mut values, &[secret("a.pass"), secret(r"d\.e.f"), secret("b.c")]);
    assert!(!Value::Object(values).to_string().contains("one"));
    assert_eq!(r"d\.e.f".parse::<SecretPath>().unwrap().to_string(), r"d\.e.f");
}

#[test]
fn values_for_charts_name_their_charts() {
    let values = |key: &str| check_chart_values(&ChartValues::from([(key.to_owned(), Values::new())]));
    assert!(values("stable/jenkins").is_empty());
    for bad in ["jenkins", "/jenkins", "stable/"] {
        assert_eq!(values(bad).len(), 1, "{bad}");
    }
}
