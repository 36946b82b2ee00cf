//! Phone numbers as the rest of the product knows them: E.164, with a country. How a raw cell
//! becomes one is the business of the `numbers` crate.

use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// An international number: 7 to 15 digits, not starting with 0.
///
/// Inside both E.164 and 8x8's pattern for destinations, `^\+{0,1}[1-9]{1}[0-9]{6,14}$`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct E164(u64);

/// A text that is no E.164 number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not an international number: expected + and 7 to 15 digits")]
pub struct NotE164;

impl E164 {
    /// Reads `+` and digits, or digits alone.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, NotE164> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        let well_formed = (7..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0');
        if !well_formed {
            return Err(NotE164);
        }
        digits.parse().map(Self).map_err(|_| NotE164)
    }

    /// The number made of these digits, if it is one.
    pub fn from_digits(digits: u64) -> Option<Self> {
        (1_000_000..1_000_000_000_000_000).contains(&digits).then_some(Self(digits))
    }

    /// The digits, as a number: 6591234567.
    pub const fn digits(self) -> u64 {
        self.0
    }
}

impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

impl TryFrom<String> for E164 {
    type Error = NotE164;
    fn try_from(text: String) -> Result<Self, NotE164> {
        Self::parse(&text)
    }
}

impl From<E164> for String {
    fn from(number: E164) -> Self {
        number.to_string()
    }
}

/// A country or territory by its ISO 3166-1 alpha-2 code, such as `SG`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

/// A text that is no country code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a country code: expected two letters such as SG")]
pub struct NotACountry;

impl Country {
    /// Two letters, in any case. Whether such a country exists is not checked.
    pub fn parse(text: &str) -> Option<Self> {
        match text.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Some(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }

    /// The country with this code, two capital letters.
    pub const fn from_letters([a, b]: [u8; 2]) -> Option<Self> {
        if a.is_ascii_uppercase() && b.is_ascii_uppercase() { Some(Self([a, b])) } else { None }
    }

    /// The letters of its code.
    pub const fn letters(self) -> [u8; 2] {
        self.0
    }

    /// The code: `SG`.
    pub fn code(&self) -> &str {
        // Two ASCII letters by construction.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Country {
    type Error = NotACountry;
    fn try_from(text: String) -> Result<Self, NotACountry> {
        Self::parse(&text).ok_or(NotACountry)
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.code().to_owned()
    }
}

/// Why a raw number cannot get a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum NumberProblem {
    /// An empty cell, `NULL`, `#N/A` and the like.
    #[error("the number is missing")]
    Missing,
    /// No digits in it.
    #[error("there is no number in it")]
    NotANumber,
    /// `1965-01-01`.
    #[error("it is a date; format the column as text in the spreadsheet and type it again")]
    Date,
    /// A national number and no country to read it in.
    #[error("it has no country code: start it with + or choose a country for local numbers")]
    NeedsCountry,
    /// `+` and digits that no country begins with.
    #[error("no country has this country code")]
    UnknownCountryCode,
    /// Fewer digits than any number there.
    #[error("it is too short")]
    TooShort,
    /// More digits than any number there.
    #[error("it is too long")]
    TooLong,
    /// Between two lengths that numbers there have.
    #[error("numbers of its country have more or fewer digits")]
    WrongLength,
    /// Letters among the digits.
    #[error("it has letters in it")]
    Letters,
    /// `6.59E+09`: the digits are gone for good.
    #[error("a spreadsheet has shortened it; format the column as text and copy it again")]
    DigitsLost,
    /// `9123 4567 or 9234 5678`.
    #[error("there is more than one number in it")]
    Several,
    /// It can be read only with a repair that is not wanted.
    #[error("it is not written as a number, and it was asked not to repair it")]
    NotRepaired,
    /// Calling or texting it costs the owner's price; a common fraud.
    #[error("it is a premium-rate number")]
    Premium,
}

/// What is doubtful about a number that may be sent to all the same.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Error,
)]
#[serde(rename_all = "snake_case")]
pub enum NumberDoubt {
    /// As long as numbers there are, in a range that is not known to be in use. Ranges are added
    /// faster than tables are updated, so it is not refused.
    #[error("no number of its country is known to begin like this")]
    UnknownRange,
    /// It has no plus and is a number at home, and with a plus it would be a mobile elsewhere.
    #[error("it may be a number of another country; start it with + to be sure")]
    Ambiguous,
    /// A landline.
    #[error("it looks like a landline")]
    Landline,
    /// Toll-free, shared-cost, a pager and the like.
    #[error("it looks like a service number, not a mobile")]
    Service,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn seven_to_fifteen_digits_not_starting_with_zero() {
        assert_eq!(E164::parse("+6591234567").unwrap().to_string(), "+6591234567");
        assert_eq!(E164::parse("6591234567").unwrap().digits(), 6_591_234_567);
        for wrong in
            ["", "+", "+123456", "+1234567890123456", "+0123456789", "+65 9123", "++6591234567"]
        {
            assert_eq!(E164::parse(wrong), Err(NotE164), "{wrong}");
        }
        assert_eq!(E164::from_digits(999_999), None);
    }

    #[test]
    fn country_codes_are_two_letters() {
        assert_eq!(Country::parse("sg").unwrap().code(), "SG");
        assert_eq!(Country::parse("s"), None);
        assert_eq!(Country::parse("6G"), None);
    }

    proptest! {
        #[test]
        fn digits_and_text_are_the_same_number(digits in 1_000_000_u64..1_000_000_000_000_000) {
            let number = E164::from_digits(digits).unwrap();
            prop_assert_eq!(E164::parse(&number.to_string()), Ok(number));
        }
    }
}
