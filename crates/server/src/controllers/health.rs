//! GET /healthz, /readyz, /version, /ca.crt

use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use nagaya_api::ApiError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ServerState, answer::Answer};

/// Which build answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Version {
    /// Version of Nagaya.
    pub version: &'static str,
    /// Version of the API.
    pub api: &'static str,
}

/// Whether the process answers at all.
pub fn healthz() -> &'static str {
    "ok\n"
}

/// Whether requests can be served: the store answers.
pub async fn readyz(state: ServerState) -> Answer<&'static str> {
    if state.stopping.is_cancelled() {
        return Err(ApiError::unavailable("the server is stopping").into());
    }
    state.store.meta_get("incarnation").await?;
    Ok("ok\n")
}

/// Which build answers.
pub fn version() -> Json<Version> {
    Json(Version { version: env!("CARGO_PKG_VERSION"), api: nagaya_api::API_VERSION })
}

/// The certificate of the local CA, to be trusted by browsers and kubectl.
pub fn ca(state: &ServerState) -> Answer<Response> {
    let ca = state.ca.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    let Some(pem) = ca else {
        return Err(
            ApiError::new(404, "NotFound", "this server's certificate is not of a CA of its own").into()
        );
    };
    Ok(([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response())
}
