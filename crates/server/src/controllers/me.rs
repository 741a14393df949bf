//! GET /me

use axum::Json;
use nagaya_api::kinds::team::TeamRole;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ServerState,
    answer::Answer,
    authorisation::{Caller, Person},
};

/// Who is logged in.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Name of the user.
    pub name: String,
    /// The name shown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// Of operations.
    pub admin: bool,
    /// Whether somebody else set the password and knows it: a session may then do nothing but choose another.
    #[serde(default)]
    pub must_change_password: bool,
    /// The teams the person is in.
    pub teams: Vec<MyTeam>,
}

/// A team one is in.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct MyTeam {
    /// Its name.
    pub name: String,
    /// What one may do there.
    pub role: TeamRole,
}

impl Me {
    /// What a person is told of themselves.
    pub fn of(person: &Person, must_change_password: bool) -> Self {
        let teams = person.roles.iter().map(|(name, role)| MyTeam { name: name.clone(), role: *role });
        Self {
            name: person.name.clone(),
            display_name: person.display_name.clone(),
            admin: person.admin,
            must_change_password,
            teams: teams.collect(),
        }
    }
}

/// Shows who is logged in.
pub async fn me(state: ServerState, caller: Caller) -> Answer<Json<Me>> {
    let credential = state.store.credential(&caller.person.name).await?;
    Ok(Json(Me::of(&caller.person, credential.is_some_and(|credential| credential.must_change))))
}
