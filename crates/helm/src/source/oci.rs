//! Charts in OCI registries: a version is a tag, the archive a layer.

use std::time::Duration;

use futures::TryStreamExt as _;
use oci_client::{
    Client, Reference,
    client::{Certificate, CertificateEncoding, ClientConfig, ClientProtocol},
    errors::OciDistributionError,
    secrets::RegistryAuth,
};

use super::{Error, Found, MAX_ARCHIVE, Repository, http::reason, sort_versions};
use crate::version::Version;

/// How an archive of a chart is called there.
const LAYER: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
/// As it was called before.
const OLD_LAYER: &str = "application/tar+gzip";
/// How many tags are asked for at once, and how many are enough.
const PAGE: usize = 1000;
const MAX_TAGS: usize = 20_000;

fn client(repository: &Repository) -> Client {
    let ca = repository
        .ca
        .iter()
        .map(|ca| Certificate { encoding: CertificateEncoding::Pem, data: ca.clone().into_bytes() });
    // Registries on this machine speak plain HTTP, as everywhere.
    let host = repository.url.trim_start_matches("oci://").split('/').next().unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let local = matches!(name, "localhost" | "127.0.0.1") && repository.ca.is_none();
    Client::new(ClientConfig {
        protocol: if local { ClientProtocol::Http } else { ClientProtocol::Https },
        extra_root_certificates: ca.collect(),
        connect_timeout: Some(Duration::from_secs(10)),
        read_timeout: Some(Duration::from_secs(30)),
        https_proxy: repository.proxy.clone(),
        http_proxy: repository.proxy.clone(),
        ..ClientConfig::default()
    })
}

fn auth(repository: &Repository) -> RegistryAuth {
    match &repository.login {
        Some(login) => RegistryAuth::Basic(login.user.clone(), login.password.clone()),
        None => RegistryAuth::Anonymous,
    }
}

/// A chart's address in the registry; with an empty name the repository's address is the chart's.
fn address(repository: &Repository, chart: &str) -> String {
    if chart.is_empty() { repository.url.clone() } else { format!("{}/{chart}", repository.url) }
}

fn reference(url: &str, tag: &str) -> Result<Reference, Error> {
    let name = url.strip_prefix("oci://").unwrap_or(url);
    // A tag may not have a plus: Helm writes an underscore.
    let text = format!("{name}:{}", tag.replace('+', "_"));
    text.parse().map_err(|error: oci_client::ParseError| failure(url, error.to_string()))
}

fn failure(url: &str, problem: String) -> Error {
    Error::Unreachable { url: url.to_owned(), problem }
}

fn refused(url: &str, error: &OciDistributionError) -> Error {
    match error {
        OciDistributionError::AuthenticationFailure(_) | OciDistributionError::UnauthorizedError { .. } => {
            Error::Denied { url: url.to_owned(), status: 401 }
        }
        other => failure(url, reason(other)),
    }
}

/// Its tags that are versions, the newest first.
pub(super) async fn versions(repository: &Repository, chart: &str) -> Result<Vec<String>, Error> {
    let url = address(repository, chart);
    let reference = reference(&url, "latest")?;
    let (client, auth) = (client(repository), auth(repository));
    let mut tags: Vec<String> = Vec::new();
    loop {
        let last = tags.last().cloned();
        let page = client
            .list_tags(&reference, &auth, Some(PAGE), last.as_deref())
            .await
            .map_err(|error| refused(&url, &error))?
            .tags;
        // Some registries give all of them each time.
        let is_last = page.len() < PAGE || page.first() == tags.first();
        if page.first() != tags.first() || tags.is_empty() {
            tags.extend(page);
        }
        if is_last || tags.len() >= MAX_TAGS {
            break;
        }
    }
    let mut versions: Vec<String> = tags
        .into_iter()
        .map(|tag| tag.replace('_', "+"))
        .filter(|tag| Version::parse(tag).is_ok_and(|version| !version.original.is_empty()))
        .collect();
    sort_versions(&mut versions, |version| version);
    if versions.is_empty() { Err(repository.no_chart(chart)) } else { Ok(versions) }
}

pub(super) async fn resolve(repository: &Repository, chart: &str, constraint: &str) -> Result<Found, Error> {
    let url = address(repository, chart);
    let versions = versions(repository, chart).await?;
    let names: Vec<&str> = versions.iter().map(String::as_str).collect();
    let version = repository.choose(chart, &names, constraint)?;
    Ok(Found { name: chart.to_owned(), version: version.to_owned(), digest: None, url })
}

pub(super) async fn fetch(repository: &Repository, found: &Found) -> Result<Vec<u8>, Error> {
    let url = &found.url;
    let reference = reference(url, &found.version)?;
    let client = client(repository);
    let (manifest, _) = client
        .pull_image_manifest(&reference, &auth(repository))
        .await
        .map_err(|error| refused(url, &error))?;
    let layer =
        manifest
            .layers
            .iter()
            .find(|layer| matches!(layer.media_type.as_str(), LAYER | OLD_LAYER))
            .ok_or_else(|| failure(url, "it is no chart: its manifest has no layer of Helm's type".into()))?;
    let too_large = || Error::TooLarge { url: url.clone(), limit: MAX_ARCHIVE };
    if usize::try_from(layer.size).unwrap_or(usize::MAX) > MAX_ARCHIVE {
        return Err(too_large());
    }
    let mut stream =
        client.pull_blob_stream(&reference, layer).await.map_err(|error| refused(url, &error))?;
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.try_next().await.map_err(|error| failure(url, reason(&error)))? {
        if bytes.len() + chunk.len() > MAX_ARCHIVE {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    let is = format!("sha256:{}", super::digest(&bytes));
    if layer.digest != is {
        return Err(Error::Digest { url: url.clone(), is, promised: layer.digest.clone() });
    }
    Ok(bytes)
}
