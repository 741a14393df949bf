//! From an object in the store to a cluster's intent, and from its reports back to the object.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeMap;

use nagaya_api::{
    Cluster, Image, Team, Template, Workspace,
    agent::{ContainerObservation, PodObservation, Report, WorkspaceObservation},
    kinds::{
        cluster::{ClusterPhase, ClusterSpec, LocalCluster, NodeStatus, Provider},
        image::ImageSpec,
        team::TeamSpec,
        template::TemplateSpec,
        workspace::{WorkspacePhase, WorkspaceSpec, WorkspaceState},
    },
};
use nagaya_control::ProviderPhase;
use nagaya_store::{CLUSTER_FINALIZER, HOME_FINALIZER};
use support::{Agent, Played, Server, eventually, now, writer};

fn template() -> TemplateSpec {
    serde_json::from_value(serde_json::json!({
        "image": "java", "homeSize": "1Gi", "resources": { "cpu": "100m", "memory": "256Mi" },
    }))
    .unwrap()
}

fn cluster(name: &str, local: bool) -> Cluster {
    let local = local.then(|| -> LocalCluster {
        serde_json::from_value(serde_json::json!({ "cpu": 1, "memory": "3Gi" })).unwrap()
    });
    let provider = if local.is_some() { Provider::Local } else { Provider::Import };
    let mut cluster = Cluster::new(name, ClusterSpec { provider, local, ..ClusterSpec::default() });
    cluster.metadata.finalizers = vec![CLUSTER_FINALIZER.into()];
    cluster
}

async fn organisation(server: &Server) {
    server.create(cluster("java", false)).await;
    server.create(Team::new("java", TeamSpec { cluster: "java".into(), ..TeamSpec::default() })).await;
    server
        .create(Image::new("java", ImageSpec { description: String::new(), reference: "java:1".into() }))
        .await;
    server.create(Template::new("java", template())).await;
}

fn workspace(name: &str) -> Workspace {
    let mut workspace = Workspace::new(
        name,
        WorkspaceSpec {
            owner: "dev-01".into(),
            team: "java".into(),
            template: "java".into(),
            cluster: "java".into(),
            namespace: "java".into(),
            home_size: Some("1Gi".parse().unwrap()),
            state: WorkspaceState::Running,
        },
    );
    workspace.metadata.finalizers = vec![HOME_FINALIZER.into()];
    workspace
}

fn seen(name: &str, ready: bool) -> WorkspaceObservation {
    let desktop = ContainerObservation { ready, started_at: Some(now()), ..ContainerObservation::default() };
    WorkspaceObservation {
        name: name.into(),
        namespace: "java".into(),
        replicas: Some(1),
        template_hash: "h".into(),
        pod: Some(PodObservation {
            name: format!("{name}-0"),
            uid: "p1".into(),
            phase: "Running".into(),
            node: "java".into(),
            template_hash: "h".into(),
            ready,
            ready_at: ready.then(now),
            scheduled_at: Some(now()),
            containers: BTreeMap::from([("workspace".to_owned(), desktop)]),
            ..PodObservation::default()
        }),
        home: Some("Bound".into()),
        events: Vec::new(),
    }
}

