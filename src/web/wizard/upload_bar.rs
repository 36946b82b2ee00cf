//! What is being sent, on every page: how far it is, whether the line holds, and how to stop it.

use super::context::WizardContext;
use super::stop_upload::StopUpload;
use crate::routes::{self, Link};
use crate::ui::control_flow::Show;
use domain::wizard::machine::{Line, State, Wizard};
use leptos::prelude::*;

/// The bar; nothing while nothing is being sent.
#[component]
pub fn UploadBar() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let is_shown = Memo::new(move |_| context.is_frozen());
    let path = routes::use_path();
    let accepted = Memo::new(move |_| {
        context.with(|wizard| match wizard.state() {
            State::Accepted { campaign } => Some(routes::campaign(*campaign)),
            _ => None,
        })
    });
    // Once the campaign is watched, nothing more is to be said of it.
    Effect::new(move |_| {
        if accepted.get().is_some_and(|campaign| path.get() == campaign) {
            context.edit(|_| ());
        }
    });
    let submitted = Memo::new(move |_| {
        accepted
            .get()
            .filter(|campaign| path.with(|path| path != campaign && !routes::is_wizard(path)))
    });
    view! {
        <Show when=move || is_shown.get()>
            <Uploading />
        </Show>
        {move || {
            submitted
                .get()
                .map(|campaign| {
                    view! {
                        <div class="upload" role="status" aria-label="Submitted">
                            <p class="upload__words">
                                "Submitted. " <Link href=campaign>"Watch it being delivered"</Link>
                            </p>
                        </div>
                    }
                })
        }}
    }
}

#[component]
fn Uploading() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let asking = RwSignal::new(false);
    let total = Memo::new(move |_| {
        context.with(|wizard| wizard.sending().map_or(1, |s| s.submission.expected().recipients))
    });
    let done = Memo::new(move |_| {
        context.with(|wizard| match wizard.state() {
            State::Uploading { done, .. } => *done,
            State::Submitting { sending, .. } => sending.submission.expected().recipients,
            _ => 0,
        })
    });
    let words = Memo::new(move |_| context.with(words));
    let is_stopping =
        Memo::new(move |_| context.with(|wizard| matches!(wizard.state(), State::Stopping { .. })));
    let trouble = Memo::new(move |_| context.with(trouble));
    view! {
        <div class="upload" role="status" aria-label="Uploading recipients">
            <p class="upload__words">
                <strong>{words}</strong>
                " "
                // A screen reader would say every number.
                <span class="upload__count" aria-hidden="true">
                    {move || format!("{} of {}", domain::grouped(done.get()), domain::grouped(total.get()))}
                </span>
            </p>
            <progress
                class="upload__progress"
                aria-label="Recipients uploaded"
                max=move || total.get().to_string()
                value=move || done.get().to_string()
            ></progress>
            <button
                type="button"
                class="button button--small"
                aria-disabled=move || is_stopping.get().then_some("true")
                on:click=move |_| {
                    if !is_stopping.get_untracked() {
                        asking.set(true);
                    }
                }
            >
                "Stop"
            </button>
            {move || trouble.get().map(|words| view! { <p class="upload__trouble">{words}</p> })}
        </div>
        <StopUpload id="stop-upload" open=asking />
    }
}

fn words(wizard: &Wizard) -> &'static str {
    match wizard.state() {
        State::Resuming { .. } => "Reading the recipients again, to go on",
        State::Submitting { .. } => "Submitting",
        State::Stopping { .. } => "Stopping",
        _ => "Uploading recipients",
    }
}

/// What keeps it, if something does.
fn trouble(wizard: &Wizard) -> Option<String> {
    let (State::Uploading { line, .. }
    | State::Submitting { line, .. }
    | State::Stopping { line, .. }) = wizard.state()
    else {
        return None;
    };
    let Line { problem: Some(problem), .. } = line else { return None };
    let what = match problem.status {
        0 => "The connection is lost.",
        // The host's own words, in its frame.
        401 => &problem.detail,
        429 => "The server asks for a pause.",
        _ => "The server does not answer as it should.",
    };
    let then = match wizard.state() {
        State::Stopping { .. } => "It is being found out whether it was still stopped in time.",
        _ => "It goes on by itself as soon as possible; keep this page open.",
    };
    Some(format!("{what} {then}"))
}
