//! Step 2: who gets the message, and what came of processing what was entered.

use crate::browser;
use crate::reactive::{Computed, Var, spawn};
use crate::routes::Here;
use crate::ui::donut::Donut;
use crate::ui::dynamic::{dynamic, each, flag, text};
use crate::ui::field::{Select, TextArea};
use crate::ui::note::{Note, Tone};
use crate::ui::problems::Problems;
use crate::wizard::{Shared, StepPage, advance};
use crate::worker_client::WorkerState;
use domain::journey::Step;
use domain::phone::Country;
use domain::problem::{Field, Problem};
use domain::recipients::{RepairKind, Summary};
use domain::worker_protocol::{Answer, Ask};
use leptos::html;
use leptos::prelude::*;

/// Rows of a table before one has to ask for more.
const ROWS: usize = 10;

/// `/sender/recipients`.
#[component]
pub fn Recipients() -> impl IntoView {
    let shared = expect_context::<Shared>();
    let problems = Problems::new();
    let here = expect_context::<Here>();
    let region = NodeRef::<html::Section>::new();
    let is_processed = Computed::new(move || shared.draft.read(|draft| draft.processed.is_some()));
    let process = Callback::new(move |()| {
        if shared.draft.peek(|draft| draft.numbers.trim().is_empty()) {
            let words = Problem::NoNumbers.to_string();
            return problems.show(vec![(Some(Field::Numbers.id()), words)]);
        }
        if shared.worker.state() == WorkerState::Failed {
            shared.worker.restart();
        }
        problems.clear();
        shared.process(move |summary| {
            if summary.is_none() {
                problems.show(vec![(None, LOST.to_owned())]);
            } else if let Some(region) = region.try_get_untracked().flatten() {
                region.scroll_into_view();
                browser::focus(&region);
            }
        });
    });
    let next = Callback::new(move |()| {
        if is_processed.get_untracked() {
            advance(shared, here, Step::Recipients, problems);
        } else {
            process.run(());
        }
    });
    let next_label = text(move || {
        if is_processed.get() { "Next: Compose a message" } else { "Process contacts" }.to_owned()
    });
    let numbers = Signal::derive(move || shared.draft.read(|draft| draft.numbers.clone()));
    let country = Signal::derive(move || {
        shared.draft.read(|draft| draft.country.map(String::from).unwrap_or_default())
    });
    let countries = Computed::new(move || {
        let mut options = vec![(String::new(), "None: every number has a country code".to_owned())];
        shared.destinations.with(|destinations| {
            let known = destinations.done().map_or(&[][..], |d| &d.countries);
            options.extend(known.iter().filter_map(|info| {
                let label = format!("{} (+{})", info.name, info.dialing_code?);
                Some((info.country.code().to_owned(), label))
            }));
        });
        options
    });
    view! {
        <StepPage
            step=Step::Recipients
            problems=problems
            next=next_label
            on_next=next
            busy=shared.processing
        >
            <div class="columns columns--entry">
                <TextArea
                    id=Field::Numbers.id()
                    label="Mobile numbers"
                    hint="One or many, typed or pasted: a number a line, or with commas between them. They stay in this browser until you submit."
                    problem=problems.of(Field::Numbers.id())
                    value=numbers
                    on_input=Callback::new(move |text| {
                        problems.clear();
                        shared.draft.change(|draft| draft.set_numbers(text));
                    })
                />
                <Select
                    id="country"
                    label="Country for local numbers"
                    hint="Only for numbers without a country code. Numbers with + are never changed."
                    problem=problems.of("country")
                    options=countries
                    value=country
                    on_choose=Callback::new(move |code: String| {
                        shared.draft.change(|draft| draft.set_country(Country::parse(&code)));
                    })
                />
            </div>
            {dynamic(move || {
                (shared.worker.state() == WorkerState::Failed)
                    .then(|| {
                        view! {
                            <Note tone=Tone::Bad alert=true>
                                <p>{LOST}</p>
                                <button
                                    type="button"
                                    class="button button--small"
                                    on:click=move |_| shared.worker.restart()
                                >
                                    "Try again"
                                </button>
                            </Note>
                        }
                    })
            })}
            {dynamic(move || is_processed.get().then(|| view! { <Processed region=region /> }))}
        </StepPage>
    }
}

const LOST: &str = "The part of this page that checks numbers could not be loaded. Check your connection and try again; nothing you typed is lost.";

