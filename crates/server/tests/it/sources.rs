//! Sources against real repositories, which the `git` program makes and serves.

use std::{path::Path, process::Command, time::Duration};

use axum::http::StatusCode;
use hmac::{Hmac, Mac};
use nagaya_server::{SourceConfig, watch_sources};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{World, config, now};

const GROUP: &str =
    "apiVersion: nagaya.dev/v1alpha1\nkind: Group\nmetadata: {name: java}\nspec: {selector: lang=java}\n";
const OTHER: &str =
    "apiVersion: nagaya.dev/v1alpha1\nkind: Group\nmetadata: {name: other}\nspec: {selector: ''}\n";
const MAP: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: motd, namespace: default}\ndata: {text: hello}\n";

fn git(repository: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(repository)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A server that may read a folder, and a repository in it.
struct Scene {
    world: World,
    token: String,
    repository: std::path::PathBuf,
}

impl Scene {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let repository = dir.path().join("git/fleet");
        std::fs::create_dir_all(repository.join("live")).unwrap();
        git(&repository, &["init", "-q"]);
        let sources =
            SourceConfig { folder: dir.path().join("sources"), paths: vec![dir.path().join("git")] };
        let config = nagaya_server::ServerConfig { sources: Some(sources), ..config() };
        let world = World::with(dir, now, config).await;
        world.seed().await;
        let token = world.token("root").await;
        Self { world, token, repository }
    }

    fn write(&self, file: &str, text: &str) {
        std::fs::write(self.repository.join("live").join(file), text).unwrap();
    }

    fn commit(&self) -> String {
        git(&self.repository, &["add", "-A"]);
        git(&self.repository, &["commit", "-q", "--allow-empty", "-m", "change"]);
        git(&self.repository, &["rev-parse", "HEAD"])
    }

    async fn make(&self, more: Value) {
        let mut spec = json!({"url": format!("file://{}", self.repository.display()), "path": "live"});
        spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let source = json!({"metadata": {"name": "fleet"}, "spec": spec});
        let made = self.world.send("POST", "sources", &self.token, source).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    }

    async fn sync(&self) -> Value {
        let answer = self.world.send("POST", "sources/fleet/sync", &self.token, Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.body["status"].clone()
    }

    async fn get(&self, path: &str) -> Value {
        self.world.get(path, &self.token).await.body
    }

    async fn gone(&self, path: &str) -> bool {
        self.world.get(path, &self.token).await.status == StatusCode::NOT_FOUND
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_applied_with_its_commit_and_what_leaves_it_goes() {
    let scene = Scene::new().await;
    scene.write("a.yaml", GROUP);
    scene.write("b.yaml", OTHER);
    scene.write("map.yaml", MAP);
    let first = scene.commit();
    scene.make(json!({"bundle": {"groups": ["java"]}})).await;
    let status = scene.sync().await;
    assert_eq!(status["commit"], first.as_str(), "{status}");
    assert_eq!(status["objects"].as_array().unwrap().len(), 3);
    let group = scene.get("groups/java").await;
    assert_eq!(group["metadata"]["annotations"]["nagaya.dev/source"], "fleet");
    assert_eq!(group["metadata"]["annotations"]["nagaya.dev/commit"], first.as_str());
    let object = scene.get("bundles/fleet").await["spec"]["objects"][0].clone();
    assert_eq!(object["metadata"]["annotations"]["nagaya.dev/commit"], first.as_str());

    // A commit that changes one object leaves the others' revisions alone; what left the folder goes.
    scene.write("map.yaml", &MAP.replace("hello", "good day"));
    std::fs::remove_file(scene.repository.join("live/b.yaml")).unwrap();
    let second = scene.commit();
    let difference = scene.get("sources/fleet/diff").await;
    let changes: Vec<_> =
        difference["changes"].as_array().unwrap().iter().map(|c| (&c["name"], &c["change"])).collect();
    assert_eq!(changes, [(&json!("fleet"), &json!("Changed")), (&json!("other"), &json!("Deleted"))]);
    assert!(!scene.gone("groups/other").await, "a difference changes nothing");
    let status = scene.sync().await;
    assert_eq!(status["commit"], second.as_str());
    assert_eq!(
        scene.get("groups/java").await["metadata"]["resourceVersion"],
        group["metadata"]["resourceVersion"]
    );
    assert!(scene.gone("groups/other").await);
    assert!(!scene.gone("groups/g-java").await, "what it did not make stays");

    let audit = scene.get("audit?kind=Source&name=fleet").await.to_string();
    assert!(
        audit.contains("\"sync\"") && audit.contains(&second) && audit.contains("system:source/fleet@"),
        "{audit}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_file_keeps_all_of_a_commit_out() {
    let scene = Scene::new().await;
    scene.write("a.yaml", GROUP);
    let good = scene.commit();
    scene.make(json!({})).await;
    scene.sync().await;
    scene.write("a.yaml", &GROUP.replace("lang=java", "lang=kotlin"));
    scene.write(
        "b.yaml",
        &format!(
            "# a comment\n{OTHER}---\n{}",
            OTHER.replace("name: other", "name: third").replace("''", "a b c")
        ),
    );
    let bad = scene.commit();
    let status = scene.sync().await;
    assert_eq!((&status["commit"], &status["failedCommit"]), (&json!(good), &json!(bad)), "{status}");
    let error = &status["errors"][0];
    assert_eq!(
        (&error["file"], &error["line"], &error["object"], &error["field"]),
        (&json!("live/b.yaml"), &json!(7), &json!("Group/third"), &json!("spec.selector")),
        "{status}"
    );
    assert_eq!(scene.get("groups/java").await["spec"]["selector"], "lang=java");
    assert!(scene.gone("groups/other").await);
    assert_eq!(status["conditions"][0]["status"], false);
    // Also what only other objects tell: a team on a cluster that is not there.
    scene.write(
        "b.yaml",
        "apiVersion: nagaya.dev/v1alpha1\nkind: Team\nmetadata: {name: t}\nspec: {cluster: nowhere}\n",
    );
    scene.commit();
    let status = scene.sync().await;
    assert_eq!(status["errors"][0]["field"], "spec.cluster", "{status}");
    assert_eq!(scene.get("groups/java").await["spec"]["selector"], "lang=java");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_source_owns_is_changed_elsewhere_only_by_saying_so() {
    let scene = Scene::new().await;
    scene.write("a.yaml", GROUP);
    scene.commit();
    scene.make(json!({})).await;
    scene.sync().await;
    let change = json!({"spec": {"selector": "lang=python"}});
    let refused = scene.world.send("PATCH", "groups/java", &scene.token, change.clone()).await;
    assert_eq!((refused.status, &refused.body["reason"]), (StatusCode::CONFLICT, &json!("SourceOwned")));
    assert_eq!(refused.body["details"]["causes"][0]["field"], "spec.selector");
    let refused = scene.world.send("DELETE", "groups/java", &scene.token, Value::Null).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let own = json!({"metadata": {"labels": {"mine": "yes"}}});
    let label = scene.world.send("PATCH", "groups/java", &scene.token, own).await;
    assert_eq!(label.status, StatusCode::OK, "what it does not own is anybody's");
    let said = scene.world.send("PATCH", "groups/java?override=source", &scene.token, change).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.body);
    scene.sync().await;
    let group = scene.get("groups/java").await;
    assert_eq!(
        (&group["spec"]["selector"], &group["metadata"]["labels"]["mine"]),
        (&json!("lang=java"), &json!("yes"))
    );
    // Without the source it is nobody's, and stays.
    scene.world.send("DELETE", "sources/fleet", &scene.token, Value::Null).await;
    let group = scene.get("groups/java").await;
    assert!(group["metadata"]["annotations"].is_null(), "{group}");
    assert_eq!(
        scene.world.send("DELETE", "groups/java", &scene.token, Value::Null).await.status,
        StatusCode::OK
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_makes_no_sources_follows_no_links_and_reads_only_what_it_may() {
    let scene = Scene::new().await;
    scene.write("a.yaml", "apiVersion: nagaya.dev/v1alpha1\nkind: Source\nmetadata: {name: more}\nspec: {url: 'https://a.example/b'}\n");
    scene.commit();
    scene.make(json!({})).await;
    assert_eq!(scene.sync().await["errors"][0]["field"], "kind");
    std::fs::remove_file(scene.repository.join("live/a.yaml")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", scene.repository.join("live/link.yaml")).unwrap();
    scene.commit();
    let status = scene.sync().await;
    assert_eq!(status["errors"][0]["file"], "live/link.yaml", "{status}");
    let elsewhere = json!({"metadata": {"name": "disk"}, "spec": {"url": "file:///etc"}});
    let refused = scene.world.send("POST", "sources", &scene.token, elsewhere).await;
    assert_eq!(
        (refused.status, &refused.body["details"]["causes"][0]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("spec.url"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_webhook_has_it_looked_at_now() {
    let scene = Scene::new().await;
    scene.write("a.yaml", GROUP);
    scene.commit();
    scene.make(json!({"intervalSeconds": 86400})).await;
    let secret = "0123456789abcdef";
    let sealed =
        scene.world.send("POST", "sources/fleet/secret", &scene.token, json!({"webhook": secret})).await;
    assert_eq!(sealed.status, StatusCode::OK, "{}", sealed.body);
    let cancel = CancellationToken::new();
    let watching = tokio::spawn(watch_sources(scene.world.state.clone(), cancel.clone()));
    let synced = async |commit: &str| {
        for _ in 0..300 {
            if scene.get("sources/fleet").await["status"]["commit"] == commit {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        false
    };
    let first = git(&scene.repository, &["rev-parse", "HEAD"]);
    assert!(synced(&first).await, "a new source is looked at at once");
    let second = scene.commit();
    let body = "{\"ref\": \"refs/heads/main\"}";
    let hook = async |signature: String| {
        let request = axum::http::Request::post(crate::support::url("sources/fleet/webhook"))
            .header("x-hub-signature-256", signature)
            .body(axum::body::Body::from(body))
            .unwrap();
        scene.world.raw(request).await.status
    };
    assert_eq!(hook("sha256=00".into()).await, StatusCode::UNAUTHORIZED);
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let digits: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hook(format!("sha256={digits}")).await, StatusCode::ACCEPTED);
    assert!(synced(&second).await, "it was looked at before its interval of a day");
    cancel.cancel();
    watching.await.unwrap();
}
