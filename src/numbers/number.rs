//! A number as libphonenumber understands it, and what it says about it.
//!
//! The names are libphonenumber's: `PhoneNumber`, `PhoneNumberType`, `ValidationResult`,
//! `NumberParseException`.

use crate::state::State;
use crate::tables::{self, NO_REGION, Tables, tables};
use domain::recipients::phone::Country;
use std::fmt;
use thiserror::Error;

/// The most digits that a national number has: `MAX_LENGTH_FOR_NSN`.
pub const MOST_DIGITS: usize = 17;
/// The fewest: `MIN_LENGTH_FOR_NSN`.
pub const FEWEST_DIGITS: usize = 2;
/// The most digits that an extension has.
pub const MOST_EXTENSION_DIGITS: usize = 20;

/// A country, a territory, or `001` for the numbers that belong to none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Region(pub(crate) u8);

impl Region {
    /// The region with this code, two capital letters. Those that belong to no country are not
    /// found: no number is dialled in them.
    pub fn find(code: &str) -> Option<Self> {
        let letters: [u8; 2] = code.as_bytes().try_into().ok()?;
        tables().region(letters).map(Self)
    }

    /// The region that is this country.
    pub fn of(country: Country) -> Option<Self> {
        tables().region(country.letters()).map(Self)
    }

    /// The country that it is, unless it belongs to none.
    pub fn country(self) -> Option<Country> {
        Country::from_letters(self.entry().id)
    }

    /// The code: `SG`, or `001`.
    pub fn code(self) -> &'static str {
        match &self.entry().id {
            b"00" => "001",
            id => std::str::from_utf8(id).unwrap_or_default(),
        }
    }

    /// The code that its numbers begin with: 65 for Singapore.
    pub fn dialing_code(self) -> u16 {
        tables().code_at(self.entry().code).map_or(0, |code| code.number)
    }

    /// All regions that belong to a country.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..tables().regions.len() as u8).map(Self).filter(|region| region.code() != "001")
    }

    pub(crate) fn entry(self) -> &'static tables::Region {
        static NOWHERE: tables::Region = tables::Region {
            id: *b"00",
            code: 0,
            slot: 0,
            lengths: 0,
            lengths_local_only: 0,
            idd: 0,
            idd_first: 0,
            prefix: 0,
            prefix_first: 0,
            rule: ("", 0),
            extension: "",
            formats: (0, 0),
            intl_formats: (0, 0),
        };
        tables().regions.get(usize::from(self.0)).unwrap_or(&NOWHERE)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What kind of number it is: `PhoneNumberType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A landline.
    FixedLine,
    /// A mobile.
    Mobile,
    /// One of the two: the number does not tell, as in the United States.
    FixedLineOrMobile,
    /// Free for the caller.
    TollFree,
    /// Dear for the caller.
    PremiumRate,
    /// Paid by both.
    SharedCost,
    /// Over the internet.
    Voip,
    /// Follows its owner.
    PersonalNumber,
    /// A pager.
    Pager,
    /// A company's number for all its places.
    Uan,
    /// An answering machine.
    Voicemail,
    /// Not valid.
    Unknown,
}

impl Kind {
    fn from_table(kind: u8) -> Self {
        const ALL: [Kind; 11] = [
            Kind::FixedLine,
            Kind::Mobile,
            Kind::FixedLineOrMobile,
            Kind::TollFree,
            Kind::PremiumRate,
            Kind::SharedCost,
            Kind::Voip,
            Kind::PersonalNumber,
            Kind::Pager,
            Kind::Uan,
            Kind::Voicemail,
        ];
        ALL.get(usize::from(kind)).copied().unwrap_or(Self::Unknown)
    }

    /// libphonenumber's name of it: `FIXED_LINE_OR_MOBILE`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FixedLine => "FIXED_LINE",
            Self::Mobile => "MOBILE",
            Self::FixedLineOrMobile => "FIXED_LINE_OR_MOBILE",
            Self::TollFree => "TOLL_FREE",
            Self::PremiumRate => "PREMIUM_RATE",
            Self::SharedCost => "SHARED_COST",
            Self::Voip => "VOIP",
            Self::PersonalNumber => "PERSONAL_NUMBER",
            Self::Pager => "PAGER",
            Self::Uan => "UAN",
            Self::Voicemail => "VOICEMAIL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// Whether there can be such a number, by its length: `ValidationResult`. libphonenumber's
/// `INVALID_COUNTRY_CODE` is missing, since a [`Number`] cannot have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Possible {
    /// There can.
    Yes,
    /// Within an area, without its code.
    LocalOnly,
    /// All numbers of the country are longer.
    TooShort,
    /// It is between two lengths that numbers of the country have.
    InvalidLength,
    /// All numbers of the country are shorter.
    TooLong,
}

impl Possible {
    /// libphonenumber's name of it: `IS_POSSIBLE`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "IS_POSSIBLE",
            Self::LocalOnly => "IS_POSSIBLE_LOCAL_ONLY",
            Self::TooShort => "TOO_SHORT",
            Self::InvalidLength => "INVALID_LENGTH",
            Self::TooLong => "TOO_LONG",
        }
    }
}

/// Why a text is not a number: `NumberParseException.ErrorType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
pub enum NotParsed {
    /// Nothing in it looks like a number.
    #[error("it does not look like a number")]
    NotANumber,
    /// No such country code, or none and no region to take it from.
    #[error("it has no country code, or one that does not exist")]
    InvalidCountryCode,
    /// There is hardly anything behind the international prefix.
    #[error("it is too short after the international prefix")]
    TooShortAfterIdd,
    /// There are fewer than two digits.
    #[error("it is too short")]
    TooShortNsn,
    /// There are more than 17 digits, or more than 250 characters in the text.
    #[error("it is too long")]
    TooLong,
}

