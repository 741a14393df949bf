//! GET /workspaces/{name}/desktop|exec|logs: carried by the gateway.

use axum::{
    extract::{Request, ws::WebSocketUpgrade},
    response::Response,
};
use nagaya_api::{ApiError, Kind, Resource, Template, Workspace};
use nagaya_gateway::{LogQuery, PodTarget, StreamGuard, StreamInfo, StreamKind, Target};
use nagaya_store::NewAudit;

use crate::{
    ServerState,
    answer::Answer,
    authorisation::{Action, Caller, Found},
    rights,
};

/// Enters a stream into the registry and then looks again whether it may be: a right that was taken away in between
/// is seen by one of the two.
async fn enter(
    state: &ServerState,
    caller: &Caller,
    found: &Found,
    kind: StreamKind,
    action: Action,
) -> Answer<(Workspace, StreamGuard)> {
    let workspace = Workspace::from_raw(&found.0)?;
    let guard = state.streams.open(StreamInfo {
        kind,
        user: caller.person.name.clone(),
        session: caller.token.id.clone(),
        cluster: workspace.spec.cluster,
        workspace: Some(workspace.metadata.name),
        since: caller.now,
    });
    let workspace = Workspace::from_raw(&rights::still(state, caller, action, &found.0).await?)?;
    if kind != StreamKind::Logs {
        let record = NewAudit {
            who: caller.person.name.clone(),
            verb: action.name().to_owned(),
            kind: Kind::Workspace.name().to_owned(),
            name: workspace.metadata.name.clone(),
            team: Some(workspace.spec.team.clone()),
            result: "ok".to_owned(),
            ..NewAudit::default()
        };
        state.store.audit(caller.writer(None), record).await?;
    }
    Ok((workspace, guard))
}

/// The desktop: RFB over a WebSocket.
pub async fn desktop(
    state: ServerState,
    caller: Caller,
    found: Found,
    upgrade: WebSocketUpgrade,
) -> Answer<Response> {
    let (workspace, guard) = enter(&state, &caller, &found, StreamKind::Desktop, Action::Desktop).await?;
    if let Some(why) = rights::not_to_run(&workspace) {
        guard.end(why);
    }
    let template = state.store.get::<Template>(&workspace.spec.template).await?.ok_or_else(|| {
        ApiError::conflict(
            Kind::Workspace,
            &workspace.metadata.name,
            format!("its template \"{}\" is gone: give it another", workspace.spec.template),
        )
    })?;
    let port = template.spec.ports.first().map(|port| port.port).ok_or_else(|| {
        ApiError::conflict(Kind::Template, &template.metadata.name, "it names no port: add the desktop's")
    })?;
    let target = Target {
        service: template.spec.chart.as_ref().map(|chart| chart.service(&workspace.metadata.name)),
        cluster: workspace.spec.cluster,
        namespace: workspace.spec.namespace,
        workspace: workspace.metadata.name,
        port,
    };
    Ok(nagaya_gateway::desktop(upgrade, target, state.hub.clone(), guard).await)
}

/// A command in the workspace.
pub async fn exec(state: ServerState, caller: Caller, found: Found, request: Request) -> Answer<Response> {
    let (workspace, guard) = enter(&state, &caller, &found, StreamKind::Exec, Action::Exec).await?;
    let identity = rights::identity(&caller)?;
    Ok(nagaya_gateway::exec(request, &pod(workspace), &identity, &state.hub, guard).await)
}

/// The log of the workspace.
pub async fn logs(state: ServerState, caller: Caller, found: Found, query: LogQuery) -> Answer<Response> {
    let (workspace, guard) = enter(&state, &caller, &found, StreamKind::Logs, Action::Logs).await?;
    let identity = rights::identity(&caller)?;
    Ok(nagaya_gateway::logs(query, &pod(workspace), &identity, &state.hub, guard).await)
}

fn pod(workspace: Workspace) -> PodTarget {
    // What a chart calls its pods, only their cluster tells.
    let charted = workspace.status.pod.filter(|pod| !pod.container.is_empty());
    let (pod, container) = match charted {
        Some(pod) => (pod.name, pod.container),
        None => (format!("{}-0", workspace.metadata.name), String::new()),
    };
    PodTarget { cluster: workspace.spec.cluster, namespace: workspace.spec.namespace, pod, container }
}
