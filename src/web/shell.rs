//! What surrounds every page once somebody is signed in, and the routes of those pages: the first thing of
//! the app's second part.

use crate::api::Api;
use crate::browser;
use crate::campaigns::{CampaignPage, CampaignsPage};
use crate::host;
use crate::page::{NotFound, Skeleton};
use crate::routes::{self, ACCOUNT, CAMPAIGNS, Link, Navigate, Redirect, SENDER};
use crate::session::{AccountPage, User};
use crate::ui::brand::Brand;
use crate::ui::dialog::Confirm;
use crate::wizard::{
    BeginAgain, ComposeStep, RecipientsStep, SendStep, SubaccountStep, UploadBar, Wizard,
    WizardContext, storage,
};
use domain::campaign::grant::Scope;
use domain::wizard::draft::Draft;
use domain::wizard::journey::Step;
use domain::wizard::machine::{self, Event};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{ParentRoute, Route, Routes};
use leptos_router::path;
use uuid::Uuid;

/// The shell, for one user.
pub fn shell(user: User) -> AnyView {
    view! { <Shell user=user /> }.into_any()
}

#[component]
fn Shell(user: User) -> impl IntoView {
    let api = expect_context::<Api>().made_for(user.user_id);
    provide_context(api);
    let navigate = Navigate::new();
    let is_embedded = host::is_embedded();
    let context = WizardContext::new(api, navigate, (!is_embedded).then_some(user.user_id));
    provide_context(context);
    let is_open = RwSignal::new(is_embedded);
    if is_embedded {
        follow_host(context, navigate);
    } else {
        routes::keep_address();
        spawn_local(async move {
            if let Some(saved) = storage::load(user.user_id).await {
                context.restore(saved);
            }
            is_open.try_set(true);
        });
    }
    warn_before_closing(context);
    // What waits for the line need not wait any longer.
    let online = window_event_listener(ev::online, move |_| context.wake());
    on_cleanup(move || online.remove());

    let pages = move || {
        if is_open.get() {
            view! { <Pages /> }.into_any()
        } else {
            view! { <Skeleton /> }.into_any()
        }
    };
    let main = view! {
        <main class="shell__main" id="main" tabindex="-1">
            {browser::is_simulated().then(|| view! { <Simulated links=!is_embedded /> })}
            <UploadBar />
            {pages}
            {(is_embedded && host::allows(Scope::View))
                .then(|| view! { <p class="shell__all"><Link href=CAMPAIGNS>"All campaigns"</Link></p> })}
        </main>
    };
    if is_embedded {
        return main.into_any();
    }
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
            <Side user=user />
            {main}
        </div>
    }
    .into_any()
}

/// Says on every page that nothing is really sent.
#[component]
fn Simulated(
    /// Whether the simulator's own page may be led to.
    links: bool,
) -> impl IntoView {
    let phone = links.then(|| {
        view! {
            " "
            <a href="/sandbox" target="_blank" rel="noopener">
                "See what was sent"
            </a>
        }
    });
    view! {
        <p class="simulated">
            <strong>"Simulation: "</strong>
            "messages go to a simulator and reach nobody."
            {phone}
        </p>
    }
}

/// Brand, navigation and who is signed in.
#[component]
fn Side(user: User) -> impl IntoView {
    let path = routes::use_path();
    let in_wizard = Memo::new(move |_| path.with(|path| routes::is_wizard(path)));
    let in_account = Memo::new(move |_| path.with(|path| path == ACCOUNT));
    let current = move |is_current: bool| is_current.then(|| "page".to_owned());
    view! {
        <header class="shell__side">
            <Brand />
            <nav class="shell__nav" aria-label="Main">
                <Link href=routes::step(Step::Subaccount) current=Signal::derive(move || current(in_wizard.get()))>
                    "Sender"
                </Link>
                <Link href=CAMPAIGNS current=Signal::derive(move || current(!in_wizard.get() && !in_account.get()))>
                    "Campaigns"
                </Link>
            </nav>
            <div class="shell__me">
                <p class="shell__name">
                    <Link href=ACCOUNT current=Signal::derive(move || current(in_account.get()))>
                        {user.name}
                        <span class="unseen">": your account"</span>
                    </Link>
                </p>
                <p class="shell__email">{user.email}</p>
                <LogOut user=user.user_id />
            </div>
        </header>
    }
}

