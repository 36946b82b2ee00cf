//! A phone that shows a message as it will arrive, with the places where it is cut.

use crate::ui::control_flow::Show;
use domain::message::segments;
use leptos::prelude::*;

/// The picture of a phone.
#[component]
pub fn Phone(
    /// Who the message is from.
    #[prop(into)]
    sender: Signal<String>,
    /// What it says.
    #[prop(into)]
    text: Signal<String>,
    /// A line below the message.
    #[prop(into)]
    about: Signal<String>,
    /// At the foot of the screen.
    children: Children,
) -> impl IntoView {
    let is_empty = Memo::new(move |_| text.with(|text| text.trim().is_empty()));
    let pieces = move || {
        text.with(|text| {
            segments::split(text)
                .into_iter()
                .enumerate()
                .map(|(n, range)| view! { <Piece n=n text=text[range].to_owned() /> })
                .collect_view()
        })
    };
    let bubble = view! {
        <Show
            when=move || !is_empty.get()
            fallback=|| view! { <p class="bubble bubble--empty">"Your message appears here"</p> }
        >
            <p class="bubble" dir="auto">
                {pieces}
            </p>
        </Show>
    };
    let sender = move || {
        let sender = sender.get();
        if sender.trim().is_empty() { "Sender ID".to_owned() } else { sender }
    };
    view! {
        <figure class="phone" aria-label="Message preview">
            <div class="phone__screen">
                <div class="phone__head">
                    <strong>{sender}</strong>
                    <span>"Text message"</span>
                </div>
                {bubble}
                <p class="phone__about">{about}</p>
                <div class="phone__foot">{children()}</div>
            </div>
        </figure>
    }
}

/// One part of the message, and the cut before it.
#[component]
fn Piece(
    /// Its number, from 0.
    n: usize,
    /// What it says.
    text: String,
) -> impl IntoView {
    view! {
        {(n > 0)
            .then(|| {
                view! {
                    <span class="bubble__cut" title=format!("Part {} begins here", n + 1)></span>
                }
            })}
        {text}
    }
}
