#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn key(name: &str) -> Key {
    Key { api_version: "v1".into(), kind: "Secret".into(), namespace: "java".into(), name: name.into() }
}

fn desired() -> Desired {
    Desired { text: "{}".into(), fingerprint: [1; 16], rules: Ok(Vec::new()) }
}

fn outcome(owned: u64, version: &str) -> Outcome {
    Outcome {
        owned,
        fields: BTreeSet::from([".data.a".to_owned(), ".data.b".to_owned()]),
        version: version.into(),
        unready: None,
    }
}

fn sight(name: &str, owned: u64, version: &str) -> Seen {
    let managed = vec![
        serde_json::from_value(
            json!({"manager": "nagaya", "operation": "Apply", "fieldsV1": {"f:data": {"f:a": {}}}}),
        )
        .unwrap(),
        serde_json::from_value(
            json!({"manager": "kubectl-edit", "operation": "Update", "fieldsV1": {"f:data": {"f:b": {}}}}),
        )
        .unwrap(),
    ];
    Seen::Present(Box::new(Sight { key: key(name), version: version.into(), owned, managed, unready: None }))
}

fn secrets() -> Kind {
    Kind::of(&key("a"))
}

#[test]
fn a_correction_names_who_changed_which_fields() {
    let mut memory = Memory::default();
    memory.applied(&key("a"), Why::Begin, &desired(), outcome(7, "10"), now());
    assert!(!memory.see(sight("a", 7, "10")), "our own apply is no drift");
    assert!(memory.see(sight("a", 6, "11")));
    let correction = memory.applied(&key("a"), Why::Drifted, &desired(), outcome(7, "12"), now()).unwrap();
    assert_eq!(correction.manager, "kubectl-edit");
    assert_eq!(correction.fields, [".data.b"]);
    assert_eq!(memory.records[&key("a")].corrections, 1);
}

/// The watch lags behind: what it shows from before our apply must not look like somebody's change.
#[test]
fn what_is_older_than_our_apply_says_nothing() {
    let mut memory = Memory::default();
    memory.applied(&key("a"), Why::Changed, &desired(), outcome(7, "20"), now());
    assert!(!memory.see(sight("a", 3, "19")));
    assert!(!memory.see(Seen::Gone { key: key("a"), version: "18".into() }));
    assert_eq!(memory.records[&key("a")].live, Live::Present(7));
    assert!(memory.see(Seen::Gone { key: key("a"), version: "21".into() }));
}

#[test]
fn what_a_complete_list_does_not_show_is_gone() {
    let mut memory = Memory::default();
    for name in ["a", "b"] {
        memory.applied(&key(name), Why::Begin, &desired(), outcome(7, "10"), now());
    }
    memory.see(Seen::Begin(secrets()));
    memory.see(sight("a", 7, "10"));
    assert!(memory.see(Seen::Complete(secrets())));
    assert_eq!(memory.records[&key("a")].live, Live::Present(7));
    assert_eq!(memory.records[&key("b")].live, Live::Absent);
}

#[test]
fn an_object_applied_while_a_list_ran_is_not_missed_by_it() {
    let mut memory = Memory::default();
    memory.applied(&key("a"), Why::Begin, &desired(), outcome(7, "10"), now());
    memory.see(Seen::Begin(secrets()));
    memory.applied(&key("a"), Why::Changed, &desired(), outcome(7, "11"), now());
    assert!(!memory.see(Seen::Complete(secrets())));
}

#[test]
fn objects_of_others_are_not_remembered() {
    let mut memory = Memory::default();
    assert!(!memory.see(sight("stranger", 7, "1")));
    assert!(memory.records.is_empty());
}

fn refused() -> ActError {
    ActError::Malformed("this".into())
}

/// While the API server restarts, everything fails; that must not put the work off for a minute afterwards.
#[test]
fn an_api_servers_absence_is_not_held_against_an_object() {
    let mut memory = Memory::default();
    for _ in 0..20 {
        let gone = ActError::Kubernetes(kube::Error::LinesCodecMaxLineLengthExceeded);
        memory.failed(&key("a"), [1; 16], &gone, now());
    }
    assert_eq!(memory.records[&key("a")].failures, PASSING);
}

