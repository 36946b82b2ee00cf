//! What surrounds every page once somebody is signed in, and what they see when nobody is.

use crate::api::{Api, SignedIn};
use crate::browser;
use crate::host;
use crate::page::{Failure, Skeleton};
use crate::reactive::{Computed, Var, effect, spawn};
use crate::routes::{self, Here, Inside, Place};
use crate::state::{self, DraftState};
use crate::ui::dynamic::{dynamic, when};
use domain::journey::Step;
use leptos::prelude::*;
use uuid::Uuid;

/// Everything that needs somebody to be signed in.
#[component]
pub fn SignedInArea() -> impl IntoView {
    let api = expect_context::<Api>();
    let here = expect_context::<Here>();
    effect(move || {
        let reason = match api.signed_in.get() {
            SignedIn::No => "",
            SignedIn::Expired => "&ended=1",
            _ => return,
        };
        let next = here.path();
        let to = format!("{}?next={next}{reason}", routes::LOGIN);
        here.replace(&to);
    });
    // Only another user rebuilds what is below.
    let user = Computed::new(move || match api.signed_in.get() {
        SignedIn::Yes(session) => Some((session.user_id, session.name, session.email)),
        _ => None,
    });
    let retry = Callback::new(move |()| {
        api.signed_in.set(SignedIn::Asking);
        spawn(api.refresh_session());
    });
    dynamic(move || match user.get() {
        Some(_) if host::is_around() => view! { <FramedShell /> }.into_any(),
        Some((id, name, email)) => view! { <Shell id=id name=name email=email /> }.into_any(),
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
                view! { <Inside /> }.into_any()
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
                <Inside />
            </main>
        </div>
    }
}