/// What came of it.
#[component]
fn Processed(region: NodeRef<html::Section>) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let summary = Computed::new(move || {
        shared.draft.read(|draft| draft.processed.clone()).unwrap_or_default()
    });
    let took = text(move || -> String {
        shared
            .processed
            .with(|processed| {
                processed.as_ref().map(|processed| {
                    format!(
                        "{} checked in {} · nothing has left this browser",
                        numbers_in_words(processed.summary.total),
                        duration(processed.millis),
                    )
                })
            })
            .unwrap_or_default()
    });
    let of = |count: fn(&Summary) -> u32| Computed::new(move || summary.with(count));
    let (unable, repaired) = (of(|s| s.unable), of(|s| s.repaired));
    let include = move |include: bool| {
        shared.draft.change(|draft| draft.include_duplicates = include);
        shared.process(|_| ());
    };
    view! {
        <section class="summary" aria-labelledby="summary-title" tabindex="-1" node_ref=region>
            <div class="summary__head">
                <h2 id="summary-title">"Contacts summary"</h2>
                <p class="hint" role="status">{took}</p>
            </div>
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
                <Destinations summary=summary />
                <Rejected summary=summary />
                <Repaired />
                <Doubtful />
            </div>
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

#[component]
fn Destinations(summary: Computed<Summary>) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let shares = Computed::new(move || {
        summary.with(|s| s.destinations.iter().map(|d| d.recipients).collect::<Vec<_>>())
    });
    let rows = move || {
        dynamic(move || {
            let Summary { valid, destinations, .. } = summary.get();
            destinations
            .into_iter()
            .enumerate()
            .map(|(n, destination)| {
                let share = percent(destination.recipients, valid);
                view! {
                    <tr>
                        <td>
                            <span class=format!("swatch donut__arc--{}", n.min(5)) aria-hidden="true"></span>
                            {shared.country_name(destination.country)}
                        </td>
                        <td class="number">{domain::grouped(destination.recipients)}</td>
                        <td class="number">{format!("{share} %")}</td>
                    </tr>
                }
            })
            .collect_view()
        })
    };
    let count = text(move || match summary.with(|s| s.destinations.len()) {
        1 => "1 country".to_owned(),
        n => format!("{n} countries"),
    });
    dynamic(move || {
        (summary.with(|s| s.valid) > 0).then(|| {
            view! {
                <section class="panel" aria-labelledby="destinations-title">
                    <header class="panel__head">
                        <h3 id="destinations-title">"Destinations"</h3>
                        <p class="hint">{count}</p>
                    </header>
                    <div class="panel__chart">
                        <Donut shares=shares />
                        <table class="table">
                            <thead>
                                <tr>
                                    <th scope="col">"Country"</th>
                                    <th scope="col" class="number">"Recipients"</th>
                                    <th scope="col" class="number">"Share"</th>
                                </tr>
                            </thead>
                            <tbody>{rows()}</tbody>
                        </table>
                    </div>
                </section>
            }
        })
    })
}

#[component]
fn Rejected(summary: Computed<Summary>) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let all = Var::new(false);
    let download = move |_| {
        spawn(async move {
            if let Ok(Answer::Csv(csv)) = shared.worker.ask(Ask::RejectsCsv).await {
                browser::save_file("rejected-rows.csv", "text/csv;charset=utf-8", &csv);
            }
        });
    };
    let rows = move || {
        dynamic(move || {
            let limit = if all.get() { usize::MAX } else { ROWS };
            shared.processed.with(|processed| {
                let rejects = processed.as_ref().map_or(&[][..], |p| &p.rejects);
                rejects
                    .iter()
                    .take(limit)
                    .map(|reject| {
                        view! {
                            <tr>
                                <td class="number">{domain::grouped(reject.row)}</td>
                                <td><code>{reject.raw.clone()}</code></td>
                                <td>{reject.problem.to_string()}</td>
                            </tr>
                        }
                    })
                    .collect_view()
            })
        })
    };
    dynamic(move || {
        let unable = summary.with(|s| s.unable);
        (unable > 0).then(|| {
            view! {
                <section class="panel" aria-labelledby="rejected-title">
                    <header class="panel__head">
                        <h3 id="rejected-title">"Unable to import"</h3>
                        <button type="button" class="button button--small" on:click=download>
                            "Download rejected rows"
                        </button>
                    </header>
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col" class="number">"Row"</th>
                                <th scope="col">"As written"</th>
                                <th scope="col">"Reason"</th>
                            </tr>
                        </thead>
                        <tbody>{rows()}</tbody>
                    </table>
                    <More all=all count=unable shown=ROWS />
                </section>
            }
        })
    })
}

