//! The instance: watches over all kinds, the audit record, health.

use axum::{
    extract::State,
    http::HeaderMap,
    routing::{get, post},
};
use nagaya_api::sealing::{Sealing, SealingRotated};

use super::{API, Endpoint, answer};
use crate::{
    ServerState,
    authorisation::{Action, Caller, Subject},
    controllers::{audit, health, metrics, seal, watch},
    extract::Params,
    openapi::{Doc, Says},
};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let doc = |id, summary| Doc::new("instance", id, summary);
    vec![
        Endpoint::new(
            "GET",
            format!("{API}/watch"),
            Action::Watch,
            Subject::Collection,
            doc("watch", "Streams changes of many kinds as server-sent events")
                .query(&[
                    ("kinds", "Plural names, comma-separated; none: all"),
                    ("resourceVersion", "Changes after this revision; none: from now on"),
                ])
                .answers(Says::Events),
            get(
                |State(state): State<ServerState>,
                 caller: Caller,
                 Params(query): Params<watch::WatchQuery>,
                 headers: HeaderMap| async move {
                    answer(watch::watch(state, caller, &headers, &query).await)
                },
            ),
        ),
        Endpoint::new(
            "GET",
            format!("{API}/audit"),
            Action::Audit,
            Subject::System,
            doc("audit", "Shows the audit record, newest first")
                .query(&[
                    ("kind", "About objects of this kind"),
                    ("name", "About objects of this name"),
                    ("user", "By this user"),
                    ("team", "Of this team"),
                    ("limit", "At most so many"),
                    ("continue", "Go on where an answer ended"),
                ])
                .answers(Says::of::<audit::AuditList>()),
            get(|State(state): State<ServerState>, Params(query): Params<audit::AuditQuery>| async move {
                answer(audit::list(state, query).await)
            }),
        ),
        Endpoint::new(
            "GET",
            format!("{API}/seal"),
            Action::Seal,
            Subject::System,
            doc("sealing", "Shows the keys that seal secrets, without the keys themselves")
                .answers(Says::of::<Sealing>()),
            get(|State(state): State<ServerState>| async move { answer(seal::status(state).await) }),
        ),
        Endpoint::new(
            "POST",
            format!("{API}/seal/rotate"),
            Action::Seal,
            Subject::System,
            doc(
                "rotateSealing",
                "Seals all secrets with another key and forgets the one before; answers when it is done",
            )
            .answers(Says::of::<SealingRotated>()),
            post(|State(state): State<ServerState>, caller: Caller| async move {
                answer(seal::rotate(state, caller).await)
            }),
        ),
        Endpoint::new(
            "GET",
            "/metrics",
            Action::Metrics,
            Subject::System,
            doc("metrics", "Figures in Prometheus' text format").answers(Says::Text),
            get(|State(state): State<ServerState>| async move { answer(metrics::metrics(state).await) }),
        ),
        Endpoint::new(
            "GET",
            "/openapi.json",
            Action::Get,
            Subject::Public,
            doc("openapi", "This document").answers(Says::Any),
            get(|| async { crate::openapi::answer() }),
        ),
        Endpoint::new(
            "GET",
            "/healthz",
            Action::Get,
            Subject::Public,
            doc("healthz", "Whether the process answers").answers(Says::Text),
            get(|| async { health::healthz() }),
        ),
        Endpoint::new(
            "GET",
            "/readyz",
            Action::Get,
            Subject::Public,
            doc("readyz", "Whether requests can be served").answers(Says::Text),
            get(|State(state): State<ServerState>| async move { answer(health::readyz(state).await) }),
        ),
        Endpoint::new(
            "GET",
            "/version",
            Action::Get,
            Subject::Public,
            doc("version", "Which build answers").answers(Says::of::<health::Version>()),
            get(|| async { health::version() }),
        ),
        Endpoint::new(
            "GET",
            "/ca.crt",
            Action::Get,
            Subject::Public,
            doc("ca", "The certificate of the local CA, PEM").answers(Says::Text),
            get(|State(state): State<ServerState>| async move { answer(health::ca(&state)) }),
        ),
    ]
}
