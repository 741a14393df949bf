//! The keys that seal secrets: from a file or a command, rotated, killed while it is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod support;

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use nagaya_store::{AuditFilter, CommandLine, KeySource, Store, StoreConfig, StoreError};
use support::{now, store, writer};

const DIR: &str = "NAGAYA_TEST_SEAL";

fn line(byte: u8) -> String {
    format!("{}\n", BASE64_STANDARD.encode([byte; 32]))
}

/// A program that prints what is in a file.
fn program(file: &Path) -> KeySource {
    KeySource::Command(CommandLine::new(["cat", file.to_str().unwrap()]))
}

async fn open(dir: &Path, key: KeySource) -> Result<Store, StoreError> {
    Store::open_with(StoreConfig { key, ..StoreConfig::new(dir) }, now()).await
}

async fn reopen(store: Store, dir: &Path, key: KeySource) -> Store {
    store.close().await;
    drop(store);
    open(dir, key).await.unwrap()
}

async fn opens(store: &Store, name: &str) -> String {
    String::from_utf8(store.secret_get(name).await.unwrap().unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn a_rotation_seals_everything_anew_and_the_old_key_opens_nothing_any_more() {
    let (dir, store) = store().await;
    let file = dir.path().join("store.key");
    for name in ["one", "two", "three"] {
        store.secret_put(name, name.as_bytes(), now()).await.unwrap();
    }
    let (old, key) = (fs::read(&file).unwrap(), store.seal_status().await.unwrap().keys[0].id.clone());
    let done = store.seal_rotate(writer()).await.unwrap();
    assert_eq!((done.values, &done.before), (3, &key));
    let status = store.seal_status().await.unwrap();
    assert_eq!(status.keys.len(), 1, "the old key is not kept");
    assert_eq!((&status.keys[0].id, status.keys[0].values), (&done.key, 3));
    let record =
        store.audit_list(&AuditFilter { limit: 1, ..AuditFilter::default() }).await.unwrap().remove(0);
    assert_eq!((record.verb.as_str(), record.user.as_str(), &record.name), ("seal", "tester", &done.key));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    store.secret_put("four", b"four", now()).await.unwrap();
    let store = reopen(store, dir.path(), KeySource::File).await;
    for name in ["one", "two", "three", "four"] {
        assert_eq!(opens(&store, name).await, name);
    }
    store.close().await;
    fs::write(&file, old).unwrap();
    let store = open(dir.path(), KeySource::File).await.unwrap();
    let error = store.secret_get("one").await.unwrap_err().to_string();
    assert!(error.contains(&done.key) && error.contains(&key), "it says which key is missing: {error}");
}

#[tokio::test]
async fn a_key_of_before_that_is_put_back_opens_what_it_sealed_and_is_let_go_again() {
    let (dir, store) = store().await;
    let file = dir.path().join("store.key");
    store.secret_put("one", b"one", now()).await.unwrap();
    let old = fs::read_to_string(&file).unwrap();
    let copy = tempfile::tempdir().unwrap();
    store.close().await;
    fs::copy(dir.path().join("store.db"), copy.path().join("store.db")).unwrap();
    let store = open(dir.path(), KeySource::File).await.unwrap();
    store.seal_rotate(writer()).await.unwrap();
    let new = fs::read_to_string(&file).unwrap();
    // A copy of the database from before, with the keys of today and then.
    fs::write(copy.path().join("store.key"), format!("{new}{old}")).unwrap();
    let restored = open(copy.path(), KeySource::File).await.unwrap();
    assert_eq!(opens(&restored, "one").await, "one");
    assert_eq!(fs::read_to_string(copy.path().join("store.key")).unwrap(), new);
}

#[tokio::test]
async fn what_does_not_open_holds_a_rotation_up_and_nothing_is_changed() {
    let (dir, store) = store().await;
    store.secret_put("good", b"good", now()).await.unwrap();
    store.secret_put("swapped", b"swapped", now()).await.unwrap();
    store.close().await;
    let script = "import sqlite3,sys; db=sqlite3.connect(sys.argv[1]); db.execute(\"UPDATE secrets SET sealed=(SELECT sealed FROM secrets WHERE name='good') WHERE name='swapped'\"); db.commit()";
    let done =
        Command::new("python3").args(["-c", script]).arg(dir.path().join("store.db")).status().unwrap();
    assert!(done.success());
    let store = open(dir.path(), KeySource::File).await.unwrap();
    let before = fs::read(dir.path().join("store.key")).unwrap();
    let error = store.seal_rotate(writer()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Sealed { name, .. } if name == "swapped"), "{error}");
    assert_eq!(fs::read(dir.path().join("store.key")).unwrap(), before);
    assert_eq!(opens(&store, "good").await, "good");
    store.secret_put("swapped", b"mended", now()).await.unwrap();
    assert_eq!(store.seal_rotate(writer()).await.unwrap().values, 2);
}

#[tokio::test]
async fn a_key_of_a_single_block_from_before_keys_had_names_opens_and_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("store.key"), [7; 32]).unwrap();
    fs::set_permissions(dir.path().join("store.key"), fs::Permissions::from_mode(0o644)).unwrap();
    let store = open(dir.path(), KeySource::File).await.unwrap();
    assert_eq!(fs::metadata(dir.path().join("store.key")).unwrap().permissions().mode() & 0o777, 0o600);
    store.secret_put("one", b"one", now()).await.unwrap();
    store.close().await;
    let script = "import sqlite3,sys; db=sqlite3.connect(sys.argv[1]); db.execute(\"UPDATE secrets SET key=''\"); db.commit()";
    let done =
        Command::new("python3").args(["-c", script]).arg(dir.path().join("store.db")).status().unwrap();
    assert!(done.success());
    let store = open(dir.path(), KeySource::File).await.unwrap();
    assert_eq!(opens(&store, "one").await, "one");
    let status = store.seal_status().await.unwrap();
    assert_eq!((status.keys.len(), status.keys[0].values), (1, 1), "{status:?}");
}

