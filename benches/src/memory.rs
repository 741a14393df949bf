//! Resident memory when nothing happens.

use std::{fs, thread::sleep, time::Duration};

use nagaya_e2e::process;

use crate::{
    figures::{Line, target},
    subject::Subject,
};

/// How long nothing happens before it is read.
const CALM: Duration = Duration::from_secs(20);

/// Measures.
pub fn measure(subject: &Subject) -> Vec<Line> {
    sleep(CALM);
    let instance = &subject.instance;
    let of = |program: &str, word: &str| {
        process::in_cluster(&instance.name, "java", program)
            .into_iter()
            .filter(|process| word.is_empty() || process.command.iter().any(|arg| arg == word))
            .map(|process| process.pid)
            .max_by(|a, b| resident(*a).total_cmp(&resident(*b)))
    };
    [
        ("server", Some(instance.server_pid()), 60.0),
        ("agent", of("nagaya", "agent"), 25.0),
        ("relay", of("nagaya-relay", ""), 5.0),
    ]
    .into_iter()
    .map(|(what, pid, most)| {
        let pid = pid.unwrap_or_else(|| panic!("no process of the {what} was found"));
        let mebibytes = resident(pid);
        Line {
            what: format!("resident memory of the {what}, idle"),
            figure: format!("{mebibytes:.1} MiB"),
            reference: "–".into(),
            target: target(mebibytes, most, " MB"),
        }
    })
    .collect()
}

/// Resident memory of a process, in MiB; 0 when it is gone.
fn resident(pid: i32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.split_whitespace().next())
        .and_then(|kib| kib.parse::<f64>().ok())
        .unwrap_or(0.0)
        / 1024.0
}
