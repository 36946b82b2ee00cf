//! Something worth knowing, in one of three tones; never told by its colour alone.

use leptos::prelude::*;

/// What a note means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// Think twice.
    Warn,
    /// Something failed.
    Bad,
}

/// A box with a mark and words.
#[component]
pub fn Note(
    /// What it means.
    tone: Tone,
    /// Whether it comes up as news that interrupts.
    #[prop(optional)]
    alert: bool,
    children: Children,
) -> impl IntoView {
    let (class, mark, word) = match tone {
        Tone::Info => ("note note--info", "i", "Note: "),
        Tone::Warn => ("note note--warn", "!", "Warning: "),
        Tone::Bad => ("note note--bad", "!", "Problem: "),
    };
    view! {
        <div class=class role=alert.then_some("alert")>
            <span class="note__mark" aria-hidden="true">
                {mark}
            </span>
            <div class="note__body">
                <span class="unseen">{word}</span>
                {children()}
            </div>
        </div>
    }
}
