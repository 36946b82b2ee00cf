//! How numbers are written: while they are typed, and when they are read. What libphonenumber writes of
//! whole numbers is compared in `oracle.rs`.

use numbers::{AsYouType, Region, parse};

/// `typed.tsv`: a region, what is typed, and what Google's library (Python's `phonenumbers` 9.0.42)
/// shows after each character.
#[test]
fn what_is_typed_is_written_as_google_does() {
    let mut count = 0;
    for line in include_str!("typed.tsv").lines() {
        let [region, typed, expected] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let mut typing = AsYouType::new(Region::find(region));
        let written: Vec<String> = typed.chars().map(|c| typing.push(c)).collect();
        assert_eq!(written.join("|"), expected, "{region} {typed}");
        count += 1;
    }
    assert!(count > 600, "{count}");
}

#[test]
fn a_number_is_written_for_its_country_and_for_abroad() {
    let number = parse("020 7946 0123 x45", Region::find("GB")).unwrap();
    assert_eq!(number.to_string(), "+442079460123");
    assert_eq!(number.national_format(), "020 7946 0123 x45");
    assert_eq!(number.international_format(), "+44 20 7946 0123 x45");
    assert_eq!(number.extension(), [4, 5]);
    let unknown = parse("+6512", None).unwrap();
    assert_eq!(unknown.international_format(), "+65 12", "no format fits");
}
