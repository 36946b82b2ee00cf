//! Step 2: who gets the message: typed numbers and files side by side, and what came of processing them.

mod files;
mod rows;
mod summary;

use crate::browser;
use crate::reactive::{Computed, spawn};
use crate::routes::Here;
use crate::ui::button::button;
use crate::ui::dynamic::{dynamic, text};
use crate::ui::field::{Select, TextArea};
use crate::ui::note::{Note, Tone};
use crate::ui::problems::Problems;
use crate::wizard::{LOST, Outcome, Shared, StepPage, advance};
use crate::worker_client::WorkerState;
use domain::problem::{Field, Problem};
use domain::recipients::phone::Country;
use domain::wizard::journey::Step;
use files::FilePanel;
use leptos::html;
use leptos::prelude::*;
use summary::Processed;

/// Where the files are on the page.
const FILES: &str = "file";

/// `/sender/recipients`.
#[component]
pub fn Recipients() -> impl IntoView {
    let shared = expect_context::<Shared>();
    let problems = Problems::new();
    let here = expect_context::<Here>();
    let region = NodeRef::<html::Section>::new();
    let is_processed = Computed::new(move || shared.draft.read(|draft| draft.processed.is_some()));
    let process = Callback::new(move |()| {
        if shared.draft.peek(domain::wizard::draft::Draft::has_no_recipients) {
            let words = Problem::NoNumbers.to_string();
            return problems.show(vec![(Some(Field::Numbers.id()), words)]);
        }
        if let Some(words) = shared.files.problem() {
            return problems.show(vec![(Some(FILES), words)]);
        }
        if shared.worker.state() == WorkerState::Failed {
            shared.restart_worker();
        }
        problems.clear();
        shared.process(move |outcome| match outcome {
            Outcome::Processed => spawn(async move {
                // The first time, it is not on the page yet.
                browser::sleep(0).await;
                if let Some(region) = region.try_get_untracked().flatten() {
                    region.scroll_into_view();
                    browser::focus(&region);
                }
            }),
            Outcome::Unreadable(words) => problems.show(vec![(Some(FILES), words)]),
            Outcome::Lost => problems.show(vec![(None, LOST.to_owned())]),
            Outcome::Canceled => {}
        });
    });
    let next = Callback::new(move |()| {
        if is_processed.get_untracked() {
            advance(shared, here, Step::Recipients, problems);
        } else {
            process.run(());
        }
    });
    let next_label = text(move || {
        if is_processed.get() { "Next: Compose a message" } else { "Process contacts" }.to_owned()
    });
    let numbers = Signal::derive(move || shared.draft.read(|draft| draft.numbers.clone()));
    let country = Signal::derive(move || {
        shared.draft.read(|draft| draft.country.map(String::from).unwrap_or_default())
    });
    let countries = Computed::new(move || {
        let mut options = vec![(String::new(), "None: every number has a country code".to_owned())];
        shared.destinations.with(|destinations| {
            let known = destinations.done().map_or(&[][..], |d| &d.countries);
            options.extend(known.iter().filter_map(|info| {
                let label = format!("{} (+{})", info.name, info.dialing_code?);
                Some((info.country.code().to_owned(), label))
            }));
        });
        options
    });
    view! {
        <StepPage
            step=Step::Recipients
            problems=problems
            next=next_label
            on_next=next
            busy=shared.processing
        >
            <p class="hint">
                "Type numbers, add files, or both: they add up. Everything is read in this browser, and nothing leaves it before you submit."
            </p>
            <div class="columns columns--entry">
                <TextArea
                    id=Field::Numbers.id()
                    label="Mobile numbers"
                    hint="One or many, typed or pasted: a number a line, or with commas between them."
                    problem=problems.of(Field::Numbers.id())
                    value=numbers
                    on_input=Callback::new(move |text| {
                        problems.clear();
                        shared.draft.change(|draft| draft.set_numbers(text));
                    })
                />
                <FilePanel problems=problems />
                <Select
                    id="country"
                    label="Country for local numbers"
                    hint="Only for numbers without a country code. Numbers with + are never changed."
                    problem=problems.of("country")
                    options=countries
                    value=country
                    on_choose=Callback::new(move |code: String| {
                        shared.draft.change(|draft| draft.set_country(Country::parse(&code)));
                    })
                />
            </div>
            {dynamic(move || {
                (shared.worker.state() == WorkerState::Failed)
                    .then(|| {
                        view! {
                            <Note tone=Tone::Bad alert=true>
                                <p>{LOST}</p>
                                {button(
                                    "button button--small",
                                    "Try again",
                                    None,
                                    move || shared.restart_worker(),
                                )}
                            </Note>
                        }
                    })
            })}
            {dynamic(move || {
                let words = shared.trouble.get();
                (!words.is_empty())
                    .then(|| {
                        view! {
                            <Note tone=Tone::Bad alert=true>
                                <p>{words}</p>
                            </Note>
                        }
                    })
            })}
            <files::Opened />
            {dynamic(move || shared.processing.get().then(|| view! { <Progress /> }))}
            {dynamic(move || is_processed.get().then(|| view! { <Processed region=region /> }))}
        </StepPage>
    }
}

/// How far reading is.
#[component]
fn Progress() -> impl IntoView {
    let shared = expect_context::<Shared>();
    let done = text(move || {
        shared.progress.with(|p| p.as_ref().map_or_else(String::new, |p| p.done.to_string()))
    });
    let words = text(move || {
        shared
            .progress
            .with(|p| p.as_ref().map_or_else(|| "Reading".to_owned(), |p| p.words.clone()))
    });
    view! {
        <div class="reading">
            <progress class="reading__bar" max="1000" value=done aria-label="Processing contacts"></progress>
            <p class="hint">{words}</p>
            {button("button button--small", "Stop", None, move || shared.cancel())}
        </div>
    }
}
