//! What a source owns is changed in Git; elsewhere only by saying so.

use nagaya_api::{
    ApiError, Cause, RawObject,
    kinds::source::{COMMIT_ANNOTATION, SOURCE_ANNOTATION, manager},
};

use crate::controllers::objects::Override;

/// Refuses a change (`new`), or a delete (none), of what a source owns, unless the request says so. A source itself says
/// so.
///
/// # Errors
/// 409, naming each field.
pub fn check(old: &RawObject, new: Option<&RawObject>, said: Option<Override>) -> Result<(), ApiError> {
    let Some(source) = old.metadata.annotations.get(SOURCE_ANNOTATION) else { return Ok(()) };
    let owner = manager(source);
    if said == Some(Override::Source) {
        return Ok(());
    }
    let commit = old
        .metadata
        .annotations
        .get(COMMIT_ANNOTATION)
        .map_or("", |commit| commit.get(..12).unwrap_or(commit));
    let mend = format!(
        "change it in the source's repository; or say ?override=source with the request: the next sync of \"{source}\" puts it back unless it is suspended"
    );
    let causes: Vec<Cause> = match new {
        None => vec![cause("metadata.name", source, commit, &mend)],
        Some(new) => {
            let value = |object: &RawObject| {
                serde_json::to_value(object).map_err(|error| ApiError::internal(error.to_string()))
            };
            let (before, after) = (value(old)?, value(new)?);
            let fields = old.metadata.managed_fields.iter().filter(|entry| entry.manager == owner);
            let changed = fields
                .flat_map(|entry| &entry.fields)
                .filter(|field| before.pointer(field) != after.pointer(field));
            changed
                .map(|field| {
                    let field =
                        field.trim_start_matches('/').replace('/', ".").replace("~1", "/").replace("~0", "~");
                    cause(&field, source, commit, &mend)
                })
                .collect()
        }
    };
    if causes.is_empty() {
        return Ok(());
    }
    let message = format!("source \"{source}\" owns it, from commit {commit}");
    let mut error = ApiError::conflict(old.kind, &old.metadata.name, message).because(causes);
    error.reason = "SourceOwned".into();
    Err(error)
}

fn cause(field: &str, source: &str, commit: &str, mend: &str) -> Cause {
    Cause {
        field: field.to_owned(),
        reason: "SourceOwned".into(),
        message: format!("is set by source \"{source}\" at commit {commit}"),
        mend: mend.to_owned(),
    }
}
