//! Rules that hold over sequences of events.
#![allow(clippy::unwrap_used)]

mod charted;

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use nagaya_api::{
    Cluster, Image, Release, Resource, Team, Template, Workspace,
    agent::{PodObservation, ReleaseObservation, Report, WorkspaceObservation},
    kinds::{
        cluster::{ClusterPower, ClusterSpec, LocalCluster, Provider, REMOVAL_ANNOTATION},
        image::ImageSpec,
        team::TeamSpec,
        workspace::{WorkspacePhase, WorkspaceSpec, WorkspaceState},
    },
};
use nagaya_store::{CLUSTER_FINALIZER, HOME_FINALIZER};
use proptest::prelude::*;

use super::{Action, Content, Event, Model, Outcome, World};
use crate::{
    cluster::ClusterAction,
    intent::{IntentSettings, RelayMaterial},
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn named<R: Resource>(mut object: R) -> BTreeMap<String, R> {
    let name = object.meta().name.clone();
    object.meta_mut().uid = format!("uid-{name}");
    BTreeMap::from([(name, object)])
}

fn world() -> World {
    let mut cluster = Cluster::new(
        "java",
        ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() },
    );
    cluster.metadata.finalizers = vec![CLUSTER_FINALIZER.into()];
    let template = serde_json::json!({
        "image": "java", "homeSize": "1Gi", "resources": { "cpu": "100m", "memory": "256Mi" },
    });
    World {
        clusters: named(cluster),
        teams: named(Team::new("java", TeamSpec { cluster: "java".into(), ..TeamSpec::default() })),
        images: named(Image::new(
            "java",
            ImageSpec { description: String::new(), reference: "java:1".into() },
        )),
        templates: named(Template::new("java", serde_json::from_value(template).unwrap())),
        ..World::default()
    }
}

fn workspace(name: &str, revision: u64, state: WorkspaceState) -> Workspace {
    let mut workspace = Workspace::new(
        name,
        WorkspaceSpec {
            owner: "dev-01".into(),
            team: "java".into(),
            template: "java".into(),
            cluster: "java".into(),
            namespace: "java".into(),
            home_size: Some("1Gi".parse().unwrap()),
            state,
        },
    );
    workspace.metadata.uid = format!("uid-{name}");
    workspace.metadata.resource_version = revision.to_string();
    workspace.metadata.finalizers = vec![HOME_FINALIZER.into()];
    workspace
}

fn material(ca_pem: &str) -> RelayMaterial {
    RelayMaterial {
        certificate_pem: "c".into(),
        key_pem: "k".into(),
        ca_pem: ca_pem.into(),
        issued_at: at(0),
        not_after: at(400 * 86_400),
    }
}

/// The model with a shell that carries out at once, and remembers.
struct Played {
    model: Model,
    bundle: String,
    done: Vec<Action>,
    second: i64,
}

impl Played {
    fn new(world: World) -> Self {
        let settings = IntentSettings { relay_image: "relay:1".into(), storage_class: String::new() };
        let model = Model::new(settings, "inc".into(), world, BTreeMap::new(), "ca".into(), at(0));
        let mut played = Self { model, bundle: "ca".into(), done: Vec::new(), second: 0 };
        played.event(Event::Tick);
        played
    }

    fn event(&mut self, event: Event) {
        let mut waiting = vec![event];
        while let Some(event) = waiting.pop() {
            for action in self.model.step(event, at(self.second)) {
                if let Action::IssueRelay { workspace } = &action {
                    let uid = format!("uid-{workspace}");
                    waiting.push(Event::RelayIssued { uid, material: material(&self.bundle) });
                }
                self.done.push(action);
            }
        }
    }

    /// What was done since the last look, without the admissions, which are repeated.
    fn take(&mut self) -> Vec<String> {
        let done = std::mem::take(&mut self.done);
        done.iter()
            .filter(|action| !matches!(action, Action::Admit { .. }))
            .map(ToString::to_string)
            .collect()
    }

    fn report(&mut self, report: Report) {
        self.event(Event::Reported { cluster: "java".into(), report: Box::new(report) });
    }

    fn agent_comes(&mut self, picture: Vec<Report>) {
        self.report(Report::Hello {
            agent_id: "a".into(),
            agent_version: "1".into(),
            kubernetes_version: "v1.34.0".into(),
            incarnation: String::new(),
            revision: 0,
            hash: String::new(),
        });
        for report in picture {
            self.report(report);
        }
        self.report(Report::Synced);
    }

    fn store(&mut self, workspace: &Workspace) {
        self.event(Event::Stored(Arc::new(workspace.to_raw())));
    }

    fn delivered(&self) -> Option<Arc<Content>> {
        self.done.iter().rev().find_map(|action| match action {
            Action::Deliver { content, .. } => Some(content.clone()),
            _ => None,
        })
    }

