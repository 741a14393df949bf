#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use serde_json::json;

use super::decide::{Decision, Standing, Wish, decide};
use super::key::Key;
use super::memory::{Memory, desired, release, secret_key};
use super::reconcile::{Error, Outcome};
use crate::release::{Held, History, Info, Record, Stamp, Status};

fn standing(outcome: &Result<Outcome, Error>) -> &Standing {
    match outcome {
        Ok(Outcome::Rests { standing, .. }) => standing,
        other => panic!("{other:?}"),
    }
}

fn failed(outcome: &Result<Outcome, Error>) -> &str {
    match standing(outcome) {
        Standing::Failed(why) => why,
        other => panic!("{other:?}"),
    }
}

/// What is in the cluster but namespace and kind, which come once and stay.
fn objects(memory: &Memory) -> Vec<String> {
    let brought = |name: &String| !name.starts_with("Namespace") && !name.starts_with("Custom");
    memory.names().into_iter().filter(brought).map(|name| name.replace("ConfigMap java/", "")).collect()
}

fn config_map(name: &str) -> Key {
    Key { api_version: "v1".into(), kind: "ConfigMap".into(), namespace: "java".into(), name: name.into() }
}

#[test]
fn a_release_lives_from_its_installation_to_its_removal() {
    let memory = Memory::default();
    assert_eq!(standing(&memory.want("a b")), &Standing::Deployed);
    assert_eq!((objects(&memory), memory.statuses().as_str()), (vec!["a".into(), "b".into()], "1:deployed"));
    assert!(memory.names().contains(&"Namespace java".to_owned()));
    memory.log();
    memory.want("a b").unwrap();
    assert_eq!(memory.log(), Vec::<String>::new(), "what is as it should be is left alone");
    memory.want("b c").unwrap();
    assert_eq!(
        (objects(&memory), memory.statuses().as_str()),
        (vec!["b".into(), "c".into()], "1:superseded 2:deployed")
    );
    let back = Wish::Present(super::Desired { rollback: true, ..desired("a b") });
    memory.wish(&back).unwrap();
    assert_eq!(objects(&memory), ["a", "b"]);
    let history = memory.history();
    assert_eq!(history.newest().unwrap().record.info.description, "Rollback to 1");
    assert_eq!(history.revision(2).unwrap().record.info.description, "Upgrade complete");
    assert_eq!(memory.gone(), Ok(Outcome::Gone));
    assert_eq!((objects(&memory), memory.statuses().as_str()), (vec![], ""));
    let stays = ["Namespace java", "CustomResourceDefinition things.example.com"];
    assert_eq!(memory.names(), stays, "neither goes with a release: others may live in it");
}

#[test]
fn an_upgrade_that_fails_is_taken_back_and_not_tried_again_until_somebody_asks() {
    let memory = Memory::default();
    memory.want("a b").unwrap();
    let outcome = memory.want("a c:ready=later");
    assert!(
        failed(&outcome).contains("took longer than 300 seconds: ConfigMap java/c: 0 of 1 pods"),
        "{outcome:?}"
    );
    assert_eq!(memory.statuses(), "1:superseded 2:failed 3:deployed");
    assert_eq!(objects(&memory), ["a", "b"], "what the failed revision brought is gone");
    memory.log();
    failed(&memory.want("a c:ready=later"));
    assert_eq!(memory.log(), Vec::<String>::new());
    memory.wish(&Wish::Present(super::Desired { attempt: 1, ..desired("a c:ready=later") })).unwrap();
    assert_eq!(memory.statuses(), "1:superseded 2:failed 3:superseded 4:failed 5:deployed", "tried again");
    assert_eq!(
        standing(&memory.want("a b")),
        &Standing::Deployed,
        "what was there before is what is wanted now"
    );
    assert_eq!(memory.statuses(), "1:superseded 2:failed 3:superseded 4:failed 5:deployed");
    failed(&memory.want("a c:ready=later"));
    assert!(memory.statuses().contains("6:failed"), "and after that a change is a change");
}

