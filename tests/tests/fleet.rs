//! Groups and bundles on real clusters.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use nagaya_e2e::{Instance, Kubectl, instance::PATIENCE, process::kill_hard, until};
use serde_json::{Value, json};

/// What somebody changes by hand is undone within this (the issue's promise).
const UNDONE: Duration = Duration::from_secs(5);
/// A bundle has reached a cluster within this.
const REACHED: Duration = Duration::from_secs(60);

/// Groups and bundles of a test.
struct Bundles<'a> {
    nagaya: &'a Instance,
    names: Vec<String>,
    groups: Vec<String>,
}

impl<'a> Bundles<'a> {
    fn new(nagaya: &'a Instance) -> Self {
        Self { nagaya, names: Vec::new(), groups: Vec::new() }
    }

    fn group(&mut self, name: &str, selector: &str) {
        self.apply(&json!({
            "apiVersion": "nagaya.dev/v1alpha1", "kind": "Group", "metadata": {"name": name},
            "spec": {"selector": selector},
        }));
        self.groups.push(name.to_owned());
    }

    fn bundle(&mut self, name: &str, spec: &Value) {
        self.apply(&json!({
            "apiVersion": "nagaya.dev/v1alpha1", "kind": "Bundle", "metadata": {"name": name}, "spec": spec,
        }));
        self.names.push(name.to_owned());
    }

    fn apply(&self, object: &Value) {
        let out = self.nagaya.run_with(&["apply", "-f", "-"], &object.to_string());
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }

    /// Where a bundle stands on a cluster.
    fn line(&self, bundle: &str, cluster: &str) -> Option<Value> {
        let object = self.nagaya.json(&["get", "bundle", bundle]);
        let lines = object["status"]["clusters"].as_array()?;
        lines.iter().find(|line| line["cluster"] == cluster).cloned()
    }

    fn state(&self, bundle: &str, cluster: &str, wanted: &str) -> Value {
        until(&format!("{bundle} is {wanted} on {cluster}"), REACHED, || {
            let line = self.line(bundle, cluster).unwrap_or_default();
            let object = self.nagaya.json(&["get", "bundle", bundle]);
            let seen = object["metadata"]["generation"] == object["status"]["observedGeneration"];
            let there = line["state"] == wanted && seen;
            if there { Ok(line.clone()) } else { Err(line.to_string()) }
        })
    }
}

/// What a test made goes, whatever became of it.
impl Drop for Bundles<'_> {
    fn drop(&mut self) {
        for name in &self.names {
            self.nagaya.run(&["delete", "bundle", name]);
        }
        for name in &self.groups {
            self.nagaya.run(&["delete", "group", name]);
        }
    }
}

fn config(name: &str, value: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": "default"}, "data": {"v": value},
    })
}

/// Its value; `Ok(None)` when it is not there.
fn value(kubectl: &Kubectl, name: &str) -> Result<Option<String>, String> {
    let path = "jsonpath={.data.v}";
    let out = kubectl.run(&["-n", "default", "get", "configmap", name, "-o", path]);
    let complaint = String::from_utf8_lossy(&out.stderr);
    match out.status.success() {
        true => Ok(Some(String::from_utf8_lossy(&out.stdout).into_owned())),
        false if complaint.contains("NotFound") => Ok(None),
        false => Err(complaint.into_owned()),
    }
}

