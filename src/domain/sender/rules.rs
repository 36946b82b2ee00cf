//! What each country makes of a Sender ID: hints, never blocks.
//!
//! The table (`data/sender_ids.csv`, gathered November 2026) weighs the published rules of AWS End User
//! Messaging, Vonage, Telnyx, Bird and GOV.UK Notify against each other. They change monthly and
//! routes differ, so nothing here refuses a message.

use crate::recipients::phone::Country;
use crate::sender::id::{SenderId, SenderKind};
use serde::{Deserialize, Serialize};

/// One country's stance, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderRule {
    /// Whether letters may stand as the sender.
    pub alphanumeric: Alphanumeric,
    /// Whether people there can reply to a number.
    pub two_way: bool,
    /// Whether the sources disagree on whether letters work at all.
    pub disputed: bool,
}

/// Whether letters may stand as the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alphanumeric {
    /// As it is.
    Yes,
    /// Replaced by a number, or refused.
    No,
    /// Only when registered there.
    RegistrationRequired,
    /// Works, but one or more operators want it registered.
    PreRegistrationRecommended,
    /// Nobody says.
    Unknown,
}

/// What to tell about a Sender ID in a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SenderAdvice {
    /// The network puts something else in its place.
    Replaced,
    /// Unregistered, it may be blocked or marked as likely fraud.
    Register,
    /// Some operators want it registered.
    Recommended,
}

impl SenderAdvice {
    /// All of them, the most serious first.
    pub const ALL: [Self; 3] = [Self::Replaced, Self::Register, Self::Recommended];

    /// The advice in a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Replaced => {
                "letters are not shown there, the network puts a number in their place. Use a number as Sender ID to choose which."
            }
            Self::Register => {
                "this Sender ID must be registered there. Unregistered, messages may be blocked or marked as fraud."
            }
            Self::Recommended => "some operators there ask for this Sender ID to be registered.",
        }
    }
}

impl SenderRule {
    /// What to tell somebody who sends from `sender` to this country, if anything.
    pub fn advice(&self, sender: &SenderId) -> Option<SenderAdvice> {
        if sender.kind() != SenderKind::Alphanumeric {
            return None;
        }
        match self.alphanumeric {
            Alphanumeric::No => Some(SenderAdvice::Replaced),
            Alphanumeric::RegistrationRequired => Some(SenderAdvice::Register),
            Alphanumeric::PreRegistrationRecommended => Some(SenderAdvice::Recommended),
            Alphanumeric::Yes | Alphanumeric::Unknown => None,
        }
    }
}

/// The whole table: every country with its English name and its rule. For the server; the browser
/// asks it for the countries it needs.
pub fn table() -> impl Iterator<Item = (Country, &'static str, SenderRule)> {
    include_str!("../data/sender_ids.csv").lines().skip(1).filter_map(|line| {
        let mut cells = csv_cells(line);
        let country = Country::parse(cells.next()?)?;
        let name = cells.next()?;
        let alphanumeric = match cells.next()? {
            "yes" => Alphanumeric::Yes,
            "no" => Alphanumeric::No,
            "registration_required" => Alphanumeric::RegistrationRequired,
            "pre_registration_recommended" => Alphanumeric::PreRegistrationRecommended,
            _ => Alphanumeric::Unknown,
        };
        let two_way = cells.nth(3)? == "yes";
        let disputed = cells.next()? == "disagree_support";
        Some((country, name, SenderRule { alphanumeric, two_way, disputed }))
    })
}

/// The cells of a line that may quote a cell but never doubles a quote.
fn csv_cells(line: &'static str) -> impl Iterator<Item = &'static str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let (cell, after) = match line.strip_prefix('"').and_then(|l| l.split_once('"')) {
            Some((cell, after)) => (cell, after.strip_prefix(',')),
            None => match line.split_once(',') {
                Some((cell, after)) => (cell, Some(after)),
                None => (line, None),
            },
        };
        rest = after;
        Some(cell)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(code: &str) -> SenderRule {
        let country = Country::parse(code).unwrap();
        table().find(|(c, ..)| *c == country).unwrap().2
    }

    #[test]
    fn every_country_of_the_table_is_read() {
        assert_eq!(table().count(), 250);
        assert!(table().all(|(_, name, _)| !name.is_empty() && !name.contains('"')));
    }

    #[test]
    fn letters_are_replaced_in_the_united_states_and_registered_in_singapore() {
        let acme = SenderId::parse("Acme").unwrap();
        assert_eq!(rule("US").advice(&acme), Some(SenderAdvice::Replaced));
        assert_eq!(rule("SG").advice(&acme), Some(SenderAdvice::Register));
        assert_eq!(rule("AD").advice(&acme), None);
        assert_eq!(rule("US").advice(&SenderId::parse("+14155550134").unwrap()), None);
    }
}
