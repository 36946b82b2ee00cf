//! Step 3: who the message is from, and what it says.

use crate::browser;
use crate::reactive::{Computed, Var, answer};
use crate::routes::Here;
use crate::ui::dynamic::{dynamic, each, flag, text};
use crate::ui::field::{TextArea, TextField};
use crate::ui::note::{Note, Tone};
use crate::ui::phone::Phone;
use crate::ui::problems::Problems;
use crate::wizard::{Shared, StepPage, advance};
use domain::message::Message;
use domain::message::encoding::Encoding;
use domain::message::segments::Segments;
use domain::price::quote::Quote;
use domain::problem::Field;
use domain::sender::id::{SenderId, SenderKind};
use domain::sender::rules::SenderAdvice;
use domain::wizard::journey::Step;
use domain::worker_protocol::{Preview, Request, Response};
use leptos::html;
use leptos::prelude::*;

/// `/sender/compose`.
#[component]
pub fn Compose() -> impl IntoView {
    let shared = expect_context::<Shared>();
    let problems = Problems::new();
    let here = expect_context::<Here>();
    let area = NodeRef::<html::Textarea>::new();
    let next = Callback::new(move |()| advance(shared, here, Step::Compose, problems));
    let sender_id = Signal::derive(move || shared.draft.read(|draft| draft.sender_id.clone()));
    let message = Signal::derive(move || shared.draft.read(|draft| draft.message.clone()));
    let used = Computed::new(move || {
        shared.destinations.with(|d| d.done().map(|d| d.sender_ids.clone()).unwrap_or_default())
    });
    view! {
        <StepPage step=Step::Compose problems=problems next="Next: Send your message(s)" on_next=next>
            <div class="columns columns--phone">
                <div>
                    <TextField
                        id=Field::SenderId.id()
                        label="Sender ID"
                        hint="Up to 11 letters and digits, or a number. Only a number can be replied to."
                        offered=used
                        width=24
                        problem=problems.of(Field::SenderId.id())
                        value=sender_id
                        on_input=Callback::new(move |text| {
                            problems.clear_field(Field::SenderId.id());
                            shared.draft.change(|draft| draft.sender_id = text);
                        })
                    />
                    <SenderNotes sender_id=sender_id used=used />
                    <TextArea
                        id=Field::Message.id()
                        label="Message"
                        hint="What the recipients read. Fields are filled in for each of them."
                        rows=7
                        spellcheck=true
                        node=area
                        problem=problems.of(Field::Message.id())
                        value=message
                        on_input=Callback::new(move |text| {
                            problems.clear_field(Field::Message.id());
                            shared.draft.change(|draft| draft.message = text);
                        })
                    />
                    <div class="compose__foot">
                        <InsertButtons area=area />
                        <Meters message=message />
                    </div>
                    <MessageNotes message=message />
                </div>
                <aside class="compose__aside" aria-label="Preview and cost">
                    <PreviewPhone sender_id=sender_id message=message />
                    <CostFigures />
                </aside>
            </div>
        </StepPage>
    }
}

/// A button for each field, which puts it where the cursor is.
#[component]
fn InsertButtons(area: NodeRef<html::Textarea>) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let insert = move |name: &str| {
        let Some(area) = area.get_untracked() else { return };
        let text = area.value();
        let units: Vec<u16> = text.encode_utf16().collect();
        let at = |position: Result<Option<u32>, _>| {
            position.ok().flatten().map_or(units.len(), |at| (at as usize).min(units.len()))
        };
        let (start, end) = (at(area.selection_start()), at(area.selection_end()));
        let before = String::from_utf16_lossy(&units[..start]);
        let after = String::from_utf16_lossy(&units[end.max(start)..]);
        let field = format!("{{{{{name}}}}}");
        let cursor = (start + field.encode_utf16().count()) as u32;
        let text = format!("{before}{field}{after}");
        area.set_value(&text);
        shared.draft.change(|draft| draft.message = text);
        browser::focus(&area);
        // Fails only for controls without text.
        let _ = area.set_selection_range(cursor, cursor);
    };
    let button = move |name: String| {
        let label = format!("Insert {name}");
        let shown = name.clone();
        view! {
            <button type="button" class="chip" aria-label=label on:click=move |_| insert(&name)>
                <span aria-hidden="true">"+ "</span>
                {shown}
            </button>
        }
    };
    let fields = move || shared.draft.read(|draft| draft.fields().to_vec());
    view! {
        <div class="chips" role="group" aria-label="Insert a field">
            {dynamic(move || each(fields().into_iter().map(button)))}
        </div>
    }
}

