//! Which client certificate may come in: the agent's of this cluster, and no other.

use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, OtherError, SignatureScheme,
};
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

/// Why a certificate that chains to the authority is refused all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The certificate does not parse.
    #[error("the client's certificate cannot be read: {0}")]
    Unreadable(String),
    /// The certificate is no client's.
    #[error("the client's certificate does not have the extended key usage clientAuth")]
    NotForClients,
    /// The certificate names somebody else.
    #[error("the client is {found:?}, and only {wanted} is admitted")]
    WrongName {
        /// The URIs the certificate carries.
        found: Vec<String>,
        /// The one that is admitted.
        wanted: String,
    },
}

/// The name of the agent of `cluster` in its certificate.
#[must_use]
pub fn agent_name(cluster: &str) -> String {
    format!("nagaya://cluster/{cluster}/agent")
}

/// Decides on the leaf certificate alone; that it chains to the authority and is in date is decided before.
///
/// Exactly one URI is allowed: a certificate that carries two identities is nobody's in particular.
///
/// # Errors
/// Why the certificate's owner is not admitted.
pub fn decide(certificate: &[u8], wanted: &str) -> Result<(), Refusal> {
    let unreadable = |error: &dyn std::fmt::Display| Refusal::Unreadable(error.to_string());
    let (_, parsed) = X509Certificate::from_der(certificate).map_err(|error| unreadable(&error))?;
    // webpki accepts a certificate without the extension; here it must be there.
    let usage = parsed.extended_key_usage().map_err(|error| unreadable(&error))?;
    if !usage.is_some_and(|usage| usage.value.client_auth) {
        return Err(Refusal::NotForClients);
    }
    let names = parsed.subject_alternative_name().map_err(|error| unreadable(&error))?;
    let uris: Vec<&str> = names
        .iter()
        .flat_map(|names| &names.value.general_names)
        .filter_map(|name| if let GeneralName::URI(uri) = name { Some(*uri) } else { None })
        .collect();
    if uris == [wanted] {
        return Ok(());
    }
    Err(Refusal::WrongName {
        found: uris.into_iter().map(str::to_owned).collect(),
        wanted: wanted.to_owned(),
    })
}

/// rustls' own verifier (chain, dates, signature) and then [`decide`]: a refusal is part of the handshake, so the
/// other side is told by a TLS alert and nothing of the desktop is ever reached.
#[derive(Debug)]
pub struct OnlyTheAgent {
    chain: Arc<dyn ClientCertVerifier>,
    wanted: String,
}

impl OnlyTheAgent {
    /// Admits who passes `chain` and carries the name `wanted`.
    #[must_use]
    pub fn new(chain: Arc<dyn ClientCertVerifier>, wanted: String) -> Self {
        Self { chain, wanted }
    }
}

impl ClientCertVerifier for OnlyTheAgent {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.chain.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verified = self.chain.verify_client_cert(end_entity, intermediates, now)?;
        decide(end_entity, &self.wanted).map_err(|refusal| {
            Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(refusal))))
        })?;
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chain.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chain.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chain.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, KeyPair, SanType};

    fn certificate(uris: &[&str], usages: &[ExtendedKeyUsagePurpose]) -> Vec<u8> {
        let mut params = CertificateParams::new(vec!["agent".to_owned()]).unwrap();
        params.subject_alt_names.extend(uris.iter().map(|uri| SanType::URI((*uri).try_into().unwrap())));
        params.extended_key_usages = usages.to_vec();
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn only_the_one_name_and_only_as_a_client() {
        use ExtendedKeyUsagePurpose::{ClientAuth, ServerAuth};
        let java = agent_name("java");
        let both = [ClientAuth, ServerAuth];
        assert_eq!(decide(&certificate(&[&java], &[ClientAuth]), &java), Ok(()));
        assert_eq!(decide(&certificate(&[&java], &both), &java), Ok(()));
        assert_eq!(decide(&certificate(&[&java], &[ServerAuth]), &java), Err(Refusal::NotForClients));
        assert_eq!(decide(&certificate(&[&java], &[]), &java), Err(Refusal::NotForClients));
        for names in [
            &["nagaya://cluster/python-1/agent"][..],
            &["nagaya://cluster/java/agent/x"],
            &["nagaya://workspace/1/relay"],
            &[&java, "nagaya://cluster/python-1/agent"],
            &[],
        ] {
            let refused = decide(&certificate(names, &[ClientAuth]), &java);
            assert!(matches!(refused, Err(Refusal::WrongName { .. })), "{names:?}: {refused:?}");
        }
        assert!(matches!(decide(b"no certificate", &java), Err(Refusal::Unreadable(_))));
    }
}
