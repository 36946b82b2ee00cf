//! The Leptos app: signs in, walks through the steps, submits, and shows what becomes of it.
//!
//! Views own no rules: they read and write the [`state`], ask [`domain`] what is right, the worker for
//! anything about recipients ([`worker_client`]) and the server through one client ([`api`]).

mod api;
mod app;
mod browser;
mod campaign;
mod campaigns;
mod files;
mod host;
mod inside;
mod json;
mod load;
mod page;
mod reactive;
mod routes;
mod shell;
mod sign_in;
mod state;
mod steps;
mod ui;
mod wizard;
mod worker_client;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to(browser::app_root(), app::App).forget();
}
