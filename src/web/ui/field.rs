//! Fields of a form: label, hint, control and problem, tied together by ids.

use crate::reactive::Computed;
use crate::ui::dynamic::{dynamic, each, flag, when};
use leptos::html;
use leptos::prelude::*;

/// What a control says of itself through `aria-describedby`.
fn described_by(id: &str, hint: bool, problem: bool) -> Option<String> {
    let parts: Vec<String> = [(hint, "hint"), (problem, "problem")]
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|(_, part)| format!("{id}-{part}"))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Label above, then hint, problem and whatever control the children are.
#[component]
pub fn Field(
    /// Of the control.
    id: &'static str,
    /// Its label.
    label: &'static str,
    /// What to know before filling it in.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What is wrong with it.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// Stands at the end of the label's line.
    #[prop(optional, into)]
    aside: ViewFn,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field" class:field--wrong=flag(move || problem.with(Option::is_some))>
            <div class="field__head">
                <label class="field__label" for=id>
                    {label}
                </label>
                {aside.run()}
            </div>
            {hint.map(|hint| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
            <FieldProblem id=id problem=problem />
            {children()}
        </div>
    }
}

/// The words at a field that say what is wrong with it.
#[component]
pub fn FieldProblem(
    /// Of the field.
    id: &'static str,
    /// What is wrong with it.
    problem: Signal<Option<String>>,
) -> impl IntoView {
    dynamic(move || {
        problem.get().map(|words| {
            view! {
                <p class="field__problem" id=format!("{id}-problem")>
                    <span class="unseen">"Error: "</span>
                    {words}
                </p>
            }
        })
    })
}

/// A field of one line.
#[component]
pub fn TextField(
    /// Of the control.
    id: &'static str,
    /// Its label.
    label: &'static str,
    /// What to know before filling it in.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What is wrong with it.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// What it holds.
    #[prop(into)]
    value: Signal<String>,
    /// Hears what is typed.
    on_input: Callback<String>,
    /// `text`, `email`, `password`, `datetime-local` …
    #[prop(default = "text")]
    kind: &'static str,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Offered values, in a list below; makes it a combobox.
    #[prop(optional)]
    offered: Option<Computed<Vec<String>>>,
    /// How wide, in characters.
    #[prop(default = 0)]
    width: u32,
    /// Earliest value, for dates.
    #[prop(optional, into)]
    min: Option<String>,
) -> impl IntoView {
    let list = format!("{id}-list");
    let style = (width > 0).then(|| format!("{width}ch"));
    let input = view! {
        <input
            class="input"
            id=id
            name=id
            type=kind
            autocomplete=autocomplete
            autocapitalize="off"
            spellcheck="false"
            list=offered.map(|_| list.clone())
            min=min
            style:max-width=style
            aria-invalid=when("true", move || problem.with(Option::is_some))
            aria-describedby=Signal::derive(move || described_by(id, hint.is_some(), problem.with(Option::is_some)))
            prop:value=value
            on:input:target=move |event| on_input.run(event.target().value())
        />
    };
    let options = offered.map(|offered| {
        view! {
            <datalist id=list>
                {dynamic(move || {
                    offered
                        .get()
                        .into_iter()
                        .map(|value| view! { <option value=value></option> })
                        .collect_view()
                })}
            </datalist>
        }
    });
    match hint {
        Some(hint) => view! {
            <Field id=id label=label hint=hint problem=problem>
                {input}
                {options}
            </Field>
        }
        .into_any(),
        None => view! {
            <Field id=id label=label problem=problem>
                {input}
                {options}
            </Field>
        }
        .into_any(),
    }
}

/// A field of several lines.
#[component]
pub fn TextArea(
    /// Of the control.
    id: &'static str,
    /// Its label.
    label: &'static str,
    /// What to know before filling it in.
    #[prop(into)]
    hint: &'static str,
    /// What is wrong with it.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// What it holds.
    #[prop(into)]
    value: Signal<String>,
    /// Hears what is typed.
    on_input: Callback<String>,
    /// Lines to show.
    #[prop(default = 6)]
    rows: u32,
    /// The control itself, for those who put text at the cursor.
    #[prop(optional)]
    node: NodeRef<html::Textarea>,
    /// Stands at the end of the label's line.
    #[prop(optional, into)]
    aside: ViewFn,
    /// Whether the browser marks misspelled words.
    #[prop(default = false)]
    spellcheck: bool,
) -> impl IntoView {
    view! {
        <Field id=id label=label hint=hint problem=problem aside=aside>
            <textarea
                class="input input--area"
                id=id
                name=id
                rows=rows
                dir="auto"
                autocomplete="off"
                spellcheck=if spellcheck { "true" } else { "false" }
                aria-invalid=when("true", move || problem.with(Option::is_some))
                aria-describedby=Signal::derive(move || described_by(id, true, problem.with(Option::is_some)))
                prop:value=value
                on:input:target=move |event| on_input.run(event.target().value())
                node_ref=node
            ></textarea>
        </Field>
    }
}

/// One of several, as radio buttons in a group with a legend.
#[component]
pub fn Radios(
    /// Of the first button; the group is found by it.
    id: &'static str,
    /// What is chosen.
    legend: &'static str,
    /// What is wrong.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// Value, label and an explanation.
    options: Vec<(String, String, Option<String>)>,
    /// The value chosen.
    #[prop(into)]
    value: Signal<String>,
    /// Hears the choice.
    on_choose: Callback<String>,
) -> impl IntoView {
    let option = move |(n, (this, label, hint)): (usize, (String, String, Option<String>))| {
        let own_id = if n == 0 { id.to_owned() } else { format!("{id}-{n}") };
        let hint_id = hint.is_some().then(|| format!("{id}-{n}-about"));
        let chosen = {
            let this = this.clone();
            flag(move || value.with(|value| *value == this))
        };
        let choose = this.clone();
        view! {
            <div class="radio">
                <input
                    class="radio__dot"
                    type="radio"
                    id=own_id.clone()
                    name=id
                    value=this
                    prop:checked=chosen
                    aria-describedby=hint_id.clone()
                    on:change=move |_| on_choose.run(choose.clone())
                />
                <label class="radio__label" for=own_id>
                    {label}
                </label>
                {hint.map(|hint| view! { <span class="hint radio__about" id=hint_id>{hint}</span> })}
            </div>
        }
    };
    view! {
        <fieldset
            class="field field--group"
            class:field--wrong=flag(move || problem.with(Option::is_some))
            aria-describedby=Signal::derive(move || described_by(id, false, problem.with(Option::is_some)))
        >
            <legend class="field__label">{legend}</legend>
            <FieldProblem id=id problem=problem />
            <div class="radios">{each(options.into_iter().enumerate().map(option))}</div>
        </fieldset>
    }
}

/// One of many, as a list to open.
#[component]
pub fn Select(
    /// Of the control.
    id: &'static str,
    /// Its label.
    label: &'static str,
    /// What to know before choosing.
    #[prop(into)]
    hint: &'static str,
    /// What is wrong.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// Value and label; the first stands for no choice.
    options: Computed<Vec<(String, String)>>,
    /// The value chosen.
    #[prop(into)]
    value: Signal<String>,
    /// Hears the choice.
    on_choose: Callback<String>,
) -> impl IntoView {
    // `selected` on the option, not `value` on the select: that is lost when the options come later.
    let option = move |(this, label): (String, String)| {
        let selected = value.with(|value| *value == this);
        view! {
            <option value=this selected=selected>
                {label}
            </option>
        }
    };
    view! {
        <Field id=id label=label hint=hint problem=problem>
            <select
                class="input input--select"
                id=id
                name=id
                aria-invalid=when("true", move || problem.with(Option::is_some))
                aria-describedby=Signal::derive(move || described_by(id, true, problem.with(Option::is_some)))
                on:change:target=move |event| on_choose.run(event.target().value())
            >
                {dynamic(move || each(options.get().into_iter().map(option)))}
            </select>
        </Field>
    }
}
