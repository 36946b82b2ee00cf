//! Entity tags: what the other side has already is not sent again.

use axum::http::{HeaderMap, header};
use std::fmt::Write as _;

/// The tag of content with this hash.
pub fn of(hash: &[u8]) -> String {
    let mut tag = String::from("\"");
    for byte in hash.iter().take(16) {
        // Writing to a String does not fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// Whether the other side says that it has the content of this tag.
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let mut values = headers.get_all(header::IF_NONE_MATCH).iter();
    values.any(|value| value.to_str().is_ok_and(|value| value == "*" || value.contains(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_among_others_and_when_a_proxy_has_weakened_it() {
        let tag = of(&[7; 32]);
        assert_eq!(tag, format!("\"{}\"", "07".repeat(16)));
        let known = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, value.parse().unwrap());
            is_known(&headers, &tag)
        };
        for value in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            assert!(known(&value), "{value}");
        }
        assert!(!known("\"07\""));
        assert!(!is_known(&HeaderMap::new(), &tag));
    }
}
