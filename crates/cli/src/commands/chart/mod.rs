//! `nagaya chart`: charts without server and without cluster.

mod lint;
mod locate;
mod pull;
mod show;
mod template;
#[cfg(test)]
mod tests;
mod values;

use crate::CliError;

/// `nagaya chart`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    /// Print the objects a chart makes of values, as `helm template` does
    Template(template::Args),
    /// Print what a chart says of itself: Chart.yaml, values, readme, CRDs
    Show(show::Args),
    /// Look for mistakes in a chart
    Lint(lint::Args),
    /// Fetch a chart's archive
    Pull(pull::Args),
}

/// Runs `nagaya chart`.
///
/// # Errors
/// When the chart is not to be had, or is wrong.
pub async fn run(args: Args) -> Result<(), CliError> {
    match args.command {
        Command::Template(args) => template::run(args).await,
        Command::Show(args) => show::run(args).await,
        Command::Lint(args) => lint::run(args).await,
        Command::Pull(args) => pull::run(args).await,
    }
}

/// An error in whatever the chart's libraries say.
fn other(error: impl std::fmt::Display) -> CliError {
    CliError::Other(error.to_string())
}
