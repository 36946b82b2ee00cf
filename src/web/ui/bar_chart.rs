//! One bar, divided: how much of a whole is where.

use crate::reactive::Computed;
use crate::ui::dynamic::{dynamic, text};
use leptos::prelude::*;

/// A bar with one stretch for each share. The figures beside it say the same in words.
#[component]
pub fn StackedBar(
    /// A class for each stretch and what it stands for, in order.
    shares: Computed<Vec<(&'static str, u32)>>,
) -> impl IntoView {
    let stretches = dynamic(move || {
        shares
            .get()
            .into_iter()
            .filter(|(_, share)| *share > 0)
            .map(|(class, share)| {
                view! { <span class=format!("bar__stretch {class}") style:flex-grow=share.to_string()></span> }
            })
            .collect_view()
    });
    view! {
        <div class="bar" aria-hidden="true">
            {stretches}
        </div>
    }
}

/// How far something has come, with its words.
#[component]
pub fn Progress(
    /// What is going on.
    label: &'static str,
    /// Done so far.
    done: Computed<u32>,
    /// All of it.
    total: u32,
) -> impl IntoView {
    view! {
        <div class="progress">
            <label for="progress">{label}</label>
            <progress id="progress" max=total prop:value=text(move || done.get().to_string())></progress>
            <span>{text(move || format!("{} of {}", domain::grouped(done.get()), domain::grouped(total)))}</span>
        </div>
    }
}
