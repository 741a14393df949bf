//! Reading from the network: bounded in size and time.

use std::time::Duration;

use nagaya_api::kinds::source::origin;
use reqwest::{Client, StatusCode, redirect::Policy};

use super::guard;
use crate::credential::Credential;

/// How long one file may take.
const TIME: Duration = Duration::from_secs(120);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(15);

/// Whom the server asks, and as whom.
pub struct Place<'a> {
    /// Address of the repository.
    pub repository: &'a str,
    /// Certificates of a private authority, PEM.
    pub ca: &'a str,
    /// What its server is asked with.
    pub credential: Option<&'a Credential>,
}

/// What was read.
pub struct Read {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// What they are, as their server says.
    pub kind: String,
}

impl Place<'_> {
    /// Whether an address is on the repository's own server.
    fn is_own(&self, url: &str) -> bool {
        origin(self.repository) == origin(url)
    }

    fn client(&self, own: bool) -> Result<Client, String> {
        let from = origin(self.repository).to_owned();
        let policy = Policy::custom(move |attempt| {
            if attempt.previous().len() > 5 {
                return attempt.error("leads from place to place without end");
            }
            // Where the repository's own server sends us on its own ground is its matter.
            if own && origin(attempt.url().as_str()) == from || guard::may_go(attempt.url()) {
                return attempt.follow();
            }
            attempt.error("leads to an address that is not of the network at large")
        });
        let mut builder = Client::builder()
            .user_agent(concat!("nagaya/", env!("CARGO_PKG_VERSION")))
            .timeout(TIME)
            .connect_timeout(CONNECT)
            .redirect(policy)
            .no_proxy();
        if !self.ca.is_empty() {
            let certificates = reqwest::Certificate::from_pem_bundle(self.ca.as_bytes())
                .map_err(|error| format!("spec.ca: {error}"))?;
            builder = builder.tls_certs_merge(certificates);
        }
        let home = reqwest::Url::parse(self.repository).ok();
        let home = home.as_ref().and_then(reqwest::Url::host_str).filter(|_| own);
        builder.dns_resolver(guard::resolver(home)).build().map_err(|error| whole(&error))
    }

    /// Reads a file of at most so many bytes.
    ///
    /// # Errors
    /// Why it cannot be read. Nothing of what a server answers is told.
    pub async fn read(&self, url: &str, limit: usize) -> Result<Read, String> {
        let own = self.is_own(url);
        let address = reqwest::Url::parse(url).map_err(|error| format!("{url}: {error}"))?;
        if !own && !guard::may_go(&address) {
            return Err(format!("{url}: is not an address of the network at large"));
        }
        let mut request = self.client(own)?.get(address);
        if let Some(credential) = self.credential.filter(|_| own) {
            request = request.basic_auth(&credential.user, Some(&credential.password));
        }
        let mut response = request.send().await.map_err(|error| format!("{url}: {}", whole(&error)))?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                return Err(format!(
                    "{url}: its server wants another user or password: `nagaya repository secret`"
                ));
            }
            status => return Err(format!("{url}: its server answers {status}")),
        }
        let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| format!("{url}: {}", whole(&error)))? {
            if bytes.len() + chunk.len() > limit {
                return Err(format!("{url}: is larger than {limit} bytes"));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Read { bytes, kind })
    }
}

/// An error with what it comes from, without the address, which stands before it.
fn whole(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut next: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(cause) = next {
        text = cause.to_string();
        next = cause.source();
    }
    match text.is_empty() {
        true => "cannot be read".into(),
        false => text,
    }
}
