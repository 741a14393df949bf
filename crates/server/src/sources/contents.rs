//! What of a folder's contents is to be applied. Pure.

use std::collections::BTreeMap;

use nagaya_api::{API_VERSION, Kind, Source, kinds::source::SourceError};
use nagaya_source::{Contents, Document};
use serde_json::{Value, json};

/// The objects to apply, what others name first.
///
/// # Errors
/// All that keeps them from being applied, as far as it can be told without a look at other objects.
pub fn wanted(source: &Source, contents: Contents) -> Result<Vec<Document>, Vec<SourceError>> {
    let Contents { nagaya, kubernetes, mut errors } = contents;
    let mut documents = Vec::new();
    let mut seen: BTreeMap<(Kind, String), String> = BTreeMap::new();
    for document in nagaya.into_iter().chain(bundle(source, kubernetes, &mut errors)) {
        let text = |pointer| document.object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let Some(kind) = Kind::ALL.iter().copied().find(|kind| kind.name() == text("/kind")) else {
            let known: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            errors.push(document.error("kind", "is not known", format!("write one of {}", known.join(", "))));
            continue;
        };
        if matches!(kind, Kind::Source | Kind::BundleVersion | Kind::ReleaseVersion) {
            let mend = "make it in Nagaya: which repositories are trusted is not said in a repository";
            errors.push(document.error("kind", format!("a source makes no {kind}"), mend));
            continue;
        }
        let name = text("/metadata/name").to_owned();
        if name.is_empty() {
            let mend = "lower-case letters, digits and '-'; a number wants quotes";
            errors.push(document.error("metadata.name", "is required", mend));
            continue;
        }
        let place = format!("{}:{}", document.file, document.line);
        if let Some(first) = seen.insert((kind, name), place) {
            errors.push(document.error("metadata.name", format!("is in {first} already"), "remove one"));
            continue;
        }
        if let Err(error) = valid(&document) {
            errors.extend(error);
            continue;
        }
        documents.push((kind, document));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    documents.sort_by_key(|(kind, _)| *kind);
    Ok(documents.into_iter().map(|(_, document)| document).collect())
}

/// Checks an object by itself.
fn valid(document: &Document) -> Result<(), Vec<SourceError>> {
    let object: Result<nagaya_api::RawObject, _> = serde_json::from_value(document.object.clone());
    let object = object.map_err(|error| {
        vec![document.error("metadata", format!("does not read: {error}"), "see `nagaya explain`")]
    })?;
    object.validated().map(drop).map_err(|error| refused(document, &error))
}

/// What the server says of an object, field by field.
pub fn refused(document: &Document, error: &nagaya_api::ApiError) -> Vec<SourceError> {
    if error.details.causes.is_empty() {
        return vec![document.error("", &error.message, "")];
    }
    let causes = error.details.causes.iter();
    causes.map(|cause| document.error(&cause.field, &cause.message, &cause.mend)).collect()
}

/// The bundle of the Kubernetes objects.
fn bundle(source: &Source, objects: Vec<Document>, errors: &mut Vec<SourceError>) -> Option<Document> {
    let first = objects.first()?.clone();
    let Some(bundle) = &source.spec.bundle else {
        errors.extend(objects.iter().map(|object| {
            let mend =
                "say in the source's spec.bundle.groups which clusters get it, or put it into a Bundle";
            object.error(
                "apiVersion",
                "is an object of Kubernetes, and the source says no clusters for it",
                mend,
            )
        }));
        return None;
    };
    // Said here with its file; the bundle's own check would name a number only.
    for object in &objects {
        for (pointer, field) in [("/kind", "kind"), ("/metadata/name", "metadata.name")] {
            if object.object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().is_empty() {
                errors.push(object.error(field, "is required", "write it"));
            }
        }
    }
    let mut spec = json!(bundle);
    spec["objects"] = objects.into_iter().map(|document| document.object).collect();
    let object = json!({
        "apiVersion": API_VERSION,
        "kind": Kind::Bundle.name(),
        "metadata": {"name": source.metadata.name},
        "spec": spec,
    });
    Some(Document { object, ..first })
}