    /// The agent takes and carries out what it was sent last.
    fn carry_out(&mut self) -> Arc<Content> {
        let content = self.delivered().unwrap();
        self.event(Event::Numbered { cluster: "java".into(), revision: 1 });
        self.event(Event::Taken { cluster: "java".into(), hash: content.hash().to_owned() });
        self.report(Report::Applied {
            revision: 1,
            hash: content.hash().to_owned(),
            errors: vec![],
            unconfirmed: vec![],
            applied: 0,
        });
        content
    }
}

fn ready(name: &str) -> Report {
    Report::Workspace(WorkspaceObservation {
        name: name.into(),
        namespace: "java".into(),
        replicas: Some(1),
        pod: Some(PodObservation { uid: "p".into(), ready: true, ..PodObservation::default() }),
        home: Some("Bound".into()),
        ..WorkspaceObservation::default()
    })
}

fn phase(played: &Played, name: &str) -> (WorkspacePhase, String) {
    let status = &played.model.workspace(name).unwrap().status;
    (status.phase, status.reason.clone())
}

#[test]
fn a_restart_of_server_or_agent_is_no_news_and_a_lost_agent_is() {
    let mut world = world();
    let mut one = workspace("w", 1, WorkspaceState::Running);
    one.status.phase = WorkspacePhase::Running;
    world.workspaces = named(one);
    let mut played = Played::new(world);
    let said = |played: &mut Played| {
        played.take().into_iter().filter(|one| one.starts_with("workspace")).collect::<Vec<_>>()
    };
    assert_eq!(said(&mut played), [""; 0], "the server has just begun");
    played.second = 5;
    played.agent_comes(vec![ready("w")]);
    assert_eq!(phase(&played, "w"), (WorkspacePhase::Running, String::new()));
    said(&mut played);
    // The agent is replaced: it is away for less than the grace.
    played.second = 100;
    played.event(Event::ReportsEnded { cluster: "java".into() });
    played.second = 110;
    played.event(Event::Tick);
    played.agent_comes(vec![ready("w")]);
    assert_eq!(said(&mut played), [""; 0]);
    // It is lost.
    played.second = 200;
    played.event(Event::ReportsEnded { cluster: "java".into() });
    assert_eq!(played.model.due(at(200)), Some(at(215)));
    played.second = 215;
    played.event(Event::Tick);
    assert_eq!(phase(&played, "w"), (WorkspacePhase::Running, "AgentAway".to_owned()));
    assert_eq!(said(&mut played).len(), 1);
}

#[test]
fn a_server_that_begins_without_its_agents_says_so_after_the_grace() {
    let mut world = world();
    let mut one = workspace("w", 1, WorkspaceState::Running);
    one.status.phase = WorkspacePhase::Running;
    world.workspaces = named(one);
    let mut played = Played::new(world);
    assert_eq!(played.model.due(at(0)), Some(at(15)));
    played.second = 15;
    played.event(Event::Tick);
    assert_eq!(phase(&played, "w").1, "AgentAway");
}

#[test]
fn what_is_gone_is_gone_only_after_the_new_picture_is_whole() {
    let mut played = Played::new(world());
    played.store(&workspace("w", 1, WorkspaceState::Running));
    played.agent_comes(vec![ready("w")]);
    assert_eq!(phase(&played, "w").0, WorkspacePhase::Running);
    played.report(Report::Hello {
        agent_id: "b".into(),
        agent_version: "2".into(),
        kubernetes_version: "v1.34.0".into(),
        incarnation: String::new(),
        revision: 0,
        hash: String::new(),
    });
    assert_eq!(phase(&played, "w").0, WorkspacePhase::Running, "the new agent has not told all yet");
    played.report(Report::Synced);
    assert_eq!(phase(&played, "w").0, WorkspacePhase::Pending, "it has, and it holds nothing");
}

#[test]
fn other_authorities_reach_all_relays_in_one_intent() {
    let mut played = Played::new(world());
    for at in 0..20 {
        played.store(&workspace(&format!("w-{at}"), at, WorkspaceState::Running));
    }
    played.agent_comes(vec![]);
    played.take();
    played.bundle = "ca and another".into();
    played.event(Event::AuthoritiesChanged { bundle_pem: "ca and another".into() });
    let done = played.take();
    let count = |start: &str| done.iter().filter(|one| one.starts_with(start)).count();
    assert_eq!((count("make a certificate"), count("send cluster")), (20, 1), "{done:?}");
}

