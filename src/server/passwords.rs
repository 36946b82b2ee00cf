//! Passwords: what they must be, and Argon2id with OWASP's parameters, off the request threads.
//!
//! Hashing is slow and large on purpose (19 MiB each), so only two run at once, each in memory that is kept for it, a
//! few more wait in line, and whoever comes when the line is full is told to come back. What is being hashed has its turn
//! until it is done, also when nobody waits for it any more. A sign-in with an unknown address is hashed
//! all the same, against [`Passwords::decoy`]: how long the answer takes does not tell whether there
//! is such a user.

mod common;

use argon2::password_hash::{Output, PasswordHash, Salt, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use domain::problem::{LONGEST_PASSWORD, Problem, SHORTEST_PASSWORD};
use std::sync::{Arc, Mutex, PoisonError};
use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A password that somebody may have from now on.
pub struct NewPassword(String);

impl NewPassword {
    /// Takes one that will do: of a fair length and not a common one, of whatever characters.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: String) -> Result<Self, Problem> {
        // Spaces around it make it no harder to guess; it is taken as it was typed all the same.
        let meant = text.trim();
        if text.chars().count() > LONGEST_PASSWORD {
            Err(Problem::PasswordTooLong)
        } else if meant.chars().count() < SHORTEST_PASSWORD {
            Err(Problem::PasswordTooShort)
        } else if common::is_common(meant) {
            Err(Problem::PasswordCommon)
        } else {
            Ok(Self(text))
        }
    }
}

/// Hashes at once.
const AT_ONCE: usize = 2;
/// Hashes that wait for their turn.
const IN_LINE: usize = 16;

/// Hashes and checks passwords.
#[derive(Clone, Debug)]
pub struct Passwords {
    params: Params,
    line: Arc<Semaphore>,
    known_line: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    memory: Memory,
    decoy: Arc<str>,
}

/// The blocks that hashing works in, one vector for each turn. They are kept, since an allocator does not give
/// back what many threads had in turn.
type Memory = Arc<Mutex<Vec<Vec<Block>>>>;

/// A password could not be hashed.
#[derive(Debug, Error)]
pub enum HashError {
    /// Too many wait already.
    #[error("too many passwords are being checked")]
    Busy,
    /// It failed.
    #[error("the password could not be hashed: {0}")]
    Failed(String),
}

impl HashError {
    fn of(error: impl std::fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }
}

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
        Self::with(Params::new(8, 1, 1, None).map_err(HashError::of)?)
    }

    fn with(params: Params) -> Result<Self, HashError> {
        let decoy = hash(&params, "the password of nobody", &mut Vec::new())?.into();
        Ok(Self {
            params,
            line: Arc::new(Semaphore::new(AT_ONCE + IN_LINE)),
            known_line: Arc::new(Semaphore::new(AT_ONCE + IN_LINE)),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            memory: Memory::default(),
            decoy,
        })
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
    pub async fn hash(&self, NewPassword(password): NewPassword) -> Result<String, HashError> {
        let params = self.params.clone();
        self.off_thread(true, move |memory| hash(&params, &password, memory)).await?
    }

    /// Whether `password` is the one that `hash` was made of. Who `is_known` waits in a line of their own, which
    /// strangers cannot fill.
    ///
    /// # Errors
    /// When it cannot be hashed.
    pub async fn verify(
        &self,
        password: String,
        hash: String,
        is_known: bool,
    ) -> Result<bool, HashError> {
        if password.chars().count() > LONGEST_PASSWORD {
            return Ok(false);
        }
        self.off_thread(is_known, move |memory| {
            let known = PasswordHash::new(&hash).map_err(HashError::of)?;
            // The parameters are those in the hash, whatever ours are now.
            let params = Params::try_from(&known).map_err(HashError::of)?;
            let (Some(salt), Some(known)) = (known.salt, known.hash) else { return Ok(false) };
            let mut buffer = [0; Salt::RECOMMENDED_LENGTH * 4];
            let salt = salt.decode_b64(&mut buffer).map_err(HashError::of)?;
            let found = output(&params, &password, salt, memory)?;
            // Compared in constant time.
            Ok(found == known)
        })
        .await?
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        is_known: bool,
        work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
    ) -> Result<T, HashError> {
        let line = if is_known { &self.known_line } else { &self.line };
        let place = Arc::clone(line).try_acquire_owned().map_err(|_| HashError::Busy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(HashError::of)?;
        let turn = Turn { memory: Arc::clone(&self.memory), _permits: [place, turn] };
        // The turn goes with the work: whoever gives up waiting does not make room for more of it.
        let work = move || turn.with(work);
        tokio::task::spawn_blocking(work).await.map_err(HashError::of)
    }
}

/// The right to hash, and the memory for it.
struct Turn {
    memory: Memory,
    _permits: [OwnedSemaphorePermit; 2],
}

impl Turn {
    fn with<T>(self, work: impl FnOnce(&mut Vec<Block>) -> T) -> T {
        let kept = || self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let mut blocks = kept().pop().unwrap_or_default();
        let done = work(&mut blocks);
        kept().push(blocks);
        done
    }
}

fn hash(params: &Params, password: &str, memory: &mut Vec<Block>) -> Result<String, HashError> {
    let mut salt = [0; Salt::RECOMMENDED_LENGTH];
    getrandom::fill(&mut salt).map_err(HashError::of)?;
    let hash = output(params, password, &salt, memory)?;
    let salt = SaltString::encode_b64(&salt).map_err(HashError::of)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: params.try_into().map_err(HashError::of)?,
        salt: Some(salt.as_salt()),
        hash: Some(hash),
    };
    Ok(hash.to_string())
}

