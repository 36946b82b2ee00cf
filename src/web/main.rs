//! The Leptos app: signs in, walks through the steps, submits, and shows what becomes of it.
//!
//! | Module | Tells |
//! |---|---|
//! | [`app`], [`routes`] | what everything stands on, and every address |
//! | [`session`] | who is signed in, and the sign-in page |
//! | [`second_part`], [`shell`] | what needs somebody to be signed in, and what surrounds it |
//! | [`wizard`] | the four steps; their state is [`domain::wizard::machine`] |
//! | [`campaigns`] | the list of campaigns, and one of them, live |
//! | [`ui`] | widgets that know nothing of drafts or of the API |
//! | [`api`], [`worker`], [`browser`], [`host`] | the server, the Web Worker, the browser and a host's page, as the app sees them |
//!
//! Views own no rules: they show the state, send events, and ask [`domain`] what is right.

mod api;
mod app;
mod browser;
mod campaigns;
#[cfg(debug_assertions)]
mod gallery;
mod host;
mod json;
mod page;
mod routes;
mod second_part;
mod session;
mod shell;
mod ui;
mod wizard;
mod worker;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to(browser::app_root(), app::App).forget();
}
