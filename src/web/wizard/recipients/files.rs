//! Files: choosing and dropping them, and those that were chosen.

mod card;
mod choice;

use crate::host;
use crate::ui::control_flow::{For, Show};
use crate::ui::field::FieldProblem;
use crate::ui::problems::Problems;
use crate::wizard::context::WizardContext;
use card::FileCard;
use leptos::ev;
use leptos::prelude::*;
use web_sys::{DragEvent, FileList};

/// The control that chooses files: problems of files are told there.
pub const INPUT: &str = "file";

/// Where files are chosen, or dropped.
#[component]
pub fn FilePanel(problems: Problems, problem: Signal<Option<String>>) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let is_over = RwSignal::new(false);
    let add = move |files: Option<FileList>| {
        problems.clear();
        let Some(files) = files else { return };
        for file in (0..files.length()).filter_map(|at| files.get(at)) {
            context.add_file(&file);
        }
    };
    let over = move |event: DragEvent| {
        // What is not prevented is opened by the browser in place of this page.
        event.prevent_default();
        is_over.set(!context.peek(domain::wizard::machine::Wizard::is_frozen));
    };
    let drop = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(false);
        add(event.data_transfer().and_then(|data| data.files()));
    };
    let missed = (
        window_event_listener(ev::dragover, |event| keep_the_page(&event)),
        window_event_listener(ev::drop, |event| keep_the_page(&event)),
    );
    on_cleanup(move || {
        missed.0.remove();
        missed.1.remove();
    });
    view! {
        <div
            class="field drop"
            class:drop--over=move || is_over.get()
            on:dragover=over
            on:dragleave=move |_| is_over.set(false)
            on:drop=drop
        >
            <label class="field__label" for=INPUT>
                "Upload a file"
            </label>
            <p class="hint" id="file-hint">
                "Or drop it here. CSV, Excel (.xlsx), OpenDocument or text, up to 1,000,000 rows and 200 MB."
            </p>
            <FieldProblem id=INPUT problem=problem />
            <input
                class="drop__input"
                type="file"
                id=INPUT
                multiple
                accept=".csv,.tsv,.txt,.xlsx,.xlsm,.ods"
                aria-describedby="file-hint"
                on:change:target=move |event| {
                    let input = event.target();
                    add(input.files());
                    // So that the same file can be chosen again.
                    input.set_value("");
                }
            />
        </div>
    }
}

/// A file that is dropped beside the place for it would be opened in place of this page.
fn keep_the_page(event: &DragEvent) {
    let Some(data) = event.data_transfer() else { return };
    if data.types().includes(&"Files".into(), 0) && !event.default_prevented() {
        event.prevent_default();
        data.set_drop_effect("none");
    }
}

/// The files that were chosen.
#[component]
pub fn Opened() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let ids =
        Memo::new(move |_| context.files().into_iter().map(|file| file.id).collect::<Vec<_>>());
    let can_be_kept = move || !ids.with(Vec::is_empty) && !host::is_embedded();
    view! {
        // Each by its number: whoever changes one keeps the focus when another is heard of.
        <For each=move || ids.get() key=|id| *id let:id>
            <FileCard id=id focus_after=INPUT />
        </For>
        <Show when=can_be_kept>
            <Keep />
        </Show>
    }
}

/// Whether the files are kept on this device.
#[component]
fn Keep() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    view! {
        <div class="check">
            <input
                type="checkbox"
                class="check__box"
                id="keep-files"
                prop:checked=move || context.draft(|draft| draft.keep_files)
                on:change:target=move |event| context.agree_to_keep(event.target().checked())
            />
            <label for="keep-files">"Keep the files on this device until I submit"</label>
            <span class="hint check__about">
                "Then a reload does not lose them. They are erased when you submit, discard or log out, and after a day."
            </span>
        </div>
    }
}
