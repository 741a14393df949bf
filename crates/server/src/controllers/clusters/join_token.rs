//! POST /clusters/{name}/join-token

use axum::{Json, http::StatusCode};
use jiff::{SignedDuration, Timestamp};
use nagaya_store::NewAudit;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ServerState, answer::Answer, authorisation::Caller};

/// How long a join token waits for its agent.
const LIVES: SignedDuration = SignedDuration::from_hours(1);

/// A join token, shown this once.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewJoinToken {
    /// The secret that the agent shows once.
    pub token: String,
    /// The cluster whose agent may use it.
    pub cluster: String,
    /// When it ends unused.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// Makes a token with which the cluster's agent joins, once.
pub async fn create(
    state: ServerState,
    caller: Caller,
    name: String,
) -> Answer<(StatusCode, Json<NewJoinToken>)> {
    let (token, secret) = state.store.join_token_create(caller.writer(None), &name, LIVES).await?;
    let record = NewAudit {
        who: caller.person.name.clone(),
        verb: "join-token".into(),
        kind: "Cluster".into(),
        name,
        result: "ok".into(),
        ..NewAudit::default()
    };
    state.store.audit(caller.writer(None), record).await?;
    let made = NewJoinToken { token: secret, cluster: token.cluster, expires_at: token.expires_at };
    Ok((StatusCode::CREATED, Json(made)))
}
