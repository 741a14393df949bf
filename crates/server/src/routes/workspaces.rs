//! Workspaces' own verbs.

use axum::{
    extract::{Path, Request, State, ws::WebSocketUpgrade},
    routing::{get, post},
};
use nagaya_api::Kind;
use nagaya_gateway::LogQuery;

use super::{API, Endpoint, answer};
use crate::{
    ServerState,
    authorisation::{Action, Caller, Found, Subject},
    controllers::{objects::write::Write, workspaces},
    extract::Params,
    openapi::{Doc, Says},
};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let kind = Kind::Workspace;
    let path = |verb: &str| format!("{API}/workspaces/{{name}}/{verb}");
    let subject = Subject::Object(kind);
    let doc = |verb, summary| Doc::of(kind, verb, summary);
    vec![
        Endpoint::new(
            "POST",
            path("start"),
            Action::Start,
            subject,
            doc("start", "Starts a workspace; a deleted one comes back with its home")
                .answers(Says::Object(kind)),
            post(|State(state): State<ServerState>, caller: Caller, Path(name): Path<String>| async move {
                answer(workspaces::power::start(Write::plain(&state, &caller), name).await)
            }),
        ),
        Endpoint::new(
            "POST",
            path("stop"),
            Action::Stop,
            subject,
            doc("stop", "Stops a workspace; the home stays").answers(Says::Object(kind)),
            post(|State(state): State<ServerState>, caller: Caller, Path(name): Path<String>| async move {
                answer(workspaces::power::stop(Write::plain(&state, &caller), name).await)
            }),
        ),
        Endpoint::new(
            "POST",
            path("purge"),
            Action::Purge,
            subject,
            doc("purge", "Removes a workspace with its home, for good").answers(Says::Object(kind)),
            post(|State(state): State<ServerState>, caller: Caller, Path(name): Path<String>| async move {
                answer(workspaces::power::purge(Write::plain(&state, &caller), name).await)
            }),
        ),
        Endpoint::new(
            "GET",
            path("desktop"),
            Action::Desktop,
            subject,
            doc("desktop", "The desktop: RFB over a WebSocket, subprotocol `binary`").answers(Says::Upgrade),
            get(
                |State(state): State<ServerState>,
                 caller: Caller,
                 found: Found,
                 upgrade: WebSocketUpgrade| async move {
                    answer(workspaces::streams::desktop(state, caller, found, upgrade).await)
                },
            ),
        ),
        Endpoint::new(
            "GET",
            path("exec"),
            Action::Exec,
            subject,
            doc(
                "exec",
                "Runs a command: a WebSocket with subprotocol `v5.channel.k8s.io` or `v4.channel.k8s.io`",
            )
            .query(&[
                ("command", "The program, then its arguments, one each"),
                ("stdin", "true to send input"),
                ("stdout", "true to get output"),
                ("stderr", "true to get errors"),
                ("tty", "true for a terminal"),
            ])
            .answers(Says::Upgrade),
            get(
                |State(state): State<ServerState>, caller: Caller, found: Found, request: Request| async move {
                    answer(workspaces::streams::exec(state, caller, found, request).await)
                },
            ),
        ),
        Endpoint::new(
            "GET",
            path("logs"),
            Action::Logs,
            subject,
            doc("logs", "The log of the workspace's container")
                .query(&[
                    ("container", "`workspace` or `relay`"),
                    ("follow", "true to go on"),
                    ("tailLines", "Lines from the end"),
                    ("previous", "true for the container before its last restart"),
                    ("timestamps", "true for times"),
                ])
                .answers(Says::Text),
            get(
                |State(state): State<ServerState>,
                 caller: Caller,
                 found: Found,
                 Params(query): Params<LogQuery>| async move {
                    answer(workspaces::streams::logs(state, caller, found, query).await)
                },
            ),
        ),
    ]
}
