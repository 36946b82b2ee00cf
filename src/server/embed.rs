//! The dashboards that may embed us: their origins, their keys, and what they may hand on.
//!
//! Told by one JSON file (`--embed-file`). Without it nobody may: no page can frame us, and no token
//! is taken. Secrets are in files of their own, beside it.

pub mod check;
pub mod token;

use domain::campaign::grant::Scope;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;
use url::Url;

/// How long a bearer lives, unless the file says otherwise.
const SESSION: u64 = 900;
/// Fewer bits than the hash has would weaken it (RFC 7518, section 3.2).
const SHORTEST_SECRET: usize = 32;

/// See the module's story.
#[derive(Clone, Debug)]
pub struct Hosts {
    /// How long a bearer lives. The frame asks for another token before it ends.
    pub session: Duration,
    /// Who they are.
    pub tenants: Vec<Tenant>,
}

/// A customer with a dashboard.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// The `iss` of its tokens.
    pub id: String,
    /// Where its pages are.
    pub origins: Vec<Origin>,
    /// The subaccounts it may hand on; `None` for all.
    pub subaccounts: Option<Vec<String>>,
    /// Any of them may have signed: a new key works beside the old one until that is taken out.
    pub keys: Vec<Key>,
}

/// A key that tokens are signed with.
#[derive(Clone)]
pub struct Key {
    /// Its name, in the head of the token.
    pub kid: String,
    /// The only algorithm it is taken for, whatever a token says.
    pub algorithm: Algorithm,
    /// What signatures are checked with.
    pub key: DecodingKey,
}

/// Never shows the key.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("kid", &self.kid).field("algorithm", &self.algorithm).finish()
    }
}

/// Scheme, host and port of a page, spelled as browsers do: `https://dashboard.example`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Reads one; a path or a slash at the end is no part of an origin.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let origin = url.origin().ascii_serialization();
        let is_page = matches!(url.scheme(), "http" | "https") && url.has_host();
        // URLs take more than hosts have in their names, and to a policy `*` and `;` mean something.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:/[]".contains(c);
        (is_page && origin == text && origin.chars().all(is_plain)).then_some(Self(origin))
    }

    /// As browsers spell it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why the file cannot be used.
#[derive(Debug, Error)]
pub enum HostsError {
    /// It, or a file it names, cannot be read.
    #[error("cannot read {}: {why}", .path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// In the system's words.
        why: std::io::Error,
    },
    /// It is not JSON of this shape.
    #[error("{} is not understood: {why}. See docs/embedding.md for what it looks like", .path.display())]
    Shape {
        /// Which file.
        path: PathBuf,
        /// In serde's words.
        why: serde_json::Error,
    },
    /// Its values are wrong.
    #[error("{}: {why}", .path.display())]
    Values {
        /// Which file.
        path: PathBuf,
        /// What is wrong, and the cure.
        why: String,
    },
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    session_seconds: Option<u64>,
    tenants: Vec<WrittenTenant>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTenant {
    id: String,
    origins: Vec<String>,
    subaccounts: Option<Vec<String>>,
    keys: Vec<WrittenKey>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, tag = "algorithm")]
enum WrittenKey {
    #[serde(rename = "EdDSA")]
    EdDsa { kid: String, public_key_file: PathBuf },
    #[serde(rename = "HS256")]
    Hs256 { kid: String, secret_file: PathBuf },
}

impl Default for Hosts {
    fn default() -> Self {
        Self { session: Duration::from_secs(SESSION), tenants: Vec::new() }
    }
}

