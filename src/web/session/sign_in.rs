//! The sign-in page.

use super::SignedIn;
use super::credentials::{CredentialField, missing};
use crate::api::Api;
use crate::page::PageHeading;
use crate::routes::{Navigate, SENDER};
use crate::second_part::SecondPart;
use crate::ui::brand::Brand;
use crate::ui::button::Button;
use crate::ui::control_flow::Show;
use crate::ui::note::{Note, Tone};
use crate::ui::problems::{ProblemLine, ProblemSummary, Problems};
use domain::pages;
use domain::problem::{ApiProblem, Field, Problem};
use domain::wire::SignIn;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// `/login`; `next` says where to go after, `ended` that the session ended by itself.
#[component]
pub fn SignInPage() -> impl IntoView {
    let api = expect_context::<Api>();
    let part = expect_context::<SecondPart>();
    let navigate = Navigate::new();
    let query = use_query_map();
    // What comes next is here by the time the password is typed.
    Effect::new(move |_| part.fetch());
    Effect::new(move |_| {
        if matches!(api.signed_in.get(), SignedIn::Yes(_)) {
            let next = query.with_untracked(|query| query.get("next")).unwrap_or_default();
            navigate.replace(pages::after_sign_in(&next).unwrap_or(SENDER));
        }
    });
    let has_ended = Memo::new(move |_| query.with(|query| query.get("ended").is_some()));
    let sign_in = Action::new_local(move |credentials: &SignIn| {
        let credentials = credentials.clone();
        async move { api.sign_in(&credentials).await.err() }
    });
    view! {
        <main class="door" id="main">
            <SignInCard
                has_ended=has_ended
                busy=sign_in.pending()
                refusal=Signal::derive(move || sign_in.value().get().flatten())
                on_submit=move |credentials| {
                    sign_in.dispatch_local(credentials);
                }
            />
        </main>
    }
}

/// The card with the form.
#[component]
pub fn SignInCard(
    /// Whether somebody was signed in here before whose session is over.
    #[prop(into)]
    has_ended: Signal<bool>,
    /// Whether the server is being asked.
    #[prop(into)]
    busy: Signal<bool>,
    /// What it said to the last try.
    refusal: Signal<Option<ApiProblem>>,
    /// Asks it.
    #[prop(into)]
    on_submit: Callback<SignIn>,
) -> impl IntoView {
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let problems = Problems::new();
    // A password that was wrong is typed anew; the address stays.
    Effect::new(move |_| {
        if let Some(refusal) = refusal.get() {
            password.set(String::new());
            problems.show([ProblemLine::new(refusal.detail)]);
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let credentials =
            SignIn { email: email.get_untracked(), password: password.get_untracked() };
        let missing = missing([
            (&credentials.email, Field::Email, Problem::NoEmail),
            (&credentials.password, Field::Password, Problem::NoPassword),
        ]);
        if missing.is_empty() {
            problems.clear();
            on_submit.run(credentials);
        } else {
            problems.show(missing);
        }
    };
    view! {
        <div class="door__card">
            <div class="door__brand">
                <Brand />
                <p class="door__about">
                    "Text messages to one person or a million: checked, counted and priced before they are sent."
                </p>
            </div>
            <ProblemSummary problems=problems />
            <PageHeading text="Log in" has_problems=problems.any() />
            <Show when=move || has_ended.get()>
                <Note tone=Tone::Info>
                    <p>"Your session has ended. Log in to go on; your draft is kept."</p>
                </Note>
            </Show>
            <form class="form" novalidate on:submit=submit>
                <CredentialField
                    field=Field::Email
                    label="Email address"
                    kind="email"
                    autocomplete="username"
                    value=email
                    problems=problems
                />
                <CredentialField
                    field=Field::Password
                    label="Password"
                    autocomplete="current-password"
                    value=password
                    problems=problems
                />
                <Button class="button button--primary" kind="submit" busy=busy on_press=|()| ()>
                    {move || if busy.get() { "Logging in …" } else { "Log in" }}
                </Button>
            </form>
        </div>
    }
}
