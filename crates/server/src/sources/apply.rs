//! Applying a commit: all of it, or nothing, in one transaction.

use nagaya_api::{
    ApiError, Kind, RawObject, Resource as _, Source, apply,
    kinds::source::{COMMIT_ANNOTATION, SOURCE_ANNOTATION, SourceError, SourceObject, manager},
};
use nagaya_source::Document;
use nagaya_store::{Outcome, Owners, Purpose, StoreError, Token, Tx, Writer};
use serde_json::Value;

use super::{
    contents::refused,
    stamp,
    sync::{Change, ChangeKind, names, plain, short},
};
use crate::{
    ServerState,
    answer::{Answer, Refusal},
    authorisation::{Caller, Person},
    body,
    controllers::objects::{Override, WriteQuery, write::Write},
    hooks,
};

/// What was applied, or would be.
pub struct Applied {
    /// The commit.
    pub commit: String,
    /// The source's objects from now on.
    pub objects: Vec<SourceObject>,
    /// Those that change.
    pub changes: Vec<Change>,
}

/// Why a transaction is undone.
pub enum Stop {
    /// The store failed.
    Refused(Refusal),
    /// Objects were refused.
    Bad(Vec<SourceError>),
    /// It was for show.
    DryRun(Box<Applied>),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Refused(error.into())
    }
}

/// A commit about to be applied.
pub struct Applying {
    source: Source,
    commit: String,
    documents: Vec<Document>,
    write: Write,
}

impl Applying {
    /// Of a source as it was when the commit was fetched.
    pub async fn new(
        state: &ServerState,
        source: &Source,
        commit: &str,
        documents: Vec<Document>,
    ) -> Answer<Self> {
        let now = state.now();
        let name = format!("system:source/{}@{}", source.metadata.name, short(commit));
        let caller = Caller {
            // Whoever may make a source may do what its folder says.
            person: Person { name: name.clone(), admin: true, ..Person::default() }.into(),
            people: state.directory.people().await?,
            token: Token {
                id: String::new(),
                purpose: Purpose::Api,
                user: name,
                name: String::new(),
                created_at: now,
                expires_at: None,
                idle: None,
                used_at: now,
            },
            now,
        };
        let query = WriteQuery {
            field_manager: Some(manager(&source.metadata.name)),
            r#override: Some(Override::Source),
            ..WriteQuery::default()
        };
        let write = Write { state: state.clone(), caller, query };
        Ok(Self { source: source.clone(), commit: commit.to_owned(), documents, write })
    }

    /// In whose name.
    pub fn writer(&self) -> Writer {
        self.write.caller.writer(self.write.query.field_manager.as_deref())
    }

    /// The source, in the transaction's end as it is there.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Applies all objects, and takes away what left the folder.
    pub async fn run(&self, tx: &mut Tx) -> Result<Applied, Stop> {
        let name = &self.source.metadata.name;
        let now = Source::from_raw(&tx.need(Kind::Source, name).await?)?;
        if now.metadata.uid != self.source.metadata.uid
            || now.spec != self.source.spec
            || now.status.objects != self.source.status.objects
        {
            let message = "the source changed while it was read: it is looked at again";
            return Err(ApiError::conflict(Kind::Source, name, message).into());
        }
        let mut applied = Applied { commit: self.commit.clone(), objects: Vec::new(), changes: Vec::new() };
        let mut errors = Vec::new();
        for document in &self.documents {
            if let Err(refusal) = self.one(tx, document, &mut applied).await {
                if refusal.0.code >= 500 {
                    return Err(Stop::Refused(refusal));
                }
                errors.extend(refused(document, &refusal.0));
            }
        }
        if !errors.is_empty() {
            return Err(Stop::Bad(errors));
        }
        let kept = names(&self.documents);
        let left = |one: &&SourceObject| !kept.contains(&(one.kind.name().to_owned(), one.name.clone()));
        // Who names others goes before them.
        for object in self.source.status.objects.iter().rev().filter(left) {
            if let Err(refusal) = self.leave(tx, object, &mut applied).await {
                if refusal.0.code >= 500 {
                    return Err(Stop::Refused(refusal));
                }
                errors.push(SourceError {
                    object: format!("{}/{}", object.kind, object.name),
                    message: format!("left the folder and cannot be deleted: {}", refusal.0.message),
                    mend: "put it back, or remove what needs it first; or set spec.prune to false".into(),
                    ..SourceError::default()
                });
            }
        }
        if errors.is_empty() { Ok(applied) } else { Err(Stop::Bad(errors)) }
    }

