//! What surrounds every page once somebody is signed in, and what they see when nobody is.

use crate::api::{Api, SignedIn};
use crate::browser;
use crate::page::{Failure, Skeleton};
use crate::reactive::{Computed, effect, spawn};
use crate::routes::{self, Here, Inside, Place};
use crate::state::{self, DraftState};
use crate::ui::dynamic::{dynamic, when};
use domain::wire::Session;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Everything that needs somebody to be signed in.
#[component]
pub fn SignedInArea() -> impl IntoView {
    let api = expect_context::<Api>();
    let location = use_location();
    let here = expect_context::<Here>();
    effect(move || {
        let reason = match api.signed_in.get() {
            SignedIn::No => "",
            SignedIn::Expired => "&ended=1",
            _ => return,
        };
        let next = location.pathname.get_untracked();
        let to = format!("{}?next={next}{reason}", routes::LOGIN);
        here.replace(&to);
    });
    // Only another user rebuilds what is below.
    let user = Computed::new(move || match api.signed_in.get() {
        SignedIn::Yes(session) => Some(session),
        _ => None,
    });
    let retry = Callback::new(move |()| {
        api.signed_in.set(SignedIn::Asking);
        spawn(api.refresh_session());
    });
    dynamic(move || match user.get() {
        Some(session) => view! { <Shell session=session /> }.into_any(),
        None => match api.signed_in.get() {
            SignedIn::Unreachable(problem) => view! {
                <main class="lone" id="main">
                    <Failure problem=problem on_retry=retry />
                </main>
            }
            .into_any(),
            _ => view! {
                <main class="lone" id="main">
                    <Skeleton />
                </main>
            }
            .into_any(),
        },
    })
}

#[component]
fn Shell(session: Session) -> impl IntoView {
    let api = expect_context::<Api>();
    let here = expect_context::<Here>();
    let in_wizard = move || matches!(here.place(), Place::Wizard(_));
    provide_context(DraftState::open(session.user_id));
    let sign_out = move |_| {
        spawn(async move {
            state::forget_drafts();
            api.sign_out().await;
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
                    <a href=routes::SENDER aria-current=when("page", in_wizard)>"Sender"</a>
                    <a href=routes::CAMPAIGNS aria-current=when("page", move || !in_wizard())>"Campaigns"</a>
                </nav>
                <div class="shell__me">
                    <p class="shell__name">{session.name}</p>
                    <p class="shell__email">{session.email}</p>
                    <button type="button" class="button button--small button--quiet" on:click=sign_out>
                        "Log out"
                    </button>
                </div>
            </header>
            <main class="shell__main" id="main" tabindex="-1">
                <Inside />
            </main>
        </div>
    }
}
