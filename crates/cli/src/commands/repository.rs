//! `nagaya repository`.

use std::path::PathBuf;

use nagaya_api::{
    Kind, Repository, Resource as _,
    kinds::repository::{AllowRule, RepositorySpec},
};
use serde_json::{Value, json};

use crate::{
    CliError, Client,
    client::encode,
    terminal::{complain, password, say},
};

/// `nagaya repository`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    /// Make a chart repository known: https://…, oci://… or file://… (`nagaya get repositories` lists them)
    Create {
        /// Its name
        name: String,
        /// Its address
        url: String,
        /// Chart that a registry (oci://) has; may be said again
        #[arg(long = "chart", value_name = "CHART")]
        charts: Vec<String>,
        /// File with the certificates of its server's private authority, PEM
        #[arg(long, value_name = "FILE")]
        ca: Option<PathBuf>,
        /// Let a team install from it into its own namespace; may be said again ("*": all teams)
        #[arg(long = "allow", value_name = "TEAM")]
        allow: Vec<String>,
    },
    /// Read its index now
    Refresh {
        /// Its name
        name: String,
    },
    /// Seal the user and password for its server; the password is asked for
    Secret {
        /// Its name
        name: String,
        /// User that its server knows
        #[arg(long)]
        user: Option<String>,
        /// Forget what was sealed
        #[arg(long, conflicts_with = "user")]
        forget: bool,
    },
}

/// Exit code when a repository cannot be read.
const UNREAD: u8 = 1;

/// Runs `repository`.
///
/// # Errors
/// The server's; exit code 1 when the repository cannot be read.
pub async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    match args.command {
        Command::Create { name, url, charts, ca, allow } => {
            let ca = match ca {
                Some(path) => std::fs::read_to_string(&path).map_err(|error| CliError::file(path, error))?,
                None => String::new(),
            };
            let rule = |team: String| AllowRule {
                teams: if team == "*" { Vec::new() } else { vec![team] },
                ..AllowRule::default()
            };
            let allow = allow.into_iter().map(rule).collect();
            let spec = RepositorySpec { url, charts, ca, interval_seconds: 3600, allow };
            client.create(&Repository::new(&name, spec).to_raw()).await?;
            say(&format!("repository/{name} created"));
            refresh(client, &name).await
        }
        Command::Refresh { name } => refresh(client, &name).await,
        Command::Secret { name, user, forget } => {
            let body = match forget {
                true => json!({}),
                false => json!({"user": user.unwrap_or_default(), "password": password("password: ")?}),
            };
            client.put(&path(&name, "secret"), &body).await?;
            say(&format!("repository/{name} {}", if forget { "forgotten" } else { "sealed" }));
            Ok(())
        }
    }
}

fn path(name: &str, verb: &str) -> String {
    format!("{}/{}/{verb}", Kind::Repository.plural(), encode(name))
}

async fn refresh(client: &Client, name: &str) -> Result<(), CliError> {
    let answer: Value = client.post(&path(name, "refresh"), None).await?;
    let raw = serde_json::from_value(answer).map_err(|error| CliError::Other(error.to_string()))?;
    let status = Repository::from_raw(&raw)?.status;
    let ready = status.conditions.iter().find(|condition| condition.kind == "Ready");
    match ready.filter(|ready| !ready.status) {
        Some(failed) => {
            complain(&format!("repository/{name}: {}", failed.message));
            Err(CliError::Silent(UNREAD))
        }
        None => {
            say(&format!("repository/{name}: {} charts in {} versions", status.charts, status.versions));
            Ok(())
        }
    }
}
