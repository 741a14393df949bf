//! What splitting buys: round trips in one team's desktop while somebody burns all that a cluster may use — another
//! team's cluster, or the desktop's own.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use nagaya_e2e::{Kubectl, until};
use serde_json::json;

use crate::{
    create::apply,
    desktop::Page,
    figures::{Line, Samples},
    rfb::Rfb,
    subject::Subject,
};

/// Rounds of quiet, other cluster, quiet, own cluster.
const ROUNDS: usize = 4;
/// How long each is measured.
const SPAN: Duration = Duration::from_secs(10);
/// Pause between two round trips: somebody who types fast.
const PAUSE: Duration = Duration::from_millis(20);
/// Pods that burn.
const PODS: u32 = 4;

/// Measures.
pub fn measure(subject: &Subject) -> Vec<Line> {
    let (own, other) = (subject.instance.kubectl("java"), subject.instance.kubectl("python-1"));
    let image = own.ok(&[
        "get",
        "statefulset",
        "-n",
        "java",
        "java-dev-01",
        "-o",
        "jsonpath={.spec.template.spec.containers[?(@.name==\"workspace\")].image}",
    ]);
    install(&own, "java", &image);
    install(&other, "python-1", &image);
    let (mut quiet, mut beside, mut within) = (Samples::default(), Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        sample(subject, &mut quiet);
        burn(&other, "python-1", PODS);
        sample(subject, &mut beside);
        burn(&other, "python-1", 0);
        sample(subject, &mut quiet);
        burn(&own, "java", PODS);
        sample(subject, &mut within);
        burn(&own, "java", 0);
    }
    vec![
        line("RFB round trip while another team's cluster burns", &beside, &quiet, true),
        line("RFB round trip while its own cluster burns", &within, &quiet, false),
    ]
}

fn line(what: &str, load: &Samples, quiet: &Samples, promised: bool) -> Line {
    let median = load.median() / quiet.median();
    let tail = load.percentile(99.0) / quiet.percentile(99.0);
    let target = match (promised, (median - 1.0).abs() <= 0.1) {
        (false, _) => "the difference".to_owned(),
        (true, met) => format!("median within 10 %: {}", if met { "met" } else { "MISSED" }),
    };
    Line {
        what: what.into(),
        figure: format!(
            "median {:.2} ms, ratio {median:.2}; p99 {:.1} ms, ratio {tail:.2}",
            load.median(),
            load.percentile(99.0)
        ),
        reference: format!("quiet: {:.2} ms; p99 {:.1} ms", quiet.median(), quiet.percentile(99.0)),
        target,
    }
}

/// A Deployment of pods that take every core and all memory they get, at first none of them.
fn install(kubectl: &Kubectl, namespace: &str, image: &str) {
    // Memory first, most of what a pod may have, then two loops that never end.
    let script = "import os\nkeep = bytearray(os.urandom(1 << 20)) * 300\nos.fork()\nwhile True: pass\n";
    let deployment = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "burn", "namespace": namespace},
        "spec": {"replicas": 0, "selector": {"matchLabels": {"app": "burn"}}, "template": {
            "metadata": {"labels": {"app": "burn"}},
            "spec": {"terminationGracePeriodSeconds": 0, "containers": [{
                "name": "burn", "image": image, "command": ["python3", "-c", script],
                "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}},
                "securityContext": {"runAsUser": 1000, "allowPrivilegeEscalation": false},
            }]},
        }},
    });
    apply(kubectl.command(&["apply", "-f", "-"]), &deployment);
}

/// Has this many pods burn, and waits until it is so.
fn burn(kubectl: &Kubectl, namespace: &str, pods: u32) {
    kubectl.ok(&["scale", "deployment", "burn", "-n", namespace, &format!("--replicas={pods}")]);
    until("the burning pods are as many as asked for", Duration::from_secs(120), || {
        let list = kubectl.json(&["get", "pods", "-n", namespace, "-l", "app=burn"]);
        let items = list["items"].as_array().cloned().unwrap_or_default();
        let running = items.iter().filter(|pod| pod["status"]["phase"] == "Running").count();
        let count = usize::try_from(pods).unwrap_or_default();
        if items.len() == count && running == count {
            Ok(())
        } else {
            Err(format!("{running} of {}", items.len()))
        }
    });
    sleep(Duration::from_secs(2));
}

fn sample(subject: &Subject, into: &mut Samples) {
    let page = Page::open(subject, "java-dev-01")
        .unwrap_or_else(|error| panic!("the desktop does not open: {error}"));
    let mut rfb = Rfb::new(page).unwrap_or_else(|error| panic!("the desktop does not answer: {error}"));
    let began = Instant::now();
    while began.elapsed() < SPAN {
        let asked = Instant::now();
        rfb.round_trip().unwrap_or_else(|error| panic!("the desktop went away: {error}"));
        into.add(asked.elapsed());
        sleep(PAUSE);
    }
}
