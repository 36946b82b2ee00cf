//! Typographic characters that turn a whole message into UCS-2, and what to write instead.
//!
//! Only look-alikes are replaced, one by one and never silently: quotes, dashes, dots and spaces that
//! word processors put in by themselves. Letters with accents are left alone; they carry meaning.

use crate::digits::plural;
use crate::message::encoding::{Encoding, septets};
use crate::message::segments::Segments;
use std::fmt;

/// The GSM-7 spelling of a typographic character.
const fn look_alike(c: char) -> Option<&'static str> {
    Some(match c {
        '‘' | '’' | '‚' | '‛' | '′' | '´' | 'ʼ' | '`' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "-",
        '…' => "...",
        '•' | '·' => "-",
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' | '\t' => " ",
        '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' => "",
        _ => return None,
    })
}

/// A cheaper spelling of a message that looks the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The characters that make it dearer, each once.
    pub characters: Vec<char>,
    /// The message with all of them replaced.
    pub replaced: String,
    /// Segments as it is, and with them replaced.
    pub segments: (u32, u32),
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.characters.len() as u64;
        let named: Vec<String> = self.characters.iter().map(|c| shown(*c)).collect();
        let (before, after) = self.segments;
        write!(
            f,
            "{n} {} {} this {before} SMS {} instead of {after}: {}",
            plural(n, "character", "characters"),
            plural(n, "makes", "make"),
            plural(u64::from(before), "part", "parts"),
            named.join(" "),
        )
    }
}

fn shown(c: char) -> String {
    if c.is_whitespace() || look_alike(c) == Some("") {
        format!("U+{:04X}", u32::from(c))
    } else {
        c.to_string()
    }
}

/// What to replace, when that alone brings the message back to GSM-7 with fewer segments.
pub fn advice(text: &str) -> Option<Advice> {
    let before = Segments::of(text);
    if before.encoding == Encoding::Gsm7 {
        return None;
    }
    let mut characters = Vec::new();
    let mut replaced = String::with_capacity(text.len());
    for c in text.chars() {
        match look_alike(c) {
            Some(plain) if septets(c).is_none() => {
                replaced.push_str(plain);
                if !characters.contains(&c) {
                    characters.push(c);
                }
            }
            _ => replaced.push(c),
        }
    }
    let after = Segments::of(&replaced);
    let helps = after.encoding == Encoding::Gsm7 && after.count < before.count;
    helps.then_some(Advice { characters, replaced, segments: (before.count, after.count) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_curly_quote_that_costs_a_part_is_named() {
        let text = format!("It’s {}", "a".repeat(70));
        let advice = advice(&text).unwrap();
        assert_eq!(advice.to_string(), "1 character makes this 2 SMS parts instead of 1: ’");
        assert!(advice.replaced.starts_with("It's aaa"));
    }

    #[test]
    fn nothing_is_said_where_nothing_is_saved() {
        assert_eq!(advice("It’s"), None);
        assert_eq!(advice(&"a".repeat(200)), None);
        assert_eq!(advice(&format!("ж’{}", "a".repeat(100))), None);
    }

    #[test]
    fn look_alikes_are_in_gsm_7() {
        for c in (0..0x1_0000).filter_map(char::from_u32) {
            if let Some(plain) = look_alike(c) {
                assert_eq!(Encoding::of(plain), Encoding::Gsm7, "{c:?}");
                assert_eq!(septets(c), None, "{c:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn advice_always_saves(text in "[a’–… ж]{0,200}") {
            if let Some(advice) = advice(&text) {
                prop_assert!(advice.segments.1 < advice.segments.0);
                prop_assert_eq!(Segments::of(&advice.replaced).count, advice.segments.1);
            }
        }
    }
}
