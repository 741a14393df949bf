//! Who asks: a browser's session, or a program's token.

mod limiter;
mod origin;
mod password;

use axum::http::{HeaderMap, Method, header};
use nagaya_api::ApiError;
use nagaya_store::{Purpose, Token, TokenRefused};

use crate::{ServerState, answer::Refusal, authorisation::Caller, controllers::clusters::kubeconfig};

pub use limiter::Limiter;
pub use origin::check_origin;
pub use password::{Passwords, random_password};

/// Name of the session's cookie. The prefix makes browsers demand Secure, Path=/ and no Domain, so no sibling
/// origin can set it (RFC 6265bis, 4.1.3.2).
pub const COOKIE: &str = "__Host-nagaya-session";

/// The secret a request carries.
enum Secret<'a> {
    Bearer(&'a str),
    Cookie(&'a str),
}

fn secret(headers: &HeaderMap) -> Option<Secret<'_>> {
    if let Some(value) = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) {
        let (scheme, secret) = value.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| Secret::Bearer(secret.trim()));
    }
    cookie(headers).map(Secret::Cookie)
}

/// The session's secret in the Cookie headers.
pub fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

/// Finds out who asks.
///
/// # Errors
/// 401 when nobody known does, 403 when a session is used from a page that is none of ours.
pub async fn authenticate(
    state: &ServerState,
    headers: &HeaderMap,
    method: &Method,
) -> Result<Caller, Refusal> {
    let now = state.now();
    let (secret, purpose) = match secret(headers) {
        Some(Secret::Bearer(secret)) => (secret, Purpose::Api),
        Some(Secret::Cookie(secret)) => {
            // A browser adds the cookie by itself, whatever page asks: what changes something, or opens a
            // socket whose answers other pages could read, must come from our own.
            if !method.is_safe() || headers.contains_key(header::UPGRADE) {
                check_origin(&state.config, headers, true)?;
            }
            (secret, Purpose::Session)
        }
        None => {
            return Err(
                ApiError::unauthorized("log in first, or send a token: Authorization: Bearer …").into()
            );
        }
    };
    let token = match state.store.token_use(secret, now).await? {
        Ok(token) if token.purpose == purpose => token,
        Err(TokenRefused::Over(token)) if token.purpose == purpose => {
            return Err(over(purpose, Some(&token)).into());
        }
        Ok(_) | Err(_) => return Err(over(purpose, None).into()),
    };
    caller(state, token).await?.ok_or_else(|| over(purpose, None).into())
}

/// What whoever shows something of no use is told: how to get in again. `ended` is the token, where it is known.
fn over(purpose: Purpose, ended: Option<&Token>) -> ApiError {
    let message = match (purpose, ended) {
        (Purpose::Session, _) => "the session is over: log in again".to_owned(),
        (Purpose::Api, None) => "the token is not known or has ended: make another".to_owned(),
        (Purpose::Api, Some(token)) => {
            let when = token.expires_at.map(|end| format!(" at {end}")).unwrap_or_default();
            match kubeconfig::cluster_of(&token.name) {
                Some(cluster) => {
                    format!("this kubeconfig ended{when}: get another with `nagaya kubeconfig {cluster}`")
                }
                None => format!("the token \"{}\" ended{when}: make another", token.name),
            }
        }
    };
    ApiError::unauthorized(message)
}

/// The person behind a token, if the account is there and open.
///
/// # Errors
/// When the store fails.
pub async fn caller(state: &ServerState, token: Token) -> Result<Option<Caller>, Refusal> {
    let people = state.directory.people().await?;
    let person = people.get(&token.user).filter(|person| !person.disabled).cloned();
    Ok(person.map(|person| Caller { person, people, token, now: state.now() }))
}
