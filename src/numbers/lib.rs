//! Phone numbers: from a raw cell to E.164, or the reason why not.
//!
//! Two layers, kept apart:
//!
//! * [`parse`] and [`Number`] give libphonenumber's answers, all of them and nothing else, from tables
//!   that the build makes of its metadata (`generate/`).
//! * [`check`] is the product's: a cell is cleaned of what spreadsheets and people do to numbers
//!   (`cleanup`) before it is read, and what comes out is judged by whether it can get an SMS.
//!   Whatever was changed on the way is reported.

mod as_you_type;
mod cleanup;
mod coding;
mod decoder;
mod format;
mod number;
mod parse;
mod prefix;
mod tables;
mod text;

pub use as_you_type::AsYouType;
pub use number::{Digits, Kind, NotParsed, Number, Possible, Region};
pub use parse::{parse, parse_digits};

use domain::phone::{Country, E164, NumberDoubt, NumberProblem};
use domain::recipients::RepairKind;

/// A number that can get a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The number.
    pub number: E164,
    /// Its country, when the number tells.
    pub country: Option<Country>,
    /// What was done to read it, if it was not written as it is read.
    pub repair: Option<RepairKind>,
    /// Why it may not be able to get an SMS all the same.
    pub doubt: Option<NumberDoubt>,
}

/// Reads a raw cell. `home` is the country of numbers that have no country code; numbers that begin
/// with `+` are never touched by it.
///
/// # Errors
/// Why it cannot get a message.
pub fn check(raw: &str, home: Option<Country>) -> Result<Checked, NumberProblem> {
    let cleaned = cleanup::clean(raw)?;
    let digits = cleaned.digits.as_str();
    if cleaned.international {
        let reading = read(true, digits, None)?;
        return Ok(Checked { repair: cleaned.repair, ..reading });
    }
    let local = home.map(|home| read(false, digits, Region::find(home.code())));
    match local {
        // Only a number that is known to exist may keep the reading with the home country …
        Some(Ok(reading)) if reading.doubt != Some(NumberDoubt::UnknownRange) => {
            Ok(Checked { repair: cleaned.repair, ..reading })
        }
        // … else it may be an international one that lost its plus.
        local => match (read(true, digits, None), local) {
            (Ok(reading), _) if reading.doubt != Some(NumberDoubt::UnknownRange) => {
                let repair = cleaned.repair.or(Some(RepairKind::MissingPlus));
                Ok(Checked { repair, ..reading })
            }
            (_, Some(reading)) => Ok(Checked { repair: cleaned.repair, ..reading? }),
            (_, None) => Err(NumberProblem::NeedsCountry),
        },
    }
}

/// The release of libphonenumber whose metadata the tables were made of: `9.0.42`.
pub fn metadata_version() -> &'static str {
    tables::tables().version
}

/// The country of a number, when the number tells: those of satellites and of international services
/// have none.
pub fn country(number: E164) -> Option<Country> {
    let digits = number.to_string();
    let number = parse(&digits, None).ok()?;
    Country::parse(number.region()?.code())
}

/// The code that the country's numbers begin with: 65 for Singapore.
pub fn dialing_code(country: Country) -> Option<u16> {
    Region::find(country.code()).map(Region::dialing_code)
}

fn read(plus: bool, digits: &str, home: Option<Region>) -> Result<Checked, NumberProblem> {
    let digits: Vec<u8> = digits.bytes().map(|digit| digit.wrapping_sub(b'0')).collect();
    if !plus && home.is_none() {
        return Err(NumberProblem::NeedsCountry);
    }
    let number = parse_digits(plus, &digits, home).map_err(problem)?;
    judge(&number)
}

fn problem(reason: NotParsed) -> NumberProblem {
    match reason {
        NotParsed::InvalidCountryCode => NumberProblem::UnknownCountryCode,
        NotParsed::TooShortAfterIdd | NotParsed::TooShortNsn => NumberProblem::TooShort,
        NotParsed::TooLong => NumberProblem::TooLong,
        NotParsed::NotANumber => NumberProblem::NotANumber,
    }
}

