//! Certificates and keys.

use std::{any::Any as Dynamic, net::IpAddr, rc::Rc};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyUsagePurpose, SanType, SerialNumber,
};
use time::OffsetDateTime;

use super::{
    Function,
    Parameter::{Int, List, Object as Typed, String as Text},
    arguments::{any, bytes, int, text},
    encoding::from_base64,
    fixed, random, text as show,
};
use crate::{
    environment::Environment,
    value::{Object, Value},
};

mod key;
mod pem;

use key::Key;

const CERTIFICATE: super::Parameter = Typed("sprig.certificate");

/// A certificate and its key, both as PEM.
struct Certificate {
    certificate: String,
    key: String,
}

impl Object for Certificate {
    fn type_name(&self) -> &'static str {
        "sprig.certificate"
    }

    fn call(&self, name: &str, _: &[Value]) -> Option<Result<Value, String>> {
        match name {
            "Cert" => Some(Ok(self.certificate.as_str().into())),
            "Key" => Some(Ok(self.key.as_str().into())),
            _ => None,
        }
    }

    fn print(&self) -> String {
        format!("{{{} {}}}", self.certificate, self.key)
    }

    fn data(&self) -> Value {
        Value::Map([("Cert", self.certificate.as_str()), ("Key", self.key.as_str())].into_iter().collect())
    }

    fn as_any(&self) -> &dyn Dynamic {
        self
    }
}

impl Certificate {
    fn value(self) -> Value {
        Value::Object(Rc::new(self))
    }
}

/// Whom a certificate names, and for how long.
struct Subject<'a> {
    name: &'a str,
    addresses: &'a Value,
    names: &'a Value,
    days: i64,
}

fn elements(list: &Value) -> &[Value] {
    match list {
        Value::List(list, _) => list,
        _ => &[],
    }
}

fn shown(value: &Value) -> String {
    show::show(value).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default()
}

