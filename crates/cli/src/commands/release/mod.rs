//! `nagaya release`: charts installed, by Nagaya's agents.

mod diff;
mod progress;
mod show;
mod spec;

use std::collections::BTreeMap;

use nagaya_api::{Kind, RawObject, Release, Resource as _};
use serde_json::{Value, json};

use super::workspace::wait::Waiting;
use crate::{
    CliError, Client,
    client::encode,
    terminal::{note, password, print, say},
};

/// `nagaya release`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    /// Install a chart, and wait until it is ready
    Install {
        /// Name of the release
        name: String,
        /// The chart: REPOSITORY/CHART
        chart: String,
        #[command(flatten)]
        options: spec::Options,
        #[command(flatten)]
        waiting: Waiting,
    },
    /// Give a release another version or other values; what is not said stays
    Upgrade {
        /// Name of the release
        name: String,
        /// The chart: REPOSITORY/CHART; none: as it is
        chart: Option<String>,
        /// Install it when it is not there
        #[arg(long, short = 'i')]
        install: bool,
        #[command(flatten)]
        options: spec::Options,
        #[command(flatten)]
        waiting: Waiting,
    },
    /// Show what an upgrade, or an install, would change (exit code 1 when it would, 2 when it cannot be rendered)
    Diff {
        /// Name of the release
        name: String,
        /// The chart: REPOSITORY/CHART; none: as it is
        chart: Option<String>,
        /// On which cluster of its group [default: the first]
        #[arg(long, value_name = "CLUSTER")]
        on: Option<String>,
        #[command(flatten)]
        options: spec::Options,
    },
    /// Bring an earlier version back
    Rollback {
        /// Name of the release
        name: String,
        /// Number of the version, as `history` shows it [default: the one before]
        version: Option<u64>,
        #[command(flatten)]
        waiting: Waiting,
    },
    /// Show the versions of a release, and its revisions on each cluster
    History {
        /// Name of the release
        name: String,
    },
    /// Show where a release stands, and what its chart says
    Status {
        /// Name of the release
        name: String,
    },
    /// Remove a release from its clusters
    #[command(alias = "delete")]
    Uninstall {
        /// Name of the release
        name: String,
        #[command(flatten)]
        waiting: Waiting,
    },
    /// Show the values of a release; sealed ones are masked
    Values {
        /// Name of the release
        name: String,
        /// With the chart's own
        #[arg(long, short = 'a')]
        all: bool,
        /// On which cluster of its group [default: the first]
        #[arg(long, value_name = "CLUSTER")]
        on: Option<String>,
        /// Show where each comes from
        #[arg(long)]
        layers: bool,
    },
    /// Run the tests of a release's chart (exit code 1 when one fails)
    Test {
        /// Name of the release
        name: String,
        #[command(flatten)]
        waiting: Waiting,
    },
    /// Have what failed tried again
    Retry {
        /// Name of the release
        name: String,
        #[command(flatten)]
        waiting: Waiting,
    },
    /// Seal a value that spec.secrets names; it is asked for, or read from standard input
    Secret {
        /// Name of the release
        name: String,
        /// Name of the secret
        secret: String,
        /// Where it goes in the values, for instance controller.admin.password
        #[arg(long, value_name = "PATH")]
        path: Option<String>,
        /// Forget it
        #[arg(long)]
        forget: bool,
    },
}

