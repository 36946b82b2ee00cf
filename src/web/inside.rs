//! What needs somebody to be signed in, and how its code gets here.
//!
//! The views behind the sign-in travel in a file of their own, so that the sign-in page need not wait
//! for them: `cargo xtask build` cuts the module in two at [`views`], and only what the first part calls
//! stays in it. Whoever is on the sign-in page has the rest in the background, whoever is signed in at
//! once. Until it is here there are words for waiting, and should it not come, for failing.

use crate::api::{Api, SignedIn};
use crate::host;
use crate::load::Load;
use crate::page::{Failure, PageHeading, Skeleton};
use crate::reactive::{Computed, Var, effect, spawn};
use crate::routes::{self, Here};
use crate::shell;
use crate::ui::dynamic::dynamic;
use domain::problem::ApiProblem;
use leptos::prelude::*;
use uuid::Uuid;
use wasm_split_helpers::SplitLoaderError;

/// The views of the second part. Pointers, so that nothing here calls them but through what was fetched.
#[derive(Clone, Copy)]
struct Views {
    shell: fn(Uuid, String, String) -> AnyView,
    framed: fn() -> AnyView,
}

const VIEWS: Views = Views { shell: shell::shell, framed: shell::framed };

#[cfg(split_app)]
#[wasm_split_helpers::wasm_split(inside, fallible)]
fn views() -> Result<Views, SplitLoaderError> {
    Ok(VIEWS)
}

/// Where the app comes in one part, as while it is being worked on.
#[cfg(not(split_app))]
async fn views() -> Result<Views, SplitLoaderError> {
    Ok(VIEWS)
}

/// The second part: not asked for, on its way, here, or not to be had. In the context everywhere.
#[derive(Clone, Copy)]
pub struct Inside(Var<Option<Load<Views>>>);

impl Inside {
    /// Not asked for yet.
    pub fn new() -> Self {
        Self(Var::new(None))
    }

    /// Sees to it that it comes; anew after a failure.
    pub fn fetch(self) {
        if self.0.with_untracked(|part| matches!(part, Some(Load::Waiting | Load::Done(_)))) {
            return;
        }
        self.0.set(Some(Load::Waiting));
        spawn(async move {
            let part = views().await.map_err(|_| ApiProblem {
                detail: "A part of this page did not arrive. Check your connection and try again; \
                         nothing is lost. Should that not help, load the page again."
                    .into(),
                ..ApiProblem::offline()
            });
            self.0.set(Some(part.into()));
        });
    }
}

/// Everything that needs somebody to be signed in.
#[component]
pub fn SignedInArea() -> impl IntoView {
    let api = expect_context::<Api>();
    let here = expect_context::<Here>();
    let inside = expect_context::<Inside>();
    // No sign-in page comes before.
    if host::is_around() {
        inside.fetch();
    }
    effect(move || {
        let reason = match api.signed_in.get() {
            SignedIn::No => "",
            SignedIn::Expired => "&ended=1",
            SignedIn::Yes(_) => return inside.fetch(),
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
    let ask_again = Callback::new(move |()| {
        api.signed_in.set(SignedIn::Asking);
        spawn(api.refresh_session());
    });
    let fetch_again = Callback::new(move |()| inside.fetch());
    dynamic(move || {
        let Some((id, name, email)) = user.get() else {
            return lone(match api.signed_in.get() {
                SignedIn::Unreachable(problem) => Some((problem, ask_again)),
                _ => None,
            });
        };
        match inside.0.get() {
            Some(Load::Done(views)) if host::is_around() => (views.framed)(),
            Some(Load::Done(views)) => (views.shell)(id, name, email),
            Some(Load::Failed(problem)) => lone(Some((problem, fetch_again))),
            _ => lone(None),
        }
    })
}

/// All there is to see before anything is there: that it is on its way, or what went wrong and how to
/// try again.
fn lone(failure: Option<(ApiProblem, Callback<()>)>) -> AnyView {
    let content = match failure {
        Some((problem, retry)) => view! {
            <PageHeading text="This page could not be loaded" />
            <Failure problem=problem on_retry=retry />
        }
        .into_any(),
        None => view! { <Skeleton /> }.into_any(),
    };
    view! {
        <main class="lone" id="main">
            {content}
        </main>
    }
    .into_any()
}
