//! Numbers that are typed, and long lists of them that are pasted. A control with a hundred thousand lines
//! would be slow at every key, so a long list never gets into it: it stands below as one thing, which can
//! be removed as a whole.

use crate::browser;
use crate::ui::control_flow::{For, Show};
use crate::ui::field::TextArea;
use crate::ui::problems::Problems;
use crate::ui::typing;
use crate::wizard::context::WizardContext;
use domain::problem::Field;
use domain::recipients::entries;
use leptos::html;
use leptos::prelude::*;
use web_sys::{ClipboardEvent, InputEvent};

/// More characters than this are no typing.
const MOST_TYPED: usize = 20_000;

fn is_long(text: &str) -> bool {
    text.len() > MOST_TYPED && text.chars().nth(MOST_TYPED).is_some()
}

/// The control for numbers, and the lists that were pasted into it.
#[component]
pub fn Numbers(problems: Problems) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let area = NodeRef::<html::Textarea>::new();
    let numbers = Memo::new(move |_| context.draft(|draft| draft.numbers.clone()));
    let take = move |text: &str| {
        problems.clear();
        let count = u32::try_from(entries::count(text)).unwrap_or(u32::MAX);
        if count > 0 {
            context.edit(|draft| draft.add_pasted(text.into(), count));
        }
    };
    let paste = move |event: ClipboardEvent| {
        let data = event.clipboard_data();
        let text = data.and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
        if is_long(&text) {
            event.prevent_default();
            // What is selected is what it takes the place of.
            if let Some(area) = area.get_untracked()
                && area.selection_start() != area.selection_end()
            {
                typing::insert(&area, "");
            }
            take(&text);
        }
    };
    // Other ways of putting in a lot at once: dropping text, tools that fill in forms.
    let before_input = move |event: InputEvent| {
        let text = event.data().unwrap_or_default();
        if is_long(&text) {
            event.prevent_default();
            take(&text);
        }
    };
    let input = Callback::new(move |text: String| {
        if !is_long(&text) {
            problems.clear();
            return context.edit(|draft| draft.set_numbers(text));
        }
        // The draft may have been empty before, and would then not empty the control.
        if let Some(area) = area.get_untracked() {
            area.set_value("");
        }
        context.edit(|draft| draft.set_numbers(String::new()));
        take(&text);
    });
    view! {
        <div class="numbers" on:paste=paste on:beforeinput=before_input>
            <TextArea
                id=Field::Numbers.id()
                label="Mobile numbers"
                hint="One or many, typed or pasted: a number a line, or with commas between them."
                problem=problems.of(Field::Numbers.id())
                value=numbers
                node=area
                on_input=input
            />
            <PastedLists />
        </div>
    }
}

/// What was pasted, a list each.
#[component]
fn PastedLists() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let lists = Memo::new(move |_| {
        context.draft(|draft| {
            draft.pasted.iter().map(|list| (list.id, list.numbers)).collect::<Vec<_>>()
        })
    });
    let remove = move |id| {
        context.edit(|draft| draft.remove_pasted(id));
        browser::focus_field(Field::Numbers.id());
    };
    let list = move |(id, numbers): (u32, u32)| {
        let count = domain::grouped(numbers);
        let noun = if numbers == 1 { "number" } else { "numbers" };
        view! {
            <li class="pasted__list">
                <span>{format!("{count} {noun} pasted")}</span>
                <button
                    type="button"
                    class="button button--small button--quiet"
                    aria-label=format!("Remove {count} pasted {noun}")
                    on:click=move |_| remove(id)
                >
                    "Remove"
                </button>
            </li>
        }
    };
    // The words of a list that comes are said: nothing appears where the cursor is.
    view! {
        <div role="status">
            <Show when=move || !lists.with(Vec::is_empty)>
                <ul class="pasted">
                    <For each=move || lists.get() key=|(id, _)| *id children=list />
                </ul>
            </Show>
        </div>
    }
}
