//! What is sealed for a source: who asks its repository, and what signs its webhook.

use hmac::{Hmac, Mac};
use nagaya_api::ApiError;
use serde::Deserialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

use crate::{
    ServerState,
    answer::Answer,
    credential::{self, Credential},
};

/// Shortest secret of a webhook, in bytes: whoever knows it may have the server look.
const SHORTEST: usize = 16;

/// Where a source's user and token are sealed.
pub fn credential_secret(source: &str) -> String {
    format!("source/{source}/credential")
}

/// Where the secret of a source's webhook is sealed.
pub fn webhook_secret(source: &str) -> String {
    format!("source/{source}/webhook")
}

/// Secrets of a source; what is left out stays as it is.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct NewSecret {
    /// User at the repository's server; of most anything will do beside a token.
    pub user: Option<String>,
    /// Password or token there.
    pub password: Option<String>,
    /// The secret that signs webhooks, at least 16 bytes.
    pub webhook: Option<String>,
}

/// Seals what is given.
///
/// # Errors
/// 400 when nothing is given, or half of it.
pub async fn seal(state: &ServerState, name: &str, url: &str, new: NewSecret) -> Answer<()> {
    if new.password.is_none() && new.webhook.is_none() {
        return Err(
            ApiError::bad_request("nothing is given: send password (with user), webhook, or both").into()
        );
    }
    if let Some(webhook) = new.webhook {
        if webhook.len() < SHORTEST {
            let message =
                format!("webhook: is shorter than {SHORTEST} bytes; for instance `openssl rand -hex 32`");
            return Err(ApiError::bad_request(message).into());
        }
        state.store.secret_put(&webhook_secret(name), webhook.as_bytes(), state.now()).await?;
    }
    if let Some(password) = new.password {
        let who = Credential { user: new.user.unwrap_or_else(|| "git".into()), password };
        credential::keep(state, &credential_secret(name), url, who).await?;
    }
    Ok(())
}

/// The credential for an address, if one was sealed for its server.
pub(super) async fn credential(
    state: &ServerState,
    name: &str,
    url: &str,
) -> Answer<Option<nagaya_source::Credential>> {
    let found = credential::of(state, &credential_secret(name), url).await?;
    Ok(found.map(|who| nagaya_source::Credential { user: who.user, password: who.password }))
}

/// Whether a webhook's body was signed with the secret: as GitHub and Gitea do it (HMAC-SHA256 of the body, in
/// hexadecimal digits after `sha256=`), or with the secret itself, as GitLab sends it.
pub fn signed(secret: &[u8], signature: Option<&str>, token: Option<&str>, body: &[u8]) -> bool {
    if let Some(hex) = signature.and_then(|text| text.strip_prefix("sha256=")) {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return false };
        mac.update(body);
        return unhex(hex).is_some_and(|given| mac.verify_slice(&given).is_ok());
    }
    token.is_some_and(|token| bool::from(token.as_bytes().ct_eq(secret)))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    text.as_bytes().chunks(2).map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_this_body_by_this_secret() {
        // The example of GitHub's documentation, "Validating webhook deliveries".
        let (secret, body) = (b"It's a Secret to Everybody".as_slice(), b"Hello, World!".as_slice());
        let good = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert!(signed(secret, Some(good), None, body));
        assert!(!signed(secret, Some(good), None, b"Hello, World?"));
        assert!(!signed(b"another", Some(good), None, body));
        for bad in ["", "sha256=", "sha256=7", "sha256=zz", &good[..good.len() - 2], "757107ea"] {
            assert!(!signed(secret, Some(bad), None, body), "{bad}");
        }
        assert!(!signed(secret, Some("sha256=00"), Some("It's a Secret to Everybody"), body));
    }

    #[test]
    fn a_token_is_the_secret_itself_and_none_is_no() {
        assert!(signed(b"secret", None, Some("secret"), b""));
        assert!(!signed(b"secret", None, Some("secre"), b""));
        assert!(!signed(b"secret", None, None, b""));
    }
}
