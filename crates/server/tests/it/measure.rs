//! Figures, printed on request: cargo nextest run --release -p nagaya-server measure --run-ignored only --no-capture

use std::time::Instant;

use nagaya_api::RawObject;
use nagaya_store::{StoreError, Writer};
use serde_json::json;

use crate::support::{World, now};

const WORKSPACES: usize = 1000;
const ROUNDS: usize = 200;

fn resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    status.lines().find(|line| line.starts_with("VmRSS")).unwrap().to_owned()
}

#[tokio::test]
#[ignore = "prints figures and asserts nothing"]
async fn lists_of_a_thousand_workspaces() {
    let world = World::seeded().await;
    eprintln!("two teams: {}", resident());
    let template = world.state.store.get_raw(nagaya_api::Kind::Workspace, "w-java").await.unwrap().unwrap();
    let began = Instant::now();
    world
        .state
        .store
        .write(Writer::system("test", now()), move |tx| {
            Box::pin(async move {
                let steps = ["Accepted", "Home", "Scheduled", "Started", "Ready"];
                let steps = steps.map(|name| json!({"name": name, "at": now().to_string()}));
                for number in 0..WORKSPACES {
                    let mut object: RawObject = template.clone();
                    object.metadata.name = format!("w{number:04}");
                    object.status = json!({
                        "phase": "Running", "since": now().to_string(), "outdated": false, "events": [],
                        "steps": steps,
                        "pod": {"name": "p-0", "uid": "0", "node": "n", "restarts": 0},
                    });
                    tx.create(object).await?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .await
        .unwrap();
    eprintln!("{WORKSPACES} made in {:?}", began.elapsed());
    for who in ["root", "dev-05", "lead", "dev-04"] {
        let token = world.token(who).await;
        let mut times = Vec::new();
        let mut bytes = 0;
        for _ in 0..ROUNDS {
            let began = Instant::now();
            bytes = world.get("workspaces", &token).await.text.len();
            times.push(began.elapsed());
        }
        times.sort();
        eprintln!("{who}: {bytes} bytes, p50 {:?}, p99 {:?}", times[ROUNDS / 2], times[ROUNDS * 99 / 100]);
    }
    let token = world.token("root").await;
    let mut times: Vec<_> = Vec::new();
    for round in 0..ROUNDS {
        let began = Instant::now();
        let verb = if round % 2 == 0 { "stop" } else { "start" };
        world.send("POST", &format!("workspaces/w-java/{verb}"), &token, json!({})).await;
        times.push(began.elapsed());
    }
    times.sort();
    eprintln!("a write: p50 {:?}, p99 {:?}", times[ROUNDS / 2], times[ROUNDS * 99 / 100]);
    eprintln!("after it all: {}", resident());
}
