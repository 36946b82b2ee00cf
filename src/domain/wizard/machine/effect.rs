//! What the browser is to do for the wizard.

use crate::price::quote::PriceList;
use crate::problem::FieldError;
use crate::wizard::submission::Submission;
use uuid::Uuid;

/// What the browser is to do. Effects are carried out in their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Keep [`Wizard::saved`](super::Wizard::saved) for a reload, before anything else.
    Save,
    /// Have the worker read the recipients.
    Process {
        /// Comes back with the events.
        run: u32,
    },
    /// Have the worker stop reading.
    CancelProcessing,
    /// Have the worker count.
    Count {
        /// Comes back with the event.
        count: u32,
        /// The message.
        message: String,
        /// What it costs where.
        prices: PriceList,
    },
    /// Ask the server for the prices of this subaccount.
    LoadPrices {
        /// Comes back with the event.
        load: u32,
        /// Whose.
        subaccount: String,
    },
    /// Have the worker create the campaign and upload what the server lacks of its recipients.
    Upload {
        /// Comes back with the events.
        attempt: u32,
        /// The campaign.
        submission: Box<Submission>,
    },
    /// Have the worker abort the upload.
    StopUpload,
    /// Ask the server to let the campaign go.
    Submit {
        /// Comes back with the events.
        attempt: u32,
        /// Which.
        id: Uuid,
    },
    /// Ask the server to forget the campaign.
    Forget {
        /// Comes back with [`Event::Interrupted`](super::Event::Interrupted).
        attempt: u32,
        /// Which.
        id: Uuid,
    },
    /// Tell [`Event::Woken`](super::Event::Woken) after this time, or as soon as the line is back.
    Wait {
        /// In milliseconds.
        millis: u32,
    },
    /// Start the worker again, with the files that are still here.
    RestartWorker,
    /// Erase the copies of files that are kept under this id on this device.
    EraseFiles(Uuid),
    /// Say why Submit does nothing.
    Refuse(Refusal),
    /// The campaign is the server's: go and watch it.
    Watch(Uuid),
}

/// Why Submit does nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// Something is missing or wrong.
    Fields(Vec<FieldError>),
    /// It is not known yet what it adds up to.
    Counting,
    /// The host's sign-in does not allow it, in sentences.
    NotAllowed(Vec<String>),
    /// Prices or recipients could not be loaded.
    NoFigures,
}
