//! The frame of the four steps: the list of them, who may be where, and the bar at the foot.

use crate::api::Api;
use crate::browser;
use crate::files::Files;
use crate::host;
use crate::load::Load;
use crate::page::PageHeading;
use crate::reactive::{Computed, Var, answer, effect, spawn};
use crate::routes::{self, Here, Place};
use crate::shell::BeginAgain;
use crate::state::DraftState;
use crate::steps::{self, compose::Compose, recipients::Recipients, send::Send};
use crate::ui::dialog::Confirm;
use crate::ui::dynamic::{dynamic, each, text, when};
use crate::ui::problems::{ProblemSummary, Problems};
use crate::worker_client::WorkerClient;
use domain::message::Message;
use domain::price::quote::{PriceList, Quote};
use domain::problem::{ApiProblem, FieldError};
use domain::recipients::Summary;
use domain::recipients::input::{Correction, Input};
use domain::recipients::phone::Country;
use domain::wire::{DestinationInfo, Destinations, Subaccount};
use domain::wizard::journey::{self, Journey, Step};
use domain::worker_protocol::{Processed, Progress, Request, Response};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What the steps share beside the draft. In the context of the wizard.
#[derive(Clone, Copy)]
pub struct Shared {
    /// What the user has typed.
    pub draft: DraftState,
    /// Keeps the recipients.
    pub worker: WorkerClient,
    /// The files they come from.
    pub files: Files,
    /// Those that can be chosen.
    pub subaccounts: Var<Load<Vec<Subaccount>>>,
    /// Countries, prices and rules for the chosen subaccount.
    pub destinations: Var<Load<Destinations>>,
    /// What the worker has told about the recipients it holds.
    pub processed: Var<Option<Processed>>,
    /// Whether the worker is at it.
    pub processing: Var<bool>,
    /// How far it is.
    pub progress: Var<Option<Progress>>,
    /// Why it could not be processed again, if so.
    pub trouble: Var<String>,
    /// Counts how often it was asked for.
    run: Var<u32>,
    /// The sums for the message as it is; `None` while there is nothing to count.
    pub quote: Var<Option<Quote>>,
    /// Why the host's sign-in does not allow it, in sentences.
    pub objections: Var<Vec<String>>,
    discarded: Var<bool>,
}

impl Shared {
    fn new() -> Self {
        let draft = expect_context::<DraftState>();
        let worker = WorkerClient::start();
        let destinations = Var::new(Load::Waiting);
        let processed = Var::new(None);
        let objections = Var::new(Vec::new());
        let message = Computed::new(move || draft.read(|draft| draft.message.clone()));
        let quote = answer(move || {
            let message = message.get();
            let prices = destinations.with(|d| d.done().map(price_list));
            let counted = processed.with(Option::is_some) && Message::parse(&message).is_ok();
            async move {
                let prices = prices.filter(|_| counted)?;
                browser::sleep(80).await;
                let grant = host::grant();
                let quoted = match worker.ask(Request::Quote { message, prices, grant }).await {
                    Ok(Response::Quoted(quoted)) => quoted.map(|quoted| *quoted),
                    _ => None,
                };
                let (quote, why_not) = quoted.map(|q| (q.quote, q.objections)).unzip();
                objections.set(why_not.unwrap_or_default());
                quote
            }
        });
        Self {
            draft,
            worker,
            files: Files::of(draft, worker),
            subaccounts: Var::new(Load::Waiting),
            destinations,
            processed,
            processing: Var::new(false),
            progress: Var::new(None),
            trouble: Var::new(String::new()),
            run: Var::new(0),
            quote,
            objections,
            discarded: Var::new(false),
        }
    }

