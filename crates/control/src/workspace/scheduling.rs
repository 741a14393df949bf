//! The scheduler's reasons in words.

use super::trouble::{Reason, Trouble, sentence};

/// Explains why no node took a pod. The scheduler writes, for instance, `0/1 nodes are available: 1 Insufficient cpu.`
pub(super) fn explain(message: &str) -> Trouble {
    // What it thinks of preempting other pods helps nobody.
    let said = message.split(" preemption:").next().unwrap_or(message).trim();
    if said.contains("unbound immediate PersistentVolumeClaims")
        || said.contains("not found") && said.contains("persistentvolumeclaim")
    {
        return Trouble::new(Reason::HomePending, "waiting until its home is made");
    }
    let mut words: Vec<&str> =
        KNOWN.iter().filter(|(mark, _)| said.contains(mark)).map(|(_, words)| *words).collect();
    words.dedup();
    let why = if words.is_empty() { String::new() } else { format!(": {}", words.join(", and ")) };
    Trouble::new(Reason::NoNode, format!("no node takes it{why} (Kubernetes: {})", sentence(said)))
}

const KNOWN: &[(&str, &str)] = &[
    ("Insufficient cpu", "not enough CPU is free"),
    ("Insufficient memory", "not enough memory is free"),
    ("Insufficient ephemeral-storage", "not enough disk is free"),
    ("Too many pods", "the node runs as many pods as it may"),
    ("node.kubernetes.io/not-ready", "the node is not ready"),
    ("node.kubernetes.io/unreachable", "the node does not answer"),
    ("node.kubernetes.io/disk-pressure", "the node's disk is nearly full"),
    ("node.kubernetes.io/memory-pressure", "the node's memory is nearly full"),
    ("node.kubernetes.io/pid-pressure", "the node runs too many processes"),
    ("node.kubernetes.io/unschedulable", "the node is closed for new pods"),
    ("were unschedulable", "the node is closed for new pods"),
    ("volume node affinity conflict", "its home lies on a node that is not there"),
    ("didn't match node selector", "no node has the labels asked for"),
    ("didn't match Pod's node affinity", "no node has the labels asked for"),
    ("no nodes available", "the cluster has no node"),
    ("0/0 nodes", "the cluster has no node"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheduler_is_understood_in_its_old_and_new_words() {
        for (message, reason, words) in [
            (
                "0/1 nodes are available: 1 Insufficient cpu.",
                Reason::NoNode,
                "no node takes it: not enough CPU is free (Kubernetes: 0/1 nodes are available: 1 Insufficient cpu.)",
            ),
            (
                "0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
                Reason::NoNode,
                "no node takes it: not enough memory is free (Kubernetes: 0/1 nodes are available: 1 Insufficient memory.)",
            ),
            (
                "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.",
                Reason::NoNode,
                "no node takes it: not enough CPU is free, and not enough memory is free (Kubernetes: 0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.)",
            ),
            (
                "0/1 nodes are available: 1 node(s) had taint {node.kubernetes.io/not-ready: }, that the pod didn't tolerate.",
                Reason::NoNode,
                "no node takes it: the node is not ready (Kubernetes: 0/1 nodes are available: 1 node(s) had taint {node.kubernetes.io/not-ready: }, that the pod didn't tolerate.)",
            ),
            (
                "0/1 nodes are available: 1 pod has unbound immediate PersistentVolumeClaims.",
                Reason::HomePending,
                "waiting until its home is made",
            ),
            (
                "persistentvolumeclaim \"home-a\" not found",
                Reason::HomePending,
                "waiting until its home is made",
            ),
            ("something new", Reason::NoNode, "no node takes it (Kubernetes: something new)"),
        ] {
            assert_eq!(explain(message), Trouble::new(reason, words), "{message}");
        }
    }
}
