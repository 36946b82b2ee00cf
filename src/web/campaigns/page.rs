//! A campaign after Submit: what it is, how far it has come, and what can be done about it.

use super::about::About;
use super::actions::{Actions, Another};
use super::delivery::Delivery;
use super::live::LiveCampaign;
use super::recipients::RecipientPanel;
use super::table::State;
use crate::api::Api;
use crate::browser;
use crate::host;
use crate::page::{Failure, PageHeading, Skeleton};
use crate::routes::{CAMPAIGNS, Link};
use crate::ui::control_flow::Show;
use crate::ui::note::{Note, Tone};
use crate::ui::problems::{ProblemSummary, Problems};
use domain::problem::{ApiProblem, ProblemCode};
use domain::wire::Campaign;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// `/campaigns/{id}`.
#[component]
pub fn CampaignPage() -> impl IntoView {
    let api = expect_context::<Api>();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let campaign = LocalResource::new(move || {
        let path = format!("/campaigns/{}", js_sys::encode_uri_component(&id.get()));
        async move { api.get::<Campaign>(&path).await }
    });
    let retry = Callback::new(move |()| campaign.refetch());
    view! {
        <Suspense fallback=|| view! { <Skeleton lines=6 /> }>
            {move || {
                campaign
                    .get()
                    .map(|answer| match answer {
                        Ok(campaign) => view! { <Followed campaign=campaign /> }.into_any(),
                        Err(problem) => view! { <NotShown problem=problem retry=retry /> }.into_any(),
                    })
            }}
        </Suspense>
    }
}

/// Why there is no campaign to be seen.
#[component]
pub fn NotShown(
    /// What the server said.
    problem: ApiProblem,
    /// Asks again.
    retry: Callback<()>,
) -> impl IntoView {
    match problem.code {
        ProblemCode::NotFound => view! {
            <div class="campaign">
                <PageHeading text="Campaign not found" />
                <p>
                    "There is no campaign at this address. It may have been deleted, or the address is not complete."
                </p>
                <p>
                    <Link href=CAMPAIGNS>"See all campaigns"</Link>
                </p>
            </div>
        }
        .into_any(),
        // It was submitted a moment ago, and may not be looked at.
        ProblemCode::NotPermitted => view! {
            <div class="campaign">
                <PageHeading text="Submitted" />
                <p>{problem.detail}</p>
                <p>
                    <Another />
                </p>
            </div>
        }
        .into_any(),
        _ => view! {
            <div class="campaign">
                <PageHeading text="This campaign could not be loaded" />
                <Failure problem=problem on_retry=retry />
            </div>
        }
        .into_any(),
    }
}

#[component]
fn Followed(campaign: Campaign) -> impl IntoView {
    let live = LiveCampaign::follow(expect_context(), &campaign);
    view! {
        <Overview campaign=campaign.clone() live=live>
            <RecipientPanel live=live />
            <About campaign=campaign.clone() />
        </Overview>
    }
}

/// Everything about a campaign; the children are its panels.
#[component]
pub fn Overview(
    /// What was submitted.
    campaign: Campaign,
    /// How far it is.
    live: LiveCampaign,
    children: Children,
) -> impl IntoView {
    let problems = Problems::new();
    let trouble = Memo::new(move |_| live.progress().with(|progress| progress.trouble.clone()));
    let when = match (campaign.due_at, campaign.submitted_at) {
        (Some(due), _) => format!("Scheduled for {}", browser::moment(due)),
        (None, Some(at)) => format!("Submitted {}", browser::moment(at)),
        (None, None) => format!("Created {}", browser::moment(campaign.created_at)),
    };
    view! {
        <div class="campaign">
            // In a frame the link is below, on every page.
            {(!host::is_embedded())
                .then(|| {
                    view! {
                        <p class="campaign__back">
                            <Link href=CAMPAIGNS>"All campaigns"</Link>
                        </p>
                    }
                })}
            <ProblemSummary problems=problems />
            <div class="campaign__head">
                <div>
                    <PageHeading text=campaign.name.clone() has_problems=problems.any() />
                    <p class="hint">{when} " · " {campaign.created_by.clone()}</p>
                </div>
                // Of all that changes here, only this is said aloud.
                <p class="status" role="status" aria-label="Campaign status">
                    <State state=live.state() />
                </p>
            </div>
            {move || {
                trouble
                    .get()
                    .map(|trouble| {
                        view! {
                            <Note tone=Tone::Warn>
                                <p>{trouble}</p>
                            </Note>
                        }
                    })
            }}
            <Show when=move || live.is_lost().get()>
                <Note tone=Tone::Info>
                    <p>
                        "The live connection is interrupted; the figures may be old. Reconnecting …"
                    </p>
                </Note>
            </Show>
            <Delivery campaign=campaign live=live />
            <Actions live=live problems=problems />
            <div class="columns columns--campaign">{children()}</div>
        </div>
    }
}
