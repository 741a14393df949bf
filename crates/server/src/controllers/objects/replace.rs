//! PUT /<plural>/{name}

use axum::{Json, body::Bytes};
use nagaya_api::{ApiError, Cause, Kind, RawObject};
use nagaya_store::Owners;

use super::write::{Write, check_revision};
use crate::{answer::Answer, body, view::View};

/// Replaces an object. It must name the revision it was read at, so that nobody's change is lost.
pub async fn replace(write: Write, kind: Kind, name: String, bytes: Bytes) -> Answer<Json<RawObject>> {
    let object = body::object(kind, Some(&name), &bytes)?;
    if object.metadata.resource_version.is_empty() {
        let mend = "read the object, change what you read and send it back whole; or send a PATCH";
        return Err(
            ApiError::invalid(kind, &name, vec![Cause::required("metadata.resourceVersion", mend)]).into()
        );
    }
    let (done, _) = write
        .run(move |tx, write| {
            Box::pin(async move {
                let old = tx.need(kind, &name).await?;
                check_revision(&old, &object.metadata.resource_version)?;
                write.update(tx, &old, object, Owners::ByChange).await
            })
        })
        .await?;
    Ok(Json(View::of(&write.caller.person).object(done)))
}
