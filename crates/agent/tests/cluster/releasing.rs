//! Charts become releases, as Helm makes them.

use std::path::{Path, PathBuf};
use std::process::Command;

use http::{Request, StatusCode};
use http_body_util::BodyExt;
use k8s_openapi::api::core::v1::Secret;
use kube::api::{ListParams, Patch, PatchParams};
use kube::{Api, ResourceExt};
use nagaya_api::agent::{CHARTS_PATH, ReleaseIntent, ReleaseObservation, ReleaseState, Report};
use nagaya_tunnel::{Lane, full};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::cluster::IMAGE;
use crate::fixture::{CLUSTER, ReportReader, World, eventually, intent};

const FILES: &[(&str, &str)] = &[
    ("Chart.yaml", "apiVersion: v2\nname: small\nversion: 1.2.3\nappVersion: \"9\"\n"),
    ("values.yaml", "message: hello\nimage: \"\"\nmore: {}\n"),
    (
        "templates/config.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-config\ndata:\n  message: {{ .Values.message | quote }}\n{{- with .Values.more }}\n{{ toYaml . | indent 2 }}\n{{- end }}\n",
    ),
    (
        "templates/workload.yaml",
        "{{- if .Values.image }}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  selector: {matchLabels: {app: {{ .Release.Name }}}}\n  template:\n    metadata: {labels: {app: {{ .Release.Name }}}}\n    spec:\n      terminationGracePeriodSeconds: 0\n      containers:\n      - {name: main, image: {{ .Values.image | quote }}, imagePullPolicy: IfNotPresent}\n{{- end }}\n",
    ),
    (
        "templates/service.yaml",
        "{{- if .Values.image }}\napiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  selector: {app: {{ .Release.Name }}}\n  ports: [{port: 5900}]\n{{- end }}\n",
    ),
    (
        "templates/hook.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-hook\n  annotations: {helm.sh/hook: \"pre-install,pre-upgrade,pre-rollback\"}\ndata: {revision: {{ .Release.Revision | quote }}}\n",
    ),
    (
        "templates/tests/test.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-test\n  annotations: {helm.sh/hook: test}\n",
    ),
    ("templates/NOTES.txt", "{{ .Release.Name }} says {{ .Values.message }}"),
];

pub struct Chart {
    folder: tempfile::TempDir,
    pub archive: Vec<u8>,
}

