//! A campaign after Submit: what it is, how far it has come, and what can be done about it.

use crate::api::{self, Api};
use crate::browser;
use crate::host;
use crate::json;
use crate::load::Load;
use crate::page::{Failure, PageHeading, Skeleton};
use crate::reactive::{Computed, Var, effect, spawn};
use crate::routes::{self, Here};
use crate::state::DraftState;
use crate::ui::bar_chart::StackedBar;
use crate::ui::dialog::Confirm;
use crate::ui::dynamic::{dynamic, each, text};
use crate::ui::note::{Note, Tone};
use crate::ui::problems::{ProblemSummary, Problems};
use domain::campaign::delivery::DeliveryState;
use domain::campaign::{Action, CampaignState, Counts};
use domain::problem::ProblemCode;
use domain::wire::{Campaign, Progress, RecipientList, RecipientStatus};
use domain::wizard::journey::Step;
use leptos::prelude::*;
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use web_sys::{EventSource, MessageEvent};

/// `/campaigns/{id}`.
#[component]
pub fn CampaignPage(
    /// Of the campaign, as the address has it.
    id: String,
) -> impl IntoView {
    let api = expect_context::<Api>();
    let draft = expect_context::<DraftState>();
    let path = format!("/campaigns/{id}");
    let campaign = Var::new(Load::Waiting);
    let load = Callback::new(move |()| {
        let path = path.clone();
        campaign.set(Load::Waiting);
        spawn(async move {
            let answer = api.get::<Campaign>(&path).await;
            campaign.set(answer.into());
        });
    });
    load.run(());
    // The draft that became this campaign is done with.
    effect(move || {
        let is_there = campaign.with(|campaign| match campaign {
            Load::Waiting => false,
            Load::Done(_) => true,
            Load::Failed(problem) => problem.code == ProblemCode::NotPermitted,
        });
        if is_there && draft.peek(|draft| draft.id.to_string() == id) {
            draft.start_over();
        }
    });
    dynamic(move || match campaign.get() {
        Load::Waiting => view! { <Skeleton lines=6 /> }.into_any(),
        Load::Failed(problem) if problem.status == 404 => view! {
            <PageHeading text="Campaign not found" />
            <p>"There is no campaign at this address."</p>
        }
        .into_any(),
        // It was submitted a moment ago, and may not be looked at.
        Load::Failed(problem) if problem.code == ProblemCode::NotPermitted => view! {
            <PageHeading text="Submitted" />
            <p>{problem.detail}</p>
            {another_button()}
        }
        .into_any(),
        Load::Failed(problem) => view! { <Failure problem=problem on_retry=load /> }.into_any(),
        Load::Done(campaign) => view! { <Live campaign=campaign /> }.into_any(),
    })
}

/// The way on, but for those who may only look.
fn another_button() -> AnyView {
    if !host::lets_compose() {
        return ().into_any();
    }
    let here = expect_context::<Here>();
    view! {
        <button
            type="button"
            class="button button--primary"
            on:click=move |_| here.go(&routes::step(Step::Subaccount))
        >
            "Create another campaign"
        </button>
    }
    .into_any()
}

/// The link over which the server tells of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    Open,
    Lost,
}

#[component]
fn Live(campaign: Campaign) -> impl IntoView {
    let progress = Var::new(campaign.progress.clone());
    let link = listen(&campaign, progress);
    let problems = Problems::new();
    let state = Computed::new(move || progress.with(|progress| progress.state));
    let counts = Computed::new(move || progress.with(|progress| progress.counts));
    let recipients = campaign.recipients;
    let currency = campaign.currency;
    let spent = text(move || progress.with(|progress| progress.spent.in_currency(currency)));
    let settled = text(move || {
        let settled = counts.with(Counts::settled);
        format!("{} of {} settled", domain::grouped(settled), domain::grouped(recipients))
    });
    let report = {
        let url = api::url(&format!("/campaigns/{}/report.csv", campaign.id));
        move |_| {
            if host::is_around() {
                host::download(&url, "report.csv");
            } else {
                browser::follow_download(&url, "report.csv");
            }
        }
    };
    let when = match (campaign.due_at, campaign.submitted_at) {
        (Some(due), _) => format!("Scheduled for {}", browser::moment(due)),
        (None, Some(at)) => format!("Submitted {}", browser::moment(at)),
        (None, None) => format!("Created {}", browser::moment(campaign.created_at)),
    };
    view! {
        <div class="campaign">
            <ProblemSummary problems=problems />
            <div class="campaign__head">
                <div>
                    <PageHeading text=campaign.name.clone() has_problems=problems.any() />
                    <p class="hint">{when} " · " {campaign.created_by.clone()}</p>
                </div>
                <p class="status" role="status" aria-label="Campaign status">
                    <span class=text(move || format!("status__dot status__dot--{}", state.get().name())) aria-hidden="true"></span>
                    {text(move || state.get().label())}
                </p>
            </div>
            {dynamic(move || {
                progress
                    .with(|progress| progress.trouble.clone())
                    .map(|trouble| {
                        view! {
                            <Note tone=Tone::Warn>
                                <p>{trouble}</p>
                            </Note>
                        }
                    })
            })}
            {dynamic(move || {
                (link.get() == Link::Lost)
                    .then(|| {
                        view! {
                            <Note tone=Tone::Info>
                                <p>"The live connection is interrupted; the figures may be old. Reconnecting …"</p>
                            </Note>
                        }
                    })
            })}
            <section class="delivery" aria-labelledby="delivery-title">
                <div class="summary__head">
                    <h2 id="delivery-title">"Delivery"</h2>
                    <p class="hint">{settled}</p>
                </div>
                <StackedBar shares=Computed::new(move || shares(&counts.get())) />
                <dl class="figures figures--six">
                    {each(DeliveryState::ALL.into_iter().map(|state| count(state, counts)))}
                </dl>
                <p class="campaign__spent">
                    "Cost so far " <strong>{spent}</strong>
                    <span class="hint">
                        {format!("of {}", campaign.cost.in_currency(currency))}
                    </span>
                </p>
            </section>
            <div class="campaign__actions">
                <Actions id=campaign.id state=state counts=counts progress=progress problems=problems />
                <button type="button" class="button" on:click=report>
                    "Download report"
                </button>
                {another_button()}
            </div>
            <div class="columns">
                <RecipientTable id=campaign.id counts=counts />
                <About campaign=campaign />
            </div>
        </div>
    }
}

