//! What users have beyond the common verbs.

use axum::{Json, body::Bytes};
use nagaya_api::{ApiError, Cause, Kind, Resource, User};
use nagaya_store::{Credential, NewAudit, Purpose};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ServerState,
    answer::{Answer, Refusal},
    authorisation::Caller,
    body,
};

/// A new password.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewPassword {
    /// The new one.
    pub password: String,
    /// The present one; when it is given it must be right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// Whether the user must choose another before anything else. Unless said it is so for a password that somebody
    /// else sets; one's own is never to be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub must_change: Option<bool>,
}

/// POST /users/{name}/password: sets the password and ends the user's other sessions.
pub async fn password(
    state: ServerState,
    caller: Caller,
    name: String,
    bytes: Bytes,
) -> Answer<Json<serde_json::Value>> {
    let NewPassword { password, current, must_change } = body::json(&bytes)?;
    let own = caller.person.name == name;
    let wrong = |field, what, mend| {
        ApiError::invalid(Kind::User, &name, vec![Cause::invalid(field, what, mend)]).into()
    };
    let present = state.store.credential(&name).await?;
    if let Some(current) = current
        && !state.passwords.verify(present.clone(), current).await?
    {
        return Err(wrong("current", "is not the present password", "type it again"));
    }
    if own
        && present.as_ref().is_some_and(|present| present.must_change)
        && state.passwords.verify(present, password.clone()).await?
    {
        return Err(wrong("password", "is the one that somebody else knows", "choose another"));
    }
    let phc = state.passwords.hash(&name, password).await?;
    // Somebody else who set it knows it.
    let credential = Credential { phc, must_change: !own && must_change.unwrap_or(true) };
    let record = NewAudit {
        who: caller.person.name.clone(),
        verb: "password".into(),
        kind: "User".into(),
        name: name.clone(),
        result: "ok".into(),
        ..NewAudit::default()
    };
    let keep = caller.token.id.clone();
    state
        .store
        .write(caller.writer(None), move |tx| {
            Box::pin(async move {
                let mut user = User::from_raw(&tx.need(Kind::User, &name).await?)?;
                user.status.has_password = true;
                tx.set_status(Kind::User, &name, user.to_raw().status).await?;
                tx.credential_set(&name, credential).await?;
                // Whoever got in with the old one is out.
                tx.tokens_end(&name, Purpose::Session, Some(&keep)).await?;
                tx.audit(record).await?;
                Ok::<_, Refusal>(())
            })
        })
        .await?;
    Ok(Json(serde_json::json!({})))
}
