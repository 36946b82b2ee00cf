//! A host's token: a JWT (RFC 7519) in which the host's backend vouches for its user, for one page,
//! for a few minutes, once.
//!
//! Which key may have signed is looked up by its name, and each key is taken for its own algorithm
//! only: a token cannot choose how it is checked (RFC 8725, section 3.1). Nothing in it is believed
//! before the signature is.

use super::{Granted, Hosts, Tenant};
use domain::campaign::grant::{Scope, Spend};
use domain::problem::ProblemCode;
use domain::time::Timestamp;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Validation, decode, decode_header};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// The longest life of a token.
const LONGEST: i64 = 300;
/// How far ahead of ours the host's clock may be.
const SKEW: i64 = 60;
/// The longest id of a user or a token, in characters.
const LONGEST_ID: usize = 200;
/// The longest name of a user that is kept, in characters.
const LONGEST_NAME: usize = 100;

/// A token that may be swapped for a session, unless it was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// What the host calls its user.
    pub subject: String,
    /// What to call them.
    pub name: String,
    /// What they may do.
    pub granted: Granted,
    /// The same for no other token.
    pub once: [u8; 32],
    /// Until when it would be taken.
    pub expires_at: Timestamp,
}

/// Why a token is not taken: for the person who set it up.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// Not three parts of base64url with a head.
    #[error("This is not a signed token (a JWT)")]
    NoToken,
    /// Nothing is configured.
    #[error("This server takes no tokens of dashboards: start it with --embed-file")]
    NoHosts,
    /// Signed with a key that is not known under this name, or with another algorithm.
    #[error(
        "No key called “{kid}” is known for {algorithm}. Compare “kid” and “alg” with the server's embed file"
    )]
    UnknownKey {
        /// As the token has it.
        kid: String,
        /// As the token has it.
        algorithm: String,
    },
    /// The signature is not that key's.
    #[error("The signature is wrong: the token was signed with another key, or changed on its way")]
    Forged,
    /// A claim is missing or not of its shape.
    #[error("A claim is missing or cannot be read: {0}")]
    Claims(String),
    /// Signed with a key of another tenant.
    #[error("“iss” is “{0}”, and the key belongs to another")]
    WrongIssuer(String),
    /// For another service.
    #[error("“aud” must be “{expected}”, which is where this server is reached")]
    WrongAudience {
        /// What it must be.
        expected: String,
    },
    /// Valid for too long.
    #[error(
        "The token is valid for {0} seconds, and at most {LONGEST} are taken. Set “exp” closer to “iat”"
    )]
    TooLong(i64),
    /// Made, or to be taken, in the future.
    #[error(
        "“iat” or “nbf” is {0} seconds ahead of this server's clock. Set the clock of your server"
    )]
    NotYet(i64),
    /// Its time is over.
    #[error(
        "The token expired {0} seconds ago. Make one when it is asked for; if it was new, set the clock of your server"
    )]
    Expired(i64),
    /// For another page.
    #[error("The token is for pages of {claimed}, and this page is {actual}")]
    WrongOrigin {
        /// As the token has it.
        claimed: String,
        /// As the browser has it.
        actual: String,
    },
    /// From a page that is not the tenant's.
    #[error("{origin} is not among the origins of “{tenant}” in the server's embed file")]
    ForeignOrigin {
        /// The page's.
        origin: String,
        /// Whose token it is.
        tenant: String,
    },
    /// It grants what its tenant does not have.
    #[error(
        "The token grants {what}, which “{tenant}” may not hand on. Compare with the server's embed file"
    )]
    NotAllowed {
        /// What is too much.
        what: String,
        /// Whose token it is.
        tenant: String,
    },
    /// It was used.
    #[error(
        "The token was used before. Make a new one, with a new “jti”, each time one is asked for"
    )]
    Used,
}

