//! TLS for both ends of the tunnel.
//!
//! Sessions are never resumed: a resumed handshake shows no client certificate, so an expired or revoked one
//! would be admitted again.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::client::Resumption;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem::PemObject};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName,
    RootCertStore, ServerConfig, SignatureScheme,
};

use crate::ca::{Credential, PeerName};
use crate::lane::ENROL_ALPN;
use crate::{Lane, TunnelError};

/// What an agent is and whom it trusts.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its certificate, PEM.
    pub certificate_pem: String,
    /// The key to it, PKCS#8 PEM.
    pub key_pem: String,
    /// The certificates it trusts, PEM; several while the authority is replaced.
    pub ca_pem: String,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

/// The one cryptography provider of this program.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

pub(crate) fn certificates(
    pem: &str,
    what: &'static str,
) -> Result<Vec<CertificateDer<'static>>, TunnelError> {
    let all = CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| TunnelError::credentials(what, error.to_string()))?;
    if all.is_empty() {
        return Err(TunnelError::credentials(what, "no certificate in it"));
    }
    Ok(all)
}

pub(crate) fn key(pem: &str, what: &'static str) -> Result<PrivateKeyDer<'static>, TunnelError> {
    PrivateKeyDer::from_pem_slice(pem.as_bytes())
        .map_err(|error| TunnelError::credentials(what, error.to_string()))
}

pub(crate) fn roots(pem: &str) -> Result<Arc<RootCertStore>, TunnelError> {
    let mut store = RootCertStore::empty();
    for certificate in certificates(pem, "the CA bundle")? {
        store.add(certificate).map_err(|error| TunnelError::credentials("the CA bundle", error))?;
    }
    Ok(Arc::new(store))
}

/// The TLS of the tunnel listener. It may be replaced while the listener runs.
#[derive(Clone)]
pub struct ServerTls {
    config: Arc<RwLock<Arc<ServerConfig>>>,
    admit: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

impl fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerTls(…)")
    }
}

