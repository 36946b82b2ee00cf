//! Files: choosing and dropping them, and for each what was found out about it, to be seen and changed.

use super::FILES;
use crate::browser;
use crate::files::OpenFile;
use crate::host;
use crate::reactive::{Computed, Var};
use crate::ui::button::button;
use crate::ui::dynamic::{dynamic, each, flag, text};
use crate::ui::field::FieldProblem;
use crate::ui::problems::Problems;
use crate::wizard::Shared;
use domain::recipients::input::Chosen;
use domain::worker_protocol::{Choice, Source};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use web_sys::{DragEvent, FileList};

/// What asks for a name that is not among the options.
const OWN_NAME: &str = "…";

/// Where files are chosen, or dropped.
#[component]
pub fn FilePanel(problems: Problems) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let is_over = Var::new(false);
    let add = move |files: Option<FileList>| {
        problems.clear();
        let Some(files) = files else { return };
        for file in (0..files.length()).filter_map(|at| files.get(at)) {
            shared.files.add(&file);
        }
    };
    let over = move |event: DragEvent| {
        // What is not prevented is opened by the browser in place of this page.
        event.prevent_default();
        is_over.set(true);
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
            class:drop--over=flag(move || is_over.get())
            on:dragover=over
            on:dragleave=move |_| is_over.set(false)
            on:drop=drop
        >
            <label class="field__label" for=FILES>
                "Upload a file"
            </label>
            <p class="hint" id="file-hint">
                "Or drop it here. CSV, Excel (.xlsx), OpenDocument or text, up to 1,000,000 rows and 200 MB."
            </p>
            <FieldProblem id=FILES problem=problems.of(FILES) />
            <input
                class="drop__input"
                type="file"
                id=FILES
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
    let shared = expect_context::<Shared>();
    let keep = move || {
        let is_offered = !shared.files.all().is_empty() && !host::is_around();
        is_offered.then(|| {
            view! {
                <div class="check">
                    <input
                        type="checkbox"
                        class="check__box"
                        id="keep-files"
                        prop:checked=flag(move || shared.draft.read(|draft| draft.keep_files))
                        on:change:target=move |event| shared.files.agree(event.target().checked())
                    />
                    <label for="keep-files">"Keep the files on this device until I submit"</label>
                    <span class="hint">
                        "Then a reload does not lose them. They are erased when you submit, discard or log out, and after a day."
                    </span>
                </div>
            }
        })
    };
    view! {
        {dynamic(move || each(shared.files.all().into_iter().map(|file| view! { <FileCard file=file /> })))}
        {dynamic(keep)}
    }
}

/// One file.
#[component]
fn FileCard(file: OpenFile) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let OpenFile { id, source } = file;
    let name = shared.draft.peek(|draft| {
        draft
            .files
            .iter()
            .find(|file| file.id == id)
            .map(|file| file.name.clone())
            .unwrap_or_default()
    });
    let title = format!("file-{id}-title");
    let labelled_by = title.clone();
    let of = move |read: fn(&Source) -> Vec<Choice>| {
        Computed::new(move || source.with(|source| source.as_ref().map(read).unwrap_or_default()))
    };
    let (choices, columns) =
        (of(|source| source.choices.clone()), of(|source| source.columns.clone()));
    let facts = text(move || {
        source.with(|source| match source {
        None => "Looking into it".to_owned(),
        Some(Source { is_gone: true, .. }) => "Not here any more: it was not kept when this page was left or loaded again. Choose it again, or remove it.".to_owned(),
        Some(source) => source.problem.clone().unwrap_or_else(|| source.facts.clone()),
    })
    });
    let is_bad = flag(move || {
        source.with(|source| {
            source.as_ref().is_some_and(|source| source.is_gone || source.problem.is_some())
        })
    });
    let notes = move || {
        let notes = source.with(|source| source.as_ref().map(|source| source.notes.clone()));
        each(notes.into_iter().flatten().map(|note| view! { <p class="file__note">{note}</p> }))
    };
    let rows = move || {
        let rows = source.with(|source| source.as_ref().map(|source| source.rows.clone()));
        each(rows.into_iter().flatten().map(|cells| {
            let cells = cells.into_iter().map(|cell| view! { <td>{cell}</td> });
            view! { <tr>{each(cells)}</tr> }
        }))
    };
    // Made anew only when their number changes: whoever is choosing keeps the focus.
    let count = move |choices: Computed<Vec<Choice>>| Computed::new(move || choices.with(Vec::len));
    let (choice_count, column_count) = (count(choices), count(columns));
    let is_read = Computed::new(move || choice_count.get() > 0);
    let remove_label = format!("Remove {name}");
    view! {
        <section class="panel file" aria-labelledby=labelled_by>
            <header class="panel__head">
                <h2 class="file__name" id=title>
                    {name}
                </h2>
                <p class="hint" class:file__bad=is_bad role="status">
                    {facts}
                </p>
                {button("button button--small", "Remove", Some(remove_label), move || {
                    shared.files.remove(id);
                    browser::focus_field(FILES);
                })}
            </header>
            {dynamic(notes)}
            {dynamic(move || {
                is_read
                    .get()
                    .then(|| {
                        view! {
                            <div class="table-scroll file__preview" tabindex="0" role="group" aria-label="First rows">
                                <table class="table">
                                    <thead>
                                        <tr>
                                            {dynamic(move || {
                                                each(
                                                    (0..column_count.get())
                                                        .map(|at| view! { <th scope="col"><ChoiceField file=id of=columns at=at /></th> }),
                                                )
                                            })}
                                        </tr>
                                    </thead>
                                    <tbody>{dynamic(rows)}</tbody>
                                </table>
                            </div>
                            <details class="file__choices">
                                <summary>"How this file is read"</summary>
                                <div class="file__fields">
                                    {dynamic(move || {
                                        each(
                                            (0..choice_count.get())
                                                .map(|at| view! { <ChoiceField file=id of=choices at=at /> }),
                                        )
                                    })}
                                </div>
                            </details>
                        }
                    })
            })}
        </section>
    }
}

