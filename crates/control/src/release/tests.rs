#![allow(clippy::unwrap_used)]
use jiff::SignedDuration;
use nagaya_api::{
    Cluster, Group,
    agent::{ReleaseIntent, ReleaseObservation},
    kinds::{
        cluster::ClusterSpec,
        group::GroupSpec,
        release::{MASK, ReleaseCluster, ReleaseSpec, ReleaseState, ReleaseStatus},
        release_version::{ReleaseVersionSpec, ResolvedChart},
    },
};
use serde_json::{Value, json};

use super::*;

/// Releases, clusters of one group that are all reachable, and a clock.
struct Play {
    releases: Releases,
    clusters: BTreeMap<String, Cluster>,
    group: Group,
    now: Timestamp,
}

impl Play {
    fn new(clusters: &[&str]) -> Self {
        let cluster = |name: &&str| ((*name).to_owned(), Cluster::new(name, ClusterSpec::default()));
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        Self {
            releases: Releases::new(BTreeMap::new(), BTreeMap::new(), now),
            clusters: clusters.iter().map(cluster).collect(),
            group: Group::new("all", GroupSpec::default()),
            now,
        }
    }

    fn release(&mut self, spec: Value) {
        let mut release = Release::new("web", serde_json::from_value(spec).unwrap());
        (release.metadata.uid, release.metadata.generation) = ("u".into(), 1);
        self.releases.release_stored(release, self.now);
    }

    fn version(&mut self, number: u64, values: Value) {
        let chart = ResolvedChart {
            repository: "stable".into(),
            name: "web".into(),
            version: format!("1.{number}.0"),
            digest: "d".repeat(64),
            ..ResolvedChart::default()
        };
        let spec = ReleaseSpec { values: values.as_object().unwrap().clone(), ..ReleaseSpec::default() };
        let entry = self.releases.entries.get("web").unwrap();
        let spec = ReleaseVersionSpec {
            release: "web".into(),
            uid: "u".into(),
            version: number,
            generation: 1,
            secrets: entry.release.spec.secrets.clone(),
            ..ReleaseVersionSpec::of(&spec, chart)
        };
        let mut version = ReleaseVersion::new(
            &ReleaseVersion::name_of("web", number),
            ReleaseVersionSpec { secrets: entry.release.spec.secrets.clone(), ..spec },
        );
        version.metadata.uid = format!("v{number}");
        self.releases.version_stored(version, self.now);
    }

    /// What each cluster is told, once nothing changes any more.
    fn told(&mut self) -> BTreeMap<String, Vec<ReleaseIntent>> {
        self.now += SignedDuration::from_secs(2);
        let members: BTreeSet<String> = self.clusters.keys().cloned().collect();
        let groups: Groups<'_> = BTreeMap::from([("all", (&self.group, &members))]);
        self.releases.select(&self.clusters, &groups, self.now);
        self.releases.roll(|_| true, self.now);
        let all = self.clusters.values().map(|cluster| {
            let told = self.releases.compose(cluster, &groups, self.now);
            (cluster.metadata.name.clone(), told.iter().map(|one| one.0.clone()).collect())
        });
        all.collect()
    }

    /// The agent of a cluster tells.
    fn observed(&mut self, cluster: &str, state: ReleaseState, content: &str, more: Value) {
        let mut seen = json!({"name": "web", "uid": "u", "content": content, "revision": 1});
        seen.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut seen: ReleaseObservation = serde_json::from_value(seen).unwrap();
        seen.state = state;
        self.releases.observed(cluster, seen);
        self.refresh(cluster, true);
    }

    fn refresh(&mut self, cluster: &str, settled: bool) {
        let sight = Sight { connected: true, known: true, settled };
        self.releases.refresh(cluster, sight, self.now);
    }

    fn status(&mut self) -> ReleaseStatus {
        self.now += SignedDuration::from_secs(2);
        self.releases.say(self.now);
        self.releases.entries.get("web").unwrap().release.status.clone()
    }