#[test]
fn without_atomic_a_failed_upgrade_stays_and_the_next_one_clears_up() {
    let memory = Memory::default();
    memory.want("a").unwrap();
    let wish = Wish::Present(super::Desired { atomic: false, ..desired("a left x:ready=never") });
    assert!(failed(&memory.wish(&wish)).contains("Upgrade \"ci\" failed: ConfigMap java/x: it failed"));
    assert_eq!(memory.statuses(), "1:deployed 2:failed");
    memory.want("a b").unwrap();
    assert_eq!(objects(&memory), ["a", "b"], "what only the failed revision had is removed");
}

#[test]
fn a_first_installation_that_fails_leaves_only_the_record_that_says_so() {
    let memory = Memory::default();
    let outcome = memory.want("a b:refused=yes");
    assert!(failed(&outcome).contains("Release \"ci\" failed: ConfigMap java/b: a field is immutable"));
    assert_eq!((objects(&memory), memory.statuses().as_str()), (vec![], "1:uninstalled"));
    failed(&memory.want("a b:refused=yes"));
    assert_eq!(memory.statuses(), "1:uninstalled");
    memory.want("a b").unwrap();
    assert_eq!(memory.statuses(), "1:superseded 2:deployed");
}

#[test]
fn hooks_run_around_it_in_the_order_of_their_weights() {
    let memory = Memory::default();
    memory.want("a !h !light").unwrap();
    let log: Vec<_> = memory.log().into_iter().filter(|line| line.contains("ConfigMap")).collect();
    assert_eq!(
        log.iter().map(|line| line.replace("ConfigMap java/", "")).collect::<Vec<_>>(),
        ["create light", "create h", "apply a", "delete light", "create light", "delete h", "create h"],
        "each is made anew at each moment"
    );
    assert_eq!(memory.test(), [("ConfigMap java/light".into(), true), ("ConfigMap java/h".into(), true)]);
    let newest = memory.history();
    assert!(newest.newest().unwrap().record.hooks.iter().all(|hook| hook.last_run.completed_at.is_some()));
    let outcome = memory.want("a !h:ready=never");
    assert!(failed(&outcome).contains("pre-upgrade hook ConfigMap h failed: it failed"), "{outcome:?}");
    assert_eq!(memory.statuses(), "1:superseded 2:failed 3:deployed");
}

#[test]
fn what_is_anothers_is_neither_taken_nor_removed_and_what_is_kept_stays() {
    let memory = Memory::default();
    memory.put(&config_map("b"), json!({"metadata": {"name": "b"}}));
    let Err(Error::Conflict(why)) = memory.want("a b") else { panic!("taken") };
    assert!(
        why.starts_with("Unable to continue with install: ConfigMap \"b\" in namespace \"java\" exists"),
        "{why}"
    );
    assert_eq!((objects(&memory), memory.statuses().as_str()), (vec!["b".into()], ""), "nothing was begun");
    memory.want("a kept").unwrap();
    memory.put(&config_map("a"), json!({"metadata": {"name": "a"}}));
    memory.want("c").unwrap();
    assert_eq!(objects(&memory), ["a", "b", "c", "kept"]);
    memory.gone().unwrap();
    assert_eq!(objects(&memory), ["a", "b", "kept"]);
}

#[test]
fn a_chart_that_cannot_be_rendered_leaves_everything_as_it_is() {
    let memory = Memory::default();
    memory.want("a").unwrap();
    assert_eq!(memory.want("broken"), Err(Error::Render("c/templates/a.yaml:1: no such function".into())));
    assert_eq!((objects(&memory), memory.statuses().as_str()), (vec!["a".into()], "1:deployed"));
}

#[test]
fn no_more_than_ten_revisions_are_remembered() {
    let memory = Memory::default();
    for at in 0..15 {
        memory.want(&format!("a{at}")).unwrap();
    }
    assert_eq!(memory.history().revisions().len(), 10);
    assert_eq!(memory.history().newest().unwrap().record.version, 15);
}

