//! Killed at any moment, the store opens again with exactly what it had promised.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod support;

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use nagaya_api::User;
use nagaya_store::{Filter, Store};
use support::{now, user, writer};

const DIR: &str = "NAGAYA_TEST_STORE";

/// Not a test by itself: what the child process of the next one does.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn child_writes_until_it_is_killed() {
    let Ok(dir) = std::env::var(DIR) else { return };
    let store = Store::open(dir, now()).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for writer_number in 0..4 {
        let store = store.clone();
        tasks.spawn(async move {
            for step in 0.. {
                let name = format!("u{writer_number}-{step}");
                store.create(writer(), user(&name)).await.unwrap();
                println!("promised {name}");
            }
        });
    }
    tasks.join_all().await;
}

#[tokio::test]
async fn what_was_promised_before_a_kill_is_there_after_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut promised = Vec::new();
    for _round in 0..3 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_writes_until_it_is_killed", "--nocapture"])
            .env(DIR, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let before = promised.len();
        for line in lines.map_while(Result::ok) {
            // The test harness writes to the same stream.
            if let Some((_, name)) = line.split_once("promised ") {
                promised.push(name.to_owned());
            }
            if promised.len() == before + 40 {
                child.kill().unwrap(); // SIGKILL, with writes under way
            }
        }
        child.wait().unwrap();
        let store = Store::open(dir.path(), now()).await.unwrap();
        let list = store.list::<User>(&Filter::default()).await.unwrap();
        for name in &promised {
            assert!(
                list.items.iter().any(|user| user.metadata.name == *name),
                "{name} was promised and is gone"
            );
        }
        // One event an object, no hole: revision and event stand or fall together.
        assert_eq!(store.revision(), list.items.len() as u64);
        // The next round needs fresh names.
        for user in list.items {
            store.delete::<User>(writer(), &user.metadata.name).await.unwrap();
        }
        promised.clear();
        store.close().await;
        drop(store);
        std::fs::remove_file(dir.path().join("store.db")).unwrap();
    }
}
