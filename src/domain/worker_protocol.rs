//! What the page and its Web Worker say to each other, as JSON.
//!
//! The worker's files keep their names from one release to the next, so a browser may hold an old
//! worker beside a new page: the worker speaks first and names its [`VERSION`].

use crate::phone::Country;
use crate::problem::ApiProblem;
use crate::quote::{PriceList, Quote};
use crate::recipients::{Doubt, Reject, Repair, Summary};
use crate::submission::Submission;
use crate::wire::Campaign;
use serde::{Deserialize, Serialize};

/// Changes whenever anything in this module does.
pub const VERSION: u32 = 2;

/// A question of the page, numbered by it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// Comes back in every [`Answer`] to it.
    pub id: u32,
    /// What is asked.
    pub ask: Ask,
}

/// What the page can ask.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Read these numbers; they replace those of before.
    Process(Input),
    /// Render, count and price every recipient's message.
    Quote {
        /// The message as it was typed.
        message: String,
        /// What a segment costs.
        prices: PriceList,
        /// What the host lets its user do, a [`Grant`](crate::grant::Grant) in JSON as it came.
        grant: Option<String>,
    },
    /// The texts that recipients get, for the preview.
    Preview {
        /// The message as it was typed.
        message: String,
        /// Which recipient, from 0.
        at: u32,
    },
    /// All rejected rows as a CSV file.
    RejectsCsv,
    /// Hand the campaign and its recipients to the server.
    Submit {
        /// The campaign.
        submission: Box<Submission>,
        /// Who asks, where no cookie tells.
        bearer: Option<String>,
    },
}

/// What there is to read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Numbers as they were typed or pasted.
    pub numbers: String,
    /// Where numbers without a country code are from.
    pub country: Option<Country>,
    /// Whether a number that is there twice gets two messages.
    pub include_duplicates: bool,
}

/// What the worker says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Say {
    /// Its wasm is up. Whatever was posted to it before is lost.
    Ready {
        /// Its [`VERSION`].
        version: u32,
    },
    /// About the question of this number.
    Answer {
        /// The [`Request::id`].
        id: u32,
        /// What is answered.
        answer: Answer,
    },
}

/// What the worker can answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// To [`Ask::Process`].
    Processed(Box<Processed>),
    /// To [`Ask::Quote`]; `None` when the message is no template.
    Quoted(Option<Box<Quoted>>),
    /// To [`Ask::Preview`]; `None` when there is no such recipient or the message is no template.
    Preview(Option<Preview>),
    /// To [`Ask::RejectsCsv`].
    Csv(String),
    /// To [`Ask::Submit`], several times: recipients the server has.
    Uploaded(u32),
    /// To [`Ask::Submit`], last: the server took it.
    Submitted(Box<Campaign>),
    /// To [`Ask::Submit`], last: the server did not.
    Refused(Box<ApiProblem>),
}

impl Answer {
    /// Whether no other answer to the same question follows.
    pub const fn is_last(&self) -> bool {
        !matches!(self, Self::Uploaded(_))
    }
}

/// What a campaign adds up to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    /// The sums.
    pub quote: Quote,
    /// Why the host's sign-in does not allow it, in sentences.
    pub objections: Vec<String>,
}

/// What came of the numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Processed {
    /// The counts.
    pub summary: Summary,
    /// The first of the rejected rows; all of them are in the CSV file.
    pub rejects: Vec<Reject>,
    /// The first of the repaired rows.
    pub repairs: Vec<Repair>,
    /// The first of the doubtful numbers.
    pub doubts: Vec<Doubt>,
    /// How long it took, in milliseconds.
    pub millis: u32,
}

/// One recipient's message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The number.
    pub to: String,
    /// Its country, when the number tells.
    pub country: Option<Country>,
    /// The text.
    pub text: String,
}