fn judge(number: &Number) -> Result<Checked, NumberProblem> {
    match number.possible() {
        Possible::Yes => {}
        Possible::TooShort | Possible::LocalOnly => return Err(NumberProblem::TooShort),
        Possible::TooLong => return Err(NumberProblem::TooLong),
        Possible::InvalidLength => return Err(NumberProblem::WrongLength),
    }
    let doubt = match number.kind() {
        Kind::PremiumRate => return Err(NumberProblem::Premium),
        Kind::Unknown => Some(NumberDoubt::UnknownRange),
        Kind::FixedLine => Some(NumberDoubt::Landline),
        Kind::Mobile | Kind::FixedLineOrMobile => None,
        _ => Some(NumberDoubt::Service),
    };
    let digits = number.digits().and_then(E164::from_digits);
    let country = number.region().and_then(|region| Country::parse(region.code()));
    Ok(Checked { number: digits.ok_or(NumberProblem::TooShort)?, country, repair: None, doubt })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sg() -> Option<Country> {
        Country::parse("SG")
    }

    fn read(raw: &str, home: Option<Country>) -> (String, Option<RepairKind>) {
        let checked = check(raw, home).unwrap();
        (checked.number.to_string(), checked.repair)
    }

    fn problem(raw: &str, home: Option<Country>) -> NumberProblem {
        check(raw, home).unwrap_err()
    }

    #[test]
    fn numbers_as_people_write_them() {
        for raw in [
            "+6591234567",
            "+65 9123 4567",
            "+65-9123-4567",
            "(+65) 9123.4567",
            "＋６５９１２３４５６７",
        ] {
            assert_eq!(read(raw, None), ("+6591234567".into(), None), "{raw}");
        }
        assert_eq!(read("9123 4567", sg()), ("+6591234567".into(), None));
        assert_eq!(read("07400 123456", Country::parse("GB")), ("+447400123456".into(), None));
        assert_eq!(check("+6591234567", None).unwrap().country, sg());
        assert_eq!(check("+14155550134", None).unwrap().country, Country::parse("US"));
    }

    #[test]
    fn what_spreadsheets_do_is_undone_and_said() {
        use RepairKind::*;
        let repaired = [
            ("006591234567", InternationalPrefix),
            ("0065 91234567", InternationalPrefix),
            ("6591234567.0", SpreadsheetNumber),
            ("'+6591234567", TextMarker),
            ("=\"+6591234567\"", TextMarker),
            ("\u{202a}+65 9123 4567\u{202c}", HiddenCharacters),
            ("6591234567", MissingPlus),
            ("++65 9123 4567", InternationalPrefix),
        ];
        for (raw, kind) in repaired {
            let (number, repair) = read(raw, None);
            assert_eq!(number, "+6591234567", "{raw}");
            assert_eq!(repair, Some(kind), "{raw}");
        }
        assert_eq!(read("+44 (0)7400 123456", None), ("+447400123456".into(), Some(TrunkZero)));
    }

    /// Handed to a parser with Singapore's own prefix rules, this would become +591234567, Bolivia.
    #[test]
    fn a_00_prefix_is_never_read_by_the_home_country() {
        assert_eq!(read("0065 91234567", sg()).0, "+6591234567");
        assert_eq!(read("00447400123456", Country::parse("US")).0, "+447400123456");
    }

    #[test]
    fn the_home_country_never_touches_a_number_with_a_plus() {
        assert_eq!(read("+447400123456", sg()).0, "+447400123456");
    }

    #[test]
    fn every_refusal_has_its_reason() {
        use NumberProblem::*;
        assert_eq!(problem("", None), NotANumber);
        assert_eq!(problem("---", sg()), NotANumber);
        assert_eq!(problem("hello", sg()), NotANumber);
        assert_eq!(problem("9123 4567 (mobile)", sg()), Letters);
        assert_eq!(problem("+65 1", None), TooShort);
        assert_eq!(problem("+659123456789012", None), TooLong);
        assert_eq!(problem("91234567", None), NeedsCountry);
        assert_eq!(problem("+999123456789", None), UnknownCountryCode);
        assert_eq!(problem("6.59E+09", sg()), DigitsLost);
        assert_eq!(problem("12345678901234567890", sg()), TooLong);
        assert_eq!(problem("+1 900 234 5678", None), Premium);
    }

    #[test]
    fn doubtful_numbers_pass_with_their_doubt() {
        assert_eq!(check("+6561234567", None).unwrap().doubt, Some(NumberDoubt::Landline));
        assert_eq!(
            check("+6518001234", None).map(|c| c.doubt).ok().flatten(),
            Some(NumberDoubt::UnknownRange)
        );
        assert_eq!(check("+6591234567", None).unwrap().doubt, None);
    }

    #[test]
    fn countries_have_dialing_codes() {
        assert_eq!(dialing_code(sg().unwrap()), Some(65));
        assert_eq!(dialing_code(Country::parse("US").unwrap()), Some(1));
        assert_eq!(dialing_code(Country::parse("AQ").unwrap()), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]
        #[test]
        fn any_text_is_read_or_refused(raw in "\\PC{0,40}", digits in "[+0-9 ().E-]{0,24}") {
            for text in [&raw, &digits] {
                for home in [None, sg(), Country::parse("ZZ")] {
                    if let Ok(checked) = check(text, home) {
                        // What was read is read again as itself.
                        let again = check(&checked.number.to_string(), None).unwrap();
                        prop_assert_eq!(again.number, checked.number);
                    }
                }
            }
        }
    }
}
