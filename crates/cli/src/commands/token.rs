//! `nagaya token`.

use jiff::Timestamp;

use super::duration::duration;
use crate::{
    CliError, Client,
    output::{Table, age},
    terminal::{note, print, say},
};

/// `nagaya token`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    /// Make a token; it is printed once
    Create {
        /// What it is for
        name: String,
        /// How long it lives, for instance 12h or 30d
        #[arg(long, value_name = "TIME", value_parser = duration)]
        expires_in: Option<jiff::SignedDuration>,
    },
    /// List your tokens
    List,
    /// End tokens
    Revoke {
        /// Their ids, as listed
        #[arg(required = true)]
        ids: Vec<String>,
    },
}

/// Runs `token`.
///
/// # Errors
/// The server's.
pub async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    match args.command {
        Command::Create { name, expires_in } => {
            let until = expires_in
                .map(|time| Timestamp::now().checked_add(time))
                .transpose()
                .map_err(|error| CliError::Usage(error.to_string()))?;
            let made = client.create_token(&name, until).await?;
            note("keep it safe: it is shown only now");
            say(&made.token);
        }
        Command::List => {
            let now = Timestamp::now();
            let mut table = Table::new(["ID", "NAME", "AGE", "EXPIRES", "LAST USED"]);
            for token in client.tokens().await? {
                let ends = token.expires_at.map_or("never".into(), |at| at.to_string());
                let used =
                    token.last_used_at.map_or("never".into(), |at| format!("{} ago", age(Some(at), now)));
                table.row([token.id, token.name, age(token.created_at, now), ends, used]);
            }
            print(&table.render(true, &[]).0);
        }
        Command::Revoke { ids } => {
            for id in ids {
                client.revoke_token(&id).await?;
                say(&format!("token {id} revoked"));
            }
        }
    }
    Ok(())
}
