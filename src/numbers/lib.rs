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
mod checked;
mod cleanup;
mod coding;
mod decoder;
mod format;
mod number;
mod parse;
mod prefix;
mod several;
mod state;
mod tables;
mod text;

pub use as_you_type::AsYouType;
pub use checked::Checked;
pub use number::{Digits, Kind, NotParsed, Number, Possible, Region};
pub use parse::{parse, parse_digits};
pub use several::several;

use checked::check_one;
use domain::recipients::RepairKind;
use domain::recipients::phone::{Country, E164, NumberProblem};

/// Reads a raw cell. `home` is the country of numbers that have no country code; it touches no number
/// that begins with `+`, but for `+0…`, with which no country code begins.
///
/// # Errors
/// Why it cannot get a message.
pub fn check(raw: &str, home: Option<Country>) -> Result<Checked, NumberProblem> {
    match check_one(raw, home) {
        // Two numbers look like a long one, or like one with words in it.
        Err(problem @ (NumberProblem::TooLong | NumberProblem::Letters)) => {
            let is_several = several(raw, home).len() > 1;
            Err(if is_several { NumberProblem::Several } else { problem })
        }
        checked => checked,
    }
}

/// As [`check`], for a cell that may hold several numbers of one person: the first of those that are
/// best for an SMS is taken.
///
/// # Errors
/// Why it cannot get a message.
pub fn check_cell(raw: &str, home: Option<Country>) -> Result<Checked, NumberProblem> {
    match check(raw, home) {
        Err(NumberProblem::Several) => {
            let parts =
                several(raw, home).into_iter().filter_map(|part| check_one(part, home).ok());
            // The first of the smallest.
            let best = parts.min_by_key(|checked| checked.doubt.is_some());
            Ok(best.ok_or(NumberProblem::Several)?.repaired(RepairKind::FirstOfSeveral))
        }
        checked => checked,
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
    number.region()?.country()
}

/// The code that the country's numbers begin with: 65 for Singapore.
pub fn dialing_code(country: Country) -> Option<u16> {
    Region::of(country).map(Region::dialing_code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::recipients::Repairs;
    use domain::recipients::phone::NumberDoubt;

    fn sg() -> Option<Country> {
        Country::parse("SG")
    }

    fn read(raw: &str, home: Option<Country>) -> (String, Vec<RepairKind>) {
        let checked = check(raw, home).unwrap();
        (checked.number.to_string(), checked.repairs.into())
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
            assert_eq!(read(raw, None), ("+6591234567".into(), vec![]), "{raw}");
        }
        assert_eq!(read("9123 4567", sg()), ("+6591234567".into(), vec![]));
        assert_eq!(read("07400 123456", Country::parse("GB")), ("+447400123456".into(), vec![]));
        assert_eq!(check("+6591234567", None).unwrap().country, sg());
        assert_eq!(check("+14155550134", None).unwrap().country, Country::parse("US"));
    }

    #[test]
    fn all_that_was_done_is_said_and_any_of_it_can_be_undone() {
        use RepairKind::*;
        let raw = "'\u{200b}0065 9123 4567 (mobile)";
        let done: Vec<RepairKind> = check(raw, None).unwrap().repairs.into();
        assert_eq!(done, [InternationalPrefix, TextMarker, HiddenCharacters, Label]);
        for kind in RepairKind::ALL {
            let without = check(raw, None).unwrap().without(&[kind]);
            let refused = without == Err(NumberProblem::NotRepaired);
            assert_eq!(refused, done.contains(&kind), "{kind:?}");
        }
    }

    #[test]
    fn what_spreadsheets_do_is_undone_and_said() {
        use RepairKind::*;
        let repaired = [
            ("006591234567", InternationalPrefix),
            ("0065 91234567", InternationalPrefix),
            ("6591234567", MissingPlus),
            ("'+6591234567", TextMarker),
            ("=\"+6591234567\"", TextMarker),
            ("\u{202a}+65 9123 4567\u{202c}", HiddenCharacters),
            ("++65 9123 4567", InternationalPrefix),
        ];
        for (raw, kind) in repaired {
            let (number, repair) = read(raw, None);
            assert_eq!(number, "+6591234567", "{raw}");
            assert_eq!(repair, [kind], "{raw}");
        }
        assert_eq!(
            read("6591234567.0", None),
            ("+6591234567".into(), vec![MissingPlus, SpreadsheetNumber])
        );
        assert_eq!(read("+44 (0)7400 123456", None), ("+447400123456".into(), vec![TrunkZero]));
    }

    #[test]
    fn a_number_with_its_country_code_and_no_plus_is_shown_as_repaired() {
        for home in [None, sg(), Country::parse("US")] {
            assert_eq!(
                read("6591234567", home),
                ("+6591234567".into(), vec![RepairKind::MissingPlus])
            );
        }
        assert_eq!(read("91234567", sg()).1, []);
    }

    #[test]
    fn a_number_of_two_countries_is_doubtful() {
        let de = Country::parse("DE");
        // A landline of Germany to libphonenumber, a German mobile to everybody else.
        let mobile = check("4915123456789", de).unwrap();
        assert_eq!(mobile.number.to_string(), "+4915123456789");
        assert_eq!(mobile.doubt, Some(NumberDoubt::Ambiguous));
        assert_eq!(mobile.repairs, Repairs::default().with(RepairKind::MissingPlus));
        // Arkansas, or a mobile of Norway.
        let arkansas = check("4792345678", Country::parse("US")).unwrap();
        assert_eq!(arkansas.number.to_string(), "+14792345678");
        assert_eq!(arkansas.doubt, Some(NumberDoubt::Ambiguous));
        assert_eq!(check("+14792345678", de).unwrap().doubt, None);
    }

    #[test]
    fn a_local_number_that_got_a_plus_is_read_at_home() {
        let gb = Country::parse("GB");
        let wrong = ("+447400123456".into(), vec![RepairKind::WrongPlus]);
        assert_eq!(read("+07400123456", gb), wrong);
        let prefix = ("+447400123456".into(), vec![RepairKind::InternationalPrefix]);
        for raw in ["+0447400123456", "0+447400123456", "+00447400123456", "00 44 7400 123456"] {
            assert_eq!(read(raw, gb), prefix, "{raw}");
        }
    }

    #[test]
    fn of_several_in_a_cell_the_first_mobile_is_taken() {
        let both = "6123 4567 / 9234 5678";
        let checked = check_cell(both, sg()).unwrap();
        assert_eq!(checked.number.to_string(), "+6592345678");
        assert!(checked.repairs.contains(RepairKind::FirstOfSeveral));
        let undone = [RepairKind::FirstOfSeveral];
        assert_eq!(checked.without(&undone), Err(NumberProblem::Several));
        let first = check_cell("9123 4567 or 9234 5678", sg()).unwrap();
        assert_eq!(first.number.to_string(), "+6591234567");
        assert_eq!(check_cell("9123 4567", sg()), check("9123 4567", sg()));
    }

    #[test]
    fn what_is_undone_is_refused() {
        let without = |raw| check(raw, None).unwrap().without(&[RepairKind::MissingPlus]);
        assert_eq!(without("6591234567"), Err(NumberProblem::NotRepaired));
        assert!(without("+6591234567").is_ok());
        assert!(without("0065 9123 4567").is_ok());
    }

    /// Handed to a parser with Singapore's own prefix rules, this would become +591234567, Bolivia.
    #[test]
    fn a_00_prefix_is_never_read_by_the_home_country() {
        assert_eq!(read("0065 91234567", sg()).0, "+6591234567");
        assert_eq!(read("00447400123456", Country::parse("US")).0, "+447400123456");
    }

    #[test]
    fn a_longer_prefix_is_read_where_it_is_dialled() {
        let prefix = ("+6591234567".into(), vec![RepairKind::InternationalPrefix]);
        for (raw, country) in [("0011 65 9123 4567", "AU"), ("001 65 9123 4567", "HK")] {
            assert_eq!(read(raw, Country::parse(country)), prefix, "{raw}");
        }
        let doubt = |raw, home| check(raw, Country::parse(home)).unwrap().doubt;
        assert_eq!(doubt("0011 65 9123 4567", "AU"), None);
        assert_eq!(doubt("001 65 9123 4567", "HK"), Some(NumberDoubt::Ambiguous));
        assert_eq!(read("001 415 555 0134", Country::parse("HK")).0, "+14155550134");
        // One digit too many is no number of Bolivia.
        assert_eq!(problem("0065 912345678", sg()), NumberProblem::WrongLength);
    }

    #[test]
    fn the_home_country_never_touches_a_number_with_a_plus() {
        assert_eq!(read("+447400123456", sg()).0, "+447400123456");
    }

    #[test]
    fn every_refusal_has_its_reason() {
        use NumberProblem::*;
        assert_eq!(problem("", None), Missing);
        assert_eq!(problem("---", sg()), Missing);
        assert_eq!(problem("1965-01-01", sg()), Date);
        assert_eq!(problem("hello", sg()), NotANumber);
        assert_eq!(problem("9123 4567 (Anna)", sg()), Letters);
        assert_eq!(problem("9123 4567 or 9234 5678", sg()), Several);
        assert_eq!(problem("91234567/92345678", sg()), Several);
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
}