impl NotParsed {
    /// libphonenumber's name of it: `NOT_A_NUMBER`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotANumber => "NOT_A_NUMBER",
            Self::InvalidCountryCode => "INVALID_COUNTRY_CODE",
            Self::TooShortAfterIdd => "TOO_SHORT_AFTER_IDD",
            Self::TooShortNsn => "TOO_SHORT_NSN",
            Self::TooLong => "TOO_LONG",
        }
    }
}

/// A few digits, each 0 to 9.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digits<const MOST: usize> {
    digits: [u8; MOST],
    len: u8,
}

impl<const MOST: usize> Digits<MOST> {
    /// None.
    pub const fn new() -> Self {
        Self { digits: [0; MOST], len: 0 }
    }

    /// These; `None` when they are too many.
    #[inline]
    pub fn from_slice(digits: &[u8]) -> Option<Self> {
        (digits.len() <= MOST).then(|| Self::first_of(digits))
    }

    /// The first of these, as many as there is place for.
    #[inline]
    pub fn first_of(digits: &[u8]) -> Self {
        // One by one: copying memory is a call in a browser, and longer than these few steps.
        let digit = |at| digits.get(at).copied().unwrap_or_default();
        Self { digits: std::array::from_fn(digit), len: digits.len().min(MOST) as u8 }
    }

    /// Adds these, as many as there is place for.
    #[inline]
    pub fn extend(&mut self, digits: &[u8]) {
        let place = self.digits.get_mut(usize::from(self.len)..).unwrap_or_default();
        let count = digits.len().min(place.len());
        if let (Some(place), Some(digits)) = (place.get_mut(..count), digits.get(..count)) {
            place.copy_from_slice(digits);
            self.len += count as u8;
        }
    }

    /// Adds one, unless it is full.
    #[inline]
    pub fn push(&mut self, digit: u8) {
        if let Some(place) = self.digits.get_mut(usize::from(self.len)) {
            *place = digit;
            self.len += 1;
        }
    }

