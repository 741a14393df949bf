//! Writing objects within a transaction.

use nagaya_api::{Kind, RawObject, apply};
use serde_json::Value;

use super::{Tx, read, write::to_json};
use crate::{EventType, NewAudit, Outcome, Owners, StoreError, diff::diff, team_of};

impl Tx {
    /// One object, if it is there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&mut self, kind: Kind, name: &str) -> Result<Option<RawObject>, StoreError> {
        let result = read::get(self.connection(), kind, name).await;
        result.map_err(|error| error.at(&self.store))
    }

    /// One object that must be there.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn need(&mut self, kind: Kind, name: &str) -> Result<RawObject, StoreError> {
        self.get(kind, name).await?.ok_or_else(|| StoreError::NotFound { kind, name: name.to_owned() })
    }

    /// All objects of a kind, in the order of their names.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(&mut self, kind: Kind) -> Result<Vec<RawObject>, StoreError> {
        let result = read::list(self.connection(), kind, &crate::Filter::default(), |_| true).await;
        result.map(|page| page.0).map_err(|error| error.at(&self.store))
    }

    /// Creates an object: uid, revision, generation, time and field owners are filled in. Status is kept as given.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`].
    pub async fn create(&mut self, mut object: RawObject) -> Result<RawObject, StoreError> {
        let (kind, name) = (object.kind, object.metadata.name.clone());
        if self.get(kind, &name).await?.is_some() {
            return Err(StoreError::AlreadyExists { kind, name });
        }
        let meta = &mut object.metadata;
        meta.uid = uuid::Uuid::new_v4().to_string();
        meta.generation = 1;
        meta.creation_timestamp = Some(self.writer.now);
        meta.deletion_timestamp = None;
        if meta.managed_fields.is_empty() {
            let value = value_of(&object)?;
            object.metadata.managed_fields = apply::update(&Value::Null, &value, &[], &self.writer.manager);
        }
        let object = self.record(EventType::Added, object).await?;
        sqlx::query("INSERT INTO objects (kind, name, team, revision, body) VALUES (?, ?, ?, ?, ?)")
            .bind(kind.name())
            .bind(name)
            .bind(team_of(&object))
            .bind(object.metadata.revision().cast_signed())
            .bind(to_json(&object)?)
            .execute(self.connection())
            .await
            .map_err(|source| self.failed(source))?;
        self.audit_change("create", None, Some(&object)).await?;
        Ok(object)
    }

    /// Replaces metadata and spec; status, uid and times stay. When the object gives a `resourceVersion`, it must
    /// be the newest. An object being deleted whose last finalizer this removes goes.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Conflict`], [`StoreError::Refused`] when a field changed that
    /// must not.
    pub async fn update(
        &mut self,
        new: RawObject,
        owners: Owners,
    ) -> Result<(RawObject, Outcome), StoreError> {
        let old = self.need(new.kind, &new.metadata.name).await?;
        let given = &new.metadata.resource_version;
        if !given.is_empty() && *given != old.metadata.resource_version {
            return Err(StoreError::Conflict {
                kind: new.kind,
                name: new.metadata.name,
                current: old.metadata.revision(),
                given: given.clone(),
            });
        }
        let mut next = old.clone();
        next.spec = new.spec;
        next.metadata.labels = new.metadata.labels;
        next.metadata.annotations = new.metadata.annotations;
        next.metadata.team = new.metadata.team;
        next.metadata.finalizers = new.metadata.finalizers;
        next.check_change(&old)?;
        next.metadata.managed_fields = match owners {
            Owners::Given(owners) => owners,
            Owners::ByChange => apply::update(
                &value_of(&old)?,
                &value_of(&next)?,
                &old.metadata.managed_fields,
                &self.writer.manager,
            ),
        };
        if next == old {
            return Ok((old, Outcome::Unchanged));
        }
        if next.metadata.deletion_timestamp.is_some() && next.metadata.finalizers.is_empty() {
            let last = self.remove(next).await?;
            return Ok((last, Outcome::Deleted));
        }
        if next.spec != old.spec {
            next.metadata.generation += 1;
        }
        let next = self.store_changed(next).await?;
        self.audit_change("update", Some(&old), Some(&next)).await?;
        Ok((next, Outcome::Changed))
    }

    /// Replaces the status.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_status(
        &mut self,
        kind: Kind,
        name: &str,
        status: Value,
    ) -> Result<(RawObject, Outcome), StoreError> {
        let object = self.need(kind, name).await?;
        self.put_status(object, status).await
    }

    /// Replaces the status of the object with this uid; one that is gone, or another of its name, has none to replace.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_status_of(
        &mut self,
        kind: Kind,
        name: &str,
        uid: &str,
        status: Value,
    ) -> Result<Outcome, StoreError> {
        match self.get(kind, name).await? {
            Some(object) if object.metadata.uid == uid => Ok(self.put_status(object, status).await?.1),
            _ => Ok(Outcome::Unchanged),
        }
    }

    async fn put_status(
        &mut self,
        mut object: RawObject,
        status: Value,
    ) -> Result<(RawObject, Outcome), StoreError> {
        if object.status == status {
            return Ok((object, Outcome::Unchanged));
        }
        object.status = status;
        Ok((self.store_changed(object).await?, Outcome::Changed))
    }

    /// Asks for an object's end: at once without finalizers, else marked. Returns it as it then was.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn delete(&mut self, kind: Kind, name: &str) -> Result<(RawObject, Outcome), StoreError> {
        let old = self.need(kind, name).await?;
        if old.metadata.finalizers.is_empty() {
            let last = self.remove(old).await?;
            return Ok((last, Outcome::Deleted));
        }
        if old.metadata.deletion_timestamp.is_some() {
            return Ok((old, Outcome::Unchanged));
        }
        let mut marked = old.clone();
        marked.metadata.deletion_timestamp = Some(self.writer.now);
        let marked = self.store_changed(marked).await?;
        self.audit_change("delete", Some(&old), Some(&marked)).await?;
        Ok((marked, Outcome::Changed))
    }

    async fn store_changed(&mut self, object: RawObject) -> Result<RawObject, StoreError> {
        let object = self.record(EventType::Modified, object).await?;
        sqlx::query("UPDATE objects SET team = ?, revision = ?, body = ? WHERE kind = ? AND name = ?")
            .bind(team_of(&object))
            .bind(object.metadata.revision().cast_signed())
            .bind(to_json(&object)?)
            .bind(object.kind.name())
            .bind(&object.metadata.name)
            .execute(self.connection())
            .await
            .map_err(|source| self.failed(source))?;
        Ok(object)
    }

    async fn remove(&mut self, object: RawObject) -> Result<RawObject, StoreError> {
        let last = self.record(EventType::Deleted, object).await?;
        sqlx::query("DELETE FROM objects WHERE kind = ? AND name = ?")
            .bind(last.kind.name())
            .bind(&last.metadata.name)
            .execute(self.connection())
            .await
            .map_err(|source| self.failed(source))?;
        if last.kind == Kind::User {
            // A later user of this name must not inherit a way in.
            self.forget_user(&last.metadata.name).await?;
        }
        self.audit_change("delete", Some(&last), None).await?;
        Ok(last)
    }

    async fn audit_change(
        &mut self,
        verb: &str,
        old: Option<&RawObject>,
        new: Option<&RawObject>,
    ) -> Result<(), StoreError> {
        let changes = diff(old, new);
        let Some(object) = new.or(old) else { return Ok(()) };
        if verb == "update" && changes.is_empty() {
            return Ok(());
        }
        self.audit(NewAudit {
            who: self.writer.who.clone(),
            verb: self.verb.unwrap_or(verb).to_owned(),
            kind: object.kind.name().to_owned(),
            name: object.metadata.name.clone(),
            team: team_of(object).map(str::to_owned),
            result: "ok".to_owned(),
            message: String::new(),
            changes: if verb == "delete" { Vec::new() } else { changes },
        })
        .await
    }
}

fn value_of(object: &RawObject) -> Result<Value, StoreError> {
    serde_json::to_value(object).map_err(|error| StoreError::Damaged {
        what: format!("{} {}", object.kind, object.metadata.name),
        why: error.to_string(),
    })
}
