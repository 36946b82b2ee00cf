//! The sign-in page.

use crate::api::{Api, SignedIn};
use crate::browser;
use crate::inside::Inside;
use crate::page::PageHeading;
use crate::reactive::{Var, effect, spawn};
use crate::routes::{self, Here};
use crate::ui::dynamic::{dynamic, when};
use crate::ui::field::TextField;
use crate::ui::note::{Note, Tone};
use crate::ui::problems::{ProblemSummary, Problems};
use domain::problem::{Field, Problem};
use domain::wire::SignIn;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// `/login`; `next` says where to go after, `ended` that the session ended by itself.
#[component]
pub fn SignInPage() -> impl IntoView {
    let api = expect_context::<Api>();
    let here = expect_context::<Here>();
    let query = use_location().query;
    let email = Var::new(String::new());
    let password = Var::new(String::new());
    let waiting = Var::new(false);
    let problems = Problems::new();

    // Once the page stands: what comes after it is here by the time the password is typed.
    let inside = expect_context::<Inside>();
    effect(move || inside.fetch());
    effect(move || {
        if matches!(api.signed_in.get(), SignedIn::Yes(_)) {
            let next = query.read_untracked().get("next").filter(|next| is_ours(next));
            let to = next.unwrap_or_else(|| routes::SENDER.to_owned());
            here.replace(&to);
        }
    });

    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let credentials =
            SignIn { email: email.get_untracked(), password: password.get_untracked() };
        let missing: Vec<_> = [
            (credentials.email.trim().is_empty(), Field::Email, Problem::NoEmail),
            (credentials.password.is_empty(), Field::Password, Problem::NoPassword),
        ]
        .into_iter()
        .filter(|(is_missing, ..)| *is_missing)
        .map(|(_, field, problem)| (Some(field.id()), problem.to_string()))
        .collect();
        if !missing.is_empty() {
            return problems.show(missing);
        }
        if waiting.get_untracked() {
            return;
        }
        waiting.set(true);
        spawn(async move {
            let answer = api.sign_in(&credentials).await;
            waiting.set(false);
            if let Err(problem) = answer {
                password.set(String::new());
                problems.show(vec![(None, problem.detail)]);
            }
        });
    };
    view! {
        <main class="lone" id="main">
            <p class="shell__brand">
                <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                    <path d="M7 2h10a5 5 0 0 1 5 5v7a5 5 0 0 1-5 5H8l-6 4V7a5 5 0 0 1 5-5Z" />
                </svg>
                {browser::brand_name()}
            </p>
            <ProblemSummary problems=problems />
            <PageHeading text="Log in" has_problems=problems.any() />
            {dynamic(move || {
                query
                    .read()
                    .get("ended")
                    .is_some()
                    .then(|| {
                        view! {
                            <Note tone=Tone::Info>
                                <p>"Your session has ended. Log in to go on; your draft is kept."</p>
                            </Note>
                        }
                    })
            })}
            <form class="form" novalidate on:submit=submit>
                <TextField
                    id=Field::Email.id()
                    label="Email address"
                    kind="email"
                    autocomplete="username"
                    problem=problems.of(Field::Email.id())
                    value=email
                    on_input=Callback::new(move |text| {
                        problems.clear_field(Field::Email.id());
                        email.set(text);
                    })
                />
                <TextField
                    id=Field::Password.id()
                    label="Password"
                    kind="password"
                    autocomplete="current-password"
                    problem=problems.of(Field::Password.id())
                    value=password
                    on_input=Callback::new(move |text| {
                        problems.clear_field(Field::Password.id());
                        password.set(text);
                    })
                />
                <button type="submit" class="button button--primary" aria-disabled=when("true", move || waiting.get())>
                    "Log in"
                </button>
            </form>
        </main>
    }
}

/// Whether an address given from outside stays on this site.
fn is_ours(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains('\\')
}