/// What the text amounts to while it is typed: by itself when everybody gets the same, over all
/// recipients when it has fields.
#[derive(Clone, Debug, PartialEq)]
enum Measure {
    Same(Segments),
    Each(Quote),
    /// Has fields, and the recipients' messages are still being counted.
    Counting(Segments),
}

fn measure(text: &str, quote: Option<Quote>) -> Measure {
    let Ok(message) = Message::parse(text) else { return Measure::Same(Segments::of(text)) };
    let segments = Segments::of(message.template().source());
    match quote {
        _ if message.template().is_static() => Measure::Same(segments),
        Some(quote) => Measure::Each(quote),
        None => Measure::Counting(segments),
    }
}

#[component]
fn Meters(message: Signal<String>) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let measure = Computed::new(move || measure(&message.get(), shared.quote.get()));
    let parts = text(move || match measure.get() {
        Measure::Same(segments) => segments.count.to_string(),
        Measure::Each(quote) if quote.fewest == quote.most => quote.most.to_string(),
        Measure::Each(quote) => format!("{} to {}", quote.fewest, quote.most),
        Measure::Counting(_) => "…".to_owned(),
    });
    let encoding = text(move || match measure.get() {
        Measure::Same(segments) => segments.encoding.label().to_owned(),
        Measure::Each(quote) if quote.ucs2 == 0 => Encoding::Gsm7.label().to_owned(),
        Measure::Each(quote) if quote.ucs2 == quote.recipients => Encoding::Ucs2.label().to_owned(),
        Measure::Each(quote) => format!("GSM-7, UCS-2 for {}", domain::grouped(quote.ucs2)),
        Measure::Counting(_) => "…".to_owned(),
    });
    let characters = text(move || match measure.get() {
        Measure::Same(segments) => {
            format!("{} / {}", segments.units, segments.units + segments.room())
        }
        _ => message.get().chars().count().to_string(),
    });
    view! {
        <div class="meters">
            {meter("characters", "Characters", characters)}
            {meter("encoding", "Encoding", encoding)}
            {meter("parts", "SMS parts", parts)}
        </div>
    }
}

fn meter(id: &'static str, label: &'static str, value: Signal<String>) -> impl IntoView {
    // Not live: a screen reader would speak at every key.
    view! {
        <span class="meter">
            <span id=format!("{id}-label")>{label}</span>
            " "
            <output aria-labelledby=format!("{id}-label") aria-live="off">
                {value}
            </output>
        </span>
    }
}

/// What is worth knowing about the Sender ID: in itself, and where it is going.
#[component]
fn SenderNotes(sender_id: Signal<String>, used: Computed<Vec<String>>) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let notes = Computed::new(move || {
        let Ok(sender) = SenderId::parse(&sender_id.get()) else { return Vec::new() };
        let own = used.with(|used| sender.warnings(used));
        own.iter().map(ToString::to_string).chain(by_country(shared, &sender)).collect::<Vec<_>>()
    });
    let note = |words: String| {
        view! {
            <Note tone=Tone::Warn>
                <p>{words}</p>
            </Note>
        }
    };
    view! {
        <div class="notes" aria-live="polite">
            {dynamic(move || each(notes.get().into_iter().map(note)))}
        </div>
    }
}

/// One sentence for each advice, with the countries it is about and how many recipients they have.
fn by_country(shared: Shared, sender: &SenderId) -> Vec<String> {
    if sender.kind() != SenderKind::Alphanumeric {
        return Vec::new();
    }
    let destinations = shared
        .draft
        .read(|draft| draft.processed.as_ref().map(|s| s.destinations.clone()).unwrap_or_default());
    let about = |advice| {
        let mut names = Vec::new();
        let mut recipients = 0;
        for destination in &destinations {
            let info = destination.country.and_then(|country| shared.country(country));
            let Some(info) = info.filter(|i| i.sender_rule.advice(sender) == Some(advice)) else {
                continue;
            };
            names.push(info.name);
            recipients += destination.recipients;
        }
        let who = if recipients == 1 { "recipient" } else { "recipients" };
        let n = domain::grouped(recipients);
        let sentence = || format!("{n} {who} in {}: {}", listed(&names), advice.sentence());
        (!names.is_empty()).then(sentence)
    };
    SenderAdvice::ALL.into_iter().filter_map(about).collect()
}

/// `A`, `A and B`, `A, B and 5 more`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
    }
}

