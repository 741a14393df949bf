//! A bundle on clusters that come, change and go.

use super::*;

#[test]
fn a_cluster_that_joins_a_group_gets_its_bundles_and_one_that_leaves_loses_them() {
    let mut played = Played::new();
    played.cluster("one", &[("team", "java")]);
    played.cluster("two", &[]);
    played.group("java", "team=java");
    played.bundle("b", json!({"groups": ["java"], "objects": [config("c", "1")]}));
    played.settle();
    assert_eq!(played.held("one"), ["ConfigMap n/c"]);
    assert!(!played.sent.contains_key("two") || played.held("two").is_empty());
    assert_eq!(played.state("b", "one"), BundleState::Ready);

    played.label("two", &[("team", "java")]);
    played.settle();
    assert_eq!(played.held("two"), ["ConfigMap n/c"], "nobody asked for it");
    played.label("one", &[]);
    played.settle();
    assert!(played.held("one").is_empty());
    assert_eq!(played.status("b").clusters.len(), 1);
    let group = Group::from_raw(&played.objects[&(Kind::Group, "java".to_owned())]).unwrap();
    assert_eq!(group.status.clusters, ["two"]);

    played.cluster("later", &[("team", "java")]);
    played.settle();
    assert_eq!(played.held("later"), ["ConfigMap n/c"]);
    played.group("java", "nagaya.dev/cluster=one");
    played.settle();
    assert_eq!(played.held("one"), ["ConfigMap n/c"]);
    assert!(played.held("later").is_empty());
    played.remove(Kind::Bundle, "b");
    played.settle();
    assert!(played.held("one").is_empty());
    assert!(!played.objects.keys().any(|(kind, _)| *kind == Kind::BundleVersion), "its versions go with it");
}

#[test]
fn an_object_taken_out_of_a_bundle_leaves_alone() {
    let mut played = Played::new();
    played.cluster("one", &[]);
    played.group("all", "");
    played.bundle("b", json!({"groups": ["all"], "objects": [config("a", "1"), config("b", "1")]}));
    played.bundle("other", json!({"groups": ["all"], "objects": [config("x", "1")]}));
    played.settle();
    played.bundle("b", json!({"groups": ["all"], "objects": [config("a", "1")]}));
    played.settle();
    assert_eq!(played.held("one"), ["ConfigMap n/a", "ConfigMap n/x"]);
    assert_eq!(played.status("b").version, 2);
}

#[test]
fn a_bundle_for_each_team_follows_the_teams() {
    let mut played = Played::new();
    played.group("java", "team=java");
    let quota = json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "quota"}});
    played.bundle("quota", json!({"groups": ["java"], "each": "Team", "objects": [quota]}));
    played.cluster("one", &[("team", "java")]);
    played.settle();
    assert!(played.held("one").is_empty());
    assert_eq!(played.state("quota", "one"), BundleState::Ready, "no team, nothing to do");
    played.team("java", "one");
    played.team("kotlin", "one");
    played.settle();
    assert_eq!(played.held("one"), ["ResourceQuota java/quota", "ResourceQuota kotlin/quota"]);
    assert_eq!(played.line("quota", "one").objects, 2);
    played.remove(Kind::Team, "kotlin");
    played.settle();
    assert_eq!(played.held("one"), ["ResourceQuota java/quota"]);
}

#[test]
fn the_status_tells_where_a_bundle_stands() {
    let mut played = Played::new();
    played.cluster("one", &[]);
    played.group("all", "");
    let web =
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "n"}});
    played.bundle("b", json!({"groups": ["all"], "objects": [web, config("c", "1")]}));
    assert_eq!(played.state("b", "one"), BundleState::Applying);
    played.report("one", unready("Deployment n/web", "b"));
    played.settle();
    let line = played.line("b", "one");
    assert_eq!((line.state, line.objects, line.ready), (BundleState::NotReady, 2, 1));
    assert_eq!(line.message, "Deployment n/web: 0 of 1 are ready");
    let condition = played.status("b").conditions[0].clone();
    assert_eq!((condition.status, condition.reason.as_str()), (false, "NotReady"));
    assert!(condition.message.contains("cluster \"one\": Deployment n/web"), "{}", condition.message);

    played.report("one", Report::Unready { objects: vec![] });
    played.pass(1);
    assert_eq!(played.state("b", "one"), BundleState::Ready);
    assert!(played.status("b").conditions[0].status);
    let since = played.line("b", "one").since;
    let error = |object: &str| ObjectError { object: object.into(), message: "no kind".into() };
    played.apply_with("one", vec![error("Deployment n/web"), error("Secret x/of-another")]);
    played.pass(1);
    let line = played.line("b", "one");
    assert_eq!((line.state, line.message.as_str()), (BundleState::Failed, "Deployment n/web: no kind"));
    assert_ne!(line.since, since);
    played.lose("one");
    assert_eq!(played.state("b", "one"), BundleState::Unreachable);
    assert_eq!(played.status("b").summary.unready, 1);
}

