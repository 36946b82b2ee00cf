//! What came of processing: the counts, where the numbers are, what was repaired.

use super::rows::RowBrowser;
use crate::reactive::{Computed, Var};
use crate::ui::button::button;
use crate::ui::donut::Donut;
use crate::ui::dynamic::{dynamic, each, flag, text};
use crate::ui::table::{cell, number, row, table};
use crate::wizard::Shared;
use domain::recipients::Summary;
use domain::worker_protocol::{Filter, Repaired};
use leptos::html;
use leptos::prelude::*;

/// What came of it.
#[component]
pub fn Processed(region: NodeRef<html::Section>) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let summary = Computed::new(move || {
        shared.draft.read(|draft| draft.processed.clone()).unwrap_or_default()
    });
    // Nothing is asked for until somebody looks: the rows that need care come first.
    let filter = Var::new(summary.with_untracked(|s| match s {
        Summary { unable: 1.., .. } => Filter::Unable,
        Summary { duplicates: 1.., .. } => Filter::Duplicates,
        Summary { doubtful: 1.., .. } => Filter::Doubtful,
        _ => Filter::Valid,
    }));
    let told = move |tell: fn(&domain::worker_protocol::Processed) -> String| {
        text(move || shared.processed.with(|p| p.as_ref().map(tell).unwrap_or_default()))
    };
    let of = |count: fn(&Summary) -> u32| Computed::new(move || summary.with(count));
    let (unable, repaired) = (of(|s| s.unable), of(|s| s.repaired));
    let include = move |include: bool| {
        shared.draft.change(|draft| draft.include_duplicates = include);
        shared.process_again();
    };
    let sums = text(move || {
        summary.with(|s| {
            let left_out = if s.duplicates_included { 0 } else { s.duplicates };
            let mut sum = format!(
                "{} valid + {} unable to import",
                domain::grouped(s.valid),
                domain::grouped(s.unable)
            );
            if left_out > 0 {
                sum = format!("{sum} + {} duplicates left out", domain::grouped(left_out));
            }
            format!("{sum} = {}", domain::grouped(s.total))
        })
    });
    let notes = move || {
        let notes = shared.processed.with(|p| p.as_ref().map(|p| p.notes.clone()));
        each(notes.into_iter().flatten().map(|note| view! { <p class="file__note">{note}</p> }))
    };
    view! {
        <section class="summary" aria-labelledby="summary-title" tabindex="-1" node_ref=region>
            <div class="summary__head">
                <h2 id="summary-title">"Contacts summary"</h2>
                <p class="hint" role="status">{told(|p| p.words.clone())}</p>
            </div>
            {dynamic(notes)}
            <dl class="figures">
                {figure("Total", "", of(|s| s.total), text(|| "numbers found"))}
                {figure("Valid", "good", of(|s| s.valid), text(|| "will get the message"))}
                {figure("Unable to import", "bad", unable, text(move || match unable.get() {
                    0 => "every number can be read",
                    _ => "left out; see below",
                }))}
                {figure("Duplicates", "", of(|s| s.duplicates), text(move || {
                    if summary.with(|s| s.duplicates_included) { "included" } else { "left out" }
                }))}
                {figure("Repaired", "warn", repaired, text(move || match repaired.get() {
                    0 => "read as written",
                    _ => "read; see below",
                }))}
            </dl>
            <p class="hint">{sums}</p>
            <div class="check">
                <input
                    type="checkbox"
                    class="check__box"
                    id="include-duplicates"
                    prop:checked=flag(move || shared.draft.read(|draft| draft.include_duplicates))
                    on:change:target=move |event| include(event.target().checked())
                />
                <label for="include-duplicates">"Include duplicates"</label>
                <span class="hint">"A number that is there twice then gets the message twice."</span>
            </div>
            <div class="columns">
                <Destinations summary=summary filter=filter />
                <Repairs filter=filter />
            </div>
            <RowBrowser summary=summary filter=filter />
        </section>
    }
}

/// One figure: what it counts, the count, and what that means.
fn figure(
    term: &'static str,
    tone: &'static str,
    count: Computed<u32>,
    meaning: Signal<String>,
) -> impl IntoView {
    // Colour says something is there; a zero is nothing to worry about.
    let class = text(move || {
        let tone = if count.get() > 0 { tone } else { "" };
        format!("figures__count figures__count--{tone}")
    });
    view! {
        <div class="figures__item">
            <dt>{term}</dt>
            <dd class=class>{text(move || domain::grouped(count.get()))}</dd>
            <dd class="figures__meaning">{meaning}</dd>
        </div>
    }
}

