//! What the user can do to a campaign: the buttons that its state allows.

use super::live::LiveCampaign;
use crate::api::{self, Api};
use crate::browser;
use crate::host;
use crate::routes::{self, Navigate};
use crate::ui::button::Button;
use crate::ui::control_flow::For;
use crate::ui::dialog::Confirm;
use crate::ui::problems::{ProblemLine, Problems};
use domain::campaign;
use domain::campaign::grant::Scope;
use domain::wire::Campaign;
use domain::wizard::journey::Step;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// As long as it takes, in milliseconds, until new buttons are drawn.
const UNTIL_DRAWN: i32 = 100;

/// The buttons.
#[component]
pub fn Actions(
    /// The campaign.
    live: LiveCampaign,
    /// Where refusals are shown.
    problems: Problems,
) -> impl IntoView {
    let api = expect_context::<Api>();
    let asking = RwSignal::new(false);
    let buttons = NodeRef::<leptos::html::Div>::new();
    let act = Action::new_local(move |&action: &campaign::Action| {
        let path = format!("/campaigns/{}/{}", live.id(), action.slug());
        problems.clear();
        async move {
            match api.post::<Campaign>(&path).await {
                Ok(campaign) => live.hear(campaign.progress),
                Err(problem) => problems.show([ProblemLine::new(problem.detail)]),
            }
            if action == campaign::Action::Retry {
                host::spent();
            }
            // The button that was pressed may be gone by then, and the focus with it.
            browser::sleep(UNTIL_DRAWN).await;
            if browser::focus_is_lost()
                && let Some(first) = buttons
                    .try_get_untracked()
                    .flatten()
                    .and_then(|buttons| buttons.query_selector("button").ok().flatten())
            {
                browser::focus(first.unchecked_ref());
            }
        }
    });
    let start = move |action: campaign::Action| {
        if !act.pending().get_untracked() {
            act.dispatch_local(action);
        }
    };
    let (state, counts) = (live.state(), live.counts());
    let allowed = Memo::new(move |_| state.get().actions(&counts.get()));
    let button = move |action: campaign::Action| {
        let is_cancel = action == campaign::Action::Cancel;
        let press = move |()| if is_cancel { asking.set(true) } else { start(action) };
        let is_under_way = Memo::new(move |_| act.input().get() == Some(action));
        let words = move || if is_under_way.get() { under_way(action) } else { action.label() };
        view! {
            <Button busy=act.pending() on_press=press>
                {words}
            </Button>
        }
    };
    view! {
        <div class="campaign__actions" role="group" aria-label="What to do" node_ref=buttons>
            {host::allows(Scope::Submit)
                .then(|| {
                    view! {
                        <For each=move || allowed.get() key=|action| action.slug() children=button />
                    }
                })}
            <Report live=live />
            <Another />
        </div>
        <Confirm
            id="cancel-campaign"
            open=asking
            title="Cancel this campaign?"
            text="Messages that are still queued will never be sent. Those already handed over go on."
            yes="Cancel campaign"
            no="Go on sending"
            on_yes=move |()| start(campaign::Action::Cancel)
        />
    }
}

/// The words on a button while what it does is under way.
const fn under_way(action: campaign::Action) -> &'static str {
    match action {
        campaign::Action::Pause => "Pausing …",
        campaign::Action::Resume => "Resuming …",
        campaign::Action::Cancel => "Canceling …",
        campaign::Action::Retry => "Retrying …",
    }
}

#[component]
fn Report(live: LiveCampaign) -> impl IntoView {
    let download = move |()| {
        let url = api::url(&format!("/campaigns/{}/report.csv", live.id()));
        browser::download(&url, "report.csv");
    };
    view! { <Button on_press=download>"Download report"</Button> }
}

/// The way on, but for those who may only look.
#[component]
pub fn Another() -> impl IntoView {
    let navigate = Navigate::new();
    let begin = move |()| navigate.to(&routes::step(Step::Subaccount));
    host::allows(Scope::Compose).then(|| {
        view! {
            <Button class="button button--primary" on_press=begin>
                "Create another campaign"
            </Button>
        }
    })
}
