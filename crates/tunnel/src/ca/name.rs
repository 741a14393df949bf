//! Names in certificates.

use std::fmt;

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

/// What a certificate says its holder is, by its only URI name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PeerName {
    /// The agent of the cluster of that name.
    Agent(String),
    /// The relay of the workspace of that uid.
    Relay(String),
}

impl PeerName {
    /// Reads the name out of a certificate whose chain has been verified. `None` unless it holds exactly one URI
    /// and that one is of a known form: a certificate with two names would be two holders.
    pub fn of(certificate: &CertificateDer<'_>) -> Option<PeerName> {
        let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
        let names = parsed.subject_alternative_name().ok()??;
        let mut uris = names.value.general_names.iter().filter_map(|name| match name {
            GeneralName::URI(uri) => Some(*uri),
            _ => None,
        });
        let only = uris.next()?;
        if uris.next().is_some() {
            return None;
        }
        PeerName::parse(only)
    }

    fn parse(uri: &str) -> Option<PeerName> {
        let rest = uri.strip_prefix("nagaya://")?;
        let mut parts = rest.split('/');
        let (kind, name, role) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || !is_plain(name) {
            return None;
        }
        match (kind, role) {
            ("cluster", "agent") => Some(PeerName::Agent(name.to_owned())),
            ("workspace", "relay") => Some(PeerName::Relay(name.to_owned())),
            _ => None,
        }
    }
}

/// Letters, digits and dashes only: what object names and uids are made of.
pub(crate) fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.len() <= 63 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

impl fmt::Display for PeerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PeerName::Agent(cluster) => write!(f, "nagaya://cluster/{cluster}/agent"),
            PeerName::Relay(uid) => write!(f, "nagaya://workspace/{uid}/relay"),
        }
    }
}

/// When a certificate ends. `None` if it cannot be read.
pub fn not_after(certificate: &CertificateDer<'_>) -> Option<Timestamp> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    Timestamp::from_second(parsed.validity().not_after.timestamp()).ok()
}

/// When a certificate begins. `None` if it cannot be read.
pub fn not_before(certificate: &CertificateDer<'_>) -> Option<Timestamp> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    Timestamp::from_second(parsed.validity().not_before.timestamp()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_known_names_are_read() {
        assert_eq!(PeerName::parse("nagaya://cluster/java/agent"), Some(PeerName::Agent("java".into())));
        assert_eq!(PeerName::parse("nagaya://workspace/0-1a/relay"), Some(PeerName::Relay("0-1a".into())));
        for wrong in [
            "nagaya://cluster/java/relay",
            "nagaya://cluster/java/agent/x",
            "nagaya://cluster//agent",
            "nagaya://cluster/a.b/agent",
            "nagaya://cluster/java",
            "spiffe://cluster/java/agent",
            "",
        ] {
            assert_eq!(PeerName::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_name_prints_as_it_is_read() {
        for name in [PeerName::Agent("ci".into()), PeerName::Relay("u-1".into())] {
            assert_eq!(PeerName::parse(&name.to_string()), Some(name));
        }
    }
}
