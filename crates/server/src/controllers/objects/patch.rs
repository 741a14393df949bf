//! PATCH /<plural>/{name}: merge patch (RFC 7396), or server-side apply.

use axum::{
    Json,
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
};
use nagaya_api::{ApiError, Cause, Kind, RawObject, apply, merge_patch::merge};
use nagaya_store::{Outcome, Owners, Tx};
use serde_json::{Value, json};

use super::write::{Write, check_revision};
use crate::{answer::Answer, body, view::View};

/// Changes an object by the patch of the content type.
pub async fn patch(
    write: Write,
    kind: Kind,
    name: String,
    headers: &HeaderMap,
    bytes: Bytes,
) -> Answer<(StatusCode, Json<RawObject>)> {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let content_type = content_type.split(';').next().unwrap_or_default().trim();
    let patch: Value = body::json(&bytes)?;
    let applies = match content_type {
        body::APPLY => true,
        body::MERGE => false,
        other => {
            return Err(ApiError::new(
                415,
                "UnsupportedMediaType",
                format!("content type \"{other}\" is no patch: send {} or {}", body::MERGE, body::APPLY),
            )
            .into());
        }
    };
    if applies && write.query.field_manager.as_deref().unwrap_or_default().is_empty() {
        return Err(ApiError::bad_request("an apply needs a name for who applies: ?fieldManager=…").into());
    }
    body::same(kind, &name, &patch)?;
    let (object, outcome) = write
        .run(move |tx, write| {
            Box::pin(async move {
                match tx.get(kind, &name).await? {
                    Some(old) if applies => apply_to(&write, tx, &old, &patch).await,
                    Some(old) => merge_into(&write, tx, &old, &patch).await,
                    None if applies => apply_new(&write, tx, kind, &name, &patch).await,
                    None => Err(ApiError::not_found(kind, &name).into()),
                }
            })
        })
        .await?;
    let status = if outcome == Outcome::Created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(View::of(&write.caller.person).object(object))))
}

async fn merge_into(
    write: &Write,
    tx: &mut Tx,
    old: &RawObject,
    patch: &Value,
) -> Answer<(RawObject, Outcome)> {
    let given = patch.pointer("/metadata/resourceVersion").and_then(Value::as_str).unwrap_or_default();
    check_revision(old, given)?;
    let mut value = to_value(old)?;
    merge(&mut value, patch);
    write.update(tx, old, from_value(old, value)?, Owners::ByChange).await
}

async fn apply_to(
    write: &Write,
    tx: &mut Tx,
    old: &RawObject,
    patch: &Value,
) -> Answer<(RawObject, Outcome)> {
    let manager = manager(write);
    let applied =
        apply::apply(&to_value(old)?, &old.metadata.managed_fields, patch, manager, write.query.force);
    let (value, owners) = applied.map_err(|conflicts| conflict(old, &conflicts))?;
    write.update(tx, old, from_value(old, value)?, Owners::Given(owners)).await
}

async fn apply_new(
    write: &Write,
    tx: &mut Tx,
    kind: Kind,
    name: &str,
    patch: &Value,
) -> Answer<(RawObject, Outcome)> {
    let bare =
        json!({"apiVersion": nagaya_api::API_VERSION, "kind": kind.name(), "metadata": {"name": name}});
    let applied = apply::apply(&bare, &[], patch, manager(write), write.query.force);
    let (value, owners) =
        applied.map_err(|_| ApiError::internal("a new object has no owners to conflict with"))?;
    let object = body::object(kind, Some(name), value.to_string().as_bytes())?;
    Ok((write.create(tx, object, Owners::Given(owners)).await?, Outcome::Created))
}

fn manager(write: &Write) -> &str {
    write.query.field_manager.as_deref().unwrap_or_default()
}

fn to_value(object: &RawObject) -> Answer<Value> {
    Ok(serde_json::to_value(object).map_err(|error| ApiError::internal(error.to_string()))?)
}

fn from_value(old: &RawObject, value: Value) -> Answer<RawObject> {
    Ok(serde_json::from_value(value).map_err(|error| {
        ApiError::invalid(
            old.kind,
            &old.metadata.name,
            vec![Cause::invalid("metadata", error.to_string(), "see /openapi.json")],
        )
    })?)
}

fn conflict(object: &RawObject, conflicts: &[apply::FieldConflict]) -> ApiError {
    let causes = conflicts.iter().map(|conflict| Cause {
        field: conflict.field.trim_start_matches('/').replace('/', "."),
        reason: "FieldManagerConflict".into(),
        message: format!("is set by \"{}\" to something else", conflict.manager),
        mend: "take its value into your file, leave the field out, or apply with force to take it over"
            .into(),
    });
    ApiError::conflict(object.kind, &object.metadata.name, "fields that others own would change")
        .because(causes.collect())
}
