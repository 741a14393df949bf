//! Finds and removes what is left of an instance on this host, whatever was killed before.

use std::path::Path;

use crate::cgroup::Group;
use crate::net::netns::Netns;
use crate::{Error, InstanceConfig, loops, mounts, net, paths};

/// What was found, in words, and removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leftovers {
    /// One sentence a thing.
    pub removed: Vec<String>,
}

/// Ends and removes every process, mount, network namespace, veth, nftables table, cgroup and loop device of the
/// instance. Data stays. Used by `down`, and by tests before they start.
///
/// Processes are found by control group: every process of an instance is born in one of its own.
///
/// # Errors
/// [`Error::LeftOver`] names what would not go.
pub async fn reap(config: &InstanceConfig) -> Result<Leftovers, Error> {
    let mut removed = vec![];
    let group = Group::instance(&config.name)?;
    let processes = group.processes();
    if !processes.is_empty() {
        removed.push(format!("{} processes", processes.len()));
    }
    // Supervisors first: they would start again what is killed after them.
    for part in [group.child("supervisors"), group.clone()] {
        if !part.kill().await {
            let pids: Vec<_> = part.processes().into_iter().map(|process| process.pid.to_string()).collect();
            let what = format!("processes {} cannot be killed (waiting for a disk?)", pids.join(", "));
            return Err(Error::LeftOver { instance: config.name.clone(), what });
        }
    }
    for cluster in paths::folders_in(config.data_dir.join("clusters"))? {
        removed.extend(loops::detach(&config.data_dir.join("clusters").join(cluster).join("homes")).await?);
    }
    let namespaces = cluster_namespaces(config)?;
    mounts::remove_pins(&config.name)?;
    for netns in namespaces {
        removed.push(format!("network namespace {}", netns.name));
        netns.remove()?;
    }
    removed.extend(net::hub::remove(config).await?);
    if group.exists() {
        removed.push(format!("control groups below {}", group.path()));
        group.remove().await?;
        remove_parent(&group);
    }
    Ok(Leftovers { removed })
}

fn cluster_namespaces(config: &InstanceConfig) -> Result<Vec<Netns>, Error> {
    // By the clusters' names and not by prefix alone: instance `a` must not take `a-b`'s.
    let mut clusters = paths::folders_in(config.data_dir.join("clusters"))?;
    clusters.extend(mounts::pinned(&config.name));
    clusters.sort();
    clusters.dedup();
    let all = clusters.into_iter().map(|cluster| Netns::cluster(&config.name, &cluster));
    Ok(all.filter(|netns| netns.path().exists()).collect())
}

/// `/nagaya` itself goes with the last instance; while another has it, removing fails, as it should.
fn remove_parent(group: &Group) {
    for folder in group.folders() {
        if let Some(parent) = folder.parent().filter(|parent| parent.ends_with(Path::new("nagaya"))) {
            let _ = std::fs::remove_dir(parent);
        }
    }
}
