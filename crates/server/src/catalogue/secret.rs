//! What is sealed for a repository: who asks its server.

use nagaya_api::catalogue::RepositorySecret;

use crate::{
    ServerState,
    answer::Answer,
    credential::{self, Credential},
};

/// Where a repository's user and password are sealed.
pub fn credential_secret(repository: &str) -> String {
    format!("repository/{repository}/credential")
}

/// Seals what is given; an empty password forgets what was sealed.
///
/// # Errors
/// When the store fails.
pub async fn seal(state: &ServerState, name: &str, url: &str, new: RepositorySecret) -> Answer<()> {
    let secret = credential_secret(name);
    if new.password.is_empty() {
        return credential::forget(state, secret, "repository").await;
    }
    let who = Credential { user: new.user, password: new.password };
    credential::keep(state, &secret, url, who).await
}

/// The credential for a repository, if one was sealed for its server.
pub async fn credential(state: &ServerState, name: &str, url: &str) -> Answer<Option<Credential>> {
    credential::of(state, &credential_secret(name), url).await
}
