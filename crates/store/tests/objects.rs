//! Objects: concurrency, generations, no-op writes, finalizers, the audit record.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use nagaya_api::{Kind, User};
use nagaya_store::{AuditFilter, Filter, HOME_FINALIZER, Outcome, StoreError};
use support::{store, user, writer};

#[tokio::test]
async fn a_write_that_names_an_old_revision_is_refused() {
    let (_dir, store) = store().await;
    let first = store.create(writer(), user("dev-01")).await.unwrap();
    let mut second = first.clone();
    second.spec.display_name = "dev-01".into();
    let (second, outcome) = store.update(writer(), second).await.unwrap();
    assert_eq!(outcome, Outcome::Changed);
    let mut stale = first;
    stale.spec.display_name = "Anna".into();
    let error = store.update(writer(), stale).await.unwrap_err();
    assert!(matches!(error, StoreError::Conflict { .. }), "{error}");
    assert_eq!(store.get::<User>("dev-01").await.unwrap().unwrap(), second);
}

#[tokio::test]
async fn a_write_that_changes_nothing_is_no_write() {
    let (_dir, store) = store().await;
    let made = store.create(writer(), user("dev-01")).await.unwrap();
    let (again, outcome) = store.update(writer(), made.clone()).await.unwrap();
    assert_eq!((again, outcome), (made.clone(), Outcome::Unchanged));
    let (_, outcome) = store.update_status::<User, _>(writer(), "dev-01", |_| {}).await.unwrap();
    assert_eq!(outcome, Outcome::Unchanged);
    assert_eq!(store.revision(), made.metadata.revision());
    assert_eq!(
        store.audit_list(&AuditFilter { limit: 10, ..AuditFilter::default() }).await.unwrap().len(),
        1
    );
}

#[tokio::test]
async fn generation_counts_changes_of_spec_only() {
    let (_dir, store) = store().await;
    store.create(writer(), user("dev-01")).await.unwrap();
    let change = |user: &mut User| {
        user.metadata.labels.insert("a".into(), "b".into());
    };
    let (labelled, _) = store.modify::<User, _>(writer(), "dev-01", change).await.unwrap();
    assert_eq!(labelled.metadata.generation, 1);
    let (seen, _) = store
        .update_status::<User, _>(writer(), "dev-01", |user| user.status.has_password = true)
        .await
        .unwrap();
    assert_eq!((seen.metadata.generation, seen.status.has_password), (1, true));
    let (changed, _) =
        store.modify::<User, _>(writer(), "dev-01", |user| user.spec.admin = true).await.unwrap();
    assert_eq!((changed.metadata.generation, changed.status.has_password), (2, true));
}

#[tokio::test]
async fn an_update_of_status_leaves_the_spec_alone() {
    let (_dir, store) = store().await;
    store.create(writer(), user("dev-01")).await.unwrap();
    let (after, outcome) =
        store.update_status::<User, _>(writer(), "dev-01", |user| user.spec.admin = true).await.unwrap();
    assert_eq!((after.spec.admin, outcome), (false, Outcome::Unchanged));
}

#[tokio::test]
async fn an_object_with_finalizers_goes_only_with_the_last_of_them() {
    let (_dir, store) = store().await;
    let mut object = user("dev-01");
    object.metadata.finalizers = vec![HOME_FINALIZER.into()];
    store.create(writer(), object).await.unwrap();
    let (marked, outcome) = store.delete::<User>(writer(), "dev-01").await.unwrap();
    assert_eq!(outcome, Outcome::Changed);
    assert!(marked.metadata.deletion_timestamp.is_some());
    assert_eq!(store.delete::<User>(writer(), "dev-01").await.unwrap().1, Outcome::Unchanged);
    let outcome = store.finalized::<User>(writer(), "dev-01", HOME_FINALIZER).await.unwrap();
    assert_eq!(outcome, Outcome::Deleted);
    assert!(store.get::<User>("dev-01").await.unwrap().is_none());
    let again = store.finalized::<User>(writer(), "dev-01", HOME_FINALIZER).await.unwrap();
    assert_eq!(again, Outcome::Unchanged);
}

#[tokio::test]
async fn a_list_is_cut_at_the_limit_and_goes_on_after_the_name() {
    let (_dir, store) = store().await;
    for name in ["c", "a", "b"] {
        store.create(writer(), user(name)).await.unwrap();
    }
    let names = |list: &nagaya_store::RawList| -> Vec<String> {
        list.items.iter().map(|object| object.metadata.name.clone()).collect()
    };
    let filter = Filter { limit: Some(2), ..Filter::default() };
    let first = store.list_raw(Kind::User, &filter, |_| true).await.unwrap();
    assert_eq!((names(&first), first.more_after.as_deref()), (vec!["a".into(), "b".into()], Some("b")));
    let filter = Filter { after: first.more_after, ..filter };
    let rest = store.list_raw(Kind::User, &filter, |_| true).await.unwrap();
    assert_eq!((names(&rest), rest.more_after), (vec!["c".into()], None));
    let hidden = store.list_raw(Kind::User, &Filter::default(), |object| object.metadata.name != "b").await;
    assert_eq!(names(&hidden.unwrap()), ["a", "c"]);
}

#[tokio::test]
async fn every_change_is_on_record_with_what_changed() {
    let (_dir, store) = store().await;
    store.create(writer(), user("dev-01")).await.unwrap();
    store.modify::<User, _>(writer(), "dev-01", |user| user.spec.disabled = true).await.unwrap();
    store.delete::<User>(writer(), "dev-01").await.unwrap();
    let records = store.audit_list(&AuditFilter { limit: 10, ..AuditFilter::default() }).await.unwrap();
    let verbs: Vec<_> = records.iter().map(|record| record.verb.as_str()).collect();
    assert_eq!(verbs, ["delete", "update", "create"]);
    assert_eq!(records[1].changes[0].field, "/spec/disabled");
    assert_eq!((records[1].user.as_str(), records[1].at), ("tester", support::now()));
}

#[tokio::test]
async fn what_fails_in_a_transaction_leaves_no_trace() {
    let (_dir, store) = store().await;
    let before = store.revision();
    let result: Result<(), StoreError> = store
        .write(writer(), |tx| {
            Box::pin(async move {
                tx.create(nagaya_api::Resource::to_raw(&user("dev-01"))).await?;
                Err(StoreError::Closed)
            })
        })
        .await;
    assert!(result.is_err());
    assert!(store.get::<User>("dev-01").await.unwrap().is_none());
    assert_eq!(store.revision(), before);
    let made = store.create(writer(), user("dev-02")).await.unwrap();
    assert_eq!(made.metadata.revision(), before + 1, "no revision is lost");
}

#[tokio::test]
async fn a_write_goes_on_when_its_caller_goes_away() {
    let (_dir, store) = store().await;
    let mut changes = Box::pin(store.watch(&[Kind::User], None));
    {
        let abandoned = store.create(writer(), user("dev-01"));
        tokio::pin!(abandoned);
        // Polled once, so that it begins, then dropped.
        futures::future::poll_fn(|context| {
            let _ = abandoned.as_mut().poll(context);
            std::task::Poll::Ready(())
        })
        .await;
    }
    let event = futures::StreamExt::next(&mut changes).await.unwrap().unwrap();
    assert_eq!(event.object.metadata.name, "dev-01");
}
