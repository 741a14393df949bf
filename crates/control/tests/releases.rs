//! From a release in the store to an agent, over restarts of the server.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod support;

use nagaya_api::{
    Cluster, Group, Release, ReleaseVersion,
    agent::{ReleaseIntent, ReleaseObservation, ReleaseState, Report},
    kinds::{
        cluster::{ClusterSpec, Provider},
        release_version::{ReleaseVersionSpec, ResolvedChart},
    },
};
use serde_json::{Value, json};
use support::{Agent, Played, Server, eventually, writer};

const DIGEST: &str = "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd";

/// A server with a cluster whose agent is there, and a release for it whose chart was found.
async fn begun(spec: Value) -> (Server, Agent) {
    let server = Server::start().await;
    std::fs::create_dir_all(server.charts()).unwrap();
    std::fs::write(server.charts().join(format!("{DIGEST}.tgz")), b"archive").unwrap();
    let cluster = ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() };
    server.create(Cluster::new("java", cluster)).await;
    server.create(Group::new("all", serde_json::from_value(json!({"selector": ""})).unwrap())).await;
    let mut whole = json!({"repository": "stable", "chart": "web", "cluster": "java", "namespace": "web"});
    whole.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
    let release = server.create(Release::new("web", serde_json::from_value(whole).unwrap())).await;
    let chart = ResolvedChart {
        repository: "stable".into(),
        name: "web".into(),
        version: "1.0.0".into(),
        digest: DIGEST.into(),
        ..ResolvedChart::default()
    };
    let version = ReleaseVersionSpec {
        release: "web".into(),
        uid: release.metadata.uid.clone(),
        version: 1,
        generation: 1,
        ..ReleaseVersionSpec::of(&release.spec, chart)
    };
    server.create(ReleaseVersion::new("web-v1", version)).await;
    eventually("the cluster is admitted", async || server.admitted.admits("java").then_some(())).await;
    let agent = Agent::start(&server, "java");
    (server, agent)
}

fn held(played: &Played) -> Option<ReleaseIntent> {
    played.held.lock().unwrap().as_ref()?.releases.first().cloned()
}

fn tell(played: &Played, intent: &ReleaseIntent, change: impl FnOnce(&mut ReleaseObservation)) {
    let mut seen = ReleaseObservation {
        name: "web".into(),
        uid: intent.uid.clone(),
        state: ReleaseState::Ready,
        content: intent.content.clone(),
        revision: 1,
        ..ReleaseObservation::default()
    };
    change(&mut seen);
    played.tell(Report::Release(seen));
}

async fn change_values(server: &Server, to: u32) {
    let values = json!({"stable/web": {"replicas": to}});
    let change =
        move |group: &mut Group| group.spec.chart_values = serde_json::from_value(values.clone()).unwrap();
    server.store.modify(writer(), "all", change).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_that_an_agent_lacks_is_sent_again() {
    let (mut server, agent) = begun(json!({})).await;
    let played = agent.played.clone();
    let intent = eventually("the release is wanted", async || held(&played)).await;
    let there = || played.charts.lock().unwrap().get(DIGEST).cloned();
    assert_eq!(there().as_deref(), Some(&b"archive"[..]), "it came ahead of the intent");
    for lacked in 1..3 {
        // Somebody removes it from the cluster; the intent stays the same.
        played.charts.lock().unwrap().clear();
        tell(&played, &intent, |seen| (seen.lacks_chart, seen.lacked) = (DIGEST.into(), lacked));
        eventually("it is there again", async || there()).await;
    }
    // A server that begins anew knows nothing of it, and the agent says it again.
    server.end().await;
    played.charts.lock().unwrap().clear();
    server.begin().await;
    eventually("it is there again", async || there()).await;
    assert_eq!(played.put_count(), 1, "the intent was sent once");
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_suspended_is_left_alone_also_by_a_server_that_begins_anew() {
    let (mut server, agent) = begun(json!({})).await;
    let played = agent.played.clone();
    let intent = eventually("the release is wanted", async || held(&played)).await;
    tell(&played, &intent, |_| ());
    played.applied();
    server.until::<Release>("web", |release| release.status.summary.ready == 1).await;
    let suspend = |to: bool| move |release: &mut Release| release.spec.suspended = to;
    server.store.modify(writer(), "web", suspend(true)).await.unwrap();
    change_values(&server, 3).await;
    let why = |release: &Release| release.status.clusters[0].message.clone();
    server.until::<Release>("web", |release| why(release).contains("it is suspended: other values")).await;
    assert_eq!(held(&played).as_ref(), Some(&intent), "nothing of it was told");
    server.end().await;
    server.begin().await;
    // What it was given only the agent knows: it is told to leave it so, and neither to remove nor to change it.
    let now = eventually("it is held", async || held(&played).filter(|release| release.hold)).await;
    assert_eq!(
        (&now.uid, &now.namespace, &now.release_name),
        (&intent.uid, &intent.namespace, &intent.release_name)
    );
    server.store.modify(writer(), "web", suspend(false)).await.unwrap();
    let now = eventually("it goes on", async || held(&played).filter(|release| !release.hold)).await;
    assert_eq!(now.values, json!({"replicas": 3}));
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_is_not_removed_because_a_secret_is_forgotten() {
    let secrets = json!({"secrets": [{"path": "a.password", "secret": "password"}]});
    let (mut server, agent) = begun(secrets).await;
    let played = agent.played.clone();
    let waits = |release: &Release| {
        let line = release.status.clusters.first();
        line.is_some_and(|line| {
            line.state == ReleaseState::Waiting && line.message.contains("secret \"password\" is not set")
        })
    };
    server.until::<Release>("web", waits).await;
    assert_eq!(held(&played), None, "it is not installed without");
    let name = Release::secret_name("web", "password");
    server.store.secret_put(&name, b"hunter22", support::now()).await.unwrap();
    let touch = |value: &'static str| {
        move |release: &mut Release| {
            drop(release.metadata.annotations.insert("nagaya.dev/secrets".into(), value.into()))
        }
    };
    server.store.modify(writer(), "web", touch("1")).await.unwrap();
    let intent = eventually("the release is wanted", async || held(&played)).await;
    assert_eq!(intent.values, json!({"a": {"password": "hunter22"}}));
    server.until::<Release>("web", |release| release.status.clusters[0].version == 1).await;
    server.end().await;
    server
        .store
        .write(writer(), move |tx| Box::pin(async move { tx.secret_delete(&name).await }))
        .await
        .map_err(|error: nagaya_store::StoreError| error)
        .unwrap();
    server.begin().await;
    eventually("it is held", async || held(&played).filter(|release| release.hold)).await;
    server.end().await;
}
