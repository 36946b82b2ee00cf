//! Where the wizard is, and what it knows there.

use crate::problem::ApiProblem;
use crate::wire::Destinations;
use crate::wizard::draft::Draft;
use crate::wizard::journey::Step;
use crate::wizard::submission::Submission;
use crate::worker_protocol::{Progress, Quoted};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where the wizard is.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// The draft is being written, and what it adds up to is not known.
    Editing {
        /// Why the recipients could not be read, if so.
        trouble: Option<Trouble>,
    },
    /// The worker reads the recipients.
    Processing {
        /// The [`Effect::Process`](super::Effect::Process) under way.
        run: u32,
        /// How far it is.
        progress: Option<Progress>,
    },
    /// The worker counts what the draft adds up to.
    Counting {
        /// The [`Effect::Count`](super::Effect::Count) under way.
        count: u32,
        /// What it added up to before the last change: never to be called exact.
        stale: Option<Box<Quoted>>,
    },
    /// What the draft adds up to is on the screen.
    Ready(Box<Quoted>),
    /// The recipients are read once more, after a reload or a crash of the worker, so that their upload
    /// can go on.
    Resuming {
        /// What is being sent.
        sending: Box<Sending>,
        /// The [`Effect::Process`](super::Effect::Process) or [`Effect::Count`](super::Effect::Count) under way.
        step: u32,
    },
    /// The recipients are on their way to the server.
    Uploading {
        /// What is being sent.
        sending: Box<Sending>,
        /// The [`Effect::Upload`](super::Effect::Upload) or [`Effect::Wait`](super::Effect::Wait) under way.
        attempt: u32,
        /// Recipients that the server has.
        done: u32,
        /// Whether the server can be reached.
        line: Line,
    },
    /// All recipients are with the server, which is asked to let the campaign go.
    Submitting {
        /// What is being sent.
        sending: Box<Sending>,
        /// The [`Effect::Submit`](super::Effect::Submit) or [`Effect::Wait`](super::Effect::Wait) under way.
        attempt: u32,
        /// Whether the server can be reached.
        line: Line,
    },
    /// It may have been submitted: the server is asked to forget it, and says whether it still could.
    Stopping {
        /// What was being sent.
        sending: Box<Sending>,
        /// The [`Effect::Forget`](super::Effect::Forget) or [`Effect::Wait`](super::Effect::Wait) under way.
        attempt: u32,
        /// What is told once it is forgotten.
        then: Box<Ended>,
        /// Whether the server can be reached.
        line: Line,
    },
    /// The server has taken it. The draft is a new one.
    Accepted {
        /// The campaign.
        campaign: Uuid,
    },
}

/// Whether the server can be reached, and how often it was tried since it could.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Tries without an answer since the last one.
    pub tries: u32,
    /// What the last one came to.
    pub problem: Option<ApiProblem>,
}

/// A campaign between Submit and its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sending {
    /// What was confirmed.
    pub submission: Submission,
    /// What was on the screen then.
    pub shown: Quoted,
    /// Whether the request that lets it go may have left.
    pub submit_left: bool,
    /// Whether it was stopped after that, which only the server can confirm.
    pub is_stopping: bool,
    /// How often the worker was started again for it.
    #[serde(default)]
    pub(super) restarts: u32,
}

/// How a Submit ended that sent nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended {
    /// The user stopped it.
    Stopped,
    /// Something kept it from being sent.
    Failed {
        /// What.
        why: ApiProblem,
        /// What to do about it.
        cure: Cure,
    },
    /// The recipients could not be read again after the page was loaded afresh, or are others now.
    Interrupted,
}

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cure {
    /// Look at the new cost, then submit again.
    CheckCost,
    /// Change this step.
    Change(Step),
    /// Submit again.
    SubmitAgain,
}

/// Why recipients could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A file cannot be read; in words.
    Unreadable(String),
    /// The worker ended.
    WorkerLost,
}

/// Countries, prices and rules of the chosen subaccount.
#[derive(Clone, Debug, PartialEq)]
pub enum Prices {
    /// No subaccount is chosen.
    None,
    /// On their way.
    Loading {
        /// The [`Effect::LoadPrices`](super::Effect::LoadPrices) under way.
        load: u32,
    },
    /// Here.
    Loaded(Box<Destinations>),
    /// Not to be had.
    Failed(ApiProblem),
}

/// What survives a reload.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Saved {
    /// The draft.
    pub draft: Draft,
    /// What is being sent.
    #[serde(default)]
    pub sending: Option<Sending>,
    /// The campaign that was submitted and has not been looked at yet.
    #[serde(default)]
    pub accepted: Option<Uuid>,
}
