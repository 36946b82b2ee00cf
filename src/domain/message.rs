//! The message of a campaign: a template that is not empty, in NFC, and short enough to send.

pub mod direction;
pub mod encoding;
pub mod plain_text;
pub mod segments;
pub mod template;

pub(crate) mod normal_form;

use crate::digits::{grouped, plural};
use crate::message::encoding::Encoding;
use crate::message::normal_form::nfc;
use crate::message::segments::{MAX_SEGMENTS, Segments};
use crate::message::template::{Template, TemplateError};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A text that may be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Message(Template);

/// Why a text may not be sent.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MessageError {
    /// Nothing, or only white space.
    #[error("Enter the message you want to send")]
    Empty,
    /// More than [`MAX_SEGMENTS`]; the provider would cut it short.
    #[error("{}", too_long(.0))]
    TooLong(Segments),
    /// A field is broken.
    #[error(transparent)]
    Field(#[from] TemplateError),
    /// A field that the recipients do not have.
    #[error("Your recipients have no field “{name}”. {}", available(.known))]
    UnknownField {
        /// As it was written.
        name: String,
        /// The fields there are.
        known: Vec<String>,
    },
}

fn too_long(segments: &Segments) -> String {
    let Segments { encoding, units, count } = segments;
    let over = units.saturating_sub(MAX_SEGMENTS * encoding.concatenated()).max(1);
    let (one, many) = match encoding {
        Encoding::Gsm7 => ("character", "characters"),
        Encoding::Ucs2 => ("UCS-2 character", "UCS-2 characters"),
    };
    format!(
        "The message has {count} SMS parts and at most {MAX_SEGMENTS} can be sent. Shorten it by {} {}",
        grouped(over),
        plural(u64::from(over), one, many),
    )
}

fn available(known: &[String]) -> String {
    match known {
        [] => "Delete it, or add a file with that column".to_owned(),
        known => format!("Use {}", known.join(", ")),
    }
}

impl Message {
    /// Reads what the user wrote: line ends become LF, and composed characters (NFC) replace their
    /// decomposed spellings, which would otherwise turn a GSM-7 text into UCS-2.
    ///
    /// A text with fields is measured per recipient (see [`crate::price::quote`]); only what no recipient
    /// can shorten, a text without fields, is refused for its length here.
    ///
    /// # Errors
    /// When it is empty, has broken fields, or has no fields and is too long.
    pub fn parse(text: &str) -> Result<Self, MessageError> {
        let text = nfc(&text.replace("\r\n", "\n"));
        if text.trim().is_empty() {
            return Err(MessageError::Empty);
        }
        let template = Template::parse(text)?;
        if template.is_static() {
            let segments = Segments::of(template.source());
            if !segments.fits() {
                return Err(MessageError::TooLong(segments));
            }
        }
        Ok(Self(template))
    }

    /// [`Self::parse`], for recipients that have these fields.
    ///
    /// # Errors
    /// Also when the text uses a field that is not among `known`.
    pub fn parse_for(text: &str, known: &[String]) -> Result<Self, MessageError> {
        let message = Self::parse(text)?;
        let missing = |used: &&str| !known.iter().any(|name| name.eq_ignore_ascii_case(used));
        match message.0.fields().into_iter().find(missing) {
            None => Ok(message),
            Some(name) => {
                let name = name.to_owned();
                Err(MessageError::UnknownField { name, known: known.to_vec() })
            }
        }
    }

    /// The text as a template.
    pub fn template(&self) -> &Template {
        &self.0
    }
}

impl TryFrom<String> for Message {
    type Error = MessageError;
    fn try_from(text: String) -> Result<Self, MessageError> {
        Self::parse(&text)
    }
}

impl From<Message> for String {
    fn from(message: Message) -> Self {
        message.0.source().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_texts_are_refused() {
        assert_eq!(Message::parse(" \n\t"), Err(MessageError::Empty));
    }

    #[test]
    fn ten_segments_pass_and_eleven_say_by_how_much() {
        assert!(Message::parse(&"a".repeat(1530)).is_ok());
        let error = Message::parse(&"a".repeat(1531)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "The message has 11 SMS parts and at most 10 can be sent. Shorten it by 1 character"
        );
        let error = Message::parse(&"ж".repeat(680)).unwrap_err();
        assert!(error.to_string().ends_with("Shorten it by 10 UCS-2 characters"));
    }

    #[test]
    fn decomposed_characters_and_line_ends_are_put_right() {
        let message = Message::parse("Cafe\u{301}\r\nopen").unwrap();
        assert_eq!(message.template().source(), "Café\nopen");
        assert_eq!(Encoding::of(message.template().source()), Encoding::Gsm7);
    }

    #[test]
    fn unknown_fields_are_named_with_those_there_are() {
        let known = ["Mobile".to_owned()];
        assert!(Message::parse_for("Call {{mobile}}", &known).is_ok());
        assert_eq!(
            Message::parse_for("Hi {{Name}}", &known).unwrap_err().to_string(),
            "Your recipients have no field “Name”. Use Mobile"
        );
    }

    #[test]
    fn it_reads_back_what_it_wrote() {
        let json = serde_json::to_string(&Message::parse("Hi {{Mobile}}").unwrap()).unwrap();
        assert_eq!(json, "\"Hi {{Mobile}}\"");
        assert!(serde_json::from_str::<Message>(&json).is_ok());
        assert!(serde_json::from_str::<Message>("\" \"").is_err());
    }
}
