//! The two alphabets an SMS can travel in, and what a character takes in each.
//!
//! Source: 3GPP TS 23.038 §6.2.1 (default alphabet and its extension table). 8x8 documents these two
//! alone (encoding `AUTO`, `GSM7`, `UCS2`), so national shift tables are not modelled.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How a text travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Encoding {
    /// The GSM 7-bit default alphabet with its extension table.
    #[serde(rename = "GSM7")]
    Gsm7,
    /// UCS-2, in practice UTF-16: everything else.
    #[serde(rename = "UCS2")]
    Ucs2,
}

impl Encoding {
    /// The one that `text` needs: GSM-7 when every character is in it.
    pub fn of(text: &str) -> Self {
        if text.chars().all(|c| septets(c).is_some()) { Self::Gsm7 } else { Self::Ucs2 }
    }

    /// What `c` takes in this encoding: septets, or UTF-16 code units.
    pub(crate) fn width(self, c: char) -> u32 {
        match self {
            Self::Gsm7 => septets(c).unwrap_or(1),
            Self::Ucs2 => c.len_utf16() as u32,
        }
    }

    /// What fits into a message of one segment.
    pub const fn single(self) -> u32 {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// What fits into each segment of a longer message (3GPP TS 23.040 §9.2.3.24.1, 8-bit reference).
    pub const fn concatenated(self) -> u32 {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    /// The name people know: `GSM-7` or `UCS-2`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        }
    }
}

/// The name as 8x8's API spells it: `GSM7` or `UCS2`.
impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gsm7 => "GSM7",
            Self::Ucs2 => "UCS2",
        })
    }
}

/// Septets that `c` takes in GSM-7: 1 in the default table, 2 in the extension, `None` outside.
pub const fn septets(c: char) -> Option<u32> {
    match c {
        '\u{0C}' | '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' => Some(2),
        '`' => None,
        '\n' | '\r' | ' '..='~' => Some(1),
        '£' | '¥' | 'è' | 'é' | 'ù' | 'ì' | 'ò' | 'Ç' | 'Ø' | 'ø' | 'Å' | 'å' | 'Δ' | 'Φ' | 'Γ'
        | 'Λ' | 'Ω' | 'Π' | 'Ψ' | 'Σ' | 'Θ' | 'Ξ' | 'Æ' | 'æ' | 'ß' | 'É' | '¤' | '¡' | '¿'
        | 'Ä' | 'Ö' | 'Ñ' | 'Ü' | '§' | 'ä' | 'ö' | 'ñ' | 'ü' | 'à' => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::septets;

    /// The whole table as collected from TS 23.038, and nothing beside it.
    #[test]
    fn septets_are_those_of_the_published_table_for_every_character_there_is() {
        let table: std::collections::HashMap<char, u32> =
            include_str!("../data/gsm7_table.csv").lines().skip(1).filter_map(row).collect();
        assert_eq!(table.len(), 137);
        for c in (0..=0x10_FFFF).filter_map(char::from_u32) {
            assert_eq!(septets(c), table.get(&c).copied(), "U+{:04X}", u32::from(c));
        }
    }

    /// `septet,ext,codepoint,char` -> the character and its septets; ESC is no character.
    fn row(line: &str) -> Option<(char, u32)> {
        let mut cells = line.split(',');
        let (_septet, ext, code) = (cells.next()?, cells.next()?, cells.next()?);
        let c = char::from_u32(u32::from_str_radix(code.strip_prefix("U+")?, 16).ok()?)?;
        Some((c, if ext == "1" { 2 } else { 1 }))
    }
}
