//! Starts a component where it belongs: in its control group from its first instruction, in the cluster's namespaces,
//! in a session of its own. It has no tie to the supervisor but its pid.

use std::path::PathBuf;
use std::process::Stdio;

use tokio::process::{Child, Command};

use super::logs;
use crate::cgroup::Group;
use crate::launch::Launch;
use crate::mounts::MountNamespace;
use crate::net::netns::Netns;
use crate::process::{ProcessId, program_of};
use crate::{Error, paths};

/// Where components of one cluster (or of the hub) live.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) control: Group,
    pub(crate) netns: Netns,
    pub(crate) mounts: Option<MountNamespace>,
    pub(crate) logs: PathBuf,
}

/// What a component passes through before it is itself; each replaces the one before, the pid stays.
const ON_THE_WAY: [&str; 5] = ["sh", "dash", "bash", "setsid", "nsenter"];

/// `$1` holds the group's folders. Writing 0 means "me": the shell joins, so nothing that follows was ever outside.
const JOIN: &str =
    r#"IFS=:; for g in $1; do echo 0 >"$g/cgroup.procs" || exit 70; done; unset IFS; shift; exec "$@""#;

impl Place {
    pub(crate) fn group_of(&self, component: &str) -> Group {
        self.control.child(component)
    }

    pub(crate) fn log_of(&self, component: &str) -> PathBuf {
        self.logs.join(format!("{component}.log"))
    }

    pub(crate) fn spawn(&self, launch: &Launch) -> Result<Child, Error> {
        for (path, text) in &launch.files {
            if let Some(folder) = path.parent() {
                paths::create_dir(folder)?;
            }
            paths::replace_if_changed(path, text)?;
        }
        let group = self.group_of(launch.name);
        group.create()?;
        let log = self.log_of(launch.name);
        let file = logs::open(&log)?;
        let twin = file.try_clone().map_err(|e| Error::io("open log", &log, e))?;

        let mut command = joining(&group);
        command.arg("setsid").arg("nsenter").arg(format!("--net={}", self.netns.path().display()));
        if let Some(mounts) = &self.mounts {
            command.arg(format!("--mount={}", mounts.pin().display()));
        }
        command.arg("--").args(&launch.argv);
        command
            .env_clear()
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("HOME", "/root");
        command.envs(launch.env.iter().map(|(name, value)| (name, value)));
        command.current_dir("/").stdin(Stdio::null()).stdout(file).stderr(twin);
        command.spawn().map_err(|e| Error::io("start", &launch.argv[0], e))
    }

    /// The component's process, found by its control group: whoever started it and whatever was recorded.
    pub(crate) fn find(&self, launch: &Launch) -> Found {
        let program = launch.argv[0].rsplit('/').next().unwrap_or_default();
        let mut on_the_way = false;
        let mut found: Vec<ProcessId> = vec![];
        for process in self.group_of(launch.name).processes() {
            match program_of(process.pid) {
                Some(name) if name == program => found.push(process),
                Some(name) if ON_THE_WAY.contains(&name.as_str()) => on_the_way = true,
                _ => {}
            }
        }
        // The oldest is the component; younger ones of the same name are its children.
        match found.into_iter().min_by_key(|process| process.started) {
            Some(process) => Found::Running(process),
            None if on_the_way => Found::OnTheWay,
            None => Found::Nothing,
        }
    }
}

/// What [`Place::find`] saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Running(ProcessId),
    /// Its launcher was started and has not become it yet.
    OnTheWay,
    Nothing,
}

/// A command that joins `group` before it becomes whatever arguments are added.
pub(crate) fn joining(group: &Group) -> Command {
    let folders: Vec<String> =
        group.folders().iter().map(|folder| folder.to_string_lossy().into_owned()).collect();
    let mut command = Command::new("sh");
    command.args(["-c", JOIN, "sh", &folders.join(":")]);
    command
}
