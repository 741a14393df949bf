//! Logging in, sessions, tokens, passwords.

use std::sync::atomic::{AtomicI64, Ordering};

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use jiff::{SignedDuration, Timestamp};
use nagaya_server::first_admin;
use serde_json::{Value, json};

use crate::support::{API, Answer, World, now, url};

const ORIGIN: &str = "http://localhost:8080";

static LATER: AtomicI64 = AtomicI64::new(0);

/// A clock that one test moves; each test is a process of its own under nextest.
fn clock() -> Timestamp {
    now() + SignedDuration::from_secs(LATER.load(Ordering::SeqCst))
}

struct Browser<'a> {
    world: &'a World,
    cookie: String,
}

impl<'a> Browser<'a> {
    async fn login(world: &'a World, user: &str, password: &str) -> (Self, Answer) {
        let request = Request::post(format!("{API}/login"))
            .header("host", "localhost:8080")
            .header("origin", ORIGIN)
            .body(Body::from(json!({"user": user, "password": password}).to_string()))
            .unwrap();
        let answer = world.raw(request).await;
        let cookie = answer.headers.get("set-cookie").map(|value| value.to_str().unwrap().to_owned());
        (Self { world, cookie: cookie.unwrap_or_default() }, answer)
    }

    async fn send(&self, method: &str, path: &str, origin: Option<&str>, body: Value) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(url(path))
            .header("host", "localhost:8080")
            .header("cookie", format!("theme=dark; {}", self.cookie.split(';').next().unwrap()));
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        self.world.raw(request.body(Body::from(body.to_string())).unwrap()).await
    }
}

async fn world() -> (World, String) {
    let world = World::open(tempfile::tempdir().unwrap(), clock).await;
    let admin = first_admin(&world.state).await.unwrap().unwrap();
    (world, admin.password)
}

