//! The answers so far: who, what, how much and when, each with a way to change it.

use crate::browser;
use crate::routes::{self, Link};
use crate::wizard::context::WizardContext;
use crate::wizard::frame::recipients_in_words;
use domain::price::money::Cost;
use domain::price::quote::Quote;
use domain::wizard::draft::When;
use domain::wizard::journey::Step;
use domain::worker_protocol::{Request, Response};
use leptos::prelude::*;

/// The list of answers.
#[component]
pub fn Review() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let quote = Memo::new(move |_| {
        context.with(|w| w.figures().map(|(quoted, current)| (quoted.quote.clone(), current)))
    });
    let parts = move || quote.get().map(|(quote, _)| parts_in_words(&quote));
    let cost = move || quote.get().map(|(quote, _)| quote.cost.in_currency(quote.currency));
    let or_counting = |words: Option<String>| words.unwrap_or_else(|| "Counting …".to_owned());
    let is_stale = move || quote.with(|quote| matches!(quote, Some((_, false))));
    let how_exact = move || match quote.get() {
        Some((quote, true)) => how_exact(&quote),
        Some((_, false)) => "Counting again …".to_owned(),
        None => String::new(),
    };
    let when = move || {
        context.draft(|draft| match &draft.when {
            When::Now => "Now".to_owned(),
            When::Later(local) => {
                browser::instant_of_local(local).map_or_else(|| "Later".to_owned(), browser::moment)
            }
        })
    };
    let (example, as_whom) = use_example(context);
    view! {
        <dl class="review">
            <Row term="Cost" change=Step::Recipients about=Signal::derive(how_exact)>
                <strong class="review__cost" class:figure--stale=is_stale>
                    {move || or_counting(cost())}
                </strong>
            </Row>
            <Row term="Recipients" change=Step::Recipients>
                {move || {
                    context.draft(|draft| draft.processed.as_ref().map(recipients_in_words).unwrap_or_default())
                }}
            </Row>
            <Row term="Parts" change=Step::Compose>
                <span class:figure--stale=is_stale>{move || or_counting(parts())}</span>
            </Row>
            <Row term="Sender ID" change=Step::Compose>
                {move || context.draft(|draft| draft.sender_id.trim().to_owned())}
            </Row>
            <Row term="Message" change=Step::Compose about=as_whom>
                <span class="review__message" dir="auto">{example}</span>
            </Row>
            <Row term="Subaccount" change=Step::Subaccount>
                {move || context.draft(|draft| draft.subaccount.clone())}
            </Row>
            <div class="review__row">
                <dt>"When"</dt>
                <dd>{when}</dd>
                <dd class="review__change">
                    <a
                        href="#schedule"
                        on:click=move |event| {
                            event.prevent_default();
                            browser::focus_field("schedule");
                        }
                    >
                        "Change"
                        <span class="unseen">" when"</span>
                    </a>
                </dd>
            </div>
        </dl>
    }
}

#[component]
fn Row(
    term: &'static str,
    change: Step,
    /// What is to be known about the answer.
    #[prop(optional, into)]
    about: MaybeProp<String>,
    children: Children,
) -> impl IntoView {
    let about = move || about.get().filter(|about| !about.is_empty());
    view! {
        <div class="review__row">
            <dt>{term}</dt>
            <dd>{children()}</dd>
            {move || about().map(|about| view! { <dd class="hint review__about">{about}</dd> })}
            <dd class="review__change">
                <Link href=routes::step(change)>
                    "Change" <span class="unseen">{format!(" {}", term.to_lowercase())}</span>
                </Link>
            </dd>
        </div>
    }
}

/// The message as the first recipient gets it, and who that is.
fn use_example(context: WizardContext) -> (Signal<String>, Signal<String>) {
    let message = Memo::new(move |_| {
        let is_there = context.with(|wizard| wizard.contacts().is_some());
        (is_there, context.draft(|draft| draft.message.clone()))
    });
    let example = LocalResource::new(move || {
        let (is_there, message) = message.get();
        async move {
            let preview = Request::Preview { message, at: 0 };
            match is_there.then_some(context.worker.ask(preview))?.await {
                Ok(Response::Preview(preview)) => preview,
                _ => None,
            }
        }
    });
    let text = Signal::derive(move || match example.get().flatten() {
        Some(preview) => preview.text,
        None => message.get().1,
    });
    let whose = Signal::derive(move || {
        example
            .get()
            .flatten()
            .map(|preview| format!("As {} gets it", preview.to))
            .unwrap_or_default()
    });
    (text, whose)
}

fn parts_in_words(quote: &Quote) -> String {
    let all = domain::grouped(quote.segments);
    match (quote.fewest, quote.most) {
        (1, 1) => format!("{all} in all, 1 for each message"),
        (a, b) if a == b => format!("{all} in all, {b} for each message"),
        (a, b) => format!("{all} in all, {a} to {b} for each message"),
    }
}

/// `USD 21,180.00`, or `up to USD 21,180.00` where operators differ.
pub fn price_in_words(quote: &Quote) -> String {
    let high = Cost { low: quote.cost.high, high: quote.cost.high }.in_currency(quote.currency);
    if quote.cost.is_exact() { high } else { format!("up to {high}") }
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
