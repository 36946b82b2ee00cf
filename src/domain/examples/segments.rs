//! Reads JSON strings, one per line, and prints `ENCODING<TAB>UNITS<TAB>SEGMENTS` for each.
//!
//! `printf '"Hello"\n' | cargo run --release -p domain --example segments`
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use domain::message::segments::Segments;
use std::io::BufRead as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let text = json_string(&line)?;
        let Segments { encoding, units, count } = Segments::of(&text);
        println!("{encoding}\t{units}\t{count}");
    }
    Ok(())
}

/// The string that a JSON literal stands for. A lone surrogate, which JSON can spell and a text
/// cannot hold, becomes U+FFFD: as wide, and as far from GSM-7.
fn json_string(literal: &str) -> Result<String, serde_json::Error> {
    // Asked for bytes, serde_json passes a lone surrogate on in its three-byte form.
    struct Bytes;
    impl serde::de::Visitor<'_> for Bytes {
        type Value = Vec<u8>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a JSON string")
        }
        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }
        fn visit_str<E>(self, text: &str) -> Result<Vec<u8>, E> {
            Ok(text.as_bytes().to_vec())
        }
    }
    let mut json = serde_json::Deserializer::from_str(literal);
    let mut bytes = serde::Deserializer::deserialize_bytes(&mut json, Bytes)?;
    json.end()?;
    for i in 0..bytes.len().saturating_sub(2) {
        if bytes[i] == 0xED && bytes[i + 1] >= 0xA0 {
            bytes[i..i + 3].copy_from_slice("\u{FFFD}".as_bytes());
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
