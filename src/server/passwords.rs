//! Passwords: Argon2id with OWASP's parameters, off the request threads.
//!
//! Hashing is slow and large on purpose (19 MiB each), so only as many run at once as there are
//! processors, and whoever comes later waits in line. A sign-in with an unknown address is hashed
//! all the same, against [`Passwords::decoy`]: how long the answer takes does not tell whether there
//! is such a user.

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use std::thread::available_parallelism;
use thiserror::Error;
use tokio::sync::Semaphore;

/// The shortest password a user can be given (NIST SP 800-63B-4 asks for 8 beside a second factor
/// and 15 without; between the two lies what people put up with).
pub const SHORTEST: usize = 10;
/// Longer ones are not hashed at all: nobody types them.
const LONGEST: usize = 1_000;

/// Hashes and checks passwords.
#[derive(Clone, Debug)]
pub struct Passwords {
    params: Params,
    at_once: Arc<Semaphore>,
    decoy: Arc<str>,
}

/// A password could not be hashed.
#[derive(Debug, Error)]
#[error("the password could not be hashed: {0}")]
pub struct HashError(String);

impl Passwords {
    /// With parameters that suit a server: 19 MiB, 2 passes, 1 lane ("OWASP Password Storage Cheat
    /// Sheet", which are also the crate's defaults).
    ///
    /// # Errors
    /// When there is no randomness to be had.
    pub fn new() -> Result<Self, HashError> {
        Self::with(Params::default())
    }

    /// With parameters that take next to no time, for tests of something else.
    ///
    /// # Errors
    /// When there is no randomness to be had.
    pub fn quick() -> Result<Self, HashError> {
        Self::with(Params::new(8, 1, 1, None).map_err(|error| HashError(error.to_string()))?)
    }

    fn with(params: Params) -> Result<Self, HashError> {
        let decoy = hash(&params, "the password of nobody")?.into();
        let at_once = available_parallelism().map_or(1, usize::from);
        Ok(Self { params, at_once: Arc::new(Semaphore::new(at_once)), decoy })
    }

    /// What a password is checked against when there is no user: nothing matches it in effect, for
    /// the caller refuses whatever comes of it.
    pub fn decoy(&self) -> &str {
        &self.decoy
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// When it cannot be hashed.
    pub async fn hash(&self, password: String) -> Result<String, HashError> {
        let params = self.params.clone();
        self.off_thread(move || hash(&params, &password)).await?
    }

    /// Whether `password` is the one that `hash` was made of.
    ///
    /// # Errors
    /// When it cannot be hashed.
    pub async fn verify(&self, password: String, hash: String) -> Result<bool, HashError> {
        if password.len() > LONGEST {
            return Ok(false);
        }
        self.off_thread(move || {
            let hash = PasswordHash::new(&hash).map_err(|error| HashError(error.to_string()))?;
            // The parameters are those in the hash, whatever ours are now.
            Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await?
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashError> {
        let failed = |error: &dyn std::error::Error| HashError(error.to_string());
        let _turn = self.at_once.acquire().await.map_err(|error| failed(&error))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| failed(&error))
    }
}

fn hash(params: &Params, password: &str) -> Result<String, HashError> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| HashError(error.to_string()))?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| HashError(error.to_string()))?;
    let hash = argon2.hash_password(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|error| HashError(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_and_no_other() {
        let passwords = Passwords::quick().unwrap();
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(passwords.verify("correct horse".into(), hash.clone()).await.unwrap());
        assert!(!passwords.verify("correct house".into(), hash.clone()).await.unwrap());
        assert!(!passwords.verify("x".repeat(LONGEST + 1), hash).await.unwrap());
    }

    #[test]
    fn a_server_hashes_as_owasp_advises() {
        let hash = Passwords::new().unwrap().decoy;
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }
}
