//! Nodes in the server's words.

use k8s_openapi::api::core::v1::Node;
use kube::ResourceExt;
use nagaya_api::kinds::cluster::NodeStatus;

/// Reads what the server needs of a node.
pub(super) fn observe(node: &Node) -> NodeStatus {
    let status = node.status.clone().unwrap_or_default();
    let allocatable = status.allocatable.unwrap_or_default();
    let amount = |name: &str| allocatable.get(name).map(|quantity| quantity.0.as_str()).unwrap_or("0");
    let conditions = status.conditions.unwrap_or_default();
    let ready = conditions.iter().any(|condition| condition.type_ == "Ready" && condition.status == "True");
    let mut problems: Vec<String> = conditions
        .iter()
        .filter(|condition| (condition.type_ == "Ready") != (condition.status == "True"))
        .map(|condition| {
            let words = condition.message.clone().filter(|words| !words.is_empty());
            format!("{}: {}", condition.type_, words.unwrap_or_else(|| condition.status.clone()))
        })
        .collect();
    if node.spec.as_ref().and_then(|spec| spec.unschedulable).unwrap_or(false) {
        problems.push("cordoned: no new pods are put on it".to_owned());
    }
    NodeStatus {
        name: node.name_any(),
        ready,
        version: status.node_info.map(|info| info.kubelet_version).unwrap_or_default(),
        cpu: amount("cpu").parse().unwrap_or_default(),
        memory: amount("memory").parse().unwrap_or_default(),
        pods: amount("pods").parse().unwrap_or_default(),
        problems,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_wrong_with_a_node_is_said_and_what_is_right_is_not() {
        let node: Node = serde_json::from_value(json!({
            "metadata": {"name": "n"},
            "spec": {"unschedulable": true},
            "status": {
                "allocatable": {"cpu": "1500m", "memory": "2Gi", "pods": "110"},
                "nodeInfo": {"kubeletVersion": "v1.20.2", "architecture": "", "bootID": "", "containerRuntimeVersion": "",
                    "kernelVersion": "", "kubeProxyVersion": "", "machineID": "", "operatingSystem": "", "osImage": "",
                    "systemUUID": ""},
                "conditions": [
                    {"type": "Ready", "status": "True"},
                    {"type": "DiskPressure", "status": "True", "message": "disk is full"},
                    {"type": "MemoryPressure", "status": "False"}],
            },
        }))
        .unwrap();
        let seen = observe(&node);
        assert!(seen.ready && seen.pods == 110 && seen.version == "v1.20.2");
        assert_eq!(seen.problems, ["DiskPressure: disk is full", "cordoned: no new pods are put on it"]);
        assert_eq!(seen.cpu, "1500m".parse().unwrap());
        assert_eq!(seen.memory, "2Gi".parse().unwrap());
    }
}
