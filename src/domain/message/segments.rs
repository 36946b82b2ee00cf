//! Segments: how a text is cut into the pieces that travel and are billed, "SMS parts" on screen.
//!
//! Greedy packing of code units: 160 septets or 70 UTF-16 units alone, 153 or 67 each when there are
//! more; an escape sequence and a surrogate pair are never split (3GPP TS 23.040 §9.2.3.24.1).

use crate::message::encoding::{Encoding, septets};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The most segments a message may have; 8x8 cuts a longer one short without a word
/// (8x8 "Send SMS API": "truncated to this limit and sent").
pub const MAX_SEGMENTS: u32 = 10;

/// What a text amounts to on the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segments {
    /// How it travels.
    pub encoding: Encoding,
    /// Septets in GSM-7, UTF-16 code units in UCS-2.
    pub units: u32,
    /// How many segments are sent and billed; an empty text is one.
    pub count: u32,
}

impl Segments {
    /// Counts `text` as it stands: no trimming, no normalisation.
    pub fn of(text: &str) -> Self {
        let (mut units, mut septet_units) = (0, Some(0));
        for c in text.chars() {
            units += c.len_utf16() as u32;
            septet_units = match (septet_units, septets(c)) {
                (Some(sum), Some(width)) => Some(sum + width),
                _ => None,
            };
        }
        let (encoding, units) = match septet_units {
            Some(septets) => (Encoding::Gsm7, septets),
            None => (Encoding::Ucs2, units),
        };
        let count =
            if units <= encoding.single() { 1 } else { cuts(text, encoding).count() as u32 + 1 };
        Self { encoding, units, count }
    }

    /// Units that still fit before the next segment begins. Narrow characters assumed.
    pub fn room(self) -> u32 {
        let capacity = if self.count == 1 {
            self.encoding.single()
        } else {
            self.count * self.encoding.concatenated()
        };
        capacity.saturating_sub(self.units)
    }

    /// Whether the message stays within [`MAX_SEGMENTS`].
    pub const fn fits(self) -> bool {
        self.count <= MAX_SEGMENTS
    }
}

/// Whether a text is so short that it [fits](Segments::fits) whatever is in it; to count it takes longer. No
/// text has more units than bytes, and no segment leaves more than one of them empty.
pub const fn surely_fits(text: &str) -> bool {
    text.len() <= (MAX_SEGMENTS * (Encoding::Ucs2.concatenated() - 1)) as usize
}

/// The byte range of each segment of `text`, in order; at least one, possibly empty.
pub fn split(text: &str) -> Vec<Range<usize>> {
    let Segments { encoding, count, .. } = Segments::of(text);
    let mut ranges = Vec::with_capacity(count as usize);
    let mut start = 0;
    if count > 1 {
        for cut in cuts(text, encoding) {
            ranges.push(start..cut);
            start = cut;
        }
    }
    ranges.push(start..text.len());
    ranges
}

/// Where each segment after the first begins, in bytes.
fn cuts(text: &str, encoding: Encoding) -> impl Iterator<Item = usize> {
    let mut used = 0;
    text.char_indices().filter_map(move |(at, c)| {
        let width = encoding.width(c);
        let starts_a_segment = used + width > encoding.concatenated();
        used = if starts_a_segment { width } else { used + width };
        starts_a_segment.then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_surely_fits_does() {
        for wide in ["a", "[", "é", "ж", "क", "😀", "a😀", "ж😀", "[€😀ж"] {
            // With what makes all of it UCS-2, and without.
            for first in ["", "क"] {
                let text: String = first.chars().chain(wide.chars().cycle()).take(700).collect();
                let ends = text.char_indices().map(|(at, _)| &text[..at]);
                let longest = ends.rev().find(|text| surely_fits(text)).unwrap();
                assert!(longest.len() > 600 && Segments::of(longest).fits(), "{longest}");
            }
        }
        assert!(!Segments::of(&format!("{}क", "a".repeat(670))).fits());
    }

    proptest! {
        /// The pieces are the text, none is over-full, and each was filled as far as possible.
        #[test]
        fn pieces_join_to_the_text_and_none_could_take_more(text in "[a-zé€\\[𝄞क\u{301}😀]{0,400}") {
            let counted = Segments::of(&text);
            let pieces = split(&text);
            prop_assert_eq!(pieces.len() as u32, counted.count);
            let joined: String = pieces.iter().map(|r| &text[r.clone()]).collect();
            prop_assert_eq!(&joined, &text);
            let width = |s: &str| s.chars().map(|c| counted.encoding.width(c)).sum::<u32>();
            let capacity = if counted.count == 1 { counted.encoding.single() } else { counted.encoding.concatenated() };
            for (i, piece) in pieces.iter().enumerate() {
                prop_assert!(width(&text[piece.clone()]) <= capacity);
                if let Some(next) = pieces.get(i + 1) {
                    let first = text[next.clone()].chars().next().map_or(0, |c| counted.encoding.width(c));
                    prop_assert!(width(&text[piece.clone()]) + first > capacity);
                }
            }
        }

        #[test]
        fn a_longer_text_never_has_fewer_segments(text in "\\PC{0,300}", more in "\\PC{1,40}") {
            let longer = format!("{text}{more}");
            prop_assert!(Segments::of(&text).count <= Segments::of(&longer).count);
        }
    }

    #[test]
    fn room_is_what_still_fits() {
        assert_eq!(Segments::of("").room(), 160);
        assert_eq!(Segments::of(&"a".repeat(160)).room(), 0);
        assert_eq!(Segments::of(&"a".repeat(161)).room(), 2 * 153 - 161);
        assert_eq!(Segments::of("ж").room(), 69);
    }
}
