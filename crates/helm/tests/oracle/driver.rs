//! The real Helm SDK in a Python process (`tests/oracle/driver.py`), made by `scripts/oracle.sh`.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

/// The checkout.
pub fn checkout() -> PathBuf {
    Path::new("../..").canonicalize().unwrap()
}

/// Helm, in a process of its own.
pub struct Helm {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Helm {
    pub fn start() -> Self {
        let made = Command::new(checkout().join("scripts/oracle.sh")).output().unwrap();
        assert!(made.status.success(), "scripts/oracle.sh: {}", String::from_utf8_lossy(&made.stderr));
        let python = String::from_utf8(made.stdout).unwrap();
        let mut child = Command::new(python.trim())
            .arg(checkout().join("tests/oracle/driver.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Helm's warnings about values.
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, to, from }
    }

    /// The answer; what Helm rejects is `Err`.
    pub fn ask(&mut self, request: &Value) -> Result<Value, String> {
        writeln!(self.to, "{request}").unwrap();
        let mut line = String::new();
        self.from.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "the driver died of {request}");
        let answer: Value = serde_json::from_str(&line).unwrap();
        match answer.get("error") {
            Some(error) => Err(error.as_str().unwrap().to_owned()),
            None => Ok(answer),
        }
    }

    pub fn render(&mut self, chart: &Path, values: &Value) -> Result<Value, String> {
        self.ask(&json!({"do": "render", "chart": chart, "values": values, "name": super::RELEASE, "namespace": super::NAMESPACE}))
    }
}

impl Drop for Helm {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
