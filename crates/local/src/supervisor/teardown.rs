//! Ends a cluster and removes all of it from the host but its data. Needs nothing but names, so whoever finds a cluster
//! half dead can do it. Idempotent at every step.

use std::time::Duration;

use nix::sys::signal::Signal;

use crate::cgroup::Group;
use crate::loops;
use crate::mounts::MountNamespace;
use crate::paths::ClusterPaths;
use crate::process::ProcessId;
use crate::{Error, InstanceConfig, net};

/// How long pods have after SIGTERM.
const POD_PATIENCE: Duration = Duration::from_secs(10);

/// Ends the cluster `name`. `tell` hears each step in words.
pub(crate) async fn cluster(
    config: &InstanceConfig,
    name: &str,
    index: u8,
    paths: &ClusterPaths,
    tell: impl Fn(&str),
) -> Result<(), Error> {
    let group = Group::instance(&config.name)?.child(name);
    let control = group.child("control");
    let mounts = MountNamespace::of(&config.name, name);

    tell("stopping what would start pods again");
    let seconds = Duration::from_secs;
    let first = ["kubelet", "kube-scheduler", "kube-controller-manager"].map(|part| control.child(part));
    futures::future::join_all(first.iter().map(|part| part.end(seconds(5)))).await;

    tell("stopping pods");
    drain_pods(&group.child("pods")).await;

    tell("stopping the control plane");
    control.child("containerd").end(seconds(2)).await; // the shims too: they hear SIGTERM only when their pod is gone
    let servers = ["kube-proxy", "kube-apiserver"].map(|part| control.child(part));
    futures::future::join_all(servers.iter().map(|part| part.end(seconds(10)))).await;
    control.child("etcd").end(seconds(10)).await;
    if !group.kill().await {
        let left = group
            .processes()
            .into_iter()
            .map(|process| process.pid.to_string())
            .collect::<Vec<_>>()
            .join(", ");
        return Err(left_over(
            config,
            format!("processes {left} of cluster {name} cannot be killed (waiting for a disk?)"),
        ));
    }

    tell("unmounting");
    mounts.unmount_below(&paths.homes()).await?;
    mounts.remove()?;
    loops::detach(&paths.homes()).await?;

    tell("removing its network and control groups");
    net::cluster::remove(config, name, index).await?;
    group.remove().await
}

fn left_over(config: &InstanceConfig, what: String) -> Error {
    Error::LeftOver { instance: config.name.clone(), what }
}

/// SIGTERM to every process of every pod, then patience while any is left that can hear it.
async fn drain_pods(pods: &Group) {
    pods.signal(Signal::SIGTERM);
    let until = tokio::time::Instant::now() + POD_PATIENCE;
    loop {
        let left = pods.processes();
        if left.is_empty()
            || tokio::time::Instant::now() >= until
            || left.iter().all(|process| is_deaf(*process))
        {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    pods.kill().await;
}

/// The first process of a container ignores every signal it has no handler for but SIGKILL: waiting for it is in vain.
fn is_deaf(process: ProcessId) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.pid)).unwrap_or_default();
    let field = |name: &str| {
        status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim).unwrap_or_default()
    };
    let first = field("NSpid:").split_ascii_whitespace().nth(1).is_some() && field("NSpid:").ends_with("\t1");
    let caught = u64::from_str_radix(field("SigCgt:"), 16).unwrap_or(u64::MAX);
    first && caught & (1 << (Signal::SIGTERM as i32 - 1)) == 0
}
