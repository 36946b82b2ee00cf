//! A question that must be answered before going on.

use crate::browser;
use leptos::html;
use leptos::prelude::*;

/// A modal dialog with two answers. The browser keeps the focus inside and gives it back after; the answer
/// that changes nothing has it first, and the Escape key gives that one too.
#[component]
pub fn Confirm(
    /// Tells this dialog's parts from those of others on the page.
    #[prop(default = "confirm")]
    id: &'static str,
    /// Whether it is asked. Each answer ends that.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What follows from it.
    #[prop(into)]
    text: Signal<String>,
    /// The words on the button that does it.
    #[prop(into)]
    yes: Signal<String>,
    /// The words on the button that does not.
    #[prop(into)]
    no: Signal<String>,
    /// Does it.
    #[prop(into)]
    on_yes: Callback<()>,
    /// Hears that it is not to be done.
    #[prop(optional, into)]
    on_no: Option<Callback<()>>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if open.get() {
            browser::open_dialog(&dialog);
        } else {
            browser::close_dialog(&dialog);
        }
    });
    let answer = move |callback: Option<Callback<()>>| {
        open.set(false);
        if let Some(callback) = callback {
            callback.run(());
        }
    };
    // Closed by the browser, and not because the question was answered.
    let on_close = move |_| {
        if open.try_get_untracked() == Some(true) {
            answer(on_no);
        }
    };
    view! {
        <dialog
            class="dialog"
            node_ref=dialog
            aria-labelledby=format!("{id}-title")
            aria-describedby=format!("{id}-text")
            on:close=on_close
        >
            <h2 class="dialog__title" id=format!("{id}-title")>
                {title}
            </h2>
            <p id=format!("{id}-text")>{text}</p>
            <div class="dialog__answers">
                <button type="button" class="button" on:click=move |_| answer(on_no)>
                    {no}
                </button>
                <button type="button" class="button button--danger" on:click=move |_| answer(Some(on_yes))>
                    {yes}
                </button>
            </div>
        </dialog>
    }
}
