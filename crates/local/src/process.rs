//! Processes told apart by pid and start time, so that a pid used again is never taken for the old process.

use std::fs;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

/// One process, for as long as the host runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProcessId {
    /// Process id.
    pub pid: i32,
    /// Clock ticks after boot, field 22 of `/proc/PID/stat`.
    pub started: u64,
}

impl ProcessId {
    /// The process that now has `pid`; `None` when there is none or it is a zombie.
    #[must_use]
    pub fn of(pid: i32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (state, started) = parse_stat(&stat)?;
        (state != 'Z' && state != 'X').then_some(Self { pid, started })
    }

    /// This very process.
    #[must_use]
    pub fn own() -> Option<Self> {
        Self::of(i32::try_from(std::process::id()).ok()?)
    }

    /// Whether it still runs.
    #[must_use]
    pub fn is_alive(self) -> bool {
        Self::of(self.pid) == Some(self)
    }

    /// When it started, in Unix seconds; up to a second early.
    #[must_use]
    pub fn started_at(self) -> Option<i64> {
        let stat = fs::read_to_string("/proc/stat").ok()?;
        let boot: i64 = stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()?;
        // The kernel tells start times in USER_HZ, which is 100 on every architecture that Kubernetes runs on.
        Some(boot + i64::try_from(self.started / 100).ok()?)
    }

    /// Sends a signal if it still runs.
    pub fn signal(self, signal: Signal) {
        if self.is_alive() {
            // ESRCH means it ended between the two lines: that is what was wanted.
            let _ = kill(Pid::from_raw(self.pid), signal);
        }
    }

    /// Waits until it has ended; false when `patience` ran out first.
    pub async fn ended_within(self, patience: Duration) -> bool {
        let deadline = tokio::time::Instant::now() + patience;
        while self.is_alive() {
            if tokio::time::Instant::now() >= deadline {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        true
    }
}

/// State letter and start time out of a line of `/proc/PID/stat`. The command in it may hold blanks and parentheses.
fn parse_stat(stat: &str) -> Option<(char, u64)> {
    let rest = &stat[stat.rfind(')')? + 1..];
    let mut fields = rest.split_ascii_whitespace();
    let state = fields.next()?.chars().next()?;
    let started = fields.nth(18)?.parse().ok()?; // field 22 of the line, the state being field 3
    Some((state, started))
}

/// Base name of the program a process runs, even when that file was replaced meanwhile.
#[must_use]
pub fn program_of(pid: i32) -> Option<String> {
    let path = fs::read_link(format!("/proc/{pid}/exe")).ok()?;
    let name = path.file_name()?.to_str()?;
    Some(name.strip_suffix(" (deleted)").unwrap_or(name).to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_command_name_may_hold_anything() {
        let line = "12 (a) b (c) S 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 777 1000 10 1844674";
        assert_eq!(parse_stat(line), Some(('S', 777)));
    }

    #[test]
    fn own_process_is_alive_and_its_number_with_another_start_is_not() {
        let own = ProcessId::own().unwrap();
        assert!(own.is_alive());
        assert!(!ProcessId { started: own.started + 1, ..own }.is_alive());
    }
}
