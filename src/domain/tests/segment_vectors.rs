//! Segments against `data/segment_vectors.json`, a collection of tricky strings with what the
//! standard makes of them; it was checked against `sms-segments-calculator` 1.3.0, `split-sms`
//! 0.1.7 and `smsutil` 1.1.3, three libraries of other people.
#![expect(clippy::unwrap_used, reason = "a helper of a test")]

use domain::message::segments::{Segments, split};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector<'a> {
    name: String,
    #[serde(borrow)]
    text: &'a serde_json::value::RawValue,
    expected: Expected,
}

#[derive(Deserialize)]
struct Expected {
    enc: String,
    units: u32,
    parts: u32,
    per: Vec<u32>,
}

#[test]
fn every_vector_gives_the_expected_encoding_units_and_segments() {
    let vectors: Vec<Vector<'_>> =
        serde_json::from_str(include_str!("../data/segment_vectors.json")).unwrap();
    assert_eq!(vectors.len(), 44);
    for Vector { name, text, expected } in &vectors {
        let text = utf16_escaped(text.get());
        let segments = Segments::of(&text);
        assert_eq!(segments.encoding.to_string(), expected.enc, "{name}");
        assert_eq!(segments.units, expected.units, "{name}");
        assert_eq!(segments.count, expected.parts, "{name}");
        let sizes: Vec<u32> = split(&text)
            .into_iter()
            .map(|range| match segments.encoding {
                domain::message::encoding::Encoding::Gsm7 => Segments::of(&text[range]).units,
                domain::message::encoding::Encoding::Ucs2 => {
                    text[range].encode_utf16().count() as u32
                }
            })
            .collect();
        assert_eq!(sizes, expected.per, "{name}");
    }
}

/// The file is plain ASCII: every other character is a `\uXXXX` escape. Read as UTF-16 so that lone
/// surrogates, which Rust strings cannot hold, come out as U+FFFD.
fn utf16_escaped(literal: &str) -> String {
    let mut units = Vec::new();
    let mut chars = literal.trim_matches('"').chars();
    while let Some(c) = chars.next() {
        let unit = match c {
            '\\' => match chars.next().unwrap() {
                'u' => {
                    let hex: String = chars.by_ref().take(4).collect();
                    u16::from_str_radix(&hex, 16).unwrap()
                }
                'n' => 10,
                'r' => 13,
                't' => 9,
                'b' => 8,
                'f' => 12,
                other => other as u16,
            },
            plain => plain as u16,
        };
        units.push(unit);
    }
    String::from_utf16_lossy(&units)
}
