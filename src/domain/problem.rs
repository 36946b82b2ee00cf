//! Every refusal, in one wording: at the field, in the summary at the top and in the server's 422.

use crate::digits::{grouped, plural};
use crate::message::MessageError;
use crate::recipients::MAX_RECIPIENTS;
use crate::sender::id::SenderIdError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// A field of the wizard that a problem can point at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Step 1.
    Subaccount,
    /// Step 2: typed or pasted numbers.
    Numbers,
    /// Step 3.
    SenderId,
    /// Step 3.
    Message,
    /// Step 4.
    Name,
    /// Step 4: the time of a scheduled campaign.
    When,
    /// Step 4: the number of recipients, typed to confirm it.
    Count,
    /// Sign-in.
    Email,
    /// Sign-in, and the one that is changed.
    Password,
    /// The one it is changed to.
    NewPassword,
}

impl Field {
    /// The id of its control on the page, and its key in the server's `fields`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Subaccount => "subaccount",
            Self::Numbers => "numbers",
            Self::SenderId => "sender_id",
            Self::Message => "message",
            Self::Name => "name",
            Self::When => "when",
            Self::Count => "count",
            Self::Email => "email",
            Self::Password => "password",
            Self::NewPassword => "new_password",
        }
    }
}

impl Field {
    const ALL: [Self; 10] = [
        Self::Subaccount,
        Self::Numbers,
        Self::SenderId,
        Self::Message,
        Self::Name,
        Self::When,
        Self::Count,
        Self::Email,
        Self::Password,
        Self::NewPassword,
    ];

    /// The field of this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.id() == id)
    }
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// Step 1 without a choice.
    #[error("Select a subaccount")]
    NoSubaccount,
    /// The account has no such subaccount any more.
    #[error("The subaccount “{0}” is not available. Select another")]
    UnknownSubaccount(String),
    /// Step 2 without input.
    #[error("Enter at least one mobile number, or upload a file")]
    NoNumbers,
    /// Step 2 with input that was not processed.
    #[error("Press Process contacts to check the numbers first")]
    NotProcessed,
    /// Step 2 with nothing usable.
    #[error("None of the {} can get the message. Correct at least one", counted(*.0, "number", "numbers"))]
    NoValidNumbers(u32),
    /// More than a campaign takes.
    #[error("A campaign takes at most {} recipients; these are {}", grouped(MAX_RECIPIENTS), grouped(.0))]
    TooManyRecipients(u32),
    /// Step 3.
    #[error(transparent)]
    SenderId(#[from] SenderIdError),
    /// Step 3.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// Step 3, for what a field made of some recipients' messages.
    #[error("{} would be empty or longer than 10 SMS parts. Shorten the message", counted(*.0, "message", "messages"))]
    Unsendable(u32),
    /// Step 4 without a name.
    #[error("Enter a campaign name")]
    NoName,
    /// Step 4 with too long a name.
    #[error("The campaign name has {0} characters and at most {MAX_NAME} fit")]
    NameTooLong(usize),
    /// Scheduled without a time.
    #[error("Enter the date and time to send at")]
    NoTime,
    /// Scheduled for a time that is over.
    #[error("Choose a time that is still to come")]
    TimePassed,
    /// Scheduled too far ahead.
    #[error("Choose a time within the next {MAX_DAYS_AHEAD} days")]
    TimeTooFar,
    /// Step 4 without the number of recipients.
    #[error("Enter the number of recipients to confirm it")]
    NoCount,
    /// Step 4 with another number.
    #[error("The number of recipients is {}. Enter it to confirm, or change the recipients", grouped(.0))]
    CountDiffers(u32),
    /// Sign-in without an address.
    #[error("Enter your email address")]
    NoEmail,
    /// Sign-in without a password.
    #[error("Enter your password")]
    NoPassword,
    /// The present password is another.
    #[error("This is not your password")]
    WrongPassword,
    /// A new password that is soon guessed.
    #[error("The password must have at least {SHORTEST_PASSWORD} characters")]
    PasswordTooShort,
    /// A new password that nobody types.
    #[error("The password must have at most {LONGEST_PASSWORD} characters")]
    PasswordTooLong,
    /// A new password that is tried first.
    #[error("Many people use this password, and whoever guesses tries it first. Choose another")]
    PasswordCommon,
}