#[tokio::test]
async fn a_command_gives_the_key_instead_of_the_file_and_rotates_by_printing_two() {
    let (dir, store) = store().await;
    let keys = dir.path().join("printed");
    store.secret_put("one", b"one", now()).await.unwrap();
    fs::write(&keys, line(1)).unwrap();
    let store = reopen(store, dir.path(), program(&keys)).await;
    assert!(!dir.path().join("store.key").exists(), "nothing is sealed with the file's key any more");
    assert_eq!(opens(&store, "one").await, "one");
    let error = store.seal_rotate(writer()).await.unwrap_err().to_string();
    assert!(error.contains("have it print a new key first"), "{error}");
    fs::write(&keys, line(2)).unwrap();
    let error = store.seal_rotate(writer()).await.unwrap_err().to_string();
    assert!(error.contains("does not print key"), "killed in the midst it could not go on: {error}");
    fs::write(&keys, line(2) + &line(1)).unwrap();
    assert_eq!(store.seal_rotate(writer()).await.unwrap().values, 1);
    fs::write(&keys, line(2)).unwrap();
    let store = reopen(store, dir.path(), program(&keys)).await;
    assert_eq!(opens(&store, "one").await, "one");
    // The way back: the file holds what the command prints.
    fs::write(dir.path().join("store.key"), line(2)).unwrap();
    let store = reopen(store, dir.path(), KeySource::File).await;
    assert_eq!(opens(&store, "one").await, "one");
}

#[tokio::test]
async fn a_command_that_gives_no_key_says_why_and_never_what_it_printed() {
    let (dir, store) = store().await;
    store.secret_put("one", b"one", now()).await.unwrap();
    store.close().await;
    for (words, why) in [
        (vec!["/no/such/program"], "cannot be run"),
        (vec!["sh", "-c", "echo hunter2; echo hunter2 >&2; exit 3"], "exit status: 3"),
        (vec!["echo", "hunter2"], "line 1 is no key"),
        (vec!["true"], "there is no key in it"),
        (vec!["sh", "-c", "head -c 32 /dev/urandom | base64"], "two different keys"),
    ] {
        let command = CommandLine::new(words.clone());
        let error = open(dir.path(), KeySource::Command(command)).await.unwrap_err();
        assert!(matches!(error, StoreError::Key { .. }));
        let text = error.to_string();
        let said = text.replace(&CommandLine::new(words).to_string(), "");
        assert!(said.contains(why) && !said.contains("hunter2"), "{text}");
    }
    let slow = CommandLine::new(["sleep", "600"]).within(Duration::from_millis(50));
    let error = open(dir.path(), KeySource::Command(slow)).await.unwrap_err().to_string();
    assert!(error.contains("did not end within"), "{error}");
    let store = open(dir.path(), KeySource::File).await.unwrap();
    assert_eq!(opens(&store, "one").await, "one", "nothing was changed by any of them");
}

/// Not a test by itself: what the child process of the next one does.
#[tokio::test]
async fn child_rotates_until_it_is_killed() {
    let Ok(dir) = std::env::var(DIR) else { return };
    let store = Store::open(dir, now()).await.unwrap();
    for _ in 0.. {
        println!("begun");
        store.seal_rotate(writer()).await.unwrap();
    }
}

#[tokio::test]
async fn killed_at_any_moment_of_a_rotation_everything_opens_and_one_key_is_left() {
    let (dir, store) = store().await;
    for number in 0..50 {
        store.secret_put(&number.to_string(), number.to_string().as_bytes(), now()).await.unwrap();
    }
    store.close().await;
    drop(store);
    for round in 0..12 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_rotates_until_it_is_killed", "--nocapture"])
            .env(DIR, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.by_ref().map_while(Result::ok).any(|line| line.contains("begun")));
        // Each round in another place of it.
        std::thread::sleep(Duration::from_micros(700 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let store = Store::open(dir.path(), now()).await.unwrap();
        for number in 0..50 {
            assert_eq!(opens(&store, &number.to_string()).await, number.to_string(), "round {round}");
        }
        let status = store.seal_status().await.unwrap();
        assert_eq!(status.keys.len(), 1, "round {round}: {status:?}");
        assert_eq!(fs::read_to_string(dir.path().join("store.key")).unwrap().lines().count(), 1);
        store.close().await;
    }
}
