//! Our answers against libphonenumber's: on a corpus of its own answers, and on generated inputs.
//!
//! The example `oracle` compares as many inputs as one likes; here it is as many as there is time for.

#[path = "oracle/google.rs"]
mod google;
#[path = "oracle/inputs.rs"]
mod inputs;
#[path = "oracle/laws.rs"]
mod laws;
#[allow(dead_code, missing_docs, reason = "shared with the build script, which needs more of it")]
#[path = "../generate/metadata.rs"]
mod metadata;
#[path = "oracle/ours.rs"]
mod ours;
#[allow(missing_docs, reason = "shared with the build script")]
#[path = "../generate/protobuf.rs"]
mod protobuf;

use proptest::prelude::*;
use serde_json::Value;

static METADATA: &[u8] = include_bytes!("../metadata/metadata.bin");

/// `vectors.json`: answers of Google's library (Python's `phonenumbers` 9.0.42) for what people type
/// and spreadsheets make of it.
#[test]
fn the_corpus_is_answered_as_google_does() {
    let vectors: Value = serde_json::from_str(include_str!("vectors.json")).unwrap();
    let vectors = vectors.as_array().unwrap();
    assert!(vectors.len() > 90);
    for vector in vectors {
        let region = vector["region"].as_str().unwrap_or("-");
        let input = vector["input"].as_str().unwrap();
        let google = &vector["google"];
        let expected = match google["error"].as_str() {
            Some(error) => format!("-\t{error}"),
            None => format!(
                "{}\t{}\t{}\t{}\t{}",
                google["e164"].as_str().unwrap(),
                google["reason"].as_str().unwrap(),
                google["valid"],
                google["type"].as_str().unwrap(),
                google["region"].as_str().unwrap_or("-"),
            ),
        };
        assert_eq!(ours::answer(region, input).0, expected, "{region} {input:?}");
    }
}

#[test]
fn generated_inputs_are_answered_as_google_does() {
    let inputs = inputs::Inputs::new(METADATA, 20_251_122);
    for (region, text) in inputs.take(100_000).filter(|(_, text)| !google::differs(text)) {
        let (ours, google) = (ours::answer(&region, &text), google::answer(&region, &text));
        assert_eq!(ours, google, "{region} {text:?}");
    }
}

/// Where libphonenumber's own languages differ, ours are the answers of its Java and Python.
#[test]
fn where_googles_libraries_differ_java_decides() {
    for (region, text, expected) in [
        ("CO", "+57602345678～12ｘ12", "+5760234567812\tIS_POSSIBLE\tfalse\tUNKNOWN\tCO"),
        ("SY", "18345679/x302\\x3", "+96318345679\tIS_POSSIBLE\tfalse\tUNKNOWN\tSY"),
        ("KN", "80,02123456", "-\tNOT_A_NUMBER"),
        ("SG", "9123ı4567", "+6591234567\tIS_POSSIBLE\ttrue\tMOBILE\tSG"),
    ] {
        assert_eq!(ours::answer(region, text).0, expected);
        assert!(google::differs(text), "{text}");
        assert_ne!(ours::answer(region, text), google::answer(region, text), "{text}");
    }
}

/// The tables and the oracle must be of one release, or the comparison means nothing.
#[test]
fn the_metadata_is_the_oracles_own() {
    let version = include_str!("../metadata/version.txt").trim();
    assert_eq!(numbers::metadata_version(), version);
    let regions = metadata::read(METADATA);
    let examples = regions.iter().filter(|region| region.id != "001").map(|region| {
        let kinds = [&region.fixed_line, &region.mobile, &region.general];
        let example = kinds.into_iter().find(|kind| !kind.example.is_empty()).unwrap();
        (region.id.as_str(), example.example.as_str())
    });
    let mut count = 0;
    for (region, example) in examples {
        assert_eq!(ours::answer(region, example), google::answer(region, example), "{region}");
        count += 1;
    }
    assert_eq!(count, numbers::Region::all().count());
}

#[test]
fn the_laws_hold_for_generated_inputs() {
    for (region, text) in inputs::Inputs::new(METADATA, 5).take(20_000) {
        assert_eq!(laws::check_text(&region, &text), Ok(()), "{region} {text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn the_laws_hold_for_any_text(any in "\\PC{0,300}", digits in "[+0-9 ().E#x;,/-]{0,60}") {
        for text in [&any, &digits] {
            for home in ["-", "SG", "ZZ", "AR"] {
                prop_assert_eq!(laws::check_text(home, text), Ok(()));
            }
        }
    }
}
