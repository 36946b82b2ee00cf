//! What a list of recipients adds up to, and how it travels to the server.

pub mod entries;
pub mod input;
pub mod phone;

use crate::recipients::phone::{Country, E164};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most recipients one campaign takes.
pub const MAX_RECIPIENTS: u32 = 1_000_000;
/// Recipients in one chunk of an upload; every chunk but the last is full.
pub const CHUNK_SIZE: u32 = 5_000;

/// How many chunks a campaign of so many recipients comes in.
pub fn chunks(recipients: u32) -> u32 {
    recipients.div_ceil(CHUNK_SIZE)
}

/// How many recipients are in chunk `number`, from 0, of a campaign that has `recipients`; `None`
/// when there is no such chunk.
pub fn chunk_len(recipients: u32, number: u32) -> Option<u32> {
    let before = number.checked_mul(CHUNK_SIZE)?;
    recipients.checked_sub(before).filter(|left| *left > 0).map(|left| left.min(CHUNK_SIZE))
}

/// What came of processing the contacts. The counts add up:
/// `total = valid + unable + duplicates left out`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Numbers found.
    pub total: u32,
    /// Numbers that will get the message, included duplicates among them.
    pub valid: u32,
    /// Numbers that cannot.
    pub unable: u32,
    /// Numbers that were there before.
    pub duplicates: u32,
    /// Whether the duplicates are among the valid.
    pub duplicates_included: bool,
    /// Numbers that were read differently from how they were written.
    pub repaired: u32,
    /// Valid numbers that may not be able to get an SMS.
    pub doubtful: u32,
    /// Valid numbers by country, most first.
    pub destinations: Vec<Destination>,
    /// The fields every recipient has, for the message.
    pub fields: Vec<String>,
}

impl Summary {
    /// Whether every number found is accounted for.
    pub fn adds_up(&self) -> bool {
        let left_out = if self.duplicates_included { 0 } else { self.duplicates };
        let by_country: u32 = self.destinations.iter().map(|d| d.recipients).sum();
        self.total == self.valid + self.unable + left_out && by_country == self.valid
    }
}

/// How many recipients a country has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// The country, when the number tells.
    pub country: Option<Country>,
    /// Recipients there.
    pub recipients: u32,
}

/// What was done to read a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairKind {
    /// `0065…` became `+65…`.
    InternationalPrefix,
    /// `6591234567` became `+6591234567`.
    MissingPlus,
    /// `6591234567.0` became `+6591234567`.
    SpreadsheetNumber,
    /// A quote or `=` that forced text in a spreadsheet was dropped.
    TextMarker,
    /// Zero-width and direction marks were dropped.
    HiddenCharacters,
    /// `+44 (0)7400…` became `+447400…`.
    TrunkZero,
    /// `+07400…` became `07400…`, and was read as it is dialled at home.
    WrongPlus,
    /// `9123 4567 (mobile)` became `9123 4567`.
    Label,
    /// `9123 4567 ext. 12` became `9123 4567`: no SMS gets to an extension.
    Extension,
    /// `9123 4567 / 9234 5678` in one cell became `9123 4567`.
    FirstOfSeveral,
}

impl RepairKind {
    /// All of them, in the order in which a table of repairs has them.
    pub const ALL: [Self; 10] = [
        Self::InternationalPrefix,
        Self::MissingPlus,
        Self::SpreadsheetNumber,
        Self::TextMarker,
        Self::HiddenCharacters,
        Self::TrunkZero,
        Self::WrongPlus,
        Self::Label,
        Self::Extension,
        Self::FirstOfSeveral,
    ];

    /// What was done, for a table of repairs.
    pub const fn label(self) -> &'static str {
        match self {
            Self::InternationalPrefix => "00 prefix to +",
            Self::MissingPlus => "Missing + added",
            Self::SpreadsheetNumber => "Digits saved as a number",
            Self::TextMarker => "Spreadsheet text mark removed",
            Self::HiddenCharacters => "Hidden characters removed",
            Self::TrunkZero => "(0) after the country code removed",
            Self::WrongPlus => "+ before a local number removed",
            Self::Label => "Words beside the number removed",
            Self::Extension => "Extension removed",
            Self::FirstOfSeveral => "First of several numbers taken",
        }
    }
}

/// Everything that was done to read a number, each kind once; a list in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<RepairKind>", into = "Vec<RepairKind>")]
pub struct Repairs(u16);

impl Repairs {
    /// These and another.
    #[must_use]
    pub const fn with(self, kind: RepairKind) -> Self {
        Self(self.0 | 1 << kind as u16)
    }

    /// Whether this was done.
    pub const fn contains(self, kind: RepairKind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }

    /// Whether nothing was done.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<RepairKind> for Repairs {
    fn from_iter<I: IntoIterator<Item = RepairKind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::default(), Self::with)
    }
}

impl From<Vec<RepairKind>> for Repairs {
    fn from(kinds: Vec<RepairKind>) -> Self {
        kinds.into_iter().collect()
    }
}

impl From<Repairs> for Vec<RepairKind> {
    fn from(repairs: Repairs) -> Self {
        RepairKind::ALL.into_iter().filter(|kind| repairs.contains(*kind)).collect()
    }
}

/// Up to [`CHUNK_SIZE`] recipients on their way to the server, in columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chunk {
    /// The numbers.
    pub to: Vec<E164>,
    /// The value of each field for each of them, as far as there are any beside the number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Vec<String>>,
}

impl Chunk {
    /// Whether every column is as long as the numbers, and those are 1 to [`CHUNK_SIZE`].
    pub fn is_well_formed(&self) -> bool {
        let len = self.to.len();
        (1..=CHUNK_SIZE as usize).contains(&len) && self.fields.values().all(|c| c.len() == len)
    }

    /// The value of `field` for recipient `i`, but for the number itself.
    pub fn value(&self, field: &str, i: usize) -> Option<&str> {
        let column = self.fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(field))?.1;
        column.get(i).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chunk_is_full_but_the_last() {
        assert_eq!(chunk_len(10_001, 0), Some(5_000));
        assert_eq!(chunk_len(10_001, 2), Some(1));
        assert_eq!(chunk_len(10_001, 3), None);
        assert_eq!(chunk_len(10_000, 1), Some(5_000));
        assert_eq!(chunk_len(10_000, 2), None);
        assert_eq!(chunk_len(1, u32::MAX), None);
    }
}
