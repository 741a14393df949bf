#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, dead_code)]

use jiff::Timestamp;
use nagaya_api::{User, kinds::user::UserSpec};
use nagaya_store::{Store, StoreConfig, Writer};

pub fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

pub fn writer() -> Writer {
    Writer::user("tester", "test", now())
}

pub fn user(name: &str) -> User {
    User::new(name, UserSpec::default())
}

pub async fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), now()).await.unwrap();
    (dir, store)
}

pub async fn small_store(keep_events: u64) -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let config = StoreConfig { keep_events, ..StoreConfig::new(dir.path()) };
    let store = Store::open_with(config, now()).await.unwrap();
    (dir, store)
}
