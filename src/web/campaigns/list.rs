//! All campaigns, newest first. The list is asked for anew while somebody looks at it: often while something
//! on it is under way, seldom else, and not at all in a hidden tab.

use super::table::CampaignTable;
use crate::api::Api;
use crate::browser;
use crate::host;
use crate::page::{Failure, PageHeading, Skeleton};
use crate::routes::{Link, SENDER};
use crate::ui::button::Button;
use crate::ui::control_flow::Show;
use crate::ui::note::{Note, Tone};
use domain::campaign::grant::Scope;
use domain::problem::ApiProblem;
use domain::wire::{Campaign, CampaignList};
use leptos::leptos_dom::helpers::{debounce, set_timeout_with_handle};
use leptos::prelude::*;
use std::time::Duration;
use uuid::Uuid;

/// Between two looks while something on the page is under way.
const OFTEN: Duration = Duration::from_secs(2);
/// Between two looks else: others may have submitted something.
const SELDOM: Duration = Duration::from_secs(15);
/// Typing pauses this long before it is searched for.
const PAUSE: Duration = Duration::from_millis(250);

/// What is asked of the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wanted {
    /// Part of the name.
    search: String,
    /// How many pages of the list, from the newest on.
    pages: u32,
}

/// What the server said to it.
#[derive(Clone, Debug)]
struct Answer {
    wanted: Wanted,
    list: Result<CampaignList, ApiProblem>,
}

/// What is on the screen.
#[derive(Clone, Debug, Default, PartialEq)]
struct Shown {
    /// To what it is the answer.
    wanted: Wanted,
    /// The latest list there was.
    list: Option<CampaignList>,
    /// Why there is none that is newer.
    problem: Option<ApiProblem>,
}

impl Shown {
    /// A failure leaves the list as it was.
    fn after(self, answer: Answer) -> Self {
        match answer.list {
            Ok(list) => Self { wanted: answer.wanted, list: Some(list), problem: None },
            Err(problem) => Self { problem: Some(problem), ..self },
        }
    }
}

/// `/campaigns`.
#[component]
pub fn CampaignsPage() -> impl IntoView {
    let api = expect_context::<Api>();
    let wanted = RwSignal::new(Wanted { search: String::new(), pages: 1 });
    // The resource drops an answer when something else was asked for in the meantime.
    let answer = LocalResource::new(move || {
        let wanted = wanted.get();
        async move { Answer { list: fetch(api, &wanted).await, wanted } }
    });
    let shown = Memo::new(move |previous: Option<&Shown>| {
        let shown = previous.cloned().unwrap_or_default();
        answer.get().map_or_else(Default::default, |answer| shown.after(answer))
    });
    let is_under_way = Memo::new(move |_| {
        shown.with(|shown| shown.list.as_ref().is_some_and(|list| list.campaigns.iter().any(moves)))
    });
    let visible = browser::use_visibility();
    Effect::new(move |was_visible: Option<bool>| {
        let is_visible = visible.get();
        if is_visible && was_visible == Some(false) {
            answer.refetch();
        }
        is_visible
    });
    // Each answer, also one that says the same, is followed by the next question.
    Effect::new(move |_| {
        if answer.with(Option::is_none) || !visible.get() {
            return;
        }
        let wait = if is_under_way.get() { OFTEN } else { SELDOM };
        let ask_again = move || {
            if !answer.is_disposed() {
                answer.refetch();
            }
        };
        if let Ok(timer) = set_timeout_with_handle(ask_again, wait) {
            on_cleanup(move || timer.clear());
        }
    });

    let mut search = debounce(PAUSE, move |search: String| {
        wanted.set(Wanted { search, pages: 1 });
    });
    let has_more = Memo::new(move |_| {
        shown.with(|shown| shown.list.as_ref().is_some_and(|list| list.next.is_some()))
    });
    let is_asking_for_more = Memo::new(move |_| {
        let pages = wanted.with(|wanted| wanted.pages);
        shown.with(|shown| shown.problem.is_none() && shown.wanted.pages < pages)
    });
    let show_more = move |()| {
        // One page more than is there, however often it is pressed.
        let pages = shown.with_untracked(|shown| shown.wanted.pages + 1);
        if wanted.with_untracked(|wanted| wanted.pages != pages) {
            wanted.update(|wanted| wanted.pages = pages);
        } else {
            answer.refetch();
        }
    };
    let retry = Callback::new(move |()| answer.refetch());
    view! {
        <div class="campaigns">
            <div class="campaigns__head">
                <PageHeading text="Campaigns" />
                {host::allows(Scope::Compose)
                    .then(|| {
                        view! {
                            <Link href=SENDER class="button button--primary">
                                "New campaign"
                            </Link>
                        }
                    })}
            </div>
            <div class="field field--search">
                <label class="field__label" for="search">
                    "Search by name"
                </label>
                <input
                    class="input"
                    id="search"
                    type="search"
                    autocomplete="off"
                    on:input:target=move |event| search(event.target().value())
                />
            </div>
            <Listed shown=shown retry=retry />
            <Show when=move || has_more.get()>
                <Button busy=is_asking_for_more on_press=show_more>
                    "Show older campaigns"
                </Button>
            </Show>
        </div>
    }
}

