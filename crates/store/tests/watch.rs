//! Watching: nothing lost, nothing twice, in commit order.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use futures::StreamExt;
use nagaya_api::{Kind, User};
use nagaya_store::{EventType, StoreError};
use support::{small_store, store, user, writer};

const WRITERS: usize = 8;
const EACH: usize = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_writers_and_watchers_that_come_at_any_time_lose_nothing() {
    let (_dir, store) = store().await;
    let start = store.revision();
    let total = (WRITERS * EACH) as u64;
    let watch = |store: nagaya_store::Store, from: u64| async move {
        let revisions: Vec<u64> = store
            .watch(&[Kind::User], Some(from))
            .take((start + total - from) as usize)
            .map(|event| event.unwrap().revision)
            .collect()
            .await;
        // Each revision once and in order: commit order is the order of revisions.
        assert_eq!(revisions, (from + 1..=start + total).collect::<Vec<_>>());
    };
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(watch(store.clone(), start));
    for number in 0..WRITERS {
        let store = store.clone();
        tasks.spawn(async move {
            let name = format!("u{number}");
            store.create(writer(), user(&name)).await.unwrap();
            for step in 1..EACH {
                // Every third change is of status only: that is an event too.
                if step % 3 == 0 {
                    store
                        .update_status::<User, _>(writer(), &name, |user| {
                            user.status.has_password = !user.status.has_password;
                        })
                        .await
                        .unwrap();
                } else {
                    store
                        .modify::<User, _>(writer(), &name, move |user| {
                            user.spec.display_name = step.to_string()
                        })
                        .await
                        .unwrap();
                }
            }
        });
    }
    for _ in 0..6 {
        let mut bell = store.revisions();
        bell.changed().await.unwrap();
        let from = *bell.borrow();
        tasks.spawn(watch(store.clone(), from));
    }
    tasks.join_all().await;
}

#[tokio::test]
async fn a_watch_resumes_where_it_broke_off_even_after_a_restart() {
    let (dir, store) = store().await;
    let first = store.create(writer(), user("dev-01")).await.unwrap();
    store.create(writer(), user("dev-02")).await.unwrap();
    store.delete::<User>(writer(), "dev-01").await.unwrap();
    store.close().await;
    drop(store);
    let store = nagaya_store::Store::open(dir.path(), support::now()).await.unwrap();
    let events: Vec<_> = store
        .watch(&[Kind::User], Some(first.metadata.revision()))
        .take(2)
        .map(|event| event.unwrap())
        .map(|event| (event.event, event.object.metadata.name.clone()))
        .collect()
        .await;
    assert_eq!(events, [(EventType::Added, "dev-02".to_owned()), (EventType::Deleted, "dev-01".to_owned())]);
}

#[tokio::test]
async fn a_watch_from_too_long_ago_or_from_the_future_is_told_so() {
    let (dir, store) = small_store(10).await;
    store.create(writer(), user("dev-01")).await.unwrap();
    for step in 0..300 {
        store
            .modify::<User, _>(writer(), "dev-01", move |user| user.spec.display_name = step.to_string())
            .await
            .unwrap();
    }
    let current = store.revision();
    // Memory would still hold all of them.
    store.close().await;
    drop(store);
    let store = nagaya_store::Store::open(dir.path(), support::now()).await.unwrap();
    for from in [0, current + 1, current + 1000] {
        let events: Vec<_> = store.watch(&[], Some(from)).collect().await;
        assert!(matches!(events[..], [Err(StoreError::Expired { .. })]), "{from}: {events:?}");
    }
}

#[tokio::test]
async fn a_watch_shows_only_the_kinds_asked_for() {
    let (_dir, store) = store().await;
    let mut images = store.watch(&[Kind::Image], None);
    store.create(writer(), user("dev-01")).await.unwrap();
    let image = nagaya_api::Image::new(
        "java",
        nagaya_api::kinds::image::ImageSpec { reference: "r/java:1".into(), ..Default::default() },
    );
    store.create(writer(), image).await.unwrap();
    assert_eq!(images.next().await.unwrap().unwrap().object.kind, Kind::Image);
}