/// Shows the rest of a table.
#[component]
fn More(all: Var<bool>, count: u32, shown: usize) -> impl IntoView {
    dynamic(move || {
        (count as usize > shown && !all.get()).then(|| {
            view! {
                <button type="button" class="button button--quiet button--small" on:click=move |_| all.set(true)>
                    {format!("Show {} more", domain::grouped(count as usize - shown))}
                </button>
            }
        })
    })
}

#[component]
fn Repaired() -> impl IntoView {
    let shared = expect_context::<Shared>();
    let kinds = Computed::new(move || {
        shared.processed.with(|processed| {
            let repairs = processed.as_ref().map_or(&[][..], |p| &p.repairs);
            let kind = |kind| {
                let mut of_kind = repairs.iter().filter(|repair| repair.kinds.contains(kind));
                let first = of_kind.next()?;
                let example = (visible(&first.before), first.after.to_string());
                Some((kind, 1 + of_kind.count(), example))
            };
            RepairKind::ALL.into_iter().filter_map(kind).collect::<Vec<_>>()
        })
    });
    let row = |(kind, count, (before, after)): (RepairKind, usize, (String, String))| {
        view! {
            <tr>
                <td>{kind.label()}</td>
                <td>
                    <code>{before}</code>
                    <span aria-hidden="true">" → "</span>
                    <span class="unseen">" became "</span>
                    <code>{after}</code>
                </td>
                <td class="number">{domain::grouped(count)}</td>
            </tr>
        }
    };
    dynamic(move || {
        let kinds = kinds.get();
        (!kinds.is_empty()).then(|| {
            view! {
                <section class="panel" aria-labelledby="repaired-title">
                    <header class="panel__head">
                        <h3 id="repaired-title">"Repaired"</h3>
                    </header>
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">"What"</th>
                                <th scope="col">"Example"</th>
                                <th scope="col" class="number">"Numbers"</th>
                            </tr>
                        </thead>
                        <tbody>{each(kinds.into_iter().map(row))}</tbody>
                    </table>
                </section>
            }
        })
    })
}

#[component]
fn Doubtful() -> impl IntoView {
    let shared = expect_context::<Shared>();
    dynamic(move || {
        let doubts = shared.processed.with(|p| p.as_ref().map(|p| p.doubts.clone()))?;
        (!doubts.is_empty()).then(|| {
            let rows = doubts.into_iter().map(|doubt| {
                view! {
                    <tr>
                        <td class="number">{domain::grouped(doubt.row)}</td>
                        <td><code>{doubt.number.to_string()}</code></td>
                        <td>{doubt.doubt.to_string()}</td>
                    </tr>
                }
            });
            view! {
                <section class="panel" aria-labelledby="doubtful-title">
                    <header class="panel__head">
                        <h3 id="doubtful-title">"May not get the message"</h3>
                        <p class="hint">"Sent to all the same; remove them above if they are wrong."</p>
                    </header>
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col" class="number">"Row"</th>
                                <th scope="col">"Number"</th>
                                <th scope="col">"Why"</th>
                            </tr>
                        </thead>
                        <tbody>{each(rows)}</tbody>
                    </table>
                </section>
            }
        })
    })
}

/// Marks that nobody can see, made visible.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii() || c.is_alphanumeric() {
                c.to_string()
            } else {
                format!("⟨U+{:04X}⟩", u32::from(c))
            }
        })
        .collect()
}

fn numbers_in_words(n: u32) -> String {
    format!("{} {}", domain::grouped(n), if n == 1 { "number" } else { "numbers" })
}

/// How much of `whole` a part of it is, to the nearest hundredth.
fn percent(part: u32, whole: u32) -> u64 {
    let whole = u64::from(whole.max(1));
    (u64::from(part) * 100 + whole / 2) / whole
}

fn duration(millis: u32) -> String {
    if millis < 1_000 {
        format!("{millis} ms")
    } else {
        let tenths = (millis + 50) / 100;
        format!("{}.{} s", tenths / 10, tenths % 10)
    }
}
