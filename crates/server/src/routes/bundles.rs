//! Bundles' own verbs.

use axum::{extract::State, routing::get};
use nagaya_api::Kind;

use super::{API, Endpoint, answer};
use crate::{
    ServerState,
    authorisation::{Action, Found, Subject},
    controllers::bundles::rendered::{self, RenderedQuery},
    extract::Params,
    openapi::{Doc, Says},
};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let kind = Kind::Bundle;
    vec![Endpoint::new(
        "GET",
        format!("{API}/bundles/{{name}}/rendered"),
        Action::Get,
        Subject::Object(kind),
        Doc::of(kind, "rendered", "The Kubernetes objects that a cluster should have of a bundle, as a list")
            .query(&[("cluster", "Name of the cluster")])
            .answers(Says::Any),
        get(
            |State(state): State<ServerState>, found: Found, Params(query): Params<RenderedQuery>| async move {
                answer(rendered::rendered(state, found, query).await)
            },
        ),
    )]
}
