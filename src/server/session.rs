//! Who is signed in, told by a cookie, or in a host's dashboard by a bearer token.
//!
//! The cookie holds 256 random bits and is out of reach of scripts (`HttpOnly`) and of other sites
//! (`SameSite=Strict`); over https it is also bound to this very host (`__Host-`). The database only
//! has its hash. It carries no expiry of its own: it ends with the browser, or here, when it was not
//! used for the configured hours, and for good after the configured days; every use lets it live on until then.
//!
//! The bearer is as random, lives in the frame's memory only, and ends when it was said to: the frame
//! then asks its host for another token. What it may be used for is decided here, too.

use crate::App;
use crate::embed::Granted;
use crate::problem::Refusal;
use crate::store::sessions::{Carrier, Live, TokenHash};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use domain::campaign::grant::Scope;
use domain::problem::ProblemCode;
use domain::wire::{MADE_FOR, Session};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// The user who makes a request. As a parameter of a handler it keeps everybody else out.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who it is.
    pub session: Session,
    /// Which of their sessions.
    pub token: TokenHash,
    /// What carries it.
    pub carrier: Carrier,
    /// What their host granted; `None` for our own users, who may do all.
    pub granted: Option<Granted>,
}

impl SignedIn {
    /// What is said to those who are nobody, or nobody any more.
    pub fn missing() -> Refusal {
        Refusal::new(ProblemCode::SignedOut, "Log in to go on.")
    }

    /// Lets only those pass who may do this.
    ///
    /// # Errors
    /// What is said to the others.
    pub fn may(&self, scope: Scope) -> Result<(), Refusal> {
        if self.session.grant.as_ref().is_none_or(|grant| grant.allows(scope)) {
            return Ok(());
        }
        let detail = match scope {
            Scope::Compose => "Your sign-in does not allow composing messages.",
            Scope::Submit => "Your sign-in does not allow sending messages.",
            Scope::View => {
                "Your sign-in does not allow viewing campaigns. Those you have submitted are being \
                 sent all the same."
            }
        };
        Err(Refusal::new(ProblemCode::NotPermitted, detail))
    }

    /// Whether they may send from this subaccount.
    pub fn reaches(&self, subaccount: &str) -> bool {
        self.granted.as_ref().is_none_or(|granted| granted.reaches(subaccount))
    }
}

/// What the cookie holds. Not printable, so that it cannot get into a log.
pub struct Token([u8; 32]);

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// When there is no randomness to be had.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// The one in the cookie of a request.
    pub fn of(headers: &HeaderMap, https: bool) -> Option<Self> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let value = cookies.flat_map(|line| line.split(';')).find_map(|cookie| {
            let (name, value) = cookie.trim().split_once('=')?;
            (name == cookie_name(https)).then_some(value)
        })?;
        Self::parse(value)
    }

    /// The one in the `Authorization` header, if a bearer is shown there at all: other schemes are
    /// between the browser and a proxy in front of us.
    pub fn of_bearer(headers: &HeaderMap) -> Option<Option<Self>> {
        let value = headers.get(header::AUTHORIZATION)?.as_bytes().trim_ascii();
        let scheme = value.split(|byte| *byte == b' ').next().unwrap_or_default();
        let token = value.get(scheme.len()..).unwrap_or_default().trim_ascii();
        let token = std::str::from_utf8(token).ok().and_then(Self::parse);
        scheme.eq_ignore_ascii_case(b"bearer").then_some(token)
    }

    fn parse(digits: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let digits = digits.as_bytes();
        if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// What the database knows of it.
    pub fn hash(&self) -> TokenHash {
        Sha256::digest(self.0).into()
    }

    /// In hexadecimal digits.
    pub fn reveal(&self) -> String {
        self.0.iter().fold(String::new(), |mut text, byte| {
            // Writing to a String does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// The header that hands it to the browser.
    pub fn cookie(&self, https: bool) -> Option<HeaderValue> {
        cookie(https, &self.reveal(), "")
    }
}

/// The header that takes the cookie away.
pub fn no_cookie(https: bool) -> Option<HeaderValue> {
    cookie(https, "", "; Max-Age=0")
}

fn cookie(https: bool, value: &str, rest: &str) -> Option<HeaderValue> {
    let name = cookie_name(https);
    let secure = if https { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{rest}");
    HeaderValue::try_from(text).ok()
}

fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-sms_sender" } else { "sms_sender" }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let (token, carrier) = match Token::of_bearer(&parts.headers) {
            // Whoever shows a bearer is that user or nobody, whatever cookies the browser adds.
            Some(bearer) => (bearer, Carrier::Bearer),
            None => (Token::of(&parts.headers, app.config.https()), Carrier::Cookie),
        };
        let (hash, now) = (token.ok_or_else(Self::missing)?.hash(), app.clock().now());
        let live = app.store.session(&hash, carrier, now).await?.ok_or_else(Self::missing)?;
        let Live { session, granted, opened_at, expires_at } = live;
        // However much it is used, it ends for good some day.
        if carrier == Carrier::Cookie && now - opened_at > app.config.longest_session_millis() {
            app.store.close_session(&hash).await?;
            return Err(Self::missing());
        }
        tracing::Span::current().record("user", tracing::field::display(session.user_id));
        // A host that is taken out of the configuration takes its users with it.
        let is_known = |granted: &Granted| app.config.hosts.knows(&granted.tenant);
        if !granted.as_ref().is_none_or(is_known) {
            return Err(Self::missing());
        }
        // A page that was made for somebody else must not act for this user: another tab has signed in since.
        let made_for = parts.headers.get(MADE_FOR);
        if made_for.is_some_and(|user| user.as_bytes() != session.user_id.to_string().as_bytes()) {
            let detail = "Somebody else is signed in here by now. Nothing was done.";
            return Err(Refusal::new(ProblemCode::OtherUser, detail));
        }
        // Written at most once in a twentieth of its life: not every request need be a write.
        let lifetime = app.config.session_millis();
        if carrier == Carrier::Cookie && expires_at - now < lifetime - lifetime / 20 {
            app.store.extend_session(&hash, now + lifetime).await?;
        }
        Ok(Self { session, token: hash, carrier, granted })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_reads_back_among_others() {
        for https in [false, true] {
            let token = Token::random().unwrap();
            let set = token.cookie(https).unwrap();
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, format!("theme=dark; {pair}; a=b").parse().unwrap());
            assert_eq!(Token::of(&headers, https).unwrap().hash(), token.hash());
            assert!(Token::of(&headers, !https).is_none());
        }
    }

    #[test]
    fn over_https_it_is_bound_to_the_host() {
        let set = Token([7; 32]).cookie(true).unwrap();
        let set = set.to_str().unwrap();
        assert!(set.starts_with("__Host-sms_sender=0707"));
        assert!(set.ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure"), "{set}");
    }

    #[test]
    fn garbage_is_no_token() {
        for value in ["", "xyz", &"g".repeat(64), &"é".repeat(32)] {
            let mut headers = HeaderMap::new();
            if let Ok(line) = HeaderValue::try_from(format!("sms_sender={value}")) {
                headers.insert(header::COOKIE, line);
            }
            assert!(Token::of(&headers, false).is_none(), "{value}");
        }
    }
}