/// A record as another Helm leaves it.
fn foreign(memory: &Memory, revision: u32, status: Status, chart: &str) {
    let chart = serde_json::from_value(json!({"metadata": {"name": chart}})).unwrap();
    let last_deployed = Some("2027-01-15T08:00:00Z".parse().unwrap());
    let info = Info { status, last_deployed, ..Info::default() };
    let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: old}\n".to_owned();
    let record = Record {
        name: "ci".into(),
        namespace: "java".into(),
        version: revision,
        info,
        chart,
        manifest,
        ..Record::default()
    };
    let held = Held { record, ..Held::default() };
    memory.put(&secret_key(revision), held.to_secret().unwrap());
    let mut old = json!({"metadata": {"name": "old"}});
    release().mark(&mut old);
    memory.put(&config_map("old"), old);
}

#[test]
fn a_release_of_another_helm_is_adopted_if_it_is_of_the_same_chart() {
    let memory = Memory::default();
    foreign(&memory, 4, Status::Deployed, "other");
    assert!(
        matches!(standing(&memory.want("a")), Standing::Conflict(why) if why.contains("with chart other"))
    );
    foreign(&memory, 4, Status::Deployed, "c");
    assert_eq!(memory.gone(), Ok(Outcome::Gone), "what was never ours is not removed");
    assert_eq!(objects(&memory), ["old"]);
    memory.want("a").unwrap();
    assert_eq!((objects(&memory), memory.statuses().as_str()), (vec!["a".into()], "4:superseded 5:deployed"));
    let other = Wish::Present(super::Desired { uid: "u2".into(), ..desired("a") });
    assert!(matches!(standing(&memory.wish(&other)), Standing::Conflict(why) if why.contains("uid u1")));
    foreign(&memory, 6, Status::Deployed, "c");
    assert_eq!(
        memory.gone(),
        Ok(Outcome::Gone),
        "ours stays ours when another Helm goes back to what was before"
    );
    assert_eq!(memory.statuses(), "");
    assert!(!objects(&memory).contains(&"old".to_owned()));
}

#[test]
fn another_helm_at_work_is_waited_for_and_then_told_of_and_taken_over_only_when_asked() {
    let memory = Memory::default();
    foreign(&memory, 1, Status::PendingInstall, "c");
    assert!(matches!(memory.want("a"), Ok(Outcome::Waits { .. })));
    memory.advance(601);
    assert!(
        matches!(standing(&memory.want("a")), Standing::Conflict(why) if why.contains("pending-install"))
    );
    let asked = Wish::Present(super::Desired { attempt: 1, ..desired("a") });
    assert_eq!(standing(&memory.wish(&asked)), &Standing::Deployed);
    assert_eq!(objects(&memory), ["a"]);
}

#[test]
fn whoever_is_killed_anywhere_leaves_what_the_next_brings_to_its_end() {
    let lives: [(&str, &[&str], &[&str]); 4] = [
        ("install", &[], &["a", "b", "h"]),
        ("upgrade", &["b old !h"], &["a", "b", "h"]),
        ("failed upgrade", &["b old !h", "bad x:ready=never"], &["b", "h", "old"]),
        ("failed install", &["bad x:ready=never"], &[]),
    ];
    for (life, before, after) in lives {
        let (wanted, before) = match life.starts_with("failed") {
            true => (before[before.len() - 1], &before[..before.len() - 1]),
            false => ("a b !h", before),
        };
        for done in [false, true] {
            let mut call = 0;
            loop {
                let memory = Memory::default();
                before.iter().for_each(|content| drop(memory.want(content).unwrap()));
                memory.unplug_at(call, done);
                let first = memory.want(wanted);
                let killed = memory.plug();
                assert!(killed || first.is_ok());
                let outcome = memory.want(wanted);
                let case = format!("{life}, killed at call {call} ({done}): {}", memory.statuses());
                match life.starts_with("failed") {
                    true => assert!(failed(&outcome).contains("it failed"), "{case}"),
                    false => assert_eq!(standing(&outcome), &Standing::Deployed, "{case}"),
                }
                assert_eq!(objects(&memory), *after, "{case}");
                let deployed =
                    memory.history().revisions().iter().filter(|h| h.status() == Status::Deployed).count();
                assert_eq!(deployed, usize::from(life != "failed install"), "{case}");
                if !killed {
                    assert!(call > 10, "{case}");
                    break;
                }
                call += 1;
            }
        }
    }
}

