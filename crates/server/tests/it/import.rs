//! Clusters elsewhere: the manifest behind an address that is its own credential.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use nagaya_api::ApiError;
use nagaya_server::{AgentOptions, JoinManifests, ServerConfig};
use serde_json::{Value, json};

use crate::support::{World, config, now};

#[derive(Debug)]
struct Manifests;

impl JoinManifests for Manifests {
    fn manifest(&self, cluster: &str, token: &str, agent: &AgentOptions) -> Result<String, ApiError> {
        if agent.image == "unknown" {
            return Err(ApiError::conflict("Cluster", cluster, "say --agent-image"));
        }
        Ok(format!("# {cluster} {token} {} {} {}", agent.image, agent.https_proxy, agent.no_proxy))
    }
}

static LATER: AtomicI64 = AtomicI64::new(0);

fn later() -> Timestamp {
    now() + SignedDuration::from_secs(LATER.load(Ordering::Relaxed))
}

async fn world(config: ServerConfig) -> (World, String) {
    let world = World::with(tempfile::tempdir().unwrap(), later, config).await;
    world.seed().await;
    let token = world.token("root").await;
    let cluster = json!({"metadata": {"name": "far"}, "spec": {"provider": "import"}});
    assert_eq!(world.send("POST", "clusters", &token, cluster).await.status, StatusCode::CREATED);
    (world, token)
}

fn joining() -> ServerConfig {
    ServerConfig { join: Some(Arc::new(Manifests)), ..config() }
}

#[tokio::test]
async fn the_manifest_is_there_for_who_has_the_address_until_the_token_is_used_or_ends() {
    let (world, root) = world(joining()).await;
    let options =
        json!({"image": "r.example/n:1", "httpsProxy": "http://u:p@proxy:3128", "noProxy": ".corp"});
    let made = world.send("POST", "clusters/far/join-token", &root, options).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let (path, token) = (made.body["path"].as_str().unwrap(), made.body["token"].as_str().unwrap());
    assert_eq!(made.body["url"], format!("https://127.0.0.1:8443{path}"));
    let words = format!("# far {token} r.example/n:1 http://u:p@proxy:3128 .corp");
    for _ in 0..2 {
        let answer = world.get(path, "").await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, words.as_str()));
        assert_eq!(answer.headers["content-type"], "application/yaml");
        assert_eq!(answer.headers["cache-control"], "no-store", "it holds a credential");
    }
    for wrong in [format!("{path}x"), path[..path.len() - 1].to_owned(), path.replace(token, "none")] {
        assert_eq!(world.get(&wrong, "").await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    LATER.store(3601, Ordering::Relaxed);
    let late = world.get(path, "").await;
    LATER.store(0, Ordering::Relaxed);
    assert_eq!(late.status, StatusCode::NOT_FOUND);
    assert!(late.body["message"].as_str().unwrap().contains("nagaya cluster import"), "{}", late.text);
    world.state.store.join_token_redeem(token, "key", now()).await.unwrap().unwrap();
    assert_eq!(world.get(path, "").await.status, StatusCode::NOT_FOUND, "it was used");
    let audit = world.get("audit?kind=Cluster&name=far", &root).await.text;
    assert!(audit.contains("join-token") && !audit.contains(token) && !audit.contains("u:p@"), "{audit}");
}

#[tokio::test]
async fn what_an_agent_cannot_be_told_is_said_before_there_is_a_token() {
    let (world, root) = world(joining()).await;
    for (options, code, words) in [
        (json!({"image": "unknown"}), StatusCode::CONFLICT, "--agent-image"),
        (json!({"image": "a b"}), StatusCode::UNPROCESSABLE_ENTITY, "image"),
        (json!({"httpsProxy": "socks5://p"}), StatusCode::UNPROCESSABLE_ENTITY, "http://"),
        (json!({"noProxy": "a\nb"}), StatusCode::UNPROCESSABLE_ENTITY, "noProxy"),
        (json!({"proxy": "x"}), StatusCode::BAD_REQUEST, "proxy"),
    ] {
        let answer = world.send("POST", "clusters/far/join-token", &root, options.clone()).await;
        assert_eq!(answer.status, code, "{options}: {}", answer.text);
        assert!(answer.text.contains(words), "{options}: {}", answer.text);
    }
    // Without a body it is as if nothing were said; a local cluster has no manifest to fetch.
    let plain = world.send("POST", "clusters/c-java/join-token", &root, Value::Null).await;
    assert_eq!((plain.status, &plain.body["url"]), (StatusCode::CREATED, &Value::Null), "{}", plain.text);
    let token = plain.body["token"].as_str().unwrap();
    assert_eq!(world.get(&format!("join/{token}"), "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_server_that_listens_for_no_clusters_elsewhere_says_how_it_would() {
    let (world, root) = world(config()).await;
    let answer = world.send("POST", "clusters/far/join-token", &root, Value::Null).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("--tunnel-listen"), "{}", answer.text);
}
