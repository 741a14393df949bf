//! Releases' own verbs.

pub mod layers;
pub mod preview;
pub mod rollback;
pub mod secrets;
pub mod values;

use axum::Json;
use nagaya_api::{
    ApiError, Kind, RawObject, Release, Resource,
    kinds::release::{ATTEMPT_ANNOTATION, TEST_ANNOTATION},
};
use nagaya_store::Owners;

use crate::{answer::Answer, authorisation::Action, controllers::objects::write::Write, view::View};

/// POST /releases/{name}/retry: has what failed tried again.
pub async fn retry(write: Write, name: String) -> Answer<Json<RawObject>> {
    count(write, name, Action::Retry, ATTEMPT_ANNOTATION).await
}

/// POST /releases/{name}/test: has the chart's tests run; how they went is in the status.
pub async fn test(write: Write, name: String) -> Answer<Json<RawObject>> {
    count(write, name, Action::Test, TEST_ANNOTATION).await
}

/// Counts an annotation on: agents do what it counts.
async fn count(
    write: Write,
    name: String,
    action: Action,
    annotation: &'static str,
) -> Answer<Json<RawObject>> {
    let done = write
        .run(move |tx, write| {
            Box::pin(async move {
                tx.verb = Some(action.name());
                let object = tx.need(Kind::Release, &name).await?;
                write.may(action, &object)?;
                let mut release = Release::from_raw(&object)?;
                if release.metadata.deletion_timestamp.is_some() {
                    let message = "it is being uninstalled: wait until it is gone, and install it anew";
                    return Err(ApiError::conflict(Kind::Release, &name, message).into());
                }
                let counted = match action {
                    Action::Test => release.test(),
                    _ => release.attempt(),
                };
                let counted = counted.wrapping_add(1).to_string();
                release.metadata.annotations.insert(annotation.to_owned(), counted);
                Ok(tx.update(release.to_raw(), Owners::ByChange).await?)
            })
        })
        .await?;
    Ok(Json(View::of(&write.caller.person).object(done.0)))
}
