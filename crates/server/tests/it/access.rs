//! The access matrix: every declared endpoint × every role × own and other team.
//!
//! `access.txt` holds one row an endpoint. An endpoint without a row, or a row without an endpoint, fails.

use std::{collections::BTreeMap, fmt::Write};

use crate::support::{
    World, bundle, copy, group, image, now, release, repository, source, template, workspace,
};
use axum::http::StatusCode;
use nagaya_api::Kind;
use nagaya_server::{Endpoint, access::Subject, endpoints};
use serde_json::{Value, json};

const ACTORS: [&str; 7] = ["root", "lead", "dev-05", "dev-03", "closed", "", "known"];

/// The object of a kind in a team. Of users and workspaces, java's is dev-05's; but known's user is known.
fn name(kind: Kind, team: &str, actor: &str) -> String {
    match kind {
        Kind::Cluster => format!("c-{team}"),
        Kind::Team => team.to_owned(),
        Kind::User => match (team, actor) {
            ("java", "known") => "known",
            ("java", _) => "dev-05",
            _ => "dev-04",
        }
        .to_owned(),
        Kind::Image => format!("i-{team}"),
        Kind::Template => format!("t-{team}"),
        Kind::Workspace => format!("w-{team}"),
        Kind::Group => format!("g-{team}"),
        Kind::Bundle => format!("b-{team}"),
        Kind::BundleVersion => format!("b-{team}-v1"),
        Kind::Source => format!("s-{team}"),
        Kind::Repository => format!("r-{team}"),
        Kind::Release => format!("rel-{team}"),
        Kind::ReleaseVersion => format!("rel-{team}-v1"),
    }
}

/// A new object of a kind in a team, as the actor would make it for themselves.
fn proposal(kind: Kind, team: &str, actor: &str) -> Value {
    let new = "fresh";
    match kind {
        Kind::Cluster => json!({"metadata": {"name": new}, "spec": {"local": {"cpu": "1", "memory": "2Gi"}}}),
        Kind::Team => json!({"metadata": {"name": new}, "spec": {"cluster": format!("c-{team}")}}),
        Kind::User => json!({"metadata": {"name": new}, "spec": {}}),
        Kind::Image => image(new, Some(team)),
        Kind::Template => template(new, Some(team), "i-all"),
        Kind::Workspace => workspace(new, actor, team, "t-all"),
        Kind::Group => group(new, ""),
        Kind::Bundle => bundle(new, &format!("g-{team}")),
        Kind::Source => source(new),
        Kind::Repository => repository(new, team),
        Kind::Release => release(new, team),
        Kind::ReleaseVersion => {
            json!({"metadata": {"name": new}, "spec": {"release": "r", "uid": "u", "version": 1, "generation": 1, "team": team, "chart": {"digest": "0".repeat(64)}}})
        }
        Kind::BundleVersion => {
            json!({"metadata": {"name": new}, "spec": {"bundle": "b", "uid": "u", "version": 1, "generation": 1, "objects": []}})
        }
    }
}

fn request(endpoint: &Endpoint, team: &str, actor: &str) -> (String, Value) {
    let (path, body) = match endpoint.guard.subject {
        Subject::Object(kind) | Subject::ObjectOrProposal(kind) => {
            (endpoint.path.replace("{name}", &name(kind, team, actor)), json!({"password": "long enough"}))
        }
        Subject::Draft(kind) => {
            let draft = proposal(kind, team, actor);
            (endpoint.path.replace("{name}", "fresh"), json!({"spec": draft["spec"]}))
        }
        Subject::Proposal(kind) => (endpoint.path.clone(), proposal(kind, team, actor)),
        _ => (endpoint.path.clone(), json!({})),
    };
    let body = match endpoint.method {
        "GET" | "DELETE" | "ANY" => Value::Null,
        "PATCH" => json!({}),
        _ => body,
    };
    // A watch answers without end.
    let path = path.replace("{chart}", "web").replace("{version}", "1.0.0");
    let path = path.replace("{id}", "none").replace("{*path}", "api/v1/pods");
    if path.ends_with("/watch") { (format!("{path}?resourceVersion=999999999"), body) } else { (path, body) }
}

/// Worlds as they were seeded, made anew only once a request may have changed one.
struct Worlds<'a> {
    seed: &'a std::path::Path,
    fresh: Option<World>,
}

async fn allowed(worlds: &mut Worlds<'_>, endpoint: &Endpoint, team: &str, actor: &str) -> bool {
    let world = match worlds.fresh.take() {
        Some(world) => world,
        None => World::open(copy(worlds.seed), now).await,
    };
    let (path, body) = request(endpoint, team, actor);
    let method = if endpoint.method == "ANY" { "GET" } else { endpoint.method };
    let answer = match actor {
        "" => world.send(method, &path, "", body).await,
        "known" => world.send_from_page(method, &path, actor, body).await,
        _ => world.send(method, &path, &world.token(actor).await, body).await,
    };
    let refused =
        [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&answer.status);
    // Not found may also be said of what was asked for, once inside.
    let inside = endpoint.path == "/ca.crt"
        || endpoint.path.ends_with("tokens/{id}")
        || endpoint.path.ends_with("join/{id}");
    let allowed = !refused || inside && answer.status == StatusCode::NOT_FOUND;
    if !allowed || method == "GET" {
        worlds.fresh = Some(world);
    }
    allowed
}

fn expected() -> BTreeMap<String, String> {
    let rows = include_str!("access.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.map(|line| {
        let mut words = line.split_whitespace();
        let key = format!("{} {}", words.next().unwrap(), words.next().unwrap());
        (key, words.collect::<Vec<_>>().join(" "))
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_may_exactly_what_the_table_says() {
    let world = World::seeded().await;
    world.seed_known().await;
    world.state.store.close().await;
    let mut worlds = Worlds { seed: world.dir.path(), fresh: None };
    let mut expected = expected();
    let mut wrong = String::new();
    for endpoint in endpoints() {
        let key = format!("{} {}", endpoint.method, endpoint.path);
        let mut row = Vec::new();
        for actor in ACTORS {
            let own = allowed(&mut worlds, &endpoint, "java", actor).await;
            let other = allowed(&mut worlds, &endpoint, "python", actor).await;
            row.push(format!("{}{}", if own { '+' } else { '-' }, if other { '+' } else { '-' }));
        }
        let row = row.join(" ");
        match expected.remove(&key) {
            Some(expected) if expected == row => {}
            Some(expected) => writeln!(wrong, "{key:60} {row}   (the table says {expected})").unwrap(),
            None => writeln!(wrong, "{key:60} {row}   (is not in the table)").unwrap(),
        }
    }
    for (key, row) in expected {
        writeln!(wrong, "{key:60} {row}   (there is no such endpoint)").unwrap();
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