/// Asks first when there is a draft, which goes with the session, or an upload.
#[component]
fn LogOut(user: Uuid) -> impl IntoView {
    let api = expect_context::<Api>();
    let context = expect_context::<WizardContext>();
    let asking = RwSignal::new(false);
    let log_out = Callback::new(move |()| {
        asking.set(false);
        context.send(Event::Stop);
        spawn_local(async move {
            storage::forget_drafts(user);
            api.sign_out().await;
            // What was still being read or copied meanwhile is forgotten as well.
            storage::forget_drafts(user);
        });
    });
    let press = move |_| {
        if context.peek(machine::Wizard::is_frozen)
            || context.peek_draft(Draft::has_something_to_lose)
        {
            asking.set(true);
        } else {
            log_out.run(());
        }
    };
    let words = Signal::derive(move || {
        if context.is_frozen() {
            "The upload stops, nothing is sent, and the draft is deleted from this browser."
                .to_owned()
        } else {
            "The draft is deleted from this browser. Nothing of it has been sent.".to_owned()
        }
    });
    view! {
        <button type="button" class="button button--small button--quiet" on:click=press>
            "Log out"
        </button>
        <Confirm
            id="log-out"
            open=asking
            on_no=move || asking.set(false)
            title="Log out and discard the draft?"
            text=words
            yes="Discard and log out"
            no="Keep editing"
            on_yes=log_out
        />
    }
}

/// One type for the views of all routes: the router is compiled anew for each type, at 2 kB.
fn page(view: fn() -> AnyView) -> fn() -> AnyView {
    view
}

/// Every page behind the sign-in.
#[component]
fn Pages() -> impl IntoView {
    let first = page(|| view! { <Redirect path=routes::step(Step::Subaccount) /> }.into_any());
    let wizard = page(|| view! { <Wizard /> }.into_any());
    let subaccount = page(|| view! { <SubaccountStep /> }.into_any());
    let recipients = page(|| view! { <RecipientsStep /> }.into_any());
    let compose = page(|| view! { <ComposeStep /> }.into_any());
    let send = page(|| view! { <SendStep /> }.into_any());
    let campaigns = page(|| view! { <CampaignsPage /> }.into_any());
    let campaign = page(|| view! { <CampaignPage /> }.into_any());
    let account = page(|| {
        if host::is_embedded() {
            view! { <NotFound /> }.into_any()
        } else {
            view! { <AccountPage /> }.into_any()
        }
    });
    view! {
        <Routes fallback=NotFound>
            <Route path=path!("/") view=first />
            <ParentRoute path=path!("/sender") view=wizard>
                <Route path=path!("/") view=first />
                <Route path=path!("/subaccount") view=subaccount />
                <Route path=path!("/recipients") view=recipients />
                <Route path=path!("/compose") view=compose />
                <Route path=path!("/send") view=send />
            </ParentRoute>
            <Route path=path!("/campaigns") view=campaigns />
            <Route path=path!("/campaigns/:id") view=campaign />
            <Route path=path!("/account") view=account />
        </Routes>
    }
}

/// The browser asks before a page is closed whose upload would end with it.
fn warn_before_closing(context: WizardContext) {
    let listener = window_event_listener(ev::beforeunload, move |event| {
        if context.peek(machine::Wizard::is_frozen) {
            event.prevent_default();
            // For browsers that look at this alone; the words are theirs.
            event.set_return_value("unsent");
        }
    });
    on_cleanup(move || listener.remove());
}

/// Takes what the host presets, and begins where its user may be.
fn follow_host(context: WizardContext, navigate: Navigate) {
    // Who may only look begins at what there is to see.
    let begin = move || {
        navigate.replace(if host::allows(Scope::Compose) { SENDER } else { CAMPAIGNS });
    };
    if !host::allows(Scope::Compose) {
        begin();
    }
    let begin_again = Callback::new(move |()| {
        context.send(Event::Stop);
        context.send(Event::Discard);
        begin();
    });
    provide_context(BeginAgain(begin_again));
    host::hear(move |what, value| {
        if what == "reset" {
            return begin_again.run(());
        }
        context.edit(|draft| match what.as_str() {
            "subaccount" => draft.subaccount = value,
            "recipients" => draft.set_numbers(value),
            "message" => draft.message = value,
            "senderId" => draft.sender_id = value,
            _ => {}
        });
    });
    let path = routes::use_path();
    Effect::new(move |_| {
        let name = path.with(|path| match routes::step_at(path) {
            Some(step) => step.slug(),
            None if routes::is_wizard(path) => Step::Subaccount.slug(),
            None if path == CAMPAIGNS => "campaigns",
            None => "campaign",
        });
        host::tell("step", &format!("{{\"step\":\"{name}\"}}"));
    });
    host::tell("ready", "{}");
}
