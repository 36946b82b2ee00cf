//! What needs somebody to be signed in, and how its code gets here.
//!
//! The views behind the sign-in travel in a file of their own, so that the sign-in page need not wait for
//! them: `cargo xtask build` cuts the module in two at [`views`], and only what the first part calls stays
//! in it. Whoever is on the sign-in page has the rest in the background, whoever is signed in at once. The
//! sign-in page takes 159 kB Brotli for it instead of 395 (BENCHMARKS.md).

use crate::api::Api;
use crate::host;
use crate::page::{Failure, NotFound, PageHeading, Skeleton};
use crate::routes::{self, Navigate};
use crate::session::{SignedIn, User};
use crate::shell;
use domain::problem::ApiProblem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::SplitLoaderError;

/// The views of the second part. A pointer, so that nothing here calls them but through what was fetched.
#[derive(Clone, Copy)]
struct Views {
    shell: fn(User) -> AnyView,
}

const VIEWS: Views = Views { shell: shell::shell };

#[cfg(split_app)]
#[wasm_split_helpers::wasm_split(second_part, fallible)]
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
pub struct SecondPart(RwSignal<Part>);

#[derive(Clone)]
enum Part {
    NotAsked,
    Loading,
    Here(Views),
    Failed(ApiProblem),
}

impl SecondPart {
    /// Not asked for yet.
    pub fn new() -> Self {
        Self(RwSignal::new(Part::NotAsked))
    }

    /// Sees to it that it comes; anew after a failure.
    pub fn fetch(self) {
        if self.0.with_untracked(|part| matches!(part, Part::Loading | Part::Here(_))) {
            return;
        }
        self.0.set(Part::Loading);
        spawn_local(async move {
            self.0.set(match views().await {
                Ok(views) => Part::Here(views),
                Err(_) => Part::Failed(ApiProblem {
                    detail:
                        "A part of this page did not arrive. Check your connection and try again; \
                             nothing is lost. Should that not help, load the page again."
                            .into(),
                    ..ApiProblem::offline()
                }),
            });
        });
    }
}

/// Everything that needs somebody to be signed in.
#[component]
pub fn SignedInArea() -> impl IntoView {
    let api = expect_context::<Api>();
    let part = expect_context::<SecondPart>();
    let navigate = Navigate::new();
    let path = routes::use_path();
    Effect::new(move |_| {
        let reason = match api.signed_in.get() {
            SignedIn::No if !host::is_embedded() => "",
            SignedIn::Expired => "&ended=1",
            SignedIn::Asking | SignedIn::Yes(_) => return part.fetch(),
            _ => return,
        };
        let next = path.get_untracked();
        navigate.replace(&format!("{}?next={next}{reason}", routes::LOGIN));
    });
    // Only another user makes what is below anew.
    let user = Memo::new(move |_| match api.signed_in.get() {
        SignedIn::Yes(user) => Some(user),
        _ => None,
    });
    let is_page = Memo::new(move |_| path.with(|path| domain::pages::is_page(path)));
    let ask_again = Callback::new(move |()| {
        api.signed_in.set(SignedIn::Asking);
        api.refresh_session();
    });
    let fetch_again = Callback::new(move |()| part.fetch());
    move || {
        if !is_page.get() {
            return view! { <NotFound /> }.into_any();
        }
        let Some(user) = user.get() else {
            return match api.signed_in.get() {
                SignedIn::Unreachable(problem) => lone_failure(problem, ask_again),
                _ => lone_skeleton(),
            };
        };
        match part.0.get() {
            Part::Here(views) => (views.shell)(user),
            Part::Failed(problem) => lone_failure(problem, fetch_again),
            Part::NotAsked | Part::Loading => lone_skeleton(),
        }
    }
}

fn lone_skeleton() -> AnyView {
    view! {
        <main class="lone" id="main">
            <Skeleton />
        </main>
    }
    .into_any()
}

fn lone_failure(problem: ApiProblem, retry: Callback<()>) -> AnyView {
    view! {
        <main class="lone" id="main">
            <PageHeading text="This page could not be loaded" />
            <Failure problem=problem on_retry=retry />
        </main>
    }
    .into_any()
}
