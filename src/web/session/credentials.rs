//! The fields of the forms about signing in, and what is missing in them.

use crate::ui::field::TextField;
use crate::ui::problems::{ProblemLine, Problems};
use domain::problem::{Field, Problem};
use leptos::prelude::*;

/// A field that a password manager may fill in. What is typed takes its problem away.
#[component]
pub fn CredentialField(
    /// Which.
    field: Field,
    /// Its name.
    label: &'static str,
    /// The type of its control.
    #[prop(default = "password")]
    kind: &'static str,
    /// What a password manager takes it for.
    autocomplete: &'static str,
    /// What to know before one types.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is typed.
    value: RwSignal<String>,
    /// The form's.
    problems: Problems,
) -> impl IntoView {
    view! {
        <TextField
            id=field.id()
            label=label
            kind=kind
            autocomplete=autocomplete
            hint=hint
            problem=problems.of(field.id())
            value=value
            on_input=move |text| {
                problems.clear_field(field.id());
                value.set(text);
            }
        />
    }
}

/// The problems of the fields that nothing was typed into.
pub fn missing<const N: usize>(fields: [(&str, Field, Problem); N]) -> Vec<ProblemLine> {
    fields
        .into_iter()
        .filter(|(typed, ..)| typed.trim().is_empty())
        .map(|(_, field, problem)| ProblemLine::at(field.id(), problem.to_string()))
        .collect()
}
