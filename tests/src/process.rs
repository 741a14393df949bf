//! Processes of the instance, found by what they run, never by a name alone: other clusters may run beside it.

use std::{fs, path::Path};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// A process and its command line.
#[derive(Clone, Debug)]
pub struct Process {
    /// Its pid.
    pub pid: i32,
    /// Program and arguments.
    pub command: Vec<String>,
}

/// All processes whose arguments name a path in `dir`, and whose program's name is `program`.
pub fn of(program: &str, dir: &Path) -> Vec<Process> {
    let dir = dir.to_string_lossy().into_owned();
    fs::read_dir("/proc")
        .expect("/proc")
        .flatten()
        .filter_map(|entry| {
            let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
            let command = command_line(pid);
            let name = Path::new(command.first()?).file_name()?.to_str()?.to_owned();
            let named = name == program || program == "nagaya" && name.starts_with("nagaya");
            let belongs = command.iter().any(|word| word.contains(&dir)) || cgroup_of(pid).contains(&dir);
            (named && belongs).then_some(Process { pid, command })
        })
        .collect()
}

fn cgroup_of(pid: i32) -> String {
    fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap_or_default()
}

/// All processes in control groups of an instance's cluster that run this program.
pub fn in_cluster(instance: &str, cluster: &str, program: &str) -> Vec<Process> {
    let group = format!("/nagaya/{instance}/{cluster}/");
    fs::read_dir("/proc")
        .expect("/proc")
        .flatten()
        .filter_map(|entry| {
            let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
            let command = command_line(pid);
            let name = Path::new(command.first()?).file_name()?.to_str()?.to_owned();
            (name == program && cgroup_of(pid).contains(&group)).then_some(Process { pid, command })
        })
        .collect()
}

/// Program and arguments of a process; nothing once it is gone.
pub fn command_line(pid: i32) -> Vec<String> {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    line.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}

/// `kill -9`.
pub fn kill_hard(pid: i32) {
    kill(Pid::from_raw(pid), Signal::SIGKILL).expect("kill -9");
}
