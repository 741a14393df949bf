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
pub struct NewPassword {
    /// The new one.
    pub password: String,
    /// The present one; when it is given it must be right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
}

/// POST /users/{name}/password: sets the password and ends the user's other sessions.
pub async fn password(
    state: ServerState,
    caller: Caller,
    name: String,
    bytes: Bytes,
) -> Answer<Json<serde_json::Value>> {
    let NewPassword { password, current } = body::json(&bytes)?;
    if let Some(current) = current {
        let credential = state.store.credential(&name).await?;
        if !state.passwords.verify(credential, current).await? {
            let cause = Cause::invalid("current", "is not the present password", "type it again");
            return Err(ApiError::invalid(Kind::User, &name, vec![cause]).into());
        }
    }
    let phc = state.passwords.hash(&name, password).await?;
    // Somebody else who set it knows it.
    let credential = Credential { phc, must_change: caller.person.name != name };
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
