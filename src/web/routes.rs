//! The addresses of the pages: the only file that spells paths. The routes themselves are in
//! [`crate::app`] and [`crate::shell`].

use crate::host;
use domain::wizard::journey::Step;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use std::time::Duration;
use uuid::Uuid;
use wasm_bindgen::JsValue;

/// The sign-in page.
pub const LOGIN: &str = "/login";
/// The list of campaigns.
pub const CAMPAIGNS: &str = "/campaigns";
/// One's own account.
pub const ACCOUNT: &str = "/account";
/// Where the wizard begins.
pub const SENDER: &str = "/sender";

/// Where all addresses begin: in a host's frame they are the frame's.
pub const fn base_of(is_embedded: bool) -> &'static str {
    if is_embedded { host::FRAME } else { "" }
}

/// The same, here.
pub fn base() -> &'static str {
    base_of(host::is_embedded())
}

/// A step of the wizard.
pub fn step(step: Step) -> String {
    format!("{SENDER}/{}", step.slug())
}

/// A campaign.
pub fn campaign(id: Uuid) -> String {
    format!("{CAMPAIGNS}/{id}")
}

/// Puts the address of what is shown into the browser's history where the router has not. It does not notice
/// that the browser's Forward has been pressed; a link to where it believes to be then changes the page alone,
/// and a reload or Back would lead astray. (`leptos_router` 0.8.17; its issue 4324 was the same after Back.)
pub fn keep_address() {
    let location = use_location();
    let shown = Memo::new(move |_| {
        let (path, search) = (location.pathname.get(), location.search.get());
        if search.is_empty() { path } else { format!("{path}?{search}") }
    });
    Effect::new(move |_| {
        let address = shown.get();
        let path = location.pathname.get_untracked();
        // The router's own turn is first.
        let mend = move || {
            let is_still_shown = shown.try_get_untracked().as_ref() == Some(&address);
            if is_still_shown
                && window().location().pathname().is_ok_and(|known| known != path)
                && let Ok(history) = window().history()
            {
                // Refused only where the address is another site's.
                let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&address));
            }
        };
        set_timeout(mend, Duration::ZERO);
    });
}

/// The path where one is, without the frame's beginning; follows its changes.
pub fn use_path() -> Memo<String> {
    let pathname = use_location().pathname;
    Memo::new(move |_| {
        pathname.with(|path| {
            let path = path.strip_prefix(base()).unwrap_or(path);
            if path.is_empty() { "/".to_owned() } else { path.to_owned() }
        })
    })
}

/// Whether an address is one of the wizard's.
pub fn is_wizard(path: &str) -> bool {
    path == "/" || path == SENDER || path.starts_with("/sender/")
}

/// The step that an address shows.
pub fn step_at(path: &str) -> Option<Step> {
    let slug = path.strip_prefix("/sender/")?;
    Step::ALL.into_iter().find(|step| step.slug() == slug)
}

/// A path as an address of this page, after [`base`]: in a host's frame it asks what the frame's first one did.
fn asking(path: &str) -> String {
    let question = host::question();
    match question.strip_prefix('?') {
        Some(question) if path.contains('?') => format!("{path}&{question}"),
        _ => format!("{path}{question}"),
    }
}

/// The way to elsewhere. `replace`: Back does not lead here again. In a host's frame it never does, for
/// the browser's history is the host's.
#[derive(Clone, Copy)]
pub struct Navigate(Callback<(String, bool)>);

impl Navigate {
    /// The router's; to be called below it.
    pub fn new() -> Self {
        let navigate = use_navigate();
        Self(Callback::new(move |(path, replace): (String, bool)| {
            let replace = replace || host::is_embedded();
            navigate(&asking(&path), NavigateOptions { replace, ..NavigateOptions::default() });
        }))
    }

    /// Goes there.
    pub fn to(self, path: &str) {
        self.0.run((path.to_owned(), false));
    }

    /// Goes there in place of where one is.
    pub fn replace(self, path: &str) {
        self.0.run((path.to_owned(), true));
    }
}

/// Leads to elsewhere as soon as it is shown.
#[component]
pub fn Redirect(
    /// Where it leads.
    path: String,
) -> impl IntoView {
    Navigate::new().replace(&path);
}

/// A link inside the app.
#[component]
pub fn Link(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// Its class.
    #[prop(optional)]
    class: &'static str,
    /// Whether it leads to where one is.
    #[prop(optional, into)]
    current: MaybeProp<String>,
    children: Children,
) -> impl IntoView {
    // The router looks at the property `replace` when a link is pressed.
    view! {
        <a
            class=class
            href=move || format!("{}{}", base(), asking(&href.get()))
            aria-current=move || current.get()
            prop:replace=host::is_embedded()
        >
            {children()}
        </a>
    }
}
