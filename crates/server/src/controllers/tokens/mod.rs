//! One's own API tokens.

use axum::{Json, body::Bytes, http::StatusCode};
use jiff::Timestamp;
use nagaya_api::{ApiError, Cause};
use nagaya_store::{NewAudit, NewToken, Purpose, StoreError, Token};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ServerState, answer::Answer, authorisation::Caller, body};

/// A token to make.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenRequest {
    /// What it is for, in the owner's words.
    pub name: String,
    /// When it ends; absent: when it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

/// A token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenInfo {
    /// Its identity, no secret.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ends; absent: when it is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// When it was last used; absent: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
}

/// A new token, with its secret, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewTokenInfo {
    /// What will be listed.
    #[serde(flatten)]
    pub info: TokenInfo,
    /// The secret, for `Authorization: Bearer`.
    pub token: String,
}

/// One's tokens.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenList {
    /// The tokens, newest first.
    pub items: Vec<TokenInfo>,
}

impl From<Token> for TokenInfo {
    fn from(token: Token) -> Self {
        Self {
            last_used_at: (token.used_at > token.created_at).then_some(token.used_at),
            id: token.id,
            name: token.name,
            created_at: token.created_at,
            expires_at: token.expires_at,
        }
    }
}

/// GET /tokens: those that let somebody in. One that is over is kept for a while only to be told from a guess.
pub async fn list(state: ServerState, caller: Caller) -> Answer<Json<TokenList>> {
    let tokens = state.store.tokens_of(&caller.person.name, Purpose::Api).await?;
    let valid = tokens.into_iter().filter(|token| token.valid(caller.now));
    Ok(Json(TokenList { items: valid.map(TokenInfo::from).collect() }))
}

/// POST /tokens
pub async fn create(
    state: ServerState,
    caller: Caller,
    bytes: Bytes,
) -> Answer<(StatusCode, Json<NewTokenInfo>)> {
    let request: TokenRequest = body::json(&bytes)?;
    let mut causes = Vec::new();
    if request.name.trim().is_empty() || request.name.chars().count() > 100 {
        causes.push(Cause::invalid("name", "must have 1 to 100 characters", "say what the token is for"));
    }
    if request.expires_at.is_some_and(|end| end <= caller.now) {
        causes.push(Cause::invalid("expiresAt", "is past", "name a time to come, or leave it out"));
    }
    if !causes.is_empty() {
        return Err(ApiError::invalid("Token", &request.name, causes).into());
    }
    let new = NewToken {
        purpose: Purpose::Api,
        user: caller.person.name.clone(),
        name: request.name,
        expires_at: request.expires_at,
        idle: None,
    };
    let record = record(&caller, "create", &new.name);
    let (token, secret) = state
        .store
        .write(caller.writer(None), move |tx| {
            Box::pin(async move {
                let made = tx.token_create(new).await?;
                tx.audit(record).await?;
                Ok::<_, StoreError>(made)
            })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(NewTokenInfo { info: token.into(), token: secret })))
}

/// DELETE /tokens/{id}
pub async fn delete(state: ServerState, caller: Caller, id: String) -> Answer<Json<serde_json::Value>> {
    let user = caller.person.name.clone();
    let token =
        state.store.token_get(&id).await?.filter(|token| token.user == user && token.purpose == Purpose::Api);
    let Some(token) = token else { return Err(ApiError::not_found("Token", &id).into()) };
    let record = record(&caller, "delete", &token.name);
    state
        .store
        .write(caller.writer(None), move |tx| {
            Box::pin(async move {
                tx.token_delete(&user, &id).await?;
                tx.audit(record).await?;
                Ok::<_, StoreError>(())
            })
        })
        .await?;
    Ok(Json(serde_json::json!({})))
}

fn record(caller: &Caller, verb: &str, name: &str) -> NewAudit {
    NewAudit {
        who: caller.person.name.clone(),
        verb: verb.to_owned(),
        kind: "Token".to_owned(),
        name: name.to_owned(),
        result: "ok".to_owned(),
        ..NewAudit::default()
    }
}