fn becomes(kubectl: &Kubectl, name: &str, wanted: Option<&str>, patience: Duration) {
    until(&format!("ConfigMap {name} is {wanted:?}"), patience, || {
        let found = value(kubectl, name)?;
        if found.as_deref() == wanted { Ok(()) } else { Err(format!("it is {found:?}")) }
    });
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn a_bundle_is_on_every_cluster_of_its_group_whatever_is_done_by_hand() {
    let nagaya = Instance::get();
    let mut bundles = Bundles::new(&nagaya);
    let (one, two) = (nagaya.kubectl("one"), nagaya.kubectl("two"));
    bundles.group("e2e-both", "nagaya.dev/cluster in (one,two)");
    let spec = |objects: Value| json!({"groups": ["e2e-both"], "objects": objects});
    bundles.bundle("e2e-drift", &spec(json!([config("e2e-a", "${cluster.name}"), config("e2e-b", "1")])));
    becomes(&one, "e2e-a", Some("one"), REACHED);
    becomes(&two, "e2e-a", Some("two"), REACHED);
    bundles.state("e2e-drift", "one", "Ready");
    bundles.state("e2e-drift", "two", "Ready");

    one.ok(&["-n", "default", "create", "configmap", "e2e-mine", "--from-literal=v=mine"]);
    one.ok(&["-n", "default", "patch", "configmap", "e2e-a", "-p", r#"{"data":{"v":"by hand"}}"#]);
    becomes(&one, "e2e-a", Some("one"), UNDONE);
    two.ok(&["-n", "default", "delete", "configmap", "e2e-b"]);
    becomes(&two, "e2e-b", Some("1"), UNDONE);
    let drift = until("the drift is shown", REACHED, || {
        let line = bundles.line("e2e-drift", "one").unwrap_or_default();
        let drift = line["drift"]["last"].clone();
        if drift["object"] == "ConfigMap default/e2e-a" { Ok(drift) } else { Err(line.to_string()) }
    });
    assert!(drift["manager"].as_str().unwrap().starts_with("kubectl"), "{drift}");
    assert!(drift["fields"].to_string().contains("data"), "{drift}");

    bundles.bundle("e2e-drift", &spec(json!([config("e2e-a", "2")])));
    becomes(&one, "e2e-b", None, REACHED);
    becomes(&two, "e2e-b", None, REACHED);
    becomes(&two, "e2e-a", Some("2"), REACHED);
    assert_eq!(nagaya.run(&["bundle", "diff", "e2e-drift", "--cluster", "one"]).status.code(), Some(0));
    nagaya.ok(&["bundle", "rollback", "e2e-drift"]);
    becomes(&one, "e2e-a", Some("one"), REACHED);
    becomes(&two, "e2e-b", Some("1"), REACHED);
    let history = nagaya.ok(&["bundle", "history", "e2e-drift"]);
    assert!(history.contains("back to version 1"), "{history}");

    nagaya.ok(&["delete", "bundle", "e2e-drift"]);
    becomes(&one, "e2e-a", None, REACHED);
    assert_eq!(value(&one, "e2e-mine").unwrap().as_deref(), Some("mine"), "what no bundle made stays");
    one.ok(&["-n", "default", "delete", "configmap", "e2e-mine"]);
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn a_cluster_that_is_labelled_gets_the_bundle_and_one_that_is_not_any_more_loses_it() {
    let nagaya = Instance::get();
    let mut bundles = Bundles::new(&nagaya);
    let two = nagaya.kubectl("two");
    nagaya.ok(&["label", "cluster", "two", "e2e-joined-"]);
    bundles.group("e2e-labelled", "e2e-joined");
    bundles
        .bundle("e2e-joining", &json!({"groups": ["e2e-labelled"], "objects": [config("e2e-joined", "1")]}));
    assert_eq!(value(&two, "e2e-joined"), Ok(None));
    nagaya.ok(&["label", "cluster", "two", "e2e-joined=yes"]);
    becomes(&two, "e2e-joined", Some("1"), REACHED);
    nagaya.ok(&["label", "cluster", "two", "e2e-joined-"]);
    becomes(&two, "e2e-joined", None, REACHED);
}

/// Clusters that a test made beside those of the instance.
struct Made<'a>(&'a Instance, &'a str);

impl Drop for Made<'_> {
    fn drop(&mut self) {
        self.0.run(&["cluster", "delete", self.1, "--yes"]);
    }
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn a_cluster_created_afterwards_has_what_its_group_has_and_three_stay_as_they_were_told() {
    let nagaya = Instance::get();
    let mut bundles = Bundles::new(&nagaya);
    bundles.group("e2e-three", "nagaya.dev/cluster in (one,two,three)");
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "e2e-three", "namespace": "default"},
        "spec": {"hard": {"count/configmaps": "100"}},
    });
    let spec = |objects: Value| json!({"groups": ["e2e-three"], "objects": objects});
    bundles.bundle("e2e-three", &spec(json!([config("e2e-three", "${cluster.name}"), quota])));
    bundles.state("e2e-three", "two", "Ready");

    let _three = Made(&nagaya, "three");
    bundles.apply(&json!({
        "apiVersion": "nagaya.dev/v1alpha1", "kind": "Cluster", "metadata": {"name": "three"},
        "spec": {"provider": "local", "local": {"cpu": "500m", "memory": "1536Mi"}},
    }));
    until("cluster three is ready", 3 * REACHED, || {
        let status = nagaya.json(&["get", "cluster", "three"])["status"].clone();
        if status["phase"] == "Ready" { Ok(()) } else { Err(status.to_string()) }
    });
    bundles.state("e2e-three", "three", "Ready");
    let clusters = ["one", "two", "three"].map(|name| (name, nagaya.kubectl(name)));
    for (name, kubectl) in &clusters {
        becomes(kubectl, "e2e-three", Some(name), REACHED);
        kubectl.ok(&["-n", "default", "get", "resourcequota", "e2e-three"]);
        kubectl.ok(&[
            "-n",
            "default",
            "patch",
            "configmap",
            "e2e-three",
            "-p",
            r#"{"data":{"v":"by hand"}}"#,
        ]);
        becomes(kubectl, "e2e-three", Some(name), UNDONE);
        kubectl.ok(&["-n", "default", "delete", "resourcequota", "e2e-three"]);
        until("the quota is back", UNDONE, || {
            let out = kubectl.run(&["-n", "default", "get", "resourcequota", "e2e-three"]);
            if out.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&out.stderr).into_owned()) }
        });
    }
    bundles.bundle("e2e-three", &spec(json!([])));
    for (_, kubectl) in &clusters {
        becomes(kubectl, "e2e-three", None, REACHED);
    }
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn two_bundles_over_one_object_are_an_error_that_names_both() {
    let nagaya = Instance::get();
    let mut bundles = Bundles::new(&nagaya);
    let one = nagaya.kubectl("one");
    bundles.group("e2e-conflict", "nagaya.dev/cluster=one");
    let spec = |value: &str| json!({"groups": ["e2e-conflict"], "objects": [config("e2e-contested", value)]});
    bundles.bundle("e2e-older", &spec("older"));
    bundles.state("e2e-older", "one", "Ready");
    bundles.bundle("e2e-younger", &spec("younger"));
    let line = bundles.state("e2e-younger", "one", "Conflict");
    let message = line["message"].as_str().unwrap();
    for part in ["e2e-older", "e2e-younger", "ConfigMap default/e2e-contested"] {
        assert!(message.contains(part), "{part} in {message}");
    }
    assert_eq!(value(&one, "e2e-contested").unwrap().as_deref(), Some("older"));
    nagaya.ok(&["delete", "bundle", "e2e-older"]);
    becomes(&one, "e2e-contested", Some("younger"), REACHED);
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn a_workspace_beyond_its_teams_quota_names_the_quota() {
    let nagaya = Instance::get();
    let mut bundles = Bundles::new(&nagaya);
    // A team of its own: nobody else's workspaces are to meet this quota.
    bundles.apply(&json!({
        "apiVersion": "nagaya.dev/v1alpha1", "kind": "Team", "metadata": {"name": "e2e-quota"},
        "spec": {"cluster": "two", "members": [{"user": "dev-02"}]},
    }));
    bundles.group("e2e-quota", "nagaya.dev/cluster=two");
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "e2e-full", "namespace": "e2e-quota"},
        "spec": {"hard": {"pods": "0"}},
    });
    bundles.bundle("e2e-quota", &json!({"groups": ["e2e-quota"], "objects": [quota]}));
    let note = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "e2e-of-${team.name}"}});
    bundles.bundle("e2e-teams", &json!({"groups": ["e2e-quota"], "each": "Team", "objects": [note]}));
    bundles.state("e2e-quota", "two", "Ready");
    bundles.state("e2e-teams", "two", "Ready");
    let two = nagaya.kubectl("two");
    two.ok(&["-n", "beta", "get", "configmap", "e2e-of-beta"]);
    two.ok(&["-n", "e2e-quota", "get", "configmap", "e2e-of-e2e-quota"]);
    let name = "e2e-beyond";
    nagaya.ok(&[
        "workspace",
        "create",
        name,
        "--team",
        "e2e-quota",
        "--owner",
        "dev-02",
        "-t",
        "desktop",
        "--no-wait",
    ]);
    until("the status names the quota", REACHED, || {
        let status = nagaya.workspace(name)["status"].clone();
        let message = status["message"].as_str().unwrap_or_default();
        let named = status["reason"] == "Quota" && message.contains("quota e2e-full");
        if named { Ok(()) } else { Err(status.to_string()) }
    });
    nagaya.ok(&["workspace", "delete", name]);
    nagaya.ok(&["workspace", "purge", name, "--yes"]);
    until("the team can go", REACHED, || {
        let out = nagaya.run(&["delete", "team", "e2e-quota"]);
        let gone = out.status.success() || out.status.code() == Some(3);
        if gone { Ok(()) } else { Err(String::from_utf8_lossy(&out.stderr).into_owned()) }
    });
}

