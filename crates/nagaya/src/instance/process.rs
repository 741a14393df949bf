//! The server's process, found again by pid and start time: a pid alone may be another process by now.

use std::{fs, path::Path, time::Duration};

use anyhow::{Context as _, Result, bail};
use nix::{
    errno::Errno,
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde::{Deserialize, Serialize};

use super::{Folders, write_atomically};

/// What a running server wrote about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerRecord {
    /// Its pid.
    pub pid: i32,
    /// When it was started, in clock ticks since boot (proc_pid_stat(5), field 22).
    pub start_time: u64,
    /// Its build.
    pub build: String,
    /// Its settings, as flags.
    pub flags: Vec<String>,
}

/// A server that runs.
#[derive(Clone, Debug)]
pub struct ServerProcess {
    /// What it wrote.
    pub record: ServerRecord,
}

fn start_time(pid: i32) -> Option<u64> {
    parse_start_time(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The name in the second field may hold blanks and parentheses: what follows begins at the last one. A zombie
/// is no running process.
fn parse_start_time(stat: &str) -> Option<u64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    if fields.first() == Some(&"Z") {
        return None;
    }
    fields.get(19)?.parse().ok()
}

impl ServerRecord {
    /// Writes down who this process is.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_own(folders: &Folders, build: String, flags: Vec<String>) -> Result<()> {
        let pid = i32::try_from(std::process::id()).context("a pid fits an i32")?;
        let start_time = start_time(pid).context("cannot read /proc/self/stat")?;
        let record = Self { pid, start_time, build, flags };
        write_atomically(&folders.server_record(), serde_json::to_string_pretty(&record)?.as_bytes(), 0o644)
    }
}

impl ServerProcess {
    /// The server of these folders, if it runs.
    pub fn find(folders: &Folders) -> Option<Self> {
        Self::read(&folders.server_record())
    }

    fn read(path: &Path) -> Option<Self> {
        let record: ServerRecord = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        let process = Self { record };
        process.alive().then_some(process)
    }

    /// Whether it still runs.
    pub fn alive(&self) -> bool {
        start_time(self.record.pid) == Some(self.record.start_time)
    }

    /// Ends it: asks first, insists after `patience`.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub async fn stop(&self, patience: Duration) -> Result<()> {
        for (signal, patience) in [(Signal::SIGTERM, patience), (Signal::SIGKILL, Duration::from_secs(5))] {
            if !self.alive() {
                return Ok(());
            }
            match kill(Pid::from_raw(self.record.pid), signal) {
                Ok(()) | Err(Errno::ESRCH) => {}
                Err(error) => bail!("cannot end the server (process {}): {error}", self.record.pid),
            }
            let until = std::time::Instant::now() + patience;
            while std::time::Instant::now() < until {
                if !self.alive() {
                    return Ok(());
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        if self.alive() {
            bail!("the server (process {}) does not end", self.record.pid);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_process_is_known_by_its_start_not_by_its_pid_alone() {
        let own = i32::try_from(std::process::id()).unwrap();
        let record = |start_time| ServerRecord { pid: own, start_time, build: String::new(), flags: vec![] };
        let began = start_time(own).unwrap();
        assert!(ServerProcess { record: record(began) }.alive());
        assert!(!ServerProcess { record: record(began + 1) }.alive());
    }

    #[test]
    fn a_name_with_blanks_and_parentheses_is_no_trouble() {
        let rest = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20";
        assert_eq!(parse_start_time(&format!("7 (a) b (c)) {rest}")), Some(4711));
        assert_eq!(parse_start_time(&format!("7 (x) {}", rest.replacen('S', "Z", 1))), None);
    }
}
