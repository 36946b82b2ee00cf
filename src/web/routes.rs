//! Every address of the app, and the view behind it. The only file that spells paths.

use crate::campaign::CampaignPage;
use crate::campaigns::CampaignsPage;
use crate::page::NotFound;
use crate::reactive::{Computed, effect};
use crate::shell::SignedInArea;
use crate::sign_in::SignInPage;
use crate::ui::dynamic::dynamic;
use crate::wizard::Wizard;
use domain::journey::Step;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::Router;
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::location::{BrowserUrl, LocationProvider};
use uuid::Uuid;

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
    place: Computed<Place>,
    go: Callback<String>,
    replace: Callback<String>,
}

impl Here {
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
    let view = || {
        let pathname = use_location().pathname;
        let navigate = |replace| {
            let navigate = use_navigate();
            Callback::new(move |path: String| {
                navigate(&path, NavigateOptions { replace, ..NavigateOptions::default() });
            })
        };
        let here = Here {
            place: Computed::new(move || Place::at(&pathname.read())),
            go: navigate(false),
            replace: navigate(true),
        };
        provide_context(here);
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
    view! { <Router>{view()}</Router> }
}

/// The page inside.
#[component]
pub fn Inside() -> impl IntoView {
    let here = expect_context::<Here>();
    // One wizard for all its steps.
    let page = Computed::new(move || match here.place() {
        Place::Wizard(_) => Place::Wizard(None),
        other => other,
    });
    dynamic(move || match page.get() {
        Place::Wizard(_) => view! { <Wizard /> }.into_any(),
        Place::Campaign(id) => view! { <CampaignPage id=id /> }.into_any(),
        Place::Campaigns => view! { <CampaignsPage /> }.into_any(),
        // What is inside is being left.
        Place::SignIn | Place::Nowhere => ().into_any(),
    })
}