#[test]
fn a_home_that_never_was_is_purged_when_the_cluster_has_said_so() {
    let mut played = Played::new(world());
    let mut one = workspace("w", 1, WorkspaceState::Running);
    one.metadata.deletion_timestamp = Some(at(0));
    played.agent_comes(vec![]);
    played.store(&one);
    assert_eq!(played.delivered().unwrap().purge.len(), 1);
    let released =
        |played: &Played| played.done.iter().any(|one| matches!(one, Action::ReleaseWorkspace { .. }));
    assert!(!released(&played), "it was asked for, not carried out");
    played.carry_out();
    assert!(released(&played));
}

#[test]
fn who_wants_a_cluster_down_does_not_wait_until_it_is_up() {
    let spec: LocalCluster =
        serde_json::from_value(serde_json::json!({ "cpu": 1, "memory": "3Gi" })).unwrap();
    let mut world = world();
    let mut local = Cluster::new(
        "ci",
        ClusterSpec { provider: Provider::Local, local: Some(spec.clone()), ..ClusterSpec::default() },
    );
    local.metadata.finalizers = vec![CLUSTER_FINALIZER.into()];
    world.clusters = named(local.clone());
    local.metadata.uid = "uid-ci".into();
    let mut played = Played::new(world);
    assert!(played.take().iter().any(|one| one.starts_with("bring up cluster \"ci\"")));
    local.spec.local = Some(LocalCluster { power: ClusterPower::Stopped, ..spec });
    local.metadata.resource_version = "2".into();
    played.event(Event::Stored(Arc::new(local.to_raw())));
    assert!(played.take().contains(&"stop cluster \"ci\"".to_owned()));
    // What fails is tried again, later each time.
    for (failure, pause) in [(1, 2), (2, 4), (3, 8)] {
        let action = ClusterAction::Stop { cluster: "ci".into() };
        played.event(Event::Worked { action, outcome: Outcome::Failed(format!("no {failure}")) });
        assert!(!played.take().contains(&"stop cluster \"ci\"".to_owned()));
        played.second += pause;
        played.event(Event::Tick);
        assert!(played.take().contains(&"stop cluster \"ci\"".to_owned()), "{failure}");
    }
}

/// The whole way of an imported cluster out, with a server that is killed on it.
#[test]
fn an_imported_cluster_is_emptied_and_left_also_when_the_server_dies_on_the_way() {
    let mut world = world();
    world.teams.clear();
    let spec =
        serde_json::json!({"repository": "stable", "chart": "ci", "cluster": "java", "namespace": "ci"});
    world.releases = named(Release::new("ci", serde_json::from_value(spec).unwrap()));
    let mut played = Played::new(world);
    let enrolled = || Event::Enrolled { cluster: "java".into(), not_after: at(1 << 30) };
    played.event(enrolled());
    let (name, uid) = ("ci".to_owned(), "uid-ci".to_owned());
    let ci = ReleaseObservation { name, uid, ..ReleaseObservation::default() };
    played.agent_comes(vec![Report::Release(ci)]);
    let team = Team::new("java", TeamSpec { cluster: "java".into(), ..TeamSpec::default() });
    played.event(Event::Stored(Arc::new(team.to_raw())));
    assert!(!played.carry_out().objects.is_empty());
    played.event(Event::Removed(Arc::new(team.to_raw())));
    let mut going = self::world().clusters.remove("java").unwrap();
    going.metadata.deletion_timestamp = Some(at(1));
    going.metadata.resource_version = "2".into();
    going.metadata.annotations.insert(REMOVAL_ANNOTATION.into(), "remove".into());
    played.take();
    played.event(Event::Stored(Arc::new(going.to_raw())));
    let farewell = "have the agent of cluster \"java\" remove itself".to_owned();
    let release = "remove the record of cluster \"java\"".to_owned();
    assert!(played.delivered().is_none_or(|content| content.objects.is_empty()), "nothing is wanted there");
    assert!(!played.take().contains(&farewell), "first all else goes");
    // The agent has carried it out, but for a release, which it uninstalls still.
    let nothing = played.model.views["java"].content.clone().unwrap();
    assert_eq!(*nothing, Content::new(Vec::new(), Vec::new(), Vec::new(), true));
    let (revision, hash) = (2, nothing.hash().to_owned());
    played.event(Event::Taken { cluster: "java".into(), hash: hash.clone() });
    played.report(Report::Applied { revision, hash, errors: vec![], unconfirmed: vec![], applied: 0 });
    assert!(!played.take().contains(&farewell), "its agent alone can uninstall the release");
    played.report(Report::ReleaseGone { name: "ci".into(), uid: "uid-ci".into() });
    let said = played.take();
    assert!(said.contains(&farewell), "{said:?}");
    played.event(Event::Told { cluster: "java".into() });
    // The server dies here; the agent heard, and is gone when the next one looks.
    let mut world = self::world();
    world.teams.clear();
    let mut next = Played::new(world);
    next.event(enrolled());
    next.event(Event::Told { cluster: "java".into() });
    next.event(Event::Stored(Arc::new(going.to_raw())));
    assert!(!next.take().contains(&release), "it may come back");
    next.second = 16;
    next.event(Event::Tick);
    assert!(next.take().contains(&release));
}

