//! TLS: the settings of one handshake, and the port the client picked in it.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::server::{NoServerSessionStorage, VerifierBuilderError, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig};

use crate::admission::{OnlyTheAgent, agent_name};
use crate::secret::{self, SecretError};

/// Why no handshake can be offered.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The Secret is not there or not whole.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The authority's certificate is of no use.
    #[error("ca.crt holds a certificate that is no authority: {0}")]
    Authority(rustls::Error),
    /// No verifier comes out of the authorities.
    #[error("the authorities in ca.crt cannot be used: {0}")]
    Verifier(#[from] VerifierBuilderError),
    /// The relay's own certificate and key do not work.
    #[error("tls.crt and tls.key cannot be used: {0}; they must be one pair")]
    Own(rustls::Error),
}

/// The ALPN name by which a client asks for `port`.
#[must_use]
pub fn alpn(port: u16) -> Vec<u8> {
    format!("nagaya-port/{port}").into_bytes()
}

/// The port among `ports` that the negotiated protocol names; `None` when the client named none.
#[must_use]
pub fn picked(protocol: Option<&[u8]>, ports: &[u16]) -> Option<u16> {
    let protocol = protocol?;
    ports.iter().copied().find(|port| alpn(*port) == protocol)
}

/// Settings for the next handshake, from the Secret as it is now.
///
/// # Errors
/// What in the Secret is missing or wrong.
pub fn settings(
    provider: &Arc<CryptoProvider>,
    secret_dir: &Path,
    cluster: &str,
    ports: &[u16],
) -> Result<ServerConfig, TlsError> {
    let secret = secret::read(secret_dir)?;
    let mut roots = RootCertStore::empty();
    for authority in secret.authorities {
        roots.add(authority).map_err(TlsError::Authority)?;
    }
    let chain = WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone()).build()?;
    let verifier = Arc::new(OnlyTheAgent::new(chain, agent_name(cluster)));
    let mut settings = ServerConfig::builder_with_provider(provider.clone())
        // Both ends are ours: no old protocol is needed.
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(TlsError::Own)?
        .with_client_cert_verifier(verifier)
        .with_single_cert(secret.certificates, secret.key)
        .map_err(TlsError::Own)?;
    settings.alpn_protocols = ports.iter().map(|port| alpn(*port)).collect();
    // No resumption: each handshake is judged by the authorities of its own moment, and no session takes memory.
    settings.session_storage = Arc::new(NoServerSessionStorage {});
    settings.send_tls13_tickets = 0;
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_port_of_the_template_can_be_picked() {
        assert_eq!(picked(Some(b"nagaya-port/5901"), &[8080, 5901]), Some(5901));
        assert_eq!(picked(Some(b"nagaya-port/22"), &[8080, 5901]), None);
        assert_eq!(picked(Some(b"nagaya-port/05901"), &[5901]), None);
        assert_eq!(picked(None, &[5901]), None);
    }
}
