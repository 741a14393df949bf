#![allow(clippy::unwrap_used)]
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use axum::{
    Router,
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use nagaya_helm::source::Repository;

use super::*;

/// A server on this machine that counts who asks.
async fn listen(
    answer: impl Fn(&str) -> Response + Clone + Send + Sync + 'static,
) -> (SocketAddr, Arc<AtomicU32>) {
    // As the program does at its start.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicU32::new(0));
    let count = asked.clone();
    let app = Router::new().fallback(move |request: Request| {
        count.fetch_add(1, Ordering::SeqCst);
        let answer = answer(request.uri().path());
        async move { answer }
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    (address, asked)
}

async fn versions(registry: SocketAddr) -> (Result<Vec<String>, String>, Option<String>) {
    let url = format!("oci://{registry}/charts");
    let door = Door::open(&url).await.unwrap();
    let repository = Repository::new(&url, None, None).through(door.url());
    (repository.versions("web").await.map_err(|error| error.to_string()), door.refused())
}

fn tags() -> Response {
    axum::Json(serde_json::json!({"name": "charts/web", "tags": ["1.0.0", "1.1.0"]})).into_response()
}

#[tokio::test]
async fn a_registry_that_an_administrator_named_is_reached_wherever_it_is() {
    let (registry, asked) = listen(|_| tags()).await;
    let (found, refused) = versions(registry).await;
    assert_eq!((found.unwrap(), refused), (vec!["1.1.0".to_owned(), "1.0.0".to_owned()], None));
    assert!(asked.load(Ordering::SeqCst) > 0);
}

#[tokio::test]
async fn a_redirect_or_a_place_for_tokens_leads_to_nothing_that_only_this_server_reaches() {
    for scheme in ["http", "https"] {
        let (inner, asked) = listen(|_| tags()).await;
        let led = format!("{scheme}://127.0.0.1:{}/token", inner.port());
        let realm = format!("Bearer realm=\"{led}\",service=\"r\"");
        let redirected = {
            let led = led.clone();
            move |path: &str| match path {
                "/v2/" => StatusCode::OK.into_response(),
                _ => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, led.clone())]).into_response(),
            }
        };
        let tokens = move |_: &str| {
            (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, realm.clone())]).into_response()
        };
        for registry in [listen(redirected).await.0, listen(tokens).await.0] {
            let (found, refused) = versions(registry).await;
            assert!(found.is_err(), "{found:?}");
            let refused = refused.unwrap();
            assert!(refused.contains(&format!("127.0.0.1:{}", inner.port())), "{refused}");
        }
        assert_eq!(asked.load(Ordering::SeqCst), 0, "nobody got there");
    }
}

#[tokio::test]
async fn nobody_else_goes_through() {
    let (registry, asked) = listen(|_| tags()).await;
    let door = Door::open(&format!("oci://{registry}/charts")).await.unwrap();
    let at = door.url().rsplit('@').next().unwrap();
    for proxy in [format!("http://{at}"), format!("http://nagaya:guess@{at}")] {
        let client = reqwest::Client::builder().proxy(reqwest::Proxy::http(&proxy).unwrap()).build().unwrap();
        let answer = client.get(format!("http://{registry}/v2/")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::PROXY_AUTHENTICATION_REQUIRED);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}
