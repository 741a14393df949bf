//! Agents of another version over time.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use jiff::Timestamp;
use nagaya_api::{
    Cluster,
    agent::Report,
    kinds::cluster::{ClusterSpec, LocalCluster, Provider},
};
use nagaya_store::CLUSTER_FINALIZER;

use super::{Action, Event, Impostor, Model, Outcome, World};
use crate::{cluster::ClusterAction, intent::IntentSettings};

const OURS: &str = env!("CARGO_PKG_VERSION");

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn cluster(name: &str, spec: ClusterSpec) -> (String, Cluster) {
    let mut cluster = Cluster::new(name, spec);
    cluster.metadata.uid = format!("uid-{name}");
    cluster.metadata.finalizers = vec![CLUSTER_FINALIZER.into()];
    cluster.status.agent.version = "0.0.1".into();
    (name.to_owned(), cluster)
}

fn imported(name: &str) -> (String, Cluster) {
    cluster(name, ClusterSpec { provider: Provider::Import, ..ClusterSpec::default() })
}

struct Played {
    model: Model,
    done: Vec<Action>,
}

impl Played {
    fn new(clusters: impl IntoIterator<Item = (String, Cluster)>) -> Self {
        let settings = IntentSettings { relay_image: "relay:1".into(), storage_class: String::new() };
        let world = World { clusters: clusters.into_iter().collect(), ..World::default() };
        let mut model = Model::new(settings, "inc".into(), world, BTreeMap::new(), "ca".into(), at(0));
        model.update_agents();
        let mut played = Self { model, done: Vec::new() };
        played.event(Event::Tick, 0);
        played
    }

    fn event(&mut self, event: Event, second: i64) {
        self.done.extend(self.model.step(event, at(second)));
    }

    /// An agent is there and has carried out all that it got.
    fn agent(&mut self, cluster: &str, version: &str, second: i64) {
        let report = |report| Event::Reported { cluster: cluster.to_owned(), report: Box::new(report) };
        let hello = Report::Hello {
            agent_id: "a".into(),
            agent_version: version.into(),
            kubernetes_version: "v1.34.0".into(),
            incarnation: "inc".into(),
            revision: 0,
            hash: String::new(),
        };
        self.event(report(hello), second);
        let content = self.done.iter().rev().find_map(|action| match action {
            Action::Deliver { cluster: to, content } if to == cluster => Some(content.hash().to_owned()),
            _ => None,
        });
        let hash = content.unwrap();
        let applied =
            Report::Applied { revision: 1, hash, errors: Vec::new(), unconfirmed: Vec::new(), applied: 0 };
        self.event(report(applied), second);
        self.event(report(Report::Synced), second);
    }

    /// Whose agents were to be updated since the last look.
    fn updated(&mut self) -> Vec<String> {
        let mut updated = Vec::new();
        self.done.retain(|action| match action {
            Action::UpdateAgent { cluster } => {
                updated.push(cluster.clone());
                false
            }
            _ => true,
        });
        updated
    }

    /// What was said last of a cluster under a condition.
    fn said(&self, name: &str, kind: &str) -> (String, String) {
        let status = self.done.iter().rev().find_map(|action| match action {
            Action::SayCluster { cluster, status, .. } if cluster == name => Some(status),
            _ => None,
        });
        let conditions = &status.unwrap().conditions;
        let found = conditions.iter().find(|one| one.kind == kind).unwrap();
        (found.reason.clone(), found.message.clone())
    }
}

#[test]
fn an_update_that_fails_stops_the_others_until_it_is_well() {
    let mut played = Played::new(["a", "b", "c"].map(imported));
    for name in ["a", "b", "c"] {
        played.agent(name, "0.0.1", 1);
    }
    assert_eq!(played.updated(), ["a"]);
    assert_eq!(played.said("a", "AgentCurrent").0, "Updating");
    assert_eq!(played.model.due(at(20)), Some(at(301)), "it is looked at again then");
    played.event(Event::Tick, 300);
    assert_eq!(played.said("b", "AgentCurrent").0, "UpdateWaits");
    played.event(Event::Tick, 301);
    let (reason, words) = played.said("a", "AgentCurrent");
    assert!(reason == "UpdateFailed" && words.contains("nagaya cluster agent a --pause"), "{words}");
    let (reason, words) = played.said("c", "AgentCurrent");
    assert!(reason == "UpdateHeld" && words.contains("\"a\""), "{words}");
    played.event(Event::Tick, 900);
    assert_eq!(played.updated(), Vec::<String>::new());
    played.event(Event::Tick, 901);
    assert_eq!(played.updated(), ["a"], "it is tried again");
    played.agent("a", OURS, 950);
    assert_eq!(played.said("a", "AgentCurrent").0, "AsWanted");
    assert_eq!(played.updated(), ["b"], "and then it is the others' turn");
}

