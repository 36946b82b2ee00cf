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

mod effect;
mod event;
mod state;

pub use effect::{Effect, Refusal};
pub use event::Event;
pub use state::{Cure, Ended, Line, Prices, Saved, Sending, State, Trouble};

use crate::price::quote::PriceList;
use crate::problem::{ApiProblem, Field, FieldError, Problem, ProblemCode};
use crate::time::Timestamp;
use crate::wire::Destinations;
use crate::wizard::draft::Draft;
use crate::wizard::journey::{self, Step};
use crate::wizard::submission::{Expected, Invalid, Submission};
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
    pub fn restore(Saved { draft, sending }: Saved) -> (Self, Vec<Effect>) {
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
        (wizard, effects)
    }

    /// What a reload needs.
    pub fn saved(&self) -> Saved {
        Saved { draft: self.draft.clone(), sending: self.sending().cloned() }
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

    fn process(&mut self) -> Vec<Effect> {
        let run = self.next();
        self.state = State::Processing { run, progress: None };
        vec![Effect::Process { run }]
    }

    fn processed(&mut self, run: u32, processed: Processed) -> Vec<Effect> {
        match &self.state {
            State::Processing { run: current, .. } if *current == run => {
                self.take(processed);
                self.state = EDITING;
                let mut effects = vec![Effect::Save];
                effects.extend(self.recount());
                effects
            }
            State::Resuming { step, .. } if *step == run => {
                self.take(processed);
                self.count_to_resume()
            }
            _ => Vec::new(),
        }
    }

    fn take(&mut self, processed: Processed) {
        self.draft.processed = Some(processed.summary.clone());
        self.contacts = Some(processed);
    }

    fn not_processed(&mut self, trouble: Option<Trouble>) {
        self.draft.forget_processed();
        self.contacts = None;
        self.state = State::Editing { trouble };
    }

    /// Counts, where there is something to count.
    fn recount(&mut self) -> Vec<Effect> {
        if let State::Processing { .. } = self.state {
            // It is counted when it has been read.
            return Vec::new();
        }
        let stale = match std::mem::replace(&mut self.state, EDITING) {
            State::Ready(quoted) => Some(quoted),
            State::Counting { stale, .. } => stale,
            State::Editing { trouble } => {
                self.state = State::Editing { trouble };
                None
            }
            _ => None,
        };
        let is_read = self.contacts.is_some() && self.draft.processed.is_some();
        if !is_read || self.draft.parse_message().is_err() {
            return Vec::new();
        }
        let prices = match &self.prices {
            Prices::Loaded(destinations) => Some(price_list(destinations)),
            // It is counted when they are here.
            Prices::Loading { .. } => None,
            Prices::None | Prices::Failed(_) => return Vec::new(),
        };
        let count = self.next();
        self.state = State::Counting { count, stale };
        let message = self.draft.message.clone();
        prices.map(|prices| Effect::Count { count, message, prices }).into_iter().collect()
    }

    fn counted(&mut self, count: u32, quoted: Option<Box<Quoted>>) -> Vec<Effect> {
        match (&self.state, quoted) {
            (State::Counting { count: current, .. }, quoted) if *current == count => {
                self.state = quoted.map_or(EDITING, State::Ready);
                Vec::new()
            }
            (State::Resuming { step, sending }, Some(quoted)) if *step == count => {
                let is_the_same = Expected::from(&quoted.quote) == *sending.submission.expected();
                let sending = sending.clone();
                if is_the_same { self.upload(sending) } else { self.cannot_resume() }
            }
            (State::Resuming { step, .. }, None) if *step == count => self.cannot_resume(),
            _ => Vec::new(),
        }
    }

    fn load_prices(&mut self) -> Vec<Effect> {
        if self.draft.subaccount.is_empty() {
            self.prices = Prices::None;
            return Vec::new();
        }
        let load = self.next();
        self.prices = Prices::Loading { load };
        if let State::Ready(_) | State::Counting { .. } = self.state {
            // What was counted with other prices is not exact any more.
            self.recount();
        }
        vec![Effect::LoadPrices { load, subaccount: self.draft.subaccount.clone() }]
    }

    fn prices_loaded(
        &mut self,
        load: u32,
        answer: Result<Box<Destinations>, ApiProblem>,
    ) -> Vec<Effect> {
        if self.prices != (Prices::Loading { load }) {
            return Vec::new();
        }
        self.prices = match answer {
            Ok(destinations) => Prices::Loaded(destinations),
            Err(problem) => Prices::Failed(problem),
        };
        match &self.state {
            State::Resuming { .. } if self.contacts.is_some() => self.count_to_resume(),
            _ if self.is_frozen() => Vec::new(),
            State::Accepted { .. } => Vec::new(),
            _ => self.recount(),
        }
    }

    /// Submit was pressed.
    fn confirm(
        &mut self,
        due: Result<Option<Timestamp>, FieldError>,
        typed_count: &str,
    ) -> Vec<Effect> {
        let shown = match &self.state {
            State::Ready(quoted) => quoted.clone(),
            State::Counting { .. } | State::Processing { .. } => {
                return vec![Effect::Refuse(Refusal::Counting)];
            }
            State::Editing { .. } => return vec![Effect::Refuse(self.what_is_missing(due))],
            _ => return Vec::new(),
        };
        if !shown.objections.is_empty() {
            return vec![Effect::Refuse(Refusal::NotAllowed(shown.objections))];
        }
        let (due, mut errors) = match due {
            Ok(due) => (due, Vec::new()),
            Err(error) => (None, vec![error]),
        };
        let submission = match Submission::from_draft(&self.draft, due, &shown.quote) {
            Ok(submission) => Some(submission),
            Err(Invalid(more)) => {
                errors.splice(0..0, more);
                None
            }
        };
        let recipients = shown.quote.recipients;
        if self.asks_for_count() && parse_count(typed_count) != Some(recipients) {
            let problem = match parse_count(typed_count) {
                None => Problem::NoCount,
                Some(_) => Problem::CountDiffers(recipients),
            };
            errors.push(FieldError::new(Field::Count, problem));
        }
        match submission {
            Some(submission) if errors.is_empty() => {
                self.ended = None;
                let shown = *shown;
                let sending = Sending {
                    submission,
                    shown,
                    submit_left: false,
                    is_stopping: false,
                    restarts: 0,
                };
                self.upload(sending.into())
            }
            _ => vec![Effect::Refuse(Refusal::Fields(errors))],
        }
    }

    fn what_is_missing(&self, due: Result<Option<Timestamp>, FieldError>) -> Refusal {
        let mut errors: Vec<_> =
            Step::ALL.into_iter().flat_map(|step| journey::errors(&self.draft, step)).collect();
        errors.extend(due.err().filter(|error| !errors.contains(error)));
        if errors.is_empty() { Refusal::NoFigures } else { Refusal::Fields(errors) }
    }

    fn upload(&mut self, sending: Box<Sending>) -> Vec<Effect> {
        let attempt = self.next();
        let submission = Box::new(sending.submission.clone());
        self.state = State::Uploading { sending, attempt, done: 0, line: Line::default() };
        vec![Effect::Save, Effect::Upload { attempt, submission }]
    }

    fn submit(&mut self, mut sending: Box<Sending>) -> Vec<Effect> {
        let attempt = self.next();
        let id = sending.submission.id();
        sending.submit_left = true;
        self.state = State::Submitting { sending, attempt, line: Line::default() };
        vec![Effect::Save, Effect::Submit { attempt, id }]
    }

    /// Reads the recipients once more, to go on with their upload.
    fn resume(&mut self, sending: Box<Sending>) -> Vec<Effect> {
        let step = self.next();
        self.contacts = None;
        self.state = State::Resuming { sending, step };
        vec![Effect::Process { run: step }]
    }

    fn count_to_resume(&mut self) -> Vec<Effect> {
        let Some(prices) = self.destinations().map(price_list) else {
            // It is counted when the prices are here; without them it waits and says so.
            return match &self.prices {
                Prices::Failed(_) => vec![Effect::Wait { millis: wait(1) }],
                _ => Vec::new(),
            };
        };
        let count = self.next();
        let State::Resuming { sending, step } = &mut self.state else { return Vec::new() };
        *step = count;
        let message = sending.submission.message().template().source().to_owned();
        vec![Effect::Count { count, message, prices }]
    }

    fn cannot_resume(&mut self) -> Vec<Effect> {
        self.draft.forget_processed();
        self.contacts = None;
        self.stop(Ended::Interrupted)
    }

    fn interrupted(&mut self, attempt: u32, problem: ApiProblem) -> Vec<Effect> {
        let (State::Uploading { attempt: current, line, .. }
        | State::Submitting { attempt: current, line, .. }
        | State::Stopping { attempt: current, line, .. }) = &mut self.state
        else {
            return Vec::new();
        };
        if *current != attempt {
            return Vec::new();
        }
        line.tries += 1;
        line.problem = Some(problem);
        vec![Effect::Wait { millis: wait(line.tries) }]
    }

    /// Tries again what got no answer.
    fn woken(&mut self) -> Vec<Effect> {
        let attempt = self.next();
        match &mut self.state {
            State::Uploading { sending, attempt: current, line, .. } if line.tries > 0 => {
                *current = attempt;
                vec![Effect::Upload { attempt, submission: sending.submission.clone().into() }]
            }
            State::Submitting { sending, attempt: current, line } if line.tries > 0 => {
                *current = attempt;
                vec![Effect::Submit { attempt, id: sending.submission.id() }]
            }
            State::Stopping { sending, attempt: current, line, .. } if line.tries > 0 => {
                *current = attempt;
                vec![Effect::Forget { attempt, id: sending.submission.id() }]
            }
            State::Resuming { .. } if matches!(self.prices, Prices::Failed(_)) => {
                self.load_prices()
            }
            _ => Vec::new(),
        }
    }

    fn refused(&mut self, attempt: u32, problem: ApiProblem) -> Vec<Effect> {
        let sending = match &self.state {
            State::Uploading { sending, attempt: current, .. }
            | State::Submitting { sending, attempt: current, .. }
                if *current == attempt =>
            {
                sending.clone()
            }
            _ => return Vec::new(),
        };
        if let (State::Submitting { .. }, ProblemCode::RecipientsIncomplete) =
            (&self.state, problem.code)
        {
            // The server lacks some after all: whoever has read them can send them again.
            return if self.contacts.is_some() {
                self.upload(sending)
            } else {
                self.resume(sending)
            };
        }
        let cure = cure(&problem);
        let reload = problem.code == ProblemCode::CostChanged;
        let mut effects = self.stop(Ended::Failed { why: problem, cure });
        if reload {
            effects.extend(self.load_prices());
        }
        effects
    }

    fn stop(&mut self, then: Ended) -> Vec<Effect> {
        match &self.state {
            State::Resuming { sending, .. }
            | State::Uploading { sending, .. }
            | State::Submitting { sending, .. } => {
                let sending = sending.clone();
                if sending.submit_left {
                    return self.ask_to_forget(sending, then);
                }
                // It was never let go, so that nothing can have been sent.
                let (attempt, id) = (self.next(), sending.submission.id());
                let mut effects = self.end(&sending, then);
                effects.extend([Effect::StopUpload, Effect::Forget { attempt, id }]);
                effects
            }
            _ => Vec::new(),
        }
    }

    fn ask_to_forget(&mut self, mut sending: Box<Sending>, then: Ended) -> Vec<Effect> {
        let (attempt, id) = (self.next(), sending.submission.id());
        sending.is_stopping = true;
        let (then, line) = (Box::new(then), Line::default());
        self.state = State::Stopping { sending, attempt, then, line };
        vec![Effect::Save, Effect::StopUpload, Effect::Forget { attempt, id }]
    }

    /// Nothing was sent: the draft is as it was, under another id.
    fn end(&mut self, sending: &Sending, how: Ended) -> Vec<Effect> {
        self.draft.id = next_id(self.draft.id);
        self.ended = Some(how);
        self.state = State::Ready(Box::new(sending.shown.clone()));
        let mut effects = vec![Effect::Save];
        if self.contacts.is_none() && self.draft.processed.is_some() {
            effects.extend(self.process());
        } else {
            // Prices may have changed meanwhile.
            effects.extend(self.recount());
        }
        effects
    }

    fn accepted(&mut self, id: Uuid) -> Vec<Effect> {
        let kept_under = self.draft.kept_under;
        self.begin_anew();
        self.ended = None;
        self.state = State::Accepted { campaign: id };
        vec![Effect::Save, Effect::StopUpload, Effect::EraseFiles(kept_under), Effect::Watch(id)]
    }

    fn begin_anew(&mut self) {
        self.draft = Draft::new(next_id(self.draft.id));
        self.prices = Prices::None;
        self.contacts = None;
        self.ended = None;
    }

    fn worker_lost(&mut self) -> Vec<Effect> {
        match &self.state {
            State::Uploading { sending, .. } | State::Resuming { sending, .. } => {
                let mut sending = sending.clone();
                sending.restarts += 1;
                if sending.restarts > MOST_RESTARTS {
                    return self.cannot_resume();
                }
                let mut effects = vec![Effect::RestartWorker];
                effects.extend(self.resume(sending));
                effects
            }
            State::Submitting { .. } | State::Stopping { .. } => {
                self.contacts = None;
                Vec::new()
            }
            State::Accepted { .. } => Vec::new(),
            _ => {
                self.not_processed(Some(Trouble::WorkerLost));
                vec![Effect::Save]
            }
        }
    }
}

