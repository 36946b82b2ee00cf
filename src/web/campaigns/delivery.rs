//! How far a campaign has come: a bar, and a tile for each state of its messages.

use super::live::LiveCampaign;
use crate::ui::bar_chart::StackedBar;
use crate::ui::control_flow::Show;
use domain::campaign::Counts;
use domain::campaign::delivery::DeliveryState;
use domain::wire::Campaign;
use leptos::prelude::*;

/// The region "Delivery".
#[component]
pub fn Delivery(
    /// What was submitted.
    campaign: Campaign,
    /// How far it is.
    live: LiveCampaign,
) -> impl IntoView {
    let counts = live.counts();
    let progress = live.progress();
    let Campaign { recipients, currency, cost, .. } = campaign;
    let settled = move || {
        let settled = counts.with(Counts::settled);
        format!("{} of {} settled", domain::grouped(settled), domain::grouped(recipients))
    };
    let spent = move || progress.with(|progress| progress.spent.as_sum(currency));
    let tile = move |state| view! { <Tile state=state count=count(counts, state) /> };
    view! {
        <section class="delivery" aria-labelledby="delivery-title">
            <div class="summary__head">
                <h2 id="delivery-title">"Delivery"</h2>
                <p class="hint">{settled}</p>
            </div>
            <StackedBar shares=shares(counts) />
            <dl class="figures figures--delivery">{DeliveryState::ALL.map(tile).collect_view()}</dl>
            <p class="campaign__spent">
                "Cost so far " <strong>{spent}</strong>
                <span class="hint">{format!("of {}", cost.as_sum(currency))}</span>
            </p>
        </section>
    }
}

fn count(counts: Memo<Counts>, state: DeliveryState) -> Signal<u32> {
    Memo::new(move |_| counts.with(|counts| counts.get(state))).into()
}

/// The bar's stretches: what has come furthest is first.
fn shares(counts: Memo<Counts>) -> Vec<(&'static str, Signal<u32>)> {
    let furthest_first = [
        DeliveryState::Delivered,
        DeliveryState::DeliveredToOperator,
        DeliveryState::Sent,
        DeliveryState::Undelivered,
        DeliveryState::Rejected,
        DeliveryState::Canceled,
        DeliveryState::Unconfirmed,
        DeliveryState::Queued,
    ];
    furthest_first.into_iter().map(|state| (colour(state), count(counts, state))).collect()
}

/// The class that has a state's colour, in the bar and beside its name.
const fn colour(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Queued => "is-queued",
        DeliveryState::Unconfirmed => "is-unconfirmed",
        DeliveryState::Sent => "is-sent",
        DeliveryState::DeliveredToOperator => "is-operator",
        DeliveryState::Delivered => "is-delivered",
        DeliveryState::Undelivered => "is-undelivered",
        DeliveryState::Rejected => "is-rejected",
        DeliveryState::Canceled => "is-canceled",
    }
}

/// One count; the two that are out of the ordinary show only when there is something to count.
#[component]
fn Tile(state: DeliveryState, count: Signal<u32>) -> impl IntoView {
    let is_usual = !matches!(state, DeliveryState::Unconfirmed | DeliveryState::Canceled);
    let (meaning, tone) = match state {
        DeliveryState::Queued => ("waiting to be sent", ""),
        DeliveryState::Unconfirmed => ("being checked with the provider; not sent twice", "warn"),
        DeliveryState::Sent => ("accepted by the provider", ""),
        DeliveryState::DeliveredToOperator => ("with the operator", ""),
        DeliveryState::Delivered => ("on the phone", "good"),
        DeliveryState::Undelivered => ("did not arrive", "bad"),
        DeliveryState::Rejected => ("refused, not charged", "bad"),
        DeliveryState::Canceled => ("never sent, not charged", ""),
    };
    // Colour says that something is there; a zero is nothing to worry about.
    let class = move || {
        let tone = if count.get() > 0 { tone } else { "" };
        format!("figures__count figures__count--{tone}")
    };
    view! {
        <Show when=move || is_usual || (count.get() > 0)>
            <div class="figures__item">
                <dt>
                    <span class=format!("swatch {}", colour(state)) aria-hidden="true"></span>
                    {state.label()}
                </dt>
                <dd class=class>{move || domain::grouped(count.get())}</dd>
                <dd class="figures__meaning">{meaning}</dd>
            </div>
        </Show>
    }
}