    fn known(&self, live: &RawObject) -> Option<&SourceObject> {
        self.source.status.objects.iter().find(|one| one.kind == live.kind && one.uid == live.metadata.uid)
    }

    async fn one(&self, tx: &mut Tx, document: &Document, applied: &mut Applied) -> Answer<()> {
        let source = &self.source.metadata.name;
        let wanted: RawObject = serde_json::from_value(document.object.clone())
            .map_err(|error| ApiError::bad_request(error.to_string()))?;
        let (kind, name) = (wanted.kind, wanted.metadata.name);
        let live = tx.get(kind, &name).await?;
        let (done, outcome, commit, made) = match &live {
            None => {
                let patch = self.marked(document, None, &self.commit);
                let bare = serde_json::json!({"apiVersion": nagaya_api::API_VERSION, "kind": kind, "metadata": {"name": name}});
                let new = apply::apply(&bare, &[], &patch, &manager(source), true);
                let (value, owners) = new.map_err(|_| ApiError::internal("a new object has no owners"))?;
                let object = body::object(kind, Some(&name), value.to_string().as_bytes())?;
                let object = self.write.create(tx, object, Owners::Given(owners)).await?;
                (object, Outcome::Created, self.commit.clone(), true)
            }
            Some(live) => {
                self.free(tx, live).await?;
                let known = self.known(live);
                // With the commit that it has, first: where that changes nothing else, the commit stays.
                let same = match known {
                    Some(known) => {
                        let (object, owners) = self.merged(document, live, &known.commit)?;
                        let valid = object.validated()?;
                        (plain(&valid) == plain(live)).then(|| (object, owners, known.commit.clone()))
                    }
                    None => None,
                };
                let (object, owners, commit) = match same {
                    Some(same) => same,
                    None => {
                        let (object, owners) = self.merged(document, live, &self.commit)?;
                        (object, owners, self.commit.clone())
                    }
                };
                let (object, outcome) = self.write.update(tx, live, object, Owners::Given(owners)).await?;
                (object, outcome, commit, known.is_some_and(|known| known.made))
            }
        };
        let uid = done.metadata.uid.clone();
        applied.objects.push(SourceObject { kind, name: name.clone(), uid, commit, made });
        let (before, after) = (live.as_ref().map(plain), plain(&done));
        if before.as_ref() != Some(&after) {
            let change = if outcome == Outcome::Created { ChangeKind::Created } else { ChangeKind::Changed };
            applied.changes.push(Change { kind, name, change, before, after: Some(after) });
        }
        Ok(())
    }

    /// Refuses an object of another source's, and one that goes.
    async fn free(&self, tx: &mut Tx, live: &RawObject) -> Answer<()> {
        let (kind, name) = (live.kind, &live.metadata.name);
        if live.metadata.deletion_timestamp.is_some() {
            return Err(ApiError::conflict(
                kind,
                name,
                "is being deleted: it can be made again once it is gone",
            )
            .into());
        }
        let other = live.metadata.annotations.get(SOURCE_ANNOTATION);
        if let Some(other) = other.filter(|other| **other != self.source.metadata.name)
            && tx.get(Kind::Source, other).await?.is_some()
        {
            let mine = &self.source.metadata.name;
            let message = format!(
                "source \"{other}\" applies it too: take it out of that one's folder, or out of \"{mine}\"'s"
            );
            return Err(ApiError::conflict(kind, name, message).into());
        }
        Ok(())
    }

