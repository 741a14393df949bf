//! Private keys: made from the environment's randomness, read from and written as PEM.

use std::convert::Infallible;

use p256::{ecdsa::signature::Signer as _, elliptic_curve::sec1::ToSec1Point as _};
use rcgen::{PublicKeyData, SignatureAlgorithm, SigningKey};
use rsa::{
    PrivateKey,
    pkcs1::{DecodeRsaPrivateKey as _, EncodeRsaPrivateKey as _, EncodeRsaPublicKey as _},
    pkcs8::DecodePrivateKey as _,
    rand_core::{TryCryptoRng, TryRng},
    signature::SignatureEncoding as _,
};

use super::pem;
use crate::{environment::Environment, functions::random};

/// The environment's randomness for libraries.
pub struct Lot<'e, 'a>(pub &'e Environment<'a>);

impl TryRng for Lot<'_, '_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        random::fill(self.0, &mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        random::fill(self.0, &mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
        random::fill(self.0, buffer);
        Ok(())
    }
}

impl TryCryptoRng for Lot<'_, '_> {}

/// A private key that signs.
pub enum Key {
    /// RSA, and its public half as PKCS #1.
    Rsa(Box<PrivateKey>, Vec<u8>),
    /// ECDSA on P-256, and its public point.
    P256(p256::SecretKey, Vec<u8>),
    /// Ed25519 or another curve, and its PKCS #8.
    Other(Box<rcgen::KeyPair>, Vec<u8>),
}

impl Key {
    /// A new RSA key.
    pub fn new_rsa(environment: &Environment<'_>, bits: usize) -> Result<Self, String> {
        let key = PrivateKey::new(&mut Lot(environment), bits);
        Self::rsa(key.map_err(|error| format!("error generating rsa key: {error}"))?)
    }

    fn rsa(key: PrivateKey) -> Result<Self, String> {
        let public = key.to_public_key().to_pkcs1_der().map_err(|error| error.to_string())?;
        Ok(Self::Rsa(Box::new(key), public.as_bytes().to_vec()))
    }

    /// A new key on P-256.
    pub fn new_p256(environment: &Environment<'_>) -> Result<Self, String> {
        // One draw of 2^32 is no key.
        for _ in 0..16 {
            let mut bytes = [0; 32];
            random::fill(environment, &mut bytes);
            if let Ok(key) = p256::SecretKey::from_slice(&bytes) {
                return Ok(Self::p256(key));
            }
        }
        Err("failed to generate private key: randomness gives no number that fits".into())
    }

    fn p256(key: p256::SecretKey) -> Self {
        let public = key.public_key().to_sec1_point(false).as_bytes().to_vec();
        Self::P256(key, public)
    }

    /// A new Ed25519 key.
    pub fn new_ed25519(environment: &Environment<'_>) -> Result<Self, String> {
        // PKCS #8 of version 1 with the algorithm's number: RFC 8410.
        let mut der = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
        let mut seed = [0; 32];
        random::fill(environment, &mut seed);
        der.extend_from_slice(&seed);
        Self::other(der)
    }

    fn other(der: Vec<u8>) -> Result<Self, String> {
        let pair = rcgen::KeyPair::try_from(der.as_slice()).map_err(|error| error.to_string())?;
        Ok(Self::Other(Box::new(pair), der))
    }

    /// Reads a key.
    ///
    /// # Errors
    /// In sprig's words.
    pub fn read(text: &str) -> Result<Self, String> {
        let (label, der) = pem::read(text).ok_or("no PEM data in input")?;
        match label.as_str() {
            "PRIVATE KEY" => {
                if let Ok(key) = PrivateKey::from_pkcs8_der(&der) {
                    return Self::rsa(key);
                }
                if let Ok(key) = p256::SecretKey::from_pkcs8_der(&der) {
                    return Ok(Self::p256(key));
                }
                Self::other(der).map_err(|error| format!("decoding PEM as PKCS#8: {error}"))
            }
            "RSA PRIVATE KEY" => {
                let key = PrivateKey::from_pkcs1_der(&der);
                Self::rsa(key.map_err(|error| format!("parsing RSA private key from PEM: {error}"))?)
            }
            "EC PRIVATE KEY" => {
                let key = p256::SecretKey::from_sec1_der(&der);
                key.map(Self::p256)
                    .map_err(|error| format!("parsing EC private key from PEM, on P-256: {error}"))
            }
            "DSA PRIVATE KEY" => Err("x509: only RSA, ECDSA and Ed25519 keys supported".into()),
            label => match label.strip_suffix(" PRIVATE KEY") {
                Some(kind) => Err(format!("invalid private key type {kind}")),
                None => Err(format!("no private key data in PEM block of type {label}")),
            },
        }
    }

    /// As PEM, in the form that is usual for its kind.
    pub fn write(&self) -> Result<String, String> {
        Ok(match self {
            Self::Rsa(key, _) => {
                let der = key.to_pkcs1_der().map_err(|error| error.to_string())?;
                pem::write("RSA PRIVATE KEY", der.as_bytes())
            }
            Self::P256(key, public) => {
                // SEC 1 with the curve named, which others need to read it.
                let mut der = b"\x30\x77\x02\x01\x01\x04\x20".to_vec();
                der.extend_from_slice(&key.to_bytes());
                der.extend_from_slice(
                    b"\xa0\x0a\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\xa1\x44\x03\x42\x00",
                );
                der.extend_from_slice(public);
                pem::write("EC PRIVATE KEY", &der)
            }
            Self::Other(_, der) => pem::write("PRIVATE KEY", der),
        })
    }
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        match self {
            Self::Rsa(_, public) | Self::P256(_, public) => public,
            Self::Other(pair, _) => pair.der_bytes(),
        }
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        match self {
            Self::Rsa(..) => &rcgen::PKCS_RSA_SHA256,
            Self::P256(..) => &rcgen::PKCS_ECDSA_P256_SHA256,
            Self::Other(pair, _) => pair.algorithm(),
        }
    }
}

impl SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        match self {
            Self::Rsa(key, _) => {
                let key = rsa::pkcs1v15::SigningKey::<rsa::sha2::Sha256>::new(key.as_ref().clone());
                key.try_sign(message)
                    .map(|signature| signature.to_vec())
                    .map_err(|_| rcgen::Error::RemoteKeyError)
            }
            Self::P256(key, _) => {
                // What is drawn for a signature is derived from key and message (RFC 6979), so it is the same each time.
                let signature: p256::ecdsa::DerSignature = p256::ecdsa::SigningKey::from(key).sign(message);
                Ok(signature.as_bytes().to_vec())
            }
            Self::Other(pair, _) => pair.sign(message),
        }
    }
}
