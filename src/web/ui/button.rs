//! Buttons that do something small, in one compiled form.

use leptos::prelude::*;

/// A button with words; what it does beyond that for those who cannot see where it stands.
pub fn button(
    class: &'static str,
    words: impl Into<String>,
    label: Option<String>,
    press: impl Fn() + Send + Sync + 'static,
) -> AnyView {
    erased(class, words.into(), label, Callback::new(move |()| press()))
}

fn erased(
    class: &'static str,
    words: String,
    label: Option<String>,
    press: Callback<()>,
) -> AnyView {
    view! {
        <button type="button" class=class aria-label=label on:click=move |_| press.run(())>
            {words}
        </button>
    }
    .into_any()
}
