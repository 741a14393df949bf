//! From `workspace create` to the first RFB byte in the page, beside the same pod by plain `kubectl apply`.

use std::{
    io::{self, Write as _},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use nagaya_e2e::Kubectl;
use serde_json::{Value, json};

use crate::{
    desktop::{Page, in_pod},
    figures::{Line, Samples, target},
    rfb::banner,
    subject::Subject,
};

/// How often each is done, in turns.
const ROUNDS: usize = 7;
/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(5);
/// Longest wait.
const PATIENCE: Duration = Duration::from_secs(120);

/// Measures.
pub fn measure(subject: &Subject) -> Vec<Line> {
    let kubectl = subject.instance.kubectl("java");
    let model = kubectl.json(&["get", "statefulset", "-n", "java", "java-dev-01"]);
    let (mut workspaces, mut pods) = (Samples::default(), Samples::default());
    // The first of each is warm-up.
    for round in 0..=ROUNDS {
        let (workspace, pod) = (workspace(subject, round), pod(&kubectl, &model, round));
        if round > 0 {
            workspaces.add(workspace);
            pods.add(pod);
        }
    }
    let ratio = workspaces.median() / pods.median();
    vec![Line {
        what: "workspace create → first RFB byte in the page".into(),
        figure: format!("{:.0} ms, ratio {ratio:.2}", workspaces.median()),
        reference: format!("same pod by kubectl apply: {:.0} ms", pods.median()),
        target: target(ratio, 1.3, ""),
    }]
}

fn workspace(subject: &Subject, round: usize) -> Duration {
    let name = format!("bench-{round}");
    let began = Instant::now();
    let args = [
        "workspace",
        "create",
        &name,
        "--team",
        "java",
        "--template",
        "desktop",
        "--owner",
        "dev-01",
        "--no-wait",
    ];
    subject.instance.ok(&args);
    wait("a workspace's desktop", || banner(&mut Page::open(subject, &name)?));
    let took = began.elapsed();
    subject.instance.ok(&["workspace", "delete", &name]);
    subject.instance.ok(&["workspace", "purge", &name, "--yes"]);
    took
}

/// The pod that a workspace has, home, relay and all, but applied by hand.
fn pod(kubectl: &Kubectl, model: &Value, round: usize) -> Duration {
    let name = format!("plain-{round}");
    let mut spec = model["spec"]["template"]["spec"].clone();
    for volume in spec["volumes"].as_array_mut().into_iter().flatten() {
        if let Some(claim) = volume.pointer_mut("/persistentVolumeClaim/claimName") {
            *claim = json!(name);
        }
    }
    let objects = json!({"apiVersion": "v1", "kind": "List", "items": [
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name, "namespace": "java"},
         "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "64Mi"}}}},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "java"}, "spec": spec},
    ]});
    let began = Instant::now();
    apply(kubectl.command(&["apply", "-f", "-"]), &objects);
    let uid = kubectl.ok(&["get", "pod", "-n", "java", &name, "-o", "jsonpath={.metadata.uid}"]);
    wait("a plain pod's desktop", || banner(&mut in_pod(&uid)?));
    let took = began.elapsed();
    kubectl.ok(&["delete", "pod,pvc", "-n", "java", &name, "--grace-period=1"]);
    took
}

/// `kubectl apply -f -` with these objects.
pub fn apply(mut command: Command, objects: &Value) {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("kubectl does not start: {error}"));
    let mut input = child.stdin.take().unwrap_or_else(|| unreachable!("it is piped"));
    input
        .write_all(objects.to_string().as_bytes())
        .unwrap_or_else(|error| panic!("kubectl does not read: {error}"));
    drop(input);
    let status = child.wait().unwrap_or_else(|error| panic!("kubectl does not end: {error}"));
    assert!(status.success(), "kubectl apply: {status}");
}

fn wait(what: &str, mut look: impl FnMut() -> io::Result<()>) {
    let began = Instant::now();
    while let Err(error) = look() {
        assert!(began.elapsed() < PATIENCE, "{what} does not come: {error}");
        sleep(LOOK);
    }
}
