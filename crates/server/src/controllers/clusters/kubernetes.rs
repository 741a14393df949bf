//! ANY /clusters/{name}/kubernetes/{*path}

use axum::{extract::Request, response::Response};
use nagaya_gateway::{StreamInfo, StreamKind};

use crate::{
    ServerState,
    answer::Answer,
    authorisation::{Action, Caller, Found},
    rights, routes,
};

/// kubectl's way into the cluster, as the caller. What the caller may do there the cluster's own RBAC says.
pub async fn kubernetes(
    state: ServerState,
    caller: Caller,
    found: Found,
    request: Request,
) -> Answer<Response> {
    let name = found.0.metadata.name.clone();
    let guard = state.streams.open(StreamInfo {
        kind: StreamKind::Kubernetes,
        user: caller.person.name.clone(),
        session: caller.token.id.clone(),
        cluster: name.clone(),
        workspace: None,
        since: caller.now,
    });
    rights::still(&state, &caller, Action::Kubernetes, &found.0).await?;
    let identity = rights::identity(&caller)?;
    let prefix = format!("{}/clusters/{name}/kubernetes", routes::API);
    Ok(nagaya_gateway::kubernetes(request, &prefix, &name, &identity, &state.hub, guard).await)
}
