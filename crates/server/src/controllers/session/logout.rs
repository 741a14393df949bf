//! POST /logout

use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use nagaya_store::{NewAudit, StoreError};

use super::set_cookie;
use crate::{ServerState, answer::Answer, authorisation::Caller};

/// Ends the session or token that the request came with.
pub async fn logout(state: ServerState, caller: Caller) -> Answer<Response> {
    let (user, id) = (caller.person.name.clone(), caller.token.id.clone());
    state
        .store
        .write(caller.writer(None), move |tx| {
            Box::pin(async move {
                tx.token_delete(&user, &id).await?;
                let record = NewAudit {
                    who: user.clone(),
                    verb: "logout".into(),
                    result: "ok".into(),
                    ..NewAudit::default()
                };
                tx.audit(NewAudit { kind: "User".into(), name: user, ..record }).await?;
                Ok::<_, StoreError>(())
            })
        })
        .await?;
    Ok(([(header::SET_COOKIE, set_cookie("", 0)?)], Json(serde_json::json!({}))).into_response())
}
