//! A malicious agent harms nobody but its own cluster: what it says of others is not taken in, what is kept of it ends
//! somewhere, and however much it says, others are heard.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;
use nagaya_api::{
    Bundle, Cluster, Group, Image, Team, Template, Workspace,
    agent::{PodObservation, Report, UnreadyObject, WorkspaceObservation},
    kinds::{
        bundle::{BundleSpec, BundleState},
        cluster::{ClusterSpec, Provider},
        group::GroupSpec,
        image::ImageSpec,
        team::TeamSpec,
        workspace::{WorkspacePhase, WorkspaceSpec, WorkspaceState},
    },
};
use nagaya_tunnel::{Body, Lane, Service, body_stream};
use serde_json::json;
use support::{Agent, Played, Server, eventually, now};

/// An agent whose report stream is what `line` makes of a number, without end and as fast as it is read.
struct Endless {
    line: fn(u64) -> Bytes,
    sent: Arc<AtomicU64>,
}

#[async_trait]
impl Service for Endless {
    async fn handle(&self, _lane: Lane, _request: Request<Incoming>) -> Response<Body> {
        let (line, sent) = (self.line, self.sent.clone());
        let first = text(&hello());
        let rest = std::iter::repeat_with(move || line(sent.fetch_add(1, Ordering::Relaxed)));
        let all = std::iter::once(first).chain(rest).map(Ok::<_, std::io::Error>);
        Response::new(body_stream(tokio_stream::iter(all)))
    }
}

fn text(report: &Report) -> Bytes {
    let mut line = serde_json::to_vec(report).unwrap();
    line.push(b'\n');
    line.into()
}

fn hello() -> Report {
    Report::Hello {
        agent_id: "a".into(),
        agent_version: "test".into(),
        kubernetes_version: "v1.34.0".into(),
        incarnation: String::new(),
        revision: 0,
        hash: String::new(),
    }
}

/// Two clusters with a team, a workspace and a bundle each.
async fn organisation() -> Server {
    let server = Server::start().await;
    let template =
        json!({ "image": "java", "homeSize": "1Gi", "resources": { "cpu": "100m", "memory": "256Mi" } });
    server
        .create(Image::new("java", ImageSpec { description: String::new(), reference: "java:1".into() }))
        .await;
    server.create(Template::new("java", serde_json::from_value(template).unwrap())).await;
    for name in ["bad", "good"] {
        server.create(Cluster::new(name, ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() })).await;
        server.create(Team::new(name, TeamSpec { cluster: name.into(), ..TeamSpec::default() })).await;
        let selector = format!("nagaya.dev/cluster={name}");
        server.create(Group::new(name, GroupSpec { selector, ..GroupSpec::default() })).await;
        let spec: BundleSpec = serde_json::from_value(json!({
            "groups": [name],
            "objects": [{ "apiVersion": "v1", "kind": "ConfigMap",
                          "metadata": { "name": "c", "namespace": "default" } }],
        }))
        .unwrap();
        server.create(Bundle::new(name, spec)).await;
        let spec = WorkspaceSpec {
            owner: "dev-01".into(),
            team: name.into(),
            template: "java".into(),
            cluster: name.into(),
            namespace: name.into(),
            home_size: Some("1Gi".parse().unwrap()),
            state: WorkspaceState::Running,
        };
        server.create(Workspace::new(name, spec)).await;
    }
    server
}

fn seen(namespace: &str, name: &str) -> WorkspaceObservation {
    WorkspaceObservation {
        name: name.into(),
        namespace: namespace.into(),
        replicas: Some(1),
        pod: Some(PodObservation {
            phase: "Running".into(),
            ready: true,
            ready_at: Some(now()),
            ..PodObservation::default()
        }),
        home: Some("Bound".into()),
        ..WorkspaceObservation::default()
    }
}

