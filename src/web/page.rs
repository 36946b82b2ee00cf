//! What every page has: a title, a heading that takes the focus when the page is entered, and words for
//! waiting and failing.

use crate::browser;
use crate::routes::{Link, SENDER};
use crate::ui::note::{Note, Tone};
use domain::problem::ApiProblem;
use leptos::html;
use leptos::prelude::*;

/// Whether a page was entered before. In the context.
#[derive(Clone, Copy)]
pub struct Visits(RwSignal<bool>);

impl Visits {
    /// None yet.
    pub fn new() -> Self {
        Self(RwSignal::new(false))
    }
}

/// The heading of a page. Focus moves to it when the page is entered, so that a screen reader says
/// where one is; not on the first load, when the browser itself reads the page from its top.
#[component]
pub fn PageHeading(
    /// The words, also in the tab's title.
    #[prop(into)]
    text: Signal<String>,
    /// What the title says besides: `Step 2 of 4`.
    #[prop(optional)]
    aside: Option<String>,
    /// Whether problems are shown on the page; the title then says so first.
    #[prop(optional, into)]
    has_problems: Signal<bool>,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let Visits(visited) = expect_context();
    Effect::new(move |_| {
        let Some(heading) = heading.get() else { return };
        if visited.get_untracked() {
            browser::scroll_to_top();
            browser::focus(&heading);
        }
        visited.set(true);
    });
    Effect::new(move |_| {
        let error = if has_problems.get() { "Error: " } else { "" };
        let aside = aside.as_ref().map(|aside| format!(" - {aside}")).unwrap_or_default();
        browser::set_title(&format!("{error}{}{aside} - {}", text.get(), browser::brand_name()));
    });
    view! { <h1 class="heading" tabindex="-1" node_ref=heading>{text}</h1> }
}

/// Grey lines where text will be.
#[component]
pub fn Skeleton(
    /// How many.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton" role="status" aria-label="Loading">
            {(0..lines).map(|_| view! { <span></span> }).collect_view()}
        </div>
    }
}

/// Something could not be fetched, and how to try again.
#[component]
pub fn Failure(
    /// What went wrong.
    problem: ApiProblem,
    /// Tries again.
    on_retry: Callback<()>,
) -> impl IntoView {
    view! {
        <Note tone=Tone::Bad alert=true>
            <p>{problem.detail}</p>
            <button type="button" class="button button--small" on:click=move |_| on_retry.run(())>
                "Try again"
            </button>
        </Note>
    }
}

/// For addresses that lead nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <main class="lone" id="main">
            <PageHeading text="Page not found" />
            <p>"There is nothing at this address."</p>
            <p><Link href=SENDER>"Go to the Sender"</Link></p>
        </main>
    }
}
