//! Errors as answers.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use nagaya_api::ApiError;
use nagaya_store::StoreError;

/// An error on its way to the client: JSON in the form of Kubernetes' `Status`.
#[derive(Clone, Debug)]
pub struct Refusal(pub Box<ApiError>);

/// What handlers return.
pub type Answer<T> = Result<T, Refusal>;

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self(Box::new(error))
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self(Box::new(error.into()))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_server_error() {
            tracing::error!(error = %self.0, "a request failed");
        }
        let mut response = (status, Json(&*self.0)).into_response();
        // The audit record reads it there.
        response.extensions_mut().insert(self);
        response
    }
}
