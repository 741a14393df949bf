//! Bringing a chart or its icon here.

use nagaya_api::{
    ApiError, Kind, Repository,
    kinds::repository::{is_local, is_oci},
};

use super::{
    Archives, IndexEntry,
    archives::LIMIT,
    config,
    http::{Place, Read},
    index::hex,
    secret::credential,
};
use crate::{ServerState, answer::Answer};

/// The largest icon, in bytes.
const ICON: usize = 512 << 10;
/// What an icon may be. A picture that holds scripts (SVG) is harmless where it is shown: as an image, and in a sandbox.
const PICTURES: [&str; 6] =
    ["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", "image/x-icon"];

fn refused(repository: &Repository, why: String) -> crate::answer::Refusal {
    ApiError::conflict(Kind::Repository, &repository.metadata.name, why).into()
}

/// The archive of a version, and its digest; from its server if it is not here.
///
/// # Errors
/// 409 with why it cannot be had, or is not what its repository says.
pub async fn bring(
    state: &ServerState,
    repository: &Repository,
    chart: &str,
    entry: &IndexEntry,
) -> Answer<(String, Vec<u8>)> {
    let archives = Archives::new(&config(state)?.folder);
    let (name, url) = (&repository.metadata.name, &repository.spec.url);
    if !entry.digest.is_empty()
        && let Some(bytes) = archives.get(&entry.digest)
    {
        return Ok((entry.digest.clone(), bytes));
    }
    if is_local(url) {
        // The next look at the folder packs it again.
        state.catalogue.asked.ask(name);
        let why = format!("{chart} {} is not here any more: it is being read again", entry.version);
        return Err(refused(repository, why));
    }
    let credential = credential(state, name, url).await?;
    let bytes = match is_oci(url) {
        true => {
            let (registry, door) =
                super::oci(repository, credential.as_ref()).await.map_err(|why| refused(repository, why))?;
            let found = registry.resolve(chart, &entry.version).await;
            let found = found.map_err(|error| refused(repository, super::refusal(&error, &door)))?;
            let fetched = registry.fetch(&found).await;
            fetched.map_err(|error| refused(repository, super::refusal(&error, &door)))?
        }
        false => {
            let place = Place { repository: url, ca: &repository.spec.ca, credential: credential.as_ref() };
            place.read(&entry.url, LIMIT).await.map_err(|why| refused(repository, why))?.bytes
        }
    };
    if bytes.len() > LIMIT {
        return Err(refused(repository, format!("{chart} {} is larger than {LIMIT} bytes", entry.version)));
    }
    let digest = hex(&bytes);
    if !entry.digest.is_empty() && digest != entry.digest {
        let why = format!(
            "{}: is not what the index says (SHA-256 {digest} instead of {}): somebody changed it",
            entry.url, entry.digest
        );
        return Err(refused(repository, why));
    }
    let kept = archives.put(&bytes);
    let digest = kept.map_err(|error| ApiError::internal(format!("a chart cannot be kept: {error}")))?;
    Ok((digest, bytes))
}

/// The icon of a version: its type and its bytes.
///
/// # Errors
/// 404 when it has none, 409 with why it cannot be had.
pub async fn icon(repository: &Repository, entry: &IndexEntry) -> Answer<(String, Vec<u8>)> {
    if entry.icon.is_empty() {
        return Err(ApiError::new(404, "NotFound", "the chart has no icon").into());
    }
    let read = match entry.icon.strip_prefix("data:") {
        Some(data) => inline(data).ok_or_else(|| refused(repository, "the icon does not read".into()))?,
        None => {
            // Whoever keeps the index says where icons are, also an index of one's own network's server.
            let place = Place { repository: &repository.spec.url, ca: &repository.spec.ca, credential: None };
            place.read(&entry.icon, ICON).await.map_err(|why| refused(repository, why))?
        }
    };
    let kind = read.kind.split(';').next().unwrap_or_default().trim().to_lowercase();
    let kind = if kind == "image/vnd.microsoft.icon" { "image/x-icon".to_owned() } else { kind };
    if !PICTURES.contains(&kind.as_str()) {
        return Err(refused(repository, format!("the icon is no picture but \"{kind}\"")));
    }
    Ok((kind, read.bytes))
}

/// A picture that stands in its address (RFC 2397).
fn inline(data: &str) -> Option<Read> {
    use base64::Engine as _;
    let (about, data) = data.split_once(',')?;
    if data.len() > ICON * 2 {
        return None;
    }
    let kind = about.strip_suffix(";base64")?;
    let bytes = base64::engine::general_purpose::STANDARD.decode(data).ok()?;
    Some(Read { bytes, kind: kind.to_owned() })
}