    /// All of them.
    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        self.digits.get(..usize::from(self.len)).unwrap_or_default()
    }
}

impl<const MOST: usize> Default for Digits<MOST> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const MOST: usize> fmt::Display for Digits<MOST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().iter().try_for_each(|digit| write!(f, "{digit}"))
    }
}

impl<const MOST: usize> fmt::Debug for Digits<MOST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A number: `PhoneNumber`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Number {
    /// The index of the country code.
    pub(crate) code: u8,
    /// The state that the national number leads to.
    pub(crate) state: State,
    /// 2 to 17 digits, leading zeros among them: libphonenumber's national significant number.
    pub(crate) national: Digits<MOST_DIGITS>,
    /// 20 digits at most.
    pub(crate) extension: Digits<MOST_EXTENSION_DIGITS>,
}

impl Number {
    /// The country code: 65.
    pub fn country_code(&self) -> u16 {
        self.code().number
    }

    /// The digits after the country code, each 0 to 9: `getNationalSignificantNumber`.
    pub fn national_digits(&self) -> &[u8] {
        self.national.as_slice()
    }

    /// The digits of the extension, each 0 to 9, of whatever script they were. Mostly there are none.
    pub fn extension(&self) -> &[u8] {
        self.extension.as_slice()
    }

    /// The country code and the digits after it as one number, which is E.164 without the plus;
    /// `None` when the national number has more than 16, which is not E.164 any more.
    pub fn digits(&self) -> Option<u64> {
        let start = u64::from(self.country_code());
        let national = self.national_digits();
        // 1000 * 10^16 fits.
        (national.len() <= 16)
            .then(|| national.iter().fold(start, |all, digit| all * 10 + u64::from(*digit)))
    }

    /// Whether there can be such a number, by its length: `isPossibleNumberWithReason`.
    pub fn possible(&self) -> Possible {
        possible(self.main_region(), self.national_digits().len())
    }

    /// Whether such a number is in use: `isValidNumber`.
    pub fn is_valid(&self) -> bool {
        self.kind() != Kind::Unknown
    }

    /// What kind of number it is: `getNumberType`.
    pub fn kind(&self) -> Kind {
        Kind::from_table(tables().verdict(self.state).kind)
    }

    /// The region it belongs to, if that can be told: `getRegionCodeForNumber`.
    pub fn region(&self) -> Option<Region> {
        let region = tables().verdict(self.state).region;
        (region != NO_REGION).then(|| Region(self.code().main + region))
    }

    pub(crate) fn code(&self) -> tables::Code {
        tables().code_at(self.code).copied().unwrap_or_default()
    }

    /// The region whose rules hold for all numbers of the country code.
    pub(crate) fn main_region(&self) -> &'static tables::Region {
        Region(self.code().main).entry()
    }
}

/// E.164: `+6591234567`.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}{}", self.country_code(), self.national)
    }
}

/// Whether a region's numbers can have so many digits: `testNumberLength`.
pub(crate) fn possible(region: &tables::Region, digits: usize) -> Possible {
    let bit = u32::try_from(digits).ok().and_then(|digits| 1_u32.checked_shl(digits)).unwrap_or(0);
    if region.lengths_local_only & bit != 0 {
        return Possible::LocalOnly;
    }
    if region.lengths & bit != 0 {
        return Possible::Yes;
    }
    if bit == 0 || region.lengths < bit {
        return Possible::TooLong;
    }
    // Some of the lengths are greater; whether all of them are decides.
    if region.lengths & (bit - 1) == 0 { Possible::TooShort } else { Possible::InvalidLength }
}

impl Tables {
    /// Whether `digits` match the general pattern of a region.
    pub(crate) fn is_general(&self, region: &tables::Region, digits: &[u8]) -> bool {
        let root = self.code_at(region.code).map_or(0, |code| code.root);
        let state = self.walk(root, digits);
        self.verdict(state).general >> region.slot & 1 == 1
    }
}
