//! GET /join/{id}

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use nagaya_api::{ApiError, Cluster, kinds::cluster::Provider};

use crate::{ServerState, answer::Answer, join};

/// Answers the manifest with which a cluster joins. The address itself is the credential, since `kubectl apply -f URL`
/// sends none: it holds the join token, which works once and ends after an hour, and so does the address.
pub async fn manifest(state: ServerState, token: String) -> Answer<Response> {
    let over = |why: String| ApiError::new(404, "NotFound", why);
    let found = state.store.join_token_look(&token, state.now()).await?;
    let cluster = found.map_err(|refused| over(refused.to_string()))?.cluster;
    let object = state.store.get::<Cluster>(&cluster).await?;
    let there = object.is_some_and(|object| {
        object.spec.provider == Provider::Import && object.metadata.deletion_timestamp.is_none()
    });
    let Some(manifests) = state.config.join.as_deref().filter(|_| there) else {
        return Err(over("there is no cluster to import by this address".to_owned()).into());
    };
    let options = match state.store.secret_get(&nagaya_control::join_options_secret(&cluster)).await? {
        Some(sealed) => serde_json::from_slice(&sealed).map_err(|error| {
            ApiError::internal(format!("what cluster \"{cluster}\" was imported with does not read: {error}"))
        })?,
        None => join::AgentOptions::default(),
    };
    let text = manifests.manifest(&cluster, &token, &options)?;
    Ok(([(header::CONTENT_TYPE, "application/yaml")], text).into_response())
}