    fn marked(&self, document: &Document, live: Option<&Value>, commit: &str) -> Value {
        let mut patch = document.object.clone();
        let source = &self.source.metadata.name;
        if patch.get("kind").and_then(Value::as_str) == Some(Kind::Bundle.name()) {
            stamp::mark_bundle(&mut patch, live, source, &self.commit);
        }
        stamp::mark(&mut patch, source, commit);
        patch
    }

    /// The object with what the document says, and its owners. What others set to something else is a conflict, unless
    /// the object is the source's already.
    fn merged(
        &self,
        document: &Document,
        live: &RawObject,
        commit: &str,
    ) -> Answer<(RawObject, Vec<apply::ManagedFields>)> {
        let value = serde_json::to_value(live).map_err(|error| ApiError::internal(error.to_string()))?;
        let patch = self.marked(document, Some(&value), commit);
        let name = &self.source.metadata.name;
        let force = self.known(live).is_some();
        let merged = apply::apply(&value, &live.metadata.managed_fields, &patch, &manager(name), force);
        let (value, owners) = merged.map_err(|conflicts| {
            let causes = conflicts.into_iter().map(|conflict| nagaya_api::Cause {
                field: conflict.field.trim_start_matches('/').replace('/', "."),
                reason: "FieldManagerConflict".into(),
                message: format!("is set by \"{}\" to something else, and the object was there before", conflict.manager),
                mend: "write the value that it has, leave the field out, or delete the object so that the source makes it".into(),
            });
            ApiError::conflict(live.kind, &live.metadata.name, "fields that others own would change").because(causes.collect())
        })?;
        let object =
            serde_json::from_value(value).map_err(|error| ApiError::bad_request(error.to_string()))?;
        Ok((object, owners))
    }

    /// Takes away an object that left the folder, or lets go of it.
    async fn leave(&self, tx: &mut Tx, object: &SourceObject, applied: &mut Applied) -> Answer<()> {
        let live = tx.get(object.kind, &object.name).await?;
        let Some(live) = live.filter(|live| live.metadata.uid == object.uid) else { return Ok(()) };
        // What people have in these is nowhere else.
        let held = matches!(object.kind, Kind::Cluster | Kind::User | Kind::Workspace);
        let (kind, name, before) = (object.kind, object.name.clone(), Some(plain(&live)));
        if self.source.spec.prune && object.made && !held {
            hooks::delete(tx, &live).await?;
            tx.delete(object.kind, &object.name).await?;
            applied.changes.push(Change { kind, name, change: ChangeKind::Deleted, before, after: None });
        } else {
            let after = release(tx, &self.source.metadata.name, object).await?.as_ref().map(plain);
            applied.changes.push(Change { kind, name, change: ChangeKind::Released, before, after });
        }
        Ok(())
    }
}

/// Lets go of an object: it stays as it is, and nobody owns what the source owned. Returns it as it then is, if it was
/// the source's.
///
/// # Errors
/// When the store fails.
pub async fn release(tx: &mut Tx, source: &str, object: &SourceObject) -> Answer<Option<RawObject>> {
    let Some(mut live) = tx.get(object.kind, &object.name).await? else { return Ok(None) };
    if live.metadata.uid != object.uid {
        return Ok(None);
    }
    for annotation in [SOURCE_ANNOTATION, COMMIT_ANNOTATION] {
        live.metadata.annotations.remove(annotation);
    }
    let owner = manager(source);
    let mut owners = live.metadata.managed_fields.clone();
    owners.retain(|entry| entry.manager != owner);
    Ok(Some(tx.update(live, Owners::Given(owners)).await?.0))
}
