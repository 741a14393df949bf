//! Bodies of requests: how large, and what they must be.

use axum::{body::Bytes, extract::Request};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use nagaya_api::{ApiError, Kind, RawObject};
use serde_json::Value;

use crate::answer::Refusal;

/// Content type of an RFC 7396 merge patch.
pub const MERGE: &str = "application/merge-patch+json";
/// Content type of a server-side apply; the body is JSON.
pub const APPLY: &str = "application/apply-patch+json";
/// Largest body of a request about objects, in bytes. Most are kilobytes; a bundle holds up to 1 MiB, and some more when
/// it comes back with its status for a thousand clusters.
pub const LIMIT: usize = 2 << 20;

/// Takes the whole body out of a request.
///
/// # Errors
/// 413 when it is too large, 400 when it broke off.
pub async fn read(request: &mut Request) -> Result<Bytes, Refusal> {
    let body = std::mem::take(request.body_mut());
    match Limited::new(body, LIMIT).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(ApiError::new(
            413,
            "RequestEntityTooLarge",
            format!("the body is larger than {LIMIT} bytes: an object is never so large"),
        )
        .into()),
        Err(error) => Err(ApiError::bad_request(format!("the body broke off: {error}")).into()),
    }
}

/// Reads JSON.
///
/// # Errors
/// 400 with the place where it is none.
pub fn json<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes)
        .map_err(|error| ApiError::bad_request(format!("the body does not read: {error}")))
}

/// The object of a body that is to be of a kind, and of the name in the path where there is one. `apiVersion`,
/// `kind` and the name may be left out where the address says them.
///
/// # Errors
/// 400 when it says another kind or name than the address.
pub fn object(kind: Kind, name: Option<&str>, bytes: &[u8]) -> Result<RawObject, ApiError> {
    let mut value: Value = json(bytes)?;
    let Some(map) = value.as_object_mut() else {
        return Err(ApiError::bad_request(format!("the body must be a JSON object of kind {kind}")));
    };
    let said = map.entry("kind").or_insert_with(|| kind.name().into());
    if said != kind.name() {
        return Err(ApiError::bad_request(format!("the body is of kind {said}, the address of kind {kind}")));
    }
    map.entry("apiVersion").or_insert_with(|| nagaya_api::API_VERSION.into());
    if let Some(name) = name {
        let metadata = map.entry("metadata").or_insert_with(|| Value::Object(serde_json::Map::new()));
        if let Some(metadata) = metadata.as_object_mut() {
            let said = metadata.entry("name").or_insert_with(|| name.into());
            if said != name {
                return Err(ApiError::bad_request(format!(
                    "the body is named {said}, the address names \"{name}\": an object keeps its name"
                )));
            }
        }
    }
    serde_json::from_value(value)
        .map_err(|error| ApiError::bad_request(format!("the body is no {kind}: {error}")))
}

/// Checks that kind and name, where a patch says them, are those of the address.
///
/// # Errors
/// 400 when they are not.
pub fn same(kind: Kind, name: &str, patch: &Value) -> Result<(), ApiError> {
    let said = |pointer| patch.pointer(pointer).filter(|value| !value.is_null());
    if let Some(said) = said("/kind").filter(|said| *said != kind.name()) {
        return Err(ApiError::bad_request(format!(
            "the patch is of kind {said}, the address of kind {kind}"
        )));
    }
    if let Some(said) = said("/metadata/name").filter(|said| *said != name) {
        let message = format!("the patch names {said}, the address \"{name}\": an object keeps its name");
        return Err(ApiError::bad_request(message));
    }
    Ok(())
}