fn node() -> NodeStatus {
    serde_json::from_value(serde_json::json!({
        "name": "java", "ready": true, "version": "v1.20.2", "cpu": 1, "memory": "3Gi", "pods": 110,
    }))
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_lives_from_its_creation_to_its_purge() {
    let mut server = Server::start().await;
    organisation(&server).await;
    eventually("the cluster is admitted", async || server.admitted.admits("java").then_some(())).await;
    let agent = Agent::start(&server, "java");
    let played = agent.played.clone();
    eventually("the namespace is wanted", async || played.object("Namespace", "java")).await;
    played.tell(Report::Nodes { nodes: vec![node()] });
    played.applied();
    let ready = server.until::<Cluster>("java", |one| one.status.phase == ClusterPhase::Ready).await;
    assert_eq!(ready.status.kubernetes_version, "v1.20.2");

    // Created.
    server.create(workspace("java-1")).await;
    let set = eventually("its StatefulSet is wanted", async || played.object("StatefulSet", "java-1")).await;
    assert_eq!(set["spec"]["replicas"], 1);
    assert!(played.object("Secret", "java-1-relay").is_some());
    played.workspace(seen("java-1", false));
    server.until::<Workspace>("java-1", |one| one.status.reason == "DesktopNotAnswering").await;
    played.workspace(seen("java-1", true));
    let running =
        server.until::<Workspace>("java-1", |one| one.status.phase == WorkspacePhase::Running).await;
    assert!(running.status.steps.iter().all(|step| step.at.is_some()), "{:?}", running.status.steps);
    server.until::<Cluster>("java", |one| one.status.workspaces.running == 1).await;
    server.until::<Template>("java", |one| one.status.workspaces == 1).await;

    // The server is replaced: nothing is sent again, and nothing else is said.
    played.applied();
    let (puts, before) = (played.put_count(), server.get::<Workspace>("java-1").await.unwrap());
    let held = played.held.lock().unwrap().clone().unwrap();
    server.end().await;
    server.begin().await;
    server
        .create(Image::new("other", ImageSpec { description: String::new(), reference: "other:1".into() }))
        .await;
    server
        .until::<Cluster>("java", |one| {
            one.status.intent.desired == held.revision && one.status.agent.connected
        })
        .await;
    let after = server.get::<Workspace>("java-1").await.unwrap();
    assert_eq!((played.put_count(), &after.status), (puts, &before.status));

    // Stopped.
    let stop = |one: &mut Workspace| one.spec.state = WorkspaceState::Stopped;
    server.store.modify::<Workspace, _>(writer(), "java-1", stop).await.unwrap();
    eventually("no replica is wanted", async || {
        played.object("StatefulSet", "java-1").filter(|set| set["spec"]["replicas"] == 0)
    })
    .await;
    assert!(played.held.lock().unwrap().as_ref().unwrap().revision > held.revision);
    server.until::<Workspace>("java-1", |one| one.status.phase == WorkspacePhase::Stopping).await;
    played.workspace(WorkspaceObservation { pod: None, replicas: Some(0), ..seen("java-1", false) });
    server.until::<Workspace>("java-1", |one| one.status.phase == WorkspacePhase::Stopped).await;

    // Purged.
    server.store.delete::<Workspace>(writer(), "java-1").await.unwrap();
    eventually("its home is to be purged", async || {
        let held = played.held.lock().unwrap().clone().unwrap();
        (held.purge.len() == 1 && played.object("StatefulSet", "java-1").is_none()).then_some(())
    })
    .await;
    server.until::<Workspace>("java-1", |one| one.status.phase == WorkspacePhase::Purging).await;
    played.tell(Report::WorkspaceGone { namespace: "java".into(), name: "java-1".into() });
    eventually("the workspace is gone", async || {
        server.get::<Workspace>("java-1").await.is_none().then_some(())
    })
    .await;
    eventually("nothing is to be purged", async || {
        played.held.lock().unwrap().as_ref().unwrap().purge.is_empty().then_some(())
    })
    .await;
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_was_away_gets_the_newest_only() {
    let mut server = Server::start().await;
    organisation(&server).await;
    eventually("the cluster is admitted", async || server.admitted.admits("java").then_some(())).await;
    let first = Agent::start(&server, "java");
    let played = first.played.clone();
    eventually("the namespace is wanted", async || played.object("Namespace", "java")).await;
    first.cancel.cancel();
    eventually("the agent is gone", async || server.hub.agents("java").is_empty().then_some(())).await;
    for at in 0..5 {
        server.create(workspace(&format!("w-{at}"))).await;
    }
    let puts = played.put_count();
    let _second = Agent::with(&server, "java", played.clone(), 2);
    eventually("all workspaces are wanted", async || {
        (0..5).all(|at| played.object("StatefulSet", &format!("w-{at}")).is_some()).then_some(())
    })
    .await;
    assert_eq!(played.put_count(), puts + 1);
    let revisions: Vec<_> = played.puts.lock().unwrap().iter().map(|intent| intent.revision).collect();
    assert!(revisions.is_sorted(), "{revisions:?}");
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_whose_agent_takes_nothing_says_so_until_it_does() {
    let mut server = Server::start().await;
    organisation(&server).await;
    eventually("the cluster is admitted", async || server.admitted.admits("java").then_some(())).await;
    let played = Played::new();
    played.tell(Report::Nodes { nodes: vec![node()] });
    *played.refuses.lock().unwrap() = Some("no space is left for it");
    let agent = Agent::with(&server, "java", played.clone(), 1);
    let said = |cluster: &Cluster| {
        let applied = cluster.status.conditions.iter().find(|one| one.kind == "IntentApplied");
        applied.is_some_and(|one| one.reason == "IntentNotTaken" && one.message.contains("no space is left"))
    };
    let cluster = server.until::<Cluster>("java", said).await;
    assert_eq!(
        (cluster.status.phase, cluster.status.reason.as_str()),
        (ClusterPhase::Degraded, "IntentNotTaken")
    );
    *agent.played.refuses.lock().unwrap() = None;
    server.until::<Cluster>("java", |cluster| cluster.status.phase == ClusterPhase::Ready).await;
    assert!(played.object("Namespace", "java").is_some());
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_cluster_is_made_with_a_join_token_tried_again_and_removed() {
    let mut server = Server::start().await;
    *server.provider.fail.lock().unwrap() = Some("the disk is full".into());
    server.create(cluster("ci", true)).await;
    server.until::<Cluster>("ci", |one| one.status.message.contains("the disk is full")).await;
    server.until::<Cluster>("ci", |one| one.status.reason == "AgentAwaited").await;
    let token = {
        let orders = server.provider.orders.lock().unwrap();
        assert!(orders.len() >= 2, "{orders:?}");
        orders.last().unwrap().join.clone().unwrap()
    };
    assert!(!token.token.is_empty() && token.ca_pem.contains("BEGIN CERTIFICATE"));

    let stop = |one: &mut Cluster| {
        if let Some(local) = &mut one.spec.local {
            local.power = nagaya_api::kinds::cluster::ClusterPower::Stopped;
        }
    };
    server.store.modify::<Cluster, _>(writer(), "ci", stop).await.unwrap();
    server.until::<Cluster>("ci", |one| one.status.phase == ClusterPhase::Stopped).await;
    server.provider.say("ci", ProviderPhase::Stopped);

    server.store.delete::<Cluster>(writer(), "ci").await.unwrap();
    eventually("the cluster is gone", async || server.get::<Cluster>("ci").await.is_none().then_some(()))
        .await;
    let asked = server.provider.asked.lock().unwrap().clone();
    assert_eq!(asked.last().map(String::as_str), Some("delete ci"));
    assert!(asked.contains(&"stop ci".to_owned()), "{asked:?}");
    eventually("its agent is admitted no more", async || (!server.admitted.admits("ci")).then_some(())).await;
    server.end().await;
}
