//! Tokens, passwords, join tokens, sealed secrets.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::os::unix::fs::PermissionsExt;

use jiff::SignedDuration;
use nagaya_api::User;
use nagaya_store::{Credential, JoinRefused, NewToken, Purpose, Store, StoreError, TokenRefused};
use support::{now, store, user, writer};

fn session(user: &str) -> NewToken {
    NewToken {
        purpose: Purpose::Session,
        user: user.into(),
        name: String::new(),
        expires_at: Some(now() + SignedDuration::from_hours(10)),
        idle: Some(SignedDuration::from_hours(1)),
    }
}

#[tokio::test]
async fn a_token_ends_at_its_time_and_earlier_when_idle() {
    let (_dir, store) = store().await;
    let (token, secret) = store.token_create(writer(), session("dev-01")).await.unwrap();
    let at = |minutes| now() + SignedDuration::from_mins(minutes);
    assert_eq!(store.token_use(&secret, at(50)).await.unwrap().unwrap().id, token.id);
    assert!(store.token_use(&secret, at(105)).await.unwrap().is_ok(), "used 55 minutes ago");
    let idle = store.token_use(&secret, at(165)).await.unwrap();
    assert!(matches!(idle, Err(TokenRefused::Over(over)) if over.id == token.id), "idle for an hour");
    assert_eq!(store.token_use("nagaya_guess", at(1)).await.unwrap(), Err(TokenRefused::Unknown));
    store.flush_used().await.unwrap();
    let token = store.token_get(&token.id).await.unwrap().unwrap();
    assert_eq!(token.used_at, at(105));
    let mut minutes = 105;
    while minutes < 590 {
        assert!(store.token_use(&secret, at(minutes)).await.unwrap().is_ok(), "{minutes}");
        minutes += 59;
    }
    assert!(store.token_use(&secret, at(600)).await.unwrap().is_err(), "ten hours are over");
}

#[tokio::test]
async fn a_token_that_is_over_is_known_for_a_week_and_then_forgotten() {
    let (_dir, store) = store().await;
    let (ended, secret) = store.token_create(writer(), session("dev-01")).await.unwrap();
    let forget = async |hours| {
        let mut later = writer();
        later.now = now() + SignedDuration::from_hours(hours);
        store.token_create(later, session("dev-03")).await.unwrap();
        store.token_use(&secret, now() + SignedDuration::from_hours(hours)).await.unwrap()
    };
    assert_eq!(forget(10 + 24 * 7).await, Err(TokenRefused::Over(Box::new(ended))));
    assert_eq!(forget(11 + 24 * 7).await, Err(TokenRefused::Unknown));
}

