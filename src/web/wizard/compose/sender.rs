//! Who the message is from, and what is worth knowing about that: in itself, and where it is going.

use super::settled::settled;
use crate::ui::control_flow::For;
use crate::ui::field::TextField;
use crate::ui::note::{Note, Tone};
use crate::ui::problems::Problems;
use crate::wizard::context::WizardContext;
use domain::problem::Field;
use domain::recipients::Destination;
use domain::sender::id::{SenderId, SenderKind};
use domain::sender::rules::SenderAdvice;
use domain::wire::Destinations;
use leptos::prelude::*;

/// The Sender ID and its notes.
#[component]
pub fn SenderField(sender_id: Memo<String>, problems: Problems) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let used = Memo::new(move |_| {
        let ids = |known: &Destinations| known.sender_ids.clone();
        context.with(|wizard| wizard.destinations().map(ids).unwrap_or_default())
    });
    let type_in = Callback::new(move |text| {
        problems.clear_field(Field::SenderId.id());
        context.edit(|draft| draft.sender_id = text);
    });
    view! {
        <TextField
            id=Field::SenderId.id()
            label="Sender ID"
            hint="Up to 11 letters and digits, or a number. Only a number can be replied to."
            offered=used
            width=24
            problem=problems.of(Field::SenderId.id())
            value=sender_id
            on_input=type_in
        />
        <SenderNotes sender_id=sender_id used=used />
    }
}

#[component]
fn SenderNotes(sender_id: Memo<String>, used: Memo<Vec<String>>) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let notes = Memo::new(move |_| {
        let Ok(sender) = SenderId::parse(&sender_id.get()) else { return Vec::new() };
        let own = used.with(|used| sender.warnings(used));
        let by_country = context.with(|wizard| {
            let to = wizard.draft().processed.as_ref().map_or(&[][..], |s| &s.destinations);
            wizard.destinations().map(|known| by_country(known, to, &sender)).unwrap_or_default()
        });
        own.iter().map(ToString::to_string).chain(by_country).collect::<Vec<_>>()
    });
    let shown = settled(notes);
    view! {
        <div class="notes" aria-live="polite">
            <For each=move || shown.get() key=String::clone let:words>
                <Note tone=Tone::Warn>
                    <p>{words}</p>
                </Note>
            </For>
        </div>
    }
}

/// One sentence for each advice, with the countries it is about and how many recipients they have.
fn by_country(known: &Destinations, to: &[Destination], sender: &SenderId) -> Vec<String> {
    if sender.kind() != SenderKind::Alphanumeric {
        return Vec::new();
    }
    let about = |advice: SenderAdvice| {
        let mut names = Vec::new();
        let mut recipients = 0;
        for destination in to {
            let info =
                known.countries.iter().find(|info| Some(info.country) == destination.country);
            let is_concerned =
                |rule: &domain::sender::rules::SenderRule| rule.advice(sender) == Some(advice);
            if let Some(info) = info.filter(|info| is_concerned(&info.sender_rule)) {
                names.push(info.name.as_str());
                recipients += destination.recipients;
            }
        }
        let who = if recipients == 1 { "recipient" } else { "recipients" };
        let count = domain::grouped(recipients);
        let sentence = || format!("{count} {who} in {}: {}", listed(&names), advice.sentence());
        (!names.is_empty()).then(sentence)
    };
    SenderAdvice::ALL.into_iter().filter_map(about).collect()
}

/// `A`, `A and B`, `A, B and 5 more`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
    }
}
