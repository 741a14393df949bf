//! `nagaya workspace`.

mod create;
mod exec;
mod lifecycle;
mod logs;
pub mod wait;

use nagaya_api::Kind;

use crate::{CliError, Client, commands::get};

/// `nagaya workspace`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    /// Create a workspace and wait until its desktop answers
    Create(create::Create),
    /// List workspaces
    List(List),
    /// Print the address of a workspace's desktop, and open it where there is a browser
    Open(lifecycle::Open),
    /// Stop a workspace; its home stays
    Stop(lifecycle::Act),
    /// Start a stopped or deleted workspace
    Start(lifecycle::Act),
    /// Delete a workspace; its home stays until it is purged
    Delete(lifecycle::Act),
    /// Remove a workspace and its home for ever
    Purge(lifecycle::Purge),
    /// Print what a workspace's container wrote
    Logs(logs::Logs),
    /// Run a command in a workspace
    Exec(exec::Exec),
}

/// `nagaya workspace list`
#[derive(Clone, Debug, clap::Args)]
struct List {
    #[command(flatten)]
    flags: get::ListFlags,
}

/// Runs `workspace`.
///
/// # Errors
/// The server's; a workspace that does not become what was asked for in time; a command's exit code.
pub async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    match args.command {
        Command::Create(args) => create::run(args, client).await,
        Command::List(args) => get::get(args.flags.of(Kind::Workspace), client).await,
        Command::Open(args) => lifecycle::open(args, client).await,
        Command::Stop(args) => lifecycle::stop(args, client).await,
        Command::Start(args) => lifecycle::start(args, client).await,
        Command::Delete(args) => lifecycle::delete(args, client).await,
        Command::Purge(args) => lifecycle::purge(args, client).await,
        Command::Logs(args) => logs::run(args, client).await,
        Command::Exec(args) => exec::run(args, client).await,
    }
}
