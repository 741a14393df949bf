//! Issue 3, accepted when, 4: whatever dies while a workspace is created, it ends Running, exactly one, nothing left
//! over; and replacing agent or server drops no pod.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{thread, time::Duration};

use nagaya_e2e::{
    Instance,
    process::{in_cluster, kill_hard},
    until,
};

/// Creates a workspace, lets `fault` happen after `pause`, and demands one running pod.
fn survives(name: &str, pause: Duration, fault: impl FnOnce(&Instance)) {
    let nagaya = Instance::get();
    nagaya.ok(&[
        "workspace",
        "create",
        name,
        "--team",
        "alpha",
        "--owner",
        "dev-01",
        "-t",
        "desktop",
        "--no-wait",
    ]);
    thread::sleep(pause);
    fault(&nagaya);
    let workspace = nagaya.running(name);
    let pods = nagaya.kubectl("one").pods_of("alpha", name);
    assert_eq!(pods.len(), 1, "{pods:?}");
    assert!(pods[0].ends_with(workspace["status"]["pod"]["uid"].as_str().unwrap()), "{pods:?}");
    nagaya.ok(&["workspace", "purge", name, "--yes"]);
    let kubectl = nagaya.kubectl("one");
    until("nothing is left of it", Duration::from_secs(90), || {
        let left = kubectl.ok(&[
            "get",
            "statefulsets,services,secrets,pvc,networkpolicies,pods",
            "-n",
            "alpha",
            "-l",
            &format!("nagaya.dev/workspace={name}"),
            "-o",
            "name",
        ]);
        if left.trim().is_empty() { Ok(()) } else { Err(left) }
    });
}

const PAUSES: [u64; 3] = [0, 300, 1200];

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn the_server_may_be_killed_at_any_moment_of_a_creation() {
    for pause in PAUSES {
        survives(&format!("kill-server-{pause}"), Duration::from_millis(pause), |nagaya| {
            kill_hard(nagaya.server_pid());
            nagaya.up();
        });
    }
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn the_agent_may_be_killed_at_any_moment_of_a_creation() {
    for pause in PAUSES {
        survives(&format!("kill-agent-{pause}"), Duration::from_millis(pause), |nagaya| {
            let agents: Vec<_> = in_cluster(&nagaya.name, "one", "nagaya")
                .into_iter()
                .filter(|process| process.command.iter().any(|word| word == "agent"))
                .collect();
            assert!(!agents.is_empty(), "an agent runs");
            for agent in agents {
                kill_hard(agent.pid);
            }
        });
    }
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn any_component_of_the_cluster_may_be_killed_during_a_creation() {
    for component in
        ["kube-apiserver", "etcd", "containerd", "kubelet", "kube-controller-manager", "kube-scheduler"]
    {
        let short = component.trim_start_matches("kube-");
        survives(&format!("kill-{short}"), Duration::from_millis(400), |nagaya| {
            let found = in_cluster(&nagaya.name, "one", component);
            assert!(!found.is_empty(), "{component} runs in cluster one");
            for process in found {
                kill_hard(process.pid);
            }
        });
    }
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn replacing_the_server_drops_no_pod_and_keeps_the_command_line_logged_in() {
    let nagaya = Instance::get();
    let before = nagaya.running("alpha-dev-01")["status"]["pod"].clone();
    let old = nagaya.server_pid();
    nagaya.ok(&[
        "up",
        "--log",
        "debug",
        "--organisation",
        concat!(env!("CARGO_MANIFEST_DIR"), "/organisation.yaml"),
    ]);
    assert_ne!(nagaya.server_pid(), old, "other settings make another server");
    assert_eq!(nagaya.running("alpha-dev-01")["status"]["pod"], before);
    nagaya.up();
}
