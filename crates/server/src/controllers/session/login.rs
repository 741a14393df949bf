//! POST /login

use std::net::SocketAddr;

use axum::{
    Json,
    body::Bytes,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use nagaya_api::{ApiError, names};
use nagaya_store::{NewAudit, NewToken, Purpose, Writer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::set_cookie;
use crate::{
    ServerState,
    answer::{Answer, Refusal},
    authentication::{self, check_origin},
    body,
    controllers::me::Me,
};

/// Name and password.
#[derive(Deserialize, Serialize, ToSchema)]
pub struct Login {
    /// Name of the user.
    pub user: String,
    /// The password.
    pub password: String,
}

/// Opens a session: answers who logged in, and sets the cookie.
pub async fn login(
    state: ServerState,
    address: SocketAddr,
    headers: &HeaderMap,
    bytes: Bytes,
) -> Answer<Response> {
    // A foreign page must not log its visitor in as somebody else. Programs send no Origin.
    check_origin(&state.config, headers, false)?;
    let Login { user, password } = body::json(&bytes)?;
    let now = state.now();
    let address = address.ip().to_string();
    // What cannot be a name is not remembered, nor written down: it may be a password in the wrong field.
    let known_form = names::check("user", &user).is_ok();
    let key = if known_form { user.as_str() } else { "" };
    if let Some(wait) = state.limiter.attempt(key, &address, now) {
        let seconds = wait.as_secs().max(0) + 1;
        let message = format!("too many failed logins: try again in {seconds} s");
        let refusal = Refusal::from(ApiError::new(429, "TooManyRequests", message));
        return Ok(([(header::RETRY_AFTER, seconds.to_string())], refusal).into_response());
    }
    let credential = if known_form { state.store.credential(&user).await? } else { None };
    let must_change = credential.as_ref().is_some_and(|credential| credential.must_change);
    let right = state.passwords.verify(credential, password).await?;
    let people = state.directory.people().await?;
    let person = people.get(&user).filter(|person| right && !person.disabled);
    let record = |result: &str| NewAudit {
        who: key.to_owned(),
        verb: "login".into(),
        kind: "User".into(),
        name: key.to_owned(),
        result: result.into(),
        message: format!("from {address}"),
        ..NewAudit::default()
    };
    let writer = Writer::user(key, "console", now);
    let Some(person) = person else {
        state.store.audit(writer, record("Unauthorized")).await?;
        return Err(ApiError::unauthorized("user or password is wrong, or the account is closed").into());
    };
    state.limiter.succeeded(key, &address);
    let new = NewToken {
        purpose: Purpose::Session,
        user: user.clone(),
        name: String::new(),
        expires_at: now.checked_add(state.config.session_lives).ok(),
        idle: Some(state.config.session_idle),
    };
    let record = record("ok");
    let (token, secret) = state
        .store
        .write(writer, move |tx| {
            Box::pin(async move {
                let made = tx.token_create(new).await?;
                tx.audit(record).await?;
                Ok::<_, nagaya_store::StoreError>(made)
            })
        })
        .await?;
    let cookie = set_cookie(&secret, state.config.session_lives.as_secs())?;
    let caller = authentication::caller(&state, token).await?;
    let me = caller.map_or_else(|| Me::of(person, must_change), |caller| Me::of(&caller.person, must_change));
    Ok(([(header::SET_COOKIE, cookie)], Json(me)).into_response())
}
