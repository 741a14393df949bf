//! TLS from the agent to the relay in a workspace's pod.

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::verify_server_cert_signed_by_trust_anchor,
};

use crate::TunnelError;
use crate::ca::PeerName;
use crate::tls::{Identity, certificates, is_peer, key, provider, roots};

/// Port of the relay in every workspace's pod.
pub const RELAY_PORT: u16 = 7900;

/// The ALPN protocol by which the relay is told which of its ports is meant.
pub fn alpn(port: u16) -> Vec<u8> {
    format!("nagaya-port/{port}").into_bytes()
}

/// TLS for a connection to the relay of the workspace `uid`: the chain must lead to the agent's authority and the
/// certificate must name exactly that workspace. The address does not count: a pod's IP may belong to another
/// pod a second later, and then the name is wrong and nothing is sent.
///
/// # Errors
/// [`TunnelError::Credentials`].
pub fn client_config(identity: &Identity, uid: &str, port: u16) -> Result<ClientConfig, TunnelError> {
    let provider = provider();
    let verifier = RelayVerifier {
        roots: roots(&identity.ca_pem)?,
        expected: PeerName::Relay(uid.to_owned()),
        provider: provider.clone(),
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|error| TunnelError::credentials("the TLS set-up", error))?
        .dangerous() // "dangerous" is any own verifier; this one checks the chain and a stricter name
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_client_auth_cert(
            certificates(&identity.certificate_pem, "the agent's certificate")?,
            key(&identity.key_pem, "the agent's key")?,
        )
        .map_err(|error| TunnelError::credentials("the agent's certificate and key", error))?;
    config.resumption = Resumption::disabled();
    config.enable_sni = false;
    config.alpn_protocols = vec![alpn(port)];
    Ok(config)
}

#[derive(Debug)]
struct RelayVerifier {
    roots: Arc<RootCertStore>,
    expected: PeerName,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for RelayVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let parsed = ParsedCertificate::try_from(end_entity)?;
        verify_server_cert_signed_by_trust_anchor(
            &parsed,
            &self.roots,
            intermediates,
            now,
            self.provider.signature_verification_algorithms.all,
        )?;
        if is_peer(end_entity, &self.expected) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::NotValidForName.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
