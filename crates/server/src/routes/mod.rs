//! Every address: what it does to what, how it is described, and what answers.

mod bundles;
mod catalogue;
mod clusters;
mod instance;
mod people;
mod sources;
mod workspaces;

use std::convert::Infallible;

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::{MethodRouter, delete, get, patch, post, put},
};
use nagaya_api::Kind;

use crate::{
    ServerState,
    answer::Answer,
    authorisation::{Action, Caller, Found, Guard, Subject},
    controllers::{
        objects::{self, WriteQuery, list::ListQuery, write::Write},
        watch,
    },
    extract::{Params, Whole},
    openapi::{Doc, Says},
};

/// Where the API begins.
pub const API: &str = "/api/v1alpha1";
/// Before the join token in the address of an imported cluster's manifest.
pub const JOIN: &str = "/api/v1alpha1/join/";

/// One address with one method.
pub struct Endpoint {
    /// `GET`, …, or `ANY`.
    pub method: &'static str,
    /// The path with `{parameters}`.
    pub path: String,
    /// What it does to what.
    pub guard: Guard,
    pub(crate) doc: Doc,
    pub(crate) handler: MethodRouter<ServerState, Infallible>,
}

impl Endpoint {
    fn new(
        method: &'static str,
        path: impl Into<String>,
        action: Action,
        subject: Subject,
        doc: Doc,
        handler: MethodRouter<ServerState, Infallible>,
    ) -> Self {
        Self {
            method,
            path: path.into(),
            guard: Guard { action, subject, mends_password: false },
            doc,
            handler,
        }
    }

    /// The same, open also to a session that came in by a password somebody else knows.
    fn mends_password(mut self) -> Self {
        self.guard.mends_password = true;
        self
    }
}

/// All of them.
pub fn endpoints() -> Vec<Endpoint> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        all.extend(objects_of(*kind));
    }
    all.extend(workspaces::endpoints());
    all.extend(clusters::endpoints());
    all.extend(bundles::endpoints());
    all.extend(sources::endpoints());
    all.extend(catalogue::endpoints());
    all.extend(people::endpoints());
    all.extend(instance::endpoints());
    all
}

fn answer(answer: Answer<impl IntoResponse>) -> Response {
    answer.into_response()
}

/// The verbs that all kinds share.
fn objects_of(kind: Kind) -> Vec<Endpoint> {
    let (many, one) = (format!("{API}/{}", kind.plural()), format!("{API}/{}/{{name}}", kind.plural()));
    let write = |state, caller, query| Write { state, caller, query };
    let (object, list) = (Says::Object(kind), Says::ListOf(kind));
    vec![
        Endpoint::new(
            "GET",
            &many,
            Action::List,
            Subject::Collection,
            Doc::of(kind, "list", "Lists objects, or with `watch` streams their changes as server-sent events").query_list().answers(list),
            get(move |State(state): State<ServerState>, caller: Caller, Params(query): Params<ListQuery>, headers: HeaderMap| async move {
                if query.watch {
                    answer(watch::watch_kind(state, caller, &headers, kind, &query).await)
                } else {
                    answer(objects::list::list(&state, &caller, kind, &query).await)
                }
            }),
        ),
        Endpoint::new(
            "POST",
            &many,
            Action::Create,
            Subject::Proposal(kind),
            Doc::of(kind, "create", "Makes an object").query_write().takes(object.clone()).answers_created(object.clone()),
            post(move |State(state), caller: Caller, Params(query): Params<WriteQuery>, Whole(body): Whole| async move {
                answer(objects::create::create(write(state, caller, query), kind, body).await)
            }),
        ),
        Endpoint::new(
            "GET",
            &one,
            Action::Get,
            Subject::Object(kind),
            Doc::of(kind, "get", "Shows an object").answers(object.clone()),
            get(|caller: Caller, found: Found| async move { objects::get::get(&caller, &found) }),
        ),
        Endpoint::new(
            "PUT",
            &one,
            Action::Update,
            Subject::Object(kind),
            Doc::of(kind, "replace", "Replaces an object; 409 when it changed since `metadata.resourceVersion`")
                .query_write()
                .takes(object.clone())
                .answers(object.clone()),
            put(move |State(state), caller: Caller, Path(name): Path<String>, Params(query): Params<WriteQuery>, Whole(body): Whole| async move {
                answer(objects::replace::replace(write(state, caller, query), kind, name, body).await)
            }),
        ),
        Endpoint::new(
            "PATCH",
            &one,
            Action::Update,
            Subject::ObjectOrProposal(kind),
            Doc::of(kind, "patch", "Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there")
                .query_write()
                .takes_patch()
                .answers(object.clone()),
            patch(
                move |State(state), caller: Caller, Path(name): Path<String>, Params(query): Params<WriteQuery>, headers: HeaderMap, Whole(body): Whole| async move {
                    answer(objects::patch::patch(write(state, caller, query), kind, name, &headers, body).await)
                },
            ),
        ),
        Endpoint::new(
            "DELETE",
            &one,
            Action::Delete,
            Subject::Object(kind),
            Doc::of(kind, "delete", if kind == Kind::Workspace { "Deletes a workspace; its home stays until it is purged" } else { "Deletes an object that nothing needs" })
                .query_write()
                .query(if kind == Kind::Cluster { &[("objects", "For an imported cluster, what becomes of what Nagaya put there: keep, remove (all but homes), or forget (nothing is done there). Needed once its agent has connected; may be said again")] } else { &[] })
                .answers(object),
            delete(move |State(state), caller: Caller, Path(name): Path<String>, Params(query): Params<WriteQuery>| async move {
                answer(objects::delete::delete(write(state, caller, query), kind, name).await)
            }),
        ),
    ]
}
