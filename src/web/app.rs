//! What everything else stands on: the way to the server, who is signed in, and the routes.

use crate::api::Api;
use crate::page::{NotFound, Visits};
use crate::routes;
use crate::second_part::{SecondPart, SignedInArea};
use crate::session::SignInPage;
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

/// The app. Its routes behind the sign-in are those of [`crate::shell`], in the app's second part.
#[component]
pub fn App() -> impl IntoView {
    let api = Api::new();
    provide_context(api);
    provide_context(Visits::new());
    provide_context(SecondPart::new());
    api.refresh_session();
    view! {
        <Router base=routes::base()>
            <Routes fallback=NotFound>
                <Route path=path!("/login") view=SignInPage />
                <Route path=path!("/gallery") view=gallery />
                <Route path=path!("/*path") view=SignedInArea />
            </Routes>
        </Router>
    }
}

/// Every part of the screens, to look at while one works on them.
#[cfg(debug_assertions)]
fn gallery() -> AnyView {
    view! { <crate::gallery::Gallery /> }.into_any()
}

#[cfg(not(debug_assertions))]
fn gallery() -> AnyView {
    view! { <NotFound /> }.into_any()
}
