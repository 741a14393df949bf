//! Issue 5, CI on the shared cluster: `examples/ci/buildbot` on a real cluster. A push starts builds whose workers are pods
//! that appear, run and vanish; as many at once as the team's quota allows, and the rest wait and say why.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{collections::BTreeMap, io::Write as _, process::Command, time::Duration};

use nagaya_e2e::{Instance, Kubectl, until};
use serde_json::{Value, json};

const NAMESPACE: &str = "ci";
const BUILDS_IN: &str = "ci-alpha";
const PASSWORD: &str = "pushed-by-alpha";
/// Pulling the image on a loaded machine takes most of it.
const PATIENCE: Duration = Duration::from_secs(240);

/// The image, built unless it is there already.
fn image() -> String {
    let out = Command::new("../scripts/images.sh").args(["build", "ci"]).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("buildbot=")).expect("an image").to_owned()
}

/// What `nagaya chart template` makes of the chart.
fn rendered(nagaya: &Instance) -> String {
    let values = json!({
        "image": image(),
        "pollSeconds": 1,
        "teams": {"alpha": {
            "namespace": BUILDS_IN,
            "createNamespace": true,
            "workers": 4,
            "quota": {"pods": "2"},
            "resources": {"cpu": "50m", "memory": "128Mi"},
            "password": PASSWORD,
        }},
    });
    let mut file = tempfile::NamedTempFile::new().unwrap();
    write!(file, "{values}").unwrap();
    let file = file.path().to_str().unwrap();
    nagaya.ok(&["chart", "template", "ci", "../examples/ci/buildbot", "--namespace", NAMESPACE, "-f", file])
}

/// A path of Buildbot's API, through Kubernetes.
fn ask(kubectl: &Kubectl, path: &str) -> Result<Value, String> {
    let out = kubectl.run(&[
        "get",
        "--raw",
        &format!("/api/v1/namespaces/{NAMESPACE}/services/ci:8010/proxy/api/v2/{path}"),
    ]);
    serde_json::from_slice(&out.stdout).map_err(|_| String::from_utf8_lossy(&out.stderr).into_owned())
}

fn items(answer: &Value, kind: &str) -> Vec<Value> {
    answer[kind].as_array().cloned().unwrap_or_default()
}