#[test]
fn failures_count_only_for_the_same_content() {
    let mut memory = Memory::default();
    memory.failed(&key("a"), [1; 16], &refused(), now());
    memory.failed(&key("a"), [1; 16], &refused(), now());
    assert_eq!(memory.records[&key("a")].failures, 2);
    memory.failed(&key("a"), [2; 16], &refused(), now());
    assert_eq!(memory.records[&key("a")].failures, 1);
    memory.applied(&key("a"), Why::Again, &desired(), outcome(1, "1"), now());
    assert_eq!(memory.records[&key("a")].error, None);
}

#[test]
fn a_purge_is_done_when_it_succeeds() {
    let purge = |claim: &str| Purge { namespace: "java".into(), claim: claim.into() };
    let mut memory = Memory::default();
    memory.set_purges(&[purge("a"), purge("b")]);
    memory.purged(&purge("a"), Err("still used".into()), now());
    memory.set_purges(&[purge("b"), purge("a")]);
    assert_eq!(memory.purges[1].1.failures, 1, "a new intent does not forget it");
    memory.purged(&purge("a"), Ok(()), now());
    assert_eq!(memory.purges.len(), 1);
}

/// Between an apply and what a watch shows of it nothing may look ready: a rollout would go on too early.
#[test]
fn an_object_that_is_not_ready_is_told_from_the_apply_on_until_it_is_ready_or_gone() {
    let mut memory = Memory::default();
    let not_yet = |message: &str| {
        Some(UnreadyObject { object: "x".into(), bundle: "b".into(), message: message.into() })
    };
    let seen = |version: &str, unready| match sight("a", 7, version) {
        Seen::Present(sight) => Seen::Present(Box::new(Sight { unready, ..*sight })),
        other => other,
    };
    memory.applied(
        &key("a"),
        Why::Begin,
        &desired(),
        Outcome { unready: not_yet("0"), ..outcome(7, "10") },
        now(),
    );
    assert!(memory.unready_changed());
    assert_eq!(memory.take_unready().len(), 1);
    memory.see(seen("9", None));
    assert!(!memory.unready_changed(), "what is older than the apply says nothing");
    memory.see(seen("11", not_yet("1")));
    assert_eq!(memory.take_unready()[0].message, "1");
    memory.see(seen("12", None));
    assert!(memory.unready_changed());
    assert_eq!(memory.take_unready(), []);
    memory.see(seen("13", not_yet("2")));
    memory.see(Seen::Gone { key: key("a"), version: "14".into() });
    assert_eq!(memory.take_unready(), []);
    memory.see(Seen::Present(Box::new(Sight {
        key: key("stranger"),
        unready: not_yet("3"),
        ..match sight("s", 1, "9") {
            Seen::Present(sight) => *sight,
            _ => unreachable!(),
        }
    })));
    assert!(!memory.unready_changed(), "only what the intent holds is told");
}

fn recalled(owned: u64) -> Memory {
    let mut memory = Memory::default();
    memory.recall([(key("a"), Applied { fingerprint: [1; 16], owned })]);
    memory.await_lists(&BTreeSet::from([secrets()]));
    memory
}

#[test]
fn what_was_applied_before_the_agent_began_is_believed_once_it_is_seen_unchanged() {
    let mut memory = recalled(7);
    assert!(memory.awaits_lists());
    assert!(!memory.see(Seen::Begin(secrets())));
    assert!(!memory.see(sight("a", 7, "10")), "nothing is to do");
    assert!(memory.see(Seen::Complete(secrets())), "what waited for the list goes on");
    assert!(!memory.awaits_lists());
    let record = &memory.records[&key("a")];
    assert_eq!(record.live, Live::Present(record.applied.unwrap().owned));
}

#[test]
fn what_was_changed_or_removed_while_no_agent_ran_is_noticed() {
    let mut memory = recalled(7);
    memory.see(Seen::Begin(secrets()));
    assert!(memory.see(sight("a", 8, "10")), "somebody took a field");
    let mut memory = recalled(7);
    memory.see(Seen::Begin(secrets()));
    assert!(memory.see(Seen::Complete(secrets())));
    assert_eq!(memory.records[&key("a")].live, Live::Absent);
}

#[test]
fn what_cannot_be_seen_is_not_believed() {
    let mut memory = recalled(7);
    memory.doubt();
    assert!(!memory.awaits_lists() && memory.records.is_empty());
    let mut memory = Memory::default();
    memory.recall([(key("a"), Applied { fingerprint: [1; 16], owned: 7 })]);
    memory.await_lists(&BTreeSet::new());
    assert!(memory.records.is_empty(), "its kind is not watched: it is applied as ever");
}