const EDITING: State = State::Editing { trouble: None };
/// How often a worker is started again for one upload.
const MOST_RESTARTS: u32 = 2;

/// How long to wait before the next try, in milliseconds: 1 s, 2 s, 4 s … at most half a minute.
fn wait(tries: u32) -> u32 {
    (1_000_u32 << tries.saturating_sub(1).min(5)).min(30_000)
}

/// The id of the next campaign of this tab. The first one is random, which makes the next as good.
fn next_id(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128().wrapping_add(1))
}

/// What to do about a refusal.
fn cure(problem: &ApiProblem) -> Cure {
    match problem.code {
        ProblemCode::CostChanged => Cure::CheckCost,
        ProblemCode::Invalid => {
            let step = problem.fields.keys().find_map(|id| Step::of(Field::from_id(id)?));
            step.map_or(Cure::SubmitAgain, Cure::Change)
        }
        _ => Cure::SubmitAgain,
    }
}

/// A count as people type it: `1,000`, `1.000`, `1 000`.
fn parse_count(typed: &str) -> Option<u32> {
    let is_separator = |c: char| c.is_whitespace() || ",.'’_".contains(c);
    let digits: String = typed.chars().filter(|c| !is_separator(*c)).collect();
    digits.parse().ok()
}

/// The prices among the destinations.
pub fn price_list(destinations: &Destinations) -> PriceList {
    let priced = |info: &crate::wire::DestinationInfo| Some((info.country, info.price?));
    let countries: BTreeMap<_, _> = destinations.countries.iter().filter_map(priced).collect();
    PriceList { currency: destinations.currency, countries }
}