    fn line(&mut self, cluster: &str) -> ReleaseCluster {
        self.status().clusters.into_iter().find(|line| line.cluster == cluster).unwrap()
    }
}

fn spec(more: Value) -> Value {
    let mut spec = json!({"repository": "stable", "chart": "web", "namespace": "java"});
    spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    spec
}

#[test]
fn a_release_goes_to_its_cluster_once_its_chart_is_found() {
    let mut play = Play::new(&["one", "two"]);
    play.release(spec(json!({"cluster": "one", "team": "java"})));
    assert!(play.told().values().all(Vec::is_empty));
    assert_eq!(play.line("one").state, ReleaseState::Waiting);
    play.version(1, json!({"a": 1}));
    let told = play.told();
    assert!(told["two"].is_empty());
    let one = &told["one"][0];
    assert_eq!((one.chart.version.as_str(), &one.values), ("1.1.0", &json!({"a": 1})));
    let act_as = one.act_as.as_ref().unwrap();
    assert_eq!(
        (act_as.user.as_str(), act_as.groups.as_slice()),
        ("nagaya:release:java", &["nagaya:team:java".to_owned()][..])
    );
    let content = one.content.clone();
    play.observed("one", ReleaseState::Ready, &content, json!({"revision": 1}));
    let status = play.status();
    assert_eq!((status.summary.ready, status.conditions[0].status), (1, true), "{status:?}");
}

#[test]
fn values_of_groups_clusters_and_the_release_lie_over_each_other() {
    let mut play = Play::new(&["one"]);
    let map = |value: Value| value.as_object().unwrap().clone();
    play.group.spec.chart_values.insert("stable/web".into(), map(json!({"a": 1, "b": 1, "c": {"x": 1}})));
    let cluster = play.clusters.get_mut("one").unwrap();
    cluster.spec.chart_values.insert("stable/web".into(), map(json!({"b": 2, "c": {"y": 2}})));
    cluster.spec.chart_values.insert("stable/other".into(), map(json!({"z": 9})));
    play.release(spec(json!({"group": "all"})));
    play.version(1, json!({"c": {"x": 3}, "d": null}));
    assert_eq!(play.told()["one"][0].values, json!({"a": 1, "b": 2, "c": {"x": 3, "y": 2}, "d": null}));
}

#[test]
fn a_secret_is_filled_in_and_shows_in_nothing_that_is_said() {
    let mut play = Play::new(&["one"]);
    play.release(spec(json!({"cluster": "one", "secrets": [{"path": "a.pass", "secret": "s"}]})));
    play.version(1, json!({}));
    assert!(play.told()["one"].is_empty());
    play.refresh("one", true);
    let line = play.line("one");
    assert_eq!(line.state, ReleaseState::Waiting);
    assert!(line.message.contains("nagaya release secret web s"), "{}", line.message);
    play.releases.sealed("web", Secrets(BTreeMap::from([("s".into(), "hunter22".into())])));
    let told = play.told();
    assert_eq!(told["one"][0].values, json!({"a": {"pass": "hunter22"}}));
    let content = told["one"][0].content.clone();
    let more = json!({"notes": "log in with hunter22", "message": "hunter22 is weak"});
    play.observed("one", ReleaseState::NotReady, &content, more);
    let status = serde_json::to_string(&play.status()).unwrap();
    assert!(!status.contains("hunter22") && status.contains(MASK), "{status}");
    assert!(!format!("{:?}", play.releases).contains("hunter22"), "nor in a log");
}

