//! What is sealed for a repository: who asks its server.

use nagaya_api::{ApiError, catalogue::RepositorySecret, kinds::source::origin};
use serde::{Deserialize, Serialize};

use crate::{ServerState, answer::Answer};

/// Where a repository's user and password are sealed.
pub fn credential_secret(repository: &str) -> String {
    format!("repository/{repository}/credential")
}

/// Who asks.
#[derive(Clone)]
pub struct Credential {
    /// User.
    pub user: String,
    /// Password or token.
    pub password: String,
}

/// A credential is for the server it was given for: a repository that is led elsewhere does not carry it along.
#[derive(Serialize, Deserialize)]
struct Sealed {
    origin: String,
    user: String,
    password: String,
}

/// Seals what is given; an empty password forgets what was sealed.
///
/// # Errors
/// When the store fails.
pub async fn seal(state: &ServerState, name: &str, url: &str, new: RepositorySecret) -> Answer<()> {
    let secret = credential_secret(name);
    if new.password.is_empty() {
        let forget = state.store.write(nagaya_store::Writer::system("repository", state.now()), move |tx| {
            Box::pin(async move { tx.secret_delete(&secret).await })
        });
        return Ok(forget.await?);
    }
    let sealed = Sealed { origin: origin(url).to_owned(), user: new.user, password: new.password };
    let bytes = serde_json::to_vec(&sealed).map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(state.store.secret_put(&secret, &bytes, state.now()).await?)
}

/// The credential for a repository, if one was sealed for its server.
pub async fn credential(state: &ServerState, name: &str, url: &str) -> Answer<Option<Credential>> {
    let Some(bytes) = state.store.secret_get(&credential_secret(name)).await? else { return Ok(None) };
    let sealed: Sealed = serde_json::from_slice(&bytes).map_err(|error| {
        ApiError::internal(format!("the credential of repository \"{name}\" does not read: {error}"))
    })?;
    Ok((sealed.origin == origin(url)).then_some(Credential { user: sealed.user, password: sealed.password }))
}
