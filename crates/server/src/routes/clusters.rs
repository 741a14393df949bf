//! Clusters' own verbs.

use axum::{
    extract::{Path, Request, State},
    response::IntoResponse as _,
    routing::{any, get, post},
};
use nagaya_api::{Kind, kinds::cluster::ClusterPower};

use super::{API, Endpoint, JOIN, answer};
use crate::{
    ServerState,
    answer::Refusal,
    authorisation::{Action, Caller, Found, Subject},
    body,
    controllers::{
        clusters::{self, kubeconfig::KubeconfigQuery},
        objects::write::Write,
    },
    extract::{Params, Whole},
    join::AgentOptions,
    openapi::{Doc, Says},
};

pub(super) fn endpoints() -> Vec<Endpoint> {
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
                .takes(Says::of::<AgentOptions>())
                .answers_created(Says::of::<clusters::join_token::NewJoinToken>()),
            post(|State(state): State<ServerState>, caller: Caller, found: Found, Whole(body): Whole| async move {
                // Without a body it is as if nothing were said.
                let options = if body.is_empty() { Ok(AgentOptions::default()) } else { body::json(&body) };
                match options {
                    Ok(options) => answer(clusters::join_token::create(state, caller, &found.0, options).await),
                    Err(error) => Refusal::from(error).into_response(),
                }
            }),
        ),
        Endpoint::new(
            "GET",
            format!("{JOIN}{{id}}"),
            Action::Get,
            Subject::Public,
            doc("joinManifest", "The manifest with which an imported cluster joins; the join token in the address is the credential")
                .answers(Says::Text),
            get(|State(state): State<ServerState>, Path(token): Path<String>| async move {
                answer(clusters::join_manifest::manifest(state, token).await)
            }),
        ),
        Endpoint::new(
            "GET",
            path("kubeconfig"),
            Action::Kubeconfig,
            subject,
            doc("kubeconfig", "A kubeconfig for the cluster, with a new token of the caller's, which ends")
                .query(&[(
                    "expirationSeconds",
                    "How long it is good, 604800 at most (7 days); 43200 unless said (12 hours)",
                )])
                .answers(Says::Text),
            get(
                |State(state): State<ServerState>,
                 caller: Caller,
                 Path(name): Path<String>,
                 Params(query): Params<KubeconfigQuery>| async move {
                    answer(clusters::kubeconfig::kubeconfig(state, caller, name, query).await)
                },
            ),
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
