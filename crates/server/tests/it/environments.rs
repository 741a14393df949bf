//! Templates whose workspaces are releases of a chart.

use std::path::Path;

use axum::http::StatusCode;
use nagaya_server::{ChartConfig, watch_charts};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{World, config, now, release, workspace};

const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}-vnc\nspec:\n  selector: {a: b}\n  ports: [{port: {{ .Values.port }}}]\n";
const SCHEMA: &str = r#"{"type": "object", "properties": {"port": {"type": "integer"}}}"#;

fn chart(dir: &Path, version: &str) {
    let folder = dir.join(format!("charts/desk-{version}"));
    std::fs::create_dir_all(folder.join("templates")).unwrap();
    let about = format!("apiVersion: v2\nname: desk\nversion: {version}\n");
    std::fs::write(folder.join("Chart.yaml"), about).unwrap();
    std::fs::write(folder.join("values.yaml"), "port: 5900\n").unwrap();
    std::fs::write(folder.join("values.schema.json"), SCHEMA).unwrap();
    std::fs::write(folder.join("templates/service.yaml"), SERVICE).unwrap();
}

/// A seeded world whose repository `charts` has the chart `desk`, which team java may install.
async fn world() -> World {
    let dir = tempfile::tempdir().unwrap();
    chart(dir.path(), "1.0.0");
    let folder = dir.path().join("charts");
    let charts = ChartConfig { folder: dir.path().join("kept"), paths: vec![folder.clone()] };
    let url = format!("file://{}", folder.display());
    let world = World::with(dir, now, nagaya_server::ServerConfig { charts: Some(charts), ..config() }).await;
    world.seed().await;
    let root = world.token("root").await;
    let spec = json!({"url": url, "allow": [{"teams": ["java"], "charts": ["desk"]}]});
    let made = world
        .send("POST", "repositories", &root, json!({"metadata": {"name": "charts"}, "spec": spec}))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let read = world.send("POST", "repositories/charts/refresh", &root, Value::Null).await;
    assert_eq!(read.body["status"]["charts"], 1, "{}", read.body);
    world
}

fn template(name: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut object = json!({"metadata": {"name": name}, "spec": {
        "chart": {"repository": "charts", "chart": "desk", "service": "{workspace}-vnc", "homeValue": "home"},
        "homeSize": "1Gi", "ports": [{"name": "desktop", "port": 5900}],
    }});
    change(&mut object);
    object
}

