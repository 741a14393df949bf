//! GET /releases/{name}/values

use axum::Json;
use nagaya_api::{
    ApiError, Kind, Release, Repository, Resource,
    catalogue::ReleaseValues,
    kinds::release::{Values, layered},
};
use serde::Deserialize;

use super::layers;
use crate::{
    ServerState,
    answer::Answer,
    authorisation::Found,
    catalogue::{Chart, bring, choose, index},
};

/// Query of a release's values.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ValuesQuery {
    /// Name of a cluster; empty: the first.
    pub cluster: String,
    /// With the chart's own.
    pub all: bool,
}

/// The values of a release on a cluster, sealed ones masked, and where each comes from.
pub async fn values(state: ServerState, found: Found, query: ValuesQuery) -> Answer<Json<ReleaseValues>> {
    let release = Release::from_raw(&found.0)?;
    let targets = layers::targets(&state, &release).await?;
    let cluster = match query.cluster.as_str() {
        "" => targets.first(),
        name => Some(targets.iter().find(|one| one.metadata.name == name).ok_or_else(|| {
            ApiError::conflict(
                Kind::Release,
                &release.metadata.name,
                format!("is not for cluster \"{name}\""),
            )
        })?),
    };
    let said = layers::layers(&state, &release, cluster).await?;
    // Without its chart a release still has values.
    let own = own(&state, &release).await.unwrap_or_default();
    let mut values = layers::masked(&said, &release);
    if query.all {
        values = layered([&own, &values]);
    }
    Ok(Json(ReleaseValues {
        cluster: cluster.map(|one| one.metadata.name.clone()).unwrap_or_default(),
        values,
        layers: layers::explain(&said, &own, &release),
    }))
}

/// The values of a release's chart itself.
pub async fn own(state: &ServerState, release: &Release) -> Answer<Values> {
    let spec = &release.spec;
    let repository = state.store.get::<Repository>(&spec.repository).await?;
    let repository = repository.ok_or_else(|| ApiError::not_found(Kind::Repository, &spec.repository))?;
    let entry = choose(&*index(state, &repository)?, &spec.repository, &spec.chart, &spec.version)
        .map_err(|cause| ApiError::invalid(Kind::Release, &release.metadata.name, vec![cause]))?;
    let (_, bytes) = bring(state, &repository, &spec.chart, &entry).await?;
    let chart = Chart::of_archive(&bytes)
        .map_err(|why| ApiError::conflict("Chart", &spec.chart, format!("{} {why}", entry.version)))?;
    let values: serde_json::Value = yaml_serde::from_str(&chart.detail.values).unwrap_or_default();
    Ok(values.as_object().cloned().unwrap_or_default())
}