impl Chart {
    pub fn make() -> Chart {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in FILES {
            let path = folder.path().join("small").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let packed = folder.path().join("small.tgz");
        let done =
            Command::new("tar").arg("-czf").arg(&packed).arg("-C").arg(folder.path()).arg("small").status();
        assert!(done.unwrap().success());
        Chart { archive: std::fs::read(packed).unwrap(), folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("small")
    }

    pub fn digest(&self) -> String {
        Sha256::digest(&self.archive).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub fn release(&self, world: &World, name: &str, values: Value) -> ReleaseIntent {
        let content =
            Sha256::digest(values.to_string()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        serde_json::from_value(json!({
            "name": name, "uid": format!("uid-{name}"), "releaseName": name, "namespace": world.team,
            "chart": {"name": "small", "version": "1.2.3", "digest": self.digest()},
            "values": values, "content": content, "atomic": true, "timeoutSeconds": 60,
        }))
        .unwrap()
    }
}

impl World {
    pub async fn chart(&self, method: &str, digest: &str, archive: Vec<u8>) -> StatusCode {
        let request = Request::builder()
            .method(method)
            .uri(format!("{CHARTS_PATH}/{digest}"))
            .body(full(archive))
            .unwrap();
        let response = self.hub.request(CLUSTER, Lane::Control, request).await.unwrap();
        let status = response.status();
        let _ = response.into_body().collect().await;
        status
    }

    pub async fn wants(&self, revision: u64, releases: Vec<ReleaseIntent>) {
        let intent = intent(revision, vec![self.namespace()]).with_releases(releases);
        eventually("the intent is taken in", || self.put_quietly(&intent)).await;
    }

    pub async fn message(&self, release: &str) -> String {
        let map = self.get("v1", "ConfigMap", &format!("{release}-config")).await;
        map.and_then(|map| map.data["data"]["message"].as_str().map(str::to_owned)).unwrap_or_default()
    }

    pub async fn records(&self) -> Vec<String> {
        let secrets: Api<Secret> = Api::namespaced(self.client.clone(), &self.team);
        let found = secrets.list(&ListParams::default().labels("owner=helm")).await.unwrap();
        found.iter().map(ResourceExt::name_any).collect()
    }
}

pub async fn seen(
    reports: &mut ReportReader,
    what: &str,
    mut holds: impl FnMut(&ReleaseObservation) -> bool,
) -> ReleaseObservation {
    reports
        .until(what, |report| match report {
            Report::Release(seen) if holds(seen) => Some(seen.clone()),
            _ => None,
        })
        .await
}

fn is(state: ReleaseState, revision: u32) -> impl FnMut(&ReleaseObservation) -> bool {
    move |seen| seen.state == state && seen.revision == revision
}

pub async fn a_chart_is_installed_upgraded_taken_back_and_removed(world: World) {
    let agent = world.agent();
    world.connected().await;
    let mut reports = world.reports().await;
    let chart = Chart::make();
    assert_eq!(world.chart("HEAD", &chart.digest(), Vec::new()).await, StatusCode::NOT_FOUND);
    assert_eq!(world.chart("PUT", &"0".repeat(64), chart.archive.clone()).await, StatusCode::BAD_REQUEST);

    let first = chart.release(&world, "ci", json!({"image": IMAGE}));
    world.wants(1, vec![first.clone()]).await;
    seen(&mut reports, "the archive is missed", |seen| seen.lacks_chart == chart.digest()).await;
    assert_eq!(world.chart("PUT", &chart.digest(), chart.archive.clone()).await, StatusCode::OK);
    assert_eq!(world.chart("HEAD", &chart.digest(), Vec::new()).await, StatusCode::OK);
    let begun = std::time::Instant::now();
    let ready = seen(&mut reports, "installed", is(ReleaseState::Ready, 1)).await;
    println!("installed after {:?}", begun.elapsed());
    assert_eq!(
        (ready.notes.as_str(), ready.chart_version.as_str(), ready.app_version.as_str()),
        ("ci says hello", "1.2.3", "9")
    );
    assert_eq!((ready.helm_status.as_str(), ready.content.as_str()), ("deployed", first.content.as_str()));
    let deployment = ready.objects.iter().find(|line| line.object.starts_with("Deployment")).unwrap();
    assert!(deployment.ready, "{deployment:?}");
    let map = world.get("v1", "ConfigMap", "ci-config").await.unwrap();
    assert_eq!(map.labels()["app.kubernetes.io/managed-by"], "Helm");
    assert_eq!(map.annotations()["meta.helm.sh/release-name"], "ci");

    let second = chart.release(&world, "ci", json!({"image": IMAGE, "message": "two"}));
    world.wants(2, vec![second.clone()]).await;
    seen(&mut reports, "upgraded", is(ReleaseState::Ready, 2)).await;
    assert_eq!(world.message("ci").await, "two");

    let editor = PatchParams { field_manager: Some("kubectl-edit".into()), ..PatchParams::default() };
    let change = Patch::Merge(json!({"data": {"message": "hacked"}}));
    world.api("v1", "ConfigMap").patch("ci-config", &editor, &change).await.unwrap();
    let drift = |report: &Report| match report {
        Report::Drift { manager, fields, release, .. } => {
            Some((manager.clone(), fields.clone(), release.clone()))
        }
        _ => None,
    };
    let told = reports.until("drift", drift).await;
    assert_eq!(told, ("kubectl-edit".into(), vec![".data.message".into()], "ci".into()));
    eventually("it is put right", || async { world.message("ci").await == "two" }).await;

    let mut broken =
        chart.release(&world, "ci", json!({"image": "nowhere.invalid/none:1", "message": "three"}));
    broken.timeout_seconds = 8;
    world.wants(3, vec![broken]).await;
    seen(&mut reports, "taking back", |seen| seen.state == ReleaseState::RollingBack).await;
    let failed = seen(&mut reports, "taken back", is(ReleaseState::Failed, 4)).await;
    assert!(
        failed.message.contains("Upgrade \"ci\" failed: it took longer than 8 seconds: Deployment"),
        "{}",
        failed.message
    );
    assert_eq!((failed.helm_status.as_str(), world.message("ci").await.as_str()), ("deployed", "two"));

    world.wants(4, vec![ReleaseIntent { rollback: true, ..first.clone() }]).await;
    let back = seen(&mut reports, "rolled back", is(ReleaseState::Ready, 5)).await;
    assert_eq!(
        (back.history[0].description.as_str(), world.message("ci").await.as_str()),
        ("Rollback to 1", "hello")
    );
    let statuses: Vec<_> = back.history.iter().rev().map(|line| line.status.as_str()).collect();
    assert_eq!(statuses, ["superseded", "superseded", "failed", "superseded", "deployed"]);

    world.wants(5, vec![ReleaseIntent { rollback: true, test: 1, ..first }]).await;
    let tested = seen(&mut reports, "tested", |seen| seen.tested == 1 && !seen.tests.is_empty()).await;
    assert!(tested.tests[0].passed && tested.tests[0].object.ends_with("ci-test"), "{:?}", tested.tests);

    world.wants(6, Vec::new()).await;
    let gone =
        |report: &Report| matches!(report, Report::ReleaseGone { uid, .. } if uid == "uid-ci").then_some(());
    reports.until("gone", gone).await;
    assert!(
        !world.exists("apps/v1", "Deployment", "ci").await
            && !world.exists("v1", "ConfigMap", "ci-config").await
    );
    assert_eq!(world.records().await, Vec::<String>::new());
    agent.stop().await;
    world.stop().await;
}

/// Acceptance: killing the agent at any step leaves a release that is deployed or rolled back in the end.
pub async fn killed_at_any_step_a_release_is_brought_to_its_end_by_the_next(world: World) {
    let mut agent = world.agent();
    world.connected().await;
    let chart = Chart::make();
    assert_eq!(world.chart("PUT", &chart.digest(), chart.archive.clone()).await, StatusCode::OK);
    for round in 1..=8u64 {
        let message = format!("round {round}");
        let release = chart.release(&world, "ci", json!({"message": message}));
        let mut reports = world.reports().await;
        world.wants(round, vec![release.clone()]).await;
        // Each round lets one more step be done.
        let mut steps = 0;
        let kill = reports.until("a step to be killed at", |report| match report {
            Report::Release(seen) if seen.content == release.content && seen.state == ReleaseState::Ready => {
                Some(())
            }
            Report::Release(seen) if !seen.step.is_empty() => {
                steps += 1;
                (steps >= round).then(|| println!("killed at: {}", seen.step))
            }
            _ => None,
        });
        kill.await;
        agent.kill();
        eventually("it is gone", || async { world.hub.agents(CLUSTER).is_empty() }).await;
        agent = world.agent();
        world.connected().await;
        let mut reports = world.reports().await;
        let end = seen(&mut reports, "the end of a round", |seen| {
            seen.state == ReleaseState::Ready && seen.content == release.content
        })
        .await;
        assert_eq!((end.helm_status.as_str(), world.message("ci").await), ("deployed", message));
        let under_way = end.history.iter().filter(|line| line.status.contains("ing")).count();
        assert_eq!(under_way, 0, "{:?}", end.history);
        assert_eq!(
            end.history.iter().filter(|line| line.status == "deployed").count(),
            1,
            "{:?}",
            end.history
        );
    }
    agent.stop().await;
    world.stop().await;
}

/// A team's release can do what the team may do, and no more.
pub async fn a_release_of_a_team_acts_as_the_team(world: World) {
    let agent = world.agent();
    world.connected().await;
    let mut reports = world.reports().await;
    let chart = Chart::make();
    assert_eq!(world.chart("PUT", &chart.digest(), chart.archive.clone()).await, StatusCode::OK);
    let binding = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
        "metadata": {"name": "team", "namespace": world.team},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": format!("nagaya:team:{}", world.team)}]});
    let mut release = chart.release(&world, "ci", json!({}));
    let mut act_as = json!({"user": "nagaya:release:other", "groups": ["nagaya:team:other"]});
    release.act_as = Some(serde_json::from_value(act_as.clone()).unwrap());
    let wants = |revision, release: &ReleaseIntent| {
        intent(revision, vec![world.namespace(), binding.clone()]).with_releases(vec![release.clone()])
    };
    world.put(&wants(1, &release)).await.unwrap();
    seen(&mut reports, "refused", |seen| seen.message.contains("nagaya:release:other")).await;
    assert_eq!(world.records().await, Vec::<String>::new());

    act_as["user"] = json!("system:admin");
    release.act_as = Some(serde_json::from_value(act_as.clone()).unwrap());
    world.put(&wants(2, &release)).await.unwrap();
    seen(&mut reports, "not impersonated", |seen| seen.message.contains("only names under `nagaya:`")).await;

    act_as = json!({"user": "nagaya:release:team", "groups": [format!("nagaya:team:{}", world.team)]});
    release.act_as = Some(serde_json::from_value(act_as).unwrap());
    world.put(&wants(3, &release)).await.unwrap();
    seen(&mut reports, "installed", is(ReleaseState::Ready, 1)).await;
    agent.stop().await;
    world.stop().await;
}

/// The real Helm, in Python.
struct Helm {
    /// With a kubeconfig, and a Python in `bin/helm`: Helm applies objects in the name of its own process.
    folder: tempfile::TempDir,
    namespace: String,
}

impl Helm {
    /// None, with words, where it cannot be had.
    fn find(world: &World) -> Option<Helm> {
        let made = Command::new("../../scripts/oracle.sh").output().unwrap();
        if !made.status.success() {
            println!("skipped: no Helm SDK: {}", String::from_utf8_lossy(&made.stderr));
            return None;
        }
        let config = &world.kubernetes;
        let pem = |der: &Vec<u8>| {
            use base64::Engine as _;
            let text = base64::engine::general_purpose::STANDARD.encode(der);
            let lines = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned());
            let lines = lines.collect::<Vec<_>>().join("\n");
            format!("-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n")
        };
        let ca: String = config.root_cert.iter().flatten().map(pem).collect();
        use base64::Engine as _;
        let ca = base64::engine::general_purpose::STANDARD.encode(ca);
        let kubeconfig = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "x",
            "clusters": [{"name": "x", "cluster": {"server": config.cluster_url.to_string(), "certificate-authority-data": ca}}],
            "users": [{"name": "x", "user": config.auth_info}],
            "contexts": [{"name": "x", "context": {"cluster": "x", "user": "x"}}],
        });
        let python = PathBuf::from(String::from_utf8(made.stdout).unwrap().trim());
        let environment = python.parent().and_then(Path::parent).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("kubeconfig"), kubeconfig.to_string()).unwrap();
        std::fs::create_dir(folder.path().join("bin")).unwrap();
        for (of, name) in [("bin/python", "bin/helm"), ("lib", "lib"), ("pyvenv.cfg", "pyvenv.cfg")] {
            std::os::unix::fs::symlink(environment.join(of), folder.path().join(name)).unwrap();
        }
        Some(Helm { folder, namespace: world.team.clone() })
    }