    /// Fetches the subaccounts; the only one is chosen at once.
    pub fn load_subaccounts(self, api: Api) {
        self.subaccounts.set(Load::Waiting);
        spawn(async move {
            let answer = api.get::<Vec<Subaccount>>("/subaccounts").await;
            if let Ok(offered) = answer.as_deref() {
                let chosen = self.draft.try_peek(|draft| draft.subaccount.clone());
                let is_offered = |id: String| offered.iter().any(|one| one.id == id);
                match offered {
                    [only] => self.draft.change(|draft| draft.subaccount.clone_from(&only.id)),
                    // A host may have preset one that is not there.
                    _ if host::is_around() && !chosen.is_some_and(is_offered) => {
                        self.draft.change(|draft| draft.subaccount.clear());
                    }
                    _ => {}
                }
            }
            self.subaccounts.set(answer.into());
        });
    }

    /// Fetches countries, prices and rules for the chosen subaccount.
    pub fn load_destinations(self, api: Api) {
        let Some(subaccount) = self.draft.try_peek(|draft| draft.subaccount.clone()) else {
            return;
        };
        self.destinations.set(Load::Waiting);
        if subaccount.is_empty() {
            return;
        }
        let path =
            format!("/destinations?subaccount={}", js_sys::encode_uri_component(&subaccount));
        spawn(async move {
            let answer = api.get::<Destinations>(&path).await;
            // Another may have been chosen meanwhile.
            if self.draft.try_peek(|draft| draft.subaccount == subaccount) == Some(true) {
                self.destinations.set(answer.into());
            }
        });
    }

    /// Has the worker read everything. `done` hears what came of it, unless it is asked for once more meanwhile.
    pub fn process(self, done: impl FnOnce(Outcome) + 'static) {
        let run = self.run.get_untracked() + 1;
        self.run.set(run);
        let asked = self.asked();
        let ask = Request::Process(asked.0.clone());
        self.processing.set(true);
        self.progress.set(None);
        self.trouble.set(String::new());
        let hear = move |answer| {
            if let Response::Progress(progress) = answer {
                self.progress.set(Some(progress));
            }
        };
        spawn(async move {
            let answer = self.worker.ask_with(ask, None, hear).await;
            if self.run.try_get_untracked() != Some(run) {
                return;
            }
            let outcome = match answer {
                // After a reload a file may be gone, and what was processed is less than it was.
                Ok(Response::Processed(processed))
                    if self.asked() == asked && self.files.problem().is_none() =>
                {
                    self.take(*processed);
                    Outcome::Processed
                }
                Ok(Response::Processed(_) | Response::Canceled) => Outcome::Canceled,
                Ok(Response::Unreadable { words, .. }) => Outcome::Unreadable(words),
                _ => Outcome::Lost,
            };
            self.processing.set(false);
            if !matches!(outcome, Outcome::Processed) {
                self.draft.change(|draft| draft.processed = None);
            }
            done(outcome);
        });
    }

    /// The same after a change of how to read it; what goes wrong is told by itself.
    pub fn process_again(self) {
        self.process(move |outcome| match outcome {
            Outcome::Unreadable(words) => self.trouble.set(words),
            Outcome::Lost => self.trouble.set(LOST.to_owned()),
            Outcome::Processed | Outcome::Canceled => {}
        });
    }

    /// What there is to process, and which files it is.
    pub fn asked(self) -> (Input, u32) {
        let input = self.draft.try_peek(domain::wizard::draft::Draft::input);
        (input.unwrap_or_default(), self.files.revision())
    }

    /// Stops reading.
    pub fn cancel(self) {
        spawn(async move {
            // When the worker is gone, nothing is being read.
            let _ = self.worker.ask(Request::Cancel).await;
        });
    }

    /// Keeps a correction, and takes what came of it.
    pub fn corrected(self, correction: Correction, processed: Processed) {
        self.draft.change(|draft| draft.corrections.push(correction));
        self.take(processed);
    }

    /// Starts the worker again, and has it look into what it held.
    pub fn restart_worker(self) {
        self.worker.restart();
        self.processed.set(None);
        self.draft.change(|draft| draft.processed = None);
        self.files.reopen();
    }

