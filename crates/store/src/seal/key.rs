//! A key, and several of them.

use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chacha20poly1305::{
    AeadCore, ChaCha20Poly1305, KeyInit,
    aead::{Aead, OsRng, Payload},
};
use rand::TryRngCore;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::StoreError;

/// Length of a key in bytes. RFC 8439.
const KEY: usize = 32;
/// Length of ChaCha20-Poly1305's nonce in bytes. RFC 8439.
const NONCE: usize = 12;

/// A key that seals. Its id follows from it, so that it is the same wherever the key is read from; it gives nothing
/// of a random key away.
pub(crate) struct Key {
    id: String,
    bytes: Zeroizing<Vec<u8>>,
    cipher: ChaCha20Poly1305,
}

impl Key {
    /// The key of these bytes, if they are as many as they must be.
    pub(crate) fn new(bytes: Zeroizing<Vec<u8>>) -> Option<Self> {
        let cipher = ChaCha20Poly1305::new_from_slice(&bytes).ok()?;
        let hash = Sha256::new_with_prefix("nagaya sealing key\0").chain_update(&*bytes).finalize();
        let id = hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Some(Self { id, bytes, cipher })
    }

    /// A new key.
    pub(crate) fn generate() -> Result<Self, StoreError> {
        let mut bytes = Zeroizing::new(vec![0; KEY]);
        let filled = rand::rngs::OsRng.try_fill_bytes(&mut bytes).map_err(|error| error.to_string());
        let key = filled.and_then(|()| Self::new(bytes).ok_or_else(|| "no key".to_owned()));
        key.map_err(|why| StoreError::Key { place: "the system's random numbers".into(), why })
    }

    /// Its name.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Seals a value under a name, which is authenticated with it: one secret cannot be put in another's place.
    pub(crate) fn seal(&self, name: &str, value: &[u8]) -> Result<Vec<u8>, StoreError> {
        let nonce = ChaCha20Poly1305::generate_nonce(&mut OsRng);
        let sealed = self.cipher.encrypt(&nonce, Payload { msg: value, aad: name.as_bytes() });
        let sealed = sealed
            .map_err(|_| StoreError::Sealed { name: name.to_owned(), why: "it is too large".into() })?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    fn open(&self, name: &str, row: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = row.split_at_checked(NONCE)?;
        let payload = Payload { msg: sealed, aad: name.as_bytes() };
        self.cipher.decrypt(nonce.into(), payload).ok().map(Zeroizing::new)
    }
}

/// What became of a sealed value.
pub(crate) enum Opened {
    /// It is open.
    Value(Zeroizing<Vec<u8>>),
    /// The key that it names is not here.
    NoKey,
    /// It was changed, or sealed under another name.
    Broken,
}

/// Keys, of which the first seals.
#[derive(Clone)]
pub(crate) struct Ring {
    first: Arc<Key>,
    others: Vec<Arc<Key>>,
}

impl Ring {
    /// One key.
    pub(crate) fn of(first: Arc<Key>) -> Self {
        Self { first, others: Vec::new() }
    }

    /// The keys of a text: each a line of base64, the first of which seals.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(text).map_err(|_| "it is no text".to_owned())?;
        let mut ring: Option<Self> = None;
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bytes = BASE64_STANDARD.decode(line).map(Zeroizing::new).ok();
            let key = bytes.and_then(Key::new).ok_or_else(|| {
                format!(
                    "line {} is no key: each is {KEY} random bytes in base64, on a line of its own",
                    at + 1
                )
            })?;
            let key = Arc::new(key);
            match &mut ring {
                Some(ring) => ring.append(std::iter::once(&key)),
                None => ring = Some(Self::of(key)),
            }
        }
        ring.ok_or_else(|| "there is no key in it".to_owned())
    }

    /// The text that [`Ring::parse`] reads.
    pub(crate) fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::new());
        for key in self.keys() {
            BASE64_STANDARD.encode_string(&*key.bytes, &mut text);
            text.push('\n');
        }
        text
    }

    /// The one that seals.
    pub(crate) fn first(&self) -> &Arc<Key> {
        &self.first
    }

    /// All, the one that seals first.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Arc<Key>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Whether there are keys beside the one that seals.
    pub(crate) fn has_old(&self) -> bool {
        !self.others.is_empty()
    }

    /// The key of this id.
    pub(crate) fn find(&self, id: &str) -> Option<&Arc<Key>> {
        self.keys().find(|key| key.id == id)
    }

    /// Adds keys behind the others; those that are here already stay where they are.
    pub(crate) fn append<'a>(&mut self, keys: impl Iterator<Item = &'a Arc<Key>>) {
        for key in keys {
            if self.find(&key.id).is_none() {
                self.others.push(Arc::clone(key));
            }
        }
    }

    /// Opens a value. One that names no key is of before they had names.
    pub(crate) fn open(&self, key: &str, name: &str, row: &[u8]) -> Opened {
        let opened = match (key, self.find(key)) {
            ("", _) => self.keys().find_map(|key| key.open(name, row)),
            (_, Some(key)) => key.open(name, row),
            (_, None) => return Opened::NoKey,
        };
        opened.map_or(Opened::Broken, Opened::Value)
    }

    /// Why a value did not open, for people.
    pub(crate) fn why(&self, key: &str, opened: &Opened) -> String {
        let ids: Vec<&str> = self.keys().map(|key| key.id()).collect();
        match opened {
            Opened::NoKey => format!(
                "it is sealed with key {key}, and the keys given are {}: give that one too, as a further line of store.key or of what sealingKeyCommand prints",
                ids.join(", ")
            ),
            _ if key.is_empty() => {
                "none of the keys given is the one that it was sealed with, or it was tampered with".into()
            }
            _ => format!("it was tampered with since it was sealed with key {key}: set it again"),
        }
    }
}
