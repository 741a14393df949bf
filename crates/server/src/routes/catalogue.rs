//! Charts, and the own verbs of repositories and releases.

use axum::{
    extract::{Path, State},
    routing::{get, post, put},
};
use nagaya_api::{
    Kind,
    catalogue::{
        ChartDetail, ChartList, ChartVersions, Preview, PreviewRequest, ReleaseValues, RepositorySecret,
        RollbackRequest, SecretValues,
    },
};

use super::{API, Endpoint, answer};
use crate::{
    ServerState,
    authorisation::{Action, Caller, Found, Subject},
    controllers::{
        charts::{self, list::ChartsQuery},
        objects::write::Write,
        releases::{self, values::ValuesQuery},
        repositories,
    },
    extract::{Params, Whole},
    openapi::{Doc, Says},
};

pub(super) fn endpoints() -> Vec<Endpoint> {
    charts().into_iter().chain(repositories()).chain(releases()).collect()
}

fn charts() -> Vec<Endpoint> {
    let one = format!("{API}/charts/{{name}}/{{chart}}");
    let subject = Subject::Object(Kind::Repository);
    let doc = |id, summary| Doc::new("charts", id, summary);
    vec![
        Endpoint::new(
            "GET",
            format!("{API}/charts"),
            Action::List,
            Subject::Collection,
            doc("listCharts", "Charts that the caller may install")
                .query(&[
                    ("search", "Only charts whose name, description or keywords hold these words"),
                    ("repository", "Only charts of this repository"),
                ])
                .answers(Says::of::<ChartList>()),
            get(
                |State(state): State<ServerState>, caller: Caller, Params(query): Params<ChartsQuery>| async move {
                    answer(charts::list::list(state, caller, query).await)
                },
            ),
        ),
        Endpoint::new(
            "GET",
            &one,
            Action::Get,
            subject,
            doc("versionsOfChart", "The versions of a chart; `name` is its repository")
                .answers(Says::of::<ChartVersions>()),
            get(
                |State(state): State<ServerState>,
                 caller: Caller,
                 found: Found,
                 Path((_, chart)): Path<(String, String)>| async move {
                    answer(charts::list::of_chart(state, caller, found, chart).await)
                },
            ),
        ),
        Endpoint::new(
            "GET",
            format!("{one}/icon"),
            Action::Get,
            subject,
            doc("iconOfChart", "The icon of a chart").answers(Says::Image),
            get(
                |State(state): State<ServerState>,
                 caller: Caller,
                 found: Found,
                 Path((_, chart)): Path<(String, String)>| async move {
                    answer(charts::icon::icon(state, caller, found, chart).await)
                },
            ),
        ),
        Endpoint::new(
            "GET",
            format!("{one}/{{version}}"),
            Action::Get,
            subject,
            doc("getChart", "A chart of one version, looked into; `latest` is the newest")
                .answers(Says::of::<ChartDetail>()),
            get(
                |State(state): State<ServerState>,
                 caller: Caller,
                 found: Found,
                 Path((_, chart, version)): Path<(String, String, String)>| async move {
                    answer(charts::detail::detail(state, caller, found, chart, version).await)
                },
            ),
        ),
    ]
}

fn repositories() -> Vec<Endpoint> {
    let kind = Kind::Repository;
    let path = |verb: &str| format!("{API}/repositories/{{name}}/{verb}");
    let subject = Subject::Object(kind);
    vec![
        Endpoint::new(
            "POST",
            path("refresh"),
            Action::Refresh,
            subject,
            Doc::of(kind, "refresh", "Reads its index now; what went wrong is in the status")
                .answers(Says::Object(kind)),
            post(|State(state): State<ServerState>, Path(name): Path<String>| async move {
                answer(repositories::refresh(state, name).await)
            }),
        ),
        Endpoint::new(
            "PUT",
            path("secret"),
            Action::RepositorySecret,
            subject,
            Doc::of(kind, "secret", "Seals the user and password for its server")
                .takes(Says::of::<RepositorySecret>()),
            put(
                |State(state): State<ServerState>, caller: Caller, found: Found, Whole(body): Whole| async move {
                    answer(repositories::secret(state, caller, found, body).await)
                },
            ),
        ),
    ]
}

fn releases() -> Vec<Endpoint> {
    let kind = Kind::Release;
    let path = |verb: &str| format!("{API}/releases/{{name}}/{verb}");
    let subject = Subject::Object(kind);
    let doc = |verb, summary| Doc::of(kind, verb, summary);
    vec![
        Endpoint::new(
            "POST",
            path("preview"),
            Action::Create,
            Subject::Draft(kind),
            doc("preview", "What a release would be; it need not exist, and nothing is changed")
                .takes(Says::of::<PreviewRequest>())
                .answers(Says::of::<Preview>()),
            post(
                |State(state): State<ServerState>,
                 caller: Caller,
                 Path(name): Path<String>,
                 Whole(body): Whole| async move {
                    answer(releases::preview::preview(state, caller, name, body).await)
                },
            ),
        ),
        Endpoint::new(
            "POST",
            path("rollback"),
            Action::Rollback,
            subject,
            doc("rollback", "Brings an earlier version back")
                .takes(Says::of::<RollbackRequest>())
                .answers(Says::Object(kind)),
            post(
                |State(state): State<ServerState>,
                 caller: Caller,
                 Path(name): Path<String>,
                 Whole(body): Whole| async move {
                    answer(releases::rollback::rollback(Write::plain(&state, &caller), name, body).await)
                },
            ),
        ),
        Endpoint::new(
            "POST",
            path("retry"),
            Action::Retry,
            subject,
            doc("retry", "Has what failed tried again").answers(Says::Object(kind)),
            post(|State(state): State<ServerState>, caller: Caller, Path(name): Path<String>| async move {
                answer(releases::retry(Write::plain(&state, &caller), name).await)
            }),
        ),
        Endpoint::new(
            "POST",
            path("test"),
            Action::Test,
            subject,
            doc("test", "Has the chart's tests run; how they went is in the status")
                .answers(Says::Object(kind)),
            post(|State(state): State<ServerState>, caller: Caller, Path(name): Path<String>| async move {
                answer(releases::test(Write::plain(&state, &caller), name).await)
            }),
        ),
        Endpoint::new(
            "PUT",
            path("secrets"),
            Action::ReleaseSecret,
            subject,
            doc("secrets", "Seals values, by name; an empty one is forgotten")
                .takes(Says::of::<SecretValues>()),
            put(
                |State(state): State<ServerState>,
                 caller: Caller,
                 Path(name): Path<String>,
                 Whole(body): Whole| async move {
                    answer(releases::secrets::secrets(Write::plain(&state, &caller), name, body).await)
                },
            ),
        ),
        Endpoint::new(
            "GET",
            path("values"),
            Action::Get,
            subject,
            doc("values", "The values of a release and where they come from; sealed ones are masked")
                .query(&[
                    ("cluster", "For this cluster; none: the first"),
                    ("all", "true to have the chart's own beneath"),
                ])
                .answers(Says::of::<ReleaseValues>()),
            get(
                |State(state): State<ServerState>, found: Found, Params(query): Params<ValuesQuery>| async move {
                    answer(releases::values::values(state, found, query).await)
                },
            ),
        ),
    ]
}
