//! The product as it is called here.

use crate::browser;
use leptos::prelude::*;

/// The product's mark and name.
#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <p class="shell__brand">
            <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                <path d="M7 2h10a5 5 0 0 1 5 5v7a5 5 0 0 1-5 5H8l-6 4V7a5 5 0 0 1 5-5Z" />
            </svg>
            {browser::brand_name()}
        </p>
    }
}
