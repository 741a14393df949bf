//! Headers, the console's files, what is said where nothing is.

use axum::{body::Body, http::Request};

use crate::support::World;

#[tokio::test]
async fn every_answer_tells_browsers_to_trust_nothing_else() {
    let world = World::empty().await;
    for path in ["/", "/workspaces/x", "/healthz", "/api/v1alpha1/me", "/assets/none.js"] {
        let answer = world.raw(Request::get(path).body(Body::empty()).unwrap()).await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("script-src 'self' 'unsafe"), "{path}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer", "{path}");
        if path.starts_with("/api") {
            assert_eq!(answer.headers["cache-control"], "no-store");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_in_words() {
    let world = World::empty().await;
    let asset = world.raw(Request::get("/assets/none.js").body(Body::empty()).unwrap()).await;
    assert_eq!(asset.status, 404);
    let api = world.raw(Request::get("/api/v1alpha1/none").body(Body::empty()).unwrap()).await;
    assert_eq!((api.status.as_u16(), api.body["reason"].as_str()), (404, Some("NotFound")));
    let method = world.raw(Request::delete("/api/v1alpha1/me").body(Body::empty()).unwrap()).await;
    assert_eq!((method.status.as_u16(), method.body["reason"].as_str()), (405, Some("MethodNotAllowed")));
}
