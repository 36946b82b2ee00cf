//! What was repaired, by kind, each with its switch and the way to its rows.

use super::rows::shown::RowsShown;
use crate::ui::button::Button;
use crate::ui::control_flow::{For, Show};
use crate::ui::table::{Column, Table};
use crate::wizard::context::WizardContext;
use domain::wizard::machine::Event;
use domain::worker_protocol::{Filter, Repaired};
use leptos::prelude::*;

/// The kinds of repairs that were done, or would be.
#[component]
pub fn Repairs(shown: RowsShown) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let repairs = Memo::new(move |_| {
        let of = |wizard: &domain::wizard::machine::Wizard| {
            wizard.contacts().map(|contacts| contacts.repairs.clone()).unwrap_or_default()
        };
        context.with(of)
    });
    // A line stays while its figures change: whoever presses its switch keeps the focus.
    let lines = move || {
        let kinds = repairs.get().into_iter().map(|repaired| repaired.kind);
        kinds.collect::<Vec<_>>()
    };
    let line = move |kind| {
        let of_kind = move || {
            let find = |repairs: &Vec<Repaired>| repairs.iter().find(|r| r.kind == kind).cloned();
            repairs.with(find)
        };
        view! { <RepairLine of_kind=Memo::new(move |_| of_kind()) shown=shown /> }
    };
    let columns = [
        Column::text("What"),
        Column::text("Example"),
        Column::number("Rows"),
        Column::text("Change"),
    ];
    view! {
        <Show when=move || !repairs.with(Vec::is_empty)>
            <section class="panel" aria-labelledby="repaired-title">
                <header class="panel__head">
                    <h3 id="repaired-title">"Repaired"</h3>
                    <p class="hint">"each can be undone"</p>
                </header>
                <Table columns=columns>
                    <For each=lines key=|kind| *kind children=line />
                </Table>
            </section>
        </Show>
    }
}

#[component]
fn RepairLine(
    /// What is known of the kind; the last is shown while it goes.
    of_kind: Memo<Option<Repaired>>,
    shown: RowsShown,
) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let text = move |read: fn(&Repaired) -> String| {
        Signal::derive(move || {
            of_kind.with(|repaired| repaired.as_ref().map(read).unwrap_or_default())
        })
    };
    let toggle = move |()| {
        if let Some(kind) = of_kind.with_untracked(|repaired| repaired.as_ref().map(|r| r.kind)) {
            context.edit(|draft| draft.toggle_repair(kind));
            context.send(Event::Process);
        }
    };
    let show = move |()| {
        if let Some(kind) = of_kind.with_untracked(|repaired| repaired.as_ref().map(|r| r.kind)) {
            shown.lead_to(Filter::Repaired(kind));
        }
    };
    let after = text(|repaired| repaired.after.clone());
    view! {
        <tr>
            <td>{text(|repaired| repaired.kind.label().to_owned())}</td>
            <td>
                <code>{text(|repaired| repaired.before.clone())}</code>
                <Show when=move || !after.with(String::is_empty)>
                    <span aria-hidden="true">" → "</span>
                    <span class="unseen">" became "</span>
                    <code>{after}</code>
                </Show>
                <span class="hint file__places">{text(|repaired| format!("Row {}", repaired.places))}</span>
            </td>
            <td class="number">
                <Button
                    class="link"
                    label=text(|r| format!("Show {} rows: {}", domain::grouped(r.rows), r.kind.label()))
                    on_press=show
                >
                    {text(|repaired| domain::grouped(repaired.rows))}
                </Button>
            </td>
            <td>
                <Button
                    class="button button--small"
                    label=text(|repaired| format!("{}: {}", change(repaired), repaired.kind.label()))
                    on_press=toggle
                >
                    {text(|repaired| change(repaired).to_owned())}
                </Button>
            </td>
        </tr>
    }
}

/// What the switch does.
const fn change(repaired: &Repaired) -> &'static str {
    if repaired.is_undone { "Repair" } else { "Undo" }
}
