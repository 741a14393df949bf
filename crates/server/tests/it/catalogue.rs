//! Chart repositories and releases, over a folder of charts.

use axum::http::StatusCode;
use nagaya_server::{ChartConfig, watch_charts};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{World, config, now, release, steady};

/// A seeded world whose repository `charts` is a folder with the chart `web` in versions 1.0.0 and 1.1.0, and `secret-tool`.
async fn world() -> World {
    let dir = tempfile::tempdir().unwrap();
    for (folder, name, version) in
        [("web-1", "web", "1.0.0"), ("web-2", "web", "1.1.0"), ("tool", "secret-tool", "2.0.0")]
    {
        let chart = dir.path().join("charts").join(folder);
        std::fs::create_dir_all(chart.join("templates")).unwrap();
        let about = format!(
            "apiVersion: v2\nname: {name}\nversion: {version}\nappVersion: \"9\"\ndescription: A {name}\n"
        );
        std::fs::write(chart.join("Chart.yaml"), about).unwrap();
        std::fs::write(chart.join("values.yaml"), "replicas: 1\ntext: own\n").unwrap();
        std::fs::write(chart.join("README.md"), "# Read me").unwrap();
        let template = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  replicas: \"{{ .Values.replicas }}\"\n  text: {{ .Values.text | quote }}\n";
        std::fs::write(chart.join("templates/map.yaml"), template).unwrap();
    }
    let charts = ChartConfig { folder: dir.path().join("kept"), paths: vec![dir.path().join("charts")] };
    let url = format!("file://{}", dir.path().join("charts").display());
    let world = World::with(dir, now, nagaya_server::ServerConfig { charts: Some(charts), ..config() }).await;
    world.seed().await;
    let root = world.token("root").await;
    let spec = json!({"url": url, "allow": [{"teams": ["java"], "charts": ["web"]}]});
    let made = world
        .send("POST", "repositories", &root, json!({"metadata": {"name": "charts"}, "spec": spec}))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let read = world.send("POST", "repositories/charts/refresh", &root, Value::Null).await;
    assert_eq!(read.body["status"]["charts"], 2, "{}", read.body);
    world
}

fn web(name: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut object = release(name, "java");
    object["spec"]["repository"] = "charts".into();
    change(&mut object["spec"]);
    object
}

