//! Control groups: `/nagaya/<instance>/<cluster>/{pods,control/<component>}`, on version 1 (also hybrid) and version 2.
//!
//! `pods` is kubelet's root and carries the cluster's cap. `control` has a share beside it, so burning pods never starve
//! their own API server. Every component starts inside its own group, so it is found again whatever was killed.

mod mounted;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use mounted::{Hierarchies, Version};
use nix::sys::signal::Signal;

use crate::process::ProcessId;
use crate::{Error, paths};

/// Memory of pods beyond the cap at which kubelet evicts: it needs a margin to see that the cap is passed.
pub(crate) const EVICTION_MARGIN: u64 = 100 << 20;

/// A control group by its path from the root of every hierarchy, beginning with a slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    path: String,
    hierarchies: Hierarchies,
}

impl Group {
    pub(crate) fn instance(instance: &str) -> Result<Self, Error> {
        Ok(Self { path: format!("/nagaya/{instance}"), hierarchies: Hierarchies::read()? })
    }

    /// The group of all instances. It weighs as much as one busy thread of the host for each processor, not as one alone.
    pub(crate) fn weigh_all(processors: u32) -> Result<(), Error> {
        let all = Self { path: "/nagaya".into(), hierarchies: Hierarchies::read()? };
        all.create()?;
        all.shares(1024 * u64::from(processors.max(1)))
    }

    pub(crate) fn child(&self, name: &str) -> Self {
        Self { path: format!("{}/{name}", self.path), hierarchies: self.hierarchies.clone() }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn version(&self) -> Version {
        self.hierarchies.version
    }

    /// Its folder in each hierarchy.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        self.hierarchies.mounts.iter().map(|mount| mount.at.join(&self.path[1..])).collect()
    }

    fn folder_with(&self, controller: &str) -> Option<PathBuf> {
        let mount = self
            .hierarchies
            .mounts
            .iter()
            .find(|mount| mount.controllers.iter().any(|name| name == controller));
        mount.map(|mount| mount.at.join(&self.path[1..]))
    }

    /// Makes it and its parents, in every hierarchy, fit to hold processes.
    pub(crate) fn create(&self) -> Result<(), Error> {
        let steps: Vec<&str> = self.path[1..].split('/').collect();
        for mount in &self.hierarchies.mounts {
            let mut folder = mount.at.clone();
            for step in &steps {
                if self.hierarchies.version == Version::V2 {
                    enable_controllers(&folder)?;
                }
                let parent = folder.clone();
                folder.push(step);
                paths::create_dir(&folder)?;
                for file in ["cpuset.cpus", "cpuset.mems"] {
                    // Version 1 only: a group without them takes no process. Version 2 inherits.
                    if self.hierarchies.version == Version::V1 && folder.join(file).exists() {
                        inherit(&parent, &folder, file)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// All pods together: at most `cpu_millicores` and `memory_bytes` (with the margin in which kubelet evicts).
    ///
    /// Version 1 refuses a pod whose own CPU limit is above this (the kernel's `tg_cfs_schedulable_down`; version 2 takes
    /// the smaller of both): give templates limits within their cluster's cap.
    pub(crate) fn cap(&self, cpu_millicores: u32, memory_bytes: u64) -> Result<(), Error> {
        let (quota, memory) = (u64::from(cpu_millicores) * 100, memory_bytes + EVICTION_MARGIN);
        let set = |controller: &str, file: &str, value: String| match self.folder_with(controller) {
            Some(folder) => paths::write(folder.join(file), value),
            None => Err(Error::Config {
                field: "cgroup",
                problem: format!("the host has no {controller} controller"),
                mend: "boot it with that controller enabled".into(),
            }),
        };
        match self.hierarchies.version {
            Version::V1 => {
                set("cpu", "cpu.cfs_period_us", "100000".into())?;
                set("cpu", "cpu.cfs_quota_us", quota.to_string())?;
                set("memory", "memory.limit_in_bytes", memory.to_string())
            }
            Version::V2 => {
                set("cpu", "cpu.max", format!("{quota} 100000"))?;
                set("memory", "memory.max", memory.to_string())
            }
        }
    }

    /// CPU weight beside siblings; 1024 is what a group has that was given none.
    pub(crate) fn shares(&self, shares: u64) -> Result<(), Error> {
        let Some(folder) = self.folder_with("cpu") else { return Ok(()) };
        match self.hierarchies.version {
            Version::V1 => paths::write(folder.join("cpu.shares"), shares.to_string()),
            Version::V2 => {
                paths::write(folder.join("cpu.weight"), (shares * 100 / 1024).clamp(1, 10_000).to_string())
            }
        }
    }

    /// Processes of it and of all groups below it.
    pub(crate) fn processes(&self) -> Vec<ProcessId> {
        let mut pids: Vec<i32> = self.folders().iter().flat_map(|folder| pids_below(folder)).collect();
        pids.sort_unstable();
        pids.dedup();
        // 0 stands for a process of another pid namespace; zombies are dropped by `of`.
        pids.into_iter().filter(|pid| *pid > 0).filter_map(ProcessId::of).collect()
    }

    /// Signals everything in it.
    pub(crate) fn signal(&self, signal: Signal) {
        self.processes().into_iter().for_each(|process| process.signal(signal));
    }

    /// Asks everything in it to end, waits, kills what is left. False when something would not even be killed.
    pub(crate) async fn end(&self, patience: Duration) -> bool {
        let until = tokio::time::Instant::now() + patience;
        self.signal(Signal::SIGTERM);
        while !self.processes().is_empty() && tokio::time::Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.kill().await
    }

    /// Kills everything in it, and what that starts meanwhile.
    pub(crate) async fn kill(&self) -> bool {
        for _ in 0..200 {
            if self.processes().is_empty() {
                return true;
            }
            self.signal(Signal::SIGKILL);
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        self.processes().is_empty()
    }

    pub(crate) fn exists(&self) -> bool {
        self.folders().iter().any(|folder| folder.exists())
    }

    /// Removes it and all below it, in every hierarchy. A group that is still being emptied is tried again for a while.
    pub(crate) async fn remove(&self) -> Result<(), Error> {
        for folder in self.folders() {
            let mut tries = 0;
            while let Err(e) = remove_groups(&folder) {
                tries += 1;
                if tries > 100 {
                    return Err(Error::io("remove control group", &folder, e));
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Ok(())
    }
}

fn pids_below(folder: &Path) -> Vec<i32> {
    let own = fs::read_to_string(folder.join("cgroup.procs")).unwrap_or_default();
    let mut pids: Vec<i32> = own.lines().filter_map(|line| line.parse().ok()).collect();
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            pids.extend(pids_below(&entry.path()));
        }
    }
    pids
}

fn remove_groups(folder: &Path) -> std::io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(e),
    };
    for entry in entries.filter_map(Result::ok) {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_groups(&entry.path())?;
        }
    }
    match fs::remove_dir(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

fn inherit(parent: &Path, folder: &Path, file: &str) -> Result<(), Error> {
    if paths::read(folder.join(file))?.trim().is_empty() {
        paths::write(folder.join(file), paths::read(parent.join(file))?.trim())?;
    }
    Ok(())
}

/// Version 2: what a group's children may control.
fn enable_controllers(folder: &Path) -> Result<(), Error> {
    let offered = paths::read(folder.join("cgroup.controllers"))?;
    for name in offered.split_ascii_whitespace() {
        // One at a time: a controller that cannot be delegated (rt tasks hold `cpu` back) must not keep the others off.
        let _ = fs::write(folder.join("cgroup.subtree_control"), format!("+{name}"));
    }
    Ok(())
}
