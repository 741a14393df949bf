//! Passwords: argon2id, off the async threads, and the same work for users that are not there.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, Version,
    password_hash::{Ident, Output, ParamsString, Salt, SaltString, rand_core::OsRng},
};
use nagaya_api::{ApiError, Cause, Kind};
use nagaya_store::Credential;
use tokio::sync::Mutex;

use crate::config::Hashing;

/// Shortest password in characters (NIST SP 800-63B-4, with a limiter beside it).
const SHORTEST: usize = 8;
/// Longest in bytes, so that hashing it is no attack.
const LONGEST: usize = 1024;
/// Length of a hash in bytes.
const OUTPUT: usize = 32;

/// Hashes and verifies passwords, one at a time: a flood of logins then costs one core and no more.
pub struct Passwords {
    hashing: Hashing,
    /// The hash's memory, kept: given back after each login, the allocator would hold it several times over
    /// (measured: 36 MB after ten logins).
    memory: Arc<Mutex<Vec<Block>>>,
}

impl Passwords {
    /// With this cost.
    pub fn new(hashing: Hashing) -> Self {
        Self { hashing, memory: Arc::default() }
    }

    fn params(&self) -> Result<Params, ApiError> {
        Params::new(self.hashing.memory, self.hashing.passes, 1, Some(OUTPUT))
            .map_err(|error| ApiError::internal(format!("argon2id with {:?}: {error}", self.hashing)))
    }

    /// The hash, off the async threads.
    async fn work(&self, params: Params, salt: Vec<u8>, password: String) -> Result<[u8; OUTPUT], ApiError> {
        let mut memory = Arc::clone(&self.memory).lock_owned().await;
        let hashed = tokio::task::spawn_blocking(move || {
            let blocks = params.block_count();
            if memory.len() < blocks {
                memory.resize(blocks, Block::default());
            }
            let mut out = [0; OUTPUT];
            let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let done = argon.hash_password_into_with_memory(
                password.as_bytes(),
                &salt,
                &mut out,
                &mut memory[..blocks],
            );
            // What is left in it could be tried against guesses.
            memory.fill(Block::default());
            done.map(|()| out)
        });
        let failed =
            |error: &dyn std::fmt::Display| ApiError::internal(format!("hashing a password: {error}"));
        hashed.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
    }

    /// The hash of a new password in PHC form.
    ///
    /// # Errors
    /// 422 when the password is too short or too long.
    pub async fn hash(&self, user: &str, password: String) -> Result<String, ApiError> {
        if password.chars().count() < SHORTEST || password.len() > LONGEST {
            let cause = Cause::invalid(
                "password",
                format!("must have {SHORTEST} characters at least and {LONGEST} bytes at most"),
                "choose a longer one: several words are easy to keep in mind",
            );
            return Err(ApiError::invalid(Kind::User, user, vec![cause]));
        }
        let failed =
            |error: argon2::password_hash::Error| ApiError::internal(format!("hashing a password: {error}"));
        let params = self.params()?;
        let salt = SaltString::generate(&mut OsRng);
        let hash = self.work(params.clone(), bytes(salt.as_salt())?, password).await?;
        let phc = PasswordHash {
            algorithm: Ident::new_unwrap("argon2id"),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params).map_err(failed)?,
            salt: Some(salt.as_salt()),
            hash: Some(Output::new(&hash).map_err(failed)?),
        };
        Ok(phc.to_string())
    }

    /// Whether the password is the one. Without a credential the same work is done, so that the time taken does not
    /// tell which users there are.
    ///
    /// # Errors
    /// When the server is stopping.
    pub async fn verify(&self, credential: Option<Credential>, password: String) -> Result<bool, ApiError> {
        if password.len() > LONGEST {
            return Ok(false);
        }
        let stored = credential.as_ref().and_then(|credential| PasswordHash::new(&credential.phc).ok());
        let known = stored.as_ref().and_then(|stored| {
            let right_kind =
                stored.algorithm.as_str() == "argon2id" && stored.version == Some(Version::V0x13.into());
            let (salt, hash) = (stored.salt?, stored.hash?);
            (right_kind && hash.len() == OUTPUT).then_some((
                Params::try_from(stored).ok()?,
                bytes(salt).ok()?,
                hash,
            ))
        });
        let Some((params, salt, hash)) = known else {
            let salt = bytes(SaltString::generate(&mut OsRng).as_salt())?;
            std::hint::black_box(self.work(self.params()?, salt, password).await?);
            return Ok(false);
        };
        let computed = self.work(params, salt, password).await?;
        // Compared in constant time.
        Ok(Output::new(&computed).is_ok_and(|computed| computed == hash))
    }
}

/// The bytes of a salt.
fn bytes(salt: Salt<'_>) -> Result<Vec<u8>, ApiError> {
    let mut buffer = [0; Salt::MAX_LENGTH];
    let salt =
        salt.decode_b64(&mut buffer).map_err(|error| ApiError::internal(format!("a salt: {error}")))?;
    Ok(salt.to_vec())
}

/// A password that nobody has to think of: 100 random bits in groups that can be read out.
pub fn random_password() -> String {
    use rand::Rng;
    // Without letters and digits that look alike.
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let mut random = rand::rngs::StdRng::from_os_rng();
    let letters: Vec<char> = (0..20).map(|_| LETTERS[random.random_range(0..32)] as char).collect();
    letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

use rand::SeedableRng;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_only_and_nobody_has_none() {
        let passwords = Passwords::new(Hashing { memory: 64, passes: 1 });
        let phc = passwords.hash("dev-01", "correct horse".into()).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$"));
        let credential = Credential { phc, must_change: false };
        assert!(passwords.verify(Some(credential.clone()), "correct horse".into()).await.unwrap());
        assert!(!passwords.verify(Some(credential.clone()), "battery staple".into()).await.unwrap());
        // Whatever the cost was when it was set; and as any other program would say.
        let later = Passwords::new(Hashing { memory: 128, passes: 2 });
        assert!(later.verify(Some(credential.clone()), "correct horse".into()).await.unwrap());
        let hash = PasswordHash::new(&credential.phc).unwrap();
        argon2::PasswordVerifier::verify_password(&Argon2::default(), b"correct horse", &hash).unwrap();
        assert!(!passwords.verify(None, "correct horse".into()).await.unwrap());
        assert_eq!(passwords.hash("dev-01", "short".into()).await.unwrap_err().code, 422);
    }

    #[test]
    fn random_passwords_differ() {
        assert_ne!(random_password(), random_password());
        assert_eq!(random_password().len(), 23);
    }
}