impl ServerTls {
    /// `credential` is what [`crate::ca::Authority::issue_server`] gave, `ca_pem` the authority's bundle. `admit`
    /// says whether a cluster of that name may connect at all: it is asked in each handshake, so the agent of a
    /// deleted cluster is refused though its certificate has not ended.
    ///
    /// # Errors
    /// [`TunnelError::Credentials`].
    pub fn new(
        credential: &Credential,
        ca_pem: &str,
        admit: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> Result<ServerTls, TunnelError> {
        let admit: Arc<dyn Fn(&str) -> bool + Send + Sync> = Arc::new(admit);
        let config = server_config(credential, ca_pem, admit.clone())?;
        Ok(ServerTls { config: Arc::new(RwLock::new(Arc::new(config))), admit })
    }

    /// Uses another certificate and bundle for the handshakes from now on.
    ///
    /// # Errors
    /// [`TunnelError::Credentials`]; nothing is changed then.
    pub fn replace(&self, credential: &Credential, ca_pem: &str) -> Result<(), TunnelError> {
        let config = server_config(credential, ca_pem, self.admit.clone())?;
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
        Ok(())
    }

    /// Whether a cluster of that name may be connected now.
    pub(crate) fn admits(&self, cluster: &str) -> bool {
        (self.admit)(cluster)
    }

    pub(crate) fn current(&self) -> Arc<ServerConfig> {
        self.config.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn server_config(
    credential: &Credential,
    ca_pem: &str,
    admit: Arc<dyn Fn(&str) -> bool + Send + Sync>,
) -> Result<ServerConfig, TunnelError> {
    let inner = WebPkiClientVerifier::builder_with_provider(roots(ca_pem)?, provider())
        .allow_unauthenticated()
        .build()
        .map_err(|error| TunnelError::credentials("the CA bundle", error))?;
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|error| TunnelError::credentials("the TLS set-up", error))?
        .with_client_cert_verifier(Arc::new(AgentVerifier { inner, admit }))
        .with_single_cert(
            certificates(&credential.certificate_pem, "the tunnel's certificate")?,
            key(&credential.key_pem, "the tunnel's key")?,
        )
        .map_err(|error| TunnelError::credentials("the tunnel's certificate and key", error))?;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.alpn_protocols = Lane::ALL.iter().map(|lane| lane.alpn().to_vec()).collect();
    config.alpn_protocols.push(ENROL_ALPN.to_vec());
    Ok(config)
}

/// Checks the chain as usual, then that the certificate is an agent's and its cluster is still admitted.
struct AgentVerifier {
    inner: Arc<dyn ClientCertVerifier>,
    admit: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

impl fmt::Debug for AgentVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AgentVerifier")
    }
}

impl ClientCertVerifier for AgentVerifier {
    fn client_auth_mandatory(&self) -> bool {
        false // enrolment comes without one; the lanes demand it after the handshake
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        let verified = self.inner.verify_client_cert(end_entity, intermediates, now)?;
        match PeerName::of(end_entity) {
            Some(PeerName::Agent(cluster)) if (self.admit)(&cluster) => Ok(verified),
            Some(PeerName::Agent(_)) => Err(CertificateError::Revoked.into()),
            _ => Err(CertificateError::ApplicationVerificationFailure.into()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// The agent's TLS towards its server: only the pinned bundle counts, the system's authorities do not.
pub(crate) fn client_config(
    ca_pem: &str,
    identity: Option<&Identity>,
    alpn: &[u8],
) -> Result<ClientConfig, TunnelError> {
    let builder = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|error| TunnelError::credentials("the TLS set-up", error))?
        .with_root_certificates(roots(ca_pem)?);
    let mut config = match identity {
        Some(identity) => builder
            .with_client_auth_cert(
                certificates(&identity.certificate_pem, "the agent's certificate")?,
                key(&identity.key_pem, "the agent's key")?,
            )
            .map_err(|error| TunnelError::credentials("the agent's certificate and key", error))?,
        None => builder.with_no_client_auth(),
    };
    config.resumption = Resumption::disabled();
    config.alpn_protocols = vec![alpn.to_vec()];
    Ok(config)
}

/// Whether an I/O error means that the server refused this agent's certificate, and in what words.
pub(crate) fn refusal(error: &std::io::Error) -> Option<String> {
    let tls = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    let rustls::Error::AlertReceived(alert) = tls else { return None };
    let words = match alert {
        AlertDescription::CertificateRevoked => {
            "the server no longer admits this cluster (was it deleted there?)"
        }
        AlertDescription::CertificateExpired => "the agent's certificate has expired",
        AlertDescription::UnknownCA | AlertDescription::DecryptError => {
            "the server does not trust the authority that issued the agent's certificate"
        }
        AlertDescription::BadCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateRequired
        | AlertDescription::AccessDenied => "the server refused the agent's certificate",
        _ => return None,
    };
    Some(words.to_owned())
}

/// The client certificate's cluster and its end, from a finished handshake.
pub(crate) fn agent_of(chain: Option<&[CertificateDer<'_>]>) -> Option<(String, jiff::Timestamp)> {
    let leaf = chain?.first()?;
    match PeerName::of(leaf)? {
        PeerName::Agent(cluster) => Some((cluster, crate::ca::not_after(leaf)?)),
        PeerName::Relay(_) => None,
    }
}

/// The URI names that `leaf` may bear for `expected`: exactly that one.
pub(crate) fn is_peer(leaf: &CertificateDer<'_>, expected: &PeerName) -> bool {
    PeerName::of(leaf).as_ref() == Some(expected)
}

/// Every distinct certificate of two bundles, for an agent that is told of a new authority while the old still
/// counts.
pub fn merge_bundles(first: &str, second: &str) -> Result<String, TunnelError> {
    let mut seen = HashSet::new();
    let mut merged = String::new();
    for der in certificates(first, "the CA bundle")?.into_iter().chain(certificates(second, "the CA bundle")?)
    {
        if seen.insert(der.clone()) {
            merged.push_str(&crate::ca::to_pem(&der));
        }
    }
    Ok(merged)
}
