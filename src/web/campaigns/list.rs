//! All campaigns, newest first.

use crate::api::Api;
use crate::browser;
use crate::load::Load;
use crate::page::{Failure, PageHeading, Skeleton};
use crate::reactive::{Var, spawn};
use crate::routes;
use crate::ui::dynamic::{dynamic, each, text};
use domain::wire::{Campaign, CampaignList};
use leptos::prelude::*;
use uuid::Uuid;

/// `/campaigns`.
#[component]
pub fn CampaignsPage() -> impl IntoView {
    let api = expect_context::<Api>();
    let search = Var::new(String::new());
    let list = Var::new(Load::<Vec<Campaign>>::Waiting);
    let next = Var::new(None::<Uuid>);
    let fetch = move |before: Option<Uuid>| {
        let words = search.get_untracked();
        let query = js_sys::encode_uri_component(words.trim());
        let before_param = before.map(|id| format!("&before={id}")).unwrap_or_default();
        let path = format!("/campaigns?search={query}{before_param}");
        spawn(async move {
            // While more is typed, only the last search counts.
            browser::sleep(if words.is_empty() { 0 } else { 200 }).await;
            if search.try_get_untracked().as_ref() != Some(&words) {
                return;
            }
            let answer = api.get::<CampaignList>(&path).await;
            if search.try_get_untracked().as_ref() != Some(&words) {
                return;
            }
            match (answer, before) {
                (Ok(page), Some(_)) => {
                    next.set(page.next);
                    list.update(|list| {
                        if let Load::Done(known) = list {
                            known.extend(page.campaigns);
                        }
                    });
                }
                (Ok(page), None) => {
                    next.set(page.next);
                    list.set(Load::Done(page.campaigns));
                }
                (Err(problem), _) => list.set(Load::Failed(problem)),
            }
        });
    };
    fetch(None);
    let body = dynamic(move || match list.get() {
        Load::Waiting => view! { <Skeleton lines=5 /> }.into_any(),
        Load::Failed(problem) => {
            let retry = Callback::new(move |()| fetch(None));
            view! { <Failure problem=problem on_retry=retry /> }.into_any()
        }
        Load::Done(campaigns) if campaigns.is_empty() => {
            let words = if search.with(|search| search.trim().is_empty()) {
                "No campaigns yet. What you send from the Sender appears here."
            } else {
                "No campaign has this in its name."
            };
            view! {
                <div class="empty">
                    <p>{words}</p>
                    <p><a href=routes::SENDER>"Create a campaign"</a></p>
                </div>
            }
            .into_any()
        }
        Load::Done(campaigns) => view! { <Table campaigns=campaigns /> }.into_any(),
    });
    view! {
        <div class="campaigns">
            <PageHeading text="Campaigns" />
            <div class="field field--search">
                <label class="field__label" for="search">"Search by name"</label>
                <input
                    class="input"
                    id="search"
                    type="search"
                    autocomplete="off"
                    prop:value=text(move || search.get())
                    on:input:target=move |event| {
                        search.set(event.target().value());
                        fetch(None);
                    }
                />
            </div>
            {body}
            {dynamic(move || {
                next.get()
                    .map(|before| {
                        view! {
                            <button
                                type="button"
                                class="button"
                                on:click=move |_| fetch(Some(before))
                            >
                                "Show older campaigns"
                            </button>
                        }
                    })
            })}
        </div>
    }
}

#[component]
fn Table(campaigns: Vec<Campaign>) -> impl IntoView {
    let row = |campaign: Campaign| {
        let state = campaign.progress.state;
        view! {
            <tr>
                <th scope="row" data-label="Name">
                    <a href=routes::campaign(campaign.id)>{campaign.name}</a>
                </th>
                <td data-label="Sender ID">{campaign.sender_id}</td>
                <td data-label="Recipients" class="number">{domain::grouped(campaign.recipients)}</td>
                <td data-label="Cost" class="number">{campaign.cost.in_currency(campaign.currency)}</td>
                <td data-label="Created by">{campaign.created_by}</td>
                <td data-label="Status">
                    <span class=format!("status__dot status__dot--{}", state.name()) aria-hidden="true"></span>
                    {state.label()}
                </td>
                <td data-label="When">
                    {browser::moment(campaign.due_at.or(campaign.submitted_at).unwrap_or(campaign.created_at))}
                </td>
            </tr>
        }
    };
    view! {
        <table class="table table--cards">
            <caption class="unseen">"Campaigns, newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Sender ID"</th>
                    <th scope="col" class="number">"Recipients"</th>
                    <th scope="col" class="number">"Cost"</th>
                    <th scope="col">"Created by"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"When"</th>
                </tr>
            </thead>
            <tbody>{each(campaigns.into_iter().map(row))}</tbody>
        </table>
    }
}
