//! Step 2: who gets the message: typed numbers and files side by side, and what came of processing them.

mod destinations;
mod files;
mod pasted;
mod progress;
mod repairs;
mod rows;
mod summary;

use crate::browser;
use crate::routes::Navigate;
use crate::ui::button::Button;
use crate::ui::control_flow::Show;
use crate::ui::field::{Choice, Select};
use crate::ui::note::{Note, Tone};
use crate::ui::problems::Problems;
use crate::wizard::context::WizardContext;
use crate::wizard::step_page::{StepPage, advance, gated};
use crate::worker::WorkerState;
use domain::problem::{Field, Problem};
use domain::recipients::phone::Country;
use domain::wizard::draft::Draft;
use domain::wizard::journey::Step;
use domain::wizard::machine::{Event, State, Trouble};
use files::{FilePanel, Opened};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use pasted::Numbers;
use progress::Reading;
use summary::ContactsSummary;

/// `/sender/recipients`.
#[component]
pub fn RecipientsStep() -> impl IntoView {
    gated(Step::Recipients, || view! { <Recipients /> }.into_any())
}

#[component]
fn Recipients() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let navigate = Navigate::new();
    let problems = Problems::new();
    let region = NodeRef::<html::Section>::new();
    let is_processed = Memo::new(move |_| context.draft(|draft| draft.processed.is_some()));
    let is_processing = Memo::new(move |_| {
        context.with(|wizard| matches!(wizard.state(), State::Processing { .. }))
    });
    let trouble = Memo::new(move |_| {
        context.with(|wizard| match wizard.state() {
            State::Editing { trouble } => trouble.clone(),
            _ => None,
        })
    });
    // Whether the summary takes the focus when it is there.
    let is_awaited = StoredValue::new(false);
    let start = move || {
        problems.clear();
        is_awaited.set_value(true);
        context.send(Event::Process);
    };
    let process = move || {
        if context.peek_draft(Draft::has_no_recipients) {
            return problems.show([(Some(Field::Numbers.id()), Problem::NoNumbers.to_string())]);
        }
        if let Some(words) = context.file_problem() {
            return problems.show([(Some(files::INPUT), words)]);
        }
        if untrack(|| context.worker.state()) == WorkerState::Failed {
            context.restart_worker();
        }
        start();
    };
    Effect::new(move |was_processing: Option<bool>| {
        let is_processing = is_processing.get();
        if was_processing == Some(true) && !is_processing {
            let was_awaited = is_awaited.try_update_value(std::mem::take) == Some(true);
            match trouble.get_untracked() {
                Some(Trouble::Unreadable(words)) => {
                    problems.show([(Some(files::INPUT), words)]);
                }
                None if was_awaited && is_processed.get_untracked() => show_summary(region),
                _ => {}
            }
        }
        is_processing
    });
    let next = Callback::new(move |()| {
        if is_processed.get_untracked() {
            advance(context, navigate, Step::Recipients, problems);
        } else {
            process();
        }
    });
    let next_label = Memo::new(move |_| {
        let words = if is_processed.get() { "Next: Compose a message" } else { "Process contacts" };
        words.to_owned()
    });
    let file_problem = Signal::derive(move || {
        problems.of(files::INPUT).get().or_else(|| match trouble.get() {
            Some(Trouble::Unreadable(words)) => Some(words),
            _ => None,
        })
    });
    let is_lost = Memo::new(move |_| {
        let is_failed = context.worker.state() == WorkerState::Failed;
        is_failed || trouble.get() == Some(Trouble::WorkerLost)
    });
    let retry = Callback::new(move |()| {
        context.restart_worker();
        if !context.peek_draft(Draft::has_no_recipients) {
            start();
        }
    });
    view! {
        <StepPage
            step=Step::Recipients
            problems=problems
            next=next_label
            on_next=next
            busy=is_processing
        >
            <p class="hint">
                "Type numbers, add files, or both: they add up. Everything is read in this browser, and nothing leaves it before you submit."
            </p>
            <div class="columns columns--entry">
                <Numbers problems=problems />
                <FilePanel problems=problems problem=file_problem />
                <HomeCountry problems=problems />
            </div>
            <Show when=move || is_lost.get()>
                <WorkerLost on_retry=retry />
            </Show>
            <Opened />
            <Show when=move || is_processing.get()>
                <Reading />
            </Show>
            <Show when=move || is_processed.get()>
                <ContactsSummary region=region />
            </Show>
        </StepPage>
    }
}

/// Goes to what was asked for. The first time, it is not on the page yet.
fn show_summary(region: NodeRef<html::Section>) {
    spawn_local(async move {
        browser::sleep(0).await;
        if let Some(region) = region.try_get_untracked().flatten() {
            browser::reveal(&region);
            browser::focus(&region);
        }
    });
}

/// Where numbers without a country code are from.
#[component]
fn HomeCountry(problems: Problems) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let country = Memo::new(move |_| {
        context.draft(|draft| draft.country.map(String::from).unwrap_or_default())
    });
    let countries = Memo::new(move |_| {
        let none = Choice::new("", "None: every number has a country code");
        let known = context.with(|wizard| {
            let known = wizard.destinations().map_or(&[][..], |known| &known.countries);
            let dialled = known.iter().filter_map(|info| {
                let label = format!("{} (+{})", info.name, info.dialing_code?);
                Some(Choice::new(info.country.code(), label))
            });
            dialled.collect::<Vec<_>>()
        });
        std::iter::once(none).chain(known).collect::<Vec<_>>()
    });
    view! {
        <Select
            id="country"
            label="Country for local numbers"
            hint="Only for numbers without a country code. Numbers with + are never changed."
            problem=problems.of("country")
            options=countries
            value=country
            on_choose=Callback::new(move |code: String| {
                context.edit(|draft| draft.set_country(Country::parse(&code)));
            })
        />
    }
}

/// Nothing can be read: the worker did not start, or it ended.
#[component]
fn WorkerLost(on_retry: Callback<()>) -> impl IntoView {
    view! {
        <Note tone=Tone::Bad alert=true>
            <p>
                "The part of this page that checks numbers could not be loaded. Check your connection and try again; nothing you typed is lost."
            </p>
            <Button class="button button--small" on_press=on_retry>
                "Try again"
            </Button>
        </Note>
    }
}
