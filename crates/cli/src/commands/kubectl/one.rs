//! kubectl for one cluster.

use std::{
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::PathBuf,
    process::{ExitStatus, Stdio},
    sync::Arc,
};

use nagaya_api::Kind;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader},
    process::Command,
};

use super::merge::prefixed;
use crate::{
    CliError, Client,
    client::object_path,
    commands::kubeconfig::{BRIEF, parse},
    output::yaml,
    terminal::print,
};

/// Kubeconfigs that are there as long as this is, in a folder that only we read.
pub struct Kubeconfigs {
    client: Client,
    dir: PathBuf,
}

impl Drop for Kubeconfigs {
    fn drop(&mut self) {
        // Left behind it is a file with the token that our own configuration holds too.
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// How kubectl ended.
pub struct Ran {
    /// Its status.
    pub status: ExitStatus,
    /// What it printed; empty when it was printed as it came.
    pub output: String,
}

impl Kubeconfigs {
    /// None yet.
    ///
    /// # Errors
    /// When nobody is logged in, or there is no folder for them.
    pub fn new(client: Client) -> Result<Self, CliError> {
        if client.connection().token.is_empty() {
            return Err(CliError::NotLoggedIn(client.server().to_owned()));
        }
        let name =
            format!("nagaya-kubectl-{}-{:x}", std::process::id(), jiff::Timestamp::now().as_nanosecond());
        let dir = std::env::temp_dir().join(name);
        // Not there yet, or it is somebody else's: that is an error.
        std::fs::DirBuilder::new().mode(0o700).create(&dir).map_err(|error| CliError::file(&dir, error))?;
        Ok(Self { client, dir })
    }

    /// A kubeconfig with the token this program is logged in with, so that none is made for one command.
    async fn of(&self, cluster: &str) -> Result<PathBuf, CliError> {
        let path = object_path(Kind::Cluster, cluster);
        let asked = format!("{path}/kubeconfig?expirationSeconds={}", BRIEF.as_secs());
        let mut config = parse("the server's kubeconfig", &self.client.text(&asked).await?)?;
        for user in config.get_mut("users").and_then(serde_json::Value::as_array_mut).into_iter().flatten() {
            user["user"] = json!({"token": self.client.connection().token});
        }
        let file = self.dir.join(cluster);
        let mut options = std::fs::OpenOptions::new();
        let written = options.write(true).create_new(true).mode(0o600).open(&file).and_then(|mut open| {
            let text = yaml(&config).map_err(std::io::Error::other)?;
            std::io::Write::write_all(&mut open, text.as_bytes())
        });
        written.map_err(|error| CliError::file(&file, error))?;
        Ok(file)
    }

    async fn command(&self, cluster: &str, arguments: &[String]) -> Result<Command, CliError> {
        let mut command = Command::new("kubectl");
        command.args(arguments).env("KUBECONFIG", self.of(cluster).await?).kill_on_drop(true);
        Ok(command)
    }
}

fn unstarted(error: std::io::Error) -> CliError {
    match error.kind() {
        std::io::ErrorKind::NotFound => CliError::Usage(
            "kubectl is not in PATH: install it (https://kubernetes.io/docs/tasks/tools/)".into(),
        ),
        _ => CliError::Other(format!("kubectl: {error}")),
    }
}

/// Runs it on our terminal.
///
/// # Errors
/// When it cannot be run; its own exit code.
pub async fn alone(all: &Kubeconfigs, cluster: &str, arguments: &[String]) -> Result<(), CliError> {
    let status = all.command(cluster, arguments).await?.status().await.map_err(unstarted)?;
    if status.success() {
        return Ok(());
    }
    Err(CliError::Silent(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

/// Runs it as one of many: its errors are printed at once under the cluster's name, and with `stream` so is the rest.
///
/// # Errors
/// When it cannot be run.
pub async fn among(
    all: &Kubeconfigs,
    cluster: &str,
    arguments: &[String],
    input: Arc<[u8]>,
    stream: bool,
) -> Result<Ran, CliError> {
    let mut command = all.command(cluster, arguments).await?;
    command.stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() });
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(unstarted)?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let feed = async {
        if let Some(mut stdin) = stdin {
            // Whoever does not read it to its end has had enough.
            let _ = stdin.write_all(&input).await;
        }
    };
    let mut output = String::new();
    let taken = async {
        let take = |line: &str| {
            if stream {
                print(&prefixed(cluster, line));
            } else {
                output.push_str(line);
                output.push('\n');
            }
        };
        lines(stdout, take).await
    };
    let complained = lines(stderr, |line| crate::terminal::note(prefixed(cluster, line).trim_end()));
    let ((), read, wrong) = futures::future::join3(feed, taken, complained).await;
    read.and(wrong).map_err(|error| CliError::Other(format!("kubectl's output: {error}")))?;
    let status = child.wait().await.map_err(unstarted)?;
    Ok(Ran { status, output })
}

async fn lines(from: Option<impl AsyncRead + Unpin>, mut take: impl FnMut(&str)) -> std::io::Result<()> {
    let Some(from) = from else { return Ok(()) };
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).await? > 0 {
        let text = String::from_utf8_lossy(&line);
        take(text.trim_end_matches(['\n', '\r']));
        line.clear();
    }
    Ok(())
}
