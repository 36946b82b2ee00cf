//! What recipients are read from, and what the user chose about it.

use crate::recipients::RepairKind;
use crate::recipients::phone::Country;
use serde::{Deserialize, Serialize};

/// What there is to read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Numbers as they were typed.
    pub numbers: String,
    /// Lists that were pasted, too long to stand among what is typed. They are read after it.
    #[serde(default)]
    pub pasted: Vec<String>,
    /// Where numbers without a country code are from.
    pub country: Option<Country>,
    /// Whether a number that is there twice gets two messages.
    pub include_duplicates: bool,
    /// Repairs that are not wanted.
    pub undone: Vec<RepairKind>,
    /// Rejected rows that were corrected by hand.
    pub corrections: Vec<Correction>,
}

/// One thing that was chosen about how a file is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// The [`Choice::id`](crate::worker_protocol::Choice::id).
    pub id: String,
    /// The value, one of its options or the user's own word.
    pub value: String,
}

/// A rejected row, corrected by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Which file; 0 for what was typed.
    pub source: u32,
    /// Which row of it, from 1.
    pub row: u32,
    /// As it was written.
    pub before: String,
    /// What to read instead.
    pub after: String,
}
