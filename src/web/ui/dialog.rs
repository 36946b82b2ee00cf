//! A question that must be answered before going on.

use crate::reactive::{Var, effect};
use leptos::html;
use leptos::prelude::*;

/// A modal dialog with two answers. The browser keeps the focus inside and gives it back after.
#[component]
pub fn Confirm(
    /// Whether it is asked.
    open: Var<bool>,
    /// The question.
    title: &'static str,
    /// What follows from it.
    text: &'static str,
    /// The words on the button that does it.
    yes: &'static str,
    /// The words on the button that does not.
    no: &'static str,
    /// Does it.
    on_yes: Callback<()>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    effect(move || {
        let Some(dialog) = dialog.get() else { return };
        match (open.get(), dialog.open()) {
            // Fails only when it is open already.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    view! {
        <dialog
            class="dialog"
            node_ref=dialog
            aria-labelledby="dialog-title"
            aria-describedby="dialog-text"
            on:close=move |_| open.set(false)
        >
            <h2 class="dialog__title" id="dialog-title">
                {title}
            </h2>
            <p id="dialog-text">{text}</p>
            <div class="dialog__answers">
                <button type="button" class="button" on:click=move |_| open.set(false)>
                    {no}
                </button>
                <button
                    type="button"
                    class="button button--danger"
                    on:click=move |_| {
                        open.set(false);
                        on_yes.run(());
                    }
                >
                    {yes}
                </button>
            </div>
        </dialog>
    }
}
