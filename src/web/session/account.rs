//! `/account`: one's own password, and signing out everywhere.

use super::credentials::{CredentialField, missing};
use crate::api::Api;
use crate::page::PageHeading;
use crate::ui::button::Button;
use crate::ui::control_flow::Show;
use crate::ui::note::{Note, Tone};
use crate::ui::problems::{ProblemLine, ProblemSummary, Problems};
use domain::problem::{ApiProblem, Field, Problem};
use domain::wire::PasswordChange;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let problems = Problems::new();
    view! {
        <div class="account">
            <ProblemSummary problems=problems />
            <PageHeading text="Your account" has_problems=problems.any() />
            <ChangePassword problems=problems />
            <Everywhere problems=problems />
        </div>
    }
}

#[component]
fn ChangePassword(problems: Problems) -> impl IntoView {
    let api = expect_context::<Api>();
    let (password, new_password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let change = Action::new_local(move |change: &PasswordChange| {
        let change = change.clone();
        async move { api.put("/session/password", &change).await }
    });
    let busy = change.pending();
    let is_done = Memo::new(move |_| change.value().with(|answer| matches!(answer, Some(Ok(())))));
    Effect::new(move |_| match change.value().get() {
        Some(Ok(())) => {
            password.set(String::new());
            new_password.set(String::new());
        }
        Some(Err(problem)) => problems.show(lines(problem)),
        None => {}
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let wanted = PasswordChange {
            password: password.get_untracked(),
            new_password: new_password.get_untracked(),
        };
        let missing = missing([
            (&wanted.password, Field::Password, Problem::NoPassword),
            (&wanted.new_password, Field::NewPassword, Problem::PasswordTooShort),
        ]);
        if missing.is_empty() {
            problems.clear();
            change.dispatch_local(wanted);
        } else {
            problems.show(missing);
        }
    };
    view! {
        <section class="panel account__panel" aria-labelledby="password-title">
            <h2 id="password-title">"Change your password"</h2>
            <Show when=move || is_done.get()>
                <Note tone=Tone::Info alert=true>
                    <p>"Your password is changed. Everywhere else you are logged out."</p>
                </Note>
            </Show>
            <form class="form" novalidate on:submit=submit>
                <CredentialField
                    field=Field::Password
                    label="Present password"
                    autocomplete="current-password"
                    value=password
                    problems=problems
                />
                <CredentialField
                    field=Field::NewPassword
                    label="New password"
                    autocomplete="new-password"
                    hint="At least 12 characters, of any kind. A few words that only you put together are good."
                    value=new_password
                    problems=problems
                />
                <Button class="button button--primary" kind="submit" busy=busy on_press=|()| ()>
                    "Change password"
                </Button>
            </form>
        </section>
    }
}

/// What the server has said, at the fields it is about.
fn lines(problem: ApiProblem) -> Vec<ProblemLine> {
    if problem.fields.is_empty() {
        return vec![ProblemLine::new(problem.detail)];
    }
    let line = |(id, words): (String, String)| match Field::from_id(&id) {
        Some(field) => ProblemLine::at(field.id(), words),
        None => ProblemLine::new(words),
    };
    problem.fields.into_iter().map(line).collect()
}

#[component]
fn Everywhere(problems: Problems) -> impl IntoView {
    let api = expect_context::<Api>();
    let sign_out = Action::new_local(move |(): &()| async move {
        if let Err(problem) = api.sign_out_everywhere().await {
            problems.show([ProblemLine::new(problem.detail)]);
        }
    });
    view! {
        <section class="panel account__panel" aria-labelledby="everywhere-title">
            <h2 id="everywhere-title">"Log out everywhere"</h2>
            <p>
                "If somebody else may have used your account, or you forgot to log out somewhere. It logs you out here as well; a draft in this tab is kept for you."
            </p>
            <Button
                busy=sign_out.pending()
                on_press=move |()| {
                    sign_out.dispatch_local(());
                }
            >
                "Log out everywhere"
            </Button>
        </section>
    }
}
