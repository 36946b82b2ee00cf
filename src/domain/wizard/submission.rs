//! A campaign that may be sent. It can only be made from values that are right, in the browser from a
//! draft and on the server from JSON, through the same constructor.

use crate::message::Message;
use crate::price::money::{Cost, Currency};
use crate::price::quote::Quote;
use crate::problem::{Field, FieldError, Problem};
use crate::recipients::{CHUNK_SIZE, MAX_RECIPIENTS};
use crate::sender::id::SenderId;
use crate::time::Timestamp;
use crate::whole::whole;
use crate::wizard::draft::{Draft, parse_due, parse_name};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A complete, valid campaign, without its recipients, which follow in chunks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Submission {
    id: Uuid,
    subaccount: String,
    sender_id: SenderId,
    message: Message,
    name: String,
    due_at: Option<Timestamp>,
    expected: Expected,
}

/// What the user was shown before pressing Submit. The server counts again and refuses to send
/// something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// Messages.
    #[serde(deserialize_with = "whole")]
    pub recipients: u32,
    /// Segments of all of them.
    #[serde(deserialize_with = "whole")]
    pub segments: u64,
    /// Of the cost.
    pub currency: Currency,
    /// What it all costs.
    pub cost: Cost,
}

impl From<&Quote> for Expected {
    fn from(quote: &Quote) -> Self {
        let Quote { recipients, segments, currency, cost, .. } = *quote;
        Self { recipients, segments, currency, cost }
    }
}

/// The fields of a [`Submission`] as they travel, not yet known to be right.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    id: Uuid,
    subaccount: String,
    sender_id: String,
    message: String,
    name: String,
    due_at: Option<Timestamp>,
    expected: Expected,
}

/// Everything that is wrong with a submission, field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid(pub Vec<FieldError>);

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sentences: Vec<String> = self.0.iter().map(|e| e.problem.to_string()).collect();
        f.write_str(&sentences.join(". "))
    }
}

/// Why JSON is no submission.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Not JSON, or not of this shape.
    #[error("{0}")]
    Shape(serde_json::Error),
    /// Its values are wrong.
    #[error("{0}")]
    Values(Invalid),
}

impl Submission {
    /// From JSON, telling what is wrong field by field, which [`Deserialize`] cannot.
    ///
    /// # Errors
    /// When it is not of the shape, or its values are wrong.
    pub fn from_json(json: &[u8]) -> Result<Self, Unreadable> {
        let parts: Parts = serde_json::from_slice(json).map_err(Unreadable::Shape)?;
        Self::try_from(parts).map_err(Unreadable::Values)
    }

    /// From a draft and the quote that was shown for it. `due_at` is what [`Draft::parse_when`] made
    /// of the draft's time.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the steps.
    pub fn from_draft(
        draft: &Draft,
        due_at: Option<Timestamp>,
        quote: &Quote,
    ) -> Result<Self, Invalid> {
        let mut errors = Vec::new();
        let unsendable = (quote.unsendable > 0)
            .then(|| FieldError::new(Field::Message, Problem::Unsendable(quote.unsendable)));
        errors.extend(draft.parse_recipients().err());
        errors.extend(draft.parse_message().err().or(unsendable));
        let parts = Parts {
            id: draft.id,
            subaccount: draft.subaccount.clone(),
            sender_id: draft.sender_id.clone(),
            message: draft.message.clone(),
            name: draft.name.clone(),
            due_at,
            expected: quote.into(),
        };
        match Self::try_from(parts) {
            Ok(submission) if errors.is_empty() => Ok(submission),
            Ok(_) => Err(Invalid(errors)),
            Err(Invalid(more)) => {
                for error in more.into_iter().filter(|e| e.field != Field::Message) {
                    let at = errors.partition_point(|e| e.field <= error.field);
                    errors.insert(at, error);
                }
                Err(Invalid(errors))
            }
        }
    }

    /// The campaign's id and idempotency key.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Who pays.
    pub fn subaccount(&self) -> &str {
        &self.subaccount
    }

    /// Who it is from.
    pub fn sender_id(&self) -> &SenderId {
        &self.sender_id
    }

    /// What it says.
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// What the user calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When it is to be sent; `None` at once.
    pub fn due_at(&self) -> Option<Timestamp> {
        self.due_at
    }

    /// What the user was shown.
    pub fn expected(&self) -> &Expected {
        &self.expected
    }

    /// How many chunks its recipients come in.
    pub fn chunks(&self) -> u32 {
        self.expected.recipients.div_ceil(CHUNK_SIZE)
    }

