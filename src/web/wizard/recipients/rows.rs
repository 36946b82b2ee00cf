//! The rows: those that cannot get the message, those that may not, those of a country; searched, paged, and
//! where they are wrong, corrected in place.

use crate::browser;
use crate::reactive::{Computed, Var, answer, effect, spawn};
use crate::ui::button::button;
use crate::ui::dynamic::{dynamic, each, text};
use crate::ui::table::{cell, number, row, table};
use crate::wizard::Shared;
use domain::recipients::Summary;
use domain::recipients::input::Correction;
use domain::worker_protocol::{Filter, Request, Response, Row, RowsAsked};
use leptos::prelude::*;

/// Rows of a page.
const PAGE: u32 = 10;
/// The id of the panel's heading.
const TITLE: &str = "rows-title";
/// The id of the field in which a row is corrected.
const FIX: &str = "rows-fix";

/// Shows the rows that have this in common, and goes there.
pub fn show(filter: Var<Filter>, wanted: Filter) {
    filter.set(wanted);
    browser::focus_field(TITLE);
}

/// The rows, a page of them.
#[component]
pub fn RowBrowser(summary: Computed<Summary>, filter: Var<Filter>) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let search = Var::new(String::new());
    let from = Var::new(0);
    // The row that is being corrected.
    let editing = Var::new(None);
    let page = answer(move || {
        // What was processed anew is asked for anew.
        shared.processed.with(|_| ());
        let asked =
            RowsAsked { filter: filter.get(), search: search.get(), from: from.get(), count: PAGE };
        async move {
            match shared.worker.ask(Request::Rows(asked)).await {
                Ok(Response::Rows(rows)) => Some(*rows),
                _ => None,
            }
        }
    });
    let total = Computed::new(move || page.with(|page| page.as_ref().map_or(0, |page| page.total)));
    let unable = Computed::new(move || summary.with(|s| s.unable));
    // Whoever asks for other rows sees the first of them.
    effect(move || {
        filter.get();
        from.set(0);
        editing.set(None);
    });
    // The last row of the last page may be fixed.
    effect(move || {
        let last = total.get().saturating_sub(1) / PAGE * PAGE;
        if from.get_untracked() > last {
            from.set(last);
        }
    });
    let kinds = move || {
        let (unable, duplicates, doubtful, valid) =
            summary.with(|s| (s.unable, s.duplicates, s.doubtful, s.valid));
        let kinds = [
            (Filter::Unable, "Unable to import", unable),
            (Filter::Duplicates, "Duplicates", duplicates),
            (Filter::Doubtful, "May not get the message", doubtful),
            (Filter::Valid, "Valid", valid),
        ];
        each(kinds.into_iter().filter(|(_, _, count)| *count > 0).map(move |(this, name, count)| {
            let class = if filter.get() == this { "tab tab--on" } else { "tab" };
            let press = move |_| filter.set(this);
            view! {
                <button type="button" class=class aria-pressed=(filter.get() == this).to_string() on:click=press>
                    {format!("{name} ({})", domain::grouped(count))}
                </button>
            }
        }))
    };
    let download = move || {
        spawn(async move {
            if let Ok(Response::Csv(address)) = shared.worker.ask(Request::RejectsCsv).await {
                browser::follow_download(&address, "rejected-rows.csv");
            }
        });
    };
    let body = move || {
        let rows =
            page.with(|page| page.as_ref().map(|page| page.rows.clone())).unwrap_or_default();
        let is_unable = filter.get() == Filter::Unable;
        each(rows.into_iter().map(move |this| {
            let written = if is_unable {
                fixable(shared, editing, this.clone())
            } else {
                view! { <td><code>{this.written}</code></td> }.into_any()
            };
            row([number(this.place), written, cell(this.says)])
        }))
    };
    let count = text(move || {
        let (from, total) = (from.get(), total.get());
        match total {
            0 => "No rows".to_owned(),
            _ => format!(
                "{} to {} of {}",
                domain::grouped(from + 1),
                domain::grouped((from + PAGE).min(total)),
                domain::grouped(total)
            ),
        }
    });
    let turn = move |to: u32| {
        editing.set(None);
        from.set(to);
    };
    let pages = move || {
        let (at, total) = (from.get(), total.get());
        (total > PAGE).then(|| {
            let class = "button button--small";
            view! {
                {(at > 0).then(|| button(class, "Previous", Some("Previous rows".to_owned()), move || turn(at.saturating_sub(PAGE))))}
                {(at + PAGE < total).then(|| button(class, "Next", Some("Next rows".to_owned()), move || turn(at + PAGE)))}
            }
        })
    };
    let title = text(move || match filter.get() {
        Filter::Unable => "Unable to import".to_owned(),
        Filter::Duplicates => "Duplicates".to_owned(),
        Filter::Doubtful => "May not get the message".to_owned(),
        Filter::Valid => "Recipients".to_owned(),
        Filter::Repaired(kind) => kind.label().to_owned(),
        Filter::Country(country) => shared.country_name(country),
    });
    view! {
        <section class="panel rows" aria-labelledby=TITLE>
            <header class="panel__head">
                <h3 id=TITLE tabindex="-1">
                    {title}
                </h3>
                <p class="hint" role="status">{count}</p>
                {dynamic(move || {
                    (unable.get() > 0)
                        .then(|| button("button button--small", "Download rejected rows", None, download))
                })}
            </header>
            <div class="rows__tools">
                <div class="tabs" role="group" aria-label="Rows to show">{dynamic(kinds)}</div>
                <input
                    class="input rows__search"
                    type="search"
                    id="rows-search"
                    aria-label="Search rows"
                    placeholder="Search rows"
                    autocomplete="off"
                    on:keydown=not_the_form
                    on:input:target=move |event| {
                        from.set(0);
                        search.set(event.target().value());
                    }
                />
            </div>
            {table(&["Row#", "As written", "About it"], dynamic(body))}
            <div class="rows__pages">{dynamic(pages)}</div>
        </section>
    }
}

