//! The agent as it really runs: a Deployment made by its own manifest, with no more rights than that gives.

use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::{ListParams, Patch, PatchParams};
use nagaya_agent::{ManifestArgs, manifests};
use nagaya_api::agent::{Report, workspace_authority};
use nagaya_tunnel::{Lane, TunnelError, TunnelStream};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::cluster::CAST_IMAGE;
use crate::fixture::{CLUSTER, World, eventually, intent};

impl World {
    async fn deploy(&self, note: &str) {
        let args = ManifestArgs {
            server: self.address().to_string(),
            join_token: Some(self.join_token()),
            ca_pem: self.authority.bundle_pem(),
            image: CAST_IMAGE.to_owned(),
            environment: vec![("RUST_LOG".to_owned(), "info".to_owned())],
        };
        for mut object in manifests(&args) {
            if object["kind"] == "Deployment" {
                object["spec"]["template"]["metadata"]["annotations"] = json!({ "note": note });
            }
            self.apply(object).await;
        }
    }

    async fn apply(&self, object: Value) {
        let key = nagaya_agent::enforce::key::Key::of(&object, 0).unwrap();
        let resolver = nagaya_agent::enforce::resolve::Resolver::new(self.client.clone());
        let api = resolver.api(&key).await.unwrap();
        api.patch(&key.name, &PatchParams::apply("test").force(), &Patch::Apply(object)).await.unwrap();
    }

    /// A workspace whose desktop gives back what it gets.
    fn workspace(&self, name: &str, uid: &str) -> Vec<Value> {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let credential = self.authority.issue_relay(uid, &[], jiff::Timestamp::now()).unwrap();
        let secret = json!({"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
            "metadata": {"name": format!("{name}-relay"), "namespace": self.team},
            "data": {"tls.crt": STANDARD.encode(&credential.certificate_pem), "tls.key": STANDARD.encode(&credential.key_pem),
                "ca.crt": STANDARD.encode(self.authority.bundle_pem())}});
        let mut set = self.stateful_set(name, 1, CAST_IMAGE);
        let labels = json!({"nagaya.dev/workspace": name, "nagaya.dev/workspace-uid": uid});
        set["metadata"]["labels"] = labels.clone();
        set["spec"]["template"]["metadata"]["labels"] = labels;
        let pod = &mut set["spec"]["template"]["spec"];
        pod["containers"] = json!([
            {"name": "workspace", "image": CAST_IMAGE, "args": ["echo", "5901"]},
            {"name": "relay", "image": CAST_IMAGE, "args": ["relay", CLUSTER, "5901"],
                "volumeMounts": [{"name": "relay", "mountPath": "/run/nagaya/relay", "readOnly": true}]},
        ]);
        pod["volumes"] = json!([{"name": "relay", "secret": {"secretName": format!("{name}-relay")}}]);
        vec![secret, set]
    }

    async fn desktop(&self, name: &str) -> Result<TunnelStream, TunnelError> {
        self.hub.connect(CLUSTER, &workspace_authority(name, &self.team, 5901)).await
    }

    async fn agent_pods(&self) -> Vec<Pod> {
        let pods: Api<Pod> = Api::namespaced(self.client.clone(), &self.home);
        pods.list(&ListParams::default()).await.unwrap().items
    }
}

async fn echoes(stream: &mut TunnelStream, words: &[u8]) -> bool {
    let mut back = vec![0; words.len()];
    stream.write_all(words).await.is_ok()
        && tokio::time::timeout(Duration::from_secs(30), stream.read_exact(&mut back))
            .await
            .is_ok_and(|r| r.is_ok())
        && back == words
}

