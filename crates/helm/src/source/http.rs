//! Repositories behind HTTP.

use std::time::Duration;

use reqwest::{Certificate, Client, Url};

use super::{Error, Repository};

/// Gets what is at an address, so many bytes at most. User and password go only to the repository's own host.
pub(super) async fn get(repository: &Repository, url: &str, limit: usize) -> Result<Vec<u8>, Error> {
    let unreachable = |problem: String| Error::Unreachable { url: url.to_owned(), problem };
    let address = Url::parse(url).map_err(|error| unreachable(error.to_string()))?;
    let mut request = client(repository).map_err(unreachable)?.get(address.clone());
    if let Some(login) = &repository.login {
        let home = Url::parse(&repository.url).map_err(|error| unreachable(error.to_string()))?;
        if home.origin() == address.origin() {
            request = request.basic_auth(&login.user, Some(&login.password));
        }
    }
    let mut response = request.send().await.map_err(|error| unreachable(reason(&error)))?;
    let status = response.status().as_u16();
    match status {
        200 => {}
        401 | 403 => return Err(Error::Denied { url: url.to_owned(), status }),
        _ => return Err(unreachable(format!("it answers {}", response.status()))),
    }
    let too_large = || Error::TooLarge { url: url.to_owned(), limit };
    let length = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    if length > limit {
        return Err(too_large());
    }
    let mut body = Vec::with_capacity(length);
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(reason(&error)))? {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn client(repository: &Repository) -> Result<Client, String> {
    let mut builder = Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .read_timeout(Duration::from_secs(30))
        .user_agent(concat!("nagaya/", env!("CARGO_PKG_VERSION")));
    if let Some(ca) = &repository.ca {
        let certificates = Certificate::from_pem_bundle(ca.as_bytes())
            .map_err(|error| format!("its CA is no certificate in PEM: {}", reason(&error)))?;
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().map_err(|error| reason(&error))
}

/// An error with what caused it: reqwest tells only the outermost.
pub(super) fn reason(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let inner = error.to_string();
        if !text.contains(&inner) {
            text.push_str(": ");
            text.push_str(&inner);
        }
        source = error.source();
    }
    text
}
