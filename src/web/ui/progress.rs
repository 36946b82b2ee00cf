//! How far something has come that takes a while.

use leptos::prelude::*;

/// A bar with its words. While nothing is known of the whole, it shows only that something goes on.
#[component]
pub fn ProgressBar(
    /// What is going on.
    #[prop(into)]
    label: Signal<String>,
    /// Done so far.
    #[prop(into)]
    done: Signal<u32>,
    /// All of it; 0 while nobody knows.
    #[prop(into)]
    total: Signal<u32>,
    /// How far it is, in words; else the two numbers.
    #[prop(optional, into)]
    words: MaybeProp<String>,
) -> impl IntoView {
    let counted = move || {
        let (done, total) = (done.get(), total.get());
        (total > 0).then(|| format!("{} of {}", domain::grouped(done), domain::grouped(total)))
    };
    view! {
        <div class="progress">
            <span class="progress__label" aria-hidden="true">
                {label}
            </span>
            <progress
                class="progress__bar"
                aria-label=label
                max=move || total.get().max(1)
                // Without a value the bar moves to and fro.
                value=move || (total.get() > 0).then(|| done.get().min(total.get()))
            ></progress>
            <span class="progress__words">{move || words.get().or_else(counted)}</span>
        </div>
    }
}
