//! Resident memory when nothing happens, and when there is much.

use std::{fs, thread::sleep, time::Duration};

use nagaya_e2e::{Instance, process, until};
use serde_json::{Value, json};

use crate::{
    figures::{Line, target},
    subject::Subject,
};

/// How long nothing happens before it is read.
const CALM: Duration = Duration::from_secs(20);

/// Objects that bundles put on a cluster, and bundles that share them: one holds at most 1,000.
const OBJECTS: usize = 5000;
const BUNDLES: usize = 5;
/// A cluster has taken them in, or lost them, within this.
const PATIENCE: Duration = Duration::from_secs(600);

/// Measures.
pub fn measure(subject: &Subject) -> Vec<Line> {
    sleep(CALM);
    let instance = &subject.instance;
    let idle = resident(agent(instance));
    let mut lines = vec![
        line("the server, idle", resident(instance.server_pid()), "–".into(), 60.0),
        line("the agent, idle", idle, "–".into(), 25.0),
        line("the relay, idle", resident(largest(instance, "nagaya-relay", "")), "–".into(), 5.0),
    ];
    let full = with_objects(instance);
    lines.push(Line {
        what: format!("resident memory of the agent with {OBJECTS} objects"),
        figure: format!("{full:.1} MiB"),
        reference: format!("idle: {idle:.1} MiB"),
        target: "flat: it is these objects, not time, that it grows with".into(),
    });
    lines
}

fn line(of: &str, mebibytes: f64, reference: String, most: f64) -> Line {
    Line {
        what: format!("resident memory of {of}"),
        figure: format!("{mebibytes:.1} MiB"),
        reference,
        target: target(mebibytes, most, " MB"),
    }
}

/// The agent of cluster `java` once it holds many objects and nothing has happened for a while.
fn with_objects(instance: &Instance) -> f64 {
    let apply = |object: Value| {
        let out = instance.run_with(&["apply", "-f", "-"], &object.to_string());
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    };
    let head = |kind: &str, name: &str, spec: Value| json!({"apiVersion": "nagaya.dev/v1alpha1", "kind": kind, "metadata": {"name": name}, "spec": spec});
    apply(head("Group", "bench-many", json!({"selector": "nagaya.dev/cluster=java"})));
    let bundle = |number: usize| format!("bench-many-{number}");
    for number in 0..BUNDLES {
        let object = |of: usize| {
            json!({
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": {"name": format!("bench-{number}-{of}"), "namespace": "default"},
                "data": {"settings": format!("level = \"info\"\nnumber = {of}\n").repeat(8)},
            })
        };
        let objects: Vec<Value> = (0..OBJECTS / BUNDLES).map(object).collect();
        apply(head("Bundle", &bundle(number), json!({"groups": ["bench-many"], "objects": objects})));
    }
    for number in 0..BUNDLES {
        until("the cluster has the objects", PATIENCE, || {
            let state = instance.json(&["get", "bundle", &bundle(number)])["status"]["clusters"][0].clone();
            if state["state"] == "Ready" { Ok(()) } else { Err(state.to_string()) }
        });
    }
    sleep(CALM);
    let full = resident(agent(instance));
    for number in 0..BUNDLES {
        instance.ok(&["delete", "bundle", &bundle(number)]);
    }
    let kubectl = instance.kubectl("java");
    until("the objects are gone", PATIENCE, || {
        let left = kubectl.ok(&["-n", "default", "get", "configmaps", "-o", "name"]);
        if left.contains("/bench-") { Err(format!("{} are left", left.lines().count())) } else { Ok(()) }
    });
    instance.ok(&["delete", "group", "bench-many"]);
    full
}

fn agent(instance: &Instance) -> i32 {
    largest(instance, "nagaya", "agent")
}

/// The largest process of this program in cluster `java`.
fn largest(instance: &Instance, program: &str, word: &str) -> i32 {
    process::in_cluster(&instance.name, "java", program)
        .into_iter()
        .filter(|process| word.is_empty() || process.command.iter().any(|arg| arg == word))
        .map(|process| process.pid)
        .max_by(|a, b| resident(*a).total_cmp(&resident(*b)))
        .unwrap_or_else(|| panic!("no process of {program} {word} was found"))
}

/// Resident memory of a process, in MiB; 0 when it is gone.
fn resident(pid: i32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.split_whitespace().next())
        .and_then(|kib| kib.parse::<f64>().ok())
        .unwrap_or(0.0)
        / 1024.0
}
