//! `~/.config/nagaya/config.yaml`: the servers a person uses and the token for each.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{CliError, Global};

/// One server and who we are there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Context {
    /// Its name here.
    pub name: String,
    /// Address: `http://127.0.0.1:8080` or `https://nagaya.example`.
    pub server: String,
    /// The CA that signed its certificate, in PEM; empty when the machine trusts it anyhow.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub certificate_authority: String,
    /// Who we are there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// The token.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub token: String,
}

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigFile {
    /// Name of the context used when none is named.
    #[serde(default)]
    pub current_context: String,
    /// All contexts.
    #[serde(default)]
    pub contexts: Vec<Context>,
}

/// What is needed to talk to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Address without a trailing slash.
    pub server: String,
    /// CA in PEM, or empty.
    pub certificate_authority: String,
    /// Token, or empty.
    pub token: String,
}

/// Where the file is: `--config`, else under XDG_CONFIG_HOME or HOME.
pub fn path(global: &Global) -> PathBuf {
    if let Some(path) = &global.config {
        return path.clone();
    }
    let base = std::env::var_os("XDG_CONFIG_HOME")
        .filter(|dir| !dir.is_empty())
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".config")))
        .unwrap_or_else(|| PathBuf::from("/root/.config"));
    base.join("nagaya/config.yaml")
}

impl ConfigFile {
    /// Reads the file; one that is not there is empty.
    ///
    /// # Errors
    /// When it cannot be read or is no such file.
    pub fn load(path: &Path) -> Result<Self, CliError> {
        match fs::read_to_string(path) {
            Ok(text) => yaml_serde::from_str(&text).map_err(|error| {
                CliError::Usage(format!(
                    "{}: {error} (mend the file, or remove it and log in again)",
                    path.display()
                ))
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(CliError::file(path, error)),
        }
    }

    /// Writes the file for its owner's eyes only, whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), CliError> {
        let text = yaml_serde::to_string(self).map_err(|error| CliError::Other(error.to_string()))?;
        let write = || -> std::io::Result<()> {
            let dir = path.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(dir)?;
            let temporary = dir.join(format!(".config.yaml.{}", std::process::id()));
            let _ = fs::remove_file(&temporary);
            let mut file =
                fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&temporary, path)
        };
        write().map_err(|error| CliError::file(path, error))
    }

    /// The context of that name.
    pub fn get(&self, name: &str) -> Option<&Context> {
        self.contexts.iter().find(|context| context.name == name)
    }

    /// Puts a context in, in the place of one of its name, and makes it the current one.
    pub fn put(&mut self, context: Context) {
        self.current_context.clone_from(&context.name);
        match self.contexts.iter_mut().find(|old| old.name == context.name) {
            Some(old) => *old = context,
            None => self.contexts.push(context),
        }
    }

    /// Takes a context out.
    pub fn remove(&mut self, name: &str) {
        self.contexts.retain(|context| context.name != name);
        if self.current_context == name {
            self.current_context =
                self.contexts.first().map(|context| context.name.clone()).unwrap_or_default();
        }
    }

    /// The context that flags and environment choose, if there is one.
    ///
    /// # Errors
    /// When one is named that is not there.
    pub fn chosen(&self, global: &Global) -> Result<Option<&Context>, CliError> {
        match &global.context {
            Some(name) => self.get(name).map(Some).ok_or_else(|| {
                let known: Vec<_> = self.contexts.iter().map(|context| context.name.as_str()).collect();
                CliError::Usage(format!("there is no context \"{name}\": known are {}", known.join(", ")))
            }),
            None => Ok(self.get(&self.current_context)),
        }
    }

    /// The connection that flags, environment and file give together.
    ///
    /// # Errors
    /// When no server is known.
    pub fn connection(&self, global: &Global) -> Result<Connection, CliError> {
        let context = self.chosen(global)?;
        let server = match (&global.server, context) {
            (Some(server), _) => server.clone(),
            (None, Some(context)) => context.server.clone(),
            (None, None) => return Err(CliError::NoContext),
        };
        let server = server.trim_end_matches('/').to_owned();
        // A token is for the server it was made at and goes to no other.
        let same = context.filter(|context| context.server.trim_end_matches('/') == server);
        Ok(Connection {
            certificate_authority: same.map(|c| c.certificate_authority.clone()).unwrap_or_default(),
            token: global.token.clone().or_else(|| same.map(|c| c.token.clone())).unwrap_or_default(),
            server,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn two() -> ConfigFile {
        let mut file = ConfigFile::default();
        for name in ["main", "test"] {
            file.put(Context {
                name: name.into(),
                server: format!("http://{name}/"),
                token: format!("t-{name}"),
                ..Context::default()
            });
        }
        file
    }

    #[test]
    fn a_token_never_goes_to_another_server() {
        let global = Global { server: Some("http://elsewhere".into()), ..Global::default() };
        assert_eq!(two().connection(&global).unwrap().token, "");
        let global = Global { context: Some("main".into()), ..Global::default() };
        assert_eq!(two().connection(&global).unwrap().token, "t-main");
    }

    #[test]
    fn the_file_is_its_owners_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("nagaya/config.yaml");
        two().save(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(ConfigFile::load(&path).unwrap(), two());
    }

    #[test]
    fn removing_the_current_context_leaves_another() {
        let mut file = two();
        file.remove("test");
        assert_eq!(file.current_context, "main");
    }
}
