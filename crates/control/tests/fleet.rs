//! What a thousand clusters with bundles cost: `cargo nextest run -p nagaya-control --run-ignored only --no-capture
//! thousand`.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Instant,
};

use jiff::{SignedDuration, Timestamp};
use nagaya_api::{
    Bundle, Cluster, Group, Kind, RawObject, Resource,
    agent::Report,
    kinds::cluster::{ClusterSpec, Provider},
};
use nagaya_control::{
    intent::IntentSettings,
    model::{Action, Event, Model, World},
};
use serde_json::json;

const CLUSTERS: usize = 1000;
const BUNDLES: usize = 20;
const OBJECTS: usize = 10;

/// Resident memory of this process, in bytes.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

fn stored<R: Resource>(object: R, revision: usize) -> RawObject {
    let mut raw = object.to_raw();
    raw.metadata.uid = format!("uid-{revision}");
    raw.metadata.generation = 1;
    raw.metadata.resource_version = revision.to_string();
    raw
}

/// The model with agents that carry out at once. Returns the number of intents sent and of statuses written.
fn play(model: &mut Model, events: Vec<Event>, now: &mut Timestamp, revision: &mut usize) -> (usize, usize) {
    let mut waiting = VecDeque::from(events);
    let (mut sent, mut said) = (0, 0);
    loop {
        let event = match waiting.pop_front() {
            Some(event) => event,
            None => match model.gather() {
                Some(due) => {
                    *now = due.max(*now);
                    Event::Gather
                }
                None => return (sent, said),
            },
        };
        *now += SignedDuration::from_micros(100);
        for action in model.step(event, *now) {
            match action {
                Action::Deliver { cluster, content } => {
                    sent += 1;
                    let report = Report::Applied {
                        revision: 1,
                        hash: content.hash().to_owned(),
                        errors: vec![],
                        unconfirmed: vec![],
                        applied: 0,
                    };
                    waiting.push_back(Event::Reported { cluster, report: Box::new(report) });
                }
                Action::MakeVersion { version } => {
                    *revision += 1;
                    waiting.push_back(Event::Stored(Arc::new(stored(*version, *revision))));
                }
                Action::SayBundle { status, .. } => {
                    // As the store would.
                    said += serde_json::to_string(&status).unwrap().len().min(1);
                }
                _ => {}
            }
        }
    }
}

#[test]
#[ignore = "a measurement"]
fn a_thousand_clusters_with_twenty_bundles() {
    let mut now = Timestamp::from_second(1_800_000_000).unwrap();
    let mut revision = 0;
    let settings = IntentSettings { relay_image: "relay:1".into(), storage_class: String::new() };
    let mut model = Model::new(settings, "inc".into(), World::default(), BTreeMap::new(), "ca".into(), now);
    let mut events = Vec::new();
    for nth in 0..CLUSTERS {
        revision += 1;
        let mut cluster = Cluster::new(
            &format!("c{nth}"),
            ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() },
        );
        cluster.metadata.labels = BTreeMap::from([("tier".into(), format!("t{}", nth % 3))]);
        events.push(Event::Stored(Arc::new(stored(cluster, revision))));
        let hello = Report::Hello {
            agent_id: "a".into(),
            agent_version: "1".into(),
            kubernetes_version: "v1.34.0".into(),
            incarnation: String::new(),
            revision: 0,
            hash: String::new(),
        };
        for report in [hello, Report::Synced] {
            events.push(Event::Reported { cluster: format!("c{nth}"), report: Box::new(report) });
        }
    }
    let group = Group::new("all", serde_json::from_value(json!({"selector": ""})).unwrap());
    events.push(Event::Stored(Arc::new(stored(group, 100_000))));
    play(&mut model, events, &mut now, &mut revision);
    let before = resident();

    let begun = Instant::now();
    let mut events = Vec::new();
    for nth in 0..BUNDLES {
        let object = |at: usize| {
            let name = format!("quota-{nth}-{at}");
            let hard: BTreeMap<_, _> =
                (0..10).map(|n| (format!("count/things{n}"), "${cluster.labels.tier}")).collect();
            json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": name, "namespace": "n"}, "spec": {"hard": hard}})
        };
        let objects: Vec<_> = (0..OBJECTS).map(object).collect();
        let spec = json!({"groups": ["all"], "objects": objects});
        let bundle = Bundle::new(&format!("b{nth}"), serde_json::from_value(spec).unwrap());
        events.push(Event::Stored(Arc::new(stored(bundle, 200_000 + nth))));
    }
    revision = 300_000;
    let (sent, said) = play(&mut model, events, &mut now, &mut revision);
    let took = begun.elapsed();
    let memory = resident().saturating_sub(before) / CLUSTERS;
    println!(
        "{BUNDLES} bundles on {CLUSTERS} clusters: {took:?}, {sent} intents, {said} statuses, {memory} bytes a cluster"
    );

    let begun = Instant::now();
    let mut changed =
        Bundle::new("b0", serde_json::from_value(json!({"groups": ["all"], "objects": []})).unwrap());
    changed.spec.rollout.max_unready = "100%".parse().unwrap();
    let mut raw = stored(changed, 400_000);
    (raw.metadata.uid, raw.metadata.generation) = ("uid-200000".into(), 2);
    raw.kind = Kind::Bundle;
    let (sent, said) = play(&mut model, vec![Event::Stored(Arc::new(raw))], &mut now, &mut revision);
    println!("one bundle changed: {:?}, {sent} intents, {said} statuses", begun.elapsed());
    assert!(sent >= CLUSTERS);

    let begun = Instant::now();
    let (sent, _) = play(&mut model, vec![Event::Tick], &mut now, &mut revision);
    println!("everything looked at anew: {:?}, {sent} intents", begun.elapsed());
    assert_eq!(sent, 0);
}
