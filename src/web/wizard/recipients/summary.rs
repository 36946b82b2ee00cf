//! What came of processing: the counts, how they add up, and the parts that tell more.

use super::destinations::Destinations;
use super::repairs::Repairs;
use super::rows::RowBrowser;
use super::rows::shown::{RowsShown, TITLE};
use crate::browser;
use crate::ui::control_flow::Show;
use crate::wizard::context::WizardContext;
use domain::recipients::Summary;
use domain::wizard::machine::Event;
use domain::worker_protocol::{Filter, Processed};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

/// What came of it.
#[component]
pub fn ContactsSummary(region: NodeRef<html::Section>) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let summary =
        Memo::new(move |_| context.draft(|draft| draft.processed.clone()).unwrap_or_default());
    let shown = RowsShown::new(first_rows(&summary.get_untracked()));
    let told = Memo::new(move |_| {
        let words = |contacts: &Processed| (contacts.words.clone(), contacts.notes.clone());
        context.with(|wizard| wizard.contacts().map(words).unwrap_or_default())
    });
    let notes = move || {
        let (_, notes) = told.get();
        notes.into_iter().map(|note| view! { <p class="file__note">{note}</p> }).collect_view()
    };
    let include = move |include: bool| {
        context.edit(|draft| draft.set_include_duplicates(include));
        context.send(Event::Process);
    };
    let is_any_valid = Memo::new(move |_| summary.with(|summary| summary.valid > 0));
    view! {
        <section class="summary" aria-labelledby="summary-title" tabindex="-1" node_ref=region>
            <div class="summary__head">
                <h2 id="summary-title">"Contacts summary"</h2>
                <p class="hint" role="status">
                    {move || told.get().0}
                </p>
            </div>
            {notes}
            <Figures summary=summary />
            <p class="hint">{move || summary.with(sum_in_words)}</p>
            <div class="check">
                <input
                    type="checkbox"
                    class="check__box"
                    id="include-duplicates"
                    prop:checked=move || context.draft(|draft| draft.include_duplicates)
                    on:change:target=move |event| include(event.target().checked())
                />
                <label for="include-duplicates">"Include duplicates"</label>
                <span class="hint check__about">
                    "A number that is there twice then gets the message twice."
                </span>
            </div>
            <div class="columns">
                <Show when=move || is_any_valid.get()>
                    <Destinations summary=summary shown=shown />
                </Show>
                <Repairs shown=shown />
            </div>
            <RowBrowser summary=summary shown=shown />
        </section>
    }
}

/// Which rows are shown first: those that a link has led to, else those that need care.
fn first_rows(summary: &Summary) -> Filter {
    let is_led_here =
        use_query_map().with_untracked(|query| query.get("rows").as_deref() == Some("unsendable"));
    if is_led_here {
        spawn_local(async {
            // After the page's heading, which takes the focus first.
            browser::sleep(0).await;
            browser::focus_field(TITLE);
        });
        return Filter::Unsendable;
    }
    match summary {
        Summary { unable: 1.., .. } => Filter::Unable,
        Summary { duplicates: 1.., .. } => Filter::Duplicates,
        Summary { doubtful: 1.., .. } => Filter::Doubtful,
        _ => Filter::Valid,
    }
}

/// The five counts.
#[component]
fn Figures(summary: Memo<Summary>) -> impl IntoView {
    let of = |count: fn(&Summary) -> u32| Memo::new(move |_| summary.with(count));
    let (unable, repaired) = (of(|s| s.unable), of(|s| s.repaired));
    let are_included = move || summary.with(|s| s.duplicates_included);
    view! {
        <dl class="figures">
            <Figure term="Total" count=of(|s| s.total) meaning="numbers found" />
            <Figure term="Valid" tone="good" count=of(|s| s.valid) meaning="will get the message" />
            <Figure
                term="Unable to import"
                tone="bad"
                count=unable
                meaning=Signal::derive(move || {
                    let is_none = unable.get() == 0;
                    if is_none { "every number can be read" } else { "left out; see below" }.to_owned()
                })
            />
            <Figure
                term="Duplicates"
                count=of(|s| s.duplicates)
                meaning=Signal::derive(move || {
                    if are_included() { "included" } else { "left out" }.to_owned()
                })
            />
            <Figure
                term="Repaired"
                tone="warn"
                count=repaired
                meaning=Signal::derive(move || {
                    if repaired.get() == 0 { "read as written" } else { "read; see below" }.to_owned()
                })
            />
        </dl>
    }
}

/// One figure: what it counts, the count, and what that means.
#[component]
fn Figure(
    term: &'static str,
    #[prop(default = "")] tone: &'static str,
    count: Memo<u32>,
    #[prop(into)] meaning: Signal<String>,
) -> impl IntoView {
    // Colour says something is there; a zero is nothing to worry about.
    let class = move || {
        let tone = if count.get() > 0 { tone } else { "" };
        format!("figures__count figures__count--{tone}")
    };
    view! {
        <div class="figures__item">
            <dt>{term}</dt>
            <dd class=class>{move || domain::grouped(count.get())}</dd>
            <dd class="figures__meaning">{meaning}</dd>
        </div>
    }
}

/// `998 valid + 1 unable to import + 1 duplicates left out = 1,000`.
fn sum_in_words(summary: &Summary) -> String {
    let left_out = if summary.duplicates_included { 0 } else { summary.duplicates };
    let mut sum = format!(
        "{} valid + {} unable to import",
        domain::grouped(summary.valid),
        domain::grouped(summary.unable)
    );
    if left_out > 0 {
        sum = format!("{sum} + {} duplicates left out", domain::grouped(left_out));
    }
    format!("{sum} = {}", domain::grouped(summary.total))
}
