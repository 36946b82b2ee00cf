//! The wizard as a state machine: the one owner of the draft and of what becomes of it.
//!
//! Events go in, effects come out; nothing here waits, asks or draws. What the browser does about an
//! effect, it tells with another event, and every event may come late, twice or never.
//!
//! ```text
//! Editing -> Processing -> Counting -> Ready -> Uploading -> Submitting -> Accepted
//!                                        ^          |            |
//!                                        +--- Stopped, Failed <--+-- Stopping
//! ```
//!
//! Three rules make a campaign go out at most once for each Submit, always with what was shown:
//!
//! 1. From Submit until it has ended the draft is frozen: [`Wizard::edit`] changes nothing.
//! 2. `POST …/submit` leaves only in [`State::Submitting`], and only for the id that was confirmed. The
//!    next Submit has another id.
//! 3. Once that request may have left, only the server can say that it is stopped: [`Effect::Forget`] is
//!    awaited in [`State::Stopping`], and the server takes nothing more for an id that it forgot.

mod editing;
mod effect;
mod event;
mod sending;
mod state;

pub use effect::{Effect, Refusal};
pub use event::Event;
pub use state::{Cure, Ended, Line, Prices, Saved, Sending, State, Trouble};

use crate::price::quote::PriceList;
use crate::wire::Destinations;
use crate::wizard::draft::Draft;
use crate::worker_protocol::{Processed, Quoted};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The wizard of one tab.
#[derive(Clone, Debug)]
pub struct Wizard {
    draft: Draft,
    state: State,
    /// What the worker holds of the recipients; `None` until it has read them, also after a reload.
    contacts: Option<Processed>,
    prices: Prices,
    /// How the last Submit ended, until the next.
    ended: Option<Ended>,
    /// Numbers whatever is asked of the browser, so that an answer to an earlier question is known as such.
    asked: u32,
}

impl Wizard {
    /// With an empty draft.
    pub fn new(id: Uuid) -> Self {
        Self {
            draft: Draft::new(id),
            state: EDITING,
            contacts: None,
            prices: Prices::None,
            ended: None,
            asked: 0,
        }
    }

    /// After a reload: the worker is empty, and what was being sent goes on.
    pub fn restore(Saved { draft, sending, accepted }: Saved) -> (Self, Vec<Effect>) {
        let mut wizard = Self { draft, ..Self::new(Uuid::nil()) };
        let mut effects = wizard.load_prices();
        match sending {
            Some(sending) if sending.is_stopping => {
                let sending = sending.into();
                effects.extend(wizard.ask_to_forget(sending, Ended::Stopped));
            }
            Some(sending) if sending.submit_left => effects.extend(wizard.submit(sending.into())),
            Some(sending) => effects.extend(wizard.resume(sending.into())),
            None if wizard.draft.processed.is_some() => effects.extend(wizard.process()),
            None => {}
        }
        if let Some(campaign) = accepted {
            wizard.state = State::Accepted { campaign };
            effects.push(Effect::Watch(campaign));
        }
        (wizard, effects)
    }

    /// What a reload needs.
    pub fn saved(&self) -> Saved {
        let accepted = match self.state {
            State::Accepted { campaign } => Some(campaign),
            _ => None,
        };
        Saved { draft: self.draft.clone(), sending: self.sending().cloned(), accepted }
    }

    /// What the user has typed.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// Where it is.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What the worker holds of the recipients.
    pub fn contacts(&self) -> Option<&Processed> {
        self.contacts.as_ref()
    }

    /// The prices.
    pub fn prices(&self) -> &Prices {
        &self.prices
    }

    /// The prices, once they are here.
    pub fn destinations(&self) -> Option<&Destinations> {
        match &self.prices {
            Prices::Loaded(destinations) => Some(destinations),
            _ => None,
        }
    }

    /// How the last Submit ended without sending anything.
    pub fn ended(&self) -> Option<&Ended> {
        self.ended.as_ref()
    }

    /// What is being sent.
    pub fn sending(&self) -> Option<&Sending> {
        match &self.state {
            State::Resuming { sending, .. }
            | State::Uploading { sending, .. }
            | State::Submitting { sending, .. }
            | State::Stopping { sending, .. } => Some(sending),
            _ => None,
        }
    }

    /// Whether the draft cannot be changed, because it is being sent.
    pub fn is_frozen(&self) -> bool {
        self.sending().is_some()
    }

    /// The figures to show, and whether they are those of the draft as it is.
    pub fn figures(&self) -> Option<(&Quoted, bool)> {
        match &self.state {
            State::Ready(quoted) => Some((quoted, true)),
            State::Counting { stale: Some(quoted), .. } => Some((quoted, false)),
            _ => self.sending().map(|sending| (&sending.shown, true)),
        }
    }

    /// Whether the number of recipients is to be typed before Submit.
    pub fn asks_for_count(&self) -> bool {
        let from = self.destinations().map_or(0, |destinations| destinations.confirm_from);
        let valid = self.draft.processed.as_ref().map_or(0, |summary| summary.valid);
        from > 0 && valid >= from
    }

