//! The agent's side of enrolment.

use std::time::Duration;

use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use hyper_util::rt::TokioIo;
use serde::Serialize;

use super::{BODY_LIMIT, ENROL_PATH, EnrolError, EnrolRequest, Issued, RENEW_PATH, RenewRequest};
use crate::SERVER_NAME;
use crate::body::full;
use crate::lane::ENROL_ALPN;
use crate::path::{PathError, dial};
use crate::proxy::Proxy;
use crate::tls::{Identity, client_config};

const LIMIT: Duration = Duration::from_secs(20);

/// Trades a join token for a certificate. `server` is `host:port`; only servers that `ca_pem` vouches for are
/// spoken to.
///
/// # Errors
/// [`EnrolError::Refused`] when the token is not accepted, [`EnrolError::Unavailable`] for all else.
pub async fn enrol(
    server: &str,
    proxy: Option<&Proxy>,
    ca_pem: &str,
    token: &str,
    csr_pem: &str,
) -> Result<Issued, EnrolError> {
    let body = EnrolRequest { token: token.to_owned(), csr_pem: csr_pem.to_owned() };
    post(server, proxy, ca_pem, None, ENROL_PATH, &body).await
}

/// Asks for another certificate with the one that is held.
///
/// # Errors
/// [`EnrolError::Refused`] when the certificate is no longer accepted, [`EnrolError::Unavailable`] for all else.
pub async fn renew(
    server: &str,
    proxy: Option<&Proxy>,
    identity: &Identity,
    csr_pem: &str,
) -> Result<Issued, EnrolError> {
    let body = RenewRequest { csr_pem: csr_pem.to_owned() };
    post(server, proxy, &identity.ca_pem, Some(identity), RENEW_PATH, &body).await
}

async fn post<T: Serialize>(
    server: &str,
    proxy: Option<&Proxy>,
    ca_pem: &str,
    identity: Option<&Identity>,
    path: &str,
    body: &T,
) -> Result<Issued, EnrolError> {
    let unavailable = |error: &dyn std::fmt::Display| EnrolError::Unavailable(error.to_string());
    let config = client_config(ca_pem, identity, ENROL_ALPN).map_err(|error| unavailable(&error))?;
    let work = async {
        let tls = dial(server, proxy, config, LIMIT).await.map_err(|error| match error {
            PathError::Refused(words) => EnrolError::Refused(words),
            other => unavailable(&other),
        })?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(tls))
            .await
            .map_err(|error| unavailable(&error))?;
        let json = serde_json::to_vec(body).map_err(|error| unavailable(&error))?;
        let request = Request::post(path)
            .header(header::HOST, SERVER_NAME)
            .header(header::CONTENT_TYPE, "application/json")
            .body(full(json))
            .map_err(|error| unavailable(&error))?;
        let exchange = async {
            let response = sender.send_request(request).await?;
            let status = response.status();
            let bytes = Limited::new(response.into_body(), BODY_LIMIT).collect().await.map(|b| b.to_bytes());
            Ok::<_, hyper::Error>((status, bytes))
        };
        tokio::pin!(connection, exchange);
        let outcome = tokio::select! {
            outcome = &mut exchange => outcome,
            broken = &mut connection => match broken {
                Ok(()) => exchange.await,
                Err(error) => Err(error),
            },
        };
        let (status, bytes) = outcome.map_err(|error| match tls_refusal(&error) {
            Some(words) => EnrolError::Refused(words),
            None => unavailable(&error),
        })?;
        let bytes = bytes.map_err(|error| EnrolError::Unavailable(error.to_string()))?;
        let words = || String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]).into_owned();
        match status {
            StatusCode::OK => serde_json::from_slice(&bytes).map_err(|error| unavailable(&error)),
            StatusCode::FORBIDDEN | StatusCode::BAD_REQUEST => Err(EnrolError::Refused(words())),
            other => Err(EnrolError::Unavailable(format!("{other}: {}", words()))),
        }
    };
    tokio::time::timeout(LIMIT, work).await.unwrap_or_else(|_| {
        Err(EnrolError::Unavailable(format!("the server at {server} did not answer in time")))
    })
}

/// An alert about the client certificate arrives only with the first read, wrapped by hyper.
fn tls_refusal(error: &hyper::Error) -> Option<String> {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(io) = inner.downcast_ref::<std::io::Error>() {
            return crate::tls::refusal(io);
        }
        source = inner.source();
    }
    None
}