impl Hosts {
    /// Reads the file and the keys it names.
    ///
    /// # Errors
    /// See [`HostsError`].
    pub fn read(path: &Path) -> Result<Self, HostsError> {
        let json = read(path)?;
        let written: Written = serde_json::from_slice(&json)
            .map_err(|why| HostsError::Shape { path: path.to_owned(), why })?;
        let wrong = |why: String| HostsError::Values { path: path.to_owned(), why };
        let seconds = written.session_seconds.unwrap_or(SESSION);
        if !(30..=86_400).contains(&seconds) {
            return Err(wrong("session_seconds must be from 30 to 86400".to_owned()));
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut tenants: Vec<Tenant> = Vec::new();
        for tenant in written.tenants {
            if tenants.iter().any(|known| known.id == tenant.id) {
                return Err(wrong(format!("the tenant “{}” is there twice", tenant.id)));
            }
            tenants.push(tenant.check(folder)?.map_err(wrong)?);
        }
        Ok(Self { session: Duration::from_secs(seconds), tenants })
    }

    /// [`session`](Self::session) as timestamps count.
    pub fn session_millis(&self) -> i64 {
        i64::try_from(self.session.as_millis()).unwrap_or(i64::MAX)
    }

    /// All pages that may frame us.
    pub fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.tenants.iter().flat_map(|tenant| &tenant.origins)
    }

    /// Whether there is such a tenant.
    pub fn knows(&self, tenant: &str) -> bool {
        self.tenants.iter().any(|known| known.id == tenant)
    }

    /// Whether a page of this origin may frame us.
    pub fn admits(&self, origin: &str) -> bool {
        self.origins().any(|known| known.as_str() == origin)
    }
}

impl WrittenTenant {
    fn check(self, folder: &Path) -> Result<Result<Tenant, String>, HostsError> {
        let Self { id, origins, subaccounts, keys } = self;
        if id.is_empty() || id.len() > 100 {
            return Ok(Err("a tenant's id must have 1 to 100 characters".to_owned()));
        }
        if origins.is_empty() || keys.is_empty() {
            return Ok(Err(format!("the tenant “{id}” needs at least one origin and one key")));
        }
        let mut checked = Vec::with_capacity(origins.len());
        for text in origins {
            let Some(origin) = Origin::parse(&text) else {
                return Ok(Err(format!(
                    "“{text}” is no origin: write https://, the host and, if it is not the usual \
                     one, the port, and nothing after it"
                )));
            };
            checked.push(origin);
        }
        let mut read: Vec<Key> = Vec::with_capacity(keys.len());
        for key in keys {
            let key = match key.read(folder)? {
                Ok(key) => key,
                Err(why) => return Ok(Err(why)),
            };
            if read.iter().any(|known| known.kid == key.kid) {
                return Ok(Err(format!("the key “{}” of “{id}” is there twice", key.kid)));
            }
            read.push(key);
        }
        Ok(Ok(Tenant { id, origins: checked, subaccounts, keys: read }))
    }
}