    /// Changes the draft; nothing while it is frozen.
    pub fn edit(&mut self, change: impl FnOnce(&mut Draft)) -> Vec<Effect> {
        if self.is_frozen() {
            return Vec::new();
        }
        let message = self.draft.message.clone();
        let subaccount = self.draft.subaccount.clone();
        let was_processed = self.draft.processed.is_some();
        let revision = self.draft.input_revision();
        change(&mut self.draft);
        let mut effects = vec![Effect::Save];
        if let State::Accepted { .. } = self.state {
            self.state = EDITING;
        }
        if self.draft.subaccount != subaccount {
            effects.extend(self.load_prices());
        }
        if self.draft.input_revision() != revision {
            if let State::Processing { .. } = self.state {
                effects.push(Effect::CancelProcessing);
            }
            if self.draft.processed.is_none() {
                self.contacts = None;
            }
            self.state = EDITING;
        }
        let others = was_processed != self.draft.processed.is_some();
        if others || self.draft.message != message || self.draft.input_revision() != revision {
            effects.extend(self.recount());
        }
        effects
    }

    /// Takes an event.
    pub fn on(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Process if !self.is_frozen() => self.process(),
            Event::StopProcessing => match self.state {
                State::Processing { .. } => {
                    self.not_processed(None);
                    vec![Effect::CancelProcessing, Effect::Save]
                }
                _ => Vec::new(),
            },
            Event::Progress { run, progress } => {
                if let State::Processing { run: current, progress: known } = &mut self.state
                    && *current == run
                {
                    *known = Some(progress);
                }
                Vec::new()
            }
            Event::Processed { run, processed } => self.processed(run, *processed),
            Event::NotProcessed { run, trouble } => match &self.state {
                State::Processing { run: current, .. } if *current == run => {
                    self.not_processed(trouble);
                    vec![Effect::Save]
                }
                State::Resuming { step, .. } if *step == run => self.cannot_resume(),
                _ => Vec::new(),
            },
            Event::Corrected { correction, processed } if !self.is_frozen() => {
                self.draft.correct(correction);
                self.take(*processed);
                let mut effects = vec![Effect::Save];
                effects.extend(self.recount());
                effects
            }
            Event::SourceLost => match &self.state {
                State::Resuming { .. } => self.cannot_resume(),
                _ if self.is_frozen() => Vec::new(),
                _ => self.edit(Draft::forget_processed),
            },
            Event::Counted { count, quoted } => self.counted(count, quoted),
            Event::PricesLoaded { load, answer } => self.prices_loaded(load, answer),
            Event::ReloadPrices => self.load_prices(),
            Event::Submit { due, typed_count } => self.confirm(due, &typed_count),
            Event::UploadProgress { attempt, done } => {
                if let State::Uploading { attempt: current, done: known, line, .. } =
                    &mut self.state
                    && *current == attempt
                {
                    *known = done.max(*known);
                    *line = Line::default();
                }
                Vec::new()
            }
            Event::Uploaded { attempt } => match &self.state {
                State::Uploading { sending, attempt: current, .. } if *current == attempt => {
                    let sending = sending.clone();
                    self.submit(sending)
                }
                _ => Vec::new(),
            },
            Event::Interrupted { attempt, problem } => self.interrupted(attempt, problem),
            Event::Refused { attempt, problem } => self.refused(attempt, problem),
            Event::Submitted { id } => match self.sending() {
                Some(sending) if sending.submission.id() == id => self.accepted(id),
                _ => Vec::new(),
            },
            Event::Forgotten { id } => match &self.state {
                State::Stopping { sending, then, .. } if sending.submission.id() == id => {
                    let (sending, then) = (sending.clone(), then.clone());
                    self.end(&sending, *then)
                }
                // The request that lets it go met a server that had forgotten it.
                State::Submitting { sending, .. } if sending.submission.id() == id => {
                    let sending = sending.clone();
                    self.end(&sending, Ended::Interrupted)
                }
                _ => Vec::new(),
            },
            Event::Woken => self.woken(),
            Event::Stop => self.stop(Ended::Stopped),
            Event::WorkerLost => self.worker_lost(),
            Event::Discard if !self.is_frozen() => {
                let mut effects = vec![Effect::EraseFiles(self.draft.kept_under)];
                if let State::Processing { .. } = self.state {
                    effects.push(Effect::CancelProcessing);
                }
                self.begin_anew();
                self.state = EDITING;
                effects.push(Effect::Save);
                effects
            }
            Event::Process | Event::Corrected { .. } | Event::Discard => Vec::new(),
        }
    }

    fn next(&mut self) -> u32 {
        self.asked = self.asked.wrapping_add(1);
        self.asked
    }
}

const EDITING: State = State::Editing { trouble: None };
/// The prices among the destinations.
pub fn price_list(destinations: &Destinations) -> PriceList {
    let priced = |info: &crate::wire::DestinationInfo| Some((info.country, info.price?));
    let countries: BTreeMap<_, _> = destinations.countries.iter().filter_map(priced).collect();
    PriceList { currency: destinations.currency, countries }
}
