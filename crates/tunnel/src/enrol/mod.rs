//! Enrolment: how an agent gets its certificate, and another before the first one ends.
//!
//! HTTP/1.1 over TLS under the ALPN `nagaya-enrol/1` of the tunnel listener. `POST /v1/enrol` takes a single-use
//! join token and a certificate signing request, without a client certificate; `POST /v1/renew` takes a request
//! and the client certificate that is to be replaced.

mod client;
mod rule;
mod server;

use std::net::SocketAddr;

use async_trait::async_trait;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::AgentHello;

pub use client::{enrol, renew};
pub use rule::{Spent, admit_token};
pub(crate) use server::serve_enrolment;

/// A new certificate, and whom to trust.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Issued {
    /// The cluster the certificate names.
    pub cluster: String,
    /// The certificate, PEM.
    pub certificate_pem: String,
    /// The authority's bundle, PEM.
    pub ca_pem: String,
}

/// Why no certificate was given.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// The token or the request is not accepted; trying the same again is of no use.
    #[error("the server refused to enrol this agent: {0}")]
    Refused(String),
    /// Something else went wrong; try again later.
    #[error("enrolment did not succeed: {0}; it will be tried again")]
    Unavailable(String),
}

impl EnrolError {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            EnrolError::Refused(_) => StatusCode::FORBIDDEN,
            EnrolError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// The server's side: it knows the join tokens, the clusters and the authority.
#[async_trait]
pub trait Enroller: Send + Sync + 'static {
    /// Spends `token` and certifies `csr_pem`. See [`admit_token`] for the rule of a token's single use.
    async fn enrol(&self, token: &str, csr_pem: &str) -> Result<Issued, EnrolError>;

    /// Certifies `csr_pem` for the agent of `cluster`, which has shown a valid certificate.
    async fn renew(&self, cluster: &str, csr_pem: &str) -> Result<Issued, EnrolError>;

    /// Whether an agent with the certificate of `cluster`, which says this of itself, is of the cluster that is meant. It
    /// is asked for each connection, before anything is sent over it.
    ///
    /// # Errors
    /// Why not, in words that the agent is told.
    async fn recognise(&self, _cluster: &str, _hello: &AgentHello, _peer: SocketAddr) -> Result<(), String> {
        Ok(())
    }
}

/// Body of `POST /v1/enrol`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EnrolRequest {
    pub(crate) token: String,
    pub(crate) csr_pem: String,
}

/// Body of `POST /v1/renew`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RenewRequest {
    pub(crate) csr_pem: String,
}

pub(crate) const ENROL_PATH: &str = "/v1/enrol";
pub(crate) const RENEW_PATH: &str = "/v1/renew";
/// Longest body either side reads: a request and a bundle are a few kilobytes.
pub(crate) const BODY_LIMIT: usize = 128 * 1024;