#[test]
fn a_new_version_goes_on_only_while_the_limit_allows() {
    let mut play = Play::new(&["one", "three", "two"]);
    play.release(spec(json!({"group": "all", "rollout": {"maxUnready": 1}})));
    play.version(1, json!({"v": 1}));
    let content = play.told()["one"][0].content.clone();
    for cluster in ["one", "two", "three"] {
        play.observed(cluster, ReleaseState::Ready, &content, json!({}));
    }
    play.version(2, json!({"v": 2}));
    let told = play.told();
    let has = |told: &BTreeMap<String, Vec<ReleaseIntent>>| {
        told.values().filter(|one| one[0].values == json!({"v": 2})).count()
    };
    assert_eq!(has(&told), 1, "one at a time");
    play.refresh("one", true);
    assert_eq!(has(&play.told()), 1, "it is not ready yet");
    let newer = told["one"][0].content.clone();
    play.observed("one", ReleaseState::Ready, &newer, json!({}));
    assert_eq!(has(&play.told()), 2);
}

#[test]
fn other_values_of_a_group_come_wave_by_wave_also_with_a_server_that_begins_anew() {
    let mut play = Play::new(&["one", "two"]);
    play.release(spec(json!({"group": "all", "rollout": {"maxUnready": 1}})));
    play.version(1, json!({"v": 1}));
    let content = play.told()["one"][0].content.clone();
    for cluster in ["one", "two"] {
        play.observed(cluster, ReleaseState::Ready, &content, json!({}));
    }
    let values = json!({"w": 1}).as_object().unwrap().clone();
    play.group.spec.chart_values.insert("stable/web".into(), values);
    let has = |told: &BTreeMap<String, Vec<ReleaseIntent>>| -> Vec<String> {
        let new = told.iter().filter(|(_, one)| one[0].values == json!({"v": 1, "w": 1}));
        new.map(|(cluster, _)| cluster.clone()).collect()
    };
    // Composing finds that they are others; whose turn it is, the next look.
    assert_eq!(has(&play.told()), [""; 0], "no cluster gets them unasked");
    let told = play.told();
    assert_eq!(has(&told), ["one"], "one at a time");
    play.refresh("one", true);
    play.refresh("two", true);
    assert_eq!(has(&play.told()), ["one"], "it is not ready yet");
    let line = play.line("two");
    assert_eq!(line.state, ReleaseState::Waiting);
    assert!(line.message.contains("its turn has not come: other values"), "{}", line.message);
    // The server begins anew: what two has, only its agent knows.
    let release = play.releases.entries.get("web").unwrap().release.clone();
    let version = play.releases.versions.get("web-v1").unwrap();
    let mut version = ReleaseVersion::new("web-v1", version.spec.as_ref().clone());
    version.metadata.uid = "v1".into();
    play.releases = Releases::new(
        BTreeMap::from([("web".into(), release)]),
        BTreeMap::from([("web-v1".into(), version)]),
        play.now,
    );
    let again = play.told();
    assert_eq!(has(&again), ["one"]);
    assert!(again["two"][0].hold && !again["one"][0].hold);
    let content = again["one"][0].content.clone();
    assert_eq!(content, told["one"][0].content);
    play.observed("one", ReleaseState::Ready, &content, json!({}));
    play.observed("two", ReleaseState::Ready, "of before", json!({}));
    play.told();
    assert_eq!(has(&play.told()), ["one", "two"]);
}

#[test]
fn a_cluster_is_not_rid_of_releases_before_its_agent_says_so() {
    let mut play = Play::new(&["one"]);
    play.release(spec(json!({"cluster": "one"})));
    play.version(1, json!({}));
    let content = play.told()["one"][0].content.clone();
    assert!(!play.releases.remain_on("one"), "nothing was told of it yet");
    play.observed("one", ReleaseState::Uninstalling, &content, json!({}));
    assert!(play.releases.remain_on("one") && !play.releases.remain_on("two"));
    play.releases.gone("one", "web");
    assert!(!play.releases.remain_on("one"));
}

