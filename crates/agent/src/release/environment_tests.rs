//! Which pod a Service leads to.
#![allow(clippy::unwrap_used)]
use serde_json::{Value, json};

use super::*;

fn service(ports: Value) -> Service {
    serde_json::from_value(
        json!({"metadata": {"name": "java-1"}, "spec": {"selector": {"a": "b"}, "ports": ports}}),
    )
    .unwrap()
}

fn pod(name: &str, ready: bool, change: impl FnOnce(&mut Value)) -> Pod {
    let mut pod = json!({
        "metadata": {"name": name, "creationTimestamp": "2026-01-01T00:00:00Z"},
        "spec": {"containers": [
            {"name": "log"}, {"name": "desk", "ports": [{"name": "rfb", "containerPort": 5901}]}]},
        "status": {"phase": "Running", "podIP": "10.0.0.1",
            "conditions": [{"type": "Ready", "status": if ready { "True" } else { "False" }}],
            "containerStatuses": [
                {"name": "log", "ready": true, "restartCount": 0, "image": "", "imageID": ""},
                {"name": "desk", "ready": ready, "restartCount": 2, "image": "", "imageID": ""}]},
    });
    change(&mut pod);
    serde_json::from_value(pod).unwrap()
}

fn behind(ports: Value, pods: Vec<Pod>) -> Behind {
    Behind { service: service(ports), pods }
}

#[test]
fn a_port_leads_to_the_pods_own_by_name_or_number() {
    let ports = json!([
        {"port": 80, "targetPort": "rfb"}, {"port": 81, "targetPort": 5902}, {"port": 82},
        {"port": 83, "targetPort": "other"}, {"port": 84, "protocol": "UDP"}]);
    let behind = behind(ports, vec![pod("one", true, |_| ())]);
    let to = |port| reach(&behind, port);
    assert_eq!(to(80), Ok(("10.0.0.1".into(), 5901)));
    assert_eq!(to(81), Ok(("10.0.0.1".into(), 5902)));
    assert_eq!(to(82), Ok(("10.0.0.1".into(), 82)));
    assert!(matches!(to(83), Err(NoWay::Never(_))), "no container has that name");
    assert!(matches!(to(84), Err(NoWay::Never(_))), "UDP is no stream");
    assert!(matches!(to(85), Err(NoWay::Never(_))));
}

#[test]
fn only_a_ready_pod_with_an_address_of_its_own_is_dialled() {
    let ports = || json!([{"port": 80}]);
    let ending = |pod: &mut Value| pod["metadata"]["deletionTimestamp"] = "2026-01-01T00:01:00Z".into();
    let to = |pods| reach(&behind(ports(), pods), 80);
    let second = pod("two", true, |pod| pod["status"]["podIP"] = "10.0.0.2".into());
    assert_eq!(to(vec![pod("one", true, ending), second.clone()]).unwrap().0, "10.0.0.2");
    assert_eq!(to(vec![pod("one", false, |_| ()), second]).unwrap().0, "10.0.0.2");
    assert!(matches!(to(Vec::new()), Err(NoWay::NotNow(_))));
    assert!(matches!(to(vec![pod("one", false, |_| ())]), Err(NoWay::NotNow(_))));
    assert!(matches!(to(vec![pod("one", true, ending)]), Err(NoWay::NotNow(_))));
    let host = pod("one", true, |pod| pod["spec"]["hostNetwork"] = true.into());
    assert!(matches!(to(vec![host]), Err(NoWay::Never(_))), "kubelet listens at that address too");
}

#[test]
fn the_container_that_has_the_port_is_the_workspace() {
    let ports = json!([{"port": 80, "targetPort": "rfb"}]);
    let seen = seen(&behind(ports, vec![pod("one", false, |_| ())]), &[80]);
    assert_eq!((seen.container.as_str(), seen.fault.as_str()), ("desk", ""));
    let observed = seen.pod.unwrap();
    assert_eq!((observed.name.as_str(), observed.ready), ("one", false));
    let names: Vec<_> = observed.containers.keys().map(String::as_str).collect();
    assert_eq!(names, ["log", "workspace"]);
    assert_eq!(observed.containers["workspace"].restarts, 2);
}

#[test]
fn a_port_that_is_not_there_is_a_fault_of_the_template() {
    let seen = seen(&behind(json!([{"port": 80}]), Vec::new()), &[80, 5900]);
    assert_eq!(seen.fault, "Service \"java-1\" has no port 5900: correct spec.ports of the template");
    assert!(seen.pod.is_none() && seen.container.is_empty());
}
