//! Fields of a form: label, hint, control and problem, tied together by ids.
//!
//! None of them can be disabled by itself: a form that is not to be changed is put into a
//! `<fieldset disabled>`.

use crate::ui::control_flow::For;
use domain::message::direction;
use leptos::html;
use leptos::prelude::*;

/// What a control says of itself: what `aria-describedby` and `aria-invalid` are to be.
#[derive(Clone, Copy)]
struct About {
    id: &'static str,
    hint: MaybeProp<String>,
    problem: Signal<Option<String>>,
}

impl About {
    fn is_wrong(self) -> bool {
        self.problem.with(Option::is_some)
    }

    fn invalid(self) -> Option<&'static str> {
        self.is_wrong().then_some("true")
    }

    fn described_by(self) -> Option<String> {
        let hint = self.hint.get().map(|_| format!("{}-hint", self.id));
        let problem = self.is_wrong().then(|| format!("{}-problem", self.id));
        let parts: Vec<String> = [hint, problem].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

/// Label above, then hint, problem and whatever control the children are.
#[component]
pub fn Field(
    /// Of the control.
    id: &'static str,
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// What to know before filling it in.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong with it.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// Stands at the end of the label's line.
    #[prop(optional, into)]
    aside: ViewFn,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field" class:field--wrong=move || problem.with(Option::is_some)>
            <div class="field__head">
                <label class="field__label" for=id>
                    {label}
                </label>
                {aside.run()}
            </div>
            {move || hint.get().map(|hint| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
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
    #[prop(into)]
    problem: Signal<Option<String>>,
) -> impl IntoView {
    move || {
        problem.get().map(|words| {
            view! {
                <p class="field__problem" id=format!("{id}-problem")>
                    <span class="unseen">"Error: "</span>
                    {words}
                </p>
            }
        })
    }
}

/// A field of one line.
#[component]
pub fn TextField(
    /// Of the control.
    id: &'static str,
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// What to know before filling it in.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong with it.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// What it holds.
    #[prop(into)]
    value: Signal<String>,
    /// Hears what is typed.
    #[prop(into)]
    on_input: Callback<String>,
    /// `text`, `email`, `password`, `datetime-local` …
    #[prop(default = "text")]
    kind: &'static str,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Offered values, in a list below; makes it a combobox.
    #[prop(optional, into)]
    offered: Option<Signal<Vec<String>>>,
    /// How wide, in characters.
    #[prop(default = 0)]
    width: u32,
    /// Earliest value, for dates.
    #[prop(optional, into)]
    min: MaybeProp<String>,
) -> impl IntoView {
    let about = About { id, hint, problem };
    let list = format!("{id}-list");
    let style = (width > 0).then(|| format!("{width}ch"));
    let options = offered.map(|offered| {
        view! {
            <datalist id=list.clone()>
                <For each=move || offered.get() key=String::clone let:value>
                    <option value=value></option>
                </For>
            </datalist>
        }
    });
    view! {
        <Field id=id label=label hint=hint problem=problem>
            <input
                class="input"
                id=id
                name=id
                type=kind
                autocomplete=autocomplete
                autocapitalize="off"
                spellcheck="false"
                list=offered.map(|_| list)
                min=move || min.get()
                style:max-width=style
                aria-invalid=move || about.invalid()
                aria-describedby=move || about.described_by()
                prop:value=value
                on:input:target=move |event| on_input.run(event.target().value())
            />
            {options}
        </Field>
    }
}

/// A field of several lines.
#[component]
pub fn TextArea(
    /// Of the control.
    id: &'static str,
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// What to know before filling it in.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong with it.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// What it holds.
    #[prop(into)]
    value: Signal<String>,
    /// Hears what is typed.
    #[prop(into)]
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
    let about = About { id, hint, problem };
    // Not `auto`: a browser then looks through the whole text at every key, which takes seconds when a
    // hundred thousand numbers were pasted.
    let direction = Memo::new(move |_| value.with(|text| direction::of(text).name()));
    view! {
        <Field id=id label=label hint=hint problem=problem aside=aside>
            <textarea
                class="input input--area"
                id=id
                name=id
                rows=rows
                dir=direction
                autocomplete="off"
                spellcheck=if spellcheck { "true" } else { "false" }
                aria-invalid=move || about.invalid()
                aria-describedby=move || about.described_by()
                prop:value=value
                on:input:target=move |event| on_input.run(event.target().value())
                node_ref=node
            ></textarea>
        </Field>
    }
}

/// One of the values that [`Radios`] and [`Select`] let one choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Choice {
    /// What is chosen.
    pub value: String,
    /// Its words.
    pub label: String,
    /// An explanation, for radio buttons.
    pub about: Option<String>,
}

impl Choice {
    /// A value and its words.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), about: None }
    }

    /// The same, with an explanation.
    pub fn about(self, about: impl Into<Option<String>>) -> Self {
        Self { about: about.into(), ..self }
    }
}

/// One of several, as radio buttons in a group with a legend.
#[component]
pub fn Radios(
    /// Of the first button; the group is found by it.
    id: &'static str,
    /// What is chosen.
    #[prop(into)]
    legend: Signal<String>,
    /// What is wrong.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// What there is to choose from.
    #[prop(into)]
    options: Signal<Vec<Choice>>,
    /// The value chosen.
    #[prop(into)]
    value: Signal<String>,
    /// Hears the choice.
    #[prop(into)]
    on_choose: Callback<String>,
) -> impl IntoView {
    let about = About { id, hint: MaybeProp::default(), problem };
    let numbered = move || options.get().into_iter().enumerate().collect::<Vec<_>>();
    let option = move |(n, Choice { value: this, label, about }): (usize, Choice)| {
        let own_id = if n == 0 { id.to_owned() } else { format!("{id}-{n}") };
        let hint_id = about.is_some().then(|| format!("{id}-{n}-about"));
        let choose = this.clone();
        let is_chosen = {
            let this = this.clone();
            move || value.with(|value| *value == this)
        };
        view! {
            <div class="radio">
                <input
                    class="radio__dot"
                    type="radio"
                    id=own_id.clone()
                    name=id
                    value=this
                    prop:checked=is_chosen
                    aria-describedby=hint_id.clone()
                    on:change=move |_| on_choose.run(choose.clone())
                />
                <label class="radio__label" for=own_id>
                    {label}
                </label>
                {about.map(|about| view! { <span class="hint radio__about" id=hint_id>{about}</span> })}
            </div>
        }
    };
    view! {
        <fieldset
            class="field field--group"
            class:field--wrong=move || about.is_wrong()
            aria-describedby=move || about.described_by()
        >
            <legend class="field__label">{legend}</legend>
            <FieldProblem id=id problem=problem />
            <div class="radios">
                <For each=numbered key=Clone::clone children=option />
            </div>
        </fieldset>
    }
}

/// One of many, as a list to open.
#[component]
pub fn Select(
    /// Of the control.
    id: &'static str,
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// What there is to choose from.
    #[prop(into)]
    options: Signal<Vec<Choice>>,
    /// The value chosen.
    #[prop(into)]
    value: Signal<String>,
    /// Hears the choice.
    #[prop(into)]
    on_choose: Callback<String>,
) -> impl IntoView {
    let about = About { id, hint, problem };
    view! {
        <Field id=id label=label hint=hint problem=problem>
            <select
                class="input input--select"
                id=id
                name=id
                aria-invalid=move || about.invalid()
                aria-describedby=move || about.described_by()
                on:change:target=move |event| on_choose.run(event.target().value())
            >
                <Options options=options value=value />
            </select>
        </Field>
    }
}

/// What stands in a `<select>`. The chosen option is marked as such: a value set on the `<select>` would be
/// lost when its options come later.
#[component]
pub fn Options(
    /// What there is to choose from.
    #[prop(into)]
    options: Signal<Vec<Choice>>,
    /// The value chosen.
    #[prop(into)]
    value: Signal<String>,
) -> impl IntoView {
    let option = move |Choice { value: this, label, .. }: Choice| {
        let is_chosen = {
            let this = this.clone();
            move || value.with(|value| *value == this)
        };
        view! {
            <option value=this prop:selected=is_chosen>
                {label}
            </option>
        }
    };
    view! { <For each=move || options.get() key=Clone::clone children=option /> }
}
