//! What everything else stands on: the way to the server, and the routes.

use crate::api::Api;
use crate::inside::Inside;
use crate::page::Visits;
use crate::reactive::spawn;
use crate::routes::Places;
use leptos::prelude::*;

/// The app.
#[component]
pub fn App() -> impl IntoView {
    let api = Api::new();
    provide_context(api);
    provide_context(Visits::new());
    provide_context(Inside::new());
    spawn(api.refresh_session());
    view! { <Places /> }
}
