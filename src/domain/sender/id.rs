//! Sender IDs: what a phone shows as the origin of a message.
//!
//! Three documents of 8x8 give three lengths; the rules here stay inside all of them: alphanumeric
//! 1-11 characters, numeric at most 15 digits with an optional `+`. Eleven is what the network can
//! carry (3GPP TS 23.040 §9.1.2.5: ten octets of GSM-7).

use crate::message::normal_form::nfc;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// The longest alphanumeric Sender ID, in characters.
pub const MAX_ALPHANUMERIC: usize = 11;
/// The longest number, in digits (ITU-T E.164).
pub const MAX_DIGITS: usize = 15;
/// The longest short code, in digits (8x8 "Getting started": 3-7).
const MAX_SHORT_CODE: usize = 7;
const MIN_DIGITS: usize = 3;

/// A Sender ID of a form that can be sent. Case is kept: registries compare byte by byte.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SenderId {
    text: String,
    kind: SenderKind,
}

/// What a Sender ID is to the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SenderKind {
    /// Letters, digits and spaces with at least one letter; nobody can reply.
    Alphanumeric,
    /// 3-7 digits, never with `+`.
    ShortCode,
    /// A local number of 8-15 digits, or an international one with `+`.
    Number,
}

/// Why a text is no Sender ID.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SenderIdError {
    /// Nothing there.
    #[error("Enter a Sender ID")]
    Empty,
    /// A character that the network or the provider does not carry.
    #[error("Sender ID cannot contain {}. Use letters A to Z, digits and spaces", named(*.0))]
    Character(char),
    /// More than [`MAX_ALPHANUMERIC`].
    #[error("Sender ID has {0} characters and at most {MAX_ALPHANUMERIC} fit")]
    TooLong(usize),
    /// Neither a letter nor a number.
    #[error("Sender ID needs at least one letter, or must be a number")]
    NoLetter,
    /// Two spaces in a row.
    #[error("Sender ID has two spaces in a row. Leave one")]
    DoubleSpace,
    /// Fewer than three digits.
    #[error("A number as Sender ID needs at least {MIN_DIGITS} digits; this one has {0}")]
    NumberTooShort(usize),
    /// More than [`MAX_DIGITS`].
    #[error("A number as Sender ID has at most {MAX_DIGITS} digits; this one has {0}")]
    NumberTooLong(usize),
    /// `+` before what cannot be an international number.
    #[error(
        "An international number has 7 to {MAX_DIGITS} digits after the + and does not start with 0. Write a short code without +"
    )]
    NotInternational,
}

fn named(c: char) -> String {
    match c {
        '\t' => "a tab".to_owned(),
        '\n' | '\r' => "a line break".to_owned(),
        c if c.is_control() || c.is_whitespace() => {
            format!("the invisible character U+{:04X}", u32::from(c))
        }
        c => format!("“{c}”"),
    }
}

/// Something to know about a Sender ID that may be sent all the same.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SenderIdWarning {
    /// `&`, `.`, `_` or `-`: many operators carry them, 8x8's page does not list them.
    #[error("“{0}” is not accepted by every operator. Letters, digits and spaces are")]
    Punctuation(char),
    /// Registries ask for three characters.
    #[error("Many countries ask for at least 3 characters")]
    Short,
    /// `A C M E`.
    #[error("Single letters with spaces between them are often filtered. Write it as one word")]
    SpacedOut,
    /// A word that many operators block when it stands alone.
    #[error("“{0}” is a generic word that many operators block. Use your brand's name")]
    Generic(String),
    /// The same letters as one used before, in another case.
    #[error("You have used “{0}” before. Operators tell capital letters from small ones")]
    OtherCase(String),
}

