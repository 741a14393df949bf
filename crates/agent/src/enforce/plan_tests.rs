#![allow(clippy::unwrap_used)]

use nagaya_api::agent::Intent;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::enforce::desired::read;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn object(kind: &str, name: &str, value: &str) -> Value {
    let api = if kind == "StatefulSet" { "apps/v1" } else { "v1" };
    let namespace = if kind == "Namespace" { "" } else { "java" };
    json!({"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": namespace}, "data": value})
}

fn key(kind: &str, name: &str) -> Key {
    Key::of(&object(kind, name, ""), 0).unwrap()
}

struct Given {
    wanted: BTreeMap<Key, Desired>,
    records: HashMap<Key, Record>,
    inventory: Vec<Held>,
    purges: Vec<(Purge, Record)>,
    confirm: bool,
}

impl Given {
    fn objects(objects: Vec<Value>) -> Given {
        let wanted = read(&Intent::new("one", 1, objects, Vec::new())).objects;
        let inventory =
            wanted.keys().map(|key| Held { key: key.clone(), incarnation: "one".to_owned() }).collect();
        Given { wanted, records: HashMap::new(), inventory, purges: Vec::new(), confirm: false }
    }

    /// As if everything had been applied and seen.
    fn settled(objects: Vec<Value>) -> Given {
        let mut given = Given::objects(objects);
        for (key, desired) in &given.wanted {
            let applied = Some(Applied { fingerprint: desired.fingerprint, owned: 5 });
            given
                .records
                .insert(key.clone(), Record { applied, live: Live::Present(5), ..Record::default() });
        }
        given
    }

    fn plan(&self, now: Timestamp) -> Plan {
        self.plan_for("one", now)
    }

    fn plan_for(&self, incarnation: &str, now: Timestamp) -> Plan {
        plan(&World {
            wanted: &self.wanted,
            records: &self.records,
            inventory: &self.inventory,
            purges: &self.purges,
            incarnation,
            confirm_prune: self.confirm,
            now,
        })
    }

    fn hold(&mut self, key: Key, incarnation: &str) {
        self.inventory.push(Held { key, incarnation: incarnation.to_owned() });
    }
}

fn applies(plan: &Plan) -> Vec<String> {
    plan.steps.iter().flatten().map(ToString::to_string).collect()
}

#[test]
fn what_is_as_wanted_is_left_alone() {
    let given = Given::settled(vec![object("Secret", "a", "1"), object("StatefulSet", "b", "1")]);
    assert_eq!(given.plan(at(0)), Plan::default());
}

#[test]
fn only_what_differs_is_applied() {
    let mut given = Given::settled(vec![object("Secret", "a", "1"), object("Secret", "b", "1")]);
    let changed = read(&Intent::new("one", 2, vec![object("Secret", "b", "2")], Vec::new())).objects;
    given.wanted.extend(changed);
    assert_eq!(applies(&given.plan(at(0))), ["apply Secret java/b"]);
}

#[test]
fn applies_go_forward_and_removals_backward() {
    let mut given = Given::objects(vec![object("StatefulSet", "w", ""), object("Namespace", "java", "")]);
    given.hold(key("Namespace", "old"), "one");
    given.hold(key("StatefulSet", "old"), "one");
    assert_eq!(
        applies(&given.plan(at(0))),
        [
            "apply Namespace java",
            "apply StatefulSet java/w",
            "remove StatefulSet java/old: it left the intent",
            "remove Namespace old: it left the intent",
        ]
    );
}

#[test]
fn a_new_incarnation_removes_nothing_until_a_person_agrees() {
    let mut given = Given::settled(vec![object("Secret", "a", "1")]);
    given.hold(key("Secret", "gone"), "one");
    let plan = given.plan_for("two", at(0));
    assert!(plan.steps.is_empty());
    assert_eq!(plan.unconfirmed, [key("Secret", "gone")]);
    given.confirm = true;
    assert_eq!(applies(&given.plan_for("two", at(0))), ["remove Secret java/gone: it left the intent"]);
}

#[test]
fn the_same_object_in_another_api_version_is_not_removed() {
    let mut given = Given::settled(vec![object("StatefulSet", "a", "1")]);
    given.hold(Key { api_version: "apps/v1beta2".into(), ..key("StatefulSet", "a") }, "one");
    assert_eq!(given.plan(at(0)), Plan::default());
}

#[test]
fn a_home_that_the_intent_also_wants_is_not_purged() {
    let mut given = Given::settled(vec![object("PersistentVolumeClaim", "home-a", "1")]);
    for claim in ["home-a", "home-b"] {
        given.purges.push((Purge { namespace: "java".into(), claim: claim.into() }, Record::default()));
    }
    assert_eq!(applies(&given.plan(at(0))), ["remove the home java/home-b"]);
}

