//! Passwords: argon2id, off the async threads, and the same work for users that are not there.

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::{SaltString, rand_core::OsRng},
};
use nagaya_api::{ApiError, Cause, Kind};
use nagaya_store::Credential;
use tokio::sync::Semaphore;

use crate::config::Hashing;

/// Shortest password in characters (NIST SP 800-63B-4, with a limiter beside it).
const SHORTEST: usize = 8;
/// Longest in bytes, so that hashing it is no attack.
const LONGEST: usize = 1024;
/// Passwords hashed at once; each holds a core and the hash's memory.
const AT_ONCE: usize = 2;

/// Hashes and verifies passwords.
pub struct Passwords {
    hashing: Hashing,
    places: Semaphore,
}

impl Passwords {
    /// With this cost.
    pub fn new(hashing: Hashing) -> Self {
        Self { hashing, places: Semaphore::new(AT_ONCE) }
    }

    fn hasher(hashing: Hashing) -> Result<Argon2<'static>, ApiError> {
        let params = Params::new(hashing.memory, hashing.passes, 1, None)
            .map_err(|error| ApiError::internal(format!("argon2id with {hashing:?}: {error}")))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(Argon2<'static>) -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let hasher = Self::hasher(self.hashing)?;
        let stopping = |_| ApiError::unavailable("the server is stopping");
        let _place = self.places.acquire().await.map_err(stopping)?;
        tokio::task::spawn_blocking(move || work(hasher))
            .await
            .map_err(|error| ApiError::internal(format!("hashing a password: {error}")))
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
        self.work(move |hasher| {
            let salt = SaltString::generate(&mut OsRng);
            hasher.hash_password(password.as_bytes(), &salt).map(|hash| hash.to_string())
        })
        .await?
        .map_err(|error| ApiError::internal(format!("hashing a password: {error}")))
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
        self.work(move |hasher| match credential {
            Some(credential) => PasswordHash::new(&credential.phc)
                .is_ok_and(|hash| hasher.verify_password(password.as_bytes(), &hash).is_ok()),
            None => {
                let salt = SaltString::generate(&mut OsRng);
                let _ = std::hint::black_box(hasher.hash_password(password.as_bytes(), &salt));
                false
            }
        })
        .await
    }
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
        let phc = passwords.hash("ann", "correct horse".into()).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$"));
        let credential = Credential { phc, must_change: false };
        assert!(passwords.verify(Some(credential.clone()), "correct horse".into()).await.unwrap());
        assert!(!passwords.verify(Some(credential), "battery staple".into()).await.unwrap());
        assert!(!passwords.verify(None, "correct horse".into()).await.unwrap());
        assert_eq!(passwords.hash("ann", "short".into()).await.unwrap_err().code, 422);
    }

    #[test]
    fn random_passwords_differ() {
        assert_ne!(random_password(), random_password());
        assert_eq!(random_password().len(), 23);
    }
}