impl SenderId {
    /// Reads what the user typed: white space around it is dropped, composed characters (NFC)
    /// replace decomposed ones, spaces and dashes inside a number are dropped.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn parse(typed: &str) -> Result<Self, SenderIdError> {
        let text = nfc(typed.trim());
        if text.is_empty() {
            return Err(SenderIdError::Empty);
        }
        if let Some(number) = bare_number(&text) {
            return Self::number(number);
        }
        if let Some(c) = text.chars().find(|c| !c.is_ascii_alphanumeric() && !" &._-".contains(*c))
        {
            return Err(SenderIdError::Character(c));
        }
        if text.len() > MAX_ALPHANUMERIC {
            return Err(SenderIdError::TooLong(text.len()));
        }
        if !text.bytes().any(|b| b.is_ascii_alphabetic()) {
            return Err(SenderIdError::NoLetter);
        }
        if text.contains("  ") {
            return Err(SenderIdError::DoubleSpace);
        }
        Ok(Self { text, kind: SenderKind::Alphanumeric })
    }

    fn number(text: String) -> Result<Self, SenderIdError> {
        let international = text.strip_prefix('+');
        let digits = international.unwrap_or(&text);
        match digits.len() {
            n if n > MAX_DIGITS => Err(SenderIdError::NumberTooLong(n)),
            n if international.is_some() => {
                if n < 7 || digits.starts_with('0') {
                    return Err(SenderIdError::NotInternational);
                }
                Ok(Self { text, kind: SenderKind::Number })
            }
            n if n < MIN_DIGITS => Err(SenderIdError::NumberTooShort(n)),
            n if n <= MAX_SHORT_CODE => Ok(Self { text, kind: SenderKind::ShortCode }),
            _ => Ok(Self { text, kind: SenderKind::Number }),
        }
    }

    /// As it is sent: `Acme`, `78901`, `+6591234567`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What it is to the network.
    pub fn kind(&self) -> SenderKind {
        self.kind
    }

    /// Whether the person who gets the message can answer it.
    pub fn can_be_replied_to(&self) -> bool {
        self.kind != SenderKind::Alphanumeric
    }

    /// What is worth knowing before it is used; `used` are those of earlier campaigns.
    pub fn warnings(&self, used: &[String]) -> Vec<SenderIdWarning> {
        let mut warnings = Vec::new();
        if let Some(c) = self.text.chars().find(|c| "&._-".contains(*c)) {
            warnings.push(SenderIdWarning::Punctuation(c));
        }
        if self.kind == SenderKind::Alphanumeric {
            if self.text.len() < 3 {
                warnings.push(SenderIdWarning::Short);
            }
            let words: Vec<&str> = self.text.split(' ').collect();
            if words.len() > 1 && words.iter().all(|word| word.len() == 1) {
                warnings.push(SenderIdWarning::SpacedOut);
            }
            if is_generic(&self.text) {
                warnings.push(SenderIdWarning::Generic(self.text.clone()));
            }
        }
        let same_in_other_case =
            |other: &&String| other.eq_ignore_ascii_case(&self.text) && other.as_str() != self.text;
        if !used.contains(&self.text)
            && let Some(other) = used.iter().find(same_in_other_case)
        {
            warnings.push(SenderIdWarning::OtherCase(other.clone()));
        }
        warnings
    }
}

/// `text` as `+` and digits when it is meant as a number: nothing but digits, an optional leading
/// `+`, and the spaces, dashes, dots and brackets people put between digits.
fn bare_number(text: &str) -> Option<String> {
    let (plus, rest) = match text.strip_prefix('+') {
        Some(rest) => ("+", rest),
        None => ("", text),
    };
    let is_number = rest.bytes().any(|b| b.is_ascii_digit())
        && rest.chars().all(|c| c.is_ascii_digit() || " -.()".contains(c));
    is_number.then(|| plus.chars().chain(rest.chars().filter(char::is_ascii_digit)).collect())
}

/// Words that BT/EE and others block as Sender IDs when they stand alone, also when spelled with
/// digits for letters. Collected from castmessage.com and textmarketer.co.uk (2026); GOV.UK Notify
/// blocks `info`, `verify` and `alert` for the same reason.
const GENERIC: &[&str] = &[
    "2fa",
    "accept",
    "access",
    "account",
    "active",
    "admin",
    "alert",
    "allow",
    "app",
    "appointment",
    "approve",
    "auth",
    "bank",
    "bill",
    "billing",
    "call",
    "card",
    "caution",
    "check",
    "code",
    "collect",
    "confirm",
    "contact",
    "courier",
    "deliver",
    "delivery",
    "discount",
    "energy",
    "fraud",
    "help",
    "info",
    "infosms",
    "isa",
    "key",
    "loan",
    "login",
    "logistics",
    "message",
    "mobile",
    "mortgage",
    "msg",
    "network",
    "noreply",
    "notify",
    "onetimepin",
    "order",
    "otp",
    "package",
    "parcel",
    "pay",
    "payment",
    "pin",
    "post",
    "purchase",
    "rebate",
    "receipt",
    "refund",
    "reminder",
    "reply",
    "respond",
    "save",
    "savings",
    "scam",
    "secure",
    "security",
    "service",
    "shipping",
    "sign",
    "signin",
    "sms",
    "support",
    "system",
    "text",
    "track",
    "tracking",
    "trust",
    "txt",
    "update",
    "validate",
    "verify",
    "virus",
    "warn",
    "warning",
    "winner",
];

