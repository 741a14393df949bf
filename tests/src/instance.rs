//! The instance under test and its command line.

use std::{
    env,
    io::Write as _,
    path::PathBuf,
    process::{Command, Output, Stdio},
    time::Duration,
};

use serde_json::Value;

use crate::{Kubectl, until};

/// The instance that `scripts/e2e.sh` brought up.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The program.
    pub bin: PathBuf,
    /// Its name.
    pub name: String,
    /// Its data directory.
    pub data: PathBuf,
    /// Where its command line keeps who is logged in.
    pub config: PathBuf,
    /// Address of its console.
    pub url: String,
}

/// Longest wait for a workspace: an image may have to be pulled on a loaded machine.
pub const PATIENCE: Duration = Duration::from_secs(240);

impl Instance {
    /// The instance of the environment.
    pub fn get() -> Self {
        let var = |name: &str| {
            env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run by scripts/e2e.sh"))
        };
        Self {
            bin: var("NAGAYA_BIN").into(),
            name: var("NAGAYA_INSTANCE"),
            data: var("NAGAYA_DATA_DIR").into(),
            config: var("NAGAYA_CONFIG").into(),
            url: var("NAGAYA_URL"),
        }
    }

    /// `nagaya …`, not yet run.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.bin);
        command
            .args(args)
            .env("NAGAYA_INSTANCE", &self.name)
            .env("NAGAYA_DATA_DIR", &self.data)
            .env("NAGAYA_CONFIG", &self.config);
        command
    }

    /// Runs `nagaya …`.
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).stdin(Stdio::null()).output().expect("nagaya runs")
    }

    /// Runs `nagaya …` with something on its standard input.
    pub fn run_with(&self, args: &[&str], input: &str) -> Output {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("nagaya runs");
        child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("it reads");
        child.wait_with_output().expect("it ends")
    }

    /// Runs `nagaya …`, which must succeed; gives its output.
    pub fn ok(&self, args: &[&str]) -> String {
        text(args, &self.run(args))
    }

    /// Runs `nagaya … -o json`.
    pub fn json(&self, args: &[&str]) -> Value {
        let mut all = args.to_vec();
        all.extend(["-o", "json"]);
        serde_json::from_str(&self.ok(&all)).expect("JSON")
    }

    /// A workspace's object.
    pub fn workspace(&self, name: &str) -> Value {
        self.json(&["get", "workspace", name])
    }

    /// Waits until a workspace runs; gives its object.
    pub fn running(&self, name: &str) -> Value {
        until(&format!("workspace {name} runs"), PATIENCE, || {
            let out = self.run(&["get", "workspace", name, "-o", "json"]);
            let object: Value = serde_json::from_slice(&out.stdout).map_err(|_| complaint(&out))?;
            let phase = object.pointer("/status/phase").and_then(Value::as_str).unwrap_or_default();
            if phase == "Running" { Ok(object.clone()) } else { Err(object["status"].to_string()) }
        })
    }

    /// A command in a workspace, which must succeed.
    pub fn exec(&self, workspace: &str, command: &[&str]) -> String {
        let mut args = vec!["workspace", "exec", workspace, "--"];
        args.extend(command);
        self.ok(&args)
    }

    /// Process of the server.
    pub fn server_pid(&self) -> i32 {
        self.find_server().expect("the server's record")
    }

    /// Process of the server, once there is one.
    pub fn find_server(&self) -> Option<i32> {
        let record: Value =
            serde_json::from_slice(&std::fs::read(self.data.join("run/server.json")).ok()?).ok()?;
        pid(&record)
    }

    /// What the supervisor of a cluster last told, once there is one.
    pub fn cluster_state(&self, cluster: &str) -> Option<Value> {
        let path = self.data.join("clusters").join(cluster).join("state.json");
        serde_json::from_slice(&std::fs::read(path).ok()?).ok()
    }

    /// `nagaya up` again, as after a fault.
    pub fn up(&self) {
        self.ok(&["up", "--organisation", "organisation.yaml"]);
    }

    /// kubectl with an administrator's rights, through the tunnel.
    pub fn kubectl(&self, cluster: &str) -> Kubectl {
        Kubectl::admin(self, cluster)
    }
}

/// The `pid` of a process's record.
pub fn pid(record: &Value) -> Option<i32> {
    record["pid"].as_i64().and_then(|pid| i32::try_from(pid).ok())
}

fn complaint(out: &Output) -> String {
    format!("{} {}", out.status, String::from_utf8_lossy(&out.stderr))
}

fn text(args: &[&str], out: &Output) -> String {
    assert!(out.status.success(), "nagaya {}: {}", args.join(" "), complaint(out));
    String::from_utf8_lossy(&out.stdout).into_owned()
}
