#![allow(clippy::unwrap_used)]

use jiff::Timestamp;

use super::*;

fn place() -> Place {
    ("java".into(), "w".into())
}

fn pod(name: &str, phase: &str, deleting: bool) -> Fact {
    let observation =
        PodObservation { name: name.into(), phase: phase.into(), deleting, ..PodObservation::default() };
    let target = PodTarget { ip: "10.0.0.1".into(), workspace_uid: "u".into() };
    Fact::Pod(name.into(), Some(Box::new((observation, target))))
}

fn event(second: i64, message: &str) -> Fact {
    Fact::Event(EventLine {
        first: None,
        at: Timestamp::from_second(second).unwrap(),
        kind: "Warning".into(),
        reason: "FailedCreate".into(),
        object: "StatefulSet/w".into(),
        message: message.into(),
        count: 1,
    })
}

fn learn(workspaces: &mut Workspaces, fact: Fact) -> (WorkspaceObservation, Target) {
    workspaces.learn(&place(), fact).unwrap().unwrap()
}

#[test]
fn a_workspace_is_gone_when_its_home_is_gone_too() {
    let mut all = Workspaces::default();
    learn(&mut all, Fact::Set(Some((1, "h".into()))));
    learn(&mut all, Fact::Home(Some("Bound".into())));
    learn(&mut all, pod("w-0", "Running", false));
    learn(&mut all, Fact::Set(None));
    let (left, _) = learn(&mut all, Fact::Pod("w-0".into(), None));
    assert_eq!((left.replicas, left.pod.is_none(), left.home.as_deref()), (None, true, Some("Bound")));
    assert!(matches!(all.learn(&place(), Fact::Home(None)), Some(None)));
    assert!(all.learn(&place(), Fact::Home(None)).is_none(), "told once");
}

#[test]
fn streams_go_to_the_pod_that_stays() {
    let mut all = Workspaces::default();
    learn(&mut all, pod("w-0", "Running", true));
    let (_, target) = learn(&mut all, Fact::Set(Some((1, "h".into()))));
    assert_eq!(target.running, None);
    assert!(target.why_not.contains("being stopped"));
    let (seen, target) = learn(&mut all, pod("w-0", "Running", false));
    assert_eq!(target.running.unwrap().ip, "10.0.0.1");
    assert_eq!(seen.pod.unwrap().name, "w-0");
}

#[test]
fn why_a_stream_has_nowhere_to_go_is_said_in_words() {
    let mut all = Workspaces::default();
    let (_, target) = learn(&mut all, Fact::Set(Some((0, "h".into()))));
    assert!(target.why_not.contains("stopped: start it"), "{}", target.why_not);
    let (_, target) = learn(&mut all, Fact::Set(Some((1, "h".into()))));
    assert!(target.why_not.contains("no pod yet"));
    let (_, target) = learn(&mut all, pod("w-0", "Pending", false));
    assert!(target.why_not.contains("Pending"));
}

/// The watch of events may be ahead of the watch of objects.
#[test]
fn an_event_that_comes_before_its_workspace_is_kept_for_it() {
    let mut all = Workspaces::default();
    assert!(all.learn(&place(), event(1, "quota")).is_none());
    let (seen, _) = learn(&mut all, Fact::Set(Some((1, "h".into()))));
    assert_eq!(seen.events.len(), 1);
}

#[test]
fn events_are_few_in_order_and_counted_up_in_place() {
    let mut all = Workspaces::default();
    learn(&mut all, Fact::Set(Some((1, "h".into()))));
    for second in (0..20).rev() {
        learn(&mut all, event(second, &format!("m{second}")));
    }
    let (seen, _) = learn(&mut all, event(30, "m19"));
    assert_eq!(seen.events.len(), EVENTS);
    assert!(seen.events.windows(2).all(|pair| pair[0].at <= pair[1].at));
    assert_eq!(seen.events.iter().filter(|event| event.message == "m19").count(), 1);
    assert_eq!(seen.events.last().unwrap().message, "m19");
}
