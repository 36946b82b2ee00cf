//! What surrounds every page once somebody is signed in: the first thing of the app's second part.

use crate::api::Api;
use crate::browser;
use crate::campaign::CampaignPage;
use crate::campaigns::CampaignsPage;
use crate::host;
use crate::reactive::{Computed, Var, spawn};
use crate::routes::{self, Here, Place};
use crate::state::{self, DraftState};
use crate::ui::dynamic::{dynamic, when};
use crate::wizard::Wizard;
use domain::wizard::journey::Step;
use leptos::prelude::*;
use uuid::Uuid;

/// The shell, for one user.
pub fn shell(id: Uuid, name: String, email: String) -> AnyView {
    view! { <Shell id=id name=name email=email /> }.into_any()
}

/// What stands in its place in a host's frame.
pub fn framed() -> AnyView {
    view! { <FramedShell /> }.into_any()
}

/// Throws away what is on the screen in a host's frame, uploads under way included, and begins anew. In
/// the context there.
#[derive(Clone, Copy)]
pub struct BeginAgain(pub Callback<()>);

/// In a host's dashboard the shell is the host's.
#[component]
fn FramedShell() -> impl IntoView {
    let here = expect_context::<Here>();
    // Nobody else's draft can be taken up: in a frame it is kept nowhere.
    let draft = DraftState::open(Uuid::nil());
    provide_context(draft);
    // Who may only look begins at what there is to see.
    let begin = move || {
        here.go(if host::lets_compose() { routes::SENDER } else { routes::CAMPAIGNS });
    };
    begin();
    let begun = Var::new(0);
    let begin_again = Callback::new(move |()| {
        draft.start_over();
        begin();
        begun.update(|n| *n += 1);
    });
    provide_context(BeginAgain(begin_again));
    host::hear(move |what, value| {
        draft.change(|draft| match what.as_str() {
            "subaccount" => draft.subaccount = value,
            "recipients" => draft.set_numbers(value),
            "message" => draft.message = value,
            "senderId" => draft.sender_id = value,
            _ => {}
        });
        if what == "reset" {
            begin_again.run(());
        }
    });
    host::tell("ready", "{}");
    view! {
        <main class="shell__main" id="main" tabindex="-1">
            {dynamic(move || {
                begun.get();
                page()
            })}
            {host::lets_view().then(|| view! { <p><a href=routes::CAMPAIGNS>"All campaigns"</a></p> })}
        </main>
    }
}

#[component]
fn Shell(id: Uuid, name: String, email: String) -> impl IntoView {
    let api = expect_context::<Api>();
    let here = expect_context::<Here>();
    let in_wizard = move || matches!(here.place(), Place::Wizard(_));
    provide_context(DraftState::open(id));
    let sign_out = move |_| {
        spawn(async move {
            state::forget_drafts();
            api.sign_out().await;
            // What the worker was still copying is erased now that it has ended.
            browser::forget_files(None);
        });
    };
    view! {
        <a
            class="skip"
            href="#main"
            on:click=move |event| {
                event.prevent_default();
                browser::focus_field("main");
            }
        >
            "Skip to main content"
        </a>
        <div class="shell">
            <header class="shell__side">
                <p class="shell__brand">
                    <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                        <path d="M7 2h10a5 5 0 0 1 5 5v7a5 5 0 0 1-5 5H8l-6 4V7a5 5 0 0 1 5-5Z" />
                    </svg>
                    {browser::brand_name()}
                </p>
                <nav class="shell__nav" aria-label="Main">
                    <a href=routes::step(Step::Subaccount) aria-current=when("page", in_wizard)>"Sender"</a>
                    <a href=routes::CAMPAIGNS aria-current=when("page", move || !in_wizard())>"Campaigns"</a>
                </nav>
                <div class="shell__me">
                    <p class="shell__name">{name}</p>
                    <p class="shell__email">{email}</p>
                    <button type="button" class="button button--small button--quiet" on:click=sign_out>
                        "Log out"
                    </button>
                </div>
            </header>
            <main class="shell__main" id="main" tabindex="-1">
                {page()}
            </main>
        </div>
    }
}

/// The page inside.
fn page() -> AnyView {
    let here = expect_context::<Here>();
    // One wizard for all its steps.
    let page = Computed::new(move || match here.place() {
        Place::Wizard(_) => Place::Wizard(None),
        other => other,
    });
    dynamic(move || match page.get() {
        Place::Wizard(_) => view! { <Wizard /> }.into_any(),
        Place::Campaign(id) => view! { <CampaignPage id=id /> }.into_any(),
        Place::Campaigns => view! { <CampaignsPage /> }.into_any(),
        // What is inside is being left.
        Place::SignIn | Place::Nowhere => ().into_any(),
    })
}
