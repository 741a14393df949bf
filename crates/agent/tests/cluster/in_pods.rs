//! The agent as it really runs: a Deployment made by its own manifest, with no more rights than that gives.

use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::networking::v1::NetworkPolicy;
use kube::Api;
use kube::api::{ListParams, Patch, PatchParams};
use nagaya_agent::manifests::roles;
use nagaya_agent::{ManifestArgs, manifests};
use nagaya_api::agent::{AGENT_PATH, AgentUpdate, NetworkPolicySupport, Report, workspace_authority};
use nagaya_tunnel::{Lane, TunnelError, TunnelStream, full};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::cluster::{CAST_IMAGE, CAST_IMAGE_AGAIN};
use crate::fixture::{CLUSTER, World, eventually, intent};
use crate::proxy::{Proxy, SERVER};

impl World {
    async fn deploy(&self, proxy: &Proxy) {
        let args = ManifestArgs {
            server: SERVER.to_owned(),
            join_token: Some(self.join_token()),
            ca_pem: self.authority.bundle_pem(),
            image: CAST_IMAGE.to_owned(),
            environment: vec![
                ("RUST_LOG".to_owned(), "info".to_owned()),
                ("HTTPS_PROXY".to_owned(), proxy.url()),
            ],
        };
        for object in manifests(&args) {
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
        let agents = ListParams::default().labels("app.kubernetes.io/name=nagaya-agent");
        pods.list(&agents).await.unwrap().items
    }

    /// What probes of the network have left.
    async fn probes(&self) -> usize {
        let ours = ListParams::default().labels("nagaya.dev/probe");
        let pods: Api<Pod> = Api::namespaced(self.client.clone(), &self.home);
        let policies: Api<NetworkPolicy> = Api::namespaced(self.client.clone(), &self.home);
        pods.list(&ours).await.unwrap().items.len() + policies.list(&ours).await.unwrap().items.len()
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

/// Acceptance: replacing the agent drops no desktop; and all of it from behind a proxy.
pub async fn a_desktop_goes_on_while_its_agent_is_replaced(world: World, proxy: Proxy) {
    world.deploy(&proxy).await;
    world.connected().await;
    let before = proxy.connects();
    assert!(before >= 2, "enrolment and control lane went through the proxy: {before}");
    proxy.cut();
    eventually("it came back through the proxy", || async { proxy.connects() > before }).await;
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

    assert!(!world.hub.agents(CLUSTER)[0].hello.cluster_uid.is_empty(), "it says which cluster it is in");
    let facts = world
        .reports()
        .await
        .until("the network was tried", |report| match report {
            Report::Facts(facts) if facts.network_tried.is_some() => Some(facts.clone()),
            _ => None,
        })
        .await;
    println!("the network: {:?}: {}", facts.network_policy, facts.network_policy_why);
    assert_eq!(
        facts.network_policy,
        NetworkPolicySupport::NotEnforced,
        "the bridge plugin enforces none: {facts:?}"
    );
    eventually("the probe has cleaned up", || async { world.probes().await == 0 }).await;
    // As an agent leaves it that is killed in the midst.
    let left = json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
        "metadata": {"name": "left", "namespace": world.home, "labels": {"nagaya.dev/probe": "network"}},
        "spec": {"podSelector": {"matchLabels": {"none": "such"}}}});
    world.apply(left).await;

    let old = world.hub.agents(CLUSTER)[0].hello.agent_id.clone();
    // By the agent itself, as the server has it done.
    let update = AgentUpdate { version: "test".into(), image: CAST_IMAGE_AGAIN.into(), roles: roles() };
    let request = http::Request::put(AGENT_PATH).body(full(serde_json::to_vec(&update).unwrap())).unwrap();
    let answer = world.hub.request(CLUSTER, Lane::Control, request).await.unwrap();
    assert!(answer.status().is_success(), "{answer:?}");
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
    let policies: Api<NetworkPolicy> = Api::namespaced(world.client.clone(), &world.home);
    eventually("leftovers are gone", || async { policies.get_opt("left").await.unwrap().is_none() }).await;
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
