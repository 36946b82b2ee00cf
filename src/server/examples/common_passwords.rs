//! Makes the filter of `passwords/common.rs` of a list of passwords, a line each: `common_passwords LIST OUT`.

use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::io::Error;

/// Shorter ones are refused in any case.
const SHORTEST: usize = 12;

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let (Some(list), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err(Error::other("give a list of passwords and the file to write"));
    };
    let list = std::fs::read(list)?;
    let list = String::from_utf8_lossy(&list);
    let long = list.lines().filter(|password| password.chars().count() >= SHORTEST);
    let prefixes: BTreeSet<[u8; 4]> = long
        .filter_map(|password| {
            Sha256::digest(password.to_lowercase().as_bytes()).first_chunk().copied()
        })
        .collect();
    std::fs::write(out, prefixes.into_iter().flatten().collect::<Vec<u8>>())
}
