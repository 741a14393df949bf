//! GET /charts/{name}/{chart}/{version}

use axum::Json;
use nagaya_api::{ApiError, catalogue::ChartDetail};

use super::versions;
use crate::{
    ServerState,
    answer::Answer,
    authorisation::{Caller, Found},
    catalogue::{Chart, bring, choose},
};

/// A chart of one version, looked into. The version may be a constraint; `latest` is the newest.
pub async fn detail(
    state: ServerState,
    caller: Caller,
    found: Found,
    chart: String,
    version: String,
) -> Answer<Json<ChartDetail>> {
    let (repository, index) = versions(&state, &caller, &found.0, &chart)?;
    let name = &repository.metadata.name;
    let constraint = if version == "latest" { "" } else { version.as_str() };
    let entry = choose(&index, name, &chart, constraint).map_err(|cause| {
        ApiError::new(404, "NotFound", cause.message.clone()).about("Chart", &chart).because(vec![cause])
    })?;
    let (digest, bytes) = bring(&state, &repository, &chart, &entry).await?;
    let read = tokio::task::spawn_blocking(move || Chart::of_archive(&bytes)).await;
    let read = read.map_err(|error| ApiError::internal(format!("a look into a chart broke: {error}")))?;
    let mut detail =
        read.map_err(|why| ApiError::conflict("Chart", &chart, format!("{} {why}", entry.version)))?.detail;
    // It is known by the name that its repository has for it.
    (detail.repository, detail.name, detail.digest) = (name.clone(), chart, digest);
    detail.icon = !entry.icon.is_empty();
    Ok(Json(detail))
}
