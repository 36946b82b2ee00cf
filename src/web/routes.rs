//! Every address of the app, and the view behind it. The only file that spells paths.

use crate::host;
use crate::inside::SignedInArea;
use crate::page::NotFound;
use crate::reactive::{Computed, Var, effect};
use crate::sign_in::SignInPage;
use crate::ui::dynamic::dynamic;
use domain::wizard::journey::Step;
use leptos::ev;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::Router;
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::location::{BrowserUrl, LocationProvider};
use uuid::Uuid;
use wasm_bindgen::JsCast as _;
use web_sys::Element;

/// The sign-in page.
pub const LOGIN: &str = "/login";
/// The list of campaigns.
pub const CAMPAIGNS: &str = "/campaigns";
/// Where the wizard begins.
pub const SENDER: &str = "/sender";

/// A step of the wizard.
pub fn step(step: Step) -> String {
    format!("{SENDER}/{}", step.slug())
}

/// A campaign.
pub fn campaign(id: Uuid) -> String {
    format!("{CAMPAIGNS}/{id}")
}

/// What an address stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The sign-in page.
    SignIn,
    /// The wizard; without a step where it begins.
    Wizard(Option<Step>),
    /// The list of campaigns.
    Campaigns,
    /// A campaign.
    Campaign(String),
    /// Nothing.
    Nowhere,
}

impl Place {
    /// What hosts know it as.
    fn name(&self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Wizard(step) => step.unwrap_or(Step::Subaccount).slug(),
            Self::Campaigns => "campaigns",
            Self::Campaign(_) => "campaign",
            Self::Nowhere => "nowhere",
        }
    }

    fn at(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts[..] {
            ["login"] => Self::SignIn,
            [] | ["sender"] => Self::Wizard(None),
            ["sender", slug] => {
                let step = Step::ALL.into_iter().find(|step| step.slug() == slug);
                step.map_or(Self::Nowhere, |step| Self::Wizard(Some(step)))
            }
            ["campaigns"] => Self::Campaigns,
            ["campaigns", id] => Self::Campaign(id.to_owned()),
            _ => Self::Nowhere,
        }
    }
}

/// Where one is, and the way to elsewhere. In the context everywhere.
#[derive(Clone, Copy)]
pub struct Here {
    path: Computed<String>,
    place: Computed<Place>,
    go: Callback<String>,
    replace: Callback<String>,
}

impl Here {
    fn new(path: Computed<String>, go: Callback<String>, replace: Callback<String>) -> Self {
        let place = Computed::new(move || path.with(|path| Place::at(path)));
        let name = Computed::new(move || place.with(Place::name));
        effect(move || host::tell("step", &format!("{{\"step\":\"{}\"}}", name.get())));
        let here = Self { path, place, go, replace };
        provide_context(here);
        here
    }

    /// The address, as it is now.
    pub fn path(self) -> String {
        self.path.with_untracked(String::clone)
    }

    /// The place; follows its changes.
    pub fn place(self) -> Place {
        self.place.get()
    }

    /// Goes to `path`.
    pub fn go(self, path: &str) {
        self.go.run(path.to_owned());
    }

    /// Goes to `path`, in place of where one is: Back does not lead here again.
    pub fn replace(self, path: &str) {
        self.replace.run(path.to_owned());
    }
}

/// The views, changing with the address. The router keeps the address; its own table of routes would be
/// a tenth of the app.
#[component]
pub fn Places() -> impl IntoView {
    if host::is_around() {
        return Framed().into_any();
    }
    let view = || {
        let pathname = use_location().pathname;
        let navigate = |replace| {
            let navigate = use_navigate();
            Callback::new(move |path: String| {
                navigate(&path, NavigateOptions { replace, ..NavigateOptions::default() });
            })
        };
        let path = Computed::new(move || pathname.get());
        let here = Here::new(path, navigate(false), navigate(true));
        // The address bar shows where a link leads once the router is told that the view is there.
        let url = expect_context::<BrowserUrl>();
        effect(move || {
            pathname.track();
            url.ready_to_complete();
        });
        // Inside, pages change without what surrounds them.
        let outside = Computed::new(move || match here.place() {
            place @ (Place::SignIn | Place::Nowhere) => Some(place),
            _ => None,
        });
        dynamic(move || match outside.get() {
            None => view! { <SignedInArea /> }.into_any(),
            Some(Place::SignIn) => view! { <SignInPage /> }.into_any(),
            Some(_) => view! { <NotFound /> }.into_any(),
        })
    };
    view! { <Router>{view()}</Router> }.into_any()
}

/// The same in a host's frame: the address is kept here, for the browser's history is the host's, and
/// its Back leads to the host's page before.
#[component]
fn Framed() -> impl IntoView {
    let path = Var::new(SENDER.to_owned());
    let go = Callback::new(move |to| path.set(to));
    let here = Here::new(Computed::new(move || path.get()), go, go);
    let follow = window_event_listener(ev::click, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("a[href^='/']").ok().flatten());
        if let Some(to) = link.and_then(|link| link.get_attribute("href")) {
            event.prevent_default();
            here.go(&to);
        }
    });
    // The frame and its listener end together.
    std::mem::forget(follow);
    view! { <SignedInArea /> }
}
