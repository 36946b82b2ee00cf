//! One file: what was found out about it, its first rows, and how it is read.

use super::choice::ChoiceField;
use crate::browser;
use crate::ui::button::Button;
use crate::ui::control_flow::{For, Show};
use crate::wizard::context::WizardContext;
use domain::worker_protocol::{Choice, Source};
use leptos::prelude::*;

/// What is said of a file that is not here.
const GONE: &str = "Not here any more: it was not kept when this page was left or loaded again. Choose it again, or remove it.";

/// One file.
#[component]
pub fn FileCard(
    /// Its number in the draft.
    id: u32,
    /// Where the focus goes when the file does.
    focus_after: &'static str,
) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let source = Memo::new(move |_| {
        context.files.with(|files| files.iter().find(|file| file.id == id)?.source.clone())
    });
    let name = context.peek_draft(|draft| {
        let file = draft.files.iter().find(|file| file.id == id);
        file.map(|file| file.name.clone()).unwrap_or_default()
    });
    let title = format!("file-{id}-title");
    let labelled_by = title.clone();
    let choices = Memo::new(move |_| {
        source.with(|source| source.as_ref().map(|s| s.choices.clone()).unwrap_or_default())
    });
    let facts = move || {
        source.with(|source| match source {
            None => "Looking into it".to_owned(),
            Some(Source { is_gone: true, .. }) => GONE.to_owned(),
            Some(source) => source.problem.clone().unwrap_or_else(|| source.facts.clone()),
        })
    };
    let is_bad =
        move || source.with(|s| s.as_ref().is_some_and(|s| s.is_gone || s.problem.is_some()));
    let notes = move || {
        source.with(|source| {
            let notes = source.iter().flat_map(|source| &source.notes);
            notes.map(|note| view! { <p class="file__note">{note.clone()}</p> }).collect_view()
        })
    };
    let is_read = Memo::new(move |_| choices.with(|choices| !choices.is_empty()));
    let remove = move |()| {
        context.remove_file(id);
        browser::focus_field(focus_after);
    };
    view! {
        <section class="panel file" aria-labelledby=labelled_by>
            <header class="panel__head">
                <h2 class="file__name" id=title>
                    {name.clone()}
                </h2>
                <p class="hint" class:file__bad=is_bad role="status">
                    {facts}
                </p>
                <Button class="button button--small" label=format!("Remove {name}") on_press=remove>
                    "Remove"
                </Button>
            </header>
            {notes}
            <Show when=move || is_read.get()>
                <FirstRows id=id source=source />
                <details class="file__choices">
                    <summary>"How this file is read"</summary>
                    <div class="file__fields">
                        <ChoiceFields id=id of=choices />
                    </div>
                </details>
            </Show>
        </section>
    }
}

/// The first rows, each column below what it is.
#[component]
fn FirstRows(id: u32, source: Memo<Option<Source>>) -> impl IntoView {
    let columns = Memo::new(move |_| {
        source.with(|source| source.as_ref().map(|s| s.columns.clone()).unwrap_or_default())
    });
    let count = Memo::new(move |_| columns.with(Vec::len));
    let rows = move || {
        source.with(|source| {
            let rows = source.iter().flat_map(|source| &source.rows);
            let cells = |row: &Vec<String>| {
                row.iter().map(|cell| view! { <td>{cell.clone()}</td> }).collect_view()
            };
            rows.map(|row| view! { <tr>{cells(row)}</tr> }).collect_view()
        })
    };
    view! {
        <div class="table-scroll file__preview" tabindex="0" role="group" aria-label="First rows">
            <table class="table">
                <thead>
                    <tr>
                        <For each=move || 0..count.get() key=|at| *at let:at>
                            <th scope="col">
                                <ChoiceField file=id of=columns at=at />
                            </th>
                        </For>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// A field for each choice. Made anew only when their number changes: whoever is choosing keeps the focus.
#[component]
fn ChoiceFields(id: u32, of: Memo<Vec<Choice>>) -> impl IntoView {
    let count = Memo::new(move |_| of.with(Vec::len));
    view! {
        <For each=move || 0..count.get() key=|at| *at let:at>
            <ChoiceField file=id of=of at=at />
        </For>
    }
}
