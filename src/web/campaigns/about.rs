//! What was sent, and from whom.

use domain::wire::Campaign;
use leptos::prelude::*;

/// The panel "Message".
#[component]
pub fn About(
    /// What was submitted.
    campaign: Campaign,
) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="about-title">
            <header class="panel__head">
                <h2 id="about-title">"Message"</h2>
            </header>
            <dl class="about">
                <div>
                    <dt>"Sender ID"</dt>
                    <dd>{campaign.sender_id}</dd>
                </div>
                <div>
                    <dt>"Subaccount"</dt>
                    <dd>{campaign.subaccount}</dd>
                </div>
                <div>
                    <dt>"Recipients"</dt>
                    <dd>{domain::grouped(campaign.recipients)}</dd>
                </div>
                <div>
                    <dt>"SMS parts"</dt>
                    <dd>{domain::grouped(campaign.segments)}</dd>
                </div>
                <div class="about__message">
                    <dt>"Text"</dt>
                    <dd dir="auto">{campaign.message}</dd>
                </div>
            </dl>
        </section>
    }
}
