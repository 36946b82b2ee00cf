//! The rows: those that cannot get the message, those that may not, those of a country; searched, paged, and
//! where they are wrong, corrected in place.

mod fix;
pub mod shown;

use crate::browser;
use crate::page::Skeleton;
use crate::ui::button::Button;
use crate::ui::control_flow::{For, Show};
use crate::ui::table::{Column, Table};
use crate::wizard::context::WizardContext;
use crate::worker::Worker;
use domain::recipients::Summary;
use domain::worker_protocol::{Filter, Request, Response, Row, RowsAsked};
use fix::Fixable;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shown::{RowsShown, TITLE};
use web_sys::KeyboardEvent;

/// Rows of a page.
const PAGE: u32 = 10;

/// A page of rows.
#[derive(Clone, Debug, Default, PartialEq)]
struct Page {
    from: u32,
    total: u32,
    rows: Vec<Row>,
}

/// The page that was asked for. After a row was corrected there may be fewer: then the last there is.
async fn fetch(worker: Worker, mut asked: RowsAsked) -> Option<Page> {
    loop {
        let Ok(Response::Rows(rows)) = worker.ask(Request::Rows(asked.clone())).await else {
            return None;
        };
        let last = rows.total.saturating_sub(1) / PAGE * PAGE;
        if asked.from <= last {
            return Some(Page { from: asked.from, total: rows.total, rows: rows.rows });
        }
        asked.from = last;
    }
}

/// The rows, a page of them.
#[component]
pub fn RowBrowser(summary: Memo<Summary>, shown: RowsShown) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    // What was processed anew is asked for anew.
    let contacts = Memo::new(move |_| context.with(|wizard| wizard.contacts().cloned()));
    let message = Memo::new(move |_| {
        let is_asked = shown.filter.get() == Filter::Unsendable;
        is_asked.then(|| context.draft(|draft| draft.message.clone()))
    });
    let page = LocalResource::new(move || {
        let is_read = contacts.with(Option::is_some);
        let asked = RowsAsked {
            filter: shown.filter.get(),
            search: shown.search.get(),
            from: shown.from.get(),
            count: PAGE,
            message: message.get(),
        };
        async move { if is_read { fetch(context.worker, asked).await } else { None } }
    });
    let current = Memo::new(move |_| page.get().flatten().unwrap_or_default());
    let unable = move || summary.with(|summary| summary.unable);
    let download = move |()| {
        spawn_local(async move {
            if let Ok(Response::Csv(address)) = context.worker.ask(Request::RejectsCsv).await {
                browser::follow_download(&address, "rejected-rows.csv");
            }
        });
    };
    let count = move || current.with(in_words);
    let title = move || match shown.filter.get() {
        Filter::Unable => "Unable to import".to_owned(),
        Filter::Duplicates => "Duplicates".to_owned(),
        Filter::Doubtful => "May not get the message".to_owned(),
        Filter::Valid => "Recipients".to_owned(),
        Filter::Unsendable => "Cannot be sent".to_owned(),
        Filter::Repaired(kind) => kind.label().to_owned(),
        Filter::Country(country) => context.country_name(country),
    };
    let columns = [Column::number("Row"), Column::text("As written"), Column::text("About it")];
    view! {
        <section class="panel rows" aria-labelledby=TITLE>
            <header class="panel__head">
                <h3 id=TITLE tabindex="-1">
                    {title}
                </h3>
                <p class="hint" role="status">
                    {count}
                </p>
                <Show when=move || { unable() > 0 }>
                    <Button class="button button--small" on_press=download>
                        "Download rejected rows"
                    </Button>
                </Show>
            </header>
            <div class="rows__tools">
                <Tabs summary=summary shown=shown />
                <input
                    class="input rows__search"
                    type="search"
                    id="rows-search"
                    aria-label="Search rows"
                    placeholder="Search rows"
                    autocomplete="off"
                    on:keydown=not_the_form
                    on:input:target=move |event| shown.look_for(event.target().value())
                />
            </div>
            <Transition fallback=|| view! { <Skeleton /> }>
                <Table columns=columns>
                    <For
                        each=move || page.get().flatten().map(|page| page.rows).unwrap_or_default()
                        key=|row| (row.source, row.row, row.written.clone(), row.says.clone())
                        let:row
                    >
                        <RowLine row=row shown=shown />
                    </For>
                </Table>
            </Transition>
            <Pages page=current shown=shown />
        </section>
    }
}

#[component]
fn RowLine(row: Row, shown: RowsShown) -> impl IntoView {
    let written = {
        let row = row.clone();
        move || match shown.filter.get() {
            Filter::Unable => view! { <Fixable row=row.clone() shown=shown /> }.into_any(),
            _ => view! { <td><code>{row.written.clone()}</code></td> }.into_any(),
        }
    };
    view! {
        <tr>
            <td class="number">{row.place}</td>
            {written}
            <td>{row.says}</td>
        </tr>
    }
}

/// `11 to 20 of 25`.
fn in_words(page: &Page) -> String {
    match page.total {
        0 => "No rows".to_owned(),
        total => format!(
            "{} to {} of {}",
            domain::grouped(page.from + 1),
            domain::grouped((page.from + PAGE).min(total)),
            domain::grouped(total)
        ),
    }
}

/// The kinds of rows there are, a button each.
#[component]
fn Tabs(summary: Memo<Summary>, shown: RowsShown) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let of = |count: fn(&Summary) -> u32| Memo::new(move |_| summary.with(count));
    let unsendable = Memo::new(move |_| {
        context.with(|wizard| wizard.figures().map_or(0, |(quoted, _)| quoted.quote.unsendable))
    });
    let kinds = [
        (Filter::Unable, "Unable to import", of(|s| s.unable)),
        (Filter::Unsendable, "Cannot be sent", unsendable),
        (Filter::Duplicates, "Duplicates", of(|s| s.duplicates)),
        (Filter::Doubtful, "May not get the message", of(|s| s.doubtful)),
        (Filter::Valid, "Valid", of(|s| s.valid)),
    ];
    let tab = move |(this, name, count): (Filter, &'static str, Memo<u32>)| {
        let is_on = move || shown.filter.get() == this;
        view! {
            <Show when=move || { count.get() > 0 }>
                <button
                    type="button"
                    class="tab"
                    class:tab--on=is_on
                    aria-pressed=move || is_on().to_string()
                    on:click=move |_| shown.pick(this)
                >
                    {move || format!("{name} ({})", domain::grouped(count.get()))}
                </button>
            </Show>
        }
    };
    view! {
        <div class="tabs" role="group" aria-label="Rows to show">
            {kinds.into_iter().map(tab).collect_view()}
        </div>
    }
}

/// The way to the rows before and after.
#[component]
fn Pages(page: Memo<Page>, shown: RowsShown) -> impl IntoView {
    let from = move || page.with(|page| page.from);
    let is_more = move || page.with(|page| page.from + PAGE < page.total);
    let back = move |()| shown.turn(page.with_untracked(|page| page.from.saturating_sub(PAGE)));
    let on = move |()| shown.turn(page.with_untracked(|page| page.from + PAGE));
    view! {
        <div class="rows__pages">
            <Show when=move || { from() > 0 }>
                <Button class="button button--small" label="Previous rows" on_press=back>
                    "Previous"
                </Button>
            </Show>
            <Show when=is_more>
                <Button class="button button--small" label="Next rows" on_press=on>
                    "Next"
                </Button>
            </Show>
        </div>
    }
}

/// The Enter key would submit the step.
fn not_the_form(event: KeyboardEvent) {
    if event.key() == "Enter" {
        event.prevent_default();
    }
}