impl TokenError {
    /// What the log may have of it: which key was asked for, and nothing of a token that was believed.
    pub fn for_log(&self) -> String {
        match self {
            Self::UnknownKey { kid, algorithm } => {
                let kid: String = kid.chars().filter(|c| !c.is_control()).take(40).collect();
                format!("no key called {kid} for {algorithm}")
            }
            Self::Forged => "the signature is wrong".to_owned(),
            _ => String::new(),
        }
    }

    /// In words for whoever shows the token. As long as its signature is not believed, that is anybody, and they are not
    /// told which keys there are: that would say who is a customer here. The log has the whole.
    pub fn told(&self) -> String {
        match self {
            Self::UnknownKey { .. } | Self::Forged => {
                "The signature is not one that this server trusts. Compare “kid”, “alg” and the key with the server's \
                 embed file; its log says more"
                    .to_owned()
            }
            told => told.to_string(),
        }
    }

    /// For programs.
    pub fn code(&self) -> ProblemCode {
        match self {
            Self::Expired(_) => ProblemCode::TokenExpired,
            Self::Used => ProblemCode::TokenUsed,
            Self::WrongOrigin { .. } | Self::ForeignOrigin { .. } => ProblemCode::TokenWrongOrigin,
            Self::NotAllowed { .. } => ProblemCode::TokenNotAllowed,
            _ => ProblemCode::TokenInvalid,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    name: Option<String>,
    aud: Audience,
    iat: i64,
    nbf: Option<i64>,
    exp: i64,
    jti: String,
    origin: String,
    scopes: Vec<String>,
    subaccounts: Option<Vec<String>>,
    limits: Option<Limits>,
}

/// One, or several (RFC 7519, section 4.1.3).
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    recipients: Option<u32>,
    spend: Option<Spend>,
}

/// The tenant whose key has signed a token, whatever its claims say.
pub fn signer<'h>(hosts: &'h Hosts, token: &str) -> Option<&'h Tenant> {
    signed(hosts, token).ok().map(|(tenant, _)| tenant)
}

/// Checks a token that a page of `origin` came with. `audience` is where we are reached.
///
/// # Errors
/// See [`TokenError`]; whether it was used before is for the store to say.
pub fn check(
    hosts: &Hosts,
    token: &str,
    origin: &str,
    audience: &str,
    now: Timestamp,
) -> Result<Vouched, TokenError> {
    if hosts.tenants.is_empty() {
        return Err(TokenError::NoHosts);
    }
    let (tenant, claims) = signed(hosts, token)?;
    claims.check_issue(tenant, audience, now)?;
    claims.check_reach(tenant, origin)?;
    let scopes = claims.scopes(tenant)?;
    let limits = claims.limits.unwrap_or_default();
    let mut once = Sha256::new();
    once.update(tenant.id.as_bytes());
    once.update([0]);
    once.update(claims.jti.as_bytes());
    let name = claims.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let name = name.unwrap_or(&claims.sub).chars().take(LONGEST_NAME).collect();
    Ok(Vouched {
        name,
        granted: Granted {
            tenant: tenant.id.clone(),
            scopes,
            subaccounts: claims.subaccounts.or_else(|| tenant.subaccounts.clone()),
            recipients: limits.recipients,
            spend: limits.spend,
        },
        subject: claims.sub,
        once: once.finalize().into(),
        expires_at: Timestamp(claims.exp.saturating_mul(1_000)),
    })
}