/// Runs `release`.
///
/// # Errors
/// The server's; exit code 1 when what was asked for failed on a cluster.
pub async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    match args.command {
        Command::Install { name, chart, options, waiting } => {
            install(client, &name, &chart, &options, waiting).await
        }
        Command::Upgrade { name, chart, install: make, options, waiting } => {
            let old = match client.get(Kind::Release, &name).await {
                Ok(old) => old,
                Err(error) if make && error.is_not_found() => {
                    let Some(chart) = chart else {
                        return Err(CliError::Usage("say which chart: REPOSITORY/CHART".into()));
                    };
                    return install(client, &name, &chart, &options, waiting).await;
                }
                Err(error) => return Err(error),
            };
            let mut release = Release::from_raw(&old)?;
            options.put(&mut release, chart.as_deref())?;
            seal(client, &name, options.sealed(false)?).await?;
            let new = client.replace(&release.to_raw()).await?;
            if new.metadata.generation == old.metadata.generation {
                note("nothing changed");
            }
            say(&format!("release/{name} upgraded"));
            progress::wait(client, &new, waiting).await
        }
        Command::Diff { name, chart, on, options } => {
            let release = match client.get(Kind::Release, &name).await {
                Ok(old) => {
                    let mut release = Release::from_raw(&old)?;
                    options.put(&mut release, chart.as_deref())?;
                    release
                }
                Err(error) if error.is_not_found() && chart.is_some() => {
                    options.release(&name, chart.as_deref().unwrap_or_default())?
                }
                Err(error) => return Err(error),
            };
            diff::run(client, &release, on).await
        }
        Command::Rollback { name, version, waiting } => {
            let answer = client
                .post(&path(&name, "rollback"), Some(&json!({"version": version.unwrap_or(0)})))
                .await?;
            say(&format!("release/{name} rolled back"));
            progress::wait(client, &object(answer)?, waiting).await
        }
        Command::History { name } => show::history(client, &name).await,
        Command::Status { name } => show::status(client, &name).await,
        Command::Uninstall { name, waiting } => {
            client.delete(Kind::Release, &name).await?;
            if !waiting.no_wait {
                super::workspace::wait::gone(client, Kind::Release, &name, waiting.timeout()).await?;
            }
            say(&format!("release/{name} uninstalled"));
            Ok(())
        }
        Command::Values { name, all, on, layers } => {
            let cluster = on.map(|on| format!("&cluster={}", encode(&on))).unwrap_or_default();
            let text = client.text(&format!("{}?all={all}{cluster}", path(&name, "values"))).await?;
            let answer: Value =
                serde_json::from_str(&text).map_err(|error| CliError::Other(error.to_string()))?;
            print(&crate::output::yaml(&answer[if layers { "layers" } else { "values" }])?);
            Ok(())
        }
        Command::Test { name, waiting } => {
            let answer = client.post(&path(&name, "test"), None).await?;
            progress::tests(client, &object(answer)?, waiting).await
        }
        Command::Retry { name, waiting } => {
            let answer = client.post(&path(&name, "retry"), None).await?;
            say(&format!("release/{name} is tried again"));
            progress::wait(client, &object(answer)?, waiting).await
        }
        Command::Secret { name, secret, path: place, forget } => {
            let value = if forget { String::new() } else { password(&format!("{secret}: "))? };
            if let Some(place) = place {
                let mut release = Release::from_raw(&client.get(Kind::Release, &name).await?)?;
                let named = nagaya_api::kinds::release::SecretValue { path: place, secret: secret.clone() };
                if !release.spec.secrets.contains(&named) {
                    release.spec.secrets.push(named);
                    client.replace(&release.to_raw()).await?;
                }
            }
            client.put(&path(&name, "secrets"), &json!({ secret.as_str(): value })).await?;
            say(&format!("release/{name}: {secret} {}", if forget { "forgotten" } else { "sealed" }));
            Ok(())
        }
    }
}

async fn install(
    client: &Client,
    name: &str,
    chart: &str,
    options: &spec::Options,
    waiting: Waiting,
) -> Result<(), CliError> {
    let release = options.release(name, chart)?;
    let sealed = options.sealed(true)?;
    let made = client.create(&release.to_raw()).await?;
    say(&format!("release/{name} created"));
    // It waits on its clusters until all that it names is sealed.
    seal(client, name, sealed).await?;
    progress::wait(client, &made, waiting).await
}

/// Seals values of a release, by name.
async fn seal(client: &Client, name: &str, values: BTreeMap<String, String>) -> Result<(), CliError> {
    if values.is_empty() {
        return Ok(());
    }
    client.put(&path(name, "secrets"), &json!(values)).await?;
    let names: Vec<&str> = values.keys().map(String::as_str).collect();
    say(&format!("release/{name}: {} sealed", names.join(", ")));
    Ok(())
}

fn path(name: &str, verb: &str) -> String {
    format!("{}/{}/{verb}", Kind::Release.plural(), encode(name))
}

fn object(answer: Value) -> Result<RawObject, CliError> {
    serde_json::from_value(answer).map_err(|error| CliError::Other(error.to_string()))
}
