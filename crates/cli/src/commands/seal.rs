//! `nagaya seal`.

use std::time::Duration;

use nagaya_api::sealing::{Sealing, SealingRotated};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    CliError, Client,
    output::Table,
    terminal::{note, print, say},
};

/// How often a rotation under way is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// `nagaya seal`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    /// Show the keys that seal secrets: their ids, and how many values are sealed with each
    Status,
    /// Seal all secrets with a new key and forget the one before
    #[command(
        long_about = "Seal all secrets with a new key and forget the one before.\n\nA key in a file is made anew. When a program gives it (setting sealingKeyCommand), have it print the new key on the first line and the present one after it, then rotate, then take the old one away. Back the key up afterwards: a copy of the store needs the key of its time."
    )]
    Rotate,
}

/// Runs `seal`.
///
/// # Errors
/// The server's.
pub async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    match args.command {
        Command::Status => {
            let sealing = status(client).await?;
            let mut table = Table::new(["KEY", "FROM", "SEALS", "VALUES"]);
            for key in sealing.keys {
                let from = if key.given { sealing.source.as_str() } else { "missing" };
                let id = if key.id.is_empty() { "?" } else { &key.id };
                table.row([id, from, if key.seals { "yes" } else { "no" }, &key.values.to_string()]);
            }
            print(&table.render(true, &[]).0);
            if let Some(progress) = sealing.rotating {
                note(&format!("a rotation is under way: {} of {} values", progress.done, progress.of));
            }
            Ok(())
        }
        Command::Rotate => rotate(client).await,
    }
}

async fn rotate(client: &Client) -> Result<(), CliError> {
    let rotation = client.post("seal/rotate", None);
    tokio::pin!(rotation);
    let done: SealingRotated = loop {
        tokio::select! {
            answer = &mut rotation => break read(answer?)?,
            () = tokio::time::sleep(LOOK) => {
                // Only a look: what matters is the rotation's own answer.
                if let Ok(Sealing { rotating: Some(progress), .. }) = status(client).await {
                    note(&format!("{} of {} values are sealed again", progress.done, progress.of));
                }
            }
        }
    };
    say(&format!(
        "{} values are sealed with key {}; nothing needs key {} any more",
        done.values, done.key, done.before
    ));
    let sealing = status(client).await?;
    note(match sealing.source.as_str() {
        "command" => {
            "the program may stop printing the old key; keep it as long as you keep copies of the store from before"
        }
        _ => "copy store.key to where your backups are: a copy of the store needs the key of its time",
    });
    Ok(())
}

async fn status(client: &Client) -> Result<Sealing, CliError> {
    let text = client.text("seal").await?;
    read(serde_json::from_str(&text).map_err(|error| CliError::Other(error.to_string()))?)
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, CliError> {
    serde_json::from_value(value).map_err(|error| CliError::Other(error.to_string()))
}
