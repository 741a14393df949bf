//! Sources' own verbs.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    routing::{get, post},
};
use nagaya_api::Kind;

use super::{API, Endpoint, answer};
use crate::{
    ServerState,
    authorisation::{Action, Caller, Found, Subject},
    controllers::sources,
    extract::Whole,
    openapi::{Doc, Says},
    sources::{Difference, NewSecret},
};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let kind = Kind::Source;
    let path = |verb: &str| format!("{API}/sources/{{name}}/{verb}");
    let subject = Subject::Object(kind);
    let doc = |verb, summary| Doc::of(kind, verb, summary);
    vec![
        Endpoint::new(
            "POST",
            path("sync"),
            Action::Sync,
            subject,
            doc("sync", "Fetches and applies now; what went wrong is in the status").answers(Says::Object(kind)),
            post(|State(state): State<ServerState>, Path(name): Path<String>| async move {
                answer(sources::sync(state, name).await)
            }),
        ),
        Endpoint::new(
            "GET",
            path("diff"),
            Action::SourceDiff,
            subject,
            doc("diff", "What a sync would change now; nothing is changed").answers(Says::of::<Difference>()),
            get(|State(state): State<ServerState>, Path(name): Path<String>| async move {
                answer(sources::diff(state, name).await)
            }),
        ),
        Endpoint::new(
            "POST",
            path("secret"),
            Action::SourceSecret,
            subject,
            doc("secret", "Seals the user and token for its repository, and the secret that signs its webhook")
                .takes(Says::of::<NewSecret>()),
            post(|State(state): State<ServerState>, caller: Caller, found: Found, Whole(body): Whole| async move {
                answer(sources::secret(state, caller, found, body).await)
            }),
        ),
        Endpoint::new(
            "POST",
            path("webhook"),
            Action::Sync,
            Subject::Public,
            doc("webhook", "Has the repository looked at now; signed with the source's secret in X-Hub-Signature-256, or carrying it in X-Gitlab-Token")
                .takes(Says::Any),
            post(|State(state): State<ServerState>, Path(name): Path<String>, headers: HeaderMap, Whole(body): Whole| async move {
                answer(sources::webhook(state, name, &headers, body).await)
            }),
        ),
    ]
}
