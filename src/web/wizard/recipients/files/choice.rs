//! Something that was found out about a file and can be changed: a list to choose from, and where that is
//! offered, a field for a word of one's own.

use crate::browser;
use crate::ui::control_flow::Show;
use crate::ui::field::{Choice as Offered, Options};
use crate::wizard::context::WizardContext;
use domain::recipients::input::Chosen;
use domain::worker_protocol::Choice;
use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// What asks for a name that is not among the options.
const OWN_NAME: &str = "…";

/// One choice.
#[component]
pub fn ChoiceField(
    /// Of which file.
    file: u32,
    /// Among which choices.
    of: Memo<Vec<Choice>>,
    /// Which of them.
    at: usize,
) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let names_itself = RwSignal::new(false);
    let choice =
        Memo::new(move |_| of.with(|choices| choices.get(at).cloned()).unwrap_or_default());
    let id = format!("file-{file}-{}", choice.with_untracked(|choice| choice.id.clone()));
    let own_id = StoredValue::new(format!("{id}-name"));
    let list = NodeRef::<html::Select>::new();
    let choose = move |value: String| {
        let id = choice.with_untracked(|choice| choice.id.clone());
        context.choose(file, Chosen { id, value });
    };
    let options = Memo::new(move |_| {
        choice.with(|choice| {
            let options = choice.options.iter();
            options.map(|(value, name)| Offered::new(value, name)).collect::<Vec<_>>()
        })
    });
    let value = Memo::new(move |_| choice.with(|choice| choice.value.clone()));
    // Back to the list, which says what it said before until there is an answer.
    let done = move || {
        names_itself.set(false);
        if let Some(list) = list.try_get_untracked().flatten() {
            list.set_value(&choice.with_untracked(|choice| choice.value.clone()));
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            // Leaving the field takes the name.
            if let Some(list) = list.get_untracked() {
                browser::focus(&list);
            }
        }
    };
    let leave = move || {
        // It is left, too, when it goes.
        if names_itself.try_get_untracked() == Some(true) {
            done();
        }
    };
    view! {
        <div class="file__field">
            <label class="hint" for=id.clone()>
                {move || choice.with(|choice| choice.label.clone())}
            </label>
            <select
                class="input input--select"
                id=id
                node_ref=list
                on:change:target=move |event| {
                    let value = event.target().value();
                    names_itself.set(value == OWN_NAME);
                    if value == OWN_NAME {
                        browser::focus_when_there(own_id.get_value());
                    } else {
                        choose(value);
                    }
                }
            >
                <Options options=options value=value />
            </select>
            <Show when=move || names_itself.get()>
                <input
                    class="input"
                    id=own_id.get_value()
                    aria-label="Name of this field"
                    prop:value=choice.with_untracked(|choice| choice.value.clone())
                    on:keydown=on_key
                    on:change:target=move |event| {
                        let name = event.target().value();
                        done();
                        choose(name);
                    }
                    on:blur=move |_| leave()
                />
            </Show>
        </div>
    }
}