    /// Judges the time, which only the present can tell.
    ///
    /// # Errors
    /// When the time to send at is over or too far ahead.
    pub fn check_due(&self, now: Timestamp) -> Result<(), FieldError> {
        self.due_at.map_or(Ok(()), |due| parse_due(due, now).map(drop))
    }
}

impl TryFrom<Parts> for Submission {
    type Error = Invalid;
    fn try_from(parts: Parts) -> Result<Self, Invalid> {
        let Parts { id, subaccount, sender_id, message, name, due_at, expected } = parts;
        let mut errors = Vec::new();
        if subaccount.is_empty() {
            errors.push(FieldError::new(Field::Subaccount, Problem::NoSubaccount));
        }
        match expected.recipients {
            0 => errors.push(FieldError::new(Field::Numbers, Problem::NoNumbers)),
            n if n > MAX_RECIPIENTS => {
                errors.push(FieldError::new(Field::Numbers, Problem::TooManyRecipients(n)));
            }
            _ => {}
        }
        let mut keep = |field, problem: Problem| errors.push(FieldError::new(field, problem));
        let sender_id =
            SenderId::parse(&sender_id).map_err(|e| keep(Field::SenderId, e.into())).ok();
        let message = Message::parse(&message).map_err(|e| keep(Field::Message, e.into())).ok();
        let name = parse_name(&name).map_err(|e| keep(e.field, e.problem)).ok();
        match (sender_id, message, name) {
            (Some(sender_id), Some(message), Some(name)) if errors.is_empty() => {
                Ok(Self { id, subaccount, sender_id, message, name, due_at, expected })
            }
            _ => Err(Invalid(errors)),
        }
    }
}

impl From<Submission> for Parts {
    fn from(submission: Submission) -> Self {
        let Submission { id, subaccount, sender_id, message, name, due_at, expected } = submission;
        let (sender_id, message) = (sender_id.into(), message.into());
        Self { id, subaccount, sender_id, message, name, due_at, expected }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price::quote::{PriceList, Quoting};
    use crate::recipients::Summary;

    fn quote() -> Quote {
        let currency = Currency::parse("USD").unwrap();
        let prices = PriceList { currency, countries: Default::default() };
        let mut quoting = Quoting::new(&prices);
        quoting.add(None, "Hello");
        quoting.finish()
    }

    fn draft() -> Draft {
        let mut draft = Draft::new(Uuid::nil());
        draft.subaccount = "acme_hq".into();
        draft.numbers = "+6591234567".into();
        draft.processed = Some(Summary { total: 1, valid: 1, ..Summary::default() });
        draft.sender_id = " Acme ".into();
        draft.message = "Hello".into();
        draft.name = " First ".into();
        draft
    }

    #[test]
    fn a_valid_draft_becomes_a_submission_and_survives_json() {
        let submission = Submission::from_draft(&draft(), None, &quote()).unwrap();
        assert_eq!(submission.sender_id().as_str(), "Acme");
        assert_eq!(submission.name(), "First");
        assert_eq!(submission.chunks(), 1);
        let json = serde_json::to_string(&submission).unwrap();
        assert_eq!(serde_json::from_str::<Submission>(&json).unwrap(), submission);
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let empty = Draft::new(Uuid::nil());
        let Invalid(errors) = Submission::from_draft(&empty, None, &quote()).unwrap_err();
        let fields: Vec<Field> = errors.iter().map(|e| e.field).collect();
        assert_eq!(
            fields,
            [Field::Subaccount, Field::Numbers, Field::SenderId, Field::Message, Field::Name]
        );
    }

    #[test]
    fn json_goes_through_the_same_gate() {
        let submission = Submission::from_draft(&draft(), None, &quote()).unwrap();
        let mut json = serde_json::to_value(&submission).unwrap();
        json["sender_id"] = "TwelveChars1".into();
        let error = serde_json::from_value::<Submission>(json).unwrap_err();
        assert_eq!(error.to_string(), "Sender ID has 12 characters and at most 11 fit");
    }

    #[test]
    fn the_server_tells_a_wrong_shape_from_wrong_values() {
        let submission = Submission::from_draft(&draft(), None, &quote()).unwrap();
        let mut json = serde_json::to_value(&submission).unwrap();
        json["name"] = " ".into();
        json["message"] = "".into();
        match Submission::from_json(json.to_string().as_bytes()) {
            Err(Unreadable::Values(Invalid(errors))) => assert_eq!(errors.len(), 2),
            other => panic!("{other:?}"),
        }
        assert!(matches!(Submission::from_json(b"{}"), Err(Unreadable::Shape(_))));
    }
}
