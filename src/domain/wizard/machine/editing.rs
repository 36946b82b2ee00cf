//! Before Submit: reading the recipients, loading the prices, counting.

use super::{EDITING, Effect, Prices, State, Trouble, Wizard, price_list};
use crate::problem::ApiProblem;
use crate::wire::Destinations;
use crate::wizard::submission::Expected;
use crate::worker_protocol::{Processed, Quoted};

impl Wizard {
    pub(super) fn process(&mut self) -> Vec<Effect> {
        let run = self.next();
        self.state = State::Processing { run, progress: None };
        vec![Effect::Process { run }]
    }

    pub(super) fn processed(&mut self, run: u32, processed: Processed) -> Vec<Effect> {
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

    pub(super) fn take(&mut self, processed: Processed) {
        self.draft.processed = Some(processed.summary.clone());
        self.contacts = Some(processed);
    }

    pub(super) fn not_processed(&mut self, trouble: Option<Trouble>) {
        self.draft.forget_processed();
        self.contacts = None;
        self.state = State::Editing { trouble };
    }

    /// Counts, where there is something to count.
    pub(super) fn recount(&mut self) -> Vec<Effect> {
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

    pub(super) fn counted(&mut self, count: u32, quoted: Option<Box<Quoted>>) -> Vec<Effect> {
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

    pub(super) fn load_prices(&mut self) -> Vec<Effect> {
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

    pub(super) fn prices_loaded(
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
}