#[test]
fn whoever_is_killed_while_removing_leaves_what_the_next_removes() {
    for done in [false, true] {
        let mut call = 0;
        loop {
            let memory = Memory::default();
            memory.want("a b !h").unwrap();
            memory.want("a c !h").unwrap();
            memory.unplug_at(call, done);
            let _ = memory.gone();
            let killed = memory.plug();
            assert_eq!(memory.gone(), Ok(Outcome::Gone));
            assert_eq!((objects(&memory), memory.statuses().as_str()), (vec!["h".into()], ""), "at {call}");
            if !killed {
                break;
            }
            call += 1;
        }
    }
}

#[test]
fn whoever_is_killed_while_another_thing_is_wanted_by_the_time_gives_it_up() {
    let mut call = 0;
    loop {
        let memory = Memory::default();
        memory.want("a").unwrap();
        memory.unplug_at(call, true);
        let _ = memory.want("a wrong:ready=later !h");
        let killed = memory.plug();
        assert_eq!(standing(&memory.want("a b")), &Standing::Deployed);
        let left: Vec<_> = objects(&memory).into_iter().filter(|name| name != "h").collect();
        assert_eq!(left, ["a", "b"], "at {call}: {}", memory.statuses());
        if !killed {
            break;
        }
        call += 1;
    }
}

fn any_status() -> impl Strategy<Value = Status> {
    use Status::*;
    proptest::sample::select(vec![
        Deployed,
        Uninstalled,
        Superseded,
        Failed,
        Uninstalling,
        PendingInstall,
        PendingUpgrade,
        PendingRollback,
        Unknown,
    ])
}

fn any_stamp() -> impl Strategy<Value = Option<Stamp>> {
    let word = || proptest::sample::select(vec!["a", "b", "c"]);
    let instead = proptest::option::of((word().prop_map(str::to_owned), 0u32..2));
    proptest::option::of((word(), 0u32..2, instead).prop_map(|(content, attempt, instead_of)| Stamp {
        uid: "u1".into(),
        content: content.into(),
        attempt,
        instead_of,
    }))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever records lie there, it comes to rest, and then rests: nothing of ours is under way for ever.
    #[test]
    fn from_every_history_it_comes_to_rest(
        all in proptest::collection::vec((any_status(), any_stamp()), 0..5),
        atomic: bool, rollback: bool, attempt in 0u32..2, absent: bool,
    ) {
        let memory = Memory::default();
        for (at, (status, stamp)) in all.iter().enumerate() {
            let version = at as u32 + 1;
            let chart = serde_json::from_value(json!({"metadata": {"name": "c"}})).unwrap();
            let record = Record { name: "ci".into(), namespace: "java".into(), version, chart,
                info: Info { status: *status, ..Info::default() }, ..Record::default() };
            let held = Held { record, stamp: stamp.clone(), ..Held::default() };
            memory.put(&secret_key(version), held.to_secret().unwrap());
        }
        let wish = match absent {
            true => Wish::Absent { uid: "u1".into() },
            false => Wish::Present(super::Desired { atomic, rollback, attempt, ..desired("a") }),
        };
        let first = memory.wish(&wish).unwrap();
        prop_assert_eq!(&memory.wish(&wish).unwrap(), &first);
        let history: History = memory.history();
        let newest = history.newest();
        let ours_under_way = newest.is_some_and(|held| held.stamp.is_some() && held.status().is_under_way());
        prop_assert!(!ours_under_way, "{}", memory.statuses());
        if let Outcome::Rests { standing: Standing::Deployed, .. } = first {
            prop_assert_eq!(newest.map(Held::status), Some(Status::Deployed));
            let deployed = history.revisions().iter().filter(|held| held.status() == Status::Deployed).count();
            prop_assert_eq!(deployed, 1);
        }
        prop_assert!(!matches!(decide(&wish, &history, super::Cluster::now(&memory)), Decision::Do(_)));
    }
}
