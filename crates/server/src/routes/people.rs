//! Sessions, tokens, passwords.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    routing::{delete, get, post},
};
use nagaya_api::Kind;

use super::{API, Endpoint, answer};
use crate::{
    ServerState,
    authorisation::{Action, Caller, Subject},
    controllers::{
        me,
        session::{self, login::Login},
        tokens, users,
    },
    extract::{Peer, Whole},
    openapi::{Doc, Says},
};

pub(super) fn endpoints() -> Vec<Endpoint> {
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
        )
        .mends_password(),
        Endpoint::new(
            "GET",
            path("me"),
            Action::Use,
            Subject::Oneself,
            doc("me", "Shows who is logged in").answers(Says::of::<me::Me>()),
            get(|State(state): State<ServerState>, caller: Caller| async move {
                answer(me::me(state, caller).await)
            }),
        )
        .mends_password(),
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
        )
        .mends_password(),
    ]
}
