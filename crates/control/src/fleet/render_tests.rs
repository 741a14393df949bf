#![allow(clippy::unwrap_used)]
use nagaya_api::kinds::{
    bundle::Override,
    cluster::{ClusterSpec, Provider},
};

use super::*;

fn cluster(name: &str, labels: &[(&str, &str)]) -> Cluster {
    let spec = ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() };
    let mut cluster = Cluster::new(name, spec);
    cluster.metadata.labels = labels.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    cluster
}

fn config(name: &str, data: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "n"}, "data": data})
}

fn spec(objects: Vec<Value>) -> BundleVersionSpec {
    BundleVersionSpec { bundle: "quota".into(), version: 3, objects, ..BundleVersionSpec::default() }
}

fn on<'a>(cluster: &'a Cluster, teams: &'a BTreeMap<String, String>) -> Place<'a> {
    Place { cluster, teams, remembered: None }
}

fn objects(rendered: &Rendered) -> Vec<Value> {
    rendered.texts().iter().map(|text| serde_json::from_str(text).unwrap()).collect()
}

#[test]
fn an_object_says_where_it_comes_from_and_which_fields_are_others() {
    let mut spec = spec(vec![config("c", json!({}))]);
    let rule = |kind: &str, field: &str| IgnoreRule {
        target: ObjectTarget { kind: kind.into(), ..ObjectTarget::default() },
        fields: vec![field.into()],
    };
    spec.ignore =
        vec![rule("ConfigMap", ".data.b"), rule("", ".data.a"), rule("Deployment", ".spec.replicas")];
    let (cluster, none) = (cluster("c", &[]), BTreeMap::new());
    let rendered = Arc::new(Source::new(spec)).render(&on(&cluster, &none)).unwrap();
    let metadata = &objects(&rendered)[0]["metadata"];
    assert_eq!(metadata["labels"], json!({MANAGED_BY_LABEL: MANAGED_BY, BUNDLE_LABEL: "quota"}));
    assert_eq!(metadata["annotations"], json!({IGNORE_FIELDS_ANNOTATION: ".data.a,.data.b"}));
    assert_eq!(rendered.version, 3);
}

#[test]
fn overrides_are_put_over_the_objects_of_the_clusters_they_select_in_order() {
    let patch = |clusters: &str, name: &str, patch| Override {
        clusters: clusters.into(),
        target: ObjectTarget { name: name.into(), ..ObjectTarget::default() },
        patch,
    };
    let mut spec = spec(vec![config("a", json!({"x": "1", "y": "1"})), config("b", json!({"x": "1"}))]);
    spec.overrides = vec![
        patch("tier=small", "a", json!({"data": {"x": "2", "y": null}})),
        patch("nagaya.dev/cluster=one", "", json!({"data": {"x": "${cluster.name}"}})),
    ];
    let source = Arc::new(Source::new(spec));
    let none = BTreeMap::new();
    let data = |cluster: &Cluster| {
        let rendered = source.render(&on(cluster, &none)).unwrap();
        objects(&rendered).into_iter().map(|object| object["data"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(data(&cluster("c", &[])), [json!({"x": "1", "y": "1"}), json!({"x": "1"})]);
    assert_eq!(data(&cluster("c", &[("tier", "small")])), [json!({"x": "2"}), json!({"x": "1"})]);
    assert_eq!(data(&cluster("one", &[("tier", "small")])), [json!({"x": "one"}), json!({"x": "one"})]);
}

#[test]
fn each_team_has_its_own_and_what_names_no_namespace_goes_into_the_teams() {
    let mut spec = spec(vec![
        json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "quota"}}),
        json!({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "low"}, "value": 1}),
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "of-${team.name}", "namespace": "all"}}),
    ]);
    spec.each = Each::Team;
    let teams = BTreeMap::from([("ns-a".to_owned(), "a".to_owned()), ("ns-b".to_owned(), "b".to_owned())]);
    let cluster = cluster("c", &[]);
    let source = Arc::new(Source::new(spec));
    let keys = |teams| {
        let rendered = source.render(&on(&cluster, teams)).unwrap();
        rendered.keys.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        keys(&teams),
        [
            "ResourceQuota ns-a/quota",
            "PriorityClass low",
            "ConfigMap all/of-a",
            "ResourceQuota ns-b/quota",
            "ConfigMap all/of-b"
        ]
    );
    assert!(keys(&BTreeMap::new()).is_empty(), "without a team there is nothing to repeat");
}

