//! POST /<plural>

use axum::{Json, body::Bytes, http::StatusCode};
use nagaya_api::{Kind, RawObject};
use nagaya_store::{Outcome, Owners};

use super::write::Write;
use crate::{answer::Answer, body, view::View};

/// Makes an object.
pub async fn create(write: Write, kind: Kind, bytes: Bytes) -> Answer<(StatusCode, Json<RawObject>)> {
    let object = body::object(kind, None, &bytes)?;
    let (made, _) = write
        .run(move |tx, write| {
            Box::pin(async move { Ok((write.create(tx, object, Owners::ByChange).await?, Outcome::Created)) })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(View::of(&write.caller.person).object(made))))
}
