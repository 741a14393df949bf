//! kubectl of several versions, through the tunnel.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::NamedTempFile;

use crate::Instance;

/// The kubectls that `scripts/kubectl.sh` could get.
pub fn all() -> Vec<PathBuf> {
    // Tests run in this package's folder, benchmarks at the root of the checkout.
    let script = ["../scripts/kubectl.sh", "scripts/kubectl.sh"]
        .map(Path::new)
        .into_iter()
        .find(|script| script.exists());
    let out = Command::new(script.expect("a checkout")).output().expect("kubectl.sh runs");
    let found: Vec<PathBuf> = String::from_utf8_lossy(&out.stdout).lines().map(PathBuf::from).collect();
    assert!(!found.is_empty(), "no kubectl: {}", String::from_utf8_lossy(&out.stderr));
    found
}

/// kubectl as somebody, in a cluster.
#[derive(Debug)]
pub struct Kubectl {
    program: PathBuf,
    config: NamedTempFile,
}

impl Kubectl {
    /// kubectl with an administrator's rights.
    pub fn admin(instance: &Instance, cluster: &str) -> Self {
        Self::with(instance.ok(&["kubeconfig", cluster]))
    }

    /// kubectl with an administrator's rights, past Nagaya.
    pub fn direct(instance: &Instance, cluster: &str) -> Self {
        Self::with(instance.ok(&["kubeconfig", cluster, "--direct", "--for", "1h"]))
    }

    /// kubectl as the owner of a token.
    pub fn of_token(instance: &Instance, cluster: &str, token: &str) -> Self {
        let out = instance
            .command(&["kubeconfig", cluster])
            .env("NAGAYA_TOKEN", token)
            .output()
            .expect("nagaya runs");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        Self::with(String::from_utf8_lossy(&out.stdout).into_owned())
    }

    fn with(text: String) -> Self {
        let config = NamedTempFile::new().expect("a file");
        std::fs::write(config.path(), text).expect("written");
        Self { program: all().remove(0), config }
    }

    /// The same with another kubectl.
    #[must_use]
    pub fn by(self, program: PathBuf) -> Self {
        Self { program, ..self }
    }

    /// `kubectl …`, not yet run.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--kubeconfig").arg(self.config.path()).args(args).stdin(Stdio::null());
        command
    }

    /// Runs `kubectl …`.
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("kubectl runs")
    }

    /// Runs `kubectl …`, which must succeed; gives its output.
    pub fn ok(&self, args: &[&str]) -> String {
        let out = self.run(args);
        assert!(
            out.status.success(),
            "{} {}: {}",
            self.program.display(),
            args.join(" "),
            String::from_utf8_lossy(&out.stderr)
        );
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// Runs `kubectl … -o json`.
    pub fn json(&self, args: &[&str]) -> Value {
        let mut all = args.to_vec();
        all.extend(["-o", "json"]);
        serde_json::from_str(&self.ok(&all)).expect("JSON")
    }

    /// Names of the pods of a workspace that are not ending.
    pub fn pods_of(&self, namespace: &str, workspace: &str) -> Vec<String> {
        let selector = format!("nagaya.dev/workspace={workspace}");
        let list = self.json(&["get", "pods", "-n", namespace, "-l", &selector]);
        let items = list["items"].as_array().cloned().unwrap_or_default();
        items
            .iter()
            .filter(|pod| pod["metadata"]["deletionTimestamp"].is_null())
            .filter_map(|pod| {
                Some(format!("{} {}", pod["metadata"]["name"].as_str()?, pod["metadata"]["uid"].as_str()?))
            })
            .collect()
    }

    /// Whether the caller may do this, as Kubernetes says.
    pub fn may(&self, args: &[&str]) -> bool {
        let mut all = vec!["auth", "can-i"];
        all.extend(args);
        String::from_utf8_lossy(&self.run(&all).stdout).trim() == "yes"
    }
}