/// The shortest password a user can be given, in characters (NIST SP 800-63B-4 asks for 8 beside a second factor
/// and 15 without; between the two lies what people put up with).
pub const SHORTEST_PASSWORD: usize = 12;
/// The longest, in characters; also the longest that is checked.
pub const LONGEST_PASSWORD: usize = 128;

/// The longest campaign name, in characters.
pub const MAX_NAME: usize = 100;
/// How far ahead a campaign can be scheduled.
pub const MAX_DAYS_AHEAD: i64 = 365;

fn counted(n: u32, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n), plural(u64::from(n), one, many))
}

/// A field and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where.
    pub field: Field,
    /// What.
    pub problem: Problem,
}

impl FieldError {
    /// Puts the two together.
    pub fn new(field: Field, problem: impl Into<Problem>) -> Self {
        Self { field, problem: problem.into() }
    }
}

/// Why the server refused something, as far as a program has to tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// 400: not JSON, or not of the shape asked for.
    BadRequest,
    /// 401: sign in first.
    SignedOut,
    /// 401: wrong address or password.
    WrongCredentials,
    /// 403: the request does not come from our own page.
    CrossSite,
    /// 401: a host's token that is none of ours to trust.
    TokenInvalid,
    /// 401: a host's token whose time is over.
    TokenExpired,
    /// 401: a host's token that was used before.
    TokenUsed,
    /// 403: a host's token for another page.
    TokenWrongOrigin,
    /// 403: a host's token that grants what its host does not have.
    TokenNotAllowed,
    /// 403: beyond what the host's sign-in allows.
    NotPermitted,
    /// 409: the request was made for another user than the one who is signed in.
    OtherUser,
    /// 404.
    NotFound,
    /// 409: the campaign exists with other content.
    DifferentCampaign,
    /// 409: recipients are missing, or differ from what was announced.
    RecipientsIncomplete,
    /// 409: the cost is no longer what was shown.
    CostChanged,
    /// 409: not in the state the campaign is in.
    NotAllowedNow,
    /// 409: the campaign was submitted before it could be forgotten.
    AlreadySubmitted,
    /// 410: the campaign was stopped, or abandoned, before it was submitted.
    Forgotten,
    /// 413.
    TooLarge,
    /// 422: see `fields`.
    Invalid,
    /// 429: see `Retry-After`.
    TooManyTries,
    /// 502 or 503: the provider cannot be reached or refused our key.
    ProviderUnavailable,
    /// 500.
    Internal,
    /// The browser could not reach us. Never sent by the server.
    Offline,
}

/// RFC 9457 problem details: the one shape of error the REST API has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[error("{detail}")]
pub struct ApiProblem {
    /// The HTTP status.
    pub status: u16,
    /// What went wrong, in a few words.
    pub title: String,
    /// What went wrong and what to do, for the person.
    pub detail: String,
    /// For programs.
    pub code: ProblemCode,
    /// Finds the request in the server's log.
    #[serde(default)]
    pub request_id: String,
    /// For 422: field id to sentence.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
}

impl ApiProblem {
    /// No answer: the browser could not reach the server. Made by the browser alone.
    pub fn offline() -> Self {
        Self {
            status: 0,
            title: "No connection".into(),
            detail:
                "The server did not answer. Check your connection and try again; nothing is lost."
                    .into(),
            code: ProblemCode::Offline,
            request_id: String::new(),
            fields: BTreeMap::new(),
        }
    }

    /// An answer that is no problem document: from a proxy, or a server that is going down.
    pub fn unreadable(status: u16) -> Self {
        let busy = matches!(status, 502..=504);
        Self {
            status,
            title: "Unexpected answer".into(),
            detail: format!(
                "The server answered in a way this page cannot read ({status}). Try again."
            ),
            code: if busy { ProblemCode::Offline } else { ProblemCode::Internal },
            request_id: String::new(),
            fields: BTreeMap::new(),
        }
    }
}
