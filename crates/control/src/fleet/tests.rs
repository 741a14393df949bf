//! Bundles played through the model, with a store and agents that do as they are told.
#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use nagaya_api::{
    Bundle, BundleVersion, Cluster, Group, Kind, RawObject, Resource, Team,
    agent::{ClusterFacts, NetworkPolicySupport, Report, UnreadyObject},
    kinds::{
        bundle::{BundleCluster, BundleState, BundleStatus},
        cluster::{ClusterSpec, ObjectError, Provider},
        team::TeamSpec,
    },
};
use serde_json::{Value, json};

use crate::{
    intent::IntentSettings,
    model::{Action, Content, Event, Model, World},
};

mod conflicts;
mod lives;
mod rollouts;

fn start() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

/// A store, agents, and the model between them.
struct Played {
    model: Model,
    now: Timestamp,
    revision: u64,
    /// The store.
    objects: BTreeMap<(Kind, String), RawObject>,
    /// What each cluster was sent last.
    sent: BTreeMap<String, Arc<Content>>,
    /// Clusters that were sent something and have not carried it out.
    waiting: BTreeSet<String>,
    /// Intents sent.
    delivered: usize,
    /// Statuses of bundles written.
    written: usize,
}

impl Played {
    fn new() -> Self {
        let objects = BTreeMap::new();
        let model = model(&objects, start());
        Self {
            model,
            now: start(),
            revision: 1,
            objects,
            sent: BTreeMap::new(),
            waiting: BTreeSet::new(),
            delivered: 0,
            written: 0,
        }
    }

    /// Another server over the same store, whose agents come back after it.
    fn restart(&mut self) {
        self.model = model(&self.objects, self.now);
        self.event(Event::Tick);
        self.sent.clear();
        for name in self.clusters() {
            self.connect(&name);
        }
    }

    fn clusters(&self) -> Vec<String> {
        let clusters = self.objects.keys().filter(|(kind, _)| *kind == Kind::Cluster);
        clusters.map(|(_, name)| name.clone()).collect()
    }

    fn event(&mut self, event: Event) {
        let mut waiting = vec![event];
        while let Some(event) = waiting.pop() {
            for action in self.model.step(event, self.now) {
                waiting.extend(self.act(action));
            }
        }
    }

    fn act(&mut self, action: Action) -> Option<Event> {
        match action {
            Action::Deliver { cluster, content } => {
                self.delivered += 1;
                self.sent.insert(cluster.clone(), content);
                self.waiting.insert(cluster);
                None
            }
            Action::MakeVersion { version } => Some(self.keep(*version)),
            Action::DropVersion { name, .. } => {
                let gone = self.objects.remove(&(Kind::BundleVersion, name))?;
                Some(Event::Removed(Arc::new(gone)))
            }
            Action::SayBundle { bundle, status, .. } => {
                self.written += 1;
                self.said(Kind::Bundle, bundle, serde_json::to_value(status).unwrap())
            }
            Action::SayGroup { group, status, .. } => {
                self.said(Kind::Group, group, serde_json::to_value(status).unwrap())
            }
            _ => None,
        }
    }

    fn said(&mut self, kind: Kind, name: String, status: Value) -> Option<Event> {
        self.revision += 1;
        let object = self.objects.get_mut(&(kind, name))?;
        object.status = status;
        object.metadata.resource_version = self.revision.to_string();
        Some(Event::Stored(Arc::new(object.clone())))
    }

    /// Puts an object into the store as it would be there.
    fn keep<R: Resource>(&mut self, object: R) -> Event {
        self.revision += 1;
        let mut raw = object.to_raw().validated().unwrap();
        let key = (R::KIND, raw.metadata.name.clone());
        let old = self.objects.get(&key);
        raw.metadata.uid =
            old.map_or_else(|| format!("uid-{}", self.revision), |old| old.metadata.uid.clone());
        raw.metadata.creation_timestamp = old.map_or(Some(self.now), |old| old.metadata.creation_timestamp);
        raw.metadata.generation = match old {
            Some(old) => old.metadata.generation + i64::from(old.spec != raw.spec),
            None => 1,
        };
        raw.status = old.map(|old| old.status.clone()).unwrap_or_default();
        raw.metadata.resource_version = self.revision.to_string();
        self.objects.insert(key, raw.clone());
        Event::Stored(Arc::new(raw))
    }

    fn put<R: Resource>(&mut self, object: R) {
        let event = self.keep(object);
        self.event(event);
    }

    fn remove(&mut self, kind: Kind, name: &str) {
        let gone = self.objects.remove(&(kind, name.to_owned())).unwrap();
        self.event(Event::Removed(Arc::new(gone)));
    }

    fn group(&mut self, name: &str, selector: &str) {
        self.put(Group::new(name, serde_json::from_value(json!({"selector": selector})).unwrap()));
    }

    fn bundle(&mut self, name: &str, spec: Value) {
        self.put(Bundle::new(name, serde_json::from_value(spec).unwrap()));
        self.pass(1);
    }

    /// A cluster with its agent.
    fn cluster(&mut self, name: &str, labels: &[(&str, &str)]) {
        self.label(name, labels);
        self.connect(name);
    }