/// Something that was found out about a file: a list to choose from, and where that is offered, a field for a
/// word of one's own.
#[component]
fn ChoiceField(
    /// Of which file.
    file: u32,
    /// Among which choices.
    of: Computed<Vec<Choice>>,
    /// Which of them.
    at: usize,
) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let names_itself = Var::new(false);
    let choice =
        Computed::new(move || of.with(|choices| choices.get(at).cloned()).unwrap_or_default());
    let id = format!("file-{file}-{}", choice.with_untracked(|choice| choice.id.clone()));
    let choose = move |value: String| {
        let id = choice.with_untracked(|choice| choice.id.clone());
        shared.files.choose(file, Chosen { id, value });
    };
    let options = move || {
        let Choice { value, options, .. } = choice.get();
        each(options.into_iter().map(|(this, name)| {
            let selected = this == value;
            view! {
                // The attribute says nothing any more once somebody has chosen.
                <option value=this prop:selected=selected>
                    {name}
                </option>
            }
        }))
    };
    let list = NodeRef::<html::Select>::new();
    // Back to the list, which says what it said before until there is an answer.
    let done = move || {
        names_itself.set(false);
        if let Some(list) = list.try_get_untracked().flatten() {
            list.set_value(&choice.with_untracked(|choice| choice.value.clone()));
        }
    };
    let own_id = StoredValue::new(format!("{id}-name"));
    let own = move || {
        names_itself.get().then(|| {
            view! {
                <input
                    class="input"
                    id=own_id.get_value()
                    aria-label="Name of this field"
                    prop:value=choice.with_untracked(|choice| choice.value.clone())
                    on:keydown=move |event| {
                        if event.key() == "Enter" {
                            event.prevent_default();
                            // Leaving the field takes the name.
                            if let Some(list) = list.get_untracked() {
                                browser::focus(&list);
                            }
                        }
                    }
                    on:change:target=move |event| {
                        let name = event.target().value();
                        done();
                        choose(name);
                    }
                    on:blur=move |_| {
                        if names_itself.try_get_untracked() == Some(true) {
                            done();
                        }
                    }
                />
            }
        })
    };
    view! {
        <div class="file__field">
            <label class="hint" for=id.clone()>
                {text(move || choice.with(|choice| choice.label.clone()))}
            </label>
            <select
                class="input input--select"
                id=id
                node_ref=list
                on:change:target=move |event| {
                    let value = event.target().value();
                    names_itself.set(value == OWN_NAME);
                    if value == OWN_NAME {
                        browser::focus_when_there(own_id.get_value());
                    } else {
                        choose(value);
                    }
                }
            >
                {dynamic(options)}
            </select>
            {dynamic(own)}
        </div>
    }
}