#[test]
fn two_objects_that_become_one_are_refused_by_name() {
    let mut spec = spec(vec![config("x", json!({"team": "${team.name}"}))]);
    spec.each = Each::Team;
    let teams = BTreeMap::from([("ns-a".to_owned(), "a".to_owned()), ("ns-b".to_owned(), "b".to_owned())]);
    let error = Arc::new(Source::new(spec)).render(&on(&cluster("c", &[]), &teams)).unwrap_err().to_string();
    assert!(error.contains("ConfigMap n/x stands in the bundle twice on cluster \"c\""), "{error}");
}

#[test]
fn a_missing_variable_is_said_with_object_field_variable_cluster_and_mend() {
    let none = BTreeMap::new();
    let error = |text: &str| {
        let source = Arc::new(Source::new(spec(vec![config("x", json!({"a": text}))])));
        source.render(&on(&cluster("java", &[]), &none)).unwrap_err().to_string()
    };
    let message = error("${cluster.labels.tier}");
    for part in
        ["ConfigMap n/x", "data.a", "${cluster.labels.tier}", "\"java\"", "${cluster.labels.tier:-default}"]
    {
        assert!(message.contains(part), "{part} in {message}");
    }
    assert!(error("${team.name}").contains("set the bundle's each to Team"));
}

#[test]
fn clusters_for_which_it_is_the_same_share_it() {
    let source = Arc::new(Source::new(spec(vec![config("x", json!({"tier": "${cluster.labels.tier}"}))])));
    let none = BTreeMap::new();
    let render = |name: &str, tier: &str| {
        source.render(&on(&cluster(name, &[("tier", tier), ("other", name)]), &none)).unwrap()
    };
    let one = render("one", "small");
    assert!(Arc::ptr_eq(&one, &render("two", "small")));
    let other = render("two", "large");
    assert!(!Arc::ptr_eq(&one, &other));
    assert_ne!(one.print, other.print);
    assert_eq!(one.loose, BTreeMap::from([("cluster.labels.tier".to_owned(), "small".to_owned())]));
    drop((one, other));
    for nth in 0..100 {
        render("c", &format!("t{nth}"));
    }
    assert!(source.known.lock().unwrap().rendered.len() < 100, "what no cluster has any more is forgotten");
}

#[test]
fn what_a_cluster_has_can_be_made_again_from_what_is_remembered() {
    let source = Arc::new(Source::new(spec(vec![config("x", json!({"tier": "${cluster.labels.tier}"}))])));
    let none = BTreeMap::new();
    let had = source.render(&on(&cluster("c", &[("tier", "small")]), &none)).unwrap();
    let bare = cluster("c", &[]);
    let place = Place { remembered: Some(&had.loose), ..on(&bare, &none) };
    assert!(Arc::ptr_eq(&had, &source.render(&place).unwrap()));
}

#[test]
fn a_namespace_stays_unless_the_bundle_says_otherwise() {
    let namespace = |annotations: Value| {
        let object = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x", "annotations": annotations}});
        let none = BTreeMap::new();
        let rendered =
            Arc::new(Source::new(spec(vec![object]))).render(&on(&cluster("c", &[]), &none)).unwrap();
        objects(&rendered)[0]["metadata"]["annotations"][PRUNE_ANNOTATION].clone()
    };
    assert_eq!(namespace(Value::Null), "keep");
    assert_eq!(namespace(json!({PRUNE_ANNOTATION: "delete"})), "delete");
}
