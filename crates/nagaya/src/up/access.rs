//! Who logs in first: the server leaves the first administrator's password and a token for the host's own root
//! in a file that only root reads; `up` shows the one once and keeps the other for the command line.

use anyhow::{Context as _, Result, bail};
use nagaya_cli::{
    Client, ConfigFile, Connection, Global,
    config::{self, Context as CliContext},
    terminal::note,
};

use crate::{
    instance::{Folders, write_atomically},
    server::first::FirstLogin,
    settings::Settings,
};

/// The way in.
#[derive(Debug)]
pub struct Access {
    connection: Connection,
    first: FirstLogin,
    path: std::path::PathBuf,
}

impl Access {
    /// A client with the rights of the administrator.
    ///
    /// # Errors
    /// Never with a loopback address.
    pub fn client(&self) -> Result<Client> {
        Ok(Client::new(self.connection.clone())?)
    }

    /// How to log in, in words. The password is there once only.
    pub fn login_words(&self) -> String {
        match &self.first.password {
            Some(password) => format!(
                "{}   password {password}   (shown only now; change it: nagaya user passwd)",
                self.first.user
            ),
            None => format!(
                "{}   (password as shown at the first start; another: nagaya user passwd {0})",
                self.first.user
            ),
        }
    }

    /// Forgets the password once it was shown.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn password_was_shown(&self) -> Result<()> {
        let shown = FirstLogin { password: None, ..self.first.clone() };
        write_atomically(&self.path, serde_json::to_string_pretty(&shown)?.as_bytes(), 0o600)
    }
}

/// Reads the way in and leaves the command line logged in.
///
/// # Errors
/// When the server left no way in, or the command line's file cannot be written.
pub async fn ensure(settings: &Settings, folders: &Folders, global: &Global) -> Result<Access> {
    let path = folders.first_login();
    let text =
        std::fs::read(&path).with_context(|| format!("the server left no login in {}", path.display()))?;
    let first: FirstLogin =
        serde_json::from_slice(&text).with_context(|| format!("cannot use {}", path.display()))?;
    let connection = Connection {
        server: settings.http_url(),
        certificate_authority: String::new(),
        token: first.token.clone(),
    };
    let me = Client::new(connection.clone())?.me().await;
    if let Err(error) = me {
        bail!(
            "the login in {} does not work: {error} (restart the server: it makes another)",
            path.display()
        );
    }
    let config_path = config::path(global);
    let mut file = ConfigFile::load(&config_path)?;
    let known = file.get(&settings.instance);
    let works = match known {
        Some(known) if known.server == connection.server && !known.token.is_empty() => {
            let connection = Connection { token: known.token.clone(), ..connection.clone() };
            Client::new(connection)?.me().await.is_ok()
        }
        _ => false,
    };
    if !works {
        file.put(CliContext {
            name: settings.instance.clone(),
            server: connection.server.clone(),
            certificate_authority: String::new(),
            user: first.user.clone(),
            token: first.token.clone(),
        });
        file.save(&config_path)?;
        note(&format!(
            "  logged in as {} (context {}, {})",
            first.user,
            settings.instance,
            config_path.display()
        ));
    }
    Ok(Access { connection, first, path })
}
