//! GET /bundles/{name}/rendered

use std::sync::Arc;

use axum::Json;
use nagaya_api::{
    ApiError, Bundle, Cause, Cluster, Kind, Resource, Team, Workspace,
    kinds::bundle_version::BundleVersionSpec,
};
use nagaya_control::{
    fleet::render::{Place, Source},
    intent::namespaces,
};
use nagaya_store::Filter;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{ServerState, answer::Answer, authorisation::Found};

/// Query of the objects of a bundle on a cluster.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RenderedQuery {
    /// Name of the cluster.
    pub cluster: String,
}

/// The objects that a cluster should have of a bundle, as the bundle is now.
pub async fn rendered(state: ServerState, found: Found, query: RenderedQuery) -> Answer<Json<Value>> {
    let bundle = Bundle::from_raw(&found.0)?;
    let name = &bundle.metadata.name;
    if query.cluster.is_empty() {
        return Err(ApiError::bad_request("say which cluster: ?cluster=NAME").into());
    }
    let cluster: Cluster = state
        .store
        .get(&query.cluster)
        .await?
        .ok_or_else(|| ApiError::not_found(Kind::Cluster, &query.cluster))?;
    let mut teams = std::collections::BTreeMap::new();
    let mut workspaces = std::collections::BTreeMap::new();
    for team in state.store.list::<Team>(&Filter::default()).await?.items {
        teams.insert(team.metadata.name.clone(), team);
    }
    for workspace in state.store.list::<Workspace>(&Filter::default()).await?.items {
        workspaces.insert(workspace.metadata.name.clone(), workspace);
    }
    let teams = namespaces(&cluster.metadata.name, &teams, &workspaces);
    let source = Arc::new(Source::new(BundleVersionSpec {
        bundle: name.clone(),
        version: bundle.status.version,
        each: bundle.spec.each,
        objects: bundle.spec.objects,
        overrides: bundle.spec.overrides,
        ignore: bundle.spec.ignore,
        ..BundleVersionSpec::default()
    }));
    let rendered = source.render(&Place { cluster: &cluster, teams: &teams, remembered: None });
    let rendered = rendered.map_err(|error| {
        let cause = Cause::invalid("spec.objects", error.to_string(), "");
        ApiError::invalid(Kind::Bundle, name, vec![cause])
    })?;
    let items: Result<Vec<Value>, _> =
        rendered.texts().iter().map(|text| serde_json::from_str(text)).collect();
    let items = items.map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(Json(json!({"apiVersion": "v1", "kind": "List", "items": items})))
}
