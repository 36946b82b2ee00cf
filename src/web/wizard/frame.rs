//! What surrounds the steps: the list of them, and how the last Submit ended.

use super::context::WizardContext;
use crate::routes::{self, Link};
use crate::ui::control_flow::Show;
use crate::ui::note::{Note, Tone};
use domain::recipients::Summary;
use domain::wizard::journey::{Journey, Step};
use domain::wizard::machine::{Cure, Ended};
use leptos::prelude::*;
use leptos_router::components::Outlet;

/// `/sender`: the frame with the step of the address in it.
#[component]
pub fn Wizard() -> impl IntoView {
    view! {
        <Frame>
            <Outlet />
        </Frame>
    }
}

/// The steps' common frame.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    view! {
        <div class="wizard">
            <StepList />
            <HowItEnded />
            <StorageNote />
            {children()}
        </div>
    }
}

#[component]
fn StepList() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let path = routes::use_path();
    let current =
        Memo::new(move |_| path.with(|path| routes::step_at(path)).unwrap_or(Step::Subaccount));
    let journey = Memo::new(move |_| context.draft(Journey::of));
    let answer = move |step: Step| {
        context.draft(|draft| match step {
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
        let leads_there = move || !is_current() && journey.get().can_visit(step);
        view! {
            <li
                class="steps__item"
                class:steps__item--done=is_done
                aria-current=move || is_current().then_some("step")
            >
                {move || {
                    if leads_there() {
                        view! {
                            <Link class="steps__name" href=routes::step(step)>
                                {step.name()}
                            </Link>
                        }
                            .into_any()
                    } else {
                        view! { <span class="steps__name">{step.name()}</span> }.into_any()
                    }
                }}
                <span class="steps__answer">
                    {move || {
                        if is_current() {
                            format!("Step {} of 4", step.number())
                        } else if is_done() {
                            answer(step)
                        } else {
                            "Not yet".to_owned()
                        }
                    }}
                </span>
                <span class="unseen">
                    {move || (is_done() && !is_current()).then_some(" (completed)")}
                </span>
            </li>
        }
    };
    view! {
        <ol class="steps" aria-label="Steps">
            {Step::ALL.map(item).collect_view()}
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

/// Nothing was sent, why, and what to do.
#[component]
fn HowItEnded() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let ended = Memo::new(move |_| context.with(|wizard| wizard.ended().cloned()));
    let note = |ended: Ended| {
        match ended {
        Ended::Stopped => view! {
            <Note tone=Tone::Info alert=true>
                <p>"Stopped. Nothing was sent, and your draft is as it was."</p>
            </Note>
        }
        .into_any(),
        Ended::Interrupted => view! {
            <Note tone=Tone::Warn alert=true>
                <p>
                    "The upload ended before everything had arrived, and nothing was sent. The recipients are not here any more as they were: "
                    <Link href=routes::step(Step::Recipients)>"add them again"</Link> ", then submit."
                </p>
            </Note>
        }
        .into_any(),
        Ended::Failed { why, cure } => {
            let what_to_do = match cure {
                Cure::CheckCost => {
                    view! { <p>"Nothing was sent. Look at the new cost, then submit again."</p> }
                        .into_any()
                }
                Cure::Change(step) => view! {
                    <p>
                        "Nothing was sent. "
                        <Link href=routes::step(step)>{format!("Go to {}", step.name())}</Link>
                    </p>
                }
                .into_any(),
                Cure::SubmitAgain => {
                    view! { <p>"Nothing was sent. You can submit again."</p> }.into_any()
                }
            };
            view! {
                <Note tone=Tone::Bad alert=true>
                    <p>{why.detail}</p>
                    {why.fields.into_values().map(|words| view! { <p>{words}</p> }).collect_view()}
                    {what_to_do}
                </Note>
            }
            .into_any()
        }
    }
    };
    move || ended.get().map(note)
}

#[component]
fn StorageNote() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    view! {
        <Show when=move || context.storage_is_full.get()>
            <Note tone=Tone::Warn>
                <p>
                    "This browser has no room left to keep your draft: if this page is loaded again before you submit, the latest changes are lost."
                </p>
            </Note>
        </Show>
    }
}
