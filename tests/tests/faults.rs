//! Issue 3, accepted when, 4: whatever dies while a workspace is created, it ends Running, exactly one, nothing left
//! over; and replacing agent or server drops no pod.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{collections::BTreeMap, thread, time::Duration};

use nagaya_e2e::{
    Cut, Fresh, Instance,
    instance::{PATIENCE, pid},
    process::{command_line, in_cluster, kill_hard},
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

/// Processes of a cluster's components, as its supervisor tells them.
fn components(nagaya: &Instance, cluster: &str) -> BTreeMap<String, Option<i32>> {
    let state = nagaya.cluster_state(cluster).unwrap();
    let components = state["components"].as_object().unwrap();
    components.iter().map(|(name, component)| (name.clone(), pid(&component["process"]))).collect()
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn a_clusters_supervisor_may_be_killed_during_a_creation_and_another_takes_over_what_runs() {
    let pause = PAUSES[1];
    survives(&format!("kill-supervisor-{pause}"), Duration::from_millis(pause), |nagaya| {
        let before = components(nagaya, "one");
        assert!(before.values().all(Option::is_some), "{before:?}");
        let old = pid(&nagaya.cluster_state("one").unwrap()["supervisor"]).unwrap();
        assert!(command_line(old).iter().any(|word| word == "supervise"), "{old} supervises");
        kill_hard(old);
        // Nobody runs `up`: the server sees it, and starts another.
        until("another supervisor has the cluster", Duration::from_secs(60), || {
            let state = nagaya.cluster_state("one").ok_or("no state")?;
            let new = pid(&state["supervisor"]).filter(|new| *new != old);
            let ready = state["phase"] == "Ready" && !state["generation"].is_null();
            if new.is_some() && ready { Ok(()) } else { Err(state["message"].to_string()) }
        });
        assert_eq!(components(nagaya, "one"), before, "what ran was started anew");
    });
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn the_network_between_agent_and_server_may_be_cut_during_a_creation() {
    for pause in [PAUSES[0], PAUSES[2]] {
        survives(&format!("cut-{pause}"), Duration::from_millis(pause), |nagaya| {
            let cut = Cut::agents_of(nagaya);
            thread::sleep(Duration::from_secs(20));
            assert!(cut.dropped() > 0, "nothing was cut");
        });
    }
}

/// What it is called, and whether it is there.
type Moment<'a> = (&'a str, &'a dyn Fn(&Fresh) -> bool);

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn the_server_may_be_killed_at_any_moment_of_the_first_up() {
    let fresh = Fresh::beside(&Instance::get());
    let phase = |fresh: &Fresh| fresh.cluster_state("only").map(|state| state["phase"].clone());
    // Each `up` goes on from where the one before was left: told apart by what is there, not by a clock.
    let moments: [Moment<'_>; 4] = [
        ("the server has just begun", &|_| true),
        ("its cluster is being made", &|fresh| phase(fresh).is_some()),
        ("its cluster runs", &|fresh| phase(fresh).is_some_and(|phase| phase == "Ready")),
        ("its workspace is being made", &|fresh| {
            let out = fresh.run(&["get", "workspace", "gamma-dev-01", "-o", "name"]);
            out.status.success() && !in_cluster(&fresh.name, "only", "nagaya").is_empty()
        }),
    ];
    let mut killed = None;
    for (number, (moment, is_now)) in (1..).zip(moments) {
        let mut up = fresh.begin_up();
        let server = until(moment, PATIENCE, || match fresh.find_server() {
            Some(server) if Some(server) != killed && is_now(&fresh) => Ok(server),
            _ => Err(format!("`up` is at it: {:?}", up.try_wait())),
        });
        kill_hard(server);
        killed = Some(server);
        if number == moments.len() {
            assert!(up.wait().unwrap().success(), "`up` brings its server back and goes on");
            break;
        }
        // Whoever ran it gives up.
        up.kill().unwrap();
        up.wait().unwrap();
    }
    assert!(fresh.find_server().is_some_and(|server| Some(server) != killed), "another server runs");
    fresh.finish_up();
    let workspace = fresh.running("gamma-dev-01");
    let pods = fresh.kubectl("only").pods_of("gamma", "gamma-dev-01");
    assert_eq!(pods.len(), 1, "{pods:?}");
    assert!(pods[0].ends_with(workspace["status"]["pod"]["uid"].as_str().unwrap()), "{pods:?}");
    for kind in ["clusters", "teams", "workspaces"] {
        let all = fresh.json(&["get", kind]);
        assert_eq!(all["items"].as_array().map(Vec::len), Some(1), "{kind}: {all}");
    }
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn replacing_the_server_drops_no_pod_and_keeps_the_command_line_logged_in() {
    let nagaya = Instance::get();
    let before = nagaya.running("alpha-dev-01")["status"]["pod"].clone();
    let old = nagaya.server_pid();
    nagaya.ok(&["up", "--log", "debug", "--organisation", "organisation.yaml"]);
    assert_ne!(nagaya.server_pid(), old, "other settings make another server");
    assert_eq!(nagaya.running("alpha-dev-01")["status"]["pod"], before);
    nagaya.up();
}
