//! Issuing certificates.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DnType, ExtendedKeyUsagePurpose,
    IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData, SanType, string::Ia5String,
};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use sha2::{Digest, Sha256};

use super::name::{PeerName, is_plain, not_after, not_before};
use crate::SERVER_NAME;

/// Certificates begin a little in the past: the clocks of two machines are never the same.
const BACKDATE: SignedDuration = SignedDuration::from_mins(10);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Why the authority could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// The certificate signing request is not one, or its signature is wrong.
    #[error(
        "the certificate signing request is not valid ({0}); send a PKCS#10 request in PEM signed by its own key"
    )]
    Csr(rcgen::Error),
    /// A name that must not be in a certificate.
    #[error("`{0}` cannot be put into a certificate; use letters, digits and dashes")]
    Name(String),
    /// The authority's own certificate or key cannot be read.
    #[error("the certificate authority cannot be read from its PEM files: {0}; restore them from a backup")]
    Load(String),
    /// The key does not belong to the first certificate of the bundle.
    #[error(
        "the certificate authority's key does not belong to the first certificate of its bundle; put the matching certificate first"
    )]
    Mismatch,
    /// Anything that the cryptography reports.
    #[error("a certificate could not be made: {0}")]
    Issue(#[from] rcgen::Error),
}

/// A private key with its certificate.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The certificate, PEM.
    pub certificate_pem: String,
    /// The private key, PKCS#8 PEM.
    pub key_pem: String,
    /// When the certificate begins.
    pub not_before: Timestamp,
    /// When the certificate ends.
    pub not_after: Timestamp,
}

/// A private key with a request to certify it.
#[derive(Debug, Clone)]
pub struct Csr {
    /// The request, PEM.
    pub csr_pem: String,
    /// The private key, PKCS#8 PEM.
    pub key_pem: String,
}

impl Csr {
    /// Makes a new P-256 key and a request for it. The request carries no name: the authority decides it.
    ///
    /// # Errors
    /// If the system gives no randomness.
    pub fn generate() -> Result<Csr, CaError> {
        Csr::for_key(&KeyPair::generate()?)
    }

    /// Makes a request for a key that exists: an agent that repeats an enrolment must use the same key, so that
    /// its join token is not spent twice.
    ///
    /// # Errors
    /// If the key cannot be read.
    pub fn for_key_pem(key_pem: &str) -> Result<Csr, CaError> {
        Csr::for_key(&KeyPair::from_pem(key_pem)?)
    }

    fn for_key(key: &KeyPair) -> Result<Csr, CaError> {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        let csr_pem = params.serialize_request(key)?.pem()?;
        Ok(Csr { csr_pem, key_pem: key.serialize_pem() })
    }
}

/// SHA-256 of the public key in a certificate signing request, in hexadecimal. With it a join token can be bound
/// to the key it was first used with, so that the same agent may repeat an enrolment whose answer was lost while
/// nobody else can use the token again.
///
/// # Errors
/// [`CaError::Csr`] if it is none or its signature is wrong.
pub fn csr_fingerprint(csr_pem: &str) -> Result<String, CaError> {
    let csr = CertificateSigningRequestParams::from_pem(csr_pem).map_err(CaError::Csr)?;
    let digest = Sha256::digest(csr.public_key.subject_public_key_info());
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A certificate authority that lives in Nagaya's store.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    own_pem: String,
    others_pem: Vec<String>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("also_trusted", &self.others_pem.len()).finish_non_exhaustive()
    }
}

impl Authority {
    /// How long a new authority's own certificate lasts.
    pub const VALIDITY: SignedDuration = SignedDuration::from_hours(24 * 3650);
    /// How long the tunnel listener's certificate lasts. The server issues a new one at each start, and
    /// at two thirds of it.
    pub const SERVER_VALIDITY: SignedDuration = SignedDuration::from_hours(24 * 730);
    /// How long an agent's certificate lasts. It renews at two thirds of it.
    pub const AGENT_VALIDITY: SignedDuration = SignedDuration::from_hours(24 * 30);
    /// How long a relay's certificate lasts. It is written anew with the intent, well before.
    pub const RELAY_VALIDITY: SignedDuration = SignedDuration::from_hours(24 * 365);

    /// Makes a new authority whose certificate begins at `now`.
    ///
    /// # Errors
    /// If the system gives no randomness, or `now` is out of range.
    pub fn generate(now: Timestamp) -> Result<Authority, CaError> {
        let key = KeyPair::generate()?;
        let mut params = params("Nagaya internal CA", now, Self::VALIDITY)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        // Two authorities of one name would be confused while one replaces the other.
        let serial: u64 = rand::random();
        params.distinguished_name.push(DnType::CommonName, format!("Nagaya internal CA {serial:016x}"));
        let own_pem = params.self_signed(&key)?.pem();
        Ok(Authority { issuer: Issuer::new(params, key), own_pem, others_pem: Vec::new() })
    }

