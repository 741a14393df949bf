//! Repositories' own verbs.

use axum::{Json, body::Bytes};
use nagaya_api::{ApiError, Kind, RawObject, Repository, Resource as _, catalogue::RepositorySecret};

use crate::{
    ServerState,
    answer::Answer,
    authorisation::{Action, Caller, Found},
    body, catalogue, credential,
};

/// POST /repositories/{name}/refresh: reads its index now. What went wrong is in its status.
pub async fn refresh(state: ServerState, name: String) -> Answer<Json<RawObject>> {
    catalogue::refresh(&state, &name).await?;
    let object = state.store.get_raw(Kind::Repository, &name).await?;
    Ok(Json(object.ok_or_else(|| ApiError::not_found(Kind::Repository, &name))?))
}

/// PUT /repositories/{name}/secret: seals what its server is asked with.
pub async fn secret(
    state: ServerState,
    caller: Caller,
    found: Found,
    bytes: Bytes,
) -> Answer<Json<serde_json::Value>> {
    let new: RepositorySecret = body::json(&bytes)?;
    let repository = Repository::from_raw(&found.0)?;
    let name = repository.metadata.name;
    catalogue::seal(&state, &name, &repository.spec.url, new).await?;
    credential::record(&state, &caller, Action::RepositorySecret, Kind::Repository, &name).await?;
    state.catalogue.asked.ask(&name);
    Ok(Json(serde_json::json!({})))
}
