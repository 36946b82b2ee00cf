//! The product's own layer: what spreadsheets, phones and people do to a number, undone before it is
//! read, so that reading sees nothing but digits.
//!
//! Here, and only here, numbers are read otherwise than libphonenumber reads them:
//!
//! * `00` is the international prefix wherever one is: libphonenumber reads `0065 91234567` at home in
//!   Singapore as +591234567, Bolivia. Only what begins with `001` and is no known number of North America
//!   is read as it is dialled at home, where `001` or `0011` may be the prefix (`check_one`).
//! * Letters are refused unless they label the number or an extension: libphonenumber dials
//!   `9123 4567 (mobile)` as +6591234567662453.
//! * `6591234567.0` and `6.591234567E9` are what a spreadsheet makes of a number. libphonenumber reads
//!   another digit, or another number, into it.
//! * `(0)` behind a country code is not dialled, also where it would be part of a number.
//! * `+0…` is a number as it is dialled at home that got a plus.
//! * A number without a plus that is not known at home, and would be with one, is one that lost it
//!   (`check_one`).
//! * A landline at home that would be a mobile with a plus is the mobile, and doubtful: libphonenumber
//!   reads `4915123456789` at home in Germany as a landline, +494915123456789 (`at_home`).

use crate::number::Digits;
use crate::tables::tables;
use domain::recipients::phone::NumberProblem;
use domain::recipients::{RepairKind, Repairs};

/// A cell with nothing left but its digits.
#[derive(Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// 1 to [`MOST_DIGITS`] of them.
    pub digits: Digits<MOST_DIGITS>,
    /// What they begin with.
    pub start: Start,
    /// What was done beyond dropping the usual separators.
    pub repairs: Repairs,
}

/// What digits begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// A country code: there was a `+`, or more zeros than two.
    CountryCode,
    /// A country code behind `00`; or the two were the beginning of a longer prefix, as in `0011`.
    DoubleZero,
    /// There is no telling.
    Any,
    /// There was a plus and one zero: the country code is wrong, or the plus is.
    PlusZero,
}

/// E.164 has 15 digits at most, and a national prefix comes before the longest numbers.
const MOST_DIGITS: usize = 16;
/// More bytes than this are no cell with a number.
const MOST_BYTES: usize = 1_000;
/// Fewer digits than this are no number, so what follows them is no extension.
const FEWEST_BEFORE_EXTENSION: usize = 7;
/// More digits than this are no extension.
const MOST_EXTENSION: usize = 7;
/// Words that people put beside a number and that say no more than that it is one.
const LABELS: [&str; 27] = [
    "c",
    "call",
    "cell",
    "cellphone",
    "cellular",
    "gsm",
    "h",
    "handy",
    "home",
    "hp",
    "m",
    "mob",
    "mobil",
    "mobile",
    "movil",
    "móvil",
    "no",
    "office",
    "p",
    "ph",
    "phone",
    "t",
    "tel",
    "telephone",
    "wa",
    "whatsapp",
    "work",
];
const EXTENSION_LABELS: [&str; 4] = ["ext", "extension", "extn", "x"];

/// What databases and spreadsheets write where there is nothing.
const NOTHING: [&str; 15] = [
    "",
    "0",
    "n/a",
    "na",
    "nan",
    "nil",
    "none",
    "null",
    "undefined",
    "#n/a",
    "#name?",
    "#null!",
    "#ref!",
    "#value!",
    "#div/0!",
];

/// Cleans a raw cell.
pub fn clean(raw: &str) -> Result<Cleaned, NumberProblem> {
    match plainly_written(raw) {
        Some(cleaned) => Ok(cleaned),
        None => clean_up(raw),
    }
}

