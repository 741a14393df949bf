//! The Helm SDK in a Python process, as the oracle's tests drive it. `scripts/bench.sh` runs it at the root of the checkout.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

use super::Turn;

pub(super) struct Sdk {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Sdk {
    pub(super) fn start() -> Self {
        Self::try_start().unwrap_or_else(|error| panic!("the Helm SDK does not start: {error}"))
    }

    fn try_start() -> std::io::Result<Self> {
        let made = Command::new("scripts/oracle.sh").stderr(Stdio::inherit()).output()?;
        let python = String::from_utf8_lossy(&made.stdout);
        let mut child = Command::new(python.trim())
            .arg("tests/oracle/driver.py")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(to), Some(from)) => Ok(Self { child, to, from: BufReader::new(from) }),
            _ => Err(std::io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn ask(&mut self, request: &Value) -> std::io::Result<Value> {
        writeln!(self.to, "{request}")?;
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }

    pub(super) fn turn(&mut self, chart: &Path) -> Turn {
        let answer = self.ask(&json!({"do": "bench", "chart": chart, "values": {}, "times": 1}));
        let answer = answer.unwrap_or_else(|error| panic!("the Helm SDK died: {error}"));
        serde_json::from_value(answer.clone())
            .unwrap_or_else(|_| panic!("the Helm SDK on {}: {answer}", chart.display()))
    }
}

/// What the process needs before it has seen a chart, in KiB.
pub(super) fn floor() -> u64 {
    let answer = Sdk::start().ask(&json!({"do": "bench", "times": 0, "values": {}}));
    answer.ok().and_then(|answer| answer["peakKiB"].as_u64()).unwrap_or_default()
}

impl Drop for Sdk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