impl WrittenKey {
    fn read(self, folder: &Path) -> Result<Result<Key, String>, HostsError> {
        match self {
            Self::EdDsa { kid, public_key_file } => {
                let path = folder.join(public_key_file);
                let key = DecodingKey::from_ed_pem(&read(&path)?).map_err(|_| {
                    format!(
                        "{} holds no Ed25519 public key in PEM: “-----BEGIN PUBLIC KEY-----”",
                        path.display()
                    )
                });
                Ok(key.map(|key| Key { kid, algorithm: Algorithm::EdDSA, key }))
            }
            Self::Hs256 { kid, secret_file } => {
                let path = folder.join(secret_file);
                let bytes = read(&path)?;
                let secret = bytes.trim_ascii();
                if secret.len() < SHORTEST_SECRET {
                    return Ok(Err(format!(
                        "the secret in {} is too short: it must have at least {SHORTEST_SECRET} \
                         bytes, made at random",
                        path.display()
                    )));
                }
                let key = DecodingKey::from_secret(secret);
                Ok(Ok(Key { kid, algorithm: Algorithm::HS256, key }))
            }
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, HostsError> {
    fs::read(path).map_err(|why| HostsError::Unreadable { path: path.to_owned(), why })
}

/// What a session of a host's user is for, as it is stored with it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, Deserialize)]
pub struct Granted {
    /// Whose user it is.
    pub tenant: String,
    /// What may be done.
    pub scopes: Vec<Scope>,
    /// What may be sent from; `None` for all that the installation has.
    pub subaccounts: Option<Vec<String>>,
    /// Messages altogether.
    pub recipients: Option<u32>,
    /// Money altogether.
    pub spend: Option<domain::campaign::grant::Spend>,
}

impl Granted {
    /// Whether this subaccount may be used.
    pub fn reaches(&self, subaccount: &str) -> bool {
        self.subaccounts.as_ref().is_none_or(|all| all.iter().any(|one| one == subaccount))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
        MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
        -----END PUBLIC KEY-----\n";

    fn hosts(json: &str) -> Result<Hosts, String> {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("acme.pem", PUBLIC);
        write("acme.secret", " 0123456789abcdef0123456789abcdef\n");
        write("short.secret", "0123456789abcdef");
        write("embed.json", json);
        let place = format!("{}/", folder.path().display());
        Hosts::read(&folder.path().join("embed.json"))
            .map_err(|error| error.to_string().replace(&place, ""))
    }

    fn with_key(key: &str) -> Result<Hosts, String> {
        hosts(&format!(
            r#"{{"tenants":[{{"id":"acme","origins":["https://a.example"],"keys":[{key}]}}]}}"#
        ))
    }

    #[test]
    fn both_kinds_of_keys_are_read() {
        let hosts = hosts(
            r#"{"session_seconds": 60, "tenants": [{"id": "acme", "subaccounts": ["acme_hq"],
                "origins": ["https://dashboard.acme.example", "http://localhost:8090"],
                "keys": [{"kid": "a", "algorithm": "EdDSA", "public_key_file": "acme.pem"},
                         {"kid": "b", "algorithm": "HS256", "secret_file": "acme.secret"}]}]}"#,
        )
        .unwrap();
        assert_eq!(hosts.session, Duration::from_secs(60));
        let keys: Vec<_> = hosts.tenants[0].keys.iter().map(|key| key.algorithm).collect();
        assert_eq!(keys, [Algorithm::EdDSA, Algorithm::HS256]);
        assert!(hosts.admits("http://localhost:8090"));
        assert!(!hosts.admits("http://localhost"));
        // The secret itself is in no log.
        assert!(!format!("{hosts:?}").contains("0123456789"), "{hosts:?}");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let secret = |file: &str| {
            with_key(&format!(r#"{{"kid":"b","algorithm":"HS256","secret_file":"{file}"}}"#))
        };
        assert_eq!(
            secret("short.secret").unwrap_err(),
            "embed.json: the secret in short.secret is too short: it must have at least 32 bytes, \
             made at random"
        );
        assert!(secret("none").unwrap_err().starts_with("cannot read none: "));
        let pem = with_key(r#"{"kid":"a","algorithm":"EdDSA","public_key_file":"acme.secret"}"#);
        assert!(pem.unwrap_err().contains("holds no Ed25519 public key"));
        assert!(with_key(r#"{"kid":"a","algorithm":"none"}"#).unwrap_err().contains("none"));
        assert!(with_key("").unwrap_err().contains("at least one origin and one key"));
    }

    #[test]
    fn an_origin_is_spelled_as_browsers_do() {
        for right in [
            "https://a.example",
            "http://localhost:8090",
            "http://[::1]:80".trim_end_matches(":80"),
        ] {
            assert!(Origin::parse(right).is_some(), "{right}");
        }
        for wrong in [
            "https://a.example/",
            "https://A.example",
            "https://a.example:443",
            "a.example",
            "null",
            "*",
            "ftp://a.example",
            "https://*.example",
            "https://a.example;script-src",
            "https://a.example,b.example",
            "https://'self'",
            "file:///x",
            "",
        ] {
            assert_eq!(Origin::parse(wrong), None, "{wrong}");
        }
    }
}
