//! From the table of routes to a service.

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use nagaya_api::ApiError;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{ServerState, answer::Refusal, authorisation, console, endpoints, routes};

/// What the console's pages may load and do (CSP Level 3): their own scripts and connections, nothing else; no page
/// frames them. Styles may be inline: the component library sets style attributes.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// An answer of the API is never a page.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// The whole service.
pub fn router(state: &ServerState) -> Router {
    let mut router = Router::new();
    for endpoint in endpoints() {
        let (guard, shared) = (endpoint.guard, state.clone());
        let layer = middleware::from_fn(move |request: Request, next: Next| {
            authorisation::guard(shared.clone(), guard, request, next)
        });
        let handler = if endpoint.method == "ANY" {
            endpoint.handler.layer(layer)
        } else {
            // Only what the method matches: an unknown method is 405 without asking who wants it.
            endpoint.handler.route_layer(layer)
        };
        router = router.route(&endpoint.path, handler);
    }
    router
        .fallback(fallback)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(headers))
        .layer(CatchPanicLayer::custom(|panic: Box<dyn std::any::Any + Send>| {
            let what = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let what = what.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            tracing::error!(panic = what, "a handler panicked");
            Refusal::from(ApiError::internal("something went wrong here: the server's log says what"))
                .into_response()
        }))
        .layer(middleware::from_fn_with_state(state.clone(), trace))
        .with_state(state.clone())
}

async fn fallback(request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") || path == "/api" {
        let error = ApiError::new(404, "NotFound", format!("there is nothing at {path}: see /openapi.json"));
        return Refusal::from(error).into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return method_not_allowed(request).await;
    }
    console::answer(path, request.headers())
}

async fn method_not_allowed(request: Request) -> Response {
    let message = format!("{} is no method of {}: see /openapi.json", request.method(), request.uri().path());
    Refusal::from(ApiError::new(405, "MethodNotAllowed", message)).into_response()
}

/// Headers that every answer carries.
async fn headers(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let api = path.starts_with(routes::API);
    let proxied = api && path.contains("/kubernetes");
    let mut response = next.run(request).await;
    let page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let headers = response.headers_mut();
    let policy = if !api && page { PAGE_POLICY } else { DATA_POLICY };
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if api && !proxied {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// The path as it may stand in a log: a join token in it is a credential.
fn shown(path: &str) -> &str {
    if path.starts_with(routes::JOIN) { routes::JOIN } else { path }
}

/// One span and one line a request.
async fn trace(State(state): State<ServerState>, mut request: Request, next: Next) -> Response {
    use tracing::Instrument;
    // HTTP/2 says the host in the address (RFC 9113, 8.3.1); everything here looks for it in one place.
    if let Some(host) = request.uri().authority().and_then(|host| HeaderValue::from_str(host.as_str()).ok()) {
        request.headers_mut().insert(header::HOST, host);
    }
    let id = uuid::Uuid::new_v4().simple().to_string();
    // The query may hold what somebody typed; the path holds names only.
    let span =
        tracing::info_span!("request", id, method = %request.method(), path = shown(request.uri().path()));
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    async move {
        let began = std::time::Instant::now();
        let mut response = next.run(request).await;
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
        }
        let (status, took) = (response.status().as_u16(), began.elapsed());
        state.requests.note(route.as_ref().map(MatchedPath::as_str), &method, status, took);
        tracing::debug!(status, seconds = took.as_secs_f64(), "answered");
        response
    }
    .instrument(span)
    .await
}