/// The bridge of local clusters carries packets and enforces nothing, which the agent finds out by trying.
#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn a_policy_on_a_network_that_enforces_none_is_said_to_be_without_effect() {
    let nagaya = Instance::get();
    let mut bundles = Bundles::new(&nagaya);
    let status = until("the network was tried", PATIENCE, || {
        let status = nagaya.json(&["get", "cluster", "one"])["status"].clone();
        if status["facts"]["networkTried"].is_string() {
            Ok(status)
        } else {
            Err(status["facts"].to_string())
        }
    });
    assert_eq!(status["facts"]["networkPolicy"], "NotEnforced", "{}", status["facts"]);
    let conditions = status["conditions"].as_array().unwrap();
    let said = conditions.iter().find(|one| one["type"] == "NetworkPolicyEnforced").expect("a condition");
    assert_eq!((&said["status"], &said["reason"]), (&json!(false), &json!("NotEnforced")), "{said}");
    bundles.group("e2e-walls", "nagaya.dev/cluster=one");
    let policy = json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
        "metadata": {"name": "e2e-wall", "namespace": "default"},
        "spec": {"podSelector": {"matchLabels": {"e2e": "none-such"}}, "policyTypes": ["Ingress"]},
    });
    bundles.bundle("e2e-walls", &json!({"groups": ["e2e-walls"], "objects": [policy]}));
    let line = bundles.state("e2e-walls", "one", "Ready");
    assert!(line["message"].as_str().unwrap().starts_with("applied, not enforced"), "{line}");
    let left = nagaya.kubectl("one").ok(&[
        "-n",
        "nagaya-system",
        "get",
        "pods,networkpolicies",
        "-l",
        "nagaya.dev/probe",
        "-o",
        "name",
    ]);
    assert_eq!(left.trim(), "", "the probe cleaned up");
}

