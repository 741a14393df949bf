//! PUT /releases/{name}/secrets

use axum::{Json, body::Bytes};
use nagaya_api::{ApiError, Cause, Kind, Release, Resource, catalogue::SecretValues, names};
use nagaya_store::Owners;
use serde_json::{Value, json};

use crate::{answer::Answer, authorisation::Action, body, controllers::objects::write::Write};

/// Annotation of a release that counts how often its secrets were changed: who reads it looks for them again.
const SECRETS_ANNOTATION: &str = "nagaya.dev/secrets";
/// Longest value.
const LONGEST: usize = 64 << 10;

/// Seals values of a release, by name. They leave the server only towards the clusters of the release.
pub async fn secrets(write: Write, name: String, bytes: Bytes) -> Answer<Json<Value>> {
    let SecretValues(values) = body::json(&bytes)?;
    let mut causes = Vec::new();
    if values.is_empty() {
        causes.push(Cause::required("", "send {name: value}"));
    }
    for (secret, value) in &values {
        causes.extend(names::check(secret, secret).err());
        if value.len() > LONGEST {
            causes.push(Cause::invalid(secret, "is too long", format!("at most {LONGEST} bytes")));
        }
    }
    if !causes.is_empty() {
        return Err(ApiError::invalid(Kind::Release, &name, causes).into());
    }
    let store = write.state.store.clone();
    let now = write.state.now();
    // Sealed before the release says that something is new: whoever looks then finds it.
    for (secret, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
        store.secret_put(&Release::secret_name(&name, secret), value.as_bytes(), now).await?;
    }
    let forgotten: Vec<String> = values
        .iter()
        .filter(|(_, value)| value.is_empty())
        .map(|(secret, _)| Release::secret_name(&name, secret))
        .collect();
    write
        .run(move |tx, write| {
            Box::pin(async move {
                tx.verb = Some(Action::ReleaseSecret.name());
                let object = tx.need(Kind::Release, &name).await?;
                write.may(Action::ReleaseSecret, &object)?;
                for secret in &forgotten {
                    tx.secret_delete(secret).await?;
                }
                let mut release = Release::from_raw(&object)?;
                let annotations = &mut release.metadata.annotations;
                let count: u64 =
                    annotations.get(SECRETS_ANNOTATION).and_then(|text| text.parse().ok()).unwrap_or(0);
                annotations.insert(SECRETS_ANNOTATION.to_owned(), count.wrapping_add(1).to_string());
                Ok(tx.update(release.to_raw(), Owners::ByChange).await?)
            })
        })
        .await?;
    Ok(Json(json!({})))
}
