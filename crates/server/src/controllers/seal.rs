//! The keys that seal secrets.

use axum::Json;
use nagaya_api::sealing::{Progress, Sealing, SealingKey, SealingRotated};

use crate::{ServerState, answer::Answer, authorisation::Caller};

/// GET /seal
pub async fn status(state: ServerState) -> Answer<Json<Sealing>> {
    let status = state.store.seal_status().await?;
    Ok(Json(Sealing {
        source: status.source.to_owned(),
        keys: status
            .keys
            .into_iter()
            .enumerate()
            .map(|(at, key)| SealingKey { id: key.id, seals: at == 0, given: key.given, values: key.values })
            .collect(),
        rotating: status.rotating.map(|(done, of)| Progress { done, of }),
    }))
}

/// POST /seal/rotate
pub async fn rotate(state: ServerState, caller: Caller) -> Answer<Json<SealingRotated>> {
    let done = state.store.seal_rotate(caller.writer(None)).await?;
    Ok(Json(SealingRotated { key: done.key, before: done.before, values: done.values }))
}
