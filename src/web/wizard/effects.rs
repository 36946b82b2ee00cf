//! What the browser does for the machine: every [`Effect`], and the event that comes of it.

use super::context::WizardContext;
use super::storage;
use crate::browser::{self, Kept};
use crate::host;
use crate::routes;
use domain::price::quote::PriceList;
use domain::problem::{ApiProblem, ProblemCode};
use domain::recipients::Summary;
use domain::wire::{Campaign, Destinations};
use domain::wizard::machine::{Effect, Event, State, Trouble, Wizard};
use domain::wizard::submission::Submission;
use domain::worker_protocol::{By, Keeping, Request, Response};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use uuid::Uuid;

/// How often a campaign is asked to be forgotten when nobody waits for the answer.
const FORGET_TRIES: u32 = 6;
/// Keystrokes that follow each other this fast are counted once.
const PAUSE_BEFORE_COUNTING: i32 = 80;

impl WizardContext {
    /// Takes up what was kept for a reload.
    pub fn restore(self, saved: domain::wizard::machine::Saved) {
        let (wizard, effects) = Wizard::restore(saved);
        self.machine.set(wizard);
        self.reopen_files();
        self.carry_out(effects);
    }

    pub(super) fn carry_out(self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Save => self.save(),
                Effect::Process { run } => self.process(run),
                Effect::CancelProcessing => self.tell_worker(Request::Cancel),
                Effect::Count { count, message, prices } => self.count(count, message, prices),
                Effect::LoadPrices { load, subaccount } => self.load_prices(load, subaccount),
                Effect::Upload { attempt, submission } => self.upload(attempt, submission),
                Effect::StopUpload => self.tell_worker(Request::StopUpload),
                Effect::Submit { attempt, id } => self.ask_to_submit(attempt, id),
                Effect::Forget { attempt, id } => self.forget(attempt, id),
                Effect::Wait { millis } => self.wait(millis),
                Effect::RestartWorker => self.restart_worker(),
                Effect::EraseFiles(kept_under) => self.erase_files(kept_under),
                // Answered by `submit`.
                Effect::Refuse(_) => {}
                Effect::Watch(id) => self.watch(id),
            }
        }
    }

    fn save(self) {
        let Some(user) = self.user else { return };
        let kept = self.machine.with_untracked(|wizard| {
            let revision = wizard.draft().input_revision();
            let with_pasted = self.kept_revision.try_get_value().flatten() != Some(revision);
            self.kept_revision.try_set_value(Some(revision));
            storage::save(user, &wizard.saved(), with_pasted)
        });
        self.storage_is_full.set(kept.is_err());
    }

    fn process(self, run: u32) {
        spawn_local(async move {
            if let Some(words) = self.file_problem() {
                let trouble = Some(Trouble::Unreadable(words));
                return self.send(Event::NotProcessed { run, trouble });
            }
            let Some(input) = self.machine.try_with_untracked(|wizard| wizard.draft().input())
            else {
                return;
            };
            let hear = move |response| {
                if let Response::Progress(progress) = response {
                    self.send(Event::Progress { run, progress });
                }
            };
            let answer = self.worker.ask_with(Request::Process(input), None, hear).await;
            let not = |trouble| Event::NotProcessed { run, trouble };
            self.send(match answer {
                Ok(Response::Processed(processed)) => {
                    // After a reload a file may be gone, and what was read is less than it was.
                    match self.file_problem() {
                        Some(words) => not(Some(Trouble::Unreadable(words))),
                        None => {
                            tell_host_of(&processed.summary);
                            Event::Processed { run, processed }
                        }
                    }
                }
                Ok(Response::Canceled) => not(None),
                Ok(Response::Unreadable { words, .. } | Response::Failed(words)) => {
                    not(Some(Trouble::Unreadable(words)))
                }
                Ok(_) => not(Some(Trouble::WorkerLost)),
                // Told by the worker's own event.
                Err(_) => return,
            });
        });
    }

    /// Counts the latest of what there is to count: one request at a time.
    fn count(self, count: u32, message: String, prices: PriceList) {
        let is_counting = self.to_count.try_update_value(|to_count| {
            to_count.next = Some((count, message, prices));
            std::mem::replace(&mut to_count.is_counting, true)
        });
        if is_counting != Some(false) {
            return;
        }
        spawn_local(async move {
            loop {
                browser::sleep(PAUSE_BEFORE_COUNTING).await;
                let next = self.to_count.try_update_value(|to_count| {
                    let next = to_count.next.take();
                    to_count.is_counting = next.is_some();
                    next
                });
                let Some((count, message, prices)) = next.flatten() else { return };
                let request = Request::Quote { message, prices, grant: host::grant() };
                let quoted = match self.worker.ask(request).await {
                    Ok(Response::Quoted(quoted)) => quoted,
                    _ => None,
                };
                self.send(Event::Counted { count, quoted });
            }
        });
    }

    fn load_prices(self, load: u32, subaccount: String) {
        let path =
            format!("/destinations?subaccount={}", js_sys::encode_uri_component(&subaccount));
        spawn_local(async move {
            let answer = self.api.get::<Destinations>(&path).await.map(Box::new);
            self.send(Event::PricesLoaded { load, answer });
        });
    }

    fn upload(self, attempt: u32, submission: Box<Submission>) {
        spawn_local(async move {
            if let Some(event) = self.uploaded(attempt, submission).await {
                self.send(event);
            }
        });
    }

    /// What the upload comes to; `None` when that is told otherwise, or nobody waits for it any more.
    async fn uploaded(self, attempt: u32, submission: Box<Submission>) -> Option<Event> {
        let hear = move |response| {
            if let Response::Uploading { attempt, done } = response {
                self.send(Event::UploadProgress { attempt, done });
            }
        };
        let id = submission.id();
        let mut bearer = match host::bearer().await {
            Ok(bearer) => bearer,
            Err(problem) => return Some(not_vouched_for(attempt, problem)),
        };
        let mut is_renewed = false;
        loop {
            // It may have been stopped while the host was asked.
            if !self.is_uploading(attempt) {
                return None;
            }
            let submission = submission.clone();
            let by = bearer.clone().map(By::Bearer).or(self.user.map(By::User))?;
            let request = Request::Upload { attempt, submission, by };
            return Some(match self.worker.ask_with(request, None, hear).await {
                Ok(Response::Uploaded { attempt }) => Event::Uploaded { attempt },
                Ok(Response::AlreadySubmitted { .. }) => Event::Submitted { id },
                Ok(Response::Interrupted { attempt, problem }) => {
                    Event::Interrupted { attempt, problem: *problem }
                }
                Ok(Response::UploadRefused { attempt, problem })
                    if matches!(problem.code, ProblemCode::SignedOut | ProblemCode::OtherUser) =>
                {
                    let problem = *problem;
                    match bearer.filter(|_| !is_renewed) {
                        Some(refused) => match host::renew(&refused).await {
                            Ok(renewed) => {
                                (bearer, is_renewed) = (renewed, true);
                                continue;
                            }
                            Err(problem) => not_vouched_for(attempt, problem),
                        },
                        None => {
                            // Outside of a frame this leads to the sign-in page; it goes on after that.
                            drop(self.api.judge::<()>(Err(problem.clone())));
                            Event::Interrupted { attempt, problem }
                        }
                    }
                }
                Ok(Response::UploadRefused { attempt, problem }) => {
                    Event::Refused { attempt, problem: *problem }
                }
                Ok(Response::Canceled) => return None,
                // Told by the worker's own event.
                Err(_) => return None,
                Ok(_) => Event::Interrupted { attempt, problem: ApiProblem::offline() },
            });
        }
    }

    fn is_uploading(self, attempt: u32) -> bool {
        let is_current = |wizard: &Wizard| match wizard.state() {
            State::Uploading { attempt: current, .. } => *current == attempt,
            _ => false,
        };
        self.machine.try_with_untracked(is_current) == Some(true)
    }

    fn ask_to_submit(self, attempt: u32, id: Uuid) {
        spawn_local(async move {
            let answer = self.api.post::<Campaign>(&format!("/campaigns/{id}/submit")).await;
            self.send(match answer {
                Ok(_) => Event::Submitted { id },
                Err(problem) if problem.status == 410 => Event::Forgotten { id },
                Err(problem) if is_passing(&problem) || problem.code == ProblemCode::SignedOut => {
                    Event::Interrupted { attempt, problem }
                }
                Err(problem) => Event::Refused { attempt, problem },
            });
        });
    }

    fn forget(self, attempt: u32, id: Uuid) {
        spawn_local(async move {
            for tries in 0..FORGET_TRIES {
                let problem = match self.api.delete(&format!("/campaigns/{id}")).await {
                    Ok(()) => return self.send(Event::Forgotten { id }),
                    Err(problem) if problem.code == ProblemCode::AlreadySubmitted => {
                        return self.send(Event::Submitted { id });
                    }
                    // Nobody's, or somebody else's: none that would be sent for us.
                    Err(problem) if problem.status == 404 => {
                        return self.send(Event::Forgotten { id });
                    }
                    Err(problem) => problem,
                };
                let waits = |wizard: &Wizard| matches!(wizard.state(), State::Stopping { .. });
                match self.machine.try_with_untracked(waits) {
                    None => return,
                    Some(true) => return self.send(Event::Interrupted { attempt, problem }),
                    // It was never let go. Should it not be forgotten now, the server does so in time.
                    Some(false) => browser::sleep(1_000 << tries).await,
                }
            }
        });
    }

    fn wait(self, millis: u32) {
        self.is_waiting.try_set_value(true);
        let wake = move || self.wake();
        set_timeout(wake, Duration::from_millis(millis.into()));
    }

    /// Tries again what got no answer, unless that is done already.
    pub fn wake(self) {
        let was_waiting = self.is_waiting.try_update_value(|waits| std::mem::replace(waits, false));
        if was_waiting == Some(true) {
            self.send(Event::Woken);
        }
    }

    /// Starts the worker again, and has it look into the files.
    pub fn restart_worker(self) {
        self.worker.restart();
        self.reopen_files();
    }

    fn erase_files(self, kept_under: Uuid) {
        self.files.try_set(Vec::new());
        let keeping = self.user.map_or(Keeping::Nothing, Keeping::Columns);
        spawn_local(async move {
            // The worker erases what it keeps; should it be gone, the page does.
            if self.worker.ask(Request::Keep(keeping)).await.is_err() {
                browser::erase(Kept::Draft(kept_under));
            }
        });
    }

    fn watch(self, id: Uuid) {
        host::tell("submitted", &format!("{{\"campaignId\":\"{id}\"}}"));
        host::spent();
        // Whoever has gone elsewhere meanwhile stays there: the bar leads to the campaign.
        let pathname = window().location().pathname().unwrap_or_default();
        let path = domain::pages::within_frame(&pathname).unwrap_or(&pathname);
        if routes::is_wizard(path) {
            self.navigate.replace(&routes::campaign(id));
        }
    }

    pub(super) fn tell_worker(self, request: Request) {
        spawn_local(async move {
            // When the worker is gone, so is what it would stop or forget.
            let _ = self.worker.ask(request).await;
        });
    }
}

/// Whether the same request may be answered otherwise in a while.
fn is_passing(problem: &ApiProblem) -> bool {
    problem.code == ProblemCode::Offline || problem.status == 429 || problem.status >= 500
}

/// There is no bearer to be had from the host.
fn not_vouched_for(attempt: u32, problem: ApiProblem) -> Event {
    if is_passing(&problem) {
        Event::Interrupted { attempt, problem }
    } else {
        Event::Refused { attempt, problem }
    }
}

fn tell_host_of(summary: &Summary) {
    let Summary { total, valid, unable, duplicates, repaired, .. } = summary;
    host::tell(
        "processed",
        &format!(
            "{{\"total\":{total},\"valid\":{valid},\"rejected\":{unable},\
             \"duplicates\":{duplicates},\"repaired\":{repaired}}}"
        ),
    );
}
