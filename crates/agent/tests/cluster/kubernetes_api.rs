//! kubectl's way through the tunnel.

use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use kube::api::{Patch, PatchParams};
use nagaya_api::agent::{GROUPS_HEADER, KUBERNETES_AUTHORITY, KUBERNETES_PATH, USER_HEADER};
use nagaya_tunnel::{Lane, empty, full};
use serde_json::{Value, json};

use crate::fixture::{CLUSTER, World};

impl World {
    async fn call(
        &self,
        method: Method,
        path: &str,
        user: &str,
        groups: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let mut request = Request::builder().method(method).uri(format!("{KUBERNETES_PATH}{path}"));
        request = request.header(USER_HEADER, user).header(GROUPS_HEADER, groups);
        // What a hostile client would add.
        request = request.header("impersonate-user", "system:admin").header("authorization", "Bearer x");
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                full(body.to_string())
            }
            None => empty(),
        };
        let response = self.hub.request(CLUSTER, Lane::Api, request.body(body).unwrap()).await.unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap_or_else(|_| json!(String::from_utf8_lossy(&bytes))))
    }

    /// What an intent would hold for a member of the team.
    pub async fn admit(&self, group: &str) {
        let namespaces: kube::Api<k8s_openapi::api::core::v1::Namespace> =
            kube::Api::all(self.client.clone());
        let params = PatchParams::apply("test");
        namespaces.patch(&self.team, &params, &Patch::Apply(self.namespace())).await.unwrap();
        let binding = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
            "metadata": {"name": "members", "namespace": self.team},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group}]});
        let bindings = self.api("rbac.authorization.k8s.io/v1", "RoleBinding");
        bindings.patch("members", &params, &Patch::Apply(binding)).await.unwrap();
    }
}

pub async fn a_member_edits_the_teams_namespace_and_nothing_else(world: World) {
    world.admit("nagaya:team:java").await;
    let agent = world.agent();
    world.connected().await;
    let (user, groups) = ("nagaya:dev-01", "nagaya:team:java");
    let maps = format!("/api/v1/namespaces/{}/configmaps", world.team);
    let (status, answer) =
        world.call(Method::POST, &maps, user, groups, Some(world.config_map("a", "1"))).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    let (status, answer) = world.call(Method::GET, &format!("{maps}?limit=5"), user, groups, None).await;
    assert_eq!((status, &answer["kind"]), (StatusCode::OK, &json!("ConfigMapList")));
    for forbidden in ["/api/v1/nodes", "/api/v1/namespaces/kube-system/secrets", "/api/v1/namespaces"] {
        let (status, answer) = world.call(Method::GET, forbidden, user, groups, None).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{forbidden}: {answer}");
        assert!(answer["message"].as_str().unwrap().contains("nagaya:dev-01"), "{answer}");
    }
    for (user, groups) in [("system:admin", ""), ("nagaya:dev-01", "system:masters"), ("", "")] {
        let (status, answer) = world.call(Method::GET, "/api/v1/nodes", user, groups, None).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{user} {groups}");
        assert!(answer["message"].as_str().unwrap().contains("nagaya:"), "{answer}");
    }
    agent.stop().await;
    world.stop().await;
}

pub async fn a_watch_streams(world: World) {
    world.admit("nagaya:team:java").await;
    let agent = world.agent();
    world.connected().await;
    let path = format!("{KUBERNETES_PATH}/api/v1/namespaces/{}/configmaps?watch=true", world.team);
    let request =
        Request::get(path).header(USER_HEADER, "nagaya:a").header(GROUPS_HEADER, "nagaya:team:java");
    let response = world.hub.request(CLUSTER, Lane::Api, request.body(empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let mut body = response.into_body();
    let maps = world.api("v1", "ConfigMap");
    for value in ["1", "2", "3"] {
        let params = PatchParams::apply("test").force();
        maps.patch("w", &params, &Patch::Apply(world.config_map("w", value))).await.unwrap();
        let mut line = Vec::new();
        loop {
            let frame = body.frame().await.unwrap().unwrap();
            line.extend_from_slice(frame.data_ref().unwrap());
            if !line.ends_with(b"\n") {
                continue;
            }
            let found = line.split(|byte| *byte == b'\n').filter(|l| !l.is_empty()).any(|one| {
                let event: Value = serde_json::from_slice(one).unwrap();
                event["object"]["metadata"]["name"] == "w" && event["object"]["data"]["a"] == value
            });
            line.clear();
            if found {
                break;
            }
        }
    }
    drop(body);
    agent.stop().await;
    world.stop().await;
}

/// Inside the CONNECT every byte is HTTP until the API server has said 101, under the same rules.
pub async fn an_upgrade_that_is_refused_leaves_no_raw_bytes(world: World) {
    world.admit("nagaya:team:java").await;
    let agent = world.agent();
    world.connected().await;
    let stream = world.hub.connect(CLUSTER, KUBERNETES_AUTHORITY).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    let driving = tokio::spawn(connection.with_upgrades());
    let exec = format!("{KUBERNETES_PATH}/api/v1/namespaces/{}/pods/none/exec?command=sh", world.team);
    let upgrade = |path: &str, user: &str, connection: &str| {
        Request::post(path)
            .header(USER_HEADER, user)
            .header(GROUPS_HEADER, "nagaya:team:java")
            .header(header::CONNECTION, connection)
            .header(header::UPGRADE, "SPDY/3.1")
            .header("x-stream-protocol-version", "v4.channel.k8s.io")
            .header(header::HOST, "kubernetes.nagaya")
            .header("impersonate-user", "system:admin")
            .body(empty())
            .unwrap()
    };
    // No such pod; then somebody else's namespace, trying to have our identity headers dropped on the way.
    let response = sender.send_request(upgrade(&exec, "nagaya:dev-01", "Upgrade")).await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    response.into_body().collect().await.unwrap();
    let secrets = format!("{KUBERNETES_PATH}/api/v1/namespaces/kube-system/pods/x/exec");
    sender.ready().await.unwrap();
    let sly = "Upgrade, Impersonate-User, Impersonate-Group";
    let response = sender.send_request(upgrade(&secrets, "nagaya:dev-01", sly)).await.unwrap();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let words = response.into_body().collect().await.unwrap().to_bytes();
    assert!(String::from_utf8_lossy(&words).contains("nagaya:dev-01"), "{words:?}");
    sender.ready().await.unwrap();
    let response = sender.send_request(upgrade(&exec, "system:admin", "Upgrade")).await.unwrap();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    drop(response);
    drop(sender);
    let _ = driving.await;
    agent.stop().await;
    world.stop().await;
}
