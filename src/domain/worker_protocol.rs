//! What the page and its Web Worker say to each other, as JSON.
//!
//! The worker's files keep their names from one release to the next, so a browser may hold an old
//! worker beside a new page: the worker speaks first and names its [`VERSION`].

mod version;

pub use version::VERSION;

use crate::price::quote::{PriceList, Quote};
use crate::problem::ApiProblem;
use crate::recipients::input::{Chosen, Correction, Input};
use crate::recipients::phone::Country;
use crate::recipients::{RepairKind, Summary};
use crate::wire::Campaign;
use crate::wizard::submission::Submission;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A request of the page, numbered by it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Call {
    /// Comes back with every [`Response`] to it.
    pub id: u32,
    /// What is asked for.
    pub request: Request,
}

/// What the page can ask.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// What may be kept on this device from now on. What was kept before and may not be any more is
    /// erased: so it is, too, once a campaign is submitted.
    Keep(Keeping),
    /// Look into a file, which travels beside the question; without one, into what was kept of it.
    Open {
        /// The number that the page gives it, from 1.
        source: u32,
        /// What it is called.
        name: String,
        /// What the user chose for it before a reload.
        chosen: Vec<Chosen>,
    },
    /// Read a file in another way.
    Choose {
        /// Which file.
        source: u32,
        /// What was chosen.
        chosen: Chosen,
    },
    /// Forget a file, also what is kept of it.
    Remove {
        /// Which file.
        source: u32,
    },
    /// Read everything; what comes of it replaces what was there before.
    Process(Input),
    /// Stop reading.
    Cancel,
    /// A part of the rows.
    Rows(RowsAsked),
    /// Read another text in the place of a rejected one.
    Correct(Correction),
    /// Render, count and price every recipient's message.
    Quote {
        /// The message as it was typed.
        message: String,
        /// What a segment costs.
        prices: PriceList,
        /// What the host lets its user do, a [`Grant`](crate::campaign::grant::Grant) in JSON as it came.
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
    /// Store the campaign and its recipients at the server, as far as it lacks them. It is not submitted.
    Upload {
        /// Which try of the page's it is: comes back in every answer.
        attempt: u32,
        /// The campaign.
        submission: Box<Submission>,
        /// Who asks.
        by: By,
    },
    /// Hand nothing more to the server: the request that is under way is given up, the upload is
    /// answered with [`Response::Canceled`].
    StopUpload,
}

/// Who makes a request to the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The user of this id, whom the browser's cookie names.
    User(Uuid),
    /// A host's user, by the bearer of their sign-in.
    Bearer(String),
}

/// The file, in the browser's private folder, with what the columns of a user's files are.
pub fn columns_file(user: Uuid) -> String {
    format!("columns-{user}.json")
}

/// What may be kept on this device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeping {
    /// Nothing: the page is a guest in another.
    #[default]
    Nothing,
    /// What the columns of files of a shape are, so that the next one of this user's needs no labelling.
    Columns(Uuid),
    /// The files as well, under the draft they belong to, until it is submitted.
    Files {
        /// Whose columns.
        user: Uuid,
        /// Whose files.
        draft: Uuid,
    },
}

/// Which rows are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsAsked {
    /// What they have in common.
    pub filter: Filter,
    /// What stands in them, if anything is searched for.
    pub search: String,
    /// How many of them to pass over.
    pub from: u32,
    /// How many at most.
    pub count: u32,
    /// The message as it was typed, for [`Filter::Unsendable`].
    #[serde(default)]
    pub message: Option<String>,
}

/// What rows have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// They cannot get the message.
    Unable,
    /// Their number was there before.
    Duplicates,
    /// They may not be able to get the message.
    Doubtful,
    /// They were read differently from how they were written, in this way.
    Repaired(RepairKind),
    /// They get the message.
    Valid,
    /// They get the message there; `None` for numbers that belong to no country.
    Country(Option<Country>),
    /// Their message would be empty, or have more segments than can be sent.
    Unsendable,
}

/// What the worker says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Its wasm is up. Whatever was posted to it before is lost.
    Ready {
        /// Its [`VERSION`].
        version: u32,
    },
    /// To the request of this number.
    Response {
        /// The [`Call::id`].
        id: u32,
        /// What is answered.
        response: Response,
    },
}

