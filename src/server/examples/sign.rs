//! Signs a token for the embedded SMS Sender: Rust, `EdDSA`, with the crates `jsonwebtoken`,
//! `serde_json` and `uuid`.
//!
//! This belongs on your server, behind your own sign-in. The private key never reaches a browser.
//!
//! ```sh
//! cargo run --package server --example sign -- acme-private.pem ISS KID SUB AUD ORIGIN NAME SCOPES
//! ```

#![expect(clippy::print_stdout, reason = "the token is what it is for")]

use jsonwebtoken::errors::Error as JwtError;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;
use std::error::Error;
use std::time::{SystemTime, SystemTimeError, UNIX_EPOCH};
use uuid::Uuid;

/// Who signs, for whom, and where the token counts.
struct Given<'a> {
    issuer: &'a str,
    key_id: &'a str,
    user: &'a str,
    audience: &'a str,
    origin: &'a str,
    name: &'a str,
    scopes: Vec<&'a str>,
}

/// A token that is good for one minute and for one use. `now` is in seconds since 1970.
fn sign_token(key: &EncodingKey, given: &Given<'_>, now: u64) -> Result<String, JwtError> {
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(given.key_id.to_owned());
    let claims = json!({
        "iss": given.issuer, // your tenant's id at the sender
        "sub": given.user, // your own id of the user who is signed in: never one for all
        "name": given.name, // what to call them
        "aud": given.audience, // where the sender is served, without a slash at the end
        "origin": given.origin, // the origin of your page that has the element
        "scopes": given.scopes, // of compose, submit and view: no more than they may do
        "iat": now,
        "exp": now + 60, // 300 seconds at most
        "jti": Uuid::new_v4(), // random, so that the token can be used only once
    });
    encode(&header, &claims, key)
}

fn seconds_since_1970() -> Result<u64, SystemTimeError> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, issuer, key_id, user, audience, origin, name, scopes] = arguments.as_slice() else {
        return Err("usage: sign KEYFILE ISS KID SUB AUD ORIGIN NAME SCOPES".into());
    };
    let key = EncodingKey::from_ed_pem(&std::fs::read(file)?)?;
    let scopes = scopes.split(',').collect();
    let given = Given { issuer, key_id, user, audience, origin, name, scopes };
    println!("{}", sign_token(&key, &given, seconds_since_1970()?)?);
    Ok(())
}
