//! Browsers that have signed in to an account before, told by a cookie ("device cookies", OWASP).
//!
//! The cookie holds a random number and its HMAC together with the account. It opens nothing: whoever has it is only
//! not kept out by strangers who guess at the same account (see [`crate::throttle`]).

use axum::http::{HeaderMap, HeaderValue, header};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// A year, in seconds.
const LIFETIME: u32 = 31_536_000;

/// Tells a browser from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeviceId(u128);

#[cfg(test)]
impl DeviceId {
    /// Any.
    pub const fn for_tests(id: u128) -> Self {
        Self(id)
    }
}

/// Makes and reads the cookies.
#[derive(Clone)]
pub struct Devices {
    secret: Vec<u8>,
    https: bool,
}

impl Devices {
    /// With the secret that the cookies are signed with.
    pub fn new(secret: &str, https: bool) -> Self {
        Self { secret: secret.as_bytes().to_vec(), https }
    }

    /// The browser that a request comes from, if it has signed in to this account before.
    pub fn known(&self, headers: &HeaderMap, account: &str) -> Option<DeviceId> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(';')).find_map(|cookie| {
            let value = cookie.trim().strip_prefix(self.name())?.strip_prefix('=')?;
            let (id, code) = value.split_once('.')?;
            let id = u128::from_str_radix(id, 16).ok()?;
            let code = u128::from_str_radix(code, 16).ok()?;
            let mac = self.mac(account, id)?;
            mac.verify_truncated_left(&code.to_be_bytes()).ok().map(|()| DeviceId(id))
        })
    }

    /// The header that makes a browser known for this account.
    pub fn cookie(&self, account: &str) -> Option<HeaderValue> {
        let mut id = [0; 16];
        getrandom::fill(&mut id).ok()?;
        let id = u128::from_be_bytes(id);
        let code = self.mac(account, id)?.finalize().into_bytes();
        let code = u128::from_be_bytes(*code.first_chunk()?);
        let (name, secure) = (self.name(), if self.https { "; Secure" } else { "" });
        let text = format!(
            "{name}={id:032x}.{code:032x}; Path=/; HttpOnly; SameSite=Strict{secure}; Max-Age={LIFETIME}"
        );
        HeaderValue::try_from(text).ok()
    }

    const fn name(&self) -> &'static str {
        if self.https { "__Host-sms_sender_device" } else { "sms_sender_device" }
    }

    fn mac(&self, account: &str, id: u128) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).ok()?;
        mac.update(&id.to_be_bytes());
        mac.update(account.as_bytes());
        Some(mac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, format!("theme=dark; {cookie}").parse().unwrap());
        headers
    }

    #[test]
    fn a_browser_is_known_for_its_account_alone() {
        let devices = Devices::new("secret", false);
        let set = devices.cookie("ann@example.com").unwrap();
        let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
        assert!(devices.known(&with(&pair), "ann@example.com").is_some());
        assert!(devices.known(&with(&pair), "bob@example.com").is_none());
        let forged = format!("{}0", &pair[..pair.len() - 1]);
        assert!(forged == pair || devices.known(&with(&forged), "ann@example.com").is_none());
        assert!(Devices::new("other", false).known(&with(&pair), "ann@example.com").is_none());
        assert!(Devices::new("secret", true).known(&with(&pair), "ann@example.com").is_none());
    }

    #[test]
    fn it_is_out_of_reach_of_scripts_and_bound_to_the_host() {
        let set = Devices::new("secret", true).cookie("ann@example.com").unwrap();
        let set = set.to_str().unwrap();
        assert!(set.starts_with("__Host-sms_sender_device="), "{set}");
        assert!(
            set.ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=31536000"),
            "{set}"
        );
    }
}
