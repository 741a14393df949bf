//! The first administrator, and the way in for the host's own root.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use nagaya_api::{Resource as _, User, kinds::user::UserSpec};
use nagaya_store::{Credential, NewToken, Purpose, Store, Writer, new_secret};
use serde::{Deserialize, Serialize};

use crate::instance::{Folders, write_atomically};

/// Name of the first administrator.
const ADMIN: &str = "admin";

/// What `nagaya up` finds in a file that only root reads.
#[derive(Clone, Serialize, Deserialize)]
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
