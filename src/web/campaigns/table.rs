//! Campaigns as a table; on narrow screens a card for each.

use crate::browser;
use crate::routes::{self, Link};
use crate::ui::control_flow::For;
use domain::campaign::CampaignState;
use domain::wire::Campaign;
use leptos::prelude::*;

/// The campaigns. A row stays the same element while its numbers change, so that it keeps the focus.
#[component]
pub fn CampaignTable(
    /// In their order.
    #[prop(into)]
    campaigns: Signal<Vec<Campaign>>,
) -> impl IntoView {
    let row = move |first: Campaign| {
        let id = first.id;
        let campaign = Memo::new(move |previous: Option<&Campaign>| {
            let now = campaigns.with(|all| all.iter().find(|campaign| campaign.id == id).cloned());
            now.or_else(|| previous.cloned()).unwrap_or_else(|| first.clone())
        });
        view! { <Row campaign=campaign /> }
    };
    view! {
        <table class="table table--cards">
            <caption class="unseen">"Campaigns, newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Sender ID"</th>
                    <th scope="col" class="number">
                        "Recipients"
                    </th>
                    <th scope="col" class="number">
                        "Cost"
                    </th>
                    <th scope="col">"Created by"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"When"</th>
                </tr>
            </thead>
            <tbody>
                <For each=move || campaigns.get() key=|campaign| campaign.id children=row />
            </tbody>
        </table>
    }
}

#[component]
fn Row(campaign: Memo<Campaign>) -> impl IntoView {
    let id = campaign.with_untracked(|campaign| campaign.id);
    let when = move || {
        campaign.with(|c| browser::moment(c.due_at.or(c.submitted_at).unwrap_or(c.created_at)))
    };
    view! {
        <tr>
            <th scope="row" data-label="Name">
                <Link href=routes::campaign(id)>{move || campaign.with(|c| c.name.clone())}</Link>
            </th>
            <td data-label="Sender ID">{move || campaign.with(|c| c.sender_id.clone())}</td>
            <td data-label="Recipients" class="number">
                {move || campaign.with(|c| domain::grouped(c.recipients))}
            </td>
            <td data-label="Cost" class="number">
                {move || campaign.with(|c| c.cost.as_sum(c.currency))}
            </td>
            <td data-label="Created by">{move || campaign.with(|c| c.created_by.clone())}</td>
            <td data-label="Status">
                <State state=Signal::derive(move || campaign.with(|c| c.progress.state)) />
            </td>
            <td data-label="When">{when}</td>
        </tr>
    }
}

/// A state: its word, and a dot in its colour.
#[component]
pub fn State(
    /// Which.
    #[prop(into)]
    state: Signal<CampaignState>,
) -> impl IntoView {
    view! {
        <span class="state">
            <span
                class=move || format!("status__dot status__dot--{}", state.get().name())
                aria-hidden="true"
            ></span>
            {move || state.get().label()}
        </span>
    }
}
