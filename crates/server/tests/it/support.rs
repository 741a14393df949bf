//! A server without a listener, over a real store.

use std::path::Path;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use http_body_util::BodyExt;
use jiff::Timestamp;
use nagaya_gateway::Streams;
use nagaya_server::{Hashing, ServerConfig, ServerState, router};
use nagaya_store::{Credential, NewToken, Purpose, Store, StoreError, Writer};
use nagaya_tunnel::Hub;
use serde_json::{Value, json};
use tower::ServiceExt;

pub const API: &str = "/api/v1alpha1";

pub fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

pub fn config() -> ServerConfig {
    ServerConfig { hashing: Hashing { memory: 64, passes: 1 }, ..ServerConfig::default() }
}

/// A world with a server in it.
pub struct World {
    pub dir: tempfile::TempDir,
    pub state: ServerState,
    pub router: Router,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub text: String,
}

impl World {
    pub async fn empty() -> Self {
        Self::open(tempfile::tempdir().unwrap(), now).await
    }

    pub async fn open(dir: tempfile::TempDir, clock: fn() -> Timestamp) -> Self {
        Self::with(dir, clock, config()).await
    }

    pub async fn with(dir: tempfile::TempDir, clock: fn() -> Timestamp, config: ServerConfig) -> Self {
        let store = Store::open(dir.path(), now()).await.unwrap();
        let state = ServerState::with_clock(store, Hub::new(), Streams::new(), config, clock);
        Self { dir, router: router(&state), state }
    }

    /// Two teams on a cluster each:
    ///
    /// - root: operations
    /// - java: lead (team-admin), dev-05 (owns workspace `w-java`), dev-03, closed (account closed)
    /// - python: dev-04 (owns workspace `w-python`)
    ///
    /// and of each team an image `i-<team>` and a template `t-<team>`, beside `i-all` and `t-all` of everybody's; a group
    /// `g-<team>` and a bundle `b-<team>` with its first version, a source `s-<team>`, a repository `r-<team>`, and a release `rel-<team>`
    /// with its first version.
    pub async fn seeded() -> Self {
        let world = Self::empty().await;
        world.seed().await;
        world
    }

    pub async fn seed(&self) {
        self.put_user_directly("root").await;
        let token = self.token("root").await;
        let make = async |plural: &str, object: Value| {
            let answer = self.send("POST", plural, &token, object).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{plural}: {}", answer.body);
        };
        for user in ["lead", "dev-05", "dev-03", "closed", "dev-04"] {
            make("users", json!({"metadata": {"name": user}, "spec": {}})).await;
        }
        for (team, members) in [
            (
                "java",
                json!([
                    {"user": "lead", "role": "team-admin"}, {"user": "dev-05"}, {"user": "dev-03"}, {"user": "closed"}
                ]),
            ),
            ("python", json!([{"user": "dev-04"}])),
        ] {
            let cluster = json!({"local": {"cpu": "1", "memory": "2Gi"}});
            make("clusters", json!({"metadata": {"name": format!("c-{team}")}, "spec": cluster})).await;
            let spec = json!({"cluster": format!("c-{team}"), "members": members});
            make("teams", json!({"metadata": {"name": team}, "spec": spec})).await;
        }
        for (suffix, team) in [("all", None), ("java", Some("java")), ("python", Some("python"))] {
            make("images", image(&format!("i-{suffix}"), team)).await;
            make("templates", template(&format!("t-{suffix}"), team, &format!("i-{suffix}"))).await;
        }
        for team in ["java", "python"] {
            make("groups", group(&format!("g-{team}"), &format!("team={team}"))).await;
            make("bundles", bundle(&format!("b-{team}"), &format!("g-{team}"))).await;
            self.put_version_directly(&format!("b-{team}")).await;
            make("sources", source(&format!("s-{team}"))).await;
            make("repositories", repository(&format!("r-{team}"), team)).await;
            make("releases", release(&format!("rel-{team}"), team)).await;
            self.put_release_version_directly(&format!("rel-{team}"), team).await;
        }
        make("workspaces", workspace("w-java", "dev-05", "java", "t-all")).await;
        make("workspaces", workspace("w-python", "dev-04", "python", "t-all")).await;
        let closed = self.send("PATCH", "users/closed", &token, json!({"spec": {"disabled": true}})).await;
        assert_eq!(closed.status, StatusCode::OK, "{}", closed.body);
    }

    /// One of operations, `known`, whose password somebody else set.
    pub async fn seed_known(&self) {
        self.put_user_directly("known").await;
        let credential = Credential { phc: String::new(), must_change: true };
        let written: Result<(), StoreError> = self
            .state
            .store
            .write(Writer::system("test", now()), move |tx| {
                Box::pin(async move { tx.credential_set("known", credential).await })
            })
            .await;
        written.unwrap();
    }

    async fn put_user_directly(&self, name: &str) {
        use nagaya_api::{User, kinds::user::UserSpec};
        let spec = UserSpec { admin: true, ..UserSpec::default() };
        let writer = Writer::system("test", now());
        self.state.store.create(writer, User::new(name, spec)).await.unwrap();
    }