fn output(
    params: &Params,
    password: &str,
    salt: &[u8],
    memory: &mut Vec<Block>,
) -> Result<Output, HashError> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    let fill = |out: &mut [u8]| {
        let filled = argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, memory);
        filled.map_err(|_| argon2::password_hash::Error::Crypto)
    };
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    Output::init_with(length, fill).map_err(HashError::of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_and_no_other() {
        let passwords = Passwords::quick().unwrap();
        let hash =
            passwords.hash(NewPassword::parse("correct horse".into()).unwrap()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(passwords.verify("correct horse".into(), hash.clone(), false).await.unwrap());
        assert!(!passwords.verify("correct house".into(), hash.clone(), false).await.unwrap());
        assert!(!passwords.verify("x".repeat(LONGEST_PASSWORD + 1), hash, false).await.unwrap());
    }

    #[tokio::test]
    async fn its_hashes_are_those_that_others_read() {
        use argon2::password_hash::PasswordVerifier as _;
        let passwords = Passwords::quick().unwrap();
        let hash =
            passwords.hash(NewPassword::parse("correct horse".into()).unwrap()).await.unwrap();
        let parsed = PasswordHash::new(&hash).unwrap();
        assert!(Argon2::default().verify_password(b"correct horse", &parsed).is_ok());
        assert!(Argon2::default().verify_password(b"correct house", &parsed).is_err());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_nobody_waits_for_any_more_keeps_its_turn_and_the_line_has_an_end() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.decoy().to_owned();
        let mut tries = Vec::new();
        for _ in 0..100 {
            let (passwords, hash) = (passwords.clone(), hash.clone());
            tries
                .push(tokio::spawn(async move { passwords.verify("x".into(), hash, false).await }));
        }
        // As many wait as may, and the others are told to come back.
        while passwords.line.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(
            passwords.verify("x".into(), hash.clone(), false).await,
            Err(HashError::Busy)
        ));
        // Whoever is known does not wait behind them.
        assert!(passwords.verify("x".into(), hash.clone(), true).await.is_ok());
        tries.iter().for_each(tokio::task::JoinHandle::abort);
        // What runs goes on, and no more than that has memory.
        let done = passwords.turns.acquire_many(2).await.unwrap();
        assert!(passwords.memory.lock().unwrap().len() <= AT_ONCE);
        drop(done);
        assert!(passwords.verify("x".into(), hash, false).await.is_ok());
    }

    #[test]
    fn a_password_is_long_enough_and_not_a_common_one() {
        let why = |text: &str| NewPassword::parse(text.to_owned()).err();
        assert_eq!(why("eleven char"), Some(Problem::PasswordTooShort));
        assert_eq!(why(&" ".repeat(12)), Some(Problem::PasswordTooShort));
        assert_eq!(why("Qwerty123456"), Some(Problem::PasswordCommon));
        assert_eq!(why(" qwerty123456 "), Some(Problem::PasswordCommon));
        assert_eq!(why(&"x1".repeat(65)), Some(Problem::PasswordTooLong));
        // No rules about which characters: length is what counts.
        for text in
            ["correct horse", "zwölf Zeichen", "短い文章ではありません、本当に", &"x1".repeat(64)]
        {
            assert_eq!(why(text), None, "{text}");
        }
    }

    #[test]
    fn a_server_hashes_as_owasp_advises() {
        let hash = Passwords::new().unwrap().decoy;
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }
}
