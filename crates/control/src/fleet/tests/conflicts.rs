//! Two that claim one object.

use super::*;

#[test]
fn the_older_bundle_has_it_and_the_error_names_both() {
    let mut played = Played::new();
    played.cluster("one", &[]);
    played.cluster("two", &[("b", "no")]);
    played.group("all", "");
    played.group("some", "!b");
    played.bundle("zoo", json!({"groups": ["some"], "objects": [config("c", "old")]}));
    played.bundle("ant", json!({"groups": ["all"], "objects": [config("c", "new"), config("d", "new")]}));
    played.settle();
    assert_eq!(played.held("one"), ["ConfigMap n/c"], "nothing of the younger one is there");
    assert_eq!(played.object("one", "ConfigMap n/c")["data"]["v"], "old");
    let line = played.line("ant", "one");
    assert_eq!((line.state, line.version), (BundleState::Conflict, 0));
    for part in ["ConfigMap n/c", "bundle \"zoo\"", "bundle \"ant\"", "\"one\""] {
        assert!(line.message.contains(part), "{part} in {}", line.message);
    }
    assert_eq!(played.state("zoo", "one"), BundleState::Ready);
    assert_eq!(played.state("ant", "two"), BundleState::Ready, "elsewhere there is no conflict");
    played.remove(Kind::Bundle, "zoo");
    played.settle();
    assert_eq!(played.object("one", "ConfigMap n/c")["data"]["v"], "new");
    assert_eq!(played.state("ant", "one"), BundleState::Ready);
}

#[test]
fn a_bundle_that_loses_an_object_to_an_older_one_keeps_the_rest_as_it_was() {
    let mut played = Played::new();
    played.cluster("one", &[]);
    played.group("all", "");
    played.bundle("old", json!({"groups": ["all"], "objects": [config("a", "1")]}));
    played.bundle("young", json!({"groups": ["all"], "objects": [config("b", "1"), config("c", "1")]}));
    played.settle();
    played.bundle("old", json!({"groups": ["all"], "objects": [config("a", "1"), config("b", "2")]}));
    played.settle();
    played.bundle("young", json!({"groups": ["all"], "objects": [config("b", "3"), config("c", "3")]}));
    played.settle();
    assert_eq!(played.held("one"), ["ConfigMap n/a", "ConfigMap n/b", "ConfigMap n/c"]);
    assert_eq!(played.object("one", "ConfigMap n/b")["data"]["v"], "2");
    assert_eq!(played.object("one", "ConfigMap n/c")["data"]["v"], "1", "nothing else of it is changed");
    assert_eq!(played.state("young", "one"), BundleState::Conflict);
    let before = played.sent["one"].hash().to_owned();
    played.restart();
    played.settle();
    assert_eq!(played.sent["one"].hash(), before);
    played.bundle("young", json!({"groups": ["all"], "objects": [config("c", "3")]}));
    played.settle();
    assert_eq!(played.object("one", "ConfigMap n/c")["data"]["v"], "3");
    assert_eq!(played.state("young", "one"), BundleState::Ready);
}

#[test]
fn what_is_nagayas_own_no_bundle_has() {
    let mut played = Played::new();
    played.cluster("one", &[]);
    played.team("java", "one");
    played.group("all", "");
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "java"}});
    played.bundle("b", json!({"groups": ["all"], "objects": [namespace]}));
    played.settle();
    let line = played.line("b", "one");
    assert_eq!(line.state, BundleState::Conflict);
    assert!(line.message.contains("Namespace java on cluster \"one\" is Nagaya's own"), "{}", line.message);
    assert!(played.held("one").is_empty());
}

#[test]
fn clusters_with_a_conflict_do_not_hold_up_the_others() {
    let mut played = Played::new();
    for nth in 0..6 {
        played.cluster(&format!("c{nth}"), if nth < 3 { &[("x", "y")] } else { &[] });
    }
    played.group("all", "");
    played.group("some", "x=y");
    played.bundle("old", json!({"groups": ["some"], "objects": [config("x", "1")]}));
    let spec = |objects: Value| json!({"groups": ["all"], "objects": objects, "rollout": {"maxUnready": 1}});
    played.bundle("b", spec(json!([config("c", "1")])));
    played.settle();
    played.bundle("b", spec(json!([config("c", "2"), config("x", "2")])));
    played.settle();
    assert_eq!(played.versions("b"), [1, 1, 1, 2, 2, 2]);
    assert_eq!(played.state("b", "c0"), BundleState::Conflict);
    played.remove(Kind::Bundle, "old");
    played.settle();
    assert_eq!(played.versions("b"), [2; 6]);
}
