//! How objects are written: in one transaction with all checks, whole or not at all.

use std::collections::BTreeSet;

use futures::future::BoxFuture;
use nagaya_api::{ApiError, RawObject};
use nagaya_store::{Outcome, Owners, StoreError, Tx};
use serde_json::Value;

use super::WriteQuery;
use crate::{
    ServerState,
    answer::{Answer, Refusal},
    authorisation::{Action, Caller, Resource},
    hooks, sources,
};

/// What a write needs to know besides the object. Cheap to clone.
#[derive(Clone)]
pub struct Write {
    /// The server.
    pub state: ServerState,
    /// Who writes.
    pub caller: Caller,
    /// How.
    pub query: WriteQuery,
}

/// Why a transaction is undone.
enum Stop {
    Refused(Refusal),
    DryRun(Box<(RawObject, Outcome)>),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl Write {
    /// A write without options.
    pub fn plain(state: &ServerState, caller: &Caller) -> Self {
        Self { state: state.clone(), caller: caller.clone(), query: WriteQuery::default() }
    }

    /// Runs `work` in a transaction, which a dry run undoes.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn run<F>(&self, work: F) -> Answer<(RawObject, Outcome)>
    where
        F: for<'t> FnOnce(&'t mut Tx, Self) -> BoxFuture<'t, Answer<(RawObject, Outcome)>> + Send + 'static,
    {
        let writer = self.caller.writer(self.query.field_manager.as_deref());
        let this = self.clone();
        let dry_run = self.query.dry_run;
        let done = self.state.store.write(writer, move |tx| {
            Box::pin(async move {
                let done = work(tx, this).await.map_err(Stop::Refused)?;
                if dry_run { Err(Stop::DryRun(Box::new(done))) } else { Ok(done) }
            })
        });
        match done.await {
            Ok(done) => Ok(done),
            Err(Stop::DryRun(done)) => Ok(*done),
            Err(Stop::Refused(refusal)) => Err(refusal),
        }
    }

    /// Makes an object. What only the server fills in is taken off first.
    ///
    /// # Errors
    /// 409 when the name is taken, 422 when it breaks a rule.
    pub async fn create(&self, tx: &mut Tx, mut object: RawObject, owners: Owners) -> Answer<RawObject> {
        object.status = Value::Null;
        object.metadata.finalizers.clear();
        object.metadata.managed_fields.clear();
        let mut object = object.validated()?;
        hooks::create(tx, &self.context(), &mut object).await?;
        if let Owners::Given(owners) = owners {
            object.metadata.managed_fields = owners;
        }
        Ok(tx.create(object).await?)
    }

    /// Puts `new` in the place of `old`, the object's newest state.
    ///
    /// # Errors
    /// 403 when the caller may not change one of the fields, 422 when it breaks a rule.
    pub async fn update(
        &self,
        tx: &mut Tx,
        old: &RawObject,
        mut new: RawObject,
        owners: Owners,
    ) -> Answer<(RawObject, Outcome)> {
        self.may(Action::Update, old)?;
        new.status = old.status.clone();
        // Finalizers guard homes and clusters: only who cleans up takes them off.
        new.metadata.finalizers.clone_from(&old.metadata.finalizers);
        new.metadata.deletion_timestamp = old.metadata.deletion_timestamp;
        let mut new = new.validated()?;
        new.metadata.resource_version.clone_from(&old.metadata.resource_version);
        let fields = changed(old, &new);
        let resource = Resource::object(old, &self.caller.people);
        if !fields.is_empty() && !self.state.judge.may_change(&self.caller.person, &resource, &fields) {
            let fields: Vec<_> = fields.into_iter().collect();
            return Err(ApiError::forbidden(format!(
                "{} may not change {} of {} \"{}\": ask operations",
                self.caller.person.name,
                fields.join(", "),
                old.kind,
                old.metadata.name
            ))
            .about(old.kind, &old.metadata.name)
            .into());
        }
        new.check_change(old)?;
        if !fields.is_empty() {
            sources::check_owned(old, Some(&new), self.query.r#override)?;
        }
        if !fields.is_empty() {
            hooks::change(tx, &self.context(), old, &new).await?;
        }
        Ok(tx.update(new, owners).await?)
    }

    /// Looks again, in the transaction, whether the caller may do this: the object may be another than the one the
    /// request was let through for, when one of the same name took its place.
    ///
    /// # Errors
    /// 404 when not.
    pub fn may(&self, action: Action, object: &RawObject) -> Answer<()> {
        if self.caller.may(&self.state, action, object) {
            return Ok(());
        }
        Err(ApiError::not_found(object.kind, &object.metadata.name).into())
    }

    fn context(&self) -> hooks::Context<'_> {
        hooks::Context { state: &self.state, caller: &self.caller }
    }
}

/// The fields in which two states of an object differ, as policies name them: `spec.members`, `metadata.labels`.
fn changed(old: &RawObject, new: &RawObject) -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    let (before, after) = (&old.metadata, &new.metadata);
    for (name, differs) in [
        ("metadata.labels", before.labels != after.labels),
        ("metadata.annotations", before.annotations != after.annotations),
        ("metadata.team", before.team != after.team),
    ] {
        if differs {
            fields.insert(name.to_owned());
        }
    }
    let empty = serde_json::Map::new();
    let before = old.spec.as_object().unwrap_or(&empty);
    let after = new.spec.as_object().unwrap_or(&empty);
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    fields.extend(
        names
            .into_iter()
            .filter(|name| before.get(*name) != after.get(*name))
            .map(|name| format!("spec.{name}")),
    );
    fields
}

/// 409 when the write names a revision that is not the newest.
///
/// # Errors
/// As said.
pub fn check_revision(old: &RawObject, given: &str) -> Answer<()> {
    if given.is_empty() || given == old.metadata.resource_version {
        return Ok(());
    }
    let error = StoreError::Conflict {
        kind: old.kind,
        name: old.metadata.name.clone(),
        current: old.metadata.revision(),
        given: given.to_owned(),
    };
    Err(error.into())
}
