//! The key that spends the customer's money: kept out of logs by its type.

use std::fmt;

/// An API key. It can be given away only on purpose, with [`reveal`](Self::reveal).
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// The key in `text`, without the white space that a file or a paste brings along; `None` when
    /// nothing is left, or what is left cannot stand in an HTTP header.
    pub fn new(text: &str) -> Option<Self> {
        let key = text.trim();
        let sendable = !key.is_empty() && key.bytes().all(|b| b.is_ascii_graphic());
        sendable.then(|| Self(key.to_owned()))
    }

    /// The key itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::ApiKey;

    #[test]
    fn a_key_hides_from_debug() {
        let key = ApiKey::new(" s3cret\n").unwrap();
        assert_eq!(key.reveal(), "s3cret");
        assert_eq!(format!("{key:?}"), "ApiKey(hidden)");
    }

    #[test]
    fn what_no_header_can_carry_is_no_key() {
        for wrong in ["", " \n", "two words", "new\nline", "schlüssel"] {
            assert_eq!(ApiKey::new(wrong), None, "{wrong:?}");
        }
    }
}