#[tokio::test]
async fn people_see_the_charts_that_they_may_install() {
    let world = world().await;
    let names = |body: &Value| -> Vec<String> {
        body["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let (root, member, other) =
        (world.token("root").await, world.token("dev-05").await, world.token("dev-04").await);
    assert_eq!(names(&world.get("charts", &root).await.body), ["secret-tool", "web"]);
    assert_eq!(names(&world.get("charts?search=WEB", &root).await.body), ["web"]);
    let charts = world.get("charts", &member).await.body;
    assert_eq!(names(&charts), ["web"]);
    assert_eq!(
        (&charts["items"][0]["version"], &charts["items"][0]["versions"]),
        (&json!("1.1.0"), &json!(2))
    );
    assert_eq!(names(&world.get("charts", &other).await.body), [""; 0]);
    assert_eq!(world.get("charts/charts/secret-tool", &member).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("charts/charts/web", &other).await.status, StatusCode::NOT_FOUND);
    let detail = world.get("charts/charts/web/%5E1.0", &member).await.body;
    assert_eq!((&detail["version"], &detail["readme"]), (&json!("1.1.0"), &json!("# Read me")), "{detail}");
    let shown = world.get("repositories/charts", &member).await.body;
    assert!(shown["spec"].get("allow").is_none(), "who else may is not theirs to know");
}

#[tokio::test]
async fn a_team_installs_what_is_allowed_where_it_is_allowed() {
    let world = world().await;
    let member = world.token("dev-05").await;
    let causes = async |change: fn(&mut Value)| {
        let answer = world.send("POST", "releases", &member, web("ci", change)).await;
        answer.body["details"]["causes"][0]["field"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(causes(|spec| spec["chart"] = "secret-tool".into()).await, "spec.chart");
    assert_eq!(causes(|spec| spec["namespace"] = "python".into()).await, "spec.namespace");
    assert_eq!(causes(|spec| spec["cluster"] = "c-python".into()).await, "spec.cluster");
    assert_eq!(causes(|spec| spec["repository"] = "r-python".into()).await, "spec.repository");
    assert_eq!(causes(|_| {}).await, "", "and this it may");
    assert_eq!(causes(|_| {}).await, "", "a name that is taken is told without fields");
    let twin =
        world.send("POST", "releases", &member, web("twin", |spec| spec["releaseName"] = "ci".into())).await;
    assert_eq!(twin.body["details"]["causes"][0]["field"], "spec.releaseName");
    let others = world.send("POST", "releases", &member, release("x", "python")).await;
    assert_eq!(others.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn versions_are_made_kept_and_brought_back() {
    let world = world().await;
    let (cancel, root) = (CancellationToken::new(), world.token("root").await);
    let watching = tokio::spawn(watch_charts(world.state.clone(), cancel.clone()));
    let until = async |path: &str, good: &dyn Fn(&Value) -> bool| {
        for _ in 0..400 {
            let body = world.get(path, &root).await.body;
            if good(&body) {
                return body;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("{path} is {}", world.get(path, &root).await.body);
    };
    let made = world.send("POST", "releases", &root, web("ci", |spec| spec["version"] = "~1.0".into())).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let first = until("releaseversions/ci-v1", &|body| body["spec"].is_object()).await;
    assert_eq!((&first["spec"]["chart"]["version"], &first["spec"]["by"]), (&json!("1.0.0"), &json!("root")));
    let status = until("releases/ci", &|body| body["status"]["version"] == "1.0.0").await;
    assert_eq!(status["status"]["digest"], first["spec"]["chart"]["digest"]);
    let patch = json!({"spec": {"version": "^1", "values": {"replicas": 3}}});
    world.send("PATCH", "releases/ci", &root, patch).await;
    let second = until("releaseversions/ci-v2", &|body| body["spec"].is_object()).await;
    assert_eq!(second["spec"]["chart"]["version"], "1.1.0");
    let back = world.send("POST", "releases/ci/rollback", &root, json!({"version": 1})).await;
    assert_eq!(
        (&back.body["spec"]["version"], back.body["spec"].get("values")),
        (&json!("1.0.0"), None),
        "{}",
        back.body
    );
    let third = until("releaseversions/ci-v3", &|body| body["spec"].is_object()).await;
    assert_eq!(
        (&third["spec"]["chart"]["version"], &third["spec"]["rollbackTo"]),
        (&json!("1.0.0"), &json!(1))
    );
    let none = world.send("PATCH", "releases/ci", &root, json!({"spec": {"version": "^7"}})).await;
    assert_eq!(none.status, StatusCode::OK);
    let told = until("releases/ci", &|body| body["status"]["conditions"].to_string().contains("^7")).await;
    assert!(told["status"]["conditions"].to_string().contains("the newest there is 1.1.0"), "{told}");
    cancel.cancel();
    watching.await.unwrap();
}

#[tokio::test]
async fn a_preview_renders_explains_and_masks() {
    let world = world().await;
    let member = world.token("dev-05").await;
    let spec = web("ci", |spec| {
        spec["values"] = json!({"replicas": 5});
        spec["secrets"] = json!([{"path": "text", "secret": "s"}]);
    });
    let body = json!({"spec": spec["spec"]});
    let preview = world.send("POST", "releases/ci/preview", &member, body).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.body);
    let body = steady(preview.body);
    assert_eq!((&body["version"], &body["error"]), (&json!("1.1.0"), &Value::Null), "{body}");
    let text = body["documents"][0]["text"].as_str().unwrap();
    assert!(text.contains("replicas: \"5\"") && text.contains("••••"), "{text}");
    assert_eq!(body["changes"][0]["change"], "added");
    let layer =
        |path: &str| body["layers"].as_array().unwrap().iter().find(|one| one["path"] == path).cloned();
    assert_eq!(layer("replicas").unwrap()["hides"][0], json!({"layer": "chart", "value": 1}));
    assert_eq!(layer("text").unwrap()["layer"], "secret");
    assert_eq!(world.get("releases/ci", &member).await.status, StatusCode::NOT_FOUND, "nothing was made");
    let forbidden = web("ci", |spec| spec["chart"] = "secret-tool".into());
    let refused =
        world.send("POST", "releases/ci/preview", &member, json!({"spec": forbidden["spec"]})).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
}

#[tokio::test]
async fn what_is_sealed_is_never_answered() {
    let world = world().await;
    let member = world.token("dev-05").await;
    world
        .send(
            "POST",
            "releases",
            &member,
            web("ci", |spec| {
                spec["secrets"] = json!([{"path": "text", "secret": "s"}]);
            }),
        )
        .await;
    let sealed = world.send("PUT", "releases/ci/secrets", &member, json!({"s": "hunter22"})).await;
    assert_eq!(sealed.status, StatusCode::OK, "{}", sealed.body);
    let kept = world.state.store.secret_get("release/ci/s").await.unwrap().unwrap();
    assert_eq!(kept.as_slice(), b"hunter22");
    for path in ["releases/ci", "releases/ci/values?all=true", "releases", "audit"] {
        let who = if path == "audit" { world.token("root").await } else { member.clone() };
        assert!(!world.get(path, &who).await.text.contains("hunter22"), "{path}");
    }
    let bad = world.send("PUT", "releases/ci/secrets", &member, json!({"../x": "y"})).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_release_waits_to_be_uninstalled_and_a_repository_is_kept_while_it_is_needed() {
    let world = world().await;
    let root = world.token("root").await;
    world.send("POST", "releases", &root, web("ci", |_| {})).await;
    let refused = world.send("DELETE", "repositories/charts", &root, Value::Null).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    let going = world.send("DELETE", "releases/ci", &root, Value::Null).await;
    assert!(going.body["metadata"]["deletionTimestamp"].is_string(), "{}", going.body);
    let retried = world.send("POST", "releases/ci/retry", &root, Value::Null).await;
    assert_eq!(retried.status, StatusCode::CONFLICT);
}