/// The claims, once the signature is believed.
fn signed<'h>(hosts: &'h Hosts, token: &str) -> Result<(&'h Tenant, Claims), TokenError> {
    let head = decode_header(token).map_err(|_| TokenError::NoToken)?;
    // Whatever it names changes what the token means, and must be understood (RFC 7515, 4.1.11).
    if head.crit.is_some() {
        return Err(TokenError::Claims("“crit” asks for what is not understood here".to_owned()));
    }
    let named =
        hosts.tenants.iter().flat_map(|tenant| tenant.keys.iter().map(move |k| (tenant, k)));
    let fitting =
        named.filter(|(_, key)| key.algorithm == head.alg && head.kid.as_ref() == Some(&key.kid));
    let mut refused = TokenError::UnknownKey {
        kid: head.kid.clone().unwrap_or_default(),
        algorithm: format!("{:?}", head.alg),
    };
    for (tenant, key) in fitting {
        let mut only_signature = Validation::new(key.algorithm);
        // What follows judges the claims, in words of ours and by our own clock.
        only_signature.required_spec_claims.clear();
        only_signature.validate_exp = false;
        only_signature.validate_aud = false;
        refused = match decode::<Claims>(token, &key.key, &only_signature) {
            Ok(token) => return Ok((tenant, token.claims)),
            Err(error) => match error.kind() {
                ErrorKind::Json(why) => return Err(TokenError::Claims(why.to_string())),
                ErrorKind::InvalidToken | ErrorKind::Base64(_) => TokenError::NoToken,
                _ => TokenError::Forged,
            },
        };
    }
    Err(refused)
}

impl Claims {
    fn check_issue(
        &self,
        tenant: &Tenant,
        audience: &str,
        now: Timestamp,
    ) -> Result<(), TokenError> {
        if self.iss != tenant.id {
            return Err(TokenError::WrongIssuer(self.iss.clone()));
        }
        let is_for_us = match &self.aud {
            Audience::One(one) => one == audience,
            Audience::Several(all) => all.iter().any(|one| one == audience),
        };
        if !is_for_us {
            return Err(TokenError::WrongAudience { expected: audience.to_owned() });
        }
        for (claim, text) in [("sub", &self.sub), ("jti", &self.jti)] {
            if text.is_empty() || text.chars().count() > LONGEST_ID {
                let why = format!("“{claim}” must have 1 to {LONGEST_ID} characters");
                return Err(TokenError::Claims(why));
            }
        }
        let seconds = now.0.div_euclid(1_000);
        let life = self.exp.saturating_sub(self.iat);
        if life > LONGEST {
            return Err(TokenError::TooLong(life));
        }
        let ahead = self.nbf.unwrap_or(self.iat).max(self.iat).saturating_sub(seconds);
        if ahead > SKEW {
            return Err(TokenError::NotYet(ahead));
        }
        if self.exp <= seconds {
            return Err(TokenError::Expired(seconds.saturating_sub(self.exp)));
        }
        if life <= 0 {
            return Err(TokenError::Claims("“exp” must come after “iat”".to_owned()));
        }
        Ok(())
    }

    fn check_reach(&self, tenant: &Tenant, origin: &str) -> Result<(), TokenError> {
        if self.origin != origin {
            let (claimed, actual) = (self.origin.clone(), origin.to_owned());
            return Err(TokenError::WrongOrigin { claimed, actual });
        }
        if !tenant.origins.iter().any(|known| known.as_str() == origin) {
            let (origin, tenant) = (origin.to_owned(), tenant.id.clone());
            return Err(TokenError::ForeignOrigin { origin, tenant });
        }
        let (Some(all), Some(asked)) = (&tenant.subaccounts, &self.subaccounts) else {
            return Ok(());
        };
        match asked.iter().find(|one| !all.contains(one)) {
            Some(one) => Err(TokenError::NotAllowed {
                what: format!("the subaccount “{one}”"),
                tenant: tenant.id.clone(),
            }),
            None => Ok(()),
        }
    }

    fn scopes(&self, tenant: &Tenant) -> Result<Vec<Scope>, TokenError> {
        if self.scopes.is_empty() {
            let why = "“scopes” is empty: name some of compose, submit and view";
            return Err(TokenError::Claims(why.to_owned()));
        }
        let scope = |text: &String| match text.as_str() {
            "compose" => Ok(Scope::Compose),
            "submit" => Ok(Scope::Submit),
            "view" => Ok(Scope::View),
            other => Err(TokenError::NotAllowed {
                what: format!("the scope “{other}”"),
                tenant: tenant.id.clone(),
            }),
        };
        self.scopes.iter().map(scope).collect()
    }
}
