//! New versions on their way.

use super::*;

fn spec(value: &str, rollout: Value) -> Value {
    json!({"groups": ["all"], "objects": [config("c", value)], "rollout": rollout})
}

fn fleet(clusters: usize) -> Played {
    let mut played = Played::new();
    played.group("all", "");
    for nth in 0..clusters {
        played.cluster(&format!("c{nth}"), &[("wave", if nth == clusters - 1 { "first" } else { "later" })]);
    }
    played
}

#[test]
fn the_first_version_goes_everywhere_at_once_and_later_ones_wave_by_wave_within_the_limit() {
    let mut played = fleet(5);
    let rollout = json!({"maxUnready": 2, "waves": ["wave=first"]});
    played.bundle("b", spec("1", rollout.clone()));
    assert_eq!(played.waiting.len(), 5);
    played.settle();
    played.bundle("b", spec("2", rollout));
    assert_eq!(played.versions("b"), [1, 1, 1, 1, 2]);
    assert_eq!(played.waiting, BTreeSet::from(["c4".to_owned()]));
    assert_eq!(played.state("b", "c0"), BundleState::Waiting);
    played.apply_with("c4", Vec::new());
    played.pass(1);
    assert_eq!(played.versions("b"), [2, 2, 1, 1, 2]);
    played.report("c0", unready("ConfigMap n/c", "b"));
    played.apply_with("c0", Vec::new());
    played.apply_with("c1", Vec::new());
    played.pass(1);
    assert_eq!(played.versions("b"), [2, 2, 2, 1, 2], "one is not ready, so one may move");
    let summary = played.status("b").summary;
    assert_eq!((summary.targets, summary.updated, summary.ready), (5, 4, 2));
    played.apply_with("c2", Vec::new());
    played.pass(1);
    assert_eq!(played.versions("b"), [2; 5]);
}

#[test]
fn a_broken_canary_stops_the_rollout_where_the_limit_is_one() {
    let mut played = fleet(4);
    let rollout = json!({"maxUnready": 1, "waves": ["wave=first"]});
    played.bundle("b", spec("1", rollout.clone()));
    played.settle();
    played.bundle("b", spec("2", rollout.clone()));
    played.report("c3", unready("ConfigMap n/c", "b"));
    played.apply_with("c3", Vec::new());
    played.pass(600);
    assert_eq!(played.versions("b"), [1, 1, 1, 2]);
    // Back to what was: a new version with the old content.
    played.report("c3", Report::Unready { objects: vec![] });
    played.bundle("b", spec("1", rollout));
    played.settle();
    assert_eq!(played.versions("b"), [3; 4]);
    assert_eq!(played.object("c3", "ConfigMap n/c")["data"]["v"], "1");
}

#[test]
fn a_rollout_pauses_and_goes_on() {
    let mut played = fleet(3);
    played.bundle("b", spec("1", json!({})));
    played.settle();
    played.bundle("b", spec("2", json!({"paused": true})));
    played.settle();
    assert_eq!(played.versions("b"), [1; 3]);
    assert_eq!(played.status("b").conditions[0].reason, "Paused");
    played.cluster("later", &[]);
    played.settle();
    assert_eq!(played.versions("b"), [1; 4], "a newcomer gets what the others have");
    played.bundle("b", spec("2", json!({})));
    played.settle();
    assert_eq!(played.versions("b"), [2; 4]);
    assert_eq!(played.status("b").version, 2, "how it is rolled out makes no version");
}

#[test]
fn a_cluster_that_is_away_holds_up_nobody_and_gets_it_when_it_is_back() {
    let mut played = fleet(4);
    played.bundle("b", spec("1", json!({"maxUnready": 1})));
    played.settle();
    played.lose("c0");
    played.bundle("b", spec("2", json!({"maxUnready": 1})));
    played.settle();
    assert_eq!(played.versions("b"), [1, 2, 2, 2]);
    assert_eq!(played.state("b", "c0"), BundleState::Unreachable);
    played.connect("c0");
    played.settle();
    assert_eq!(played.versions("b"), [2; 4]);
    assert_eq!(played.state("b", "c0"), BundleState::Ready);
}

#[test]
fn another_server_goes_on_where_the_last_one_was_and_changes_nothing_by_itself() {
    let mut played = fleet(4);
    let rollout = json!({"maxUnready": 1});
    played.bundle("b", spec("1", rollout.clone()));
    played.settle();
    played.bundle("b", spec("2", rollout));
    played.report("c0", unready("ConfigMap n/c", "b"));
    played.apply_with("c0", Vec::new());
    played.pass(1);
    let before: Vec<_> = played.sent.values().map(|content| content.hash().to_owned()).collect();
    assert_eq!(played.versions("b"), [2, 1, 1, 1]);
    played.restart();
    played.report("c0", unready("ConfigMap n/c", "b"));
    while let Some(cluster) = played.waiting.first().cloned() {
        played.apply_with(&cluster, Vec::new());
    }
    played.pass(1);
    assert_eq!(played.sent.values().map(|content| content.hash().to_owned()).collect::<Vec<_>>(), before);
    assert_eq!(played.versions("b"), [2, 1, 1, 1]);
    played.report("c0", Report::Unready { objects: vec![] });
    played.settle();
    assert_eq!(played.versions("b"), [2; 4]);
}

#[test]
fn versions_are_kept_while_they_may_be_wanted() {
    let mut played = fleet(2);
    played.bundle("b", spec("0", json!({})));
    played.settle();
    played.lose("c0");
    for value in 1..15 {
        played.bundle("b", spec(&value.to_string(), json!({})));
        played.settle();
    }
    let status = played.status("b");
    let kept: Vec<u64> = status.versions.iter().map(|line| line.version).collect();
    assert_eq!(kept, [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 1], "the newest ten, and what c0 has");
    assert_eq!(status.clusters[0].version, 1);
    played.connect("c0");
    played.settle();
    played.bundle("b", spec("x", json!({})));
    played.settle();
    assert_eq!(played.status("b").versions.len(), 10);
}

#[test]
fn bundles_that_change_together_are_sent_together_and_the_first_at_once() {
    let mut played = fleet(3);
    let spec = |nth: usize, value: &str| json!({"groups": ["all"], "objects": [config(&format!("c{nth}"), value)], "rollout": {"maxUnready": "100%"}});
    for nth in 0..20 {
        played.bundle(&format!("b{nth}"), spec(nth, "1"));
    }
    played.settle();
    let before = played.delivered;
    for nth in 0..20 {
        let spec = serde_json::from_value(spec(nth, "2")).unwrap();
        played.put(Bundle::new(&format!("b{nth}"), spec));
        assert_eq!(played.delivered - before, 3, "the first of them, on each cluster");
    }
    assert_eq!(played.object("c0", "ConfigMap n/c0")["data"]["v"], "2");
    played.settle();
    assert_eq!(played.delivered - before, 6, "and then all others");
    for nth in 0..20 {
        assert_eq!(played.object("c2", &format!("ConfigMap n/c{nth}"))["data"]["v"], "2");
    }
}
