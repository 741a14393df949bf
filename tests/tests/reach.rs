//! One kubectl for all clusters, and what a person cannot reach by it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    process::{Command, Output},
    time::Duration,
};

use nagaya_e2e::{Instance, Kubectl, kubectl};
use tempfile::{NamedTempFile, TempDir};

/// `nagaya …` with the kubectl of these tests in PATH.
fn over_all(nagaya: &Instance, args: &[&str]) -> Output {
    let dir = TempDir::new().unwrap();
    std::os::unix::fs::symlink(kubectl::all().remove(0), dir.path().join("kubectl")).unwrap();
    let path = format!("{}:{}", dir.path().display(), std::env::var("PATH").unwrap_or_default());
    nagaya.command(args).env("PATH", path).output().expect("nagaya runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn clusters(nagaya: &Instance) -> Vec<String> {
    let list = nagaya.json(&["get", "clusters"]);
    let ready = list["items"].as_array().unwrap().iter().filter(|one| one["status"]["phase"] == "Ready");
    ready.map(|one| one["metadata"]["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn one_kubectl_reaches_every_cluster_and_names_the_one_that_failed() {
    let nagaya = Instance::get();
    let names = clusters(&nagaya);
    assert!(names.len() >= 2, "{names:?}");
    let list = names.join(",");
    let table = over_all(&nagaya, &["kubectl", "--cluster", &list, "--", "get", "namespaces"]);
    assert!(table.status.success(), "{}", text(&table.stderr));
    let table = text(&table.stdout);
    let mut lines = table.lines();
    assert!(lines.next().unwrap().starts_with("CLUSTER   NAME"), "{table}");
    for name in &names {
        assert!(
            lines.clone().any(|line| line.split_whitespace().take(2).eq([name.as_str(), "kube-system"])),
            "{table}"
        );
    }
    let json = over_all(&nagaya, &["kubectl", "--cluster", &list, "--", "get", "nodes", "-o", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    for name in &names {
        let of = |item: &&serde_json::Value| {
            item["metadata"]["annotations"]["nagaya.dev/cluster"] == name.as_str()
        };
        assert!(json["items"].as_array().unwrap().iter().any(|item| of(&item)), "{json}");
    }
    let some = format!("{list},nowhere");
    let failed = over_all(&nagaya, &["kubectl", "--cluster", &some, "--", "get", "nodes"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(text(&failed.stderr).contains("nowhere: "), "{}", text(&failed.stderr));
    assert!(text(&failed.stdout).contains(&names[0]), "the others' output is there");
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn one_kubeconfig_has_a_context_for_each_cluster() {
    let nagaya = Instance::get();
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), nagaya.ok(&["kubeconfig", "--all"])).unwrap();
    let kubectl = |args: &[&str]| {
        let out = Command::new(kubectl::all().remove(0))
            .args(args)
            .env("KUBECONFIG", file.path())
            .output()
            .unwrap();
        assert!(out.status.success(), "{args:?}: {}", text(&out.stderr));
        text(&out.stdout)
    };
    let contexts = kubectl(&["config", "get-contexts", "-o", "name"]);
    for name in clusters(&nagaya) {
        let context = contexts.lines().find(|line| line.ends_with(&format!("-{name}"))).expect("a context");
        assert!(
            kubectl(&["--context", context, "get", "namespaces", "-o", "name"])
                .contains("namespace/kube-system")
        );
    }
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn nobody_acts_as_somebody_else_through_nagaya_and_the_attempt_is_on_record() {
    let nagaya = Instance::get();
    let kubectl = Kubectl::admin(&nagaya, "one");
    for args in [
        // By path, from the server's root: kubectl's discovery would be refused first, and kubectl keeps that to itself.
        &["get", "--raw", "/api/v1alpha1/clusters/one/kubernetes/api/v1/pods", "--as", "system:admin"][..],
        &[
            "get",
            "--raw",
            "/api/v1alpha1/clusters/one/kubernetes/api/v1/pods",
            "--as",
            "nagaya:admin",
            "--as-group",
            "system:masters",
        ],
        &[
            "delete",
            "--raw",
            "/api/v1alpha1/clusters/one/kubernetes/api/v1/namespaces/alpha",
            "--as",
            "system:admin",
        ],
    ] {
        let out = kubectl.run(args);
        assert!(!out.status.success(), "{args:?}");
        // Whichever of its headers is met first.
        assert!(text(&out.stderr).contains("carries the header impersonate-"), "{}", text(&out.stderr));
    }
    assert!(kubectl.ok(&["get", "namespace", "alpha", "-o", "name"]).contains("alpha"));
}

/// What `nagaya image export` writes is an image layout that other programs read.
#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn the_agents_image_is_exported_whole() {
    let nagaya = Instance::get();
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("agent.tar");
    nagaya.ok(&["image", "export", "--output", file.to_str().unwrap()]);
    let out = Command::new("tar").arg("-tf").arg(&file).output().unwrap();
    let listed = text(&out.stdout);
    assert!(
        out.status.success() && listed.contains("oci-layout") && listed.contains("index.json"),
        "{listed}"
    );
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn a_direct_kubeconfig_passes_nagaya_by_as_the_person_and_ends_when_it_is_revoked() {
    let nagaya = Instance::get();
    let cluster = clusters(&nagaya).remove(0);
    let file = NamedTempFile::new().unwrap();
    let config = nagaya.ok(&["kubeconfig", &cluster, "--direct", "--for", "10m"]);
    // No part of the way is the server's.
    let server = config.lines().find(|line| line.trim_start().starts_with("server: ")).expect("an address");
    assert!(server.contains("https://") && !server.contains("/clusters/"), "{server}");
    std::fs::write(file.path(), &config).unwrap();
    let kubectl = |args: &[&str]| {
        Command::new(kubectl::all().remove(0)).args(args).env("KUBECONFIG", file.path()).output().unwrap()
    };
    let made = kubectl(&["create", "namespace", "reach-direct"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let gone = kubectl(&["delete", "namespace", "reach-direct", "--wait=false"]);
    assert!(gone.status.success(), "{}", text(&gone.stderr));
    // The account itself may do nothing but act as the person.
    let mut itself: serde_json::Value = yaml_serde::from_str(&config).unwrap();
    let user = itself["users"][0]["user"].as_object_mut().unwrap();
    assert_eq!(user.remove("as").unwrap(), "nagaya:admin");
    user.remove("as-groups").unwrap();
    std::fs::write(file.path(), itself.to_string()).unwrap();
    let pods = kubectl(&["get", "pods", "--all-namespaces"]);
    assert!(text(&pods.stderr).contains("Forbidden"), "{pods:?}");

    std::fs::write(file.path(), &config).unwrap();
    nagaya.ok(&["kubeconfig", &cluster, "--direct", "--revoke"]);
    // The API server may remember a token for 10 s.
    nagaya_e2e::until("the token is refused", Duration::from_secs(60), || {
        let refused = text(&kubectl(&["get", "namespaces"]).stderr);
        if refused.contains("Unauthorized") { Ok(()) } else { Err(refused) }
    });
}