/// The honest agent takes its intent, and what it reports is taken in.
async fn good_goes_on(server: &Server) {
    let good = Agent::start(server, "good");
    eventually("the good cluster holds its workspace", async || good.played.object("StatefulSet", "good"))
        .await;
    good.played.applied();
    good.played.workspace(seen("good", "good"));
    server.until::<Workspace>("good", |one| one.status.phase == WorkspacePhase::Running).await;
    server
        .until::<Bundle>("good", |one| {
            one.status.clusters.iter().any(|line| line.state == BundleState::Ready)
        })
        .await;
    // And a change after that.
    let puts = good.played.put_count();
    server
        .store
        .modify(support::writer(), "java", |image: &mut Image| image.spec.reference = "java:2".into())
        .await
        .unwrap();
    eventually("the change arrives", async || (good.played.put_count() > puts).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_agent_says_of_others_is_not_taken_in() {
    let server = organisation().await;
    let bad = Agent::start(&server, "bad");
    eventually("the bad cluster is there", async || (bad.played.put_count() > 0).then_some(())).await;
    bad.played.workspace(seen("good", "good"));
    bad.played.workspace(seen("good", "bad"));
    bad.played.tell(Report::WorkspaceGone { namespace: "good".into(), name: "good".into() });
    bad.played.tell(Report::Drift {
        object: "ConfigMap default/c".into(),
        manager: "kubectl".into(),
        fields: Vec::new(),
        at: now(),
        bundle: "good".into(),
        release: String::new(),
    });
    let unready = |bundle: &str| UnreadyObject {
        object: "ConfigMap default/c".into(),
        bundle: bundle.into(),
        message: "made up".into(),
    };
    bad.played.tell(Report::Unready { objects: vec![unready("good"), unready("bad")] });
    bad.played.workspace(seen("bad", "bad"));
    // What is its own counts, so all before it was taken in or refused.
    server.until::<Workspace>("bad", |one| one.status.phase == WorkspacePhase::Running).await;
    let figures = server.figures().await;
    assert_eq!(figures.clusters["bad"].entries, 2, "its own workspace and its own object");
    assert_eq!(figures.clusters["bad"].refused, 5);
    let other = server.get::<Workspace>("good").await.unwrap();
    assert_ne!(other.status.phase, WorkspacePhase::Running);
    let bundle = server.get::<Bundle>("good").await.unwrap();
    assert!(bundle.status.clusters.iter().all(|line| line.cluster == "good" && line.drift.count == 0));
    good_goes_on(&server).await;
    assert_eq!(server.figures().await.clusters["good"].refused, 0);
}

/// Each of these never ends. `most` is how much may be kept of it.
async fn endless(line: fn(u64) -> Bytes, most: usize) {
    let server = organisation().await;
    let sent = Arc::new(AtomicU64::new(0));
    let service = Arc::new(Endless { line, sent: sent.clone() });
    let _bad = Agent::answering(&server, "bad", service, Played::new(), 1);
    eventually("it talks", async || (sent.load(Ordering::Relaxed) > 1000).then_some(())).await;
    good_goes_on(&server).await;
    let figures = server.figures().await;
    assert!(figures.clusters["bad"].entries <= most, "{figures:?}");
    assert_eq!(figures.clusters["good"].refused, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn millions_of_names_are_not_kept() {
    endless(|n| text(&Report::Workspace(seen("bad", &format!("w{n}")))), 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn millions_of_names_that_are_gone_are_not_kept() {
    endless(|n| text(&Report::WorkspaceGone { namespace: "bad".into(), name: format!("w{n}") }), 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_beginnings_and_endings_hold_up_nobody() {
    endless(|n| text(if n.is_multiple_of(2) { &Report::Synced } else { &Report::Heartbeat }), 0).await;
    endless(|_| text(&hello()), 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_without_end_and_endless_nonsense_hold_up_nobody() {
    endless(|_| Bytes::from_static(&[b'x'; 1024]), 0).await;
    endless(|_| Bytes::from_static(b"{\"type\":\"nonsense\"}\n"), 0).await;
    endless(|_| Bytes::from_static(b"\n"), 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_lists_end_somewhere() {
    let unready = |bundle: &str| {
        let one = UnreadyObject { object: "x".into(), bundle: bundle.into(), message: String::new() };
        Report::Unready { objects: vec![one; 50_000] }
    };
    let server = organisation().await;
    let bad = Agent::start(&server, "bad");
    eventually("the bad cluster is there", async || (bad.played.put_count() > 0).then_some(())).await;
    bad.played.tell(unready("bad"));
    eventually("it is taken in", async || (server.figures().await.clusters["bad"].entries > 0).then_some(()))
        .await;
    assert_eq!(server.figures().await.clusters["bad"].entries, 10_000);
    good_goes_on(&server).await;
}
