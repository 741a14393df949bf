//! Issue 5: an environment that is a chart.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{path::Path, time::Duration};

use nagaya_e2e::{Instance, instance::PATIENCE, until};
use serde_json::{Value, json};

const TEMPLATE: &str = "chart-desktop";

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// The example's chart in a repository of the instance.
fn repository(nagaya: &Instance) {
    let charts = std::env::var("NAGAYA_CHARTS").expect("NAGAYA_CHARTS: run by scripts/e2e.sh");
    let folder = Path::new(&charts).join("environments");
    copy(Path::new("../examples/environments/desktop"), &folder.join("desktop"));
    let spec = json!({ "url": format!("file://{}", folder.display()) });
    apply(nagaya, &json!({ "kind": "Repository", "metadata": { "name": "environments" }, "spec": spec }));
    nagaya.ok(&["repository", "refresh", "environments"]);
}

fn apply(nagaya: &Instance, object: &Value) {
    let mut object = object.clone();
    object["apiVersion"] = "nagaya.dev/v1alpha1".into();
    let out = nagaya.run_with(&["apply", "-f", "-"], &object.to_string());
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

/// Writes the template, with something changed of it.
fn template(nagaya: &Instance, change: impl FnOnce(&mut Value)) {
    let image = nagaya.json(&["get", "image", "python"])["spec"]["reference"].clone();
    let mut spec = json!({
        "chart": {
            "repository": "environments", "chart": "desktop", "version": "^1", "service": "{workspace}-vnc",
            "homeValue": "home.claim", "values": { "image": image },
        },
        "homeSize": "64Mi",
        "ports": [{ "name": "desktop", "port": 5900 }],
    });
    change(&mut spec);
    apply(nagaya, &json!({ "kind": "Template", "metadata": { "name": TEMPLATE }, "spec": spec }));
}

/// Waits until it is found out of the template as it is now whether it fits; gives what is said of it.
fn resolved(nagaya: &Instance, fits: bool) -> String {
    until("the template's chart is looked for", Duration::from_secs(60), || {
        let status = nagaya.json(&["get", "template", TEMPLATE])["status"].clone();
        let said =
            status["conditions"].as_array().into_iter().flatten().find(|one| one["type"] == "Resolved");
        match said {
            Some(said) if said["status"] == fits => {
                Ok(said["message"].as_str().unwrap_or_default().to_owned())
            }
            _ => Err(status.to_string()),
        }
    })
}

/// What Kubernetes has of a workspace's release: its objects, and Helm's records.
fn left(nagaya: &Instance, name: &str) -> Vec<String> {
    let kubectl = nagaya.kubectl("one");
    let objects = format!("app.kubernetes.io/instance={name}");
    let records = format!("owner=helm,name={name}");
    let of = |kinds: &str, selector: &str| {
        let list = kubectl.ok(&["-n", "alpha", "get", kinds, "-l", selector, "-o", "name"]);
        list.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    [of("deployments,services,pods", &objects), of("secrets", &records)].concat()
}

fn gone(nagaya: &Instance, name: &str) {
    until("nothing of the release is left", PATIENCE, || match left(nagaya, name) {
        left if left.is_empty() => Ok(()),
        left => Err(left.join(", ")),
    });
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn a_chart_is_a_workspace_that_opens_stops_starts_and_leaves_nothing() {
    let nagaya = Instance::get();
    let name = "charted";
    repository(&nagaya);
    template(&nagaya, |spec| spec["chart"]["service"] = "{workspace}".into());
    let said = resolved(&nagaya, false);
    assert!(said.contains("spec.chart.service") && said.contains("{workspace}-vnc"), "{said}");
    template(&nagaya, |_| ());
    assert!(resolved(&nagaya, true).contains("environments/desktop 1.0.0"));

    nagaya.ok(&["workspace", "create", name, "--team", "alpha", "--owner", "dev-01", "-t", TEMPLATE]);
    let running = nagaya.running(name);
    assert_eq!(running["status"]["pod"]["container"], "desktop", "{running}");
    assert_eq!(nagaya.banner(name).map(|words| words[..4].to_owned()), Ok("RFB ".to_owned()));
    let records = left(&nagaya, name);
    assert!(records.iter().any(|one| one == "secret/sh.helm.release.v1.charted.v1"), "{records:?}");
    let releases = nagaya.json(&["get", "releases"]);
    let named = |one: &Value| one["metadata"]["name"] == name;
    assert!(!releases["items"].as_array().unwrap().iter().any(named), "it is a workspace: {releases}");
    nagaya.exec(name, &["sh", "-c", "echo kept > /home/dev/file"]);

    // Another value waits for the next start.
    template(&nagaya, |spec| spec["chart"]["values"]["environment"] = json!({ "PROBE": "second" }));
    until("it is outdated", Duration::from_secs(60), || {
        let status = nagaya.workspace(name)["status"].clone();
        if status["outdated"] == true { Ok(()) } else { Err(status.to_string()) }
    });
    assert_eq!(nagaya.workspace(name)["status"]["pod"]["uid"], running["status"]["pod"]["uid"]);

    nagaya.ok(&["workspace", "stop", name]);
    gone(&nagaya, name);
    nagaya.ok(&["workspace", "start", name]);
    let again = nagaya.running(name);
    assert_ne!(again["status"]["pod"]["uid"], running["status"]["pod"]["uid"]);
    assert_eq!(again["status"]["outdated"], false);
    assert_eq!(nagaya.exec(name, &["sh", "-c", "cat /home/dev/file; echo $PROBE"]), "kept\nsecond\n");
    assert_eq!(nagaya.banner(name).map(|words| words[..4].to_owned()), Ok("RFB ".to_owned()));

    nagaya.ok(&["workspace", "delete", name]);
    gone(&nagaya, name);
    nagaya.ok(&["workspace", "start", name]);
    nagaya.running(name);
    assert_eq!(nagaya.exec(name, &["cat", "/home/dev/file"]), "kept\n", "deleting keeps the home");

    nagaya.ok(&["workspace", "purge", name, "--yes"]);
    assert_eq!(nagaya.run(&["get", "workspace", name]).status.code(), Some(3));
    gone(&nagaya, name);
    let claim = nagaya.kubectl("one").run(&["-n", "alpha", "get", "pvc", "home-charted"]);
    assert!(!claim.status.success(), "the home is gone too");
    nagaya.ok(&["delete", "template", TEMPLATE]);
    nagaya.ok(&["delete", "repository", "environments"]);
}
