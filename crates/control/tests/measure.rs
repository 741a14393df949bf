//! How long our own side takes: `cargo nextest run -p nagaya-control --run-ignored only --no-capture measure`.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::time::{Duration, Instant};

use nagaya_api::{
    Cluster, Image, Team, Template, Workspace,
    kinds::{
        cluster::{ClusterSpec, Provider},
        image::ImageSpec,
        team::TeamSpec,
        workspace::WorkspaceSpec,
    },
};
use support::{Agent, Server, eventually};

/// From the call that creates a workspace in the store to the moment the agent holds its StatefulSet.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn measure_create_to_agent() {
    let mut server = Server::start().await;
    server.create(Cluster::new("java", ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() })).await;
    server.create(Team::new("java", TeamSpec { cluster: "java".into(), ..TeamSpec::default() })).await;
    server
        .create(Image::new("java", ImageSpec { description: String::new(), reference: "java:1".into() }))
        .await;
    let template = serde_json::json!({
        "image": "java", "homeSize": "1Gi", "resources": { "cpu": "100m", "memory": "256Mi" },
    });
    server.create(Template::new("java", serde_json::from_value(template).unwrap())).await;
    eventually("the cluster is admitted", async || server.admitted.admits("java").then_some(())).await;
    let agent = Agent::start(&server, "java");
    eventually("the namespace is wanted", async || agent.played.object("Namespace", "java")).await;
    let mut times = Vec::new();
    for at in 0..40 {
        let name = format!("w-{at}");
        let spec = WorkspaceSpec {
            owner: "dev-01".into(),
            team: "java".into(),
            template: "java".into(),
            cluster: "java".into(),
            namespace: "java".into(),
            home_size: Some("1Gi".parse().unwrap()),
            ..WorkspaceSpec::default()
        };
        let begun = Instant::now();
        server.create(Workspace::new(&name, spec)).await;
        while agent.played.object("StatefulSet", &name).is_none() {
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        times.push(begun.elapsed());
    }
    times.sort();
    println!("create to agent: median {:?}, p95 {:?}, worst {:?}", times[20], times[38], times[39]);
    server.end().await;
}