/// Pods of builds, by name, with their phases.
fn pods(kubectl: &Kubectl) -> BTreeMap<String, String> {
    let list = kubectl.json(&["get", "pods", "-n", BUILDS_IN]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of = |pod: &Value| (text(&pod["metadata"]["name"]), text(&pod["status"]["phase"]));
    items(&list, "items").iter().map(of).collect()
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn a_push_starts_builds_in_pods_up_to_the_quota_and_the_rest_wait_and_say_why() {
    let nagaya = Instance::get();
    let kubectl = Kubectl::direct(&nagaya, "one");
    let text = rendered(&nagaya);
    let apply = |namespace: &str, text: &str| {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        kubectl.ok(&["apply", "-n", namespace, "-f", file.path().to_str().unwrap()]);
    };
    kubectl.run(&["create", "namespace", NAMESPACE]);
    // Objects that name no namespace go into the release's.
    let (elsewhere, here): (Vec<&str>, Vec<&str>) = text.split("\n---\n").partition(|object| {
        object.contains(&format!("namespace: {BUILDS_IN}")) || object.contains("kind: Namespace")
    });
    apply(BUILDS_IN, &elsewhere.join("\n---\n"));
    apply(NAMESPACE, &here.join("\n---\n"));

    // The master may do with pods of builds what it must, and nothing else anywhere.
    let may = |verb: &str, what: &str, namespace: &str| {
        let (resource, subresource) = what.split_once('/').unwrap_or((what, ""));
        let review = json!({
            "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
            "spec": {
                "user": format!("system:serviceaccount:{NAMESPACE}:ci"),
                "groups": ["system:serviceaccounts", format!("system:serviceaccounts:{NAMESPACE}"), "system:authenticated"],
                "resourceAttributes": {"verb": verb, "resource": resource, "subresource": subresource, "namespace": namespace},
            },
        });
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), review.to_string()).unwrap();
        let answer = kubectl.ok(&["create", "-o", "json", "-f", file.path().to_str().unwrap()]);
        serde_json::from_str::<Value>(&answer).unwrap()["status"]["allowed"] == true
    };
    assert!(may("create", "pods", BUILDS_IN) && may("delete", "pods", BUILDS_IN));
    for (verb, what, namespace) in [
        ("list", "pods", BUILDS_IN),
        ("create", "pods/exec", BUILDS_IN),
        ("get", "secrets", BUILDS_IN),
        ("update", "resourcequotas", BUILDS_IN),
        ("create", "pods", NAMESPACE),
        ("create", "pods", "team-alpha"),
    ] {
        assert!(!may(verb, what, namespace), "it may {verb} {what} in {namespace}");
    }

    until("the master answers", PATIENCE, || ask(&kubectl, "builders").map(|_| ()));
    // The first push makes the branch that is followed; each further commit of one push is a build of its own.
    let push = |script: &str| {
        let script = format!(
            "set -e; cd /tmp; export HOME=/tmp; git config --global user.name dev-01; git config --global user.email dev-01@example.com
             [ -d work ] || git init -q -b main work; cd work; {script}; git push -q http://alpha:{PASSWORD}@127.0.0.1:8080/alpha.git main"
        );
        kubectl.ok(&["exec", "-n", NAMESPACE, "deploy/ci", "-c", "git", "--", "sh", "-c", &script]);
    };
    push(
        "printf '#!/bin/sh\\nsleep 6; echo built by $(id -u)\\n' > build.sh; chmod +x build.sh; git add .; git commit -qm first",
    );
    // What is there at the first look is where it begins; only what comes later is built.
    let looks = || {
        let count = "grep -c 'gitpoller: processing changes' /data/master/twistd.log || true";
        let out =
            kubectl.ok(&["exec", "-n", NAMESPACE, "deploy/ci", "-c", "master", "--", "sh", "-c", count]);
        out.trim().parse::<usize>().map_err(|_| out)
    };
    let before = looks().unwrap_or_default();
    until("the branch is followed", PATIENCE, || match looks()? {
        now if now >= before + 2 => Ok(()),
        now => Err(format!("{now} looks, {before} before the push")),
    });
    push("for n in 1 2 3 4; do git commit -q --allow-empty -m more-$n; done");

    let mut most = 0;
    let mut reasons = Vec::new();
    let finished = until("four builds are done", PATIENCE, || {
        let running = pods(&kubectl);
        // One that has ended leaves its place at once, and is removed a moment later.
        let is_over = |phase: &String| phase == "Succeeded" || phase == "Failed";
        let counted = running.values().filter(|phase| !is_over(phase)).count();
        assert!(counted <= 2, "the quota holds: {running:?}");
        most = most.max(running.values().filter(|phase| *phase == "Running").count());
        for worker in items(&ask(&kubectl, "workers")?, "workers") {
            if let Some(reason) = worker["pause_reason"].as_str() {
                reasons.push(reason.to_owned());
            }
        }
        let builds = items(&ask(&kubectl, "builds")?, "builds");
        let done: Vec<_> = builds.iter().filter(|build| build["complete"] == true).cloned().collect();
        if done.len() >= 4 { Ok(done) } else { Err(format!("{builds:?} {running:?}")) }
    });
    assert_eq!(most, 2, "as many at once as the quota allows");
    let reason = reasons.first().expect("the builds that waited said why");
    for part in ["quota", "pods=1", "used: pods=2", "limited: pods=2"] {
        assert!(reason.contains(part), "{part} in {reason}");
    }
    for build in &finished {
        assert_eq!(build["results"], 0, "{build}");
    }
    until("the pods of builds are gone", PATIENCE, || {
        let left = pods(&kubectl);
        if left.is_empty() { Ok(()) } else { Err(format!("{left:?}")) }
    });
    kubectl.ok(&["delete", "namespace", NAMESPACE, BUILDS_IN, "--wait=false"]);
}
