//! Our own reference of a message, as the provider gives it back in answers, receipts and exports:
//! `{campaign}.{seq}.{attempt}`.
//!
//! It holds all that is needed to find the message, so that no table of references is kept, and the
//! attempt, so that news of an earlier try are not taken for news of a later one. At most 50
//! characters, which is what 8x8 takes as `clientMessageId`.

use std::fmt;
use std::str::FromStr;
use thiserror::Error;
use uuid::Uuid;

/// A message, and which try of sending it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The campaign.
    pub campaign: Uuid,
    /// The message's place in it.
    pub seq: u32,
    /// The try, from 1.
    pub attempt: u32,
}

/// A text that none of our messages has as its reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a reference of ours")]
pub struct NotOurs;

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.campaign.as_hyphenated(), self.seq, self.attempt)
    }
}

impl FromStr for Reference {
    type Err = NotOurs;
    fn from_str(text: &str) -> Result<Self, NotOurs> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(NotOurs);
        let campaign = Uuid::try_parse(part()?).map_err(|_| NotOurs)?;
        let seq = part()?.parse().map_err(|_| NotOurs)?;
        let attempt = part()?.parse().map_err(|_| NotOurs)?;
        Ok(Self { campaign, seq, attempt })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_reference_fits_and_reads_back() {
        let reference = Reference { campaign: Uuid::max(), seq: 999_999, attempt: 999_999 };
        let text = reference.to_string();
        assert_eq!(text.len(), 50);
        assert_eq!(text.parse(), Ok(reference));
    }

    #[test]
    fn other_peoples_references_are_told_apart() {
        for text in ["", "order-17", "1.2.3", "ffffffff-ffff-ffff-ffff-ffffffffffff.1"] {
            assert_eq!(text.parse::<Reference>(), Err(NotOurs), "{text}");
        }
    }
}
