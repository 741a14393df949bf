//! Errors as kubectl and the console understand them: Kubernetes' `Status`.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use nagaya_api::ApiError;
use nagaya_tunnel::TunnelError;

/// The answer that says `error`.
pub(crate) fn answer(error: &ApiError) -> Response<Body> {
    let mut response = Response::new(Body::from(serde_json::to_vec(error).unwrap_or_default()));
    *response.status_mut() = StatusCode::from_u16(error.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if error.code == 503 {
        // client-go waits and tries again by itself when it is told how long.
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// What a failure of the tunnel is to a client of the API.
pub(crate) fn of_tunnel(error: &TunnelError, cluster: &str) -> ApiError {
    let message = error.to_string();
    match error {
        TunnelError::NoAgent { .. } | TunnelError::Lost { .. } => ApiError::unavailable(message),
        TunnelError::Refused { status, .. } => ApiError::new(status.as_u16(), "BadGateway", message),
        _ => ApiError::new(502, "BadGateway", message),
    }
    .about("Cluster", cluster)
}
