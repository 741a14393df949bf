//! The server's process: adopted when it is this build with these settings, else replaced.

use std::{
    fs::OpenOptions,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use nagaya_cli::{Client, Connection};
use tokio::process::{Child, Command};

use super::steps::Steps;
use crate::{
    instance::{Folders, ServerProcess, identity, installed},
    settings::Settings,
};

/// Longest wait for the server to answer: it opens its store and its listeners, and nothing slow.
const READY: Duration = Duration::from_secs(60);
/// Longest wait for an old server to end by itself.
pub const STOP: Duration = Duration::from_secs(15);

/// Sees to it that the server runs, by this build and with these settings. Gives the child in the foreground.
///
/// # Errors
/// When it does not start; the message carries the end of its log.
pub async fn ensure(
    settings: &Settings,
    folders: &Folders,
    foreground: bool,
    steps: &Steps,
) -> Result<Option<Child>> {
    let (build, flags) = (identity(&settings.cache_dir)?, settings.as_flags());
    if let Some(running) = ServerProcess::find(folders) {
        let same = running.record.build == build && running.record.flags == flags;
        if same && !foreground && ready(settings).await {
            steps.tell("it runs already");
            return Ok(None);
        }
        steps.tell(if same { "replacing the server" } else { "replacing the server by this build" });
        running.stop(STOP).await?;
    }
    let mut child = start(settings, folders, foreground)?;
    let began = Instant::now();
    while !ready(settings).await {
        if let Some(status) = child.try_wait().context("cannot watch the server")? {
            bail!("the server ended at once ({status}):\n{}", log_tail(folders));
        }
        if began.elapsed() > READY {
            bail!("the server does not answer after {} s:\n{}", READY.as_secs(), log_tail(folders));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(foreground.then_some(child))
}

fn start(settings: &Settings, folders: &Folders, foreground: bool) -> Result<Child> {
    let mut command = Command::new(installed(folders)?);
    command.arg("server").args(settings.as_flags()).stdin(Stdio::null()).current_dir("/");
    if !foreground {
        let path = folders.server_log();
        let dir = path.parent().unwrap_or(&path);
        std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let log = OpenOptions::new().create(true).append(true).open(&path);
        let log = log.with_context(|| format!("cannot open {}", path.display()))?;
        command.arg("--detached").stdout(log.try_clone()?).stderr(log);
    }
    command.spawn().context("cannot start the server")
}

/// Whether the server answers as ready.
pub async fn ready(settings: &Settings) -> bool {
    let connection = Connection {
        server: settings.http_url(),
        certificate_authority: String::new(),
        token: String::new(),
    };
    match Client::new(connection) {
        Ok(client) => client.root("/readyz").await.is_ok(),
        Err(_) => false,
    }
}

/// The last lines of the server's log.
fn log_tail(folders: &Folders) -> String {
    let path = folders.server_log();
    let text = std::fs::read(&path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text[text.len().saturating_sub(4096)..]).into_owned();
    let lines: Vec<&str> = text.lines().rev().take(12).collect();
    let lines: Vec<&str> = lines.into_iter().rev().collect();
    format!("  {}\n  ({})", lines.join("\n  "), path.display())
}

/// Waits for a server in the foreground to end; interrupting this command asks it to.
///
/// # Errors
/// When it failed.
pub async fn attend(mut child: Child) -> Result<()> {
    let status = child.wait().await.context("cannot watch the server")?;
    if !status.success() {
        bail!("the server ended with {status}");
    }
    Ok(())
}