async fn fields(world: &World, token: &str, object: Value) -> Vec<String> {
    let answer = world.send("POST", "templates", token, object).await;
    let causes = answer.body["details"]["causes"].as_array().cloned().unwrap_or_default();
    causes.iter().map(|cause| cause["field"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_a_template_says_of_a_chart_is_checked_at_once_as_far_as_it_can_be() {
    let world = world().await;
    let (root, lead) = (world.token("root").await, world.token("lead").await);
    let none: [String; 0] = [];
    assert_eq!(
        fields(&world, &root, template("a", |one| one["spec"]["chart"]["repository"] = "no".into())).await,
        ["spec.chart.repository"]
    );
    assert_eq!(
        fields(&world, &root, template("a", |one| one["spec"]["chart"]["chart"] = "no".into())).await,
        ["spec.chart.chart"]
    );
    assert_eq!(
        fields(&world, &root, template("a", |one| one["spec"]["chart"]["version"] = "^2".into())).await,
        ["spec.chart.version"]
    );
    assert_eq!(fields(&world, &root, template("a", |_| ())).await, none);
    // A team's administrator is held to what operations allow the team.
    let own = |one: &mut Value| one["metadata"]["team"] = "java".into();
    let denied = world
        .send(
            "PATCH",
            "repositories/charts",
            &root,
            json!({"spec": {"allow": [{"teams": ["java"], "charts": ["other"]}]}}),
        )
        .await;
    assert_eq!(denied.status, StatusCode::OK, "{}", denied.body);
    assert_eq!(fields(&world, &lead, template("b", own)).await, ["spec.chart.chart"]);
    let allowed = world
        .send(
            "PATCH",
            "repositories/charts",
            &root,
            json!({"spec": {"allow": [{"teams": ["java"], "charts": ["desk"]}]}}),
        )
        .await;
    assert_eq!(allowed.status, StatusCode::OK, "{}", allowed.body);
    assert_eq!(fields(&world, &lead, template("b", own)).await, none);
    // What a template needs stays.
    let needed = world.send("DELETE", "repositories/charts", &root, Value::Null).await;
    assert_eq!(needed.status, StatusCode::CONFLICT, "{}", needed.body);
}

#[tokio::test]
async fn a_workspace_of_a_chart_and_a_release_do_not_share_a_name() {
    let world = world().await;
    let (root, member) = (world.token("root").await, world.token("dev-05").await);
    let made = world.send("POST", "templates", &root, template("desk", |_| ())).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    // The seed has the release `rel-java` in the team's namespace.
    let taken =
        world.send("POST", "workspaces", &member, workspace("rel-java", "dev-05", "java", "desk")).await;
    assert_eq!(taken.body["details"]["causes"][0]["field"], "metadata.name", "{}", taken.body);
    let free = world.send("POST", "workspaces", &member, workspace("mine", "dev-05", "java", "desk")).await;
    assert_eq!(free.status, StatusCode::CREATED, "{}", free.body);
    let mut twin = release("twin", "java");
    twin["spec"]["releaseName"] = "mine".into();
    let twin = world.send("POST", "releases", &root, twin).await;
    assert_eq!(twin.body["details"]["causes"][0]["field"], "spec.releaseName", "{}", twin.body);
    // What runs would end at once.
    let change = json!({"spec": {"template": "t-all"}});
    let turned = world.send("PATCH", "workspaces/mine", &member, change.clone()).await;
    assert_eq!(turned.body["details"]["causes"][0]["field"], "spec.template", "{}", turned.body);
    world.send("POST", "workspaces/mine/stop", &member, Value::Null).await;
    let turned = world.send("PATCH", "workspaces/mine", &member, change).await;
    assert_eq!(turned.status, StatusCode::OK, "{}", turned.body);
}

#[tokio::test]
async fn a_template_tells_what_its_chart_stands_for_and_whether_it_fits() {
    let world = world().await;
    let (cancel, root) = (CancellationToken::new(), world.token("root").await);
    let watching = tokio::spawn(watch_charts(world.state.clone(), cancel.clone()));
    let until = async |good: &dyn Fn(&Value) -> bool| {
        for _ in 0..400 {
            let body = world.get("templates/desk", &root).await.body;
            if good(&body["status"]) {
                return body["status"].clone();
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("{}", world.get("templates/desk", &root).await.body);
    };
    let said = |status: &Value| status["conditions"][0]["message"].as_str().unwrap_or_default().to_owned();
    let change = async |spec: Value| {
        let answer = world.send("PATCH", "templates/desk", &root, json!({"spec": spec})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    };
    let made = world
        .send(
            "POST",
            "templates",
            &root,
            template("desk", |one| one["spec"]["chart"]["version"] = "^1".into()),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let found = until(&|status| status["conditions"][0]["status"] == true).await;
    assert_eq!((&found["chart"]["version"], &found["chart"]["name"]), (&json!("1.0.0"), &json!("desk")));
    change(json!({"chart": {"service": "other"}})).await;
    let unfit = until(&|status| status["conditions"][0]["status"] == false).await;
    assert_eq!(
        said(&unfit),
        "spec.chart.service: the chart makes no Service \"other\" (it makes \"{workspace}-vnc\")"
    );
    change(json!({"chart": {"service": "{workspace}-vnc", "values": {"port": "no"}}})).await;
    until(&|status| said(status).starts_with("spec.chart.values.port: ")).await;
    change(json!({"chart": {"values": {"port": 5901}}})).await;
    until(&|status| {
        said(status) == "spec.ports[0].port: Service \"{workspace}-vnc\" has no port 5900 (it has 5901)"
    })
    .await;
    change(json!({"chart": {"values": null}})).await;
    until(&|status| status["conditions"][0]["status"] == true).await;
    // A newer one that fits is taken, for workspaces that start from then on.
    chart(world.dir.path(), "1.1.0");
    world.send("POST", "repositories/charts/refresh", &root, Value::Null).await;
    until(&|status| status["chart"]["version"] == "1.1.0").await;
    cancel.cancel();
    watching.await.unwrap();
}
