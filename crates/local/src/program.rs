//! Helper programs of the host: run, checked, and with an error that says what they were to do and what they said.

use std::ffi::{OsStr, OsString};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::Error;

/// Long enough for a loaded machine, short enough that a hung program is noticed.
const PATIENCE: Duration = Duration::from_secs(60);

/// One run of a helper program.
#[derive(Debug)]
pub(crate) struct Program {
    what: String,
    argv: Vec<OsString>,
    input: Option<String>,
    patience: Duration,
}

impl Program {
    /// `what` completes "cannot …" and names the object.
    pub(crate) fn new(what: impl Into<String>, program: impl AsRef<OsStr>) -> Self {
        Self { what: what.into(), argv: vec![program.as_ref().into()], input: None, patience: PATIENCE }
    }

    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.argv.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    pub(crate) fn input(mut self, text: impl Into<String>) -> Self {
        self.input = Some(text.into());
        self
    }

    pub(crate) fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Runs it and returns what it printed.
    pub(crate) async fn run(self) -> Result<String, Error> {
        let (good, out, err) = self.attempt().await?;
        if good { Ok(out) } else { Err(self.failed(&err)) }
    }

    /// Runs it; `Ok(false)` when it failed with a message that holds one of `harmless` (already there, already gone).
    pub(crate) async fn run_unless(self, harmless: &[&str]) -> Result<bool, Error> {
        let (good, _, err) = self.attempt().await?;
        if good {
            return Ok(true);
        }
        if harmless.iter().any(|text| err.contains(text)) { Ok(false) } else { Err(self.failed(&err)) }
    }

    /// Whether it ended well; an error only when it could not be run.
    pub(crate) async fn succeeds(self) -> Result<bool, Error> {
        Ok(self.attempt().await?.0)
    }

    async fn attempt(&self) -> Result<(bool, String, String), Error> {
        let program = &self.argv[0];
        let mut command = Command::new(program);
        command.args(&self.argv[1..]).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command.stdin(if self.input.is_some() { Stdio::piped() } else { Stdio::null() });
        let mut child = command.spawn().map_err(|e| {
            if e.kind() == std::io::ErrorKind::NotFound {
                let name = program.to_string_lossy();
                let package = package_of(&name);
                self.failed(&format!("is not installed; apt-get install {package}"))
            } else {
                self.failed(&e.to_string())
            }
        })?;
        if let (Some(text), Some(mut stdin)) = (&self.input, child.stdin.take()) {
            // A program that ends without reading says why on its stderr, which is shown below.
            let _ = stdin.write_all(text.as_bytes()).await;
        }
        let output = tokio::time::timeout(self.patience, child.wait_with_output())
            .await
            .map_err(|_| self.failed(&format!("did not end within {} s", self.patience.as_secs())))?
            .map_err(|e| self.failed(&e.to_string()))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        let mut said = text(&output.stderr);
        if said.is_empty() && !output.status.success() {
            said = format!("ended with {}", output.status);
        }
        Ok((output.status.success(), text(&output.stdout), said))
    }

    fn failed(&self, problem: &str) -> Error {
        let line: Vec<_> = self.argv.iter().map(|arg| arg.to_string_lossy()).collect();
        let tail: Vec<_> = problem.lines().rev().take(8).collect();
        Error::Program {
            what: self.what.clone(),
            program: line.join(" "),
            problem: tail.into_iter().rev().collect::<Vec<_>>().join("\n  "),
        }
    }
}

/// Debian's package that has a program.
pub(crate) fn package_of(program: &str) -> &str {
    match program.rsplit('/').next().unwrap_or(program) {
        "ip" => "iproute2",
        "nft" => "nftables",
        "nsenter" | "unshare" | "setsid" | "losetup" => "util-linux",
        "mount" | "umount" => "mount",
        "etcd" => "etcd-server",
        "ctr" => "containerd",
        "cp" | "sh" => "coreutils",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_missing_program_names_its_package_and_the_object() {
        let error = Program::new("make netns x", "/nonexistent/nft").run().await.unwrap_err().to_string();
        assert!(error.contains("make netns x") && error.contains("apt-get install nftables"), "{error}");
    }

    #[tokio::test]
    async fn harmless_failures_are_told_apart() {
        let sh = |script: &'static str| Program::new("try", "sh").args(["-c", script]);
        assert!(!sh("echo File exists >&2; exit 2").run_unless(&["File exists"]).await.unwrap());
        assert!(sh("echo other >&2; exit 2").run_unless(&["File exists"]).await.is_err());
        assert_eq!(sh("cat").input("hello").run().await.unwrap(), "hello");
    }
}
