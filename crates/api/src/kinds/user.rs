//! User: a person who logs in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::object::resource;

/// What is wanted of a user. Passwords are not part of the object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct UserSpec {
    /// The name shown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// Whether the person is of operations: role `admin`, over all teams.
    pub admin: bool,
    /// Whether the account is closed: no login, tokens refused, live streams ended.
    pub disabled: bool,
}

/// What is known of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct UserStatus {
    /// Whether a password is set.
    pub has_password: bool,
}

resource!(
    /// A person who logs in.
    User, UserSpec, UserStatus, check: |_| Vec::new()
);
