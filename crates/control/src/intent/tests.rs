//! Rules of intents.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use jiff::Timestamp;
use nagaya_api::{
    Image, Resource, Team, Template, Workspace,
    agent::Intent,
    kinds::{
        image::ImageSpec,
        release::ChartValues,
        team::TeamSpec,
        template::{Resources, TemplateSpec},
        workspace::{PodStatus, WorkspaceSpec, WorkspaceState},
    },
};
use proptest::prelude::*;
use serde_json::Value;

use super::{IntentSettings, RelayMaterial, Rendered, World, render};
use crate::version::Minor;

#[derive(Clone, Debug)]
struct Objects {
    teams: BTreeMap<String, Team>,
    workspaces: BTreeMap<String, Workspace>,
    templates: BTreeMap<String, Template>,
    images: BTreeMap<String, Image>,
    relays: BTreeMap<String, RelayMaterial>,
    settings: IntentSettings,
    chart_values: ChartValues,
}

fn named<R: Resource>(objects: impl IntoIterator<Item = R>) -> BTreeMap<String, R> {
    objects.into_iter().map(|object| (object.meta().name.clone(), object)).collect()
}

fn template() -> Template {
    Template::new(
        "java",
        TemplateSpec {
            display_name: String::new(),
            description: String::new(),
            image: "java".into(),
            chart: None,
            resources: Some(Resources {
                cpu: "250m".parse().unwrap(),
                memory: "1Gi".parse().unwrap(),
                cpu_limit: None,
                memory_limit: Some("2Gi".parse().unwrap()),
            }),
            home_size: "5Gi".parse().unwrap(),
            ports: serde_json::from_str(r#"[{"name":"desktop","port":5901}]"#).unwrap(),
            environment: BTreeMap::from([
                ("LANG".to_owned(), "ja_JP.UTF-8".to_owned()),
                ("PS1".to_owned(), "$(hostname) ".to_owned()),
            ]),
        },
    )
}

fn team(name: &str, cluster: &str) -> Team {
    Team::new(name, TeamSpec { cluster: cluster.into(), ..TeamSpec::default() })
}

fn workspace(name: &str, state: WorkspaceState) -> Workspace {
    let mut workspace = Workspace::new(
        name,
        WorkspaceSpec {
            owner: "dev-01".into(),
            team: "java".into(),
            template: "java".into(),
            cluster: "java".into(),
            namespace: "java".into(),
            home_size: Some("3Gi".parse().unwrap()),
            state,
        },
    );
    workspace.metadata.uid = format!("uid-{name}");
    workspace
}

fn material() -> RelayMaterial {
    RelayMaterial {
        certificate_pem: "certificate".into(),
        key_pem: "key".into(),
        ca_pem: "bundle".into(),
        issued_at: Timestamp::UNIX_EPOCH,
        not_after: Timestamp::UNIX_EPOCH,
    }
}

fn objects(workspaces: impl IntoIterator<Item = Workspace>) -> Objects {
    let workspaces = named(workspaces);
    Objects {
        teams: named([team("java", "java"), team("python", "python")]),
        templates: named([template()]),
        images: named([Image::new(
            "java",
            ImageSpec { description: String::new(), reference: "registry.nagaya.internal/java:1".into() },
        )]),
        relays: workspaces.values().map(|one| (one.metadata.uid.clone(), material())).collect(),
        workspaces,
        settings: IntentSettings {
            relay_image: "registry.nagaya.internal/nagaya-relay:1".into(),
            storage_class: String::new(),
        },
        chart_values: ChartValues::new(),
    }
}

impl Objects {
    fn render(&self, minor: u32, previous: &[Value]) -> Rendered {
        render(&World {
            cluster: "java",
            version: Minor(minor),
            teams: &self.teams,
            workspaces: &self.workspaces,
            templates: &self.templates,
            images: &self.images,
            relays: &self.relays,
            settings: &self.settings,
            chart_values: &self.chart_values,
            taken: &BTreeMap::new(),
            previous,
            previous_releases: &[],
        })
    }
}

fn keys(rendered: &Rendered) -> Vec<String> {
    rendered
        .objects
        .iter()
        .map(|object| {
            let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
            let metadata = &object["metadata"];
            format!("{} {}/{}", text(&object["kind"]), text(&metadata["namespace"]), text(&metadata["name"]))
        })
        .collect()
}

#[test]
fn the_intent_of_a_running_workspace_on_1_20() {
    insta::assert_yaml_snapshot!(
        objects([workspace("java-1", WorkspaceState::Running)]).render(20, &[]).objects
    );
}

#[test]
fn the_intent_of_a_running_workspace_on_1_34() {
    insta::assert_yaml_snapshot!(
        objects([workspace("java-1", WorkspaceState::Running)]).render(34, &[]).objects
    );
}

#[test]
fn stopping_changes_replicas_and_nothing_else() {
    let running = objects([workspace("java-1", WorkspaceState::Running)]).render(34, &[]).objects;
    let mut stopped = objects([workspace("java-1", WorkspaceState::Stopped)]).render(34, &[]).objects;
    let set = stopped.iter_mut().find(|object| object["kind"] == "StatefulSet").unwrap();
    assert_eq!(set["spec"]["replicas"], 0);
    set["spec"]["replicas"] = 1.into();
    assert_eq!(stopped, running);
}

#[test]
fn of_a_deleted_workspace_only_the_home_stays() {
    let rendered = objects([workspace("java-1", WorkspaceState::Deleted)]).render(34, &[]);
    let own: Vec<_> = keys(&rendered).into_iter().filter(|key| key.contains("java-1")).collect();
    assert_eq!(own, ["PersistentVolumeClaim java/home-java-1"]);
    assert_eq!(rendered.purge, []);
}

#[test]
fn a_purged_workspace_is_in_the_purges_and_nowhere_else() {
    let mut purged = workspace("java-1", WorkspaceState::Deleted);
    purged.metadata.deletion_timestamp = Some(Timestamp::UNIX_EPOCH);
    let rendered = objects([purged]).render(34, &[]);
    assert!(!keys(&rendered).iter().any(|key| key.contains("java-1")), "{:?}", keys(&rendered));
    assert_eq!(rendered.purge.len(), 1);
    assert_eq!(
        (rendered.purge[0].namespace.as_str(), rendered.purge[0].claim.as_str()),
        ("java", "home-java-1")
    );
}

#[test]
fn homes_and_namespaces_are_never_pruned() {
    for object in objects([workspace("java-1", WorkspaceState::Running)]).render(20, &[]).objects {
        let kept = object["metadata"]["annotations"]["nagaya.dev/prune"] == "keep";
        let must = object["kind"] == "PersistentVolumeClaim" || object["kind"] == "Namespace";
        assert_eq!(kept, must, "{}", object["kind"]);
    }
}

#[test]
fn a_workspace_that_was_moved_away_from_its_team_keeps_its_namespace() {
    let mut all = objects([workspace("java-1", WorkspaceState::Running)]);
    all.teams = named([team("java", "elsewhere")]);
    assert!(keys(&all.render(34, &[])).contains(&"Namespace -/java".to_owned()));
}

#[test]
fn operations_may_look_at_a_cluster_before_a_team_is_on_it() {
    let mut empty = objects([]);
    empty.teams.clear();
    assert_eq!(keys(&empty.render(20, &[])), ["ClusterRoleBinding -/nagaya-operations"]);
}

#[test]
fn a_missing_template_ends_no_desktop() {
    let mut all = objects([workspace("java-1", WorkspaceState::Running)]);
    let before = all.render(34, &[]);
    all.templates.clear();
    // Known from the intent before: it stays as it was.
    let after = all.render(34, &before.objects);
    let sorted = |rendered: &Rendered| {
        let mut keys = keys(rendered);
        keys.sort();
        keys
    };
    assert_eq!(sorted(&after), sorted(&before));
    assert_eq!(after.problems.len(), 1);
    assert_eq!(after.obstacle(), None);
    // Not known, and it may run: the intent must not go out.
    all.workspaces.get_mut("java-1").unwrap().status.pod = Some(PodStatus::default());
    assert!(all.render(34, &[]).obstacle().is_some());
    // Not known, and it never ran: the others need not wait.
    all.workspaces.get_mut("java-1").unwrap().status.pod = None;
    assert_eq!(all.render(34, &[]).obstacle(), None);
}

#[test]
fn an_upgrade_of_the_cluster_outdates_no_workspace() {
    let all = objects([workspace("java-1", WorkspaceState::Running)]);
    let hash = |minor| {
        let set = all.render(minor, &[]).objects.into_iter().find(|object| object["kind"] == "StatefulSet");
        set.unwrap()["metadata"]["annotations"]["nagaya.dev/template-hash"].clone()
    };
    assert_eq!(hash(20), hash(36));
}

#[test]
fn a_change_of_the_template_changes_the_hash_on_set_and_pod_alike() {
    let mut all = objects([workspace("java-1", WorkspaceState::Running)]);
    let hashes = |all: &Objects| {
        let set =
            all.render(34, &[]).objects.into_iter().find(|object| object["kind"] == "StatefulSet").unwrap();
        let of = |object: &Value| object["metadata"]["annotations"]["nagaya.dev/template-hash"].clone();
        assert_eq!(of(&set), of(&set["spec"]["template"]));
        of(&set)
    };
    let before = hashes(&all);
    all.templates.get_mut("java").unwrap().spec.environment.insert("TZ".into(), "Asia/Tokyo".into());
    assert_ne!(hashes(&all), before);
}

fn state() -> impl Strategy<Value = WorkspaceState> {
    prop_oneof![Just(WorkspaceState::Running), Just(WorkspaceState::Stopped), Just(WorkspaceState::Deleted)]
}

proptest! {
    /// The hash may depend on content only: not on the order in which objects came to be, nor on chance.
    #[test]
    fn the_same_objects_give_the_same_intent(states in prop::collection::vec((state(), any::<bool>()), 0..8), minor in 19_u32..40) {
        let all = states.iter().enumerate().map(|(at, (state, purged))| {
            let mut one = workspace(&format!("w-{at}"), *state);
            one.metadata.deletion_timestamp = purged.then_some(Timestamp::UNIX_EPOCH);
            one
        });
        let forward = objects(all.clone()).render(minor, &[]);
        let backward = objects(all.rev()).render(minor, &[]);
        prop_assert_eq!(Intent::hash_of(&forward.objects, &forward.purge, &[]), Intent::hash_of(&backward.objects, &backward.purge, &[]));
    }

    /// Whatever happens to others, a home that is not purged is in the intent, and no object is there twice.
    #[test]
    fn no_home_is_lost_and_no_object_is_there_twice(states in prop::collection::vec((state(), any::<bool>(), any::<bool>()), 0..8)) {
        let mut all = objects(states.iter().enumerate().map(|(at, (state, purged, _))| {
            let mut one = workspace(&format!("w-{at}"), *state);
            one.metadata.deletion_timestamp = purged.then_some(Timestamp::UNIX_EPOCH);
            one
        }));
        for (at, (_, _, broken)) in states.iter().enumerate() {
            if *broken {
                all.workspaces.get_mut(&format!("w-{at}")).unwrap().spec.template = "gone".into();
            }
        }
        let rendered = all.render(34, &[]);
        let keys = keys(&rendered);
        for (at, (_, purged, _)) in states.iter().enumerate() {
            let home = format!("PersistentVolumeClaim java/home-w-{at}");
            prop_assert_eq!(keys.contains(&home), !purged);
        }
        let mut once = keys.clone();
        once.sort();
        once.dedup();
        prop_assert_eq!(once.len(), keys.len());
    }
}