/// Name of the agent's pod, and the server-side apply calls that it made since it began.
fn applies(kubectl: &Kubectl) -> Result<(String, u64), String> {
    let running = ["-n", "nagaya-system", "get", "pods", "-l", "app.kubernetes.io/name=nagaya-agent"];
    let pods = kubectl.json(&running);
    let mut pods = pods["items"].as_array().unwrap().iter().map(|pod| &pod["metadata"]);
    let pod = pods.find(|pod| pod["deletionTimestamp"].is_null()).ok_or("no agent")?;
    let name = pod["name"].as_str().unwrap();
    let path = format!("/api/v1/namespaces/nagaya-system/pods/{name}:7901/proxy/metrics");
    let out = kubectl.run(&["get", "--raw", &path]);
    let figures = String::from_utf8_lossy(&out.stdout).into_owned();
    if !figures.contains("# EOF") {
        return Err(String::from_utf8_lossy(&out.stderr).into_owned());
    }
    let counted = figures.lines().filter_map(|line| line.strip_prefix("nagaya_agent_applies_total{"));
    let count = counted.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum();
    Ok((name.to_owned(), count))
}

/// How long the server stays away at least: `NAGAYA_ABSENCE`, in seconds. Minutes are tried by hand.
fn absence() -> Duration {
    let seconds = std::env::var("NAGAYA_ABSENCE").ok().map_or(0, |text| text.parse().expect("seconds"));
    Duration::from_secs(seconds)
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn an_agent_goes_on_without_the_server_and_nothing_is_applied_again_when_either_returns() {
    let nagaya = Instance::get();
    let mut bundles = Bundles::new(&nagaya);
    bundles.group("e2e-alone", "nagaya.dev/cluster=one");
    let objects: Vec<Value> = (0..20).map(|number| config(&format!("e2e-alone-{number}"), "told")).collect();
    bundles.bundle("e2e-alone", &json!({"groups": ["e2e-alone"], "objects": objects}));
    bundles.state("e2e-alone", "one", "Ready");
    let direct = Kubectl::direct(&nagaya, "one");
    let (_, before) = until("the agent's figures", REACHED, || applies(&direct));

    kill_hard(nagaya.server_pid());
    let gone = Instant::now();
    let by_hand = r#"{"data":{"v":"by hand"}}"#;
    let mut drift = 0;
    loop {
        direct.ok(&["-n", "default", "patch", "configmap", "e2e-alone-0", "-p", by_hand]);
        becomes(&direct, "e2e-alone-0", Some("told"), UNDONE);
        direct.ok(&["-n", "default", "delete", "configmap", "e2e-alone-1"]);
        becomes(&direct, "e2e-alone-1", Some("told"), UNDONE);
        drift += 2;
        if gone.elapsed() >= absence() {
            break;
        }
        sleep(Duration::from_secs(15));
    }

    nagaya.up();
    let told_of = || {
        until("the drift is told of and the agent is back", PATIENCE, || {
            let line = bundles.line("e2e-alone", "one").unwrap_or_default();
            if line["state"] == "Ready" && line["drift"]["count"] == drift {
                Ok(())
            } else {
                Err(line.to_string())
            }
        });
    };
    told_of();
    let (agent, after) = until("the agent's figures", REACHED, || applies(&direct));
    assert_eq!(after - before, drift, "one for what was changed and one for what was deleted, each time");

    direct.ok(&["-n", "nagaya-system", "delete", "pod", &agent]);
    let another = until("another agent reports", PATIENCE, || {
        let found = applies(&direct)?;
        let status = nagaya.json(&["get", "cluster", "one"])["status"].clone();
        if found.0 != agent && status["agent"]["connected"] == true {
            Ok(found.0)
        } else {
            Err(status.to_string())
        }
    });
    told_of();
    // It corrects what is changed, and that is all that it applies.
    direct.ok(&["-n", "default", "delete", "configmap", "e2e-alone-2"]);
    becomes(&direct, "e2e-alone-2", Some("told"), UNDONE);
    assert_eq!(applies(&direct), Ok((another, 1)));
    nagaya.ok(&["kubeconfig", "one", "--direct", "--revoke"]);
}