    fn label(&mut self, name: &str, labels: &[(&str, &str)]) {
        let mut cluster = Cluster::new(
            name,
            ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() },
        );
        cluster.metadata.labels =
            labels.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        self.put(cluster);
    }

    fn team(&mut self, name: &str, cluster: &str) {
        self.put(Team::new(name, TeamSpec { cluster: cluster.into(), ..TeamSpec::default() }));
    }

    fn report(&mut self, cluster: &str, report: Report) {
        self.event(Event::Reported { cluster: cluster.into(), report: Box::new(report) });
    }

    fn connect(&mut self, cluster: &str) {
        let hello = Report::Hello {
            agent_id: "a".into(),
            agent_version: "1".into(),
            kubernetes_version: "v1.34.0".into(),
            incarnation: String::new(),
            revision: 0,
            hash: String::new(),
        };
        self.report(cluster, hello);
        self.report(cluster, Report::Synced);
    }

    /// The agent goes, and stays away until that is news.
    fn lose(&mut self, cluster: &str) {
        self.event(Event::ReportsEnded { cluster: cluster.into() });
        self.pass(20);
        self.event(Event::Tick);
        self.waiting.remove(cluster);
    }

    fn apply_with(&mut self, cluster: &str, errors: Vec<ObjectError>) {
        let hash = self.sent[cluster].hash().to_owned();
        self.waiting.remove(cluster);
        self.report(cluster, Report::Applied { revision: 1, hash, errors, unconfirmed: vec![], applied: 0 });
    }

    /// All agents carry out what they were sent, until nothing more is sent.
    fn settle(&mut self) {
        for _ in 0..100 {
            while let Some(cluster) = self.waiting.first().cloned() {
                self.apply_with(&cluster, Vec::new());
            }
            self.pass(1);
            if self.waiting.is_empty() && self.model.gather().is_none() {
                return;
            }
        }
        panic!("it never settles: {:?}", self.waiting);
    }

    /// Time passes, and what is due then is done.
    fn pass(&mut self, seconds: i64) {
        let until = self.now + SignedDuration::from_secs(seconds);
        while let Some(due) = self.model.gather().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.event(Event::Gather);
        }
        self.now = until;
    }

    fn status(&self, bundle: &str) -> BundleStatus {
        Bundle::from_raw(&self.objects[&(Kind::Bundle, bundle.to_owned())]).unwrap().status
    }

    fn line(&self, bundle: &str, cluster: &str) -> BundleCluster {
        let status = self.status(bundle);
        status.clusters.into_iter().find(|line| line.cluster == cluster).unwrap()
    }

    fn state(&self, bundle: &str, cluster: &str) -> BundleState {
        self.line(bundle, cluster).state
    }

    /// The versions that clusters have, in the order of their names.
    fn versions(&self, bundle: &str) -> Vec<u64> {
        self.status(bundle).clusters.iter().map(|line| line.version).collect()
    }

    /// Objects that a cluster was sent of bundles, as `Kind namespace/name`.
    fn held(&self, cluster: &str) -> Vec<String> {
        let parts = self.sent[cluster].bundles.iter();
        let texts = parts.flat_map(|part| part.texts());
        texts.map(|text| super::key::Key::of(&serde_json::from_str(&text).unwrap()).to_string()).collect()
    }

    fn object(&self, cluster: &str, object: &str) -> Value {
        let texts = self.sent[cluster].bundles.iter().flat_map(|part| part.texts());
        let mut values = texts.map(|text| serde_json::from_str::<Value>(&text).unwrap());
        values.find(|value| super::key::Key::of(value).to_string() == object).unwrap()
    }
}

fn model(objects: &BTreeMap<(Kind, String), RawObject>, now: Timestamp) -> Model {
    fn of<R: Resource>(objects: &BTreeMap<(Kind, String), RawObject>) -> BTreeMap<String, R> {
        let of_kind = objects.iter().filter(|((kind, _), _)| *kind == R::KIND);
        of_kind.map(|((_, name), raw)| (name.clone(), R::from_raw(raw).unwrap())).collect()
    }
    let world = World {
        clusters: of(objects),
        teams: of(objects),
        groups: of(objects),
        bundles: of(objects),
        versions: of::<BundleVersion>(objects),
        ..World::default()
    };
    let settings = IntentSettings { relay_image: "relay:1".into(), storage_class: String::new() };
    Model::new(settings, "inc".into(), world, BTreeMap::new(), "ca".into(), now)
}

fn config(name: &str, value: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "n"}, "data": {"v": value}})
}

#[test]
fn a_policy_on_a_network_that_enforces_none_is_applied_and_said_to_be_without_effect() {
    let policy = json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
        "metadata": {"name": "deny", "namespace": "n"}, "spec": {"podSelector": {}}});
    let mut played = Played::new();
    played.cluster("one", &[]);
    played.group("all", "");
    played.bundle("walls", json!({"groups": ["all"], "objects": [policy, config("c", "1")]}));
    played.bundle("other", json!({"groups": ["all"], "objects": [config("d", "1")]}));
    played.settle();
    let facts = |network_policy| {
        Report::Facts(ClusterFacts { network_policy, network: "Flannel".into(), ..ClusterFacts::default() })
    };
    for (support, effect) in [
        (NetworkPolicySupport::NotEnforced, false),
        (NetworkPolicySupport::Enforced, true),
        (NetworkPolicySupport::NotEnforced, false),
        (NetworkPolicySupport::Unknown, true),
    ] {
        played.report("one", facts(support));
        played.pass(10);
        let line = played.line("walls", "one");
        assert_eq!(line.state, BundleState::Ready);
        let words = "applied, not enforced: NetworkPolicy n/deny: the cluster's network (Flannel)";
        assert_eq!(line.message.starts_with(words), !effect, "{}", line.message);
        assert_eq!(played.line("other", "one").message, "");
    }
}

fn unready(object: &str, bundle: &str) -> Report {
    let object =
        UnreadyObject { object: object.into(), bundle: bundle.into(), message: "0 of 1 are ready".into() };
    Report::Unready { objects: vec![object] }
}
