//! A table: its columns' names above whatever rows it is given.

use leptos::prelude::*;

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    name: &'static str,
    class: &'static str,
}

impl Column {
    /// Of words.
    pub const fn text(name: &'static str) -> Self {
        Self { name, class: "" }
    }

    /// Of numbers, which stand at the end of their cells.
    pub const fn number(name: &'static str) -> Self {
        Self { name, class: "number" }
    }
}

/// A table. It scrolls sideways by itself where it is too wide.
#[component]
pub fn Table(
    /// The columns.
    #[prop(into)]
    columns: Vec<Column>,
    /// What it is a table of, for those who do not see the heading above it.
    #[prop(optional)]
    caption: Option<&'static str>,
    /// How it looks: `table`, and what it is besides.
    #[prop(default = "table")]
    class: &'static str,
    /// Its rows.
    children: Children,
) -> impl IntoView {
    let head = |Column { name, class }| {
        view! {
            <th scope="col" class=class>
                {name}
            </th>
        }
    };
    view! {
        <div class="table-scroll">
            <table class=class>
                {caption.map(|caption| view! { <caption class="unseen">{caption}</caption> })}
                <thead>
                    <tr>{columns.into_iter().map(head).collect_view()}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
