//! Buttons that do something which may take a moment.

use leptos::prelude::*;

/// A button. While what it did is under way it says so and does nothing more; it keeps the focus, which a
/// disabled one would lose.
#[component]
pub fn Button(
    /// How it looks: `button`, and what it is besides.
    #[prop(default = "button")]
    class: &'static str,
    /// `submit` in a form whose own button it is.
    #[prop(default = "button")]
    kind: &'static str,
    /// What it does, for those who cannot see where it stands.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// Whether what it did is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// What it does when it is pressed.
    #[prop(into)]
    on_press: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type=kind
            class=class
            aria-label=move || label.get()
            aria-disabled=move || busy.get().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            on:click=move |_| {
                if !busy.get_untracked() {
                    on_press.run(());
                }
            }
        >
            {children()}
        </button>
    }
}