#[tokio::test]
async fn the_database_holds_no_secret_that_lets_anybody_in() {
    let (dir, store) = store().await;
    let (_, secret) = store.token_create(writer(), session("dev-01")).await.unwrap();
    let (_, join) = store.join_token_create(writer(), "java", SignedDuration::from_hours(1)).await.unwrap();
    store.secret_put("ca", b"very private key", now()).await.unwrap();
    store.close().await;
    for file in ["store.db", "store.db-wal"] {
        let bytes = std::fs::read(dir.path().join(file)).unwrap_or_default();
        for secret in [secret.as_bytes(), join.as_bytes(), b"very private key"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{file}");
        }
        if file == "store.db" {
            assert_eq!(std::fs::metadata(dir.path().join(file)).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
    assert_eq!(std::fs::metadata(dir.path().join("store.key")).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn the_end_of_a_token_or_a_user_rings_the_bell_and_bars_the_way() {
    let (_dir, store) = store().await;
    store.create(writer(), user("dev-01")).await.unwrap();
    let (token, secret) = store.token_create(writer(), session("dev-01")).await.unwrap();
    let mut bell = store.access_changes();
    bell.mark_unchanged();
    let (user, id) = ("dev-01", token.id.clone());
    let ended: bool = store
        .write(writer(), move |tx| Box::pin(async move { tx.token_delete(user, &id).await }))
        .await
        .map_err(|error: StoreError| error)
        .unwrap();
    assert!(ended && bell.has_changed().unwrap());
    assert_eq!(store.token_use(&secret, now()).await.unwrap(), Err(TokenRefused::Unknown));

    let (_, secret) = store.token_create(writer(), session("dev-01")).await.unwrap();
    let credential = Credential { phc: "$argon2id$…".into(), must_change: false };
    store
        .write(writer(), move |tx| Box::pin(async move { tx.credential_set("dev-01", credential).await }))
        .await
        .map_err(|error: StoreError| error)
        .unwrap();
    store.delete::<User>(writer(), "dev-01").await.unwrap();
    assert_eq!(store.token_use(&secret, now()).await.unwrap(), Err(TokenRefused::Unknown));
    assert!(store.credential("dev-01").await.unwrap().is_none(), "a later user of this name starts afresh");
}

#[tokio::test]
async fn a_join_token_works_for_one_key_and_not_for_ever() {
    let (_dir, store) = store().await;
    let hour = SignedDuration::from_hours(1);
    let (made, secret) = store.join_token_create(writer(), "java", hour).await.unwrap();
    let (one, two) = tokio::join!(
        store.join_token_redeem(&secret, "one", now()),
        store.join_token_redeem(&secret, "two", now())
    );
    let results = [("one", one.unwrap()), ("two", two.unwrap())];
    let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(|(_, result)| result.is_ok());
    assert_eq!((won.len(), won[0].1.as_ref()), (1, Ok(&made)));
    assert_eq!(lost[0].1, Err(JoinRefused::Used));
    // Token and key are bound in one step: the winner gets in again when the answer was lost, nobody else ever.
    let again = async |key, at| store.join_token_redeem(&secret, key, at).await.unwrap();
    assert_eq!(again(won[0].0, now()).await, Ok(made));
    assert_eq!(again(lost[0].0, now()).await, Err(JoinRefused::Used));
    assert_eq!(again(won[0].0, now() + hour).await, Err(JoinRefused::Expired));
    assert_eq!(store.join_token_look(&secret, now()).await.unwrap(), Err(JoinRefused::Used));
    let (fresh, unused) = store.join_token_create(writer(), "java", hour).await.unwrap();
    for _ in 0..2 {
        assert_eq!(
            store.join_token_look(&unused, now()).await.unwrap(),
            Ok(fresh.clone()),
            "a look costs nothing"
        );
    }
    assert_eq!(store.join_token_look(&unused, now() + hour).await.unwrap(), Err(JoinRefused::Expired));
    assert_eq!(store.join_token_look("guess", now()).await.unwrap(), Err(JoinRefused::Unknown));
    let (_, late) = store.join_token_create(writer(), "java", hour).await.unwrap();
    assert_eq!(store.join_token_redeem(&late, "one", now() + hour).await.unwrap(), Err(JoinRefused::Expired));
    assert_eq!(store.join_token_redeem("guess", "one", now()).await.unwrap(), Err(JoinRefused::Unknown));
}

#[tokio::test]
async fn a_sealed_secret_opens_only_with_its_key_and_under_its_name() {
    let (dir, store) = store().await;
    store.secret_put("ca", b"key", now()).await.unwrap();
    assert_eq!(store.secret_get("ca").await.unwrap().unwrap().as_slice(), b"key");
    assert!(store.secret_get("other").await.unwrap().is_none());
    store.close().await;
    drop(store);
    std::fs::write(dir.path().join("store.key"), [7; 32]).unwrap();
    let store = Store::open(dir.path(), now()).await.unwrap();
    assert!(matches!(store.secret_get("ca").await, Err(StoreError::Sealed { .. })));
    store.close().await;
    std::fs::remove_file(dir.path().join("store.key")).unwrap();
    let error = Store::open(dir.path(), now()).await.unwrap_err().to_string();
    assert!(error.contains("1 secrets are sealed: restore it"), "no other key is made in its place: {error}");
    std::fs::write(dir.path().join("store.key"), "short").unwrap();
    assert!(matches!(Store::open(dir.path(), now()).await, Err(StoreError::Key { .. })));
}

#[tokio::test]
async fn what_is_forgotten_is_gone_with_the_transaction_that_says_so_and_nothing_else_is() {
    let (_dir, store) = store().await;
    for name in ["relay/1", "relay/2", "relays", "ca"] {
        store.secret_put(name, b"key", now()).await.unwrap();
    }
    store.meta_set("agent/java", "known", now()).await.unwrap();
    let hour = SignedDuration::from_hours(1);
    let (_, java) = store.join_token_create(writer(), "java", hour).await.unwrap();
    let (_, python) = store.join_token_create(writer(), "python", hour).await.unwrap();
    let forget = async |fails: bool| {
        let work = store.write(writer(), move |tx| {
            Box::pin(async move {
                tx.secret_delete("relay/1").await?;
                tx.secret_delete("relay/none").await?;
                tx.meta_delete("agent/java").await?;
                tx.join_tokens_end("java").await?;
                if fails { Err(StoreError::Closed) } else { Ok(()) }
            })
        });
        work.await
    };
    assert!(forget(true).await.is_err());
    assert_eq!(store.secret_names("relay/").await.unwrap(), ["relay/1", "relay/2"]);
    assert_eq!(store.meta_get("agent/java").await.unwrap().as_deref(), Some("known"));
    forget(false).await.unwrap();
    assert_eq!(store.secret_names("").await.unwrap(), ["ca", "relay/2", "relays"]);
    assert_eq!(store.meta_get("agent/java").await.unwrap(), None);
    assert_eq!(store.join_token_redeem(&java, "key", now()).await.unwrap(), Err(JoinRefused::Unknown));
    assert!(store.join_token_redeem(&python, "key", now()).await.unwrap().is_ok());
}

#[tokio::test]
async fn the_incarnation_stays_until_a_restore_begins_another() {
    let (dir, store) = store().await;
    let first = store.incarnation();
    store.close().await;
    let store = Store::open(dir.path(), now()).await.unwrap();
    assert_eq!(store.incarnation(), first);
    let second = store.new_incarnation(now()).await.unwrap();
    assert_ne!(second, first);
    assert_eq!(store.incarnation(), second);
}
