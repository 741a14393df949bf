//! The first administrator, and the way in for the host's own root.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use nagaya_api::User;
use nagaya_server::ServerState;
use serde::{Deserialize, Serialize};

use crate::instance::{Folders, write_atomically};

/// What `nagaya up` finds in a file that only root reads. Root owns the store, so this gives away nothing.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct FirstLogin {
    /// Who.
    pub user: String,
    /// The password, until `up` has shown it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// A token.
    #[serde(default)]
    pub token: String,
}

impl std::fmt::Debug for FirstLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FirstLogin").field("user", &self.user).finish_non_exhaustive()
    }
}

/// Sees to it that there is an administrator, and a token that works in the file.
///
/// # Errors
/// When the store or the file fails.
pub async fn ensure(state: &ServerState, folders: &Folders) -> Result<()> {
    let path = folders.first_login();
    let mut login: FirstLogin =
        std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    let save =
        |login: &FirstLogin| write_atomically(&path, serde_json::to_string_pretty(login)?.as_bytes(), 0o600);
    // Killed between these two the password is lost; the token below lets root set another.
    if let Some(admin) = nagaya_server::first_admin(state).await? {
        login = FirstLogin { user: admin.user, password: Some(admin.password), token: String::new() };
        save(&login)?;
    }
    let now = Timestamp::now();
    let works = match state.store.token_use(&login.token, now).await? {
        Ok(token) => is_admin(state, &token.user).await?,
        Err(_) => false,
    };
    if !works {
        let made = nagaya_server::host_token(state, "nagaya up on this host", None).await;
        (login.user, login.token) = made.context("no way in can be made for this host's root")?;
        save(&login)?;
    }
    Ok(())
}

async fn is_admin(state: &ServerState, user: &str) -> Result<bool> {
    let user = state.store.get::<User>(user).await?;
    Ok(user.is_some_and(|user| user.spec.admin && !user.spec.disabled))
}
