//! POST /releases/{name}/rollback

use axum::{Json, body::Bytes};
use nagaya_api::{
    ApiError, Kind, RawObject, Release, ReleaseVersion, Resource,
    catalogue::RollbackRequest,
    kinds::release::{MESSAGE_ANNOTATION, ROLLBACK_ANNOTATION},
};
use nagaya_store::Owners;

use crate::{answer::Answer, authorisation::Action, body, controllers::objects::write::Write, view::View};

/// Makes a release what it was in an earlier version, with the very chart of then.
pub async fn rollback(write: Write, name: String, bytes: Bytes) -> Answer<Json<RawObject>> {
    let asked: RollbackRequest =
        if bytes.is_empty() { RollbackRequest::default() } else { body::json(&bytes)? };
    let done = write
        .run(move |tx, write| {
            Box::pin(async move {
                tx.verb = Some(Action::Rollback.name());
                let object = tx.need(Kind::Release, &name).await?;
                write.may(Action::Rollback, &object)?;
                let mut release = Release::from_raw(&object)?;
                let mut versions = Vec::new();
                for raw in tx.all(Kind::ReleaseVersion).await? {
                    let version = ReleaseVersion::from_raw(&raw)?.spec;
                    if version.release == name && version.uid == release.metadata.uid {
                        versions.push(version);
                    }
                }
                versions.sort_by_key(|version| std::cmp::Reverse(version.version));
                let found = match asked.version {
                    0 => versions.get(1),
                    number => versions.iter().find(|version| version.version == number),
                };
                let Some(version) = found else {
                    let numbers: Vec<_> = versions.iter().map(|one| one.version.to_string()).collect();
                    let message = match asked.version {
                        0 => "there is no version before the present one".to_owned(),
                        number => format!("there is no version {number}; kept are {}", numbers.join(", ")),
                    };
                    return Err(ApiError::conflict(Kind::Release, &name, message).into());
                };
                let spec = &mut release.spec;
                // The constraint may stand for another version by now.
                spec.version.clone_from(&version.chart.version);
                spec.repository.clone_from(&version.chart.repository);
                spec.chart.clone_from(&version.chart.name);
                spec.create_namespace = version.create_namespace;
                spec.values.clone_from(&version.values);
                spec.secrets.clone_from(&version.secrets);
                (spec.atomic, spec.wait) = (version.atomic, version.wait);
                spec.timeout_seconds = version.timeout_seconds;
                (spec.hooks, spec.crds) = (version.hooks, version.crds);
                spec.ignore.clone_from(&version.ignore);
                let changed = release.to_raw().spec != object.spec;
                let generation = release.metadata.generation + i64::from(changed);
                let annotations = &mut release.metadata.annotations;
                annotations
                    .insert(ROLLBACK_ANNOTATION.to_owned(), format!("{generation}/{}", version.version));
                annotations
                    .insert(MESSAGE_ANNOTATION.to_owned(), format!("back to version {}", version.version));
                write.update(tx, &object, release.to_raw(), Owners::ByChange).await
            })
        })
        .await?;
    Ok(Json(View::of(&write.caller.person).object(done.0)))
}