#[test]
fn a_failure_waits_longer_each_time_but_a_change_is_tried_at_once() {
    let mut given = Given::objects(vec![object("Secret", "a", "1")]);
    let fingerprint = given.wanted[&key("Secret", "a")].fingerprint;
    let mut waits = Vec::new();
    for failures in 1..9 {
        let record =
            Record { failures, tried: Some(at(0)), tried_fingerprint: fingerprint, ..Record::default() };
        given.records.insert(key("Secret", "a"), record);
        let plan = given.plan(at(0));
        assert!(plan.steps.is_empty());
        waits.push(plan.wake.unwrap().duration_since(at(0)).as_secs());
        assert_eq!(applies(&given.plan(plan.wake.unwrap())), ["apply Secret java/a again"]);
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
    given.wanted = read(&Intent::new("one", 2, vec![object("Secret", "a", "2")], Vec::new())).objects;
    assert_eq!(applies(&given.plan(at(0))).len(), 1);
}

#[test]
fn drift_is_corrected_at_once_and_a_fight_is_slowed_to_once_in_4_s() {
    let mut given = Given::settled(vec![object("Secret", "a", "1")]);
    let mut record = given.records[&key("Secret", "a")].clone();
    record.live = Live::Present(4);
    let mut now = at(0);
    let mut waits = Vec::new();
    for _ in 0..7 {
        given.records.insert(key("Secret", "a"), record.clone());
        let plan = given.plan(now);
        let due = plan.wake.unwrap_or(now);
        waits.push(due.duration_since(now).as_secs());
        now = due;
        assert_eq!(given.plan(now).steps.len(), 1);
        record.corrections = corrections_after(&record, now);
        record.corrected = Some(now);
    }
    assert_eq!(waits, [0, 0, 0, 2, 4, 4, 4]);
    let calm = now + SignedDuration::from_mins(2);
    assert_eq!(corrections_after(&record, calm), 1, "after a calm the next one is corrected at once again");
}

#[test]
fn what_somebody_removed_is_made_again() {
    let mut given = Given::settled(vec![object("Secret", "a", "1")]);
    given.records.get_mut(&key("Secret", "a")).unwrap().live = Live::Absent;
    assert_eq!(applies(&given.plan(at(0))), ["make Secret java/a again: somebody removed it"]);
}

prop_compose! {
    fn any_record()(live in 0..4u64, applied in 0..3u8, failures in 0..5u32, corrections in 0..9u32, tried in 0..100i64)
        -> (u64, u8, u32, u32, i64) { (live, applied, failures, corrections, tried) }
}

proptest! {
    /// Whatever was seen: nothing wanted is removed, nothing is done twice, and what is not done now and not
    /// as wanted has a time at which it is looked at again.
    #[test]
    fn every_object_is_settled_or_acted_on_or_due(records in prop::collection::vec(any_record(), 6), now in 0..200i64) {
        let names = ["a", "b", "c", "d", "e", "f"];
        let mut given = Given::objects(names.iter().map(|name| object("Secret", name, "1")).collect());
        given.hold(key("Secret", "gone"), "one");
        for (name, (live, applied, failures, corrections, tried)) in names.iter().zip(&records) {
            let fingerprint = given.wanted[&key("Secret", name)].fingerprint;
            let applied = match applied {
                0 => None,
                1 => Some(Applied { fingerprint, owned: 3 }),
                _ => Some(Applied { fingerprint: [9; 16], owned: 3 }),
            };
            let live = match live { 0 => Live::Unknown, 1 => Live::Absent, owned => Live::Present(*owned) };
            given.records.insert(key("Secret", name), Record {
                applied, live, failures: *failures, corrections: *corrections,
                tried: Some(at(*tried)), tried_fingerprint: fingerprint, corrected: Some(at(*tried)), error: None,
            });
        }
        let plan = given.plan(at(now));
        let mut seen = BTreeSet::new();
        for action in plan.steps.iter().flatten() {
            let key = match action {
                Action::Apply { key, .. } => { prop_assert!(given.wanted.contains_key(key)); key }
                Action::Prune { key } => { prop_assert!(!given.wanted.contains_key(key)); key }
                Action::Purge { .. } => unreachable!(),
            };
            prop_assert!(seen.insert(key.clone()));
        }
        for (key, desired) in &given.wanted {
            if !seen.contains(key) && reason(desired, &given.records[key]).is_some() {
                prop_assert!(plan.wake.is_some_and(|wake| wake > at(now)));
            }
        }
    }
}
