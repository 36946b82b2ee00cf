//! What can happen to the wizard: the user acts, the worker and the server answer.

use super::state::Trouble;
use crate::problem::{ApiProblem, FieldError};
use crate::recipients::input::Correction;
use crate::time::Timestamp;
use crate::wire::Destinations;
use crate::worker_protocol::{Processed, Progress, Quoted};
use uuid::Uuid;

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The user asks to read the recipients, or has changed how they are read.
    Process,
    /// The user stops reading.
    StopProcessing,
    /// The worker tells how far it is.
    Progress {
        /// The [`Effect::Process`](super::Effect::Process) it belongs to.
        run: u32,
        /// How far.
        progress: Progress,
    },
    /// The worker has read the recipients.
    Processed {
        /// The [`Effect::Process`](super::Effect::Process) it belongs to.
        run: u32,
        /// What came of it.
        processed: Box<Processed>,
    },
    /// The worker has not read them.
    NotProcessed {
        /// The [`Effect::Process`](super::Effect::Process) it belongs to.
        run: u32,
        /// Why; `None` when it was stopped.
        trouble: Option<Trouble>,
    },
    /// A rejected row was corrected by hand.
    Corrected {
        /// How.
        correction: Correction,
        /// What came of it.
        processed: Box<Processed>,
    },
    /// A file turned out to be unreadable, or is not here any more.
    SourceLost,
    /// What the draft adds up to; `None` when the worker cannot tell.
    Counted {
        /// The [`Effect::Count`](super::Effect::Count) it belongs to.
        count: u32,
        /// The sums.
        quoted: Option<Box<Quoted>>,
    },
    /// The prices, or why they are not to be had.
    PricesLoaded {
        /// The [`Effect::LoadPrices`](super::Effect::LoadPrices) it belongs to.
        load: u32,
        /// What the server answered.
        answer: Result<Box<Destinations>, ApiProblem>,
    },
    /// The user wants the prices to be asked for again.
    ReloadPrices,
    /// The user presses Submit.
    Submit {
        /// When it is to be sent, from [`Draft::parse_when`](crate::wizard::draft::Draft::parse_when).
        due: Result<Option<Timestamp>, FieldError>,
        /// The number of recipients as it was typed.
        typed_count: String,
    },
    /// The server has more recipients.
    UploadProgress {
        /// The [`Effect::Upload`](super::Effect::Upload) it belongs to.
        attempt: u32,
        /// How many it has.
        done: u32,
    },
    /// The server has all recipients.
    Uploaded {
        /// The [`Effect::Upload`](super::Effect::Upload) it belongs to.
        attempt: u32,
    },
    /// The server could not be reached, also by trying again.
    Interrupted {
        /// The [`Effect::Upload`](super::Effect::Upload), [`Effect::Submit`](super::Effect::Submit) or [`Effect::Forget`](super::Effect::Forget) it belongs to.
        attempt: u32,
        /// What the last try came to.
        problem: ApiProblem,
    },
    /// The server refuses the campaign.
    Refused {
        /// The [`Effect::Upload`](super::Effect::Upload) or [`Effect::Submit`](super::Effect::Submit) it belongs to.
        attempt: u32,
        /// Why.
        problem: ApiProblem,
    },
    /// The server has taken this campaign, now or before.
    Submitted {
        /// Which.
        id: Uuid,
    },
    /// The server has forgotten this campaign and will take nothing more for it.
    Forgotten {
        /// Which.
        id: Uuid,
    },
    /// The time of an [`Effect::Wait`](super::Effect::Wait) is over, or the line came back before.
    Woken,
    /// The user stops what is being sent.
    Stop,
    /// The worker ended.
    WorkerLost,
    /// The user throws the draft away.
    Discard,
}