#[test]
fn an_update_under_way_is_waited_for_by_the_server_that_comes_after() {
    let mut played = Played::new(["a", "b"].map(imported));
    played.agent("a", "0.0.1", 1);
    assert_eq!(played.updated(), ["a"]);
    let status = played.done.iter().rev().find_map(|action| match action {
        Action::SayCluster { cluster, status, .. } if cluster == "a" => Some(status.clone()),
        _ => None,
    });
    let (mut a, b) = (imported("a"), imported("b"));
    a.1.status = *status.unwrap();
    let mut next = Played::new([a, b]);
    next.agent("b", "0.0.1", 20);
    assert_eq!(next.updated(), Vec::<String>::new(), "that of a is not done yet");
    next.agent("a", OURS, 30);
    assert_eq!(next.updated(), ["b"]);
}

#[test]
fn local_clusters_keep_their_agents_until_it_is_their_turn() {
    let spec: LocalCluster =
        serde_json::from_value(serde_json::json!({ "cpu": 1, "memory": "3Gi" })).unwrap();
    let local = |name| {
        cluster(
            name,
            ClusterSpec { provider: Provider::Local, local: Some(spec.clone()), ..ClusterSpec::default() },
        )
    };
    let mut played = Played::new(["a", "b"].map(local));
    let ensured = |played: &mut Played, name: &str| {
        let mut found = None;
        played.done.retain(|action| match action {
            Action::Cluster(ClusterAction::Ensure { cluster, keep_agent, .. }) if cluster == name => {
                found = Some(*keep_agent);
                false
            }
            _ => true,
        });
        found
    };
    let work = |played: &mut Played, name: &str, second: i64| {
        let keep_agent = ensured(played, name)?;
        let action =
            ClusterAction::Ensure { cluster: name.into(), spec: spec.clone(), join: true, keep_agent };
        played.event(Event::Worked { action, outcome: Outcome::Done { join_until: Some(at(9999)) } }, second);
        Some(keep_agent)
    };
    assert_eq!(work(&mut played, "a", 1), Some(true));
    assert_eq!(work(&mut played, "b", 1), Some(true));
    assert_eq!(work(&mut played, "a", 2), Some(false), "the first one's turn");
    assert_eq!(work(&mut played, "b", 2), None);
    assert_eq!(played.updated(), Vec::<String>::new(), "their provider does it, not their agents");
    played.agent("a", OURS, 30);
    assert_eq!(work(&mut played, "b", 31), Some(false));
}

#[test]
fn an_impostor_is_told_of_while_it_tries_and_forgotten_then() {
    let mut played = Played::new([imported("a")]);
    let impostor = Impostor { known: "u1".into(), uid: "u2".into(), peer: "10.0.0.9".into() };
    let refused = || Event::Refused { cluster: "a".into(), impostor: impostor.clone() };
    played.event(refused(), 1);
    let (reason, words) = played.said("a", "IdentityClear");
    assert!(reason == "AnotherCluster" && words.contains("u1") && words.contains("u2"), "{words}");
    played.done.clear();
    played.event(refused(), 100);
    assert!(played.done.iter().all(|action| !matches!(action, Action::SayCluster { .. })), "no news");
    played.event(Event::Tick, 219);
    assert!(played.done.iter().all(|action| !matches!(action, Action::SayCluster { .. })));
    assert_eq!(played.model.due(at(219)), Some(at(220)));
    played.event(Event::Tick, 220);
    assert_eq!(played.said("a", "IdentityClear").0, "AsWanted");
}