/// The Enter key would submit the step.
fn not_the_form(event: web_sys::KeyboardEvent) {
    if event.key() == "Enter" {
        event.prevent_default();
    }
}

/// A number as it was written, and a way to write another in its place.
fn fixable(shared: Shared, editing: Var<Option<(u32, u32, Option<String>)>>, this: Row) -> AnyView {
    let Row { source, row, place, written, .. } = this;
    let before = written.clone();
    let typed = Var::new(written.clone());
    let fix = Callback::new(move |()| {
        let correction =
            Correction { source, row, before: before.clone(), after: typed.get_untracked() };
        let asked = shared.asked();
        spawn(async move {
            let answer = shared.worker.ask(Request::Correct(correction.clone())).await;
            // What it was about may not be there any more.
            if shared.asked() != asked {
                return;
            }
            match answer {
                Ok(Response::Processed(processed)) => {
                    editing.set(None);
                    shared.corrected(correction, *processed);
                    browser::focus_field(TITLE);
                }
                Ok(Response::NotCorrected(words)) => editing.set(Some((source, row, Some(words)))),
                _ => {}
            }
        });
    });
    let label = format!("Number in row {place}");
    dynamic(move || {
        let problem = editing.with(|editing| match editing {
            Some((s, r, problem)) if (*s, *r) == (source, row) => Some(problem.clone()),
            _ => None,
        });
        let Some(problem) = problem else {
            let label = format!("Fix row {place}");
            return view! {
                <td>
                    <code>{written.clone()}</code>
                    " "
                    {button("link", "Fix", Some(label), move || {
                        editing.set(Some((source, row, None)));
                        browser::focus_when_there(FIX.to_owned());
                    })}
                </td>
            }
            .into_any();
        };
        let on_key = move |event: web_sys::KeyboardEvent| {
            if event.key() == "Enter" {
                fix.run(());
            }
            not_the_form(event);
        };
        view! {
            <td>
                <span class="rows__fix">
                    <input
                        class="input"
                        id=FIX
                        aria-label=label.clone()
                        aria-invalid=problem.is_some().then_some("true")
                        prop:value=typed.get_untracked()
                        on:keydown=on_key
                        on:input:target=move |event| typed.set(event.target().value())
                    />
                    {button("button button--small", "Save", None, move || fix.run(()))}
                </span>
                {problem.map(|words| view! { <p class="field__problem" role="alert">{words}</p> })}
            </td>
        }
        .into_any()
    })
}