/// Most numbers are written with nothing but digits, spaces, hyphens and a plus in front: there is
/// nothing to clean up, and a million of them are read in half the time.
fn plainly_written(raw: &str) -> Option<Cleaned> {
    let (has_plus, rest) = match raw.as_bytes() {
        [b'+', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let mut digits = Digits::<MOST_DIGITS>::new();
    let mut count = 0;
    let mut hyphens = 0;
    for byte in rest {
        match byte {
            b'0'..=b'9' => {
                digits.push(byte - b'0');
                count += 1;
            }
            b' ' => {}
            b'-' => hyphens += 1,
            _ => return None,
        }
    }
    // Two hyphens may be a date's.
    let is_plain =
        (2..=MOST_DIGITS).contains(&count) && (hyphens != 2 || !(6..=8).contains(&count));
    let start = match digits.as_slice() {
        _ if !is_plain => return None,
        [0, 0, ..] => {
            return started(digits.as_slice(), has_plus, has_plus, 1, Repairs::default()).ok();
        }
        [0, ..] if has_plus => Start::PlusZero,
        _ if has_plus => Start::CountryCode,
        _ => Start::Any,
    };
    Some(Cleaned { digits, start, repairs: Repairs::default() })
}

fn clean_up(raw: &str) -> Result<Cleaned, NumberProblem> {
    if raw.len() > MOST_BYTES {
        return Err(NumberProblem::TooLong);
    }
    let mut repairs = Repairs::default();
    let mut text: String = raw.chars().filter(|c| !is_hidden(*c)).map(plain).collect();
    // A no-break space around a number is everyday; marks that nobody can see are worth a word.
    if raw.trim().chars().any(is_hidden) {
        repairs = repairs.with(RepairKind::HiddenCharacters);
    }
    text = text.trim().to_owned();
    if let Some(inner) = without_text_marker(&text) {
        text = inner.to_owned();
        repairs = repairs.with(RepairKind::TextMarker);
    }
    if is_nothing(&text) {
        return Err(NumberProblem::Missing);
    }
    if is_date(&text) {
        return Err(NumberProblem::Date);
    }
    if let Some(whole) = spreadsheet_number(&text)? {
        text = whole;
        repairs = repairs.with(RepairKind::SpreadsheetNumber);
    }
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return Err(NumberProblem::NotANumber);
    }
    if let Some(number) = without_extension(&text) {
        text.truncate(number);
        repairs = repairs.with(RepairKind::Extension);
    }
    if text.contains(char::is_alphabetic) {
        text = without_labels(&text).ok_or(NumberProblem::Letters)?;
        repairs = repairs.with(RepairKind::Label);
    }
    let pluses = text.matches('+').count();
    // Before all digits but zeros, as in 0+44…
    let plus_leads = text.find('+') < text.find(|c: char| matches!(c, '1'..='9'));
    if plus_leads && pluses == 1 && text.contains("(0)") {
        text = text.replacen("(0)", "", 1);
        repairs = repairs.with(RepairKind::TrunkZero);
    }
    let has_plus = pluses > 0 && plus_leads;
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    started(&digits, has_plus, text.starts_with('+'), pluses, repairs)
}

/// What the digits begin with, and without it.
fn started(
    digits: &[u8],
    has_plus: bool,
    is_first: bool,
    pluses: usize,
    mut repairs: Repairs,
) -> Result<Cleaned, NumberProblem> {
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    let start = match zeros {
        0 if has_plus => Start::CountryCode,
        1 if has_plus && is_first => Start::PlusZero,
        1 if has_plus => Start::CountryCode,
        0 | 1 => Start::Any,
        2 if !has_plus => Start::DoubleZero,
        _ => Start::CountryCode,
    };
    let is_abroad = matches!(start, Start::CountryCode | Start::DoubleZero);
    if is_abroad && (zeros > 0 || pluses > 1) {
        repairs = repairs.with(RepairKind::InternationalPrefix);
    }
    let dropped = if is_abroad { zeros } else { 0 };
    let digits = digits.get(dropped..).unwrap_or_default();
    if digits.is_empty() {
        return Err(NumberProblem::NotANumber);
    }
    let digits = Digits::from_slice(digits).ok_or(NumberProblem::TooLong)?;
    Ok(Cleaned { digits, start, repairs })
}

/// Whether a cell stands for no number at all: empty, dashes, `NULL`, `#N/A` and the like.
fn is_nothing(text: &str) -> bool {
    text.len() <= 10 && NOTHING.contains(&text.to_ascii_lowercase().as_str())
        || text.chars().all(|c| "-–—_.?".contains(c))
}

/// Whether it is a date, into which spreadsheets turn what looks like one: `1965-01-01`, `01/02/1965`,
/// `Jan-65`, with or without a time.
fn is_date(text: &str) -> bool {
    let date = text.split(['T', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = date.split(['-', '/', '.']).collect();
    let separators: Vec<char> = date.chars().filter(|c| "-/.".contains(*c)).collect();
    let within = |part: &str, low: u32, high: u32| {
        (1..=4).contains(&part.len()) && part.parse().is_ok_and(|n: u32| (low..=high).contains(&n))
    };
    let is_year = |part: &str| part.len() == 4 && within(part, 1900, 2099);
    let is_day = |part: &str| part.len() <= 2 && within(part, 1, 31);
    let is_month = |part: &str| MONTHS.contains(&part.to_ascii_lowercase().as_str());
    if separators.windows(2).any(|pair| pair[0] != pair[1]) {
        return false;
    }
    // Behind a date there may be a time; a number goes on with other digits.
    let rest = text.get(date.len()..).unwrap_or_default();
    let is_whole = rest.is_empty() || rest.contains(':');
    is_whole
        && match parts[..] {
            [a, b, c] => {
                is_year(a) && is_day(b) && is_day(c)
                    || is_day(a) && is_day(b) && is_year(c)
                    || is_day(a) && is_month(b) && (is_year(c) || c.len() == 2)
            }
            [a, b] => is_month(a) && within(b, 0, 2099) || is_day(a) && is_month(b),
            _ => false,
        }
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Marks without width: zero-width spaces and joiners, byte order and direction marks, soft hyphen.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Digits of other scripts and the full-width plus as ASCII, as libphonenumber reads them.
fn plain(c: char) -> char {
    match c {
        '＋' => '+',
        _ => tables().digit(c).map_or(c, |digit| char::from(b'0' + digit)),
    }
}

/// `'+65…`, `=+65…`, `="+65…"` and `"+65…"`: ways to make a spreadsheet keep a text. An apostrophe may stand before
/// the others, where one kept a spreadsheet from running them.
fn without_text_marker(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix('\'') {
        return without_text_marker(rest).filter(|_| !rest.starts_with('\'')).or(Some(rest));
    }
    let quoted = text.strip_prefix('=').unwrap_or(text);
    let digits = quoted.strip_prefix('+').unwrap_or(quoted);
    if quoted.len() < text.len() && digits.bytes().all(|b| b.is_ascii_digit() || b == b' ') {
        return Some(quoted);
    }
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    Some(inner)
}

/// The digits of `6591234567.0` and of `6.591234567E9`, when all of them are there.
fn spreadsheet_number(text: &str) -> Result<Option<String>, NumberProblem> {
    let (plus, text) = text.split_at(usize::from(text.starts_with('+')));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if let Some((mantissa, exponent)) = text.split_once(['E', 'e']) {
        let (whole, decimals) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
        let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
        let is_number = whole.len() == 1
            && are_digits(whole)
            && (are_digits(decimals) || decimals.is_empty())
            && are_digits(exponent);
        return match exponent.parse::<usize>() {
            Ok(exponent) if is_number => {
                let (kept, rest) =
                    decimals.split_at_checked(exponent).ok_or(NumberProblem::DigitsLost)?;
                let is_whole = rest.bytes().all(|b| b == b'0');
                if is_whole { Ok(Some(format!("{plus}{whole}{kept}"))) } else { Ok(None) }
            }
            _ => Ok(None),
        };
    }
    let Some((whole, decimals)) = text.rsplit_once(['.', ',']) else { return Ok(None) };
    let is_one = whole.len() >= 7
        && are_digits(whole)
        && (1..=2).contains(&decimals.len())
        && are_digits(decimals);
    // Something was reckoned with it.
    if is_one && decimals.bytes().any(|b| b != b'0') {
        return Err(NumberProblem::DigitsLost);
    }
    Ok(is_one.then(|| format!("{plus}{whole}")))
}

/// Where the number ends and an extension begins, as in `9123 4567 x12`.
fn without_extension(text: &str) -> Option<usize> {
    let digits_before = |at: usize| text[..at].bytes().filter(u8::is_ascii_digit).count();
    let (at, label, rest) = words(text)
        .map(|(at, word)| (at, word, &text[at + word.len()..]))
        .find(|(at, _, _)| digits_before(*at) >= FEWEST_BEFORE_EXTENSION)
        .or_else(|| text.find('#').map(|at| (at, "#", &text[at + 1..])))?;
    let is_label = label == "#" || EXTENSION_LABELS.contains(&label.to_lowercase().as_str());
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    let is_extension = is_label
        && (1..=MOST_EXTENSION).contains(&digits)
        && digits_before(at) >= FEWEST_BEFORE_EXTENSION
        && rest.chars().all(|c| c.is_ascii_digit() || " .:=#".contains(c));
    is_extension.then_some(at)
}

/// `text` without its letters, when all of them are labels.
fn without_labels(text: &str) -> Option<String> {
    let mut bare = text.to_owned();
    for (at, word) in words(text) {
        if !LABELS.contains(&word.to_lowercase().as_str()) {
            return None;
        }
        // As long as the word, so that the places of the others stay.
        bare.replace_range(at..at + word.len(), &" ".repeat(word.len()));
    }
    Some(bare)
}

/// The runs of letters in a text, and where each begins.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = text.as_ptr() as usize;
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - start, word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn digits(raw: &str) -> Result<(String, Vec<RepairKind>), NumberProblem> {
        clean(raw).map(|cleaned| {
            let digits = cleaned.digits.to_string();
            (digits, cleaned.repairs.into())
        })
    }

    #[test]
    fn a_spreadsheets_number_is_expanded_only_when_no_digit_is_missing() {
        for exact in ["6.591234567E9", "6.591234567E+09", "6,5912345670E9"] {
            let expected = ("6591234567".to_owned(), vec![RepairKind::SpreadsheetNumber]);
            assert_eq!(digits(exact), Ok(expected), "{exact}");
        }
        for lost in ["6.59E+09", "6,59E+09", "6E9", "6.59123456e9", "+6.59E+09", "91234567.5"] {
            assert_eq!(digits(lost), Err(NumberProblem::DigitsLost), "{lost}");
        }
        assert_eq!(digits("91234567.00").unwrap().0, "91234567");
        assert_eq!(digits("9123.45.67.00").unwrap().0, "9123456700", "no decimals");
    }

    #[test]
    fn what_stands_for_nothing_and_dates_are_told_apart() {
        for raw in ["", " ", "---", "–", "N/A", "#N/A", "NULL", "nan", "#REF!", "0", "'", "'=\"\""]
        {
            assert_eq!(digits(raw), Err(NumberProblem::Missing), "{raw}");
        }
        let dates = ["1965-01-01", "01/02/1965", "1.2.1965", "Jan-65", "1-Jan-65", "5-May"];
        for raw in dates.into_iter().chain([
            "1965-01-01 13:30",
            "1965-01-01T00:00:00",
            "7-11-1990",
            "1-1-1965",
        ]) {
            assert_eq!(digits(raw), Err(NumberProblem::Date), "{raw}");
        }
        for raw in ["9123-45-67", "2012-10-1234", "04-91-23-45-67", "1965-01-01 23"] {
            assert!(digits(raw).is_ok(), "{raw}");
        }
    }

    proptest! {
        #[test]
        fn the_short_way_leads_to_the_same(raw in r"\+?[0-9]{0,4}[0-9 -]{0,16}") {
            if let Some(cleaned) = plainly_written(&raw) {
                prop_assert_eq!(Ok(cleaned), clean_up(&raw));
            }
        }
    }

    #[test]
    fn labels_are_dropped_and_other_letters_are_not() {
        for raw in [
            "9123 4567 (mobile)",
            "HP: 91234567",
            "Tel. 9123-4567",
            "m 91234567",
            "WhatsApp:91234567",
        ] {
            assert_eq!(digits(raw), Ok(("91234567".to_owned(), vec![RepairKind::Label])), "{raw}");
        }
        for raw in ["9123 4567 (Anna)", "1-800-FLOWERS", "mobile9 and a", "Nr 5"] {
            assert_eq!(digits(raw), Err(NumberProblem::Letters), "{raw}");
        }
    }

    #[test]
    fn an_extension_is_dropped_and_a_number_is_not() {
        for raw in [
            "91234567x12",
            "9123 4567 ext. 12",
            "91234567#12",
            "9123 4567 EXT:12",
            "91234567 ext=12#",
        ] {
            assert_eq!(
                digits(raw),
                Ok(("91234567".to_owned(), vec![RepairKind::Extension])),
                "{raw}"
            );
        }
        assert_eq!(digits("x12"), Err(NumberProblem::Letters));
        assert_eq!(digits("91234567 x 92345678"), Err(NumberProblem::Letters));
        assert_eq!(digits("#91234567").unwrap(), ("91234567".to_owned(), vec![]));
    }
}
