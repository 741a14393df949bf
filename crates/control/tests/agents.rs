//! Which agents are let in, and how they become of the server's version.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use nagaya_api::{
    Cluster, Team,
    agent::AgentUpdate,
    condition::Condition,
    kinds::{
        cluster::{AGENT_UPDATES_ANNOTATION, AGENT_UPDATES_PAUSED, ClusterSpec, Provider},
        team::TeamSpec,
    },
};
use nagaya_control::{AgentUpdates, replace_cluster};
use support::{Agent, Server, eventually, now};

fn imported(name: &str) -> Cluster {
    Cluster::new(name, ClusterSpec { provider: Provider::Import, ..ClusterSpec::default() })
}

fn condition<'a>(cluster: &'a Cluster, kind: &str) -> Option<&'a Condition> {
    cluster.status.conditions.iter().find(|one| one.kind == kind)
}

fn reason<'a>(cluster: &'a Cluster, kind: &str) -> &'a str {
    condition(cluster, kind).map_or("", |one| one.reason.as_str())
}

async fn team(server: &Server, name: &str) {
    server.create(Team::new(name, TeamSpec { cluster: "java".into(), ..TeamSpec::default() })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_of_a_cluster_gets_nothing_until_a_person_says_that_it_is_the_one() {
    let server = Server::start().await;
    server.create(imported("java")).await;
    eventually("the cluster is admitted", async || server.admitted.admits("java").then_some(())).await;
    let right = Agent::of_uid(&server, "java", "uid-1", 1);
    eventually("it gets its intent", async || (right.played.put_count() > 0).then_some(())).await;
    // Newer, so that all would go to it if it were let in.
    let clone = Agent::of_uid(&server, "java", "uid-2", 2);
    let told = server.until::<Cluster>("java", |one| reason(one, "IdentityClear") == "AnotherCluster").await;
    let words = &condition(&told, "IdentityClear").unwrap().message;
    for part in ["uid-1", "uid-2", "127.0.0.1", "nagaya cluster import java --replace"] {
        assert!(words.contains(part), "{part} in {words}");
    }
    assert!(told.status.agent.connected, "the right one is served");
    team(&server, "one").await;
    eventually("the right one has it", async || right.played.object("Namespace", "one")).await;
    assert_eq!(clone.played.put_count(), 0, "no intent goes to the wrong cluster");
    assert_eq!(server.hub.agents("java").len(), 1, "nor anything else");

    replace_cluster(&server.store, "java", now()).await.unwrap();
    eventually("the other one has it", async || clone.played.object("Namespace", "one")).await;
    let before = right.played.put_count();
    team(&server, "two").await;
    eventually("the other one has that too", async || clone.played.object("Namespace", "two")).await;
    assert_eq!(right.played.put_count(), before, "the one that was replaced gets nothing any more");
    // And is told of in its turn: it still tries.
    server
        .until::<Cluster>("java", |one| {
            condition(one, "IdentityClear").is_some_and(|one| one.message.contains("has the uid uid-1"))
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_comes_first_from_the_wrong_place_is_said_to_be_the_reason() {
    let server = Server::start().await;
    server.create(imported("java")).await;
    eventually("the cluster is admitted", async || server.admitted.admits("java").then_some(())).await;
    let right = Agent::of_uid(&server, "java", "uid-1", 1);
    eventually("it gets its intent", async || (right.played.put_count() > 0).then_some(())).await;
    right.cancel.cancel();
    let _wrong = Agent::of_uid(&server, "java", "uid-2", 2);
    let told = server.until::<Cluster>("java", |one| one.status.reason == "AnotherCluster").await;
    assert!(told.status.message.contains("uid-2"), "{}", told.status.message);
}

/// Knows an image, but for clusters that were imported with one of their own.
#[derive(Debug, Default)]
struct Images {
    asked: Mutex<Vec<String>>,
}

#[async_trait]
impl AgentUpdates for Images {
    async fn update(&self, cluster: &str) -> Result<AgentUpdate, String> {
        self.asked.lock().unwrap().push(cluster.to_owned());
        if cluster == "b-own-image" {
            return Err("it was imported with an image of its own".into());
        }
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Ok(AgentUpdate { version, image: "r.example/nagaya:next".into(), roles: Vec::new() })
    }
}

/// The agent is replaced by one of the server's version, which takes up what it should hold.
fn renewed(server: &Server, cluster: &str, old: Agent) -> Agent {
    let played = old.played.clone();
    *played.version.lock().unwrap() = env!("CARGO_PKG_VERSION").to_owned();
    played.applied();
    Agent::with(server, cluster, played, 2)
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_of_another_version_are_updated_one_wave_at_a_time() {
    let images = Arc::new(Images::default());
    let server = Server::updating(Some(images.clone())).await;
    let mut paused = imported("a-paused");
    paused.metadata.annotations.insert(AGENT_UPDATES_ANNOTATION.into(), AGENT_UPDATES_PAUSED.into());
    server.create(paused).await;
    for name in ["b-own-image", "c-first", "d-second"] {
        server.create(imported(name)).await;
    }
    let start = async |name: &str| {
        eventually("the cluster is admitted", async || server.admitted.admits(name).then_some(())).await;
        Agent::start(&server, name)
    };
    // These first: whoever is connected when the turn comes gets it.
    let agents = [start("a-paused").await, start("b-own-image").await];
    server.until::<Cluster>("a-paused", |one| reason(one, "AgentCurrent") == "UpdatePaused").await;
    // Nothing could be changed there, so it holds up nobody.
    let refused =
        server.until::<Cluster>("b-own-image", |one| reason(one, "AgentCurrent") == "UpdateRefused").await;
    assert!(condition(&refused, "AgentCurrent").unwrap().message.ends_with("an image of its own"));
    let (first, second) = (start("c-first").await, start("d-second").await);
    let updates = |agent: &Agent| agent.played.updates.lock().unwrap().clone();
    let (now, later) =
        eventually("one is told", async || match (updates(&first).is_empty(), updates(&second).is_empty()) {
            (false, true) => Some(("c-first", "d-second")),
            (true, false) => Some(("d-second", "c-first")),
            (false, false) => panic!("both at once"),
            (true, true) => None,
        })
        .await;
    let (current, next) = if now == "c-first" { (first, second) } else { (second, first) };
    let updating = server.until::<Cluster>(now, |one| reason(one, "AgentCurrent") == "Updating").await;
    assert_eq!(updating.status.agent.update.unwrap().version, env!("CARGO_PKG_VERSION"));
    server.until::<Cluster>(later, |one| reason(one, "AgentCurrent") == "UpdateWaits").await;
    assert_eq!(updates(&current)[0].image, "r.example/nagaya:next");

    let _current = renewed(&server, now, current);
    let done =
        |one: &Cluster| condition(one, "AgentCurrent").unwrap().status && one.status.agent.update.is_none();
    server.until::<Cluster>(now, done).await;
    eventually("the next one is told", async || (!updates(&next).is_empty()).then_some(())).await;
    assert!(updates(&agents[0]).is_empty(), "who is left out stays as it is");
    assert!(updates(&agents[1]).is_empty());
    let asked = images.asked.lock().unwrap().clone();
    assert!(!asked.contains(&"a-paused".to_owned()), "{asked:?}");
}
