//! From the digits of a text to a number: libphonenumber's `parse`.

use crate::number::{
    Digits, FEWEST_DIGITS, MOST_DIGITS, MOST_EXTENSION_DIGITS, NotParsed, Number, Possible, Region,
    possible,
};
use crate::prefix::Work;
use crate::tables::{Code, Tables, tables};
use crate::{tables, text};

/// Reads a number from a text as libphonenumber does. `home` is the region of numbers that have no
/// country code.
///
/// Never takes longer than a constant, and allocates nothing.
///
/// # Errors
/// Why there is none, by libphonenumber's reasons.
pub fn parse(text: &str, home: Option<Region>) -> Result<Number, NotParsed> {
    let tables = tables();
    let candidate = text::candidate(tables, text)?;
    let home = home.map(Region::entry);
    resolve(tables, candidate.plus, &candidate.digits, home, candidate.extension)
}

/// Reads a number from its digits, each 0 to 9: with the country code when `plus`, else as they are
/// dialled at `home`.
///
/// # Errors
/// As [`parse`].
pub fn parse_digits(plus: bool, digits: &[u8], home: Option<Region>) -> Result<Number, NotParsed> {
    let digits = Work::first_of(digits);
    resolve(tables(), plus, &digits, home.map(Region::entry), Digits::new())
}

fn resolve(
    tables: &Tables,
    plus: bool,
    digits: &Work,
    home: Option<&tables::Region>,
    extension: Digits<MOST_EXTENSION_DIGITS>,
) -> Result<Number, NotParsed> {
    let local = || without_plus(tables, digits, home);
    let international = if plus {
        match with_code(tables, digits.as_slice()) {
            // What is behind the plus may still be as it is dialled at home: +0065…
            Err(NotParsed::InvalidCountryCode) => {
                Some(local()?.ok_or(NotParsed::InvalidCountryCode)?)
            }
            found => Some(found?),
        }
    } else if home.is_none() {
        return Err(NotParsed::InvalidCountryCode);
    } else {
        local()?
    };
    let (code, region, national) = match (international, home) {
        (Some((code, national)), _) => (code, Region(code.main).entry(), national),
        (None, Some(home)) => {
            (tables.code_at(home.code).ok_or(NotParsed::InvalidCountryCode)?, home, *digits)
        }
        (None, None) => return Err(NotParsed::InvalidCountryCode),
    };
    if national.as_slice().len() < FEWEST_DIGITS {
        return Err(NotParsed::TooShortNsn);
    }
    // What is left without the prefix must be long enough, or it was none.
    let stripped = tables.strip_national_prefix(region, &national).filter(|stripped| {
        matches!(possible(region, stripped.as_slice().len()), Possible::Yes | Possible::TooLong)
    });
    let national = stripped.unwrap_or(national);
    let digits = national.as_slice();
    if digits.len() < FEWEST_DIGITS {
        return Err(NotParsed::TooShortNsn);
    }
    let national = Digits::<MOST_DIGITS>::from_slice(digits).ok_or(NotParsed::TooLong)?;
    let state = tables.walk(code.root, digits);
    let index = Region(code.main).entry().code;
    Ok(Number { code: index, state, national, extension })
}

type CodeAndRest<'a> = (&'a Code, Work);

/// The country code that `digits` begin with, and the rest.
fn with_code<'a>(tables: &'a Tables, digits: &[u8]) -> Result<CodeAndRest<'a>, NotParsed> {
    if digits.len() <= FEWEST_DIGITS {
        return Err(NotParsed::TooShortAfterIdd);
    }
    let (code, length) = tables.code_of(digits).ok_or(NotParsed::InvalidCountryCode)?;
    Ok((code, rest(digits, length)))
}

/// The country code of digits that do not begin with a plus, when they have one, and the rest: they
/// may begin with `home`'s international prefix, or with `home`'s code. The rest of
/// `maybeExtractCountryCode`.
fn without_plus<'a>(
    tables: &'a Tables,
    digits: &Work,
    home: Option<&tables::Region>,
) -> Result<Option<CodeAndRest<'a>>, NotParsed> {
    let Some(home) = home else { return Ok(None) };
    let all = digits.as_slice();
    if let Some(rest) = tables.strip_idd(home, all) {
        return with_code(tables, rest).map(Some);
    }
    let Some(code) = tables.code_at(home.code) else { return Ok(None) };
    let Some(length) = begins_with_code(all, code.number) else { return Ok(None) };
    let without = rest(all, length);
    let without = tables.strip_national_prefix(home, &without).unwrap_or(without);
    let better = !tables.is_general(home, all) && tables.is_general(home, without.as_slice())
        || possible(home, all.len()) == Possible::TooLong;
    Ok(better.then_some((code, without)))
}

/// How many digits the code has, when `digits` begin with it.
fn begins_with_code(digits: &[u8], code: u16) -> Option<usize> {
    let length = match code {
        0..10 => 1,
        10..100 => 2,
        _ => 3,
    };
    let begin = digits.get(..length)?;
    let number = begin.iter().fold(0, |number, digit| number * 10 + u16::from(*digit));
    (number == code).then_some(length)
}

fn rest(digits: &[u8], start: usize) -> Work {
    Work::first_of(digits.get(start..).unwrap_or_default())
}