    async fn ask(&self, mut request: Value) -> Value {
        request["kubeconfig"] = json!(self.folder.path().join("kubeconfig"));
        request["namespace"] = json!(self.namespace);
        let mut command = tokio::process::Command::new(self.folder.path().join("bin/helm"));
        let output = command.arg("tests/cluster/helm.py").arg(request.to_string()).output().await.unwrap();
        assert!(output.status.success(), "{request}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// Field of a release as the SDK tells it, wherever it stands.
fn field(release: &Value, name: &str) -> Value {
    let other = if name == "version" { "revision" } else { name };
    let places = [&release[name], &release[other], &release["info"][name]];
    places.into_iter().find(|value| !value.is_null()).cloned().unwrap_or_default()
}

pub async fn the_real_helm_reads_ours_and_we_go_on_with_its(world: World) {
    let Some(helm) = Helm::find(&world) else { return world.stop().await };
    let agent = world.agent();
    world.connected().await;
    let mut reports = world.reports().await;
    let chart = Chart::make();
    assert_eq!(world.chart("PUT", &chart.digest(), chart.archive.clone()).await, StatusCode::OK);
    let ours = chart.release(&world, "ours", json!({"message": "one"}));
    world.wants(1, vec![ours.clone()]).await;
    seen(&mut reports, "installed", is(ReleaseState::Ready, 1)).await;
    let listed = helm.ask(json!({"do": "list"})).await;
    let releases = listed.get("releases").unwrap_or(&listed).as_array().unwrap().clone();
    assert_eq!(releases.len(), 1, "{listed}");
    assert_eq!(
        (field(&releases[0], "name"), field(&releases[0], "status")),
        (json!("ours"), json!("deployed")),
        "{listed}"
    );

    let values = json!({"message": "theirs"});
    helm.ask(json!({"do": "upgrade", "name": "ours", "chart": chart.path(), "values": values})).await;
    // The release is what the intent says, whoever changed it.
    seen(&mut reports, "put right", is(ReleaseState::Ready, 3)).await;
    assert_eq!(world.message("ours").await, "one");
    let history = helm.ask(json!({"do": "history", "name": "ours"})).await;
    let revisions = history.get("releases").unwrap_or(&history).as_array().unwrap().clone();
    let statuses: Vec<_> =
        revisions.iter().map(|one| (field(one, "version"), field(one, "status"))).collect();
    assert!(statuses.contains(&(json!(3), json!("deployed"))), "{history}");
    assert!(statuses.contains(&(json!(2), json!("superseded"))), "{history}");

    let values = json!({"message": "theirs", "more": {"extra": "x"}});
    helm.ask(json!({"do": "install", "name": "theirs", "chart": chart.path(), "values": values})).await;
    let map = world.get("v1", "ConfigMap", "theirs-config").await.unwrap();
    assert_eq!(map.data["data"]["extra"], "x");
    let adopted = chart.release(&world, "theirs", json!({"message": "ours now"}));
    world.wants(2, vec![ours, adopted]).await;
    seen(&mut reports, "adopted", |seen| {
        seen.name == "theirs" && seen.state == ReleaseState::Ready && seen.revision == 2
    })
    .await;
    let map = world.get("v1", "ConfigMap", "theirs-config").await.unwrap();
    assert_eq!(map.data["data"], json!({"message": "ours now"}), "what left the chart left the object");
    let status = helm.ask(json!({"do": "status", "name": "theirs"})).await;
    assert_eq!(
        (field(&status, "status"), field(&status, "version")),
        (json!("deployed"), json!(2)),
        "{status}"
    );

    helm.ask(json!({"do": "rollback", "name": "theirs", "version": 1})).await;
    seen(&mut reports, "put right again", |seen| {
        seen.name == "theirs" && seen.state == ReleaseState::Ready && seen.revision == 4
    })
    .await;
    assert_eq!(world.message("theirs").await, "ours now");
    world.wants(3, Vec::new()).await;
    eventually("all is gone", || async { world.records().await.is_empty() }).await;
    agent.stop().await;
    world.stop().await;
}
