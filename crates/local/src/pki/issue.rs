//! Authorities, keys and leaves on disk.

use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType,
    SerialNumber,
};
use time::OffsetDateTime;
use x509_parser::extensions::GeneralName;

use super::{Leaf, certificate, key};
use crate::{Error, paths};

const DAY: i64 = 24 * 3600;
const AUTHORITY_DAYS: i64 = 3650;
const LEAF_DAYS: i64 = 365;

fn failed(name: &str) -> impl Fn(rcgen::Error) -> Error + '_ {
    move |e| Error::Pki { name: name.into(), problem: e.to_string() }
}

/// The key `<name>.key`, made if it is missing; `<name>.pub` beside it.
pub(super) fn ensure_key(folder: &Path, name: &str) -> Result<KeyPair, Error> {
    use std::os::unix::fs::PermissionsExt;
    let path = key(folder, name);
    if let Ok(pem) = fs::read_to_string(&path) {
        return KeyPair::from_pem(&pem).map_err(failed(name));
    }
    let pair = KeyPair::generate().map_err(failed(name))?;
    paths::replace(folder.join(format!("{name}.pub")), pair.public_key_pem())?;
    paths::replace(&path, pair.serialize_pem())?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))
        .map_err(|e| Error::io("protect", &path, e))?;
    Ok(pair)
}

pub(super) fn ensure_authority(folder: &Path, name: &str, now: Timestamp) -> Result<(), Error> {
    let pair = ensure_key(folder, name)?;
    if certificate(folder, name).exists() {
        return Ok(());
    }
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, format!("nagaya-{name}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages =
        vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    (params.not_before, params.not_after) = validity(name, now, AUTHORITY_DAYS)?;
    let made = params.self_signed(&pair).map_err(failed(name))?;
    paths::replace(certificate(folder, name), made.pem())
}

/// True when it was made now.
pub(super) fn ensure_leaf(
    folder: &Path,
    leaf: &Leaf,
    now: Timestamp,
    renew_before: Duration,
) -> Result<bool, Error> {
    let path = certificate(folder, leaf.name);
    if still_good(&path, leaf, now, renew_before) {
        return Ok(false);
    }
    let problem = failed(leaf.name);
    let pair = ensure_key(folder, leaf.name)?;
    let authority_pem = paths::read(certificate(folder, leaf.authority))?;
    let authority_key = ensure_key(folder, leaf.authority)?;
    let issuer = Issuer::from_ca_cert_pem(&authority_pem, authority_key).map_err(&problem)?;

    let mut params = CertificateParams::new(leaf.dns.clone()).map_err(&problem)?;
    params.subject_alt_names.extend(leaf.ips.iter().map(|ip| SanType::IpAddress(*ip)));
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, leaf.common_name.as_str());
    if let Some(organization) = leaf.organization {
        params.distinguished_name.push(DnType::OrganizationName, organization);
    }
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = leaf.usages.clone();
    params.serial_number = Some(SerialNumber::from(rand::random::<u64>() >> 1));
    (params.not_before, params.not_after) = validity(leaf.name, now, LEAF_DAYS)?;
    let made = params.signed_by(&pair, &issuer).map_err(&problem)?;
    paths::replace(&path, made.pem())?;
    Ok(true)
}

/// Begins a day early: the clocks of a cluster and of who looks at it may differ.
fn validity(name: &str, now: Timestamp, days: i64) -> Result<(OffsetDateTime, OffsetDateTime), Error> {
    let at = |seconds| {
        OffsetDateTime::from_unix_timestamp(seconds)
            .map_err(|e| Error::Pki { name: name.into(), problem: format!("the host's clock is off: {e}") })
    };
    Ok((at(now.as_second() - DAY)?, at(now.as_second() + days * DAY)?))
}

fn still_good(path: &Path, leaf: &Leaf, now: Timestamp, renew_before: Duration) -> bool {
    let Ok(pem) = fs::read(path) else { return false };
    let Ok((_, pem)) = x509_parser::pem::parse_x509_pem(&pem) else { return false };
    let Ok(found) = pem.parse_x509() else { return false };
    let left = found.validity().not_after.timestamp() - now.as_second();
    let names = found.subject_alternative_name().ok().flatten().map(|san| &san.value.general_names);
    let ip_named = |ip: &IpAddr| {
        let octets: Vec<u8> = match ip {
            IpAddr::V4(ip) => ip.octets().into(),
            IpAddr::V6(ip) => ip.octets().into(),
        };
        names.is_some_and(|names| {
            names.iter().any(|name| matches!(name, GeneralName::IPAddress(a) if *a == octets))
        })
    };
    left > i64::try_from(renew_before.as_secs()).unwrap_or(i64::MAX) && leaf.ips.iter().all(ip_named)
}
