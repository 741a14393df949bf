//! `nagaya workspace create`.

use std::time::Instant;

use nagaya_api::{
    Kind, RawObject, Resource as _, Workspace,
    kinds::workspace::{WorkspacePhase, WorkspaceSpec},
    quantity::Bytes,
};

use super::wait::{self, State, Waiting};
use crate::{CliError, Client, client::Filter, commands::cluster::seconds, terminal::say};

/// `nagaya workspace create`
#[derive(Clone, Debug, clap::Args)]
pub struct Create {
    /// Its name
    name: String,
    /// Template to make it from (`nagaya get templates`)
    #[arg(long, short)]
    template: Option<String>,
    /// Team it belongs to (default: the only team you are in)
    #[arg(long)]
    team: Option<String>,
    /// Whose it is (default: yours)
    #[arg(long)]
    owner: Option<String>,
    /// Size of its home (default: the template's)
    #[arg(long, value_name = "SIZE")]
    home_size: Option<Bytes>,
    #[command(flatten)]
    waiting: Waiting,
}

/// Runs `create`.
///
/// # Errors
/// The server's, or when it does not run in time.
pub async fn run(args: Create, client: &Client) -> Result<(), CliError> {
    let started = Instant::now();
    let me = client.me().await?;
    let team = match (args.team, me.teams.as_slice()) {
        (Some(team), _) => team,
        (None, [only]) => only.name.clone(),
        (None, teams) => {
            let names: Vec<_> = teams.iter().map(|team| team.name.as_str()).collect();
            return Err(CliError::Usage(format!("say --team, one of: {}", names.join(", "))));
        }
    };
    let template = match args.template {
        Some(template) => template,
        None => only_template(client, &team).await?,
    };
    let spec = WorkspaceSpec {
        owner: args.owner.unwrap_or(me.name),
        team,
        template,
        home_size: args.home_size,
        ..WorkspaceSpec::default()
    };
    client.create(&Workspace::new(&args.name, spec).to_raw()).await?;
    say(&format!("workspace/{} created", args.name));
    if !args.waiting.no_wait {
        wait::until(client, Kind::Workspace, &args.name, args.waiting.timeout(), running).await?;
        say(&format!("workspace/{} runs after {}", args.name, seconds(started.elapsed())));
        say(&super::lifecycle::address(client, &args.name));
    }
    Ok(())
}

async fn only_template(client: &Client, team: &str) -> Result<String, CliError> {
    let list = client.list(Kind::Template, &Filter::default()).await?;
    let fitting = |object: &&RawObject| object.metadata.team.as_deref().is_none_or(|owner| owner == team);
    let names: Vec<_> =
        list.items.iter().filter(fitting).map(|object| object.metadata.name.clone()).collect();
    match names.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(CliError::Usage(format!(
            "team {team} has no template: create one first (nagaya explain template.spec)"
        ))),
        _ => Err(CliError::Usage(format!("say --template, one of: {}", names.join(", ")))),
    }
}

/// Whether a workspace runs, and what it waits for.
///
/// # Errors
/// When the object cannot be read.
pub fn running(object: &RawObject) -> Result<State, CliError> {
    let workspace = Workspace::from_raw(object)?;
    let status = &workspace.status;
    let reached = status.steps.iter().filter(|step| step.at.is_some()).count();
    let awaited = status.steps.iter().find(|step| step.at.is_none());
    let mut line = format!("{:?}", status.phase);
    if let Some(step) = awaited {
        line = format!("{line} {reached}/{}: {:?}", status.steps.len(), step.name);
    }
    if !status.message.is_empty() {
        line = format!("{line}: {}", status.message);
    }
    Ok(match status.phase {
        WorkspacePhase::Running => State::Reached,
        WorkspacePhase::Failed => State::Stuck(line),
        _ => State::Waiting(line),
    })
}