/// Listens to the server for as long as the page is shown. The browser reconnects by itself and says
/// which event it had last; an event is a whole state, so nothing needs to be caught up on.
fn listen(campaign: &Campaign, progress: Var<Progress>) -> Var<Link> {
    let link = Var::new(Link::Open);
    let url = api::url(&format!("/campaigns/{}/events", campaign.id));
    let Ok(source) = EventSource::new(&url) else { return link };
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        if let Some(news) = json::read::<Progress>(&text) {
            link.set(Link::Open);
            let newer = progress.try_with_untracked(|known| news.revision >= known.revision);
            if newer == Some(true) {
                progress.set(news);
            }
        }
    });
    let on_error = Closure::<dyn Fn(JsValue)>::new(move |_| {
        link.set(Link::Lost);
    });
    source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    let held = StoredValue::new_local((source, on_message, on_error));
    on_cleanup(move || {
        held.try_with_value(|(source, ..)| {
            source.set_onmessage(None);
            source.set_onerror(None);
            source.close();
        });
    });
    link
}

fn shares(counts: &Counts) -> Vec<(&'static str, u32)> {
    let class = |state| match state {
        DeliveryState::Queued | DeliveryState::Unconfirmed => "bar__stretch--queued",
        DeliveryState::Sent => "bar__stretch--sent",
        DeliveryState::DeliveredToOperator => "bar__stretch--operator",
        DeliveryState::Delivered => "bar__stretch--delivered",
        DeliveryState::Undelivered | DeliveryState::Rejected => "bar__stretch--failed",
        DeliveryState::Canceled => "bar__stretch--canceled",
    };
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
    furthest_first.into_iter().map(|state| (class(state), counts.get(state))).collect()
}

/// One count; the two that are out of the ordinary show only when there is something to count.
fn count(state: DeliveryState, counts: Computed<Counts>) -> AnyView {
    let is_usual = !matches!(state, DeliveryState::Unconfirmed | DeliveryState::Canceled);
    let n = Computed::new(move || counts.with(|counts| counts.get(state)));
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
    dynamic(move || {
        (is_usual || n.get() > 0).then(|| {
            let tone = if n.get() > 0 { tone } else { "" };
            view! {
                <div class="figures__item">
                    <dt>{state.label()}</dt>
                    <dd class=format!("figures__count figures__count--{tone}")>
                        {domain::grouped(n.get())}
                    </dd>
                    <dd class="figures__meaning">{meaning}</dd>
                </div>
            }
        })
    })
}

/// The buttons that the state allows.
#[component]
fn Actions(
    id: Uuid,
    state: Computed<CampaignState>,
    counts: Computed<Counts>,
    progress: Var<Progress>,
    problems: Problems,
) -> impl IntoView {
    let api = expect_context::<Api>();
    let asking = Var::new(false);
    let act = move |action: Action| {
        let path = format!("/campaigns/{id}/{}", action.slug());
        problems.clear();
        spawn(async move {
            match api.post::<Campaign>(&path).await {
                Ok(campaign) => progress.set(campaign.progress),
                Err(problem) => problems.show(vec![(None, problem.detail)]),
            }
        });
    };
    let allowed = Computed::new(move || state.get().actions(&counts.get()));
    let button = move |action: Action| {
        let click = move |_| {
            if action == Action::Cancel { asking.set(true) } else { act(action) }
        };
        view! {
            <button type="button" class="button" on:click=click>
                {action.label()}
            </button>
        }
    };
    view! {
        {dynamic(move || each(allowed.get().into_iter().map(button)))}
        <Confirm
            open=asking
            title="Cancel this campaign?"
            text="Messages that are still queued will never be sent. Those already handed over go on."
            yes="Cancel campaign"
            no="Go on sending"
            on_yes=Callback::new(move |()| act(Action::Cancel))
        />
    }
}

