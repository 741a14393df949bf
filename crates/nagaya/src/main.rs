//! `nagaya`: the command line and the wiring of everything else.

mod addon;
mod agent;
mod completions;
mod down;
mod image;
mod images;
mod instance;
mod kubernetes;
mod logging;
mod server;
mod settings;
mod signals;
mod status;
mod supervise;
mod up;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use nagaya_cli::{CliError, Global, terminal};
use settings::{Layer, Settings};

/// A server of a thousand clusters takes two thirds of the memory and half of the time that it does with the C library's
/// (docs/decisions/0015).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Development desktops in the browser, each on its team's own Kubernetes cluster.
#[derive(Debug, Parser)]
#[command(name = "nagaya", version, about, max_term_width = 110)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(flatten)]
    layer: Layer,
    #[command(subcommand)]
    command: Command,
}

#[allow(clippy::large_enum_variant, reason = "there is one, made once and taken apart at once")]
#[derive(Debug, Subcommand)]
enum Command {
    /// Bring up an instance on this host: network, registry, server, clusters, the example organisation
    Up(up::Args),
    /// Stop everything of an instance; homes and store stay
    Down(down::DownArgs),
    /// Remove an instance for ever, homes and store included
    Purge(down::PurgeArgs),
    /// Show what runs of an instance
    Status,
    /// Add and list distributions of Kubernetes
    Kubernetes(kubernetes::Args),
    /// Export the agent's image, for clusters that pull from another registry
    Image(image::Args),
    /// Show the settings and where each comes from
    Config(ConfigArgs),
    #[command(flatten)]
    Client(nagaya_cli::Command),
    /// Run the server
    Server(server::Args),
    /// Run the agent (in a cluster)
    Agent(agent::Args),
    /// Run what local clusters need inside themselves
    Addon(addon::Args),
    /// Watch over the programs of a local cluster or of the instance's network
    #[command(hide = true)]
    Supervise(supervise::Args),
    /// Print completions for a shell
    Completions(completions::Args),
    /// Print the version of this program and of the server
    Version,
}

#[derive(Debug, clap::Args)]
struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print each setting with its source
    Show,
}

fn main() -> ExitCode {
    let cli = match Cli::from_arg_matches(&Cli::command().get_matches()) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    // Before any task: reqwest, kube and rustls take the process's default.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal::complain(&format!("cannot start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(run(cli));
    // A thread that waits for the terminal must not hold up the end.
    runtime.shutdown_background();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => match error.downcast_ref::<CliError>() {
            Some(known) => known.report(),
            None => {
                terminal::complain(&format!("{error:#}"));
                ExitCode::FAILURE
            }
        },
    }
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    let Cli { mut global, layer, command } = cli;
    // `nagaya --instance x get ws` means that instance's server, where `up` left us logged in.
    if global.context.is_none() && global.server.is_none() {
        global.context = layer.instance.clone().or_else(|| std::env::var("NAGAYA_INSTANCE").ok());
    }
    match command {
        Command::Client(command) => Ok(nagaya_cli::commands::run(command, &global).await?),
        Command::Up(args) => up::run(args, &layer, &global).await,
        Command::Down(args) => down::down(args, &layer).await,
        Command::Purge(args) => down::purge(args, &layer, &global).await,
        Command::Status => status::run(&Settings::load(&layer)?).await,
        Command::Kubernetes(args) => kubernetes::run(args, &Settings::load(&layer)?).await,
        Command::Image(args) => image::run(args, &Settings::load(&layer)?),
        Command::Config(ConfigArgs { command: ConfigCommand::Show }) => {
            status::settings(&Settings::load(&layer)?);
            Ok(())
        }
        Command::Server(args) => server::run(args, Settings::load(&layer)?).await,
        Command::Agent(args) => agent::run(args).await,
        Command::Addon(args) => addon::run(args).await,
        Command::Supervise(args) => supervise::run(args).await,
        Command::Completions(args) => {
            completions::run(&args, &mut Cli::command());
            Ok(())
        }
        Command::Version => {
            terminal::say(&format!("nagaya {}", env!("CARGO_PKG_VERSION")));
            if let Ok(client) = nagaya_cli::commands::client(&global) {
                match client.root("/version").await {
                    Ok(version) => terminal::say(&format!("server {} {}", client.server(), version.trim())),
                    Err(error) => terminal::note(&error.to_string()),
                }
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_has_no_contradictions() {
        super::Cli::command().debug_assert();
    }
}
