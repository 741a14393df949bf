//! `nagaya user`.

use nagaya_api::{Kind, Resource as _, User, kinds::user::UserSpec};
use serde_json::json;

use crate::{
    CliError, Client,
    client::object_path,
    terminal::{note, password, say},
};

/// `nagaya user`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    /// Create a user and set the password (typed, or piped in)
    Create {
        /// Name to log in with
        name: String,
        /// The name shown
        #[arg(long)]
        display_name: Option<String>,
        /// Of operations: may do everything
        #[arg(long)]
        admin: bool,
        /// Set no password yet
        #[arg(long)]
        no_password: bool,
    },
    /// Set a password (typed, or piped in)
    Passwd {
        /// The user; yourself when left out
        name: Option<String>,
    },
    /// Close an account: no login, tokens refused, live streams ended
    Disable {
        /// The user
        name: String,
    },
    /// Open a closed account again
    Enable {
        /// The user
        name: String,
    },
}

/// Runs `user`.
///
/// # Errors
/// The server's.
pub async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    match args.command {
        Command::Create { name, display_name, admin, no_password } => {
            let spec = UserSpec { display_name: display_name.unwrap_or_default(), admin, disabled: false };
            client.create(&User::new(&name, spec).to_raw()).await?;
            say(&format!("user/{name} created"));
            if !no_password {
                set_password(client, &name).await?;
            }
        }
        Command::Passwd { name } => {
            let name = match name {
                Some(name) => name,
                None => client.me().await?.name,
            };
            set_password(client, &name).await?;
        }
        Command::Disable { name } => disable(client, &name, true).await?,
        Command::Enable { name } => disable(client, &name, false).await?,
    }
    Ok(())
}

async fn set_password(client: &Client, name: &str) -> Result<(), CliError> {
    let password = password(&format!("New password of {name}: "))?;
    let path = format!("{}/password", object_path(Kind::User, name));
    client.post(&path, Some(&json!({"password": password}))).await?;
    note(&format!("password of {name} set"));
    Ok(())
}

async fn disable(client: &Client, name: &str, disabled: bool) -> Result<(), CliError> {
    client.merge(Kind::User, name, &json!({"spec": {"disabled": disabled}})).await?;
    say(&format!("user/{name} {}", if disabled { "disabled" } else { "enabled" }));
    Ok(())
}
