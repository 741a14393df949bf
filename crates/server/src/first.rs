//! The first way in.

use jiff::Timestamp;
use nagaya_api::{Kind, Resource, User, kinds::user::UserSpec};
use nagaya_store::{Credential, NewToken, Purpose, StoreError, Writer};

use crate::{
    ServerState,
    answer::{Answer, Refusal},
    authentication::random_password,
};

/// The first administrator: to be shown once and not kept.
#[derive(Clone)]
pub struct FirstAdmin {
    /// Name of the user.
    pub user: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for FirstAdmin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FirstAdmin").field("user", &self.user).finish_non_exhaustive()
    }
}

/// Name of the first administrator.
const ADMIN: &str = "admin";

/// Makes the first administrator when there is no user at all; else there is nothing to do.
///
/// # Errors
/// When the store fails.
pub async fn first_admin(state: &ServerState) -> Result<Option<FirstAdmin>, nagaya_api::ApiError> {
    make(state).await.map_err(|refusal| *refusal.0)
}

async fn make(state: &ServerState) -> Answer<Option<FirstAdmin>> {
    let now = state.now();
    let password = random_password();
    // Hashed before it is known whether it is needed: the transaction must be short.
    if !state.store.list::<User>(&nagaya_store::Filter::default()).await?.items.is_empty() {
        return Ok(None);
    }
    let credential =
        Credential { phc: state.passwords.hash(ADMIN, password.clone()).await?, must_change: false };
    let made = state
        .store
        .write(Writer::system("start", now), move |tx| {
            Box::pin(async move {
                if !tx.all(Kind::User).await?.is_empty() {
                    return Ok(false);
                }
                let spec = UserSpec { display_name: "Administrator".into(), admin: true, disabled: false };
                let mut user = User::new(ADMIN, spec);
                user.status.has_password = true;
                tx.create(user.to_raw()).await?;
                tx.credential_set(ADMIN, credential).await?;
                Ok::<_, Refusal>(true)
            })
        })
        .await?;
    Ok(made.then(|| FirstAdmin { user: ADMIN.to_owned(), password }))
}

/// An API token for an administrator, for the host's own root, who could read the store anyway. It is in the name of
/// the first administrator by name whose account is open.
///
/// # Errors
/// When there is no administrator, or the store fails.
pub async fn host_token(
    state: &ServerState,
    name: &str,
    expires_at: Option<Timestamp>,
) -> Result<(String, String), StoreError> {
    let users = state.store.list::<User>(&nagaya_store::Filter::default()).await?;
    let admin = users.items.into_iter().find(|user| user.spec.admin && !user.spec.disabled);
    let user =
        admin.ok_or_else(|| StoreError::NotFound { kind: Kind::User, name: ADMIN.to_owned() })?.metadata.name;
    let new =
        NewToken { purpose: Purpose::Api, user: user.clone(), name: name.to_owned(), expires_at, idle: None };
    let (_, secret) = state.store.token_create(Writer::system("start", state.now()), new).await?;
    Ok((user, secret))
}
