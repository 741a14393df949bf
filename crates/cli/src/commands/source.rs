//! `nagaya source`.

use nagaya_api::{Kind, Resource as _, Source, kinds::source::SourceError};
use serde_json::{Value, json};
use similar::TextDiff;

use crate::{
    CliError, Client,
    client::encode,
    output::yaml,
    terminal::{complain, note, password, print, say},
};

/// `nagaya source`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    /// Fetch and apply now
    Sync {
        /// Its name
        name: String,
    },
    /// Show what a sync would change (exit code 1 when it would)
    Diff {
        /// Its name
        name: String,
    },
    /// Leave everything as it is until it is resumed
    Suspend {
        /// Its name
        name: String,
    },
    /// Go on
    Resume {
        /// Its name
        name: String,
    },
    /// Seal a token for its repository, or the secret of its webhook; it is asked for
    Secret {
        /// Its name
        name: String,
        /// User that the repository's server knows; the token is asked for
        #[arg(long, value_name = "USER", required_unless_present = "webhook")]
        user: Option<String>,
        /// Ask for the secret that signs webhooks
        #[arg(long)]
        webhook: bool,
    },
}

/// Exit code when something differs, as kubectl's; failures are above it.
const DIFFERS: u8 = 1;

/// Runs `source`.
///
/// # Errors
/// The server's; exit code 1 when `diff` finds a difference, 2 when a commit cannot be applied.
pub async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    match args.command {
        Command::Sync { name } => sync(client, &name).await,
        Command::Diff { name } => diff(client, &name).await,
        Command::Suspend { name } => suspend(client, &name, true).await,
        Command::Resume { name } => suspend(client, &name, false).await,
        Command::Secret { name, user, webhook } => {
            let mut body = json!({});
            if let Some(user) = user {
                body["user"] = user.into();
                body["password"] = password("token: ")?.into();
            }
            if webhook {
                body["webhook"] = password("webhook secret: ")?.into();
            }
            client.post(&path(&name, "secret"), Some(&body)).await?;
            say(&format!("source/{name} sealed"));
            Ok(())
        }
    }
}

fn path(name: &str, verb: &str) -> String {
    format!("sources/{}/{verb}", encode(name))
}

async fn suspend(client: &Client, name: &str, suspended: bool) -> Result<(), CliError> {
    client.merge(Kind::Source, name, &json!({"spec": {"suspended": suspended}})).await?;
    say(&format!("source/{name} {}", if suspended { "suspended" } else { "resumed" }));
    Ok(())
}

async fn sync(client: &Client, name: &str) -> Result<(), CliError> {
    let answer = client.post(&path(name, "sync"), None).await?;
    let raw = serde_json::from_value(answer).map_err(|error| CliError::Usage(error.to_string()))?;
    let status = Source::from_raw(&raw)?.status;
    if status.errors.is_empty() {
        let commit = status.commit.get(..12).unwrap_or(&status.commit);
        say(&format!("source/{name} in sync with {commit}: {} objects", status.objects.len()));
        return Ok(());
    }
    complain_all(&status.errors);
    Err(CliError::Silent(DIFFERS + 1))
}

async fn diff(client: &Client, name: &str) -> Result<(), CliError> {
    let text = client.text(&path(name, "diff")).await?;
    let answer: Value = serde_json::from_str(&text).map_err(|error| CliError::Usage(error.to_string()))?;
    let errors: Vec<SourceError> = serde_json::from_value(answer["errors"].clone()).unwrap_or_default();
    if !errors.is_empty() {
        complain_all(&errors);
        return Err(CliError::Silent(DIFFERS + 1));
    }
    let changes = answer["changes"].as_array().cloned().unwrap_or_default();
    let commit = answer["commit"].as_str().unwrap_or_default();
    if changes.is_empty() {
        note(&format!("no difference to commit {}", commit.get(..12).unwrap_or(commit)));
        return Ok(());
    }
    for change in changes {
        let side = |key: &str| change.get(key).map_or(Ok(String::new()), yaml);
        let text = |key: &str| change[key].as_str().unwrap_or_default().to_owned();
        let title = format!("{}/{}", text("kind"), text("name"));
        note(&format!("{title}: {}", text("change").to_lowercase()));
        let (before, after) = (side("before")?, side("after")?);
        let diff = TextDiff::from_lines(&before, &after);
        print(&diff.unified_diff().header(&format!("live/{title}"), &format!("git/{title}")).to_string());
    }
    Err(CliError::Silent(DIFFERS))
}

fn complain_all(errors: &[SourceError]) {
    for error in errors {
        let line = if error.line == 0 { String::new() } else { format!(":{}", error.line) };
        let place = format!("{}{line}", error.file);
        let parts: Vec<&str> = [place.as_str(), &error.object, &error.field, &error.message]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        let mend = if error.mend.is_empty() { String::new() } else { format!(" ({})", error.mend) };
        complain(&format!("{}{mend}", parts.join(": ")));
    }
}