/// What makes the message dearer than it looks, with the button that mends it.
#[component]
fn MessageNotes(message: Signal<String>) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let advice = Computed::new(move || domain::message::plain_text::advice(&message.get()));
    let too_long = Computed::new(move || shared.quote.get().map_or(0, |quote| quote.unsendable));
    view! {
        <div class="notes" aria-live="polite">
            {dynamic(move || {
                advice
                    .get()
                    .map(|advice| {
                        let replaced = advice.replaced.clone();
                        view! {
                            <Note tone=Tone::Warn>
                                <p>{advice.to_string()}</p>
                                <button
                                    type="button"
                                    class="button button--small"
                                    on:click=move |_| {
                                        shared.draft.change(|draft| draft.message.clone_from(&replaced));
                                    }
                                >
                                    "Replace them"
                                </button>
                            </Note>
                        }
                    })
            })}
            {dynamic(move || {
                (too_long.get() > 0)
                    .then(|| {
                        let problem = domain::problem::Problem::Unsendable(too_long.get());
                        view! {
                            <Note tone=Tone::Bad>
                                <p>{problem.to_string()}</p>
                            </Note>
                        }
                    })
            })}
        </div>
    }
}

/// The phone, paging through real recipients.
#[component]
fn PreviewPhone(sender_id: Signal<String>, message: Signal<String>) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let at = Var::new(0_u32);
    let recipients = Computed::new(move || {
        shared.draft.read(|draft| draft.processed.as_ref().map_or(0, |summary| summary.valid))
    });
    let preview = answer(move || {
        let (message, at) = (message.get(), at.get());
        let there = shared.processed.with(Option::is_some);
        async move {
            match there.then_some(shared.worker.ask(Request::Preview { message, at }))?.await {
                Ok(Response::Preview(preview)) => preview,
                _ => None,
            }
        }
    });
    // What is typed shows at once when it is the same for all; else as soon as the worker answers.
    let shown = Signal::derive(move || {
        let typed = message.get();
        match Message::parse(&typed) {
            Ok(parsed) if !parsed.template().is_static() => {
                preview.get().map_or(typed, |preview: Preview| preview.text)
            }
            _ => typed,
        }
    });
    let about = Signal::derive(move || {
        let segments = Segments::of(&shown.get());
        let parts = if segments.count == 1 { "part" } else { "parts" };
        format!("{} {parts} · {}", segments.count, segments.encoding.label())
    });
    let whom = text(move || match preview.get() {
        Some(Preview { to, country, .. }) => {
            format!("{to} · {}", shared.country_name(country))
        }
        None => String::new(),
    });
    let step = move |by: i64| {
        let last = i64::from(recipients.get_untracked()) - 1;
        at.update(|at| *at = (i64::from(*at) + by).clamp(0, last.max(0)) as u32);
    };
    view! {
        <Phone sender=sender_id text=shown about=about>
            <button
                type="button"
                class="button button--small button--quiet"
                aria-label="Previous recipient"
                disabled=flag(move || at.get() == 0)
                on:click=move |_| step(-1)
            >
                "‹"
            </button>
            <p>
                {text(move || {
                    format!("{} of {}", domain::grouped(at.get() + 1), domain::grouped(recipients.get()))
                })}
                <br />
                {whom}
            </p>
            <button
                type="button"
                class="button button--small button--quiet"
                aria-label="Next recipient"
                disabled=flag(move || at.get() + 1 >= recipients.get())
                on:click=move |_| step(1)
            >
                "›"
            </button>
        </Phone>
    }
}

/// Recipients, parts and cost.
#[component]
fn CostFigures() -> impl IntoView {
    let shared = expect_context::<Shared>();
    let quote = move || shared.quote.get();
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let recipients = text(move || {
        let valid = shared.draft.read(|d| d.processed.as_ref().map(|s| domain::grouped(s.valid)));
        or_dash(valid)
    });
    view! {
        <dl class="cost">
            <div><dt>"Recipients"</dt><dd>{recipients}</dd></div>
            <div>
                <dt>"SMS parts in all"</dt>
                <dd>{text(move || or_dash(quote().map(|quote| domain::grouped(quote.segments))))}</dd>
            </div>
            <div class="cost__sum">
                <dt>"Cost"</dt>
                <dd>{text(move || or_dash(quote().map(|quote| quote.cost.in_currency(quote.currency))))}</dd>
            </div>
        </dl>
        <p class="hint">{text(move || quote().map(|quote| how_exact(&quote)).unwrap_or_default())}</p>
    }
}

/// What the cost is worth.
pub fn how_exact(quote: &Quote) -> String {
    let mut words = if quote.cost.is_exact() {
        "Exact: every message was rendered and counted.".to_owned()
    } else {
        "Every message was rendered and counted; the price depends on each recipient's operator."
            .to_owned()
    };
    if quote.unpriced > 0 {
        words.push_str(&format!(
            " Without {} to countries that the provider lists no price for.",
            domain::grouped(quote.unpriced)
        ));
    }
    words
}
