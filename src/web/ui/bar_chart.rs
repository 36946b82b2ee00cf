//! One bar, divided: how much of a whole is where.

use leptos::prelude::*;

/// A bar with one stretch for each share. The figures beside it say the same in words.
#[component]
pub fn StackedBar(
    /// A class for each stretch and what it stands for, in order.
    shares: Vec<(&'static str, Signal<u32>)>,
) -> impl IntoView {
    // The stretches stay, so that they can grow instead of jump.
    let stretch = |(class, share): (&'static str, Signal<u32>)| {
        view! {
            <span
                class=format!("bar__stretch {class}")
                style:flex-grow=move || share.get().to_string()
                hidden=move || share.get() == 0
            ></span>
        }
    };
    view! {
        <div class="bar" aria-hidden="true">
            {shares.into_iter().map(stretch).collect_view()}
        </div>
    }
}