    fn take(self, processed: Processed) {
        let summary = processed.summary.clone();
        let Summary { total, valid, unable, duplicates, repaired, .. } = summary;
        host::tell(
            "processed",
            &format!(
                "{{\"total\":{total},\"valid\":{valid},\"rejected\":{unable},\
                 \"duplicates\":{duplicates},\"repaired\":{repaired}}}"
            ),
        );
        self.processed.set(Some(processed));
        self.draft.change(|draft| draft.processed = Some(summary));
    }

    /// What is known of a country.
    pub fn country(self, country: Country) -> Option<DestinationInfo> {
        self.destinations.with(|destinations| {
            destinations.done()?.countries.iter().find(|info| info.country == country).cloned()
        })
    }

    /// A country's name; its code as long as the names are not there.
    pub fn country_name(self, country: Option<Country>) -> String {
        match country {
            None => "International services".to_owned(),
            Some(country) => {
                self.country(country).map_or_else(|| country.code().to_owned(), |info| info.name)
            }
        }
    }
}

/// The worker is gone.
pub const LOST: &str = "The part of this page that checks numbers could not be loaded. Check your connection and try again; nothing you typed is lost.";

/// What came of processing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A summary.
    Processed,
    /// Somebody stopped it.
    Canceled,
    /// A file cannot be read, and why.
    Unreadable(String),
    /// The worker is gone.
    Lost,
}

/// The prices among the destinations.
pub fn price_list(destinations: &Destinations) -> PriceList {
    let mut list = PriceList { currency: destinations.currency, countries: BTreeMap::new() };
    for info in &destinations.countries {
        if let Some(price) = info.price {
            list.countries.insert(info.country, price);
        }
    }
    list
}

/// The steps' common frame and state.
#[component]
pub fn Wizard() -> impl IntoView {
    let api = expect_context::<Api>();
    let shared = Shared::new();
    provide_context(shared);
    shared.load_subaccounts(api);
    let subaccount = Computed::new(move || shared.draft.read(|draft| draft.subaccount.clone()));
    effect(move || {
        subaccount.get();
        shared.load_destinations(api);
    });
    // After a reload the draft is there and the worker is empty.
    if shared.draft.peek(|draft| draft.processed.is_some()) {
        shared.process_again();
    }
    on_cleanup(move || {
        if shared.discarded.get_untracked() {
            browser::forget_files(Some(shared.draft.peek(|draft| draft.kept_under)));
            shared.draft.start_over();
        }
    });

    let here = expect_context::<Here>();
    let current = Computed::new(move || match here.place() {
        Place::Wizard(Some(step)) => step,
        _ => Step::Subaccount,
    });
    let journey = Computed::new(move || shared.draft.read(Journey::of));
    let may_visit = Computed::new(move || journey.get().can_visit(current.get()));
    view! {
        <div class="wizard">
            <StepList current=current journey=journey />
            {dynamic(move || {
                match here.place() {
                    Place::Wizard(Some(step)) if may_visit.get() => step_view(step),
                    Place::Wizard(step) => {
                        let first_open = || journey.get_untracked().first_open();
                        here.replace(&routes::step(step.map_or(Step::Subaccount, |_| first_open())));
                        ().into_any()
                    }
                    // The wizard is being left.
                    _ => ().into_any(),
                }
            })}
        </div>
    }
}

fn step_view(step: Step) -> AnyView {
    match step {
        Step::Subaccount => view! { <steps::subaccount::Subaccount /> }.into_any(),
        Step::Recipients => view! { <Recipients /> }.into_any(),
        Step::Compose => view! { <Compose /> }.into_any(),
        Step::Send => view! { <Send /> }.into_any(),
    }
}