impl Subject<'_> {
    fn alternatives(&self) -> Result<Vec<SanType>, String> {
        let names = elements(self.names).iter().map(|name| {
            let Value::String(name) = name else {
                return Err(format!("error processing alternate dns name: {} is not a string", shown(name)));
            };
            let name = name.to_string().try_into();
            name.map(SanType::DnsName).map_err(|error| format!("error creating certificate: {error}"))
        });
        let addresses = elements(self.addresses).iter().map(|address| {
            let Value::String(address) = address else {
                return Err(format!("error parsing ip: {} is not a string", shown(address)));
            };
            let parsed: Result<IpAddr, _> = address.to_string().parse();
            parsed.map(SanType::IpAddress).map_err(|_| format!("error parsing ip: {address}"))
        });
        // Addresses are looked at first, and stand behind names.
        let addresses = addresses.collect::<Result<Vec<_>, _>>()?;
        Ok(names.collect::<Result<Vec<_>, _>>()?.into_iter().chain(addresses).collect())
    }

    fn parameters(
        &self,
        environment: &Environment<'_>,
        authority: bool,
    ) -> Result<CertificateParams, String> {
        let mut parameters = CertificateParams::default();
        parameters.subject_alt_names = self.alternatives()?;
        parameters.distinguished_name = DistinguishedName::new();
        parameters.distinguished_name.push(DnType::CommonName, self.name);
        let at = |seconds: i64| {
            OffsetDateTime::from_unix_timestamp(seconds)
                .map_err(|error| format!("error creating certificate: {error}"))
        };
        let (now, _) = environment.now;
        parameters.not_before = at(now)?;
        parameters.not_after = at(now.saturating_add(self.days.saturating_mul(86_400)))?;
        let mut serial = [0; 16];
        random::fill(environment, &mut serial);
        parameters.serial_number = Some(SerialNumber::from_slice(&serial));
        parameters.key_usages = vec![KeyUsagePurpose::KeyEncipherment, KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        parameters.is_ca = IsCa::ExplicitNoCa;
        if authority {
            parameters.key_usages.push(KeyUsagePurpose::KeyCertSign);
            parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        Ok(parameters)
    }
}

/// The key that was given as PEM at that place, or a new one.
fn key_of(environment: &Environment<'_>, arguments: &[Value], index: usize) -> Result<Key, String> {
    match arguments.get(index) {
        Some(_) => {
            Key::read(&text(arguments, index)).map_err(|error| format!("parsing private key: {error}"))
        }
        None => Key::new_rsa(environment, 2048),
    }
}

fn self_signed(
    environment: &Environment<'_>,
    subject: &Subject<'_>,
    key: &Key,
    authority: bool,
) -> Result<Value, String> {
    let certificate = subject.parameters(environment, authority)?.self_signed(key);
    let certificate = certificate.map_err(|error| format!("error creating certificate: {error}"))?;
    Ok(Certificate { certificate: pem::write("CERTIFICATE", certificate.der()), key: key.write()? }.value())
}

fn authority(environment: &Environment<'_>, arguments: &[Value]) -> Result<Value, String> {
    let key = key_of(environment, arguments, 2)?;
    let name = text(arguments, 0);
    let subject =
        Subject { name: &name, addresses: &Value::Nil, names: &Value::Nil, days: int(arguments, 1) };
    self_signed(environment, &subject, &key, true)
}

/// The first four arguments are whom it names and for how long.
fn with_subject<T>(arguments: &[Value], then: impl FnOnce(&Subject<'_>) -> T) -> T {
    let name = text(arguments, 0);
    then(&Subject {
        name: &name,
        addresses: any(arguments, 1),
        names: any(arguments, 2),
        days: int(arguments, 3),
    })
}

fn own(environment: &Environment<'_>, arguments: &[Value]) -> Result<Value, String> {
    let key = key_of(environment, arguments, 4)?;
    with_subject(arguments, |subject| self_signed(environment, subject, &key, false))
}

fn signed(environment: &Environment<'_>, arguments: &[Value]) -> Result<Value, String> {
    let key = key_of(environment, arguments, 5)?;
    let authority = match any(arguments, 4) {
        Value::Object(object) => object.as_any().downcast_ref::<Certificate>(),
        _ => None,
    };
    let authority = authority.ok_or("unable to decode certificate")?;
    let (_, der) = pem::read(&authority.certificate).ok_or("unable to decode certificate")?;
    let signer = Key::read(&authority.key).map_err(|error| format!("error parsing private key: {error}"))?;
    let issuer = Issuer::from_ca_cert_der(&der.into(), signer);
    let issuer =
        issuer.map_err(|error| format!("error parsing certificate: decodedSignerCert.Bytes: {error}"))?;
    let mut parameters = with_subject(arguments, |subject| subject.parameters(environment, false))?;
    parameters.use_authority_key_identifier_extension = true;
    let certificate = parameters.signed_by(&key, &issuer);
    let certificate = certificate.map_err(|error| format!("error creating certificate: {error}"))?;
    Ok(Certificate { certificate: pem::write("CERTIFICATE", certificate.der()), key: key.write()? }.value())
}

/// A certificate and a key that are there already.
fn custom(arguments: &[Value]) -> Result<Value, String> {
    let certificate = from_base64(bytes(arguments, 0)).map_err(|_| "unable to decode base64 certificate")?;
    let key = from_base64(bytes(arguments, 1)).map_err(|_| "unable to decode base64 private key")?;
    let (certificate, key) =
        (String::from_utf8_lossy(&certificate).into_owned(), String::from_utf8_lossy(&key).into_owned());
    let (_, der) = pem::read(&certificate).ok_or("unable to decode certificate")?;
    let signer = Key::read(&key).map_err(|error| format!("error parsing private key: {error}"))?;
    // That it reads is all that is asked.
    Issuer::from_ca_cert_der(&der.into(), signer)
        .map_err(|error| format!("error parsing certificate: decodedCert.Bytes: {error}"))?;
    Ok(Certificate { certificate, key }.value())
}

fn private_key(environment: &Environment<'_>, kind: &[u8]) -> Result<Value, String> {
    let key = match kind {
        b"" | b"rsa" => Key::new_rsa(environment, 4096),
        b"ecdsa" => Key::new_p256(environment),
        b"ed25519" => Key::new_ed25519(environment),
        // Nobody takes DSA keys any more: OpenSSH has dropped them, and so have certificates.
        b"dsa" => Err("failed to generate private key: DSA keys are not made; use ecdsa or ed25519".into()),
        other => return Ok(format!("Unknown type {}", String::from_utf8_lossy(other)).into()),
    };
    key?.write().map(Value::from)
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("genPrivateKey", &[Text], |environment, a| private_key(environment, bytes(a, 0))),
    fixed("genCA", &[Text, Int], authority),
    fixed("genCAWithKey", &[Text, Int, Text], authority),
    fixed("genSelfSignedCert", &[Text, List, List, Int], own),
    fixed("genSelfSignedCertWithKey", &[Text, List, List, Int, Text], own),
    fixed("genSignedCert", &[Text, List, List, Int, CERTIFICATE], signed),
    fixed("genSignedCertWithKey", &[Text, List, List, Int, CERTIFICATE, Text], signed),
    fixed("buildCustomCert", &[Text, Text], |_, a| custom(a)),
];
