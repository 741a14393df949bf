//! Every address: what it does to what, how it is described, and what answers.

use std::convert::Infallible;

use axum::{
    extract::{Path, Request, State, ws::WebSocketUpgrade},
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::{MethodRouter, any, delete, get, patch, post, put},
};
use nagaya_api::{Kind, kinds::cluster::ClusterPower};
use nagaya_gateway::LogQuery;

use crate::{
    ServerState,
    answer::Answer,
    authorisation::{Action, Caller, Found, Guard, Subject},
    controllers::{
        audit, clusters, health, me,
        objects::{self, WriteQuery, list::ListQuery, write::Write},
        session::{self, login::Login},
        tokens, users, watch, workspaces,
    },
    extract::{Params, Peer, Whole},
    openapi::{Doc, Says},
};

/// Where the API begins.
pub const API: &str = "/api/v1alpha1";

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
        Self { method, path: path.into(), guard: Guard { action, subject }, doc, handler }
    }
}

/// All of them.
pub fn endpoints() -> Vec<Endpoint> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        all.extend(objects_of(*kind));
    }
    all.extend(of_workspaces());
    all.extend(of_clusters());
    all.extend(of_people());
    all.extend(of_the_instance());
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
                .answers(object),
            delete(move |State(state), caller: Caller, Path(name): Path<String>, Params(query): Params<WriteQuery>| async move {
                answer(objects::delete::delete(write(state, caller, query), kind, name).await)
            }),
        ),
    ]
}

fn of_workspaces() -> Vec<Endpoint> {
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

fn of_clusters() -> Vec<Endpoint> {
    let kind = Kind::Cluster;
    let path = |verb: &str| format!("{API}/clusters/{{name}}/{verb}");
    let subject = Subject::Object(kind);
    let doc = |verb, summary| Doc::of(kind, verb, summary);
    let kubernetes = || {
        any(|State(state): State<ServerState>, caller: Caller, found: Found, request: Request| async move {
            answer(clusters::kubernetes::kubernetes(state, caller, found, request).await)
        })
    };
    vec![
        Endpoint::new(
            "POST",
            path("start"),
            Action::Start,
            subject,
            doc("start", "Starts a local cluster").answers(Says::Object(kind)),
            post(|State(state): State<ServerState>, caller: Caller, Path(name): Path<String>| async move {
                answer(clusters::power::set(Write::plain(&state, &caller), name, ClusterPower::Running).await)
            }),
        ),
        Endpoint::new(
            "POST",
            path("stop"),
            Action::Stop,
            subject,
            doc("stop", "Stops a local cluster; its data stays").answers(Says::Object(kind)),
            post(|State(state): State<ServerState>, caller: Caller, Path(name): Path<String>| async move {
                answer(clusters::power::set(Write::plain(&state, &caller), name, ClusterPower::Stopped).await)
            }),
        ),
        Endpoint::new(
            "POST",
            path("join-token"),
            Action::JoinToken,
            subject,
            doc("joinToken", "Makes a token with which the cluster's agent joins, once")
                .answers_created(Says::of::<clusters::join_token::NewJoinToken>()),
            post(|State(state): State<ServerState>, caller: Caller, Path(name): Path<String>| async move {
                answer(clusters::join_token::create(state, caller, name).await)
            }),
        ),
        Endpoint::new(
            "GET",
            path("kubeconfig"),
            Action::Kubeconfig,
            subject,
            doc("kubeconfig", "A kubeconfig for the cluster, with a new token of the caller's")
                .answers(Says::Text),
            get(|State(state): State<ServerState>, caller: Caller, Path(name): Path<String>| async move {
                answer(clusters::kubeconfig::kubeconfig(state, caller, name).await)
            }),
        ),
        Endpoint::new(
            "ANY",
            path("kubernetes"),
            Action::Kubernetes,
            subject,
            doc("kubernetesRoot", "The cluster's Kubernetes API, as the caller").answers(Says::Text),
            kubernetes(),
        ),
        Endpoint::new(
            "ANY",
            path("kubernetes/{*path}"),
            Action::Kubernetes,
            subject,
            doc("kubernetes", "The cluster's Kubernetes API, as the caller").answers(Says::Text),
            kubernetes(),
        ),
    ]
}

fn of_people() -> Vec<Endpoint> {
    let path = |rest: &str| format!("{API}/{rest}");
    let doc = |id, summary| Doc::new("session", id, summary);
    vec![
        Endpoint::new(
            "POST",
            path("login"),
            Action::Use,
            Subject::Public,
            doc("login", "Opens a session").takes(Says::of::<Login>()).answers(Says::of::<me::Me>()),
            post(
                |State(state): State<ServerState>, peer: Peer, headers: HeaderMap, Whole(body): Whole| async move {
                    answer(session::login::login(state, peer.0, &headers, body).await)
                },
            ),
        ),
        Endpoint::new(
            "POST",
            path("logout"),
            Action::Use,
            Subject::Oneself,
            doc("logout", "Ends the session or token of this request").answers(Says::Nothing),
            post(|State(state): State<ServerState>, caller: Caller| async move {
                answer(session::logout::logout(state, caller).await)
            }),
        ),
        Endpoint::new(
            "GET",
            path("me"),
            Action::Use,
            Subject::Oneself,
            doc("me", "Shows who is logged in").answers(Says::of::<me::Me>()),
            get(|State(state): State<ServerState>, caller: Caller| async move {
                answer(me::me(state, caller).await)
            }),
        ),
        Endpoint::new(
            "GET",
            path("tokens"),
            Action::Use,
            Subject::Oneself,
            doc("listTokens", "Lists one's API tokens").answers(Says::of::<tokens::TokenList>()),
            get(|State(state): State<ServerState>, caller: Caller| async move {
                answer(tokens::list(state, caller).await)
            }),
        ),
        Endpoint::new(
            "POST",
            path("tokens"),
            Action::Use,
            Subject::Oneself,
            doc("createToken", "Makes an API token; its secret is shown this once")
                .takes(Says::of::<tokens::TokenRequest>())
                .answers_created(Says::of::<tokens::NewTokenInfo>()),
            post(|State(state): State<ServerState>, caller: Caller, Whole(body): Whole| async move {
                answer(tokens::create(state, caller, body).await)
            }),
        ),
        Endpoint::new(
            "DELETE",
            path("tokens/{id}"),
            Action::Use,
            Subject::Oneself,
            doc("deleteToken", "Ends an API token").answers(Says::Nothing),
            delete(|State(state): State<ServerState>, caller: Caller, Path(id): Path<String>| async move {
                answer(tokens::delete(state, caller, id).await)
            }),
        ),
        Endpoint::new(
            "POST",
            path("users/{name}/password"),
            Action::Password,
            Subject::Object(Kind::User),
            Doc::of(Kind::User, "password", "Sets a password, and ends the user's other sessions")
                .takes(Says::of::<users::NewPassword>())
                .answers(Says::Nothing),
            post(
                |State(state): State<ServerState>,
                 caller: Caller,
                 Path(name): Path<String>,
                 Whole(body): Whole| async move {
                    answer(users::password(state, caller, name, body).await)
                },
            ),
        ),
    ]
}

fn of_the_instance() -> Vec<Endpoint> {
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