    /// Reads an authority. The first certificate of the bundle is its own; any others are trusted as well.
    ///
    /// # Errors
    /// [`CaError::Load`] or [`CaError::Mismatch`].
    pub fn from_pem(bundle_pem: &str, key_pem: &str) -> Result<Authority, CaError> {
        let key = KeyPair::from_pem(key_pem).map_err(|error| CaError::Load(error.to_string()))?;
        let certificates = CertificateDer::pem_slice_iter(bundle_pem.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| CaError::Load(error.to_string()))?;
        let own =
            certificates.first().ok_or_else(|| CaError::Load("the bundle holds no certificate".into()))?;
        let (_, parsed) =
            x509_parser::parse_x509_certificate(own).map_err(|error| CaError::Load(error.to_string()))?;
        if parsed.public_key().subject_public_key.data.as_ref() != key.public_key_raw() {
            return Err(CaError::Mismatch);
        }
        let issuer = Issuer::from_ca_cert_der(own, key).map_err(|error| CaError::Load(error.to_string()))?;
        let mut pems = certificates.iter().map(|der| to_pem(der));
        let own_pem = pems.next().unwrap_or_default();
        Ok(Authority { issuer, own_pem, others_pem: pems.collect() })
    }

    /// This authority's private key, PEM: for its store only.
    pub fn key_pem(&self) -> String {
        self.issuer.key().serialize_pem()
    }

    /// All certificates to trust: this authority's own first, then those it replaces.
    pub fn bundle_pem(&self) -> String {
        let mut all = self.own_pem.clone();
        for other in &self.others_pem {
            all.push_str(other);
        }
        all
    }

    /// Begins a rotation: a new authority whose bundle trusts this one as well. Agents and relays that still hold
    /// old certificates are admitted, and get new ones at their next renewal.
    ///
    /// # Errors
    /// As [`Authority::generate`].
    pub fn rotate(&self, now: Timestamp) -> Result<Authority, CaError> {
        let mut next = Authority::generate(now)?;
        next.others_pem.push(self.own_pem.clone());
        next.others_pem.extend(self.others_pem.iter().cloned());
        Ok(next)
    }

    /// A certificate for the tunnel listener: always [`SERVER_NAME`], and the names and addresses given.
    ///
    /// # Errors
    /// [`CaError::Name`] for a DNS name that is none.
    pub fn issue_server(&self, dns: &[&str], ips: &[IpAddr], now: Timestamp) -> Result<Credential, CaError> {
        let mut params = params("nagaya tunnel", now, Self::SERVER_VALIDITY)?;
        for name in std::iter::once(&SERVER_NAME).chain(dns) {
            let name = Ia5String::try_from(*name).map_err(|_| CaError::Name((*name).to_owned()))?;
            params.subject_alt_names.push(SanType::DnsName(name));
        }
        params.subject_alt_names.extend(ips.iter().map(|ip| SanType::IpAddress(*ip)));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.with_new_key(params)
    }

    /// Certifies the key in `csr_pem` as the agent of `cluster`. Nothing else in the request counts: what name a
    /// certificate bears is for the authority to say. Returns the certificate, PEM.
    ///
    /// # Errors
    /// [`CaError::Csr`] or [`CaError::Name`].
    pub fn issue_agent(&self, cluster: &str, csr_pem: &str, now: Timestamp) -> Result<String, CaError> {
        self.issue_agent_for(cluster, csr_pem, now, Self::AGENT_VALIDITY)
    }

    /// As [`Authority::issue_agent`], for another length of time.
    ///
    /// # Errors
    /// The same.
    pub fn issue_agent_for(
        &self,
        cluster: &str,
        csr_pem: &str,
        now: Timestamp,
        validity: SignedDuration,
    ) -> Result<String, CaError> {
        let csr = CertificateSigningRequestParams::from_pem(csr_pem).map_err(CaError::Csr)?;
        let mut params = params(&format!("nagaya agent {cluster}"), now, validity)?;
        params.subject_alt_names.push(uri(cluster, PeerName::Agent(cluster.to_owned()))?);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        Ok(params.signed_by(&csr.public_key, &self.issuer)?.pem())
    }

