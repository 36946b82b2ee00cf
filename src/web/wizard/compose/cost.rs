//! Recipients, parts and cost.

use crate::page::Failure;
use crate::wizard::context::WizardContext;
use crate::wizard::send::review::how_exact;
use domain::price::quote::Quote;
use domain::wizard::machine::{Event, Prices, State, Wizard};
use leptos::prelude::*;

/// What the sums are worth.
#[derive(Clone, Debug, PartialEq)]
enum Sums {
    /// Of the message as it is.
    Current(Quote),
    /// Of what it was; they are being counted again.
    Stale(Quote),
    /// They are being counted.
    Counting,
    /// There is nothing to count yet.
    Nothing,
}

fn sums(wizard: &Wizard) -> Sums {
    match (wizard.figures(), wizard.state()) {
        (Some((quoted, true)), _) => Sums::Current(quoted.quote.clone()),
        (Some((quoted, false)), _) => Sums::Stale(quoted.quote.clone()),
        (None, State::Counting { .. }) => Sums::Counting,
        (None, _) => Sums::Nothing,
    }
}

/// The list of sums, and how exact they are.
#[component]
pub fn Cost() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let sums = Memo::new(move |_| context.with(sums));
    let is_stale = move || sums.with(|sums| matches!(sums, Sums::Stale(_)));
    let told = move |tell: fn(&Quote) -> String| {
        move || {
            sums.with(|sums| match sums {
                Sums::Current(quote) | Sums::Stale(quote) => tell(quote),
                Sums::Counting | Sums::Nothing => "–".to_owned(),
            })
        }
    };
    let recipients = move || {
        let valid = context.draft(|draft| draft.processed.as_ref().map(|summary| summary.valid));
        valid.map_or_else(|| "–".to_owned(), domain::grouped)
    };
    view! {
        <dl class="cost">
            <div>
                <dt>"Recipients"</dt>
                <dd>{recipients}</dd>
            </div>
            <div>
                <dt>"SMS parts in all"</dt>
                <dd class:figure--stale=is_stale>{told(|quote| domain::grouped(quote.segments))}</dd>
            </div>
            <div class="cost__sum">
                <dt>"Cost"</dt>
                <dd class:figure--stale=is_stale>
                    {told(|quote| quote.cost.in_currency(quote.currency))}
                </dd>
            </div>
        </dl>
        <HowExact sums=sums />
    }
}

/// The cost in one line, for narrow screens.
#[component]
pub fn CostInBar() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let sums = Memo::new(move |_| context.with(sums));
    let is_stale = move || sums.with(|sums| matches!(sums, Sums::Stale(_)));
    let words = move || {
        sums.with(|sums| match sums {
            Sums::Current(quote) | Sums::Stale(quote) => format!(
                "{} · {} SMS parts",
                quote.cost.in_currency(quote.currency),
                domain::grouped(quote.segments)
            ),
            Sums::Counting => "Counting …".to_owned(),
            Sums::Nothing => String::new(),
        })
    };
    view! {
        <span class="step__sum compose__sum" class:figure--stale=is_stale>
            {words}
        </span>
    }
}

/// What the cost is worth, or what keeps it from being known.
#[component]
fn HowExact(sums: Memo<Sums>) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let failure = Memo::new(move |_| {
        context.with(|wizard| match wizard.prices() {
            Prices::Failed(problem) => Some(problem.clone()),
            _ => None,
        })
    });
    let is_loading = Memo::new(move |_| {
        context.with(|wizard| matches!(wizard.prices(), Prices::Loading { .. }))
    });
    let retry = Callback::new(move |()| context.send(Event::ReloadPrices));
    let words = move || {
        if is_loading.get() {
            return "Loading prices …".to_owned();
        }
        sums.with(|sums| match sums {
            Sums::Current(quote) => how_exact(quote),
            Sums::Stale(_) | Sums::Counting => "Counting …".to_owned(),
            Sums::Nothing => String::new(),
        })
    };
    move || match failure.get() {
        Some(problem) => view! { <Failure problem=problem on_retry=retry /> }.into_any(),
        None => view! { <p class="hint cost__worth">{words}</p> }.into_any(),
    }
}