#[derive(Clone, Debug)]
enum Happening {
    Want(u8, WorkspaceState),
    Purge(u8),
    Gone(u8),
    See(u8, bool),
    Agent(bool),
    CarryOut,
    Time(i64),
}

fn happening() -> impl Strategy<Value = Happening> {
    let state =
        prop::sample::select(vec![WorkspaceState::Running, WorkspaceState::Stopped, WorkspaceState::Deleted]);
    prop_oneof![
        (0..4_u8, state).prop_map(|(which, state)| Happening::Want(which, state)),
        (0..4_u8).prop_map(Happening::Purge),
        (0..4_u8).prop_map(Happening::Gone),
        (0..4_u8, any::<bool>()).prop_map(|(which, ready)| Happening::See(which, ready)),
        any::<bool>().prop_map(Happening::Agent),
        Just(Happening::CarryOut),
        (1..40_i64).prop_map(Happening::Time),
    ]
}

proptest! {
    /// Whatever happens in whatever order: the last intent sent while the agent is there is the one that the objects
    /// give; every home that nobody purged is in it; no workspace goes whose purge was not asked for; and when nothing
    /// happens, nothing is done.
    #[test]
    fn the_last_intent_is_right_and_rest_is_rest(walk in prop::collection::vec(happening(), 1..40)) {
        let mut played = Played::new(world());
        let mut wanted: BTreeMap<String, Workspace> = BTreeMap::new();
        let (mut revision, mut last) = (1, None);
        let mut there = false;
        for one in walk {
            revision += 1;
            match one {
                Happening::Want(which, state) => {
                    let name = format!("w-{which}");
                    let mut object = workspace(&name, revision, state);
                    if let Some(old) = wanted.get(&name) {
                        object.metadata.deletion_timestamp = old.metadata.deletion_timestamp;
                    }
                    played.store(&object);
                    wanted.insert(name, object);
                }
                Happening::Purge(which) => {
                    if let Some(object) = wanted.get_mut(&format!("w-{which}")) {
                        object.metadata.deletion_timestamp = Some(at(0));
                        object.metadata.resource_version = revision.to_string();
                        let object = object.clone();
                        played.store(&object);
                    }
                }
                Happening::Gone(which) if there => played.report(Report::WorkspaceGone { namespace: "java".into(), name: format!("w-{which}") }),
                Happening::See(which, is_ready) if there => {
                    let Report::Workspace(mut seen) = ready(&format!("w-{which}")) else { unreachable!() };
                    if let Some(pod) = &mut seen.pod { pod.ready = is_ready; }
                    played.report(Report::Workspace(seen));
                }
                Happening::Agent(true) => { played.agent_comes(vec![]); there = true; }
                Happening::Agent(false) => { played.event(Event::ReportsEnded { cluster: "java".into() }); there = false; }
                Happening::CarryOut if there && played.delivered().is_some() => { played.carry_out(); }
                Happening::Time(seconds) => { played.second += seconds; played.event(Event::Tick); }
                _ => {}
            }
            for action in &played.done {
                if let Action::ReleaseWorkspace { workspace, .. } = action {
                    prop_assert!(wanted[workspace].metadata.deletion_timestamp.is_some());
                }
            }
            last = played.delivered().or(last);
            let rest = played.model.step(Event::Tick, at(played.second));
            let rest: Vec<_> = rest.iter().filter(|action| !matches!(action, Action::Admit { .. } | Action::ReleaseWorkspace { .. })).collect();
            prop_assert!(rest.is_empty(), "{rest:?}");
            if let (true, Some(content)) = (there, &last) {
                for (name, object) in &wanted {
                    let purged = object.metadata.deletion_timestamp.is_some();
                    let has = |kind: &str, name: &str| content.objects.iter().find(|one| one["kind"] == kind && one["metadata"]["name"] == name);
                    prop_assert_eq!(has("PersistentVolumeClaim", &format!("home-{name}")).is_some(), !purged);
                    prop_assert_eq!(content.purge.iter().any(|home| home.claim == format!("home-{name}")), purged);
                    let replicas = has("StatefulSet", name).map(|set| set["spec"]["replicas"].clone());
                    let right = match object.spec.state {
                        _ if purged => None,
                        WorkspaceState::Running => Some(1.into()),
                        WorkspaceState::Stopped => Some(0.into()),
                        WorkspaceState::Deleted => None,
                    };
                    prop_assert_eq!(replicas, right);
                }
            }
        }
    }
}
