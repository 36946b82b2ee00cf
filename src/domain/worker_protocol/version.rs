//! The protocol's version: a hash of the sources that say what its types are, so that nobody has to
//! remember to count it up.

/// The same in a page and a worker whose types are the same. It has 32 bits because the page reads numbers
/// with the browser's parser, which is exact up to 53.
pub const VERSION: u32 = hash(SOURCES);

macro_rules! sources {
    ($($path:literal)*) => { &[$(($path, include_bytes!(concat!("../", $path, ".rs")))),*] };
}

/// The protocol's module and whatever it is made of, by way of others too: names and contents.
const SOURCES: &[(&str, &[u8])] = sources![
    "campaign"
    "campaign/delivery"
    "campaign/grant"
    "digits"
    "message"
    "message/encoding"
    "message/normal_form"
    "message/segments"
    "message/template"
    "price/money"
    "price/quote"
    "problem"
    "recipients"
    "recipients/input"
    "recipients/phone"
    "sender/id"
    "sender/rules"
    "time"
    "whole"
    "wire"
    "wizard/draft"
    "wizard/submission"
    "worker_protocol"
];

/// FNV-1a.
const fn hash(sources: &[(&str, &[u8])]) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    let mut source = 0;
    while source < sources.len() {
        let bytes = sources[source].1;
        let mut at = 0;
        while at < bytes.len() {
            hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
            at += 1;
        }
        source += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// The file that an item of this crate is in, such as `price/money` of `price::money::Cost`.
    fn file_of(item: &str) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let parts: Vec<&str> = item.split("::").collect();
        let prefixes = (1..=parts.len()).rev().map(|len| parts[..len].join("/"));
        let mut files = prefixes.filter(|path| root.join(format!("{path}.rs")).is_file());
        files.next().unwrap_or_else(|| panic!("no file of {item}"))
    }

    #[test]
    fn whatever_the_sources_use_is_among_them() {
        for (name, text) in SOURCES {
            let text = std::str::from_utf8(text).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap();
            assert!(!text.contains("use super::"), "{name} is to name modules from the root");
            let used = text.lines().filter_map(|line| line.strip_prefix("use crate::"));
            for item in used {
                let item = item.trim_end_matches(';').split("::{").next().unwrap();
                let file = file_of(item);
                let is_listed = SOURCES.iter().any(|(listed, _)| *listed == file);
                assert!(is_listed, "{name} uses {file}, which is not among the sources");
            }
        }
    }

    #[test]
    fn another_text_is_another_version() {
        assert_eq!(hash(&[]), 0x811c_9dc5);
        assert_eq!(hash(&[("", b"a")]), 0xe40c_292c);
        assert_eq!(hash(&[("", b"foo"), ("", b"bar")]), 0xbf9c_f968);
    }
}
