#![allow(clippy::unwrap_used)]
use serde_json::{Value, json};

use super::*;
use crate::{Kind, RawObject, Resource, kinds::release::Values};

fn template(spec: &Value) -> Result<RawObject, crate::ApiError> {
    let object = json!({"apiVersion": crate::API_VERSION, "kind": "Template", "metadata": {"name": "t"}, "spec": spec});
    serde_json::from_value::<RawObject>(object).unwrap().validated()
}

/// The fields that are wrong.
fn faults(spec: &Value) -> Vec<String> {
    template(spec).unwrap_err().details.causes.into_iter().map(|cause| cause.field).collect()
}

fn charted(change: impl FnOnce(&mut Value)) -> Value {
    let mut spec = json!({
        "chart": {"repository": "stable", "chart": "desk", "homeValue": "home.claim"},
        "homeSize": "1Gi", "ports": [{"name": "desktop", "port": 7900}],
    });
    change(&mut spec);
    spec
}

#[test]
fn a_template_has_an_image_or_a_chart() {
    // Port 7900 is the relay's, and a chart has none.
    let raw = template(&charted(|_| ())).unwrap();
    assert_eq!(raw.kind, Kind::Template);
    assert_eq!(faults(&json!({"homeSize": "1Gi"})), ["spec.image", "spec.resources"]);
    let both = charted(|spec| {
        spec["image"] = "java".into();
        spec["resources"] = json!({"cpu": "1", "memory": "1Gi"});
        spec["environment"] = json!({"A": "b"});
    });
    assert_eq!(faults(&both), ["spec.image", "spec.resources", "spec.environment"]);
}

#[test]
fn a_chart_is_checked_field_by_field() {
    let chart = |field: &str, value: Value| faults(&charted(|spec| spec["chart"][field] = value));
    assert_eq!(chart("repository", "No".into()), ["spec.chart.repository"]);
    assert_eq!(chart("chart", "../x".into()), ["spec.chart.chart"]);
    assert_eq!(chart("version", "1\n".into()), ["spec.chart.version"]);
    assert_eq!(chart("homeValue", "a..b".into()), ["spec.chart.homeValue"]);
    assert_eq!(chart("values", json!({"home": {"claim": "mine"}})), ["spec.chart.homeValue"]);
    for service in [
        "{workspace}.x",
        "{name}",
        "-{workspace}",
        "1{workspace}",
        &format!("{{workspace}}-{}", "x".repeat(30)),
    ] {
        assert_eq!(chart("service", service.into()), ["spec.chart.service"], "{service}");
    }
    assert!(template(&charted(|spec| spec["chart"]["service"] = "desk-{workspace}".into())).is_ok());
}

#[test]
fn a_template_with_an_image_gets_no_chart_later() {
    let read = |spec: &Value| Template::from_raw(&template(spec).unwrap()).unwrap();
    let image =
        read(&json!({"image": "java", "homeSize": "1Gi", "resources": {"cpu": "1", "memory": "1Gi"}}));
    let chart = read(&charted(|_| ()));
    assert_eq!(chart.check_change(&image)[0].field, "spec.chart");
    assert_eq!(image.check_change(&chart)[0].field, "spec.chart");
    assert!(chart.check_change(&chart).is_empty());
}

#[test]
fn a_service_is_called_as_the_workspace_or_by_its_name() {
    let mut chart = TemplateChart::default();
    assert_eq!(chart.service("java-1"), "java-1");
    chart.service = "{workspace}-vnc".into();
    assert_eq!(chart.service("java-1"), "java-1-vnc");
}

#[test]
fn the_home_goes_where_the_chart_takes_it() {
    let chart = TemplateChart { home_value: "a.b".into(), ..TemplateChart::default() };
    assert_eq!(Value::Object(chart.with_home(Values::new(), "home-x")), json!({"a": {"b": "home-x"}}));
    assert_eq!(TemplateChart::default().with_home(Values::new(), "home-x"), Values::new());
}

#[test]
fn a_chart_that_is_not_named_any_more_is_not_resolved() {
    let mut template = Template::from_raw(&template(&charted(|_| ())).unwrap()).unwrap();
    let found =
        ResolvedChart { repository: "stable".into(), name: "desk".into(), ..ResolvedChart::default() };
    template.status.chart = Some(found.clone());
    assert_eq!(template.resolved(), Some(&found));
    template.status.chart = Some(ResolvedChart { name: "other".into(), ..found });
    assert_eq!(template.resolved(), None);
}