/// What the worker can answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// To [`Request::Open`] and [`Request::Choose`].
    Source(Box<Source>),
    /// To [`Request::Remove`], [`Request::Keep`], [`Request::Cancel`] and [`Request::StopUpload`].
    Done,
    /// To [`Request::Process`], several times.
    Progress(Progress),
    /// To [`Request::Process`] and [`Request::Correct`].
    Processed(Box<Processed>),
    /// To [`Request::Process`] and [`Request::Upload`], when it was stopped, also by another of its kind.
    Canceled,
    /// To [`Request::Process`]: this file cannot be read, and why.
    Unreadable {
        /// Which file.
        source: u32,
        /// What is wrong with it and what to do.
        words: String,
    },
    /// To [`Request::Correct`]: this cannot be read either, and why.
    NotCorrected(String),
    /// To [`Request::Rows`].
    Rows(Box<Rows>),
    /// To [`Request::Quote`]; `None` when the message is no template.
    Quoted(Option<Box<Quoted>>),
    /// To [`Request::Preview`]; `None` when there is no such recipient or the message is no template.
    Preview(Option<Preview>),
    /// To [`Request::RejectsCsv`]: the address of the file, in this browser.
    Csv(String),
    /// To [`Request::Upload`], several times.
    Uploading {
        /// The request's.
        attempt: u32,
        /// Recipients that the server has.
        done: u32,
    },
    /// To [`Request::Upload`], last: the server has every recipient, and waits for the campaign to be
    /// submitted.
    Uploaded {
        /// The request's.
        attempt: u32,
    },
    /// To [`Request::Upload`], last: it was submitted before, there is nothing left to do.
    AlreadySubmitted {
        /// The request's.
        attempt: u32,
        /// As the server has it.
        campaign: Box<Campaign>,
    },
    /// To [`Request::Upload`], last: the server cannot be reached or has no time, however often it was
    /// asked. Nothing is wrong with the campaign: what was stored stays, ask again later.
    Interrupted {
        /// The request's.
        attempt: u32,
        /// What the last answer was.
        problem: Box<ApiProblem>,
    },
    /// To [`Request::Upload`], last: the server does not take it, and will not if it is asked again.
    UploadRefused {
        /// The request's.
        attempt: u32,
        /// Why.
        problem: Box<ApiProblem>,
    },
    /// To any request, last: it was not carried out, and why, in a sentence for the person.
    Failed(String),
}

impl Response {
    /// Whether no other answer to the same question follows.
    pub const fn is_last(&self) -> bool {
        !matches!(self, Self::Uploading { .. } | Self::Progress(_))
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

/// A file as the page shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The number that the page gave it.
    pub id: u32,
    /// How large it is and how many rows it has, as far as is known; `36.0 MB · about 1,000,000 rows`.
    pub facts: String,
    /// Why it cannot be read, if so; there is nothing else then.
    pub problem: Option<String>,
    /// Whether there is nothing of it here after a reload: it must be chosen again.
    pub is_gone: bool,
    /// What to know about it.
    pub notes: Vec<String>,
    /// How it is read.
    pub choices: Vec<Choice>,
    /// The columns: the name above each of them, and what it is.
    pub columns: Vec<Choice>,
    /// The first rows.
    pub rows: Vec<Vec<String>>,
}

/// Something that was found out and can be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// For [`Chosen`].
    pub id: String,
    /// What is chosen.
    pub label: String,
    /// The value as it is.
    pub value: String,
    /// What can be chosen: values and their names.
    pub options: Vec<(String, String)>,
}

/// How far reading is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// In thousandths.
    pub done: u32,
    /// In words: rows, rate and time left.
    pub words: String,
}

/// What came of the numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Processed {
    /// The counts.
    pub summary: Summary,
    /// What was repaired.
    pub repairs: Vec<Repaired>,
    /// What to know about how the files were read.
    pub notes: Vec<String>,
    /// What was read and how long it took.
    pub words: String,
}

/// A kind of repair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repaired {
    /// Which.
    pub kind: RepairKind,
    /// Rows it was done to, or would be if it were not undone.
    pub rows: u32,
    /// Whether the user has undone it.
    pub is_undone: bool,
    /// One of them as it was written.
    pub before: String,
    /// What became of that.
    pub after: String,
    /// Which rows those are: the first of them.
    pub places: String,
}

/// A part of the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// How many there are in all.
    pub total: u32,
    /// Those asked for.
    pub rows: Vec<Row>,
}

/// A row as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Which file; 0 for what was typed.
    pub source: u32,
    /// Which row of it, from 1.
    pub row: u32,
    /// The same in words: `7`, or `7 of summer.csv` where there is more than one source.
    pub place: String,
    /// The number as it was written.
    pub written: String,
    /// What is said of it.
    pub says: String,
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
