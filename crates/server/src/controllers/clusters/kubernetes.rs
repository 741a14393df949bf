//! ANY /clusters/{name}/kubernetes/{*path}

use axum::{extract::Request, http::header, response::Response};
use nagaya_api::Kind;
use nagaya_gateway::{StreamInfo, StreamKind};
use nagaya_store::NewAudit;

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
    let refused = nagaya_gateway::refused_claim(&request);
    // What changes something there, or opens a shell, is on record here: the cluster's own audit may be off.
    if refused.is_some() || !request.method().is_safe() || request.headers().contains_key(header::UPGRADE) {
        let path = request.uri().path();
        let record = NewAudit {
            who: caller.person.name.clone(),
            verb: Action::Kubernetes.name().to_owned(),
            kind: Kind::Cluster.name().to_owned(),
            name: name.clone(),
            result: refused.as_ref().map_or_else(|| "ok".to_owned(), |error| error.reason.clone()),
            message: format!(
                "{} {}{}",
                request.method(),
                path.split_once("/kubernetes").map_or(path, |(_, rest)| rest),
                refused.map_or_else(String::new, |error| format!(": {}", error.message)),
            ),
            ..NewAudit::default()
        };
        state.store.audit(caller.writer(None), record).await?;
    }
    let prefix = format!("{}/clusters/{name}/kubernetes", routes::API);
    Ok(nagaya_gateway::kubernetes(request, &prefix, &name, &identity, &state.hub, guard).await)
}
