//! From Submit until it has ended: uploading, submitting, stopping, going on after a reload.

use super::{
    Cure, Effect, Ended, Line, Prices, Refusal, Sending, State, Trouble, Wizard, price_list,
};
use crate::problem::{ApiProblem, Field, FieldError, Problem, ProblemCode};
use crate::time::Timestamp;
use crate::wizard::draft::Draft;
use crate::wizard::journey;
use crate::wizard::journey::Step;
use crate::wizard::submission::{Invalid, Submission};
use uuid::Uuid;

/// How often a worker is started again for one upload.
const MOST_RESTARTS: u32 = 2;

impl Wizard {
    /// Submit was pressed.
    pub(super) fn confirm(
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

    pub(super) fn what_is_missing(&self, due: Result<Option<Timestamp>, FieldError>) -> Refusal {
        let mut errors: Vec<_> =
            Step::ALL.into_iter().flat_map(|step| journey::errors(&self.draft, step)).collect();
        errors.extend(due.err().filter(|error| !errors.contains(error)));
        if errors.is_empty() { Refusal::NoFigures } else { Refusal::Fields(errors) }
    }

    pub(super) fn upload(&mut self, sending: Box<Sending>) -> Vec<Effect> {
        let attempt = self.next();
        let submission = Box::new(sending.submission.clone());
        self.state = State::Uploading { sending, attempt, done: 0, line: Line::default() };
        vec![Effect::Save, Effect::Upload { attempt, submission }]
    }

    pub(super) fn submit(&mut self, mut sending: Box<Sending>) -> Vec<Effect> {
        let attempt = self.next();
        let id = sending.submission.id();
        sending.submit_left = true;
        self.state = State::Submitting { sending, attempt, line: Line::default() };
        vec![Effect::Save, Effect::Submit { attempt, id }]
    }

    /// Reads the recipients once more, to go on with their upload.
    pub(super) fn resume(&mut self, sending: Box<Sending>) -> Vec<Effect> {
        let step = self.next();
        self.contacts = None;
        self.state = State::Resuming { sending, step };
        vec![Effect::Process { run: step }]
    }

    pub(super) fn count_to_resume(&mut self) -> Vec<Effect> {
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

    pub(super) fn cannot_resume(&mut self) -> Vec<Effect> {
        self.draft.forget_processed();
        self.contacts = None;
        self.stop(Ended::Interrupted)
    }

    pub(super) fn interrupted(&mut self, attempt: u32, problem: ApiProblem) -> Vec<Effect> {
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
    pub(super) fn woken(&mut self) -> Vec<Effect> {
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

    pub(super) fn refused(&mut self, attempt: u32, problem: ApiProblem) -> Vec<Effect> {
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

    pub(super) fn stop(&mut self, then: Ended) -> Vec<Effect> {
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

    pub(super) fn ask_to_forget(&mut self, mut sending: Box<Sending>, then: Ended) -> Vec<Effect> {
        let (attempt, id) = (self.next(), sending.submission.id());
        sending.is_stopping = true;
        let (then, line) = (Box::new(then), Line::default());
        self.state = State::Stopping { sending, attempt, then, line };
        vec![Effect::Save, Effect::StopUpload, Effect::Forget { attempt, id }]
    }

    /// Nothing was sent: the draft is as it was, under another id.
    pub(super) fn end(&mut self, sending: &Sending, how: Ended) -> Vec<Effect> {
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

    pub(super) fn accepted(&mut self, id: Uuid) -> Vec<Effect> {
        let kept_under = self.draft.kept_under;
        self.begin_anew();
        self.ended = None;
        self.state = State::Accepted { campaign: id };
        vec![Effect::Save, Effect::StopUpload, Effect::EraseFiles(kept_under), Effect::Watch(id)]
    }

    pub(super) fn begin_anew(&mut self) {
        self.draft = Draft::new(next_id(self.draft.id));
        self.prices = Prices::None;
        self.contacts = None;
        self.ended = None;
    }

    pub(super) fn worker_lost(&mut self) -> Vec<Effect> {
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