/// Acceptance: replacing the agent drops no desktop.
pub async fn a_desktop_goes_on_while_its_agent_is_replaced(world: World) {
    world.deploy("one").await;
    world.connected().await;
    let mut objects = vec![world.namespace()];
    objects.extend(world.workspace("w", "uid-1"));
    objects.extend(world.workspace("x", "uid-2"));
    let begun = std::time::Instant::now();
    world.put(&intent(1, objects.clone())).await.unwrap();
    let mut reports = world.reports().await;
    reports
        .until("the workspace is ready", |report| match report {
            Report::Workspace(seen) if seen.name == "w" && seen.pod.as_ref().is_some_and(|pod| pod.ready) => {
                Some(())
            }
            _ => None,
        })
        .await;
    println!("intent to ready: {:.1?}", begun.elapsed());
    // A reader of its own: the first one may have passed it by.
    let (errors, _) = world.reports().await.applied(1).await;
    assert_eq!(errors, [], "the agent's own rights are enough");
    let mut desktop = world.desktop("w").await.unwrap();
    assert!(echoes(&mut desktop, b"before").await);
    let mut rounds = Vec::new();
    for _ in 0..200 {
        let begun = std::time::Instant::now();
        assert!(echoes(&mut desktop, b"k").await);
        rounds.push(begun.elapsed());
    }
    rounds.sort();
    println!(
        "a byte to a pod and back through tunnel and relay: median {:?}, p95 {:?}",
        rounds[100], rounds[190]
    );
    refusals(&world).await;
    if let Some(memory) = memory(&world).await {
        println!("resident memory of this build's agent: {memory}");
    }

    let old = world.hub.agents(CLUSTER)[0].hello.agent_id.clone();
    world.deploy("two").await;
    eventually("the old agent only finishes its streams", || async {
        world
            .hub
            .agents(CLUSTER)
            .iter()
            .any(|agent| agent.hello.agent_id == old && agent.lanes == [Lane::Streams])
    })
    .await;
    assert_ne!(world.hub.agents(CLUSTER)[0].hello.agent_id, old, "the new one has new requests");
    for _ in 0..20 {
        assert!(echoes(&mut desktop, b"the old stream goes on").await);
        assert!(echoes(&mut world.desktop("w").await.unwrap(), b"and a new one works").await);
    }
    objects.push(world.config_map("a", "1"));
    world.put(&intent(2, objects)).await.unwrap();
    eventually("the new one enforces", || async { world.exists("v1", "ConfigMap", "a").await }).await;
    desktop.shutdown().await.unwrap();
    drop(desktop);
    eventually("the old agent has ended by itself", || async { world.agent_pods().await.len() == 1 }).await;
    let pod = world.get("v1", "Pod", "w-0").await.unwrap();
    let restarts = pod.data["status"]["containerStatuses"][0]["restartCount"].as_i64();
    assert_eq!(restarts, Some(0), "the workspace's pod knows nothing of all this");
    world.stop().await;
}

/// What cannot be opened is said in words, before a stream is there.
async fn refusals(world: &World) {
    let open = |authority: String| async move {
        match world.hub.connect(CLUSTER, &authority).await {
            Err(TunnelError::Refused { status, message, .. }) => (status.as_u16(), message),
            other => panic!("{other:?}"),
        }
    };
    let (status, words) = open(workspace_authority("w", &world.team, 22)).await;
    assert_eq!(status, 403, "{words}");
    let (status, words) = open(workspace_authority("none", &world.team, 5901)).await;
    assert_eq!(status, 404, "{words}");
    let (status, words) = open("10.0.0.1:443".to_owned()).await;
    assert_eq!(status, 400, "{words}");
}

async fn memory(world: &World) -> Option<String> {
    let pod = world.agent_pods().await.first()?.metadata.name.clone()?;
    let path = format!("/api/v1/namespaces/{}/pods/{pod}:7901/proxy/metrics", world.home);
    let request = http::Request::get(path).body(Vec::new()).unwrap();
    let text = world.client.request_text(request).await.ok()?;
    let line = text.lines().find(|line| line.starts_with("process_resident_memory_bytes "))?;
    let bytes: u64 = line.rsplit(' ').next()?.parse().ok()?;
    Some(format!("{:.1} MB", bytes as f64 / 1e6))
}
