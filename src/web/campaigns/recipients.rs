//! Who of a campaign's recipients is where and, where a message failed, why. As many as are shown are asked
//! for anew when the campaign has moved, at most once a second.

use super::live::LiveCampaign;
use crate::api::Api;
use crate::ui::button::Button;
use crate::ui::control_flow::{For, Show};
use crate::ui::field::{Choice, Options};
use crate::ui::note::{Note, Tone};
use crate::ui::table::{Column, Table};
use domain::campaign::delivery::DeliveryState;
use domain::problem::ApiProblem;
use domain::wire::{RecipientList, RecipientStatus};
use leptos::leptos_dom::helpers::set_timeout_with_handle;
use leptos::prelude::*;
use std::time::Duration;

/// Rows that are shown at first, and added by "Show more".
const STRETCH: u32 = 50;
/// As many as the server tells at once.
const MOST: u32 = 1_000;
/// Between two looks at a campaign that moves.
const PACE: Duration = Duration::from_secs(1);

/// What is asked of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    /// Only those in this state; all when it is empty.
    state: String,
    /// How many rows.
    limit: u32,
}

/// What the server said to it, and at which revision of the campaign it was asked.
#[derive(Clone, Debug)]
struct Answer {
    wanted: Wanted,
    revision: u64,
    list: Result<RecipientList, ApiProblem>,
}

/// What is on the screen.
#[derive(Clone, Debug, Default, PartialEq)]
struct Shown {
    /// The latest rows there were, and what was asked for.
    list: Option<(Wanted, RecipientList)>,
    /// Why there are none that are newer.
    problem: Option<ApiProblem>,
}

/// The panel with its filter, its rows and "Show more".
#[component]
pub fn RecipientPanel(
    /// The campaign.
    live: LiveCampaign,
) -> impl IntoView {
    let api = expect_context::<Api>();
    let wanted = RwSignal::new(Wanted { state: String::new(), limit: STRETCH });
    let revision = Memo::new(move |_| live.progress().with(|progress| progress.revision));
    let answer = LocalResource::new(move || {
        let (wanted, revision) = (wanted.get(), revision.get_untracked());
        async move {
            let state = match wanted.state.as_str() {
                "" => String::new(),
                state => format!("&state={state}"),
            };
            let path = format!("/campaigns/{}/recipients?limit={}{state}", live.id(), wanted.limit);
            Answer { list: api.get(&path).await, wanted, revision }
        }
    });
    let shown = Memo::new(move |previous: Option<&Shown>| match answer.get() {
        None => Shown::default(),
        Some(Answer { wanted, list: Ok(list), .. }) => {
            Shown { list: Some((wanted, list)), problem: None }
        }
        Some(Answer { list: Err(problem), .. }) => Shown {
            list: previous.and_then(|previous| previous.list.clone()),
            problem: Some(problem),
        },
    });
    // The revision that is on the screen while there is a newer one: each is followed by one question.
    let outdated = Memo::new(move |_| {
        let asked_at = answer.with(|answer| answer.as_ref().map(|answer| answer.revision));
        asked_at.filter(|asked_at| *asked_at != revision.get())
    });
    Effect::new(move |_| {
        if outdated.get().is_none() {
            return;
        }
        let ask_again = move || {
            if !answer.is_disposed() {
                answer.refetch();
            }
        };
        if let Ok(timer) = set_timeout_with_handle(ask_again, PACE) {
            on_cleanup(move || timer.clear());
        }
    });

    let limit = Memo::new(move |_| {
        shown.with(|shown| shown.list.as_ref().map_or(STRETCH, |(wanted, _)| wanted.limit))
    });
    let is_asking = Memo::new(move |_| {
        shown.with(|shown| shown.problem.is_none())
            && wanted.with(|wanted| wanted.limit) > limit.get()
    });
    let show_more = move |()| {
        // One stretch more than is there, however often it is pressed.
        let more = (limit.get_untracked() + STRETCH).min(MOST);
        wanted.update(|wanted| wanted.limit = more);
    };
    let filter = move |state: String| wanted.set(Wanted { state, limit: STRETCH });
    let has_more = Memo::new(move |_| {
        shown.with(|shown| shown.list.as_ref().is_some_and(|(_, list)| list.next.is_some()))
    });
    let retry = Callback::new(move |()| answer.refetch());
    view! {
        <section class="panel" aria-labelledby="recipients-title">
            <header class="panel__head">
                <h2 id="recipients-title">"Recipients"</h2>
                <label class="panel__filter">
                    "Show "
                    <select
                        class="input input--small"
                        on:change:target=move |event| filter(event.target().value())
                    >
                        <Options
                            options=choices()
                            value=Signal::derive(move || wanted.with(|wanted| wanted.state.clone()))
                        />
                    </select>
                </label>
            </header>
            <RecipientRows shown=Signal::derive(move || {
                shown.with(|shown| shown.list.as_ref().map(|(_, list)| list.recipients.clone()))
            }) />
            {move || {
                shown
                    .with(|shown| shown.problem.clone())
                    .map(|problem| {
                        view! {
                            <Note tone=Tone::Bad>
                                <p>{problem.detail}</p>
                                <Button class="button button--small" on_press=retry>
                                    "Retry"
                                </Button>
                            </Note>
                        }
                    })
            }}
            <Show when=move || has_more.get()>
                <Show
                    when=move || limit.get() < MOST
                    fallback=|| {
                        view! {
                            <p class="hint panel__empty">
                                {format!("These are the first {}. The report has all of them.", domain::grouped(MOST))}
                            </p>
                        }
                    }
                >
                    <Button class="button button--small button--quiet" busy=is_asking on_press=show_more>
                        "Show more recipients"
                    </Button>
                </Show>
            </Show>
        </section>
    }
}

fn choices() -> Vec<Choice> {
    let states = DeliveryState::ALL.map(|state| Choice::new(state.name(), state.label()));
    [Choice::new("", "All")].into_iter().chain(states).collect()
}

/// The rows; `None` while they are on their way.
#[component]
pub fn RecipientRows(
    /// In their order.
    #[prop(into)]
    shown: Signal<Option<Vec<RecipientStatus>>>,
) -> impl IntoView {
    let rows = move || shown.get().unwrap_or_default();
    let is_empty =
        Memo::new(move |_| shown.with(|shown| shown.as_ref().is_some_and(Vec::is_empty)));
    let is_waiting = Memo::new(move |_| shown.with(Option::is_none));
    let row = |status: RecipientStatus| {
        view! {
            <tr>
                <td class="table__short">{status.to.to_string()}</td>
                <td class="table__short">{status.state.label()}</td>
                <td>{status.reason.unwrap_or_default()}</td>
            </tr>
        }
    };
    view! {
        <div class="panel__scroll" tabindex="0" role="group" aria-labelledby="recipients-title">
            <Table columns=vec![Column::text("Number"), Column::text("Status"), Column::text("Reason")]>
                <For
                    each=rows
                    // A row that has changed is another row; nothing in it can have the focus.
                    key=|status| (status.seq, status.state, status.reason.clone())
                    children=row
                />
            </Table>
            <Show when=move || is_waiting.get()>
                <div class="skeleton panel__empty" role="status" aria-label="Loading">
                    <span></span>
                    <span></span>
                    <span></span>
                </div>
            </Show>
            <Show when=move || is_empty.get()>
                <p class="hint panel__empty">"No recipient is in this state."</p>
            </Show>
        </div>
    }
}