    /// A certificate and key for the relay of the workspace `uid`, with further DNS names if a person is to look
    /// at it by name.
    ///
    /// # Errors
    /// [`CaError::Name`].
    pub fn issue_relay(&self, uid: &str, dns: &[&str], now: Timestamp) -> Result<Credential, CaError> {
        let mut params = params(&format!("nagaya relay {uid}"), now, Self::RELAY_VALIDITY)?;
        params.subject_alt_names.push(uri(uid, PeerName::Relay(uid.to_owned()))?);
        for name in dns {
            let name = Ia5String::try_from(*name).map_err(|_| CaError::Name((*name).to_owned()))?;
            params.subject_alt_names.push(SanType::DnsName(name));
        }
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.with_new_key(params)
    }

    fn with_new_key(&self, params: CertificateParams) -> Result<Credential, CaError> {
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(Credential {
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
            not_before: not_before(certificate.der()).unwrap_or(Timestamp::MIN),
            not_after: not_after(certificate.der()).unwrap_or(Timestamp::MIN),
        })
    }
}

fn uri(name: &str, peer: PeerName) -> Result<SanType, CaError> {
    if !is_plain(name) {
        return Err(CaError::Name(name.to_owned()));
    }
    Ok(SanType::URI(Ia5String::try_from(peer.to_string())?))
}

fn params(common_name: &str, now: Timestamp, validity: SignedDuration) -> Result<CertificateParams, CaError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.not_before = date(now - BACKDATE)?;
    params.not_after = date(now + validity.max(-DAY))?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn date(at: Timestamp) -> Result<time::OffsetDateTime, CaError> {
    time::OffsetDateTime::from_unix_timestamp(at.as_second()).map_err(|_| CaError::Issue(rcgen::Error::Time))
}

pub(crate) fn to_pem(der: &CertificateDer<'_>) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    #[test]
    fn the_authority_decides_the_name_whatever_the_request_asks() {
        let ca = Authority::generate(now()).unwrap();
        let key = KeyPair::generate().unwrap();
        let mut wish = CertificateParams::new(vec!["tunnel.nagaya.internal".to_owned()]).unwrap();
        wish.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        wish.subject_alt_names.push(SanType::URI("nagaya://cluster/other/agent".try_into().unwrap()));
        let csr = wish.serialize_request(&key).unwrap().pem().unwrap();
        let pem = ca.issue_agent("java", &csr, now()).unwrap();
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
        assert_eq!(PeerName::of(&der), Some(PeerName::Agent("java".into())));
        let (_, parsed) = x509_parser::parse_x509_certificate(&der).unwrap();
        assert!(!parsed.is_ca());
        let usage = parsed.extended_key_usage().unwrap().unwrap().value;
        assert!(usage.client_auth && !usage.server_auth);
    }

    #[test]
    fn an_authority_survives_being_written_and_read() {
        let ca = Authority::generate(now()).unwrap();
        let next = ca.rotate(now()).unwrap();
        let read = Authority::from_pem(&next.bundle_pem(), &next.key_pem()).unwrap();
        assert_eq!(read.bundle_pem().matches("BEGIN CERTIFICATE").count(), 2);
        assert_eq!(read.bundle_pem().replace("\r\n", "\n"), next.bundle_pem().replace("\r\n", "\n"));
        read.issue_relay("0b1c", &[], now()).unwrap();
        let wrong = Authority::from_pem(&next.bundle_pem(), &ca.key_pem());
        assert!(matches!(wrong, Err(CaError::Mismatch)));
    }

    #[test]
    fn the_fingerprint_is_of_the_key_and_not_of_the_request() {
        let first = Csr::generate().unwrap();
        let again = Csr::for_key_pem(&first.key_pem).unwrap();
        let other = Csr::generate().unwrap();
        assert_eq!(csr_fingerprint(&first.csr_pem).unwrap(), csr_fingerprint(&again.csr_pem).unwrap());
        assert_ne!(csr_fingerprint(&first.csr_pem).unwrap(), csr_fingerprint(&other.csr_pem).unwrap());
        assert!(matches!(csr_fingerprint("x"), Err(CaError::Csr(_))));
    }

    #[test]
    fn a_name_that_would_break_out_of_its_uri_is_refused() {
        let ca = Authority::generate(now()).unwrap();
        let csr = Csr::generate().unwrap();
        for name in ["", "a/b", "a b", "../x"] {
            assert!(matches!(ca.issue_agent(name, &csr.csr_pem, now()), Err(CaError::Name(_))), "{name}");
        }
    }

    #[test]
    fn the_end_of_a_certificate_is_what_was_asked() {
        let ca = Authority::generate(now()).unwrap();
        assert_eq!(ca.issue_server(&[], &[], now()).unwrap().not_after, now() + Authority::SERVER_VALIDITY);
    }
}
