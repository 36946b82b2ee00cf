//! The phone, paging through real recipients.

use crate::ui::control_flow::Show;
use crate::ui::phone::Phone;
use crate::wizard::context::WizardContext;
use domain::message::Message;
use domain::message::segments::Segments;
use domain::worker_protocol::{Preview, Request, Response};
use leptos::prelude::*;

/// The message as a recipient gets it.
#[component]
pub fn MessagePreview(sender_id: Memo<String>, message: Memo<String>) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let recipients = Memo::new(move |_| {
        context.draft(|draft| draft.processed.as_ref().map_or(0, |summary| summary.valid))
    });
    let chosen = RwSignal::new(0_u32);
    let at = Memo::new(move |_| chosen.get().min(recipients.get().saturating_sub(1)));
    let is_read = Memo::new(move |_| context.with(|wizard| wizard.contacts().is_some()));
    // One request at a time; until the latest is answered, the last one stands.
    let answer = LocalResource::new(move || {
        let (message, at, is_read) = (message.get(), at.get(), is_read.get());
        async move {
            if !is_read {
                return None;
            }
            match context.worker.ask(Request::Preview { message, at }).await {
                Ok(Response::Preview(preview)) => preview,
                _ => None,
            }
        }
    });
    let preview = Memo::new(move |_| answer.get().flatten());
    // What is typed shows at once when it is the same for all; else as soon as the worker answers.
    let shown = Memo::new(move |_| {
        let typed = message.get();
        match Message::parse(&typed) {
            Ok(parsed) if !parsed.template().is_static() => {
                preview.get().map_or(typed, |preview: Preview| preview.text)
            }
            _ => typed,
        }
    });
    let segments = Memo::new(move |_| shown.with(|shown| Segments::of(shown)));
    let about = Signal::derive(move || {
        let Segments { count, encoding, .. } = segments.get();
        let parts = if count == 1 { "part" } else { "parts" };
        format!("{count} {parts} · {}", encoding.label())
    });
    let whom = move || {
        preview
            .get()
            .map(|Preview { to, country, .. }| format!("{to} · {}", context.country_name(country)))
    };
    let place = move || {
        let all = recipients.get();
        format!("{} of {}", domain::grouped((at.get() + 1).min(all)), domain::grouped(all))
    };
    view! {
        <Phone sender=sender_id text=shown about=about>
            <button
                type="button"
                class="button button--small button--quiet"
                aria-label="Previous recipient"
                disabled=move || at.get() == 0
                on:click=move |_| chosen.set(at.get_untracked().saturating_sub(1))
            >
                "‹"
            </button>
            <p>{place} <br /> {whom}</p>
            <button
                type="button"
                class="button button--small button--quiet"
                aria-label="Next recipient"
                disabled=move || { at.get() + 1 >= recipients.get() }
                on:click=move |_| chosen.set(at.get_untracked() + 1)
            >
                "›"
            </button>
        </Phone>
        <Show when=move || { segments.get().count > 1 }>
            <p class="hint compose__legend">
                <span class="bubble__cut" aria-hidden="true"></span>
                "marks where the next part begins. Phones show one text; each part is charged."
            </p>
        </Show>
    }
}