/// The campaigns, or words in their place.
#[component]
fn Listed(
    /// What is there.
    shown: Memo<Shown>,
    /// Asks again.
    retry: Callback<()>,
) -> impl IntoView {
    let campaigns = Memo::new(move |_| {
        shown.with(|shown| {
            shown.list.as_ref().map(|list| list.campaigns.clone()).unwrap_or_default()
        })
    });
    let problem = Memo::new(move |_| shown.with(|shown| shown.problem.clone()));
    let is_here = move || shown.with(|shown| shown.list.is_some());
    let waiting = move || match problem.get() {
        Some(problem) => view! { <Failure problem=problem on_retry=retry /> }.into_any(),
        None => view! { <Skeleton lines=5 /> }.into_any(),
    };
    let searched = move || shown.with(|shown| !shown.wanted.search.trim().is_empty());
    view! {
        <Show when=is_here fallback=waiting>
            {move || {
                problem
                    .get()
                    .map(|problem| {
                        view! {
                            <Note tone=Tone::Warn>
                                <p>"This list may be old. " {problem.detail}</p>
                                <Button class="button button--small" on_press=retry>
                                    "Try again"
                                </Button>
                            </Note>
                        }
                    })
            }}
            <Show
                when=move || !campaigns.with(Vec::is_empty)
                fallback=move || view! { <Empty searched=searched() /> }
            >
                <CampaignTable campaigns=campaigns />
            </Show>
        </Show>
    }
}

/// Nothing to list.
#[component]
pub fn Empty(
    /// Whether something was searched for.
    searched: bool,
) -> impl IntoView {
    if searched {
        return view! {
            <div class="empty">
                <p>"No campaign has this in its name."</p>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="empty">
            <p class="empty__title">"No campaigns yet"</p>
            <p>"What you send appears here, with what became of every message."</p>
            {host::allows(Scope::Compose)
                .then(|| view! { <p><Link href=SENDER>"Create a campaign"</Link></p> })}
        </div>
    }
    .into_any()
}

/// Whether a campaign is expected to change by itself.
fn moves(campaign: &Campaign) -> bool {
    let progress = &campaign.progress;
    !progress.state.is_over(&progress.counts)
}

/// The newest pages of the list, one after the other: what is older than the first may have changed too.
async fn fetch(api: Api, wanted: &Wanted) -> Result<CampaignList, ApiProblem> {
    let query = js_sys::encode_uri_component(wanted.search.trim());
    let mut campaigns = Vec::new();
    let mut next = None::<Uuid>;
    for _ in 0..wanted.pages {
        let before = next.map(|id| format!("&before={id}")).unwrap_or_default();
        let path = format!("/campaigns?search={query}{before}");
        let page = api.get::<CampaignList>(&path).await?;
        campaigns.extend(page.campaigns);
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    Ok(CampaignList { campaigns, next })
}
