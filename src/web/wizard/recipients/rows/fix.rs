//! A number as it was written, and a way to write another in its place.

use super::shown::{Editing, RowsShown, TITLE};
use crate::browser;
use crate::ui::button::Button;
use crate::ui::control_flow::Show;
use crate::wizard::context::WizardContext;
use domain::recipients::input::Correction;
use domain::wizard::machine::Event;
use domain::worker_protocol::{Request, Response, Row};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::KeyboardEvent;

/// The id of the field in which a row is corrected.
const FIX: &str = "rows-fix";

/// The number of a row that cannot be read.
#[component]
pub fn Fixable(row: Row, shown: RowsShown) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let Row { source, row, place, written, .. } = row;
    let typed = RwSignal::new(written.clone());
    let editing = Memo::new(move |_| {
        let editing = shown.editing.get()?;
        (editing.source == source && editing.row == row).then_some(editing)
    });
    let before = written.clone();
    let save = Callback::new(move |()| {
        let after = typed.get_untracked();
        let correction = Correction { source, row, before: before.clone(), after };
        let revision = context.peek_draft(domain::wizard::draft::Draft::input_revision);
        spawn_local(async move {
            let answer = context.worker.ask(Request::Correct(correction.clone())).await;
            // What it was about may not be there any more.
            let now = context.machine.try_with_untracked(|wizard| wizard.draft().input_revision());
            if now != Some(revision) {
                return;
            }
            match answer {
                Ok(Response::Processed(processed)) => {
                    shown.editing.set(None);
                    context.send(Event::Corrected { correction, processed });
                    browser::focus_field(TITLE);
                }
                Ok(Response::NotCorrected(words) | Response::Failed(words)) => {
                    shown.editing.set(Some(Editing { source, row, problem: Some(words) }));
                }
                // Told where it concerns the whole page.
                _ => {}
            }
        });
    });
    let open = move |()| {
        shown.editing.set(Some(Editing { source, row, problem: None }));
        browser::focus_when_there(FIX.to_owned());
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            // It would submit the step.
            event.prevent_default();
            save.run(());
        }
    };
    let problem = move || editing.get().and_then(|editing| editing.problem);
    let as_written = {
        let place = place.clone();
        move || {
            view! {
                <code>{written.clone()}</code>
                " "
                <Button class="link" label=format!("Fix row {place}") on_press=open>
                    "Fix"
                </Button>
            }
        }
    };
    let label = format!("Number in row {place}");
    view! {
        <td>
            <Show when=move || editing.with(Option::is_some) fallback=as_written>
                <span class="rows__fix">
                    <input
                        class="input"
                        id=FIX
                        aria-label=label.clone()
                        aria-invalid=move || problem().map(|_| "true")
                        prop:value=typed.get_untracked()
                        on:keydown=on_key
                        on:input:target=move |event| typed.set(event.target().value())
                    />
                    <Button class="button button--small" on_press=save>
                        "Save"
                    </Button>
                </span>
                {move || {
                    problem().map(|words| view! { <p class="field__problem" role="alert">{words}</p> })
                }}
            </Show>
        </td>
    }
}