/// Countries that are listed before one asks for more.
const COUNTRIES: usize = 8;

#[component]
fn Destinations(summary: Computed<Summary>, filter: Var<Filter>) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let all = Var::new(false);
    let shares = Computed::new(move || {
        summary.with(|s| s.destinations.iter().map(|d| d.recipients).collect::<Vec<_>>())
    });
    let pick = Callback::new(move |n: usize| {
        if let Some(country) = summary.with_untracked(|s| s.destinations.get(n).map(|d| d.country))
        {
            super::rows::show(filter, Filter::Country(country));
        }
    });
    let rows = move || {
        let Summary { valid, destinations, .. } = summary.get();
        let limit = if all.get() { usize::MAX } else { COUNTRIES };
        each(destinations.into_iter().enumerate().take(limit).map(|(n, destination)| {
            let share = percent(destination.recipients, valid);
            let name = shared.country_name(destination.country);
            row([
                view! {
                    <td>
                        <span class=format!("swatch donut__arc--{}", n.min(5)) aria-hidden="true"></span>
                        {button("link", name, None, move || pick.run(n))}
                    </td>
                }
                .into_any(),
                number(domain::grouped(destination.recipients)),
                number(format!("{share} %")),
            ])
        }))
    };
    let count = text(move || match summary.with(|s| s.destinations.len()) {
        1 => "1 country".to_owned(),
        n => format!("{n} countries"),
    });
    let more = move || {
        let more = summary.with(|s| s.destinations.len()).saturating_sub(COUNTRIES);
        (more > 0 && !all.get()).then(|| {
            button(
                "button button--quiet button--small",
                format!("Show {more} more"),
                None,
                move || all.set(true),
            )
        })
    };
    dynamic(move || {
        (summary.with(|s| s.valid) > 0).then(|| {
            view! {
                <section class="panel" aria-labelledby="destinations-title">
                    <header class="panel__head">
                        <h3 id="destinations-title">"Destinations"</h3>
                        <p class="hint">{count}</p>
                    </header>
                    <div class="panel__chart">
                        <Donut shares=shares on_pick=pick />
                        <div>
                            {table(&["Country", "Recipients#", "Share#"], dynamic(rows))}
                            {dynamic(more)}
                        </div>
                    </div>
                </section>
            }
        })
    })
}

/// What was repaired, by kind, each with its switch.
#[component]
fn Repairs(filter: Var<Filter>) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let repairs = Computed::new(move || {
        shared.processed.with(|p| p.as_ref().map(|p| p.repairs.clone()).unwrap_or_default())
    });
    let line = move |Repaired { kind, rows, is_undone, before, after, places }: Repaired| {
        let toggle = move || {
            shared.draft.change(|draft| draft.toggle_repair(kind));
            shared.process_again();
        };
        let (words, label) = match is_undone {
            false => ("Undo", format!("Undo: {}", kind.label())),
            true => ("Repair", format!("Repair: {}", kind.label())),
        };
        row([
            cell(kind.label().to_owned()),
            view! {
                <td>
                    <code>{before}</code>
                    {(!after.is_empty())
                        .then(|| {
                            view! {
                                <span aria-hidden="true">" → "</span>
                                <span class="unseen">" became "</span>
                                <code>{after}</code>
                            }
                        })}
                    <span class="hint file__places">{format!("Row {places}")}</span>
                </td>
            }
            .into_any(),
            view! {
                <td class="number">
                    {button("link", domain::grouped(rows), Some(format!("Show {} rows: {}", domain::grouped(rows), kind.label())), move || {
                        super::rows::show(filter, Filter::Repaired(kind));
                    })}
                </td>
            }
            .into_any(),
            view! { <td>{button("button button--small", words, Some(label), toggle)}</td> }.into_any(),
        ])
    };
    dynamic(move || {
        let repairs = repairs.get();
        (!repairs.is_empty()).then(|| {
            view! {
                <section class="panel" aria-labelledby="repaired-title">
                    <header class="panel__head">
                        <h3 id="repaired-title">"Repaired"</h3>
                        <p class="hint">"each can be undone"</p>
                    </header>
                    {table(&["What", "Example", "Rows#", "Change"], each(repairs.into_iter().map(line)))}
                </section>
            }
        })
    })
}

/// How much of `whole` a part of it is, to the nearest hundredth.
fn percent(part: u32, whole: u32) -> u64 {
    let whole = u64::from(whole.max(1));
    (u64::from(part) * 100 + whole / 2) / whole
}