#[test]
fn what_others_changed_is_counted_and_shown_with_who_what_and_when() {
    let mut played = Played::new();
    played.cluster("one", &[]);
    played.group("all", "");
    played.bundle("b", json!({"groups": ["all"], "objects": [config("c", "1")]}));
    played.settle();
    for field in ["data.v", "data.w"] {
        let at = played.now;
        let drift = Report::Drift {
            object: "ConfigMap n/c".into(),
            manager: "kubectl-edit".into(),
            fields: vec![field.into()],
            at,
            bundle: "b".into(),
            release: String::new(),
        };
        played.report("one", drift);
    }
    played.settle();
    let drift = played.line("b", "one").drift;
    let last = drift.last.unwrap();
    assert_eq!(drift.count, 2);
    assert_eq!((last.object.as_str(), last.manager.as_str()), ("ConfigMap n/c", "kubectl-edit"));
    assert_eq!(last.fields, ["data.w"]);
    played.restart();
    played.settle();
    assert_eq!(played.line("b", "one").drift.count, 2);
}

#[test]
fn a_variable_that_goes_missing_changes_nothing_on_the_cluster_also_for_another_server() {
    let mut played = Played::new();
    played.cluster("one", &[("tier", "small")]);
    played.cluster("two", &[("tier", "large")]);
    played.group("all", "");
    played.bundle("b", json!({"groups": ["all"], "objects": [config("c", "${cluster.labels.tier}")]}));
    played.bundle("other", json!({"groups": ["all"], "objects": [config("x", "1")]}));
    played.settle();
    assert_eq!(played.line("b", "one").variables["cluster.labels.tier"], "small");
    let before = played.sent["one"].hash().to_owned();
    played.label("one", &[]);
    played.settle();
    let line = played.line("b", "one");
    assert_eq!((line.state, line.version), (BundleState::Failed, 1));
    for part in ["ConfigMap n/c", "data.v", "cluster.labels.tier", "\"one\"", "keeps version 1"] {
        assert!(line.message.contains(part), "{part} in {}", line.message);
    }
    assert_eq!(played.sent["one"].hash(), before);
    assert_eq!(played.state("b", "two"), BundleState::Ready);
    played.restart();
    played.settle();
    assert_eq!(played.sent["one"].hash(), before, "what it had is known still");
    assert_eq!(played.state("b", "one"), BundleState::Failed);
    played.bundle("other", json!({"groups": ["all"], "objects": [config("x", "2")]}));
    played.settle();
    assert_eq!(played.object("one", "ConfigMap n/x")["data"]["v"], "2", "other bundles go on");
    played.label("one", &[("tier", "medium")]);
    played.settle();
    assert_eq!(played.object("one", "ConfigMap n/c")["data"]["v"], "medium");
}

#[test]
fn clusters_share_in_memory_what_is_the_same_for_them() {
    let mut played = Played::new();
    played.group("all", "");
    for nth in 0..3 {
        played.cluster(&format!("c{nth}"), &[]);
    }
    played.bundle("b", json!({"groups": ["all"], "objects": [config("c", "1")]}));
    played.settle();
    let part = |cluster: &str| played.sent[cluster].bundles[0].rendered.clone();
    assert!(Arc::ptr_eq(&part("c0"), &part("c1")) && Arc::ptr_eq(&part("c1"), &part("c2")));
}

#[test]
fn many_reports_make_few_writes_and_leave_other_clusters_alone() {
    let mut played = Played::new();
    played.group("all", "");
    for nth in 0..100 {
        played.cluster(&format!("c{nth}"), &[]);
    }
    played.bundle("b", json!({"groups": ["all"], "objects": [config("c", "1")]}));
    let before = played.written;
    while let Some(cluster) = played.waiting.first().cloned() {
        let sent = played.waiting.len();
        played.apply_with(&cluster, Vec::new());
        assert_eq!(played.waiting.len(), sent - 1, "one cluster's report sends nothing to others");
    }
    played.settle();
    assert!(played.written - before <= 3, "{} writes for 100 reports", played.written - before);
    assert_eq!(played.status("b").summary.ready, 100);
    let settled = played.written;
    played.event(Event::Tick);
    played.settle();
    assert_eq!(played.written, settled, "nothing new, nothing said");
}
