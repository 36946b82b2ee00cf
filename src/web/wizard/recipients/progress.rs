//! How far reading the contacts is, and the way to stop it.

use crate::browser;
use crate::ui::button::Button;
use crate::ui::progress::ProgressBar;
use crate::wizard::context::WizardContext;
use domain::problem::Field;
use domain::wizard::machine::{Event, State};
use leptos::prelude::*;

/// What is shown while the worker reads.
#[component]
pub fn Reading() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let progress = Memo::new(move |_| {
        context.with(|wizard| match wizard.state() {
            State::Processing { progress, .. } => progress.clone(),
            _ => None,
        })
    });
    let done = Signal::derive(move || progress.with(|known| known.as_ref().map_or(0, |p| p.done)));
    let total =
        Signal::derive(move || progress.with(|known| if known.is_some() { 1_000 } else { 0 }));
    let words = Signal::derive(move || {
        progress.with(|known| known.as_ref().map_or_else(|| "Reading".into(), |p| p.words.clone()))
    });
    let stop = move |()| {
        context.send(Event::StopProcessing);
        // The button goes: the focus is where one goes on.
        browser::focus_field(Field::Numbers.id());
    };
    view! {
        <div class="reading">
            <ProgressBar label="Processing contacts" done=done total=total words=words />
            <Button class="button button--small" on_press=stop>
                "Stop"
            </Button>
        </div>
    }
}
