//! `nagaya workspace open|stop|start|delete|purge`.

use std::{
    process::{Command, Stdio},
    time::Instant,
};

use nagaya_api::{Kind, RawObject, Resource as _, Workspace, kinds::workspace::WorkspacePhase};

use super::{
    create::running,
    wait::{self, State, Waiting},
};
use crate::{
    CliError, Client,
    client::{encode, object_path},
    commands::cluster::seconds,
    terminal::{ask, note, say},
};

/// One workspace and whether to wait.
#[derive(Clone, Debug, clap::Args)]
pub struct Act {
    /// The workspace
    name: String,
    #[command(flatten)]
    waiting: Waiting,
}

/// `nagaya workspace open`
#[derive(Clone, Debug, clap::Args)]
pub struct Open {
    /// The workspace
    name: String,
    /// Only print the address
    #[arg(long)]
    print: bool,
}

/// `nagaya workspace purge`
#[derive(Clone, Debug, clap::Args)]
pub struct Purge {
    /// The workspace
    name: String,
    /// Ask nothing
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    waiting: Waiting,
}

/// Address of a workspace's desktop.
pub fn address(client: &Client, name: &str) -> String {
    format!("{}/workspaces/{}/desktop", client.server(), encode(name))
}

fn path(name: &str, verb: &str) -> String {
    format!("{}/{verb}", object_path(Kind::Workspace, name))
}

/// Runs `open`.
///
/// # Errors
/// The server's.
pub async fn open(args: Open, client: &Client) -> Result<(), CliError> {
    let workspace = Workspace::from_raw(&client.get(Kind::Workspace, &args.name).await?)?;
    if workspace.status.phase != WorkspacePhase::Running {
        note(&format!(
            "the workspace is {:?} {}: the page offers what can be done, or run `nagaya workspace start {}`",
            workspace.status.phase, workspace.status.message, args.name
        ));
    }
    let address = address(client, &args.name);
    say(&address);
    // Only where somebody sits in front of the machine is there a browser to open.
    let seated = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if seated && !args.print {
        let browser =
            Command::new("xdg-open").arg(&address).stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !browser.is_ok_and(|status| status.success()) {
            note("no browser could be started: open the address yourself");
        }
    }
    Ok(())
}

/// Runs `start`.
///
/// # Errors
/// The server's, or when it does not run in time.
pub async fn start(args: Act, client: &Client) -> Result<(), CliError> {
    let began = Instant::now();
    client.post(&path(&args.name, "start"), None).await?;
    if args.waiting.no_wait {
        say(&format!("workspace/{} is being started", args.name));
        return Ok(());
    }
    wait::until(client, Kind::Workspace, &args.name, args.waiting.timeout(), running).await?;
    say(&format!("workspace/{} runs after {}", args.name, seconds(began.elapsed())));
    Ok(())
}

fn at(object: &RawObject, phase: WorkspacePhase) -> Result<State, CliError> {
    let workspace = Workspace::from_raw(object)?;
    let status = workspace.status;
    Ok(if status.phase == phase {
        State::Reached
    } else {
        State::Waiting(format!("{:?} {}", status.phase, status.message))
    })
}

/// Runs `stop`.
///
/// # Errors
/// The server's, or when it does not end in time.
pub async fn stop(args: Act, client: &Client) -> Result<(), CliError> {
    client.post(&path(&args.name, "stop"), None).await?;
    if !args.waiting.no_wait {
        let stopped = |object: &RawObject| at(object, WorkspacePhase::Stopped);
        wait::until(client, Kind::Workspace, &args.name, args.waiting.timeout(), stopped).await?;
    }
    say(&format!("workspace/{} stopped; its home stays", args.name));
    Ok(())
}

/// Runs `delete`.
///
/// # Errors
/// The server's, or when it does not end in time.
pub async fn delete(args: Act, client: &Client) -> Result<(), CliError> {
    client.delete(Kind::Workspace, &args.name).await?;
    if !args.waiting.no_wait {
        let deleted = |object: &RawObject| at(object, WorkspacePhase::Deleted);
        wait::until(client, Kind::Workspace, &args.name, args.waiting.timeout(), deleted).await?;
    }
    say(&format!(
        "workspace/{0} deleted; its home stays until `nagaya workspace purge {0}`, and `start` brings it back",
        args.name
    ));
    Ok(())
}

/// Runs `purge`.
///
/// # Errors
/// When the name typed is another one; the server's.
pub async fn purge(args: Purge, client: &Client) -> Result<(), CliError> {
    let workspace = Workspace::from_raw(&client.get(Kind::Workspace, &args.name).await?)?;
    if !args.yes {
        let question = format!(
            "this removes the home of {} ({}) for ever; type the workspace's name to go on:",
            args.name, workspace.spec.owner
        );
        if ask(&question)? != args.name {
            return Err(CliError::Usage("that is not its name: nothing was removed".into()));
        }
    }
    client.post(&path(&args.name, "purge"), None).await?;
    if args.waiting.no_wait {
        say(&format!("workspace/{} is being purged", args.name));
        return Ok(());
    }
    wait::gone(client, Kind::Workspace, &args.name, args.waiting.timeout()).await?;
    say(&format!("workspace/{} purged, home included", args.name));
    Ok(())
}