/// Recipients with their states and, where a message failed, the reason.
#[component]
fn RecipientTable(id: Uuid, counts: Computed<Counts>) -> impl IntoView {
    let api = expect_context::<Api>();
    let filter = Var::new(String::new());
    let rows = Var::new(Vec::<RecipientStatus>::new());
    let next = Var::new(None::<u32>);
    let problem = Var::new(None);
    let fetching = Var::new(false);
    let stale = Var::new(false);
    let path = move |state: String, after: Option<u32>| {
        let state = if state.is_empty() { state } else { format!("&state={state}") };
        let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
        format!("/campaigns/{id}/recipients?limit=25{state}{after}")
    };
    // At most one request at a time and one a second, whatever the pace of the receipts.
    let refresh = move || {
        stale.set(true);
        if fetching.get_untracked() {
            return;
        }
        fetching.set(true);
        spawn(async move {
            while stale.try_get_untracked() == Some(true) {
                stale.set(false);
                let asked = filter.get_untracked();
                let answer = api.get::<RecipientList>(&path(asked.clone(), None)).await;
                let Some(current) = filter.try_get_untracked() else { return };
                match answer {
                    _ if asked != current => {
                        stale.set(true);
                        continue;
                    }
                    Ok(list) => {
                        problem.set(None);
                        rows.set(list.recipients);
                        next.set(list.next);
                    }
                    Err(refused) => problem.set(Some(refused)),
                }
                browser::sleep(1_000).await;
            }
            fetching.set(false);
        });
    };
    let more = move |_| {
        let after = next.get_untracked();
        spawn(async move {
            let asked = path(filter.get_untracked(), after);
            if let Ok(list) = api.get::<RecipientList>(&asked).await {
                rows.update(|rows| rows.extend(list.recipients));
                next.set(list.next);
            }
        });
    };
    effect(move || {
        counts.get();
        filter.get();
        refresh();
    });
    let row = |status: RecipientStatus| {
        view! {
            <tr>
                <td>{status.to.to_string()}</td>
                <td>{status.state.label()}</td>
                <td>{status.reason.unwrap_or_default()}</td>
            </tr>
        }
    };
    let options = {
        let option = |state: DeliveryState| {
            view! { <option value=state.name()>{state.label()}</option> }
        };
        each(DeliveryState::ALL.into_iter().map(option))
    };
    view! {
        <section class="panel" aria-labelledby="recipients-title">
            <header class="panel__head">
                <h2 id="recipients-title">"Recipients"</h2>
                <label class="panel__filter">
                    "Show "
                    <select class="input input--small" on:change:target=move |event| filter.set(event.target().value())>
                        <option value="">"All"</option>
                        {options}
                    </select>
                </label>
            </header>
            <div class="panel__scroll" tabindex="0" role="group" aria-labelledby="recipients-title">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"Number"</th>
                            <th scope="col">"Status"</th>
                            <th scope="col">"Reason"</th>
                        </tr>
                    </thead>
                    <tbody>{dynamic(move || each(rows.get().into_iter().map(row)))}</tbody>
                </table>
            </div>
            {dynamic(move || {
                rows.with(Vec::is_empty)
                    .then(|| {
                        let words = match problem.get() {
                            Some(problem) => problem.detail,
                            None => "No recipient is in this state.".to_owned(),
                        };
                        view! { <p class="hint panel__empty">{words}</p> }
                    })
            })}
            {dynamic(move || {
                next.get()
                    .map(|_| {
                        view! {
                            <button type="button" class="button button--small button--quiet" on:click=more>
                                "Show more recipients"
                            </button>
                        }
                    })
            })}
        </section>
    }
}

/// What was sent.
#[component]
fn About(campaign: Campaign) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="about-title">
            <header class="panel__head">
                <h2 id="about-title">"Message"</h2>
            </header>
            <dl class="about">
                <div><dt>"Sender ID"</dt><dd>{campaign.sender_id}</dd></div>
                <div><dt>"Subaccount"</dt><dd>{campaign.subaccount}</dd></div>
                <div><dt>"Recipients"</dt><dd>{domain::grouped(campaign.recipients)}</dd></div>
                <div><dt>"SMS parts"</dt><dd>{domain::grouped(campaign.segments)}</dd></div>
                <div class="about__message"><dt>"Text"</dt><dd dir="auto">{campaign.message}</dd></div>
            </dl>
        </section>
    }
}