    /// What the controller makes of a bundle.
    async fn put_version_directly(&self, bundle: &str) {
        use nagaya_api::{BundleVersion, kinds::bundle_version::BundleVersionSpec};
        let spec = BundleVersionSpec { bundle: bundle.into(), version: 1, ..BundleVersionSpec::default() };
        let version = BundleVersion::new(&BundleVersion::name_of(bundle, 1), spec);
        self.state.store.create(Writer::system("test", now()), version).await.unwrap();
    }

    /// What the server makes of a release once it has its chart.
    async fn put_release_version_directly(&self, release: &str, team: &str) {
        use nagaya_api::{ReleaseVersion, kinds::release_version::*};
        let chart = ResolvedChart { digest: "0".repeat(64), ..ResolvedChart::default() };
        let spec = ReleaseVersionSpec {
            release: release.into(),
            version: 1,
            team: Some(team.into()),
            chart,
            ..ReleaseVersionSpec::default()
        };
        let version = ReleaseVersion::new(&ReleaseVersion::name_of(release, 1), spec);
        self.state.store.create(Writer::system("test", now()), version).await.unwrap();
    }

    /// An API token of a user.
    pub async fn token(&self, user: &str) -> String {
        self.way_in(user, Purpose::Api).await
    }

    async fn way_in(&self, user: &str, purpose: Purpose) -> String {
        let new = NewToken { purpose, user: user.into(), name: "test".into(), expires_at: None, idle: None };
        self.state.store.token_create(Writer::system("test", now()), new).await.unwrap().1
    }

    /// Sends JSON with a bearer token to a path below the API; a PATCH is a merge patch.
    pub async fn send(&self, method: &str, path: &str, token: &str, body: Value) -> Answer {
        let mut request = Request::builder().method(method).uri(url(path));
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if method == "PATCH" {
            request = request.header("content-type", "application/merge-patch+json");
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.raw(request.body(body).unwrap()).await
    }

    /// Sends JSON as the console's own page does, in a session of a user's.
    pub async fn send_from_page(&self, method: &str, path: &str, user: &str, body: Value) -> Answer {
        let session = self.way_in(user, Purpose::Session).await;
        let request = Request::builder()
            .method(method)
            .uri(url(path))
            .header("host", "localhost:8080")
            .header("origin", "http://localhost:8080")
            .header("content-type", "application/merge-patch+json")
            .header("cookie", format!("__Host-nagaya-session={session}"));
        self.raw(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub async fn get(&self, path: &str, token: &str) -> Answer {
        self.send("GET", path, token, Value::Null).await
    }

    pub async fn apply(&self, path: &str, token: &str, query: &str, body: Value) -> Answer {
        let request = Request::builder()
            .method(Method::PATCH)
            .uri(format!("{}?{query}", url(path)))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/apply-patch+json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.raw(request).await
    }

    pub async fn raw(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
        }
    }
}

pub fn url(path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("{API}/{path}") }
}

pub fn image(name: &str, team: Option<&str>) -> Value {
    json!({"metadata": {"name": name, "team": team}, "spec": {"reference": "registry.nagaya.internal/java:1"}})
}

pub fn template(name: &str, team: Option<&str>, image: &str) -> Value {
    json!({
        "metadata": {"name": name, "team": team},
        "spec": {"image": image, "resources": {"cpu": "100m", "memory": "512Mi"}, "homeSize": "1Gi"}
    })
}

pub fn workspace(name: &str, owner: &str, team: &str, template: &str) -> Value {
    json!({"metadata": {"name": name}, "spec": {"owner": owner, "team": team, "template": template}})
}

pub fn group(name: &str, selector: &str) -> Value {
    json!({"metadata": {"name": name}, "spec": {"selector": selector}})
}

pub fn bundle(name: &str, group: &str) -> Value {
    let object =
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default"}});
    json!({"metadata": {"name": name}, "spec": {"groups": [group], "objects": [object]}})
}

pub fn source(name: &str) -> Value {
    json!({"metadata": {"name": name}, "spec": {"url": "https://git.example.com/fleet.git"}})
}

/// A repository from which a team may install everything into its own namespace.
pub fn repository(name: &str, team: &str) -> Value {
    let spec = json!({"url": "https://charts.example.com", "allow": [{"teams": [team]}]});
    json!({"metadata": {"name": name}, "spec": spec})
}

pub fn release(name: &str, team: &str) -> Value {
    json!({"metadata": {"name": name}, "spec": {
        "team": team, "repository": format!("r-{team}"), "chart": "web", "cluster": format!("c-{team}"), "namespace": team,
        "releaseName": name,
    }})
}

/// What differs between two runs, taken out.
pub fn steady(mut value: Value) -> Value {
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
        for key in ["uid", "resourceVersion"] {
            if metadata.contains_key(key) {
                metadata.insert(key.into(), format!("[{key}]").into());
            }
        }
    }
    value
}

/// Copies the files of a store that is closed.
pub fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.path().join(entry.file_name())).unwrap();
    }
    to
}