#[test]
fn what_is_suspended_stays_though_values_below_it_change() {
    let mut play = Play::new(&["one"]);
    play.release(spec(json!({"cluster": "one", "suspended": true})));
    play.version(1, json!({"v": 1}));
    assert!(play.told()["one"].is_empty(), "nothing is installed while it is suspended");
    play.release(spec(json!({"cluster": "one"})));
    // Another generation, as a person's change makes it.
    play.releases.entries.get_mut("web").unwrap().release.spec.suspended = false;
    play.releases.renew("web", play.now);
    let before = play.told()["one"].clone();
    assert_eq!(before.len(), 1);
    play.releases.entries.get_mut("web").unwrap().release.spec.suspended = true;
    let values = json!({"w": 1}).as_object().unwrap().clone();
    play.clusters.get_mut("one").unwrap().spec.chart_values.insert("stable/web".into(), values);
    assert_eq!(play.told()["one"], before);
}

#[test]
fn a_release_that_is_deleted_goes_once_its_cluster_holds_nothing_of_it() {
    let mut play = Play::new(&["one"]);
    play.release(spec(json!({"cluster": "one"})));
    play.version(1, json!({}));
    let content = play.told()["one"][0].content.clone();
    play.observed("one", ReleaseState::Ready, &content, json!({}));
    let entry = play.releases.entries.get_mut("web").unwrap();
    entry.release.metadata.deletion_timestamp = Some(play.now);
    play.releases.fleet_changed();
    assert!(play.told()["one"].is_empty());
    play.refresh("one", true);
    assert_eq!(play.line("one").state, ReleaseState::Uninstalling);
    assert!(play.releases.finished().is_empty(), "it is there still");
    play.releases.gone("one", "web");
    play.refresh("one", false);
    assert!(play.releases.finished().is_empty(), "its cluster may not have heard of it yet");
    play.refresh("one", true);
    assert_eq!(play.releases.finished(), [("web".to_owned(), "u".to_owned())]);
    assert!(play.releases.finished().is_empty(), "once");
}

#[test]
fn of_two_that_helm_would_take_for_one_the_older_has_the_name() {
    let mut play = Play::new(&["one"]);
    play.release(spec(json!({"cluster": "one"})));
    play.version(1, json!({}));
    let entry = play.releases.entries.get_mut("web").unwrap();
    entry.release.metadata.creation_timestamp = Some(play.now);
    let mut twin = Release::new(
        "twin",
        serde_json::from_value(spec(json!({"group": "all", "releaseName": "web"}))).unwrap(),
    );
    twin.metadata.uid = "t".into();
    twin.metadata.creation_timestamp = Some(play.now + SignedDuration::from_secs(1));
    play.releases.release_stored(twin, play.now);
    let mut version = play.releases.versions.get("web-v1").unwrap().spec.as_ref().clone();
    (version.release, version.uid) = ("twin".into(), "t".into());
    let mut version = ReleaseVersion::new("twin-v1", version);
    version.metadata.uid = "tv".into();
    play.releases.version_stored(version, play.now);
    let told = play.told();
    assert_eq!(told["one"].iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["web"]);
    play.refresh("one", true);
    let twin = &play.releases.entries.get("twin").unwrap().sites["one"].line;
    assert_eq!(twin.state, ReleaseState::Conflict, "{twin:?}");
}

#[test]
fn an_agent_that_tells_all_and_does_not_name_it_has_it_no_more() {
    let mut play = Play::new(&["one"]);
    play.release(spec(json!({"cluster": "one"})));
    play.version(1, json!({}));
    let content = play.told()["one"][0].content.clone();
    play.observed("one", ReleaseState::Ready, &content, json!({}));
    play.releases.hello("one");
    play.releases.synced("one");
    play.refresh("one", true);
    assert_eq!(play.line("one").state, ReleaseState::Waiting);
    assert!(play.releases.has("web", "u", "one") && !play.releases.has("web", "other", "one"));
}

#[test]
fn versions_that_nobody_needs_go() {
    let mut play = Play::new(&["one"]);
    play.release(spec(json!({"cluster": "one"})));
    for number in 1..=12 {
        play.version(number, json!({"v": number}));
    }
    play.told();
    let mut gone: Vec<String> = play.releases.tidy().into_iter().map(|(name, _)| name).collect();
    gone.sort();
    assert_eq!(gone, ["web-v1", "web-v2"]);
}