fn is_generic(text: &str) -> bool {
    let plain: String =
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let spelled = |one: char| -> String {
        plain
            .chars()
            .map(|c| match c {
                '0' => 'o',
                '1' => one,
                '3' => 'e',
                '4' => 'a',
                '5' => 's',
                c => c,
            })
            .collect()
    };
    [plain.clone(), spelled('i'), spelled('l')].iter().any(|s| GENERIC.contains(&s.as_str()))
}

impl TryFrom<String> for SenderId {
    type Error = SenderIdError;
    fn try_from(text: String) -> Result<Self, SenderIdError> {
        Self::parse(&text)
    }
}

impl From<SenderId> for String {
    fn from(id: SenderId) -> Self {
        id.text
    }
}

impl fmt::Display for SenderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kind(text: &str) -> SenderKind {
        SenderId::parse(text).unwrap().kind()
    }

    fn error(text: &str) -> String {
        SenderId::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn the_three_kinds_are_told_apart() {
        assert_eq!(kind("Acme"), SenderKind::Alphanumeric);
        assert_eq!(kind("4 You"), SenderKind::Alphanumeric);
        assert_eq!(kind("78901"), SenderKind::ShortCode);
        assert_eq!(kind("91234567"), SenderKind::Number);
        assert_eq!(SenderId::parse(" +65 9123-4567 ").unwrap().as_str(), "+6591234567");
    }

    #[test]
    fn eleven_characters_fit_and_twelve_do_not() {
        assert!(SenderId::parse("ElevenChars").is_ok());
        assert_eq!(error("TwelveChars1"), "Sender ID has 12 characters and at most 11 fit");
    }

    #[test]
    fn the_character_at_fault_is_named() {
        assert!(error("Café").contains("“é”"));
        assert!(error("Cafe\u{301}").contains("“é”"));
        assert!(error("A\tB").contains("a tab"));
        assert!(error("Acme\u{200B}").contains("U+200B") || error("Acme\u{200B}").contains('“'));
        assert!(error("Acme!").contains("“!”"));
    }

    #[test]
    fn numbers_have_limits_of_their_own() {
        assert_eq!(error("12"), SenderIdError::NumberTooShort(2).to_string());
        assert_eq!(error("1234567890123456"), SenderIdError::NumberTooLong(16).to_string());
        assert_eq!(error("+123"), SenderIdError::NotInternational.to_string());
        assert_eq!(error("+0123456789"), SenderIdError::NotInternational.to_string());
        assert!(SenderId::parse("123456789012345").is_ok());
    }

    #[test]
    fn the_rest_of_the_form() {
        assert_eq!(error("  "), "Enter a Sender ID");
        assert_eq!(error("A  B"), SenderIdError::DoubleSpace.to_string());
        assert_eq!(error("&._-"), SenderIdError::NoLetter.to_string());
    }

    #[test]
    fn warnings_say_what_may_go_wrong() {
        let warnings = |text| SenderId::parse(text).unwrap().warnings(&["Acme".into()]);
        assert_eq!(warnings("Acme"), []);
        assert_eq!(warnings("ACME"), [SenderIdWarning::OtherCase("Acme".into())]);
        assert_eq!(warnings("A"), [SenderIdWarning::Short]);
        assert_eq!(warnings("A C M E"), [SenderIdWarning::SpacedOut]);
        assert_eq!(warnings("V3RIFY"), [SenderIdWarning::Generic("V3RIFY".into())]);
        assert_eq!(warnings("B1LL"), [SenderIdWarning::Generic("B1LL".into())]);
        assert_eq!(warnings("Smith Bank"), []);
        assert_eq!(warnings("AT&T"), [SenderIdWarning::Punctuation('&')]);
    }

    proptest! {
        /// What is accepted fits the provider's schema (at most 16 characters) and reads back equal.
        #[test]
        fn what_is_accepted_fits_upstream(text in "[ A-Za-z0-9+&._\\-()é]{0,20}") {
            if let Ok(id) = SenderId::parse(&text) {
                prop_assert!(id.as_str().len() <= 16);
                prop_assert_eq!(SenderId::parse(id.as_str()), Ok(id));
            }
        }
    }
}
