//! A table: its columns' names, and rows that know what is in them.

use crate::ui::dynamic::each;
use leptos::prelude::*;

/// Columns by name; one that ends in `#` holds numbers and stands to the right.
pub fn table(columns: &'static [&'static str], rows: AnyView) -> AnyView {
    let head = columns.iter().map(|name| {
        let bare = name.trim_end_matches('#');
        let class = if bare.len() < name.len() { "number" } else { "" };
        view! {
            <th scope="col" class=class>
                {bare}
            </th>
        }
    });
    view! {
        <div class="table-scroll">
            <table class="table">
                <thead>
                    <tr>{each(head)}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A cell with text.
pub fn cell(text: String) -> AnyView {
    view! { <td>{text}</td> }.into_any()
}

/// A cell with a number, or with text that goes with numbers.
pub fn number(text: String) -> AnyView {
    view! { <td class="number">{text}</td> }.into_any()
}

/// A row of cells.
pub fn row<const N: usize>(cells: [AnyView; N]) -> AnyView {
    view! { <tr>{each(cells)}</tr> }.into_any()
}