#[component]
fn StepList(current: Computed<Step>, journey: Computed<Journey>) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let answer = move |step: Step| {
        shared.draft.read(|draft| match step {
            Step::Subaccount => draft.subaccount.clone(),
            Step::Recipients => {
                draft.processed.as_ref().map(recipients_in_words).unwrap_or_default()
            }
            Step::Compose => draft.sender_id.clone(),
            Step::Send => String::new(),
        })
    };
    let item = move |step: Step| {
        let is_current = move || current.get() == step;
        let is_done = move || step < journey.get().first_open();
        view! {
            <li
                class="steps__item"
                class:steps__item--done=is_done
                aria-current=when("step", is_current)
            >
                <span class="steps__name">{step.name()}</span>
                <span class="steps__answer">
                    {text(move || {
                        if is_current() {
                            format!("Step {} of 4", step.number())
                        } else if is_done() {
                            answer(step)
                        } else {
                            "Not yet".to_owned()
                        }
                    })}
                </span>
                <span class="unseen">
                    {text(move || if is_done() && !is_current() { " (completed)" } else { "" })}
                </span>
            </li>
        }
    };
    view! {
        <ol class="steps" aria-label="Steps">
            {each(Step::ALL.into_iter().map(item))}
        </ol>
    }
}

/// `951,213 in 24 countries`.
pub fn recipients_in_words(summary: &Summary) -> String {
    let valid = domain::grouped(summary.valid);
    match summary.destinations.len() {
        1 => format!("{valid} in 1 country"),
        n => format!("{valid} in {n} countries"),
    }
}

/// One step: problems, heading, content and the bar.
#[component]
pub fn StepPage(
    /// Which.
    step: Step,
    /// Shown at the top.
    problems: Problems,
    /// The words on the button that goes on.
    #[prop(into)]
    next: Signal<String>,
    /// Goes on, or shows what keeps it from going on.
    on_next: Callback<()>,
    /// Whether going on is on its way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let here = expect_context::<Here>();
    let asking = Var::new(false);
    let discard = Callback::new(move |()| {
        if let Some(BeginAgain(begin_again)) = use_context() {
            host::tell("close", "{\"reason\":\"canceled\"}");
            return begin_again.run(());
        }
        shared.discarded.set(true);
        here.go(routes::CAMPAIGNS);
    });
    let cancel = move |_| {
        if shared.draft.peek(domain::wizard::draft::Draft::has_something_to_lose) {
            asking.set(true);
        } else {
            discard.run(());
        }
    };
    let back = step.previous().map(|previous| {
        let back = move |_| here.go(&routes::step(previous));
        view! {
            <button type="button" class="button" on:click=back>
                "Back"
            </button>
        }
    });
    view! {
        <form
            class="step"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                if !busy.get_untracked() {
                    on_next.run(());
                }
            }
        >
            <div class="step__content">
                <ProblemSummary problems=problems />
                <PageHeading
                    text=step.heading()
                    aside=format!("Step {} of 4", step.number())
                    has_problems=problems.any()
                />
                {children()}
            </div>
            <div class="step__bar">
                {back}
                <button type="button" class="button button--quiet" on:click=cancel>
                    "Cancel"
                </button>
                <span class="step__gap"></span>
                <button
                    type="submit"
                    class="button button--primary"
                    aria-disabled=when("true", move || busy.get())
                >
                    {next}
                </button>
            </div>
        </form>
        <Confirm
            open=asking
            title="Discard this draft?"
            text="The numbers, the Sender ID and the message you entered will be lost. Nothing has been sent."
            yes="Discard draft"
            no="Keep editing"
            on_yes=discard
        />
    }
}

/// Goes to the step after `step` when it is done; else shows what is missing.
pub fn advance(shared: Shared, here: Here, step: Step, problems: Problems) {
    let errors = shared.draft.peek(|draft| journey::errors(draft, step));
    match step.next() {
        Some(next) if errors.is_empty() => here.go(&routes::step(next)),
        _ => problems.show(lines(&errors)),
    }
}

/// Errors as the summary shows them.
pub fn lines(errors: &[FieldError]) -> Vec<(Option<&'static str>, String)> {
    errors.iter().map(|error| (Some(error.field.id()), error.problem.to_string())).collect()
}

/// A refusal of the server as the summary shows it: field by field, or as a whole.
pub fn refusal(problem: &ApiProblem) -> Vec<(Option<&'static str>, String)> {
    if problem.fields.is_empty() {
        return vec![(None, problem.detail.clone())];
    }
    problem.fields.values().map(|words| (None, words.clone())).collect()
}
