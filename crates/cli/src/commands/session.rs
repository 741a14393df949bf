//! `nagaya login`, `logout`, `whoami`, `context`.

use crate::{
    CliError, Client, ConfigFile, Connection, Global,
    client::create_token_with_password,
    config::{self, Context},
    output::Table,
    terminal::{ask, note, password, print, say},
};

/// `nagaya login`
#[derive(Clone, Debug, clap::Args)]
pub struct Login {
    /// User; asked for when left out
    #[arg(long, short)]
    user: Option<String>,
    /// File with the CA that signed the server's certificate, in PEM
    #[arg(long, value_name = "FILE")]
    certificate_authority: Option<std::path::PathBuf>,
    /// Name of the context to keep it under (default: the server's host)
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,
}

/// `nagaya context`
#[derive(Clone, Debug, clap::Args)]
pub struct ContextArgs {
    /// Context to use from now on; lists all when left out
    name: Option<String>,
}

/// Logs in. The password is typed, or piped in.
///
/// # Errors
/// When the password is wrong, or no server is known.
pub async fn login(args: Login, global: &Global) -> Result<(), CliError> {
    let path = config::path(global);
    let mut file = ConfigFile::load(&path)?;
    let known = file.chosen(global)?.cloned();
    let mut connection = file.connection(global)?;
    if let Some(ca) = &args.certificate_authority {
        connection.certificate_authority =
            std::fs::read_to_string(ca).map_err(|error| CliError::file(ca, error))?;
    }
    let host = connection.server.split("://").nth(1).unwrap_or(&connection.server).to_owned();
    let name = args
        .name
        .or_else(|| {
            known.as_ref().filter(|known| known.server == connection.server).map(|known| known.name.clone())
        })
        .unwrap_or(host);
    let (user, token) = match &global.token {
        Some(token) => {
            let me = Client::new(connection.clone())?.me().await?;
            (me.name, token.clone())
        }
        None => {
            let user = match args.user {
                Some(user) => user,
                None => ask(&format!("User at {}:", connection.server))?,
            };
            let password = password(&format!("Password of {user}: "))?;
            let choose = || {
                note("somebody else set this password and knows it: choose one of your own");
                crate::terminal::password(&format!("New password of {user}: "))
            };
            let made =
                create_token_with_password(&connection, &user, &password, &token_name(), choose).await?;
            (user, made.token)
        }
    };
    let Connection { server, certificate_authority, .. } = connection;
    note(&format!("logged in at {server} as {user} (context {name})"));
    file.put(Context { name, server, certificate_authority, user, token });
    file.save(&path)
}

/// What a token made by `login` is called in lists.
fn token_name() -> String {
    let host = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok()).unwrap_or_default();
    format!("nagaya login on {host}")
}

/// Logs out: the token is ended at the server when it can be reached, and forgotten here in any case.
///
/// # Errors
/// When there is nothing to log out from.
pub async fn logout(global: &Global) -> Result<(), CliError> {
    let path = config::path(global);
    let mut file = ConfigFile::load(&path)?;
    let context = file.chosen(global)?.cloned().ok_or(CliError::NoContext)?;
    if !context.token.is_empty() {
        let client = Client::new(file.connection(global)?)?;
        if let Err(error) = client.post("logout", None).await {
            note(&format!("the token could not be ended at the server: {error}"));
        }
    }
    file.remove(&context.name);
    file.save(&path)?;
    say(&format!("logged out from {}", context.server));
    Ok(())
}

/// Shows who we are.
///
/// # Errors
/// The server's.
pub async fn whoami(global: &Global) -> Result<(), CliError> {
    let client = super::client(global)?;
    let me = client.me().await?;
    let teams: Vec<_> = me
        .teams
        .iter()
        .map(|team| {
            let role = serde_json::to_value(team.role).unwrap_or_default();
            format!("{} ({})", team.name, role.as_str().unwrap_or_default())
        })
        .collect();
    say(&format!("{} at {}", me.name, client.server()));
    if me.admin {
        say("role: admin");
    }
    say(&format!("teams: {}", if teams.is_empty() { "none".into() } else { teams.join(", ") }));
    Ok(())
}

/// Lists contexts, or chooses one.
///
/// # Errors
/// When there is none of that name.
pub fn context(args: ContextArgs, global: &Global) -> Result<(), CliError> {
    let path = config::path(global);
    let mut file = ConfigFile::load(&path)?;
    if let Some(name) = args.name {
        let chosen = Global { context: Some(name.clone()), ..Global::default() };
        file.chosen(&chosen)?;
        file.current_context = name;
        return file.save(&path);
    }
    let mut table = Table::new(["CURRENT", "NAME", "SERVER", "USER"]);
    for context in &file.contexts {
        let mark = if context.name == file.current_context { "*" } else { "" };
        table.row([mark, &context.name, &context.server, &context.user]);
    }
    print(&table.render(true, &[]).0);
    Ok(())
}
