//! Secrets that let people in: sessions, API tokens, passwords. Only hashes are stored.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use rand::TryRngCore;
use sha2::{Digest, Sha256};

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A browser's session.
    Session,
    /// A program's key.
    Api,
}

impl Purpose {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Api => "api",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::Session, Self::Api].into_iter().find(|one| one.word() == word)
    }
}

/// A token to make.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for.
    pub purpose: Purpose,
    /// Whose it is.
    pub user: String,
    /// What its owner calls it.
    pub name: String,
    /// When it ends; none: never.
    pub expires_at: Option<Timestamp>,
    /// It ends earlier when it is not used for so long.
    pub idle: Option<SignedDuration>,
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Its identity, no secret.
    pub id: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Whose it is.
    pub user: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; none: never.
    pub expires_at: Option<Timestamp>,
    /// It ends earlier when it is not used for so long.
    pub idle: Option<SignedDuration>,
    /// When it was last used, within a minute.
    pub used_at: Timestamp,
}

impl Token {
    /// Whether it still lets its owner in.
    pub fn valid(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
            && self.idle.is_none_or(|idle| now.duration_since(self.used_at) < idle)
    }
}

/// Why a secret lets nobody in.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenRefused {
    /// No token has it, or none has any more.
    Unknown,
    /// Its token has come to its end, or was not used for too long.
    Over(Box<Token>),
}

/// A password as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The argon2id hash in PHC form.
    pub phc: String,
    /// Whether its owner must choose another before anything else, because somebody else knows it.
    pub must_change: bool,
}

/// A new secret of 256 random bits with a prefix, for instance `nagaya_…`.
///
/// # Panics
/// When the operating system gives no randomness: nothing secret can be made then.
pub fn new_secret(prefix: &str) -> String {
    let mut bytes = [0_u8; 32];
    if let Err(error) = rand::rngs::OsRng.try_fill_bytes(&mut bytes) {
        panic!("the operating system gives no random bytes: {error}");
    }
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// What is stored of a secret. A plain hash is enough: nobody guesses 256 random bits.
pub fn hash_secret(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
