//! What the message says: the text, a button for each field, and what makes it dearer than it looks, with
//! the button that mends it.

use super::meters::Meters;
use super::settled::settled;
use crate::routes::{self, Link};
use crate::ui::button::Button;
use crate::ui::control_flow::{For, Show};
use crate::ui::field::TextArea;
use crate::ui::note::{Note, Tone};
use crate::ui::problems::Problems;
use crate::ui::typing;
use crate::wizard::context::WizardContext;
use domain::message::plain_text::{self, Advice};
use domain::problem::{Field, Problem};
use domain::wizard::journey::Step;
use leptos::html;
use leptos::prelude::*;

/// The message with everything about it.
#[component]
pub fn MessageField(message: Memo<String>, problems: Problems) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let area = NodeRef::<html::Textarea>::new();
    let type_in = Callback::new(move |text| {
        problems.clear_field(Field::Message.id());
        context.edit(|draft| draft.message = text);
    });
    view! {
        <TextArea
            id=Field::Message.id()
            label="Message"
            hint="What the recipients read. Fields are filled in for each of them."
            rows=7
            spellcheck=true
            node=area
            problem=problems.of(Field::Message.id())
            value=message
            on_input=type_in
        />
        <div class="compose__foot">
            <InsertButtons area=area />
            <Meters message=message />
        </div>
        <MessageNotes message=message area=area />
    }
}

/// A button for each field, which puts it where the cursor is.
#[component]
fn InsertButtons(area: NodeRef<html::Textarea>) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let fields = Memo::new(move |_| context.draft(|draft| draft.fields().to_vec()));
    let insert = move |name: &str| {
        if let Some(area) = area.get_untracked() {
            typing::insert(&area, &format!("{{{{{name}}}}}"));
        }
    };
    let button = move |name: String| {
        let label = format!("Insert {name}");
        let shown = name.clone();
        view! {
            <button type="button" class="chip" aria-label=label on:click=move |_| insert(&name)>
                <span aria-hidden="true">"+ "</span>
                {shown}
            </button>
        }
    };
    view! {
        <div class="chips" role="group" aria-label="Insert a field">
            <For each=move || fields.get() key=String::clone children=button />
        </div>
    }
}

/// What is worth knowing about the message.
#[derive(Clone, Debug, Default, PartialEq)]
struct Notes {
    advice: Option<Advice>,
    unsendable: u32,
}

#[component]
fn MessageNotes(message: Memo<String>, area: NodeRef<html::Textarea>) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let notes = Memo::new(move |_| {
        let figures = |wizard: &domain::wizard::machine::Wizard| {
            wizard.figures().map_or(0, |(quoted, _)| quoted.quote.unsendable)
        };
        Notes {
            advice: message.with(|message| plain_text::advice(message)),
            unsendable: context.with(figures),
        }
    });
    let settled = settled(notes);
    // What is mended goes at once.
    let advice = Memo::new(move |_| {
        let is_needed = notes.with(|notes| notes.advice.is_some());
        settled.with(|notes| notes.advice.as_ref().map(ToString::to_string)).filter(|_| is_needed)
    });
    let unsendable = Memo::new(move |_| {
        let is_any = notes.with(|notes| notes.unsendable > 0);
        settled.with(|notes| if is_any { notes.unsendable } else { 0 })
    });
    let replace = move |()| {
        // The text may have changed since it was told.
        let advice = notes.with_untracked(|notes| notes.advice.clone());
        if let (Some(area), Some(advice)) = (area.get_untracked(), advice) {
            typing::replace(&area, &advice.replaced);
        }
    };
    let rows = Signal::stored(format!("{}?rows=unsendable", routes::step(Step::Recipients)));
    view! {
        <div class="notes" aria-live="polite">
            <Show when=move || advice.with(Option::is_some)>
                <Note tone=Tone::Warn>
                    <p>{move || advice.get()}</p>
                    <Button class="button button--small" on_press=replace>
                        "Replace them"
                    </Button>
                </Note>
            </Show>
            <Show when=move || { unsendable.get() > 0 }>
                <Note tone=Tone::Bad>
                    <p>{move || Problem::Unsendable(unsendable.get()).to_string()}</p>
                    <Link href=rows>"Show these recipients"</Link>
                </Note>
            </Show>
        </div>
    }
}
