//! Starts supervisors: in a control group and session of their own, with no tie to this process.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::Signal;

use super::Provider;
use crate::cgroup::Group;
use crate::paths::{self, ClusterPaths};
use crate::process::ProcessId;
use crate::supervisor::{joining, logs};
use crate::{ClusterState, Error};

/// Control group of all supervisors of an instance.
pub(crate) const GROUP: &str = "supervisors";

/// Starts the supervisor of `dir` unless one runs. `flag` is `--cluster-dir` or `--hub-dir`.
pub(super) async fn ensure(
    provider: &Provider,
    flag: &str,
    dir: &Path,
    reported: &ClusterState,
) -> Result<(), Error> {
    if is_current(provider, reported) {
        return Ok(());
    }
    if reported.supervisor.is_some_and(ProcessId::is_alive) {
        tracing::info!(cluster = %reported.name, "its supervisor is of another build; starting a new one");
        end(reported).await;
    }
    let config = provider.config();
    let group = Group::instance(&config.name)?.child(GROUP);
    group.create()?;
    let paths = ClusterPaths::new(dir);
    paths::create_dir(paths.logs())?;
    let log = paths.log_of("supervisor");
    let failed = |e| Error::io("start the supervisor of", dir, e);
    logs::rotate(&log)?;
    let file = logs::open(&log)?;
    let twin = file.try_clone().map_err(failed)?;
    let mut command = joining(&group);
    // `setsid --fork`: its parent is then init, which reaps it, whatever becomes of us.
    command.args(["setsid", "--fork"]).args(&config.supervisor_command).arg(flag).arg(dir);
    command.current_dir("/").stdin(Stdio::null()).stdout(file).stderr(twin);
    let status = command.status().await.map_err(failed)?;
    if status.success() {
        return Ok(());
    }
    Err(Error::Cluster {
        cluster: reported.name.clone(),
        problem: format!("its supervisor cannot be started: {status}"),
        log: logs::tail(&log, 5),
    })
}

/// Whether its supervisor runs, and of the very program that would be started now: after an update of Nagaya the old
/// supervisor is replaced, and what it supervised goes on.
pub(super) fn is_current(provider: &Provider, reported: &ClusterState) -> bool {
    let Some(supervisor) = reported.supervisor.filter(|supervisor| supervisor.is_alive()) else {
        return false;
    };
    let wanted =
        provider.config().supervisor_command.first().and_then(|program| std::fs::canonicalize(program).ok());
    let running = std::fs::read_link(format!("/proc/{}/exe", supervisor.pid)).ok();
    // A program that cannot be found is no reason to end what works.
    wanted.is_none() || running == wanted
}

/// Ends a supervisor that does not do what its spec says; what it supervised goes on.
pub(super) async fn end(reported: &ClusterState) {
    if let Some(supervisor) = reported.supervisor {
        supervisor.signal(Signal::SIGTERM);
        if !supervisor.ended_within(Duration::from_secs(2)).await {
            supervisor.signal(Signal::SIGKILL);
            supervisor.ended_within(Duration::from_secs(2)).await;
        }
    }
}
