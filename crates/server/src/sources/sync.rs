//! One look at a repository: fetch, check all, apply all in one transaction; or say what that would change.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use nagaya_api::{
    ApiError, Kind, RawObject, Source,
    condition::{self, Condition},
    kinds::source::{SourceError, SourceStatus, is_local},
};
use nagaya_source::{Document, Fetch, FetchError, Limits};
use nagaya_store::{NewAudit, StoreError, Writer};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    allowed,
    apply::{Applied, Applying, Stop},
    contents::wanted,
    secret::credential,
};
use crate::{ServerState, answer::Answer};

/// Errors that a status keeps.
const KEPT: usize = 50;

/// What becomes of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub enum ChangeKind {
    /// It is made.
    Created,
    /// It changes.
    Changed,
    /// It goes.
    Deleted,
    /// It stays, and is the source's no more.
    Released,
}

/// One object that a sync changes.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// What becomes of it.
    pub change: ChangeKind,
    /// As it is, without what only the server writes; absent when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// As it would be; absent when it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
}

/// What a sync would change.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The commit that would be applied; empty when none could be fetched.
    pub commit: String,
    /// The objects that change, in order.
    pub changes: Vec<Change>,
    /// Why nothing would be applied.
    pub errors: Vec<SourceError>,
}

/// Why nothing was applied.
struct Failed {
    reason: &'static str,
    commit: String,
    errors: Vec<SourceError>,
}

impl Failed {
    fn fetching(message: String, file: String, mend: String) -> Self {
        let error = SourceError { file, message, mend, ..SourceError::default() };
        Self { reason: "NotFetched", commit: String::new(), errors: vec![error] }
    }
}

impl From<FetchError> for Failed {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Tree { file, what, mend } => Self::fetching(what, file, mend.into()),
            FetchError::Limit { what, mend } => Self::fetching(what, String::new(), mend.into()),
            other => Self::fetching(other.to_string(), String::new(), String::new()),
        }
    }
}

/// Brings a source in sync. What goes wrong with it is in its status afterwards.
///
/// # Errors
/// 404, 409 when it is suspended, and when the store fails.
pub async fn sync(state: &ServerState, name: &str) -> Answer<()> {
    let Some(source) = state.store.get::<Source>(name).await? else {
        return Err(ApiError::not_found(Kind::Source, name).into());
    };
    if source.spec.suspended {
        let message = format!("it is suspended: `nagaya source resume {name}` first");
        return Err(ApiError::conflict(Kind::Source, name, message).into());
    }
    match attempt(state, &source, false).await? {
        Ok(_) => Ok(()),
        Err(failed) => {
            let (now, generation) = (state.now(), source.metadata.generation);
            let told = state
                .store
                .update_status(Writer::system("source", now), name, move |source: &mut Source| {
                    tell_failed(&mut source.status, failed, generation, now);
                })
                .await;
            match told {
                Ok(_) | Err(StoreError::NotFound { .. }) => Ok(()),
                Err(error) => Err(error.into()),
            }
        }
    }
}

/// What a sync of the source would change now.
///
/// # Errors
/// 404, and when the store fails.
pub async fn difference(state: &ServerState, name: &str) -> Answer<Difference> {
    let Some(source) = state.store.get::<Source>(name).await? else {
        return Err(ApiError::not_found(Kind::Source, name).into());
    };
    Ok(match attempt(state, &source, true).await? {
        Ok(applied) => Difference { commit: applied.commit, changes: applied.changes, errors: Vec::new() },
        Err(failed) => Difference { commit: failed.commit, changes: Vec::new(), errors: failed.errors },
    })
}

async fn attempt(state: &ServerState, source: &Source, dry: bool) -> Answer<Result<Applied, Failed>> {
    let (commit, documents) = match read(state, source).await? {
        Ok(read) => read,
        Err(failed) => return Ok(Err(failed)),
    };
    let applying = Applying::new(state, source, &commit, documents).await?;
    let writer = applying.writer();
    let now = state.now();
    let done = state.store.write(writer, move |tx| {
        Box::pin(async move {
            let applied = applying.run(tx).await?;
            if dry {
                return Err(Stop::DryRun(Box::new(applied)));
            }
            let source = applying.source();
            if !applied.changes.is_empty() || source.status.commit != applied.commit {
                tx.audit(record(&tx.writer.who, &source.metadata.name, &applied)).await?;
            }
            let mut status = source.status.clone();
            tell_applied(&mut status, &applied, source.metadata.generation, now);
            let status =
                serde_json::to_value(status).map_err(|error| ApiError::internal(error.to_string()))?;
            tx.set_status(Kind::Source, &source.metadata.name, status).await?;
            Ok(applied)
        })
    });
    match done.await {
        Ok(applied) => Ok(Ok(applied)),
        Err(Stop::DryRun(applied)) => Ok(Ok(*applied)),
        Err(Stop::Refused(refusal)) => Err(refusal),
        Err(Stop::Bad(errors)) => Ok(Err(Failed { reason: "NotApplied", commit, errors })),
    }
}

