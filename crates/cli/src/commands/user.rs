//! `nagaya user`.

use std::io::IsTerminal as _;

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
        #[command(flatten)]
        then: Then,
    },
    /// Set a password (typed, or piped in)
    Passwd {
        /// The user; yourself when left out
        name: Option<String>,
        #[command(flatten)]
        then: Then,
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

/// What becomes of a password that is set for somebody else.
#[derive(Clone, Copy, Debug, clap::Args)]
struct Then {
    /// The user must choose another before anything else; so it is with one that is typed here, as you know it
    #[arg(long, conflicts_with = "final_password")]
    must_change: bool,
    /// The user may keep it; so it is with one that is piped in, as from a password manager
    #[arg(long = "final")]
    final_password: bool,
}

impl Then {
    fn must_change(self, typed: bool) -> bool {
        self.must_change || typed && !self.final_password
    }
}

/// Runs `user`.
///
/// # Errors
/// The server's.
pub async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    match args.command {
        Command::Create { name, display_name, admin, no_password, then } => {
            let spec = UserSpec { display_name: display_name.unwrap_or_default(), admin, disabled: false };
            client.create(&User::new(&name, spec).to_raw()).await?;
            say(&format!("user/{name} created"));
            if !no_password {
                set_password(client, &name, then).await?;
            }
        }
        Command::Passwd { name, then } => {
            let name = match name {
                Some(name) => name,
                None => client.me().await?.name,
            };
            set_password(client, &name, then).await?;
        }
        Command::Disable { name } => disable(client, &name, true).await?,
        Command::Enable { name } => disable(client, &name, false).await?,
    }
    Ok(())
}

async fn set_password(client: &Client, name: &str, then: Then) -> Result<(), CliError> {
    let must_change = then.must_change(std::io::stdin().is_terminal());
    let password = password(&format!("New password of {name}: "))?;
    let path = format!("{}/password", object_path(Kind::User, name));
    client.post(&path, Some(&json!({"password": password, "mustChange": must_change}))).await?;
    note(&format!("password of {name} set"));
    Ok(())
}

async fn disable(client: &Client, name: &str, disabled: bool) -> Result<(), CliError> {
    client.merge(Kind::User, name, &json!({"spec": {"disabled": disabled}})).await?;
    say(&format!("user/{name} {}", if disabled { "disabled" } else { "enabled" }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_was_typed_is_to_be_changed_and_one_piped_in_is_not_unless_said() {
        let then = |must_change, final_password| Then { must_change, final_password };
        assert!(then(false, false).must_change(true) && !then(false, false).must_change(false));
        assert!(then(true, false).must_change(true) && then(true, false).must_change(false));
        assert!(!then(false, true).must_change(true) && !then(false, true).must_change(false));
    }
}
