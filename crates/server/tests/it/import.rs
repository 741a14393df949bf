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

/// Nothing of somebody else's cluster is removed, and nothing left behind there, without a word on which.
#[tokio::test]
async fn an_imported_cluster_is_deleted_only_with_a_word_on_what_is_there() {
    use nagaya_api::Cluster;
    let (world, root) = world(joining()).await;
    let writer = nagaya_store::Writer::system("control", now());
    let seen = |cluster: &mut Cluster| cluster.status.agent.since = Some(now());
    world.state.store.update_status(writer, "far", seen).await.unwrap();
    let unsaid = world.send("DELETE", "clusters/far", &root, Value::Null).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unsaid.text);
    assert!(unsaid.text.contains("keep") && unsaid.text.contains("remove"), "{}", unsaid.text);
    let wrong = world.send("DELETE", "clusters/far?objects=all", &root, Value::Null).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{}", wrong.text);
    assert_eq!(world.get("clusters/far", &root).await.body["metadata"]["deletionTimestamp"], Value::Null);
    let dry = world.send("DELETE", "clusters/far?objects=remove&dryRun=true", &root, Value::Null).await;
    assert_eq!(dry.status, StatusCode::OK);
    assert_eq!(world.get("clusters/far", &root).await.body["metadata"]["annotations"], Value::Null);
    // Said again, another way: what is not reached any more can still be forgotten.
    for word in ["remove", "keep", "forget"] {
        let said = world.send("DELETE", &format!("clusters/far?objects={word}"), &root, Value::Null).await;
        assert_eq!(said.status, StatusCode::OK, "{}", said.text);
        let metadata = world.get("clusters/far", &root).await.body["metadata"].clone();
        assert_eq!(metadata["annotations"]["nagaya.dev/removal"], word);
        assert_ne!(metadata["deletionTimestamp"], Value::Null);
    }
    let again = world.send("DELETE", "clusters/far", &root, Value::Null).await;
    assert_eq!(again.status, StatusCode::OK, "it was said before");
    let token = world.send("POST", "clusters/far/join-token", &root, Value::Null).await;
    assert_eq!(token.status, StatusCode::CONFLICT, "nothing joins it any more");
    for (path, kind) in [("clusters/c-java", "a local cluster"), ("templates/t-java", "a template")] {
        let answer = world.send("DELETE", &format!("{path}?objects=keep"), &root, Value::Null).await;
        assert!(answer.status.is_client_error(), "{kind}");
    }
}