/// Fetches, and reads what is to be applied.
async fn read(state: &ServerState, source: &Source) -> Answer<Result<(String, Vec<Document>), Failed>> {
    let (name, spec) = (&source.metadata.name, &source.spec);
    let failed =
        |message: &str, mend: &str| Ok(Err(Failed::fetching(message.into(), String::new(), mend.into())));
    let Some(config) = &state.config.sources else {
        return failed("this server reads no repositories", "run it as `nagaya server`, which does");
    };
    let mut url = spec.url.clone();
    if is_local(&url) {
        // Looked at again each time: what a link leads to may have changed.
        url = match allowed(&url, &config.paths) {
            Ok(url) => url,
            Err(why) => return failed(&why, "have whoever runs the server name the folder in sourcePaths"),
        };
    }
    let request = Fetch {
        credential: credential(state, name, &url).await?,
        url,
        reference: spec.reference.clone(),
        path: spec.path.clone(),
        folder: config.folder.join(name),
        ca_pem: spec.ca.clone(),
        limits: Limits::default(),
    };
    let turn = state.sources.asked.turn(name).lock_owned().await;
    let Ok(permit) = state.sources.fetches.clone().acquire_owned().await else {
        return failed("the server is stopping", "");
    };
    // Both end with the fetch itself, even if whoever asked for it goes away.
    let fetched = tokio::task::spawn_blocking(move || {
        let fetched = nagaya_source::fetch(&request);
        drop((turn, permit));
        fetched.map(|(commit, files)| (commit, nagaya_source::parse(&files)))
    });
    let fetched = fetched.await.map_err(|error| ApiError::internal(format!("a fetch broke: {error}")))?;
    Ok(match fetched {
        Err(error) => Err(error.into()),
        Ok((commit, contents)) => match wanted(source, contents) {
            Ok(documents) => Ok((commit, documents)),
            Err(errors) => Err(Failed { reason: "NotApplied", commit, errors }),
        },
    })
}

fn record(who: &str, name: &str, applied: &Applied) -> NewAudit {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for change in &applied.changes {
        *counts.entry(format!("{:?}", change.change).to_lowercase()).or_default() += 1;
    }
    let counts: Vec<_> = counts.into_iter().map(|(word, count)| format!("{count} {word}")).collect();
    let what = if counts.is_empty() { "nothing changed".to_owned() } else { counts.join(", ") };
    NewAudit {
        who: who.to_owned(),
        verb: "sync".into(),
        kind: Kind::Source.name().into(),
        name: name.to_owned(),
        result: "ok".into(),
        message: format!("commit {}: {what}", applied.commit),
        ..NewAudit::default()
    }
}

fn ready(status: bool, reason: &str, message: String, now: Timestamp) -> Condition {
    Condition { kind: "Ready".into(), status, reason: reason.into(), message, last_transition_time: now }
}

fn tell_applied(status: &mut SourceStatus, applied: &Applied, generation: i64, now: Timestamp) {
    if status.commit != applied.commit || status.fetched_at.is_none() {
        status.fetched_at = Some(now);
    }
    status.commit.clone_from(&applied.commit);
    status.observed_generation = generation;
    status.objects.clone_from(&applied.objects);
    status.errors.clear();
    status.failed_commit.clear();
    let message = format!("{} objects are as commit {} says", applied.objects.len(), short(&applied.commit));
    condition::set(&mut status.conditions, ready(true, "Synced", message, now));
}

fn tell_failed(status: &mut SourceStatus, failed: Failed, generation: i64, now: Timestamp) {
    let count = failed.errors.len();
    let first = failed.errors.first().map(sentence).unwrap_or_default();
    let more = if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
    status.observed_generation = generation;
    status.errors = failed.errors;
    status.errors.truncate(KEPT);
    status.failed_commit = failed.commit;
    let at = if status.failed_commit.is_empty() {
        String::new()
    } else {
        format!("nothing of commit {} was applied: ", short(&status.failed_commit))
    };
    condition::set(&mut status.conditions, ready(false, failed.reason, format!("{at}{first}{more}"), now));
}

fn sentence(error: &SourceError) -> String {
    let line = if error.line == 0 { String::new() } else { format!(":{}", error.line) };
    let place = format!("{}{line}", error.file);
    let parts: Vec<&str> = [place.as_str(), &error.object, &error.field, &error.message]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    let mend = if error.mend.is_empty() { String::new() } else { format!(" ({})", error.mend) };
    format!("{}{mend}", parts.join(": "))
}

/// The beginning of a commit's id, by which people know it.
pub(super) fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}

/// Names of documents, for looking up.
pub(super) fn names(documents: &[Document]) -> BTreeSet<(String, String)> {
    let text = |document: &Document, pointer| {
        document.object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    documents.iter().map(|document| (text(document, "/kind"), text(document, "/metadata/name"))).collect()
}

/// An object without what only the server writes.
pub(super) fn plain(object: &RawObject) -> Value {
    let mut metadata = serde_json::Map::new();
    metadata.insert("name".into(), object.metadata.name.clone().into());
    for (key, map) in [("labels", &object.metadata.labels), ("annotations", &object.metadata.annotations)] {
        if !map.is_empty() {
            metadata.insert(key.into(), serde_json::json!(map));
        }
    }
    if let Some(team) = &object.metadata.team {
        metadata.insert("team".into(), team.clone().into());
    }
    serde_json::json!({"apiVersion": object.api_version, "kind": object.kind, "metadata": metadata, "spec": object.spec})
}