#[tokio::test]
async fn the_first_administrator_is_made_once_and_gets_in() {
    let (world, password) = world().await;
    assert!(first_admin(&world.state).await.unwrap().is_none());
    let (browser, answer) = Browser::login(&world, "admin", &password).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    insta::assert_json_snapshot!("me", answer.body);
    let (name, rest) = browser.cookie.split_once('=').unwrap();
    assert_eq!(name, "__Host-nagaya-session");
    assert!(rest.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=604800"), "{rest}");
    assert_eq!(browser.send("GET", "me", None, Value::Null).await.body["name"], "admin");
    let out = browser.send("POST", "logout", Some(ORIGIN), json!({})).await;
    assert!(out.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(browser.send("GET", "me", None, Value::Null).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn wrong_passwords_unknown_users_and_closed_accounts_sound_alike_and_slow_down() {
    let (world, password) = world().await;
    let (_, wrong) = Browser::login(&world, "admin", "wrong").await;
    let (_, unknown) = Browser::login(&world, "nobody", &password).await;
    let (_, odd) = Browser::login(&world, "No Name!", &password).await;
    assert_eq!((wrong.status, &wrong.body), (StatusCode::UNAUTHORIZED, &unknown.body));
    assert_eq!(wrong.body, odd.body);
    for _ in 0..3 {
        Browser::login(&world, "admin", "wrong").await;
    }
    let (_, slow) = Browser::login(&world, "admin", &password).await;
    assert_eq!(
        (slow.status, &slow.headers["retry-after"]),
        (StatusCode::TOO_MANY_REQUESTS, &"2".parse().unwrap())
    );
    LATER.fetch_add(2, Ordering::SeqCst);
    let (_, in_time) = Browser::login(&world, "admin", &password).await;
    assert_eq!(in_time.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_changes_things_only_from_the_consoles_own_pages() {
    let (world, password) = world().await;
    let (browser, _) = Browser::login(&world, "admin", &password).await;
    let body = || json!({"metadata": {"name": "new"}, "spec": {}});
    for origin in [None, Some("http://ws.localhost:8080"), Some("http://localhost:3000"), Some("null")] {
        let answer = browser.send("POST", "users", origin, body()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin:?}");
    }
    assert_eq!(browser.send("POST", "users", Some(ORIGIN), body()).await.status, StatusCode::CREATED);
    // A WebSocket is a GET, and its answers could be read by any page.
    let socket = |origin: &str| {
        Request::get(format!("{API}/me"))
            .header("host", "localhost:8080")
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("origin", origin.to_owned())
            .header("cookie", browser.cookie.clone())
            .body(Body::empty())
            .unwrap()
    };
    assert_eq!(world.raw(socket("http://ws.localhost:8080")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.raw(socket(ORIGIN)).await.status, StatusCode::OK);
    let foreign = Request::post(format!("{API}/login"))
        .header("host", "localhost:8080")
        .header("origin", "http://evil.example")
        .body(Body::from(json!({"user": "admin", "password": password}).to_string()))
        .unwrap();
    assert_eq!(
        world.raw(foreign).await.status,
        StatusCode::FORBIDDEN,
        "nobody is logged in by a foreign page"
    );
}

#[tokio::test]
async fn over_http2_the_host_is_in_the_address() {
    let (world, password) = world().await;
    let login = |origin: &str| {
        Request::post(format!("https://127.0.0.1:8443{API}/login"))
            .header("origin", origin.to_owned())
            .body(Body::from(json!({"user": "admin", "password": password}).to_string()))
            .unwrap()
    };
    assert_eq!(world.raw(login("https://127.0.0.1:8443")).await.status, StatusCode::OK);
    assert_eq!(world.raw(login("https://127.0.0.1:9443")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_session_ends_when_idle_and_in_any_case_after_its_life() {
    let (world, password) = world().await;
    let (browser, _) = Browser::login(&world, "admin", &password).await;
    let me = async || browser.send("GET", "me", None, Value::Null).await.status;
    LATER.fetch_add(11 * 3600, Ordering::SeqCst);
    assert_eq!(me().await, StatusCode::OK);
    LATER.fetch_add(13 * 3600, Ordering::SeqCst);
    assert_eq!(me().await, StatusCode::UNAUTHORIZED);
    let (browser, _) = Browser::login(&world, "admin", &password).await;
    for _ in 0..15 {
        assert_eq!(browser.send("GET", "me", None, Value::Null).await.status, StatusCode::OK);
        LATER.fetch_add(11 * 3600, Ordering::SeqCst);
    }
    LATER.fetch_add(4 * 3600, Ordering::SeqCst);
    assert_eq!(browser.send("GET", "me", None, Value::Null).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_is_shown_once_and_ends_when_its_owner_says() {
    let (world, password) = world().await;
    let (browser, _) = Browser::login(&world, "admin", &password).await;
    let made = browser.send("POST", "tokens", Some(ORIGIN), json!({"name": "ci"})).await;
    let secret = made.body["token"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("nagaya_"));
    assert_eq!(world.get("me", &secret).await.body["name"], "admin");
    let list = world.get("tokens", &secret).await;
    assert!(!list.text.contains(&secret) && list.body["items"][0]["name"] == "ci");
    // A cookie is no token, a token no cookie.
    let cookie = browser.cookie.split(['=', ';']).nth(1).unwrap();
    assert_eq!(world.get("me", cookie).await.status, StatusCode::UNAUTHORIZED);
    let id = list.body["items"][0]["id"].as_str().unwrap();
    assert_eq!(
        world.send("DELETE", &format!("tokens/{id}"), &secret, Value::Null).await.status,
        StatusCode::OK
    );
    assert_eq!(world.get("me", &secret).await.status, StatusCode::UNAUTHORIZED);
    let past = browser
        .send("POST", "tokens", Some(ORIGIN), json!({"name": "", "expiresAt": "2020-01-01T00:00:00Z"}))
        .await;
    insta::assert_json_snapshot!("bad_token", past.body);
}

#[tokio::test]
async fn a_kubeconfig_says_until_when_it_is_good_and_afterwards_how_to_get_another() {
    let (world, _) = world().await;
    let admin = world.token("admin").await;
    let cluster = json!({"metadata": {"name": "java"}, "spec": {"local": {"cpu": "1", "memory": "2Gi"}}});
    assert_eq!(world.send("POST", "clusters", &admin, cluster).await.status, StatusCode::CREATED);
    let made = world.get("clusters/java/kubeconfig", &admin).await;
    let (comment, config) = made.text.split_once('\n').unwrap();
    assert_eq!(
        comment,
        "# cluster java as admin until 2026-01-01T12:00:00Z; then get another: nagaya kubeconfig java"
    );
    let config: Value = serde_json::from_str(config).unwrap();
    let secret = config["users"][0]["user"]["token"].as_str().unwrap();
    let pods = "clusters/java/kubernetes/api/v1/pods";
    assert_eq!(world.get(pods, secret).await.status, StatusCode::SERVICE_UNAVAILABLE, "no agent is there");
    LATER.fetch_add(12 * 3600, Ordering::SeqCst);
    let over = world.get(pods, secret).await;
    assert_eq!((over.status, &over.body["kind"]), (StatusCode::UNAUTHORIZED, &json!("Status")));
    let message = over.body["message"].as_str().unwrap();
    assert!(
        message.contains("nagaya kubeconfig java") && message.contains("2026-01-01T12:00:00Z"),
        "{message}"
    );
    let listed = world.get("tokens", &admin).await;
    assert!(!listed.text.contains("kubeconfig java"), "{}", listed.text);
}

#[tokio::test]
async fn a_kubeconfig_is_good_as_long_as_asked_and_a_week_at_most() {
    let (world, _) = world().await;
    let admin = world.token("admin").await;
    let cluster = json!({"metadata": {"name": "java"}, "spec": {"local": {"cpu": "1", "memory": "2Gi"}}});
    world.send("POST", "clusters", &admin, cluster).await;
    let ask = async |seconds: &str| {
        world.get(&format!("clusters/java/kubeconfig?expirationSeconds={seconds}"), &admin).await
    };
    let brief = ask("60").await;
    assert!(brief.text.contains("until 2026-01-01T00:01:00Z"), "{}", brief.text);
    assert!(ask("604800").await.text.contains("until 2026-01-08T00:00:00Z"));
    for wrong in ["604801", "59", "0", "-1"] {
        let refused = ask(wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert_eq!(refused.body["details"]["causes"][0]["field"], "expirationSeconds");
    }
    assert_eq!(ask("8h").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let (world, password) = world().await;
    let (here, _) = Browser::login(&world, "admin", &password).await;
    let (there, _) = Browser::login(&world, "admin", &password).await;
    let short = here.send("POST", "users/admin/password", Some(ORIGIN), json!({"password": "short"})).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = json!({"password": "long enough now", "current": "not it"});
    assert_eq!(here.send("POST", "users/admin/password", Some(ORIGIN), wrong).await.status, 422);
    let good = json!({"password": "long enough now", "current": password});
    assert_eq!(here.send("POST", "users/admin/password", Some(ORIGIN), good).await.status, StatusCode::OK);
    assert_eq!(here.send("GET", "me", None, Value::Null).await.status, StatusCode::OK);
    assert_eq!(there.send("GET", "me", None, Value::Null).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(Browser::login(&world, "admin", &password).await.1.status, StatusCode::UNAUTHORIZED);
    assert_eq!(Browser::login(&world, "admin", "long enough now").await.1.status, StatusCode::OK);
}

/// dev-01, whose password the administrator set.
async fn dev_01_with_a_known_password(world: &World, password: &str, body: Value) -> Answer {
    let (admin, _) = Browser::login(world, "admin", password).await;
    admin.send("POST", "users", Some(ORIGIN), json!({"metadata": {"name": "dev-01"}})).await;
    admin.send("POST", "users/dev-01/password", Some(ORIGIN), body).await
}

#[tokio::test]
async fn whose_password_somebody_else_knows_may_only_choose_another() {
    let (world, password) = world().await;
    dev_01_with_a_known_password(&world, &password, json!({"password": "correct horse"})).await;
    let token = world.token("dev-01").await;
    let (dev_01, _) = Browser::login(&world, "dev-01", "correct horse").await;
    let refused = dev_01.send("GET", "workspaces", None, Value::Null).await;
    assert_eq!(
        (refused.status, &refused.body["reason"]),
        (StatusCode::FORBIDDEN, &json!("MustChangePassword"))
    );
    assert!(refused.body["message"].as_str().unwrap().contains("nagaya login"), "{}", refused.text);
    let made = dev_01.send("POST", "tokens", Some(ORIGIN), json!({"name": "for later"})).await;
    assert_eq!((made.status, &made.body["reason"]), (StatusCode::FORBIDDEN, &json!("MustChangePassword")));
    assert_eq!(dev_01.send("GET", "me", None, Value::Null).await.body["mustChangePassword"], true);
    // A token was made by herself, before.
    assert_eq!(world.get("workspaces", &token).await.status, StatusCode::OK);

    let set = async |password: &str| {
        let body = json!({"password": password, "current": "correct horse"});
        dev_01.send("POST", "users/dev-01/password", Some(ORIGIN), body).await
    };
    let same = set("correct horse").await;
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", same.text);
    assert_eq!(same.body["details"]["causes"][0]["field"], "password");
    assert_eq!(set("battery staple").await.status, StatusCode::OK);
    assert_eq!(dev_01.send("GET", "workspaces", None, Value::Null).await.status, StatusCode::OK);
    assert_eq!(dev_01.send("GET", "me", None, Value::Null).await.body["mustChangePassword"], false);
}

#[tokio::test]
async fn whoever_sets_a_password_may_leave_it_to_the_user() {
    let (world, password) = world().await;
    let body = json!({"password": "correct horse", "mustChange": false});
    dev_01_with_a_known_password(&world, &password, body).await;
    let (dev_01, _) = Browser::login(&world, "dev-01", "correct horse").await;
    assert_eq!(dev_01.send("GET", "workspaces", None, Value::Null).await.status, StatusCode::OK);
    // One's own is never to be changed: one could be locked out of nothing but that.
    let own = json!({"password": "battery staple", "mustChange": true});
    assert_eq!(dev_01.send("POST", "users/dev-01/password", Some(ORIGIN), own).await.status, StatusCode::OK);
    assert_eq!(dev_01.send("GET", "workspaces", None, Value::Null).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_closed_account_is_out_at_once() {
    let (world, password) = world().await;
    let (admin, _) = Browser::login(&world, "admin", &password).await;
    admin.send("POST", "users", Some(ORIGIN), json!({"metadata": {"name": "dev-01"}, "spec": {}})).await;
    admin.send("POST", "users/dev-01/password", Some(ORIGIN), json!({"password": "correct horse"})).await;
    let shown = admin.send("GET", "users/dev-01", None, Value::Null).await;
    assert_eq!(shown.body["status"]["hasPassword"], true);
    let (dev_01, hello) = Browser::login(&world, "dev-01", "correct horse").await;
    assert_eq!(hello.body["mustChangePassword"], true, "somebody else knows it");
    let token = world.token("dev-01").await;
    let user = json!({"kind": "User", "metadata": shown.body["metadata"], "spec": {"disabled": true}});
    let closed = admin.send("PUT", "users/dev-01", Some(ORIGIN), user).await;
    assert_eq!(closed.status, StatusCode::OK, "{}", closed.body);
    assert_eq!(dev_01.send("GET", "me", None, Value::Null).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.get("me", &token).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(Browser::login(&world, "dev-01", "correct horse").await.1.status, StatusCode::UNAUTHORIZED);
}
