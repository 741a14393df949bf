//! Sources' own verbs.

use axum::{
    Json,
    body::Bytes,
    http::{HeaderMap, StatusCode},
};
use nagaya_api::{ApiError, Kind, RawObject, Resource as _, Source};

use crate::{
    ServerState,
    answer::Answer,
    authorisation::{Action, Caller, Found},
    body, credential,
    sources::{self, Difference, NewSecret},
};

/// POST /sources/{name}/sync: fetches and applies now. The answer is the source as it then is; what went wrong is in its
/// status.
pub async fn sync(state: ServerState, name: String) -> Answer<Json<RawObject>> {
    sources::sync(&state, &name).await?;
    let object = state.store.get_raw(Kind::Source, &name).await?;
    Ok(Json(object.ok_or_else(|| ApiError::not_found(Kind::Source, &name))?))
}

/// GET /sources/{name}/diff: what a sync would change now.
pub async fn diff(state: ServerState, name: String) -> Answer<Json<Difference>> {
    Ok(Json(sources::difference(&state, &name).await?))
}

/// POST /sources/{name}/secret: seals what its repository's server asks for, and what signs its webhook.
pub async fn secret(
    state: ServerState,
    caller: Caller,
    found: Found,
    bytes: Bytes,
) -> Answer<Json<serde_json::Value>> {
    let new: NewSecret = body::json(&bytes)?;
    let source = Source::from_raw(&found.0)?;
    let name = source.metadata.name;
    sources::seal(&state, &name, &source.spec.url, new).await?;
    credential::record(&state, &caller, Action::SourceSecret, Kind::Source, &name).await?;
    state.sources.asked.ask(&name);
    Ok(Json(serde_json::json!({})))
}

/// POST /sources/{name}/webhook: a look at the repository happens now instead of later, and that is all. Whoever holds
/// the secret signs it; whether there is such a source is told to nobody else.
pub async fn webhook(
    state: ServerState,
    name: String,
    headers: &HeaderMap,
    body: Bytes,
) -> Answer<(StatusCode, Json<serde_json::Value>)> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let secret = state.store.secret_get(&sources::webhook_secret(&name)).await?;
    let signed = secret.is_some_and(|secret| {
        sources::signed(&secret, header("x-hub-signature-256"), header("x-gitlab-token"), &body)
    });
    if !signed {
        let message = "the webhook is not signed with the source's secret: set the same there and by `nagaya source secret NAME --webhook`";
        return Err(ApiError::new(401, "Unauthorized", message).into());
    }
    state.sources.asked.ask(&name);
    Ok((StatusCode::ACCEPTED, Json(serde_json::json!({}))))
}
