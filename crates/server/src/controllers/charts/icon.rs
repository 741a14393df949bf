//! GET /charts/{name}/{chart}/icon

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use nagaya_api::ApiError;

use super::{newest, versions};
use crate::{
    ServerState,
    answer::Answer,
    authorisation::{Caller, Found},
    catalogue,
};

/// The icon of a chart. It comes from elsewhere: browsers show it as a picture and as nothing else.
pub async fn icon(state: ServerState, caller: Caller, found: Found, chart: String) -> Answer<Response> {
    let (repository, index) = versions(&state, &caller, &found.0, &chart)?;
    let entry = index.charts.get(&chart).and_then(|entries| newest(entries));
    let entry = entry.ok_or_else(|| ApiError::not_found("Chart", &chart))?;
    let (kind, bytes) = catalogue::icon(&repository, entry).await?;
    let kind = HeaderValue::from_str(&kind).map_err(|error| ApiError::internal(error.to_string()))?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    let fixed = HeaderValue::from_static;
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        fixed("sandbox; default-src 'none'; style-src 'unsafe-inline'"),
    );
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff"));
    headers.insert(header::CONTENT_DISPOSITION, fixed("inline; filename=\"icon\""));
    headers.insert(header::CACHE_CONTROL, fixed("private, max-age=86400"));
    Ok(response)
}
