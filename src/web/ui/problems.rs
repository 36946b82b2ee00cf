//! Problems of a form: a summary at the top that takes the focus and links to each field, and the same
//! words at the field. The behaviour is that of GOV.UK's error summary.

use crate::browser;
use crate::reactive::{Var, effect};
use crate::ui::dynamic::{dynamic, each};
use leptos::html;
use leptos::prelude::*;

/// One problem: the id of the field it is about, if it is about one, and the words.
pub type ProblemLine = (Option<&'static str>, String);

/// The problems that are shown on a form.
#[derive(Clone, Copy)]
pub struct Problems {
    lines: Var<Vec<ProblemLine>>,
    /// Grows with every failed try, so that the summary takes the focus each time.
    tries: Var<u32>,
}

impl Problems {
    /// None shown.
    pub fn new() -> Self {
        Self { lines: Var::new(Vec::new()), tries: Var::new(0) }
    }

    /// Shows these in place of those before, and moves the focus to them.
    pub fn show(self, lines: Vec<ProblemLine>) {
        self.lines.set(lines);
        self.tries.update(|tries| *tries += 1);
    }

    /// Shows none.
    pub fn clear(self) {
        if !self.lines.with_untracked(Vec::is_empty) {
            self.lines.set(Vec::new());
        }
    }

    /// Takes back what was said about one field: it is being corrected.
    pub fn clear_field(self, field: &'static str) {
        let said = |line: &ProblemLine| line.0 == Some(field);
        if self.lines.with_untracked(|lines| lines.iter().any(said)) {
            self.lines.update(|lines| lines.retain(|line| !said(line)));
        }
    }

    /// What is said about one field.
    pub fn of(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.lines.with(|lines| {
                lines.iter().find(|line| line.0 == Some(field)).map(|line| line.1.clone())
            })
        })
    }

    /// Whether any are shown.
    pub fn any(self) -> Signal<bool> {
        Signal::derive(move || self.lines.with(|lines| !lines.is_empty()))
    }
}

/// The summary. Put it above the heading; it is there, empty, before there is anything to say.
#[component]
pub fn ProblemSummary(
    /// What it shows.
    problems: Problems,
) -> impl IntoView {
    let summary = NodeRef::<html::Div>::new();
    effect(move || {
        if problems.tries.get() > 0
            && problems.lines.with_untracked(|lines| !lines.is_empty())
            && let Some(summary) = summary.get_untracked()
        {
            summary.scroll_into_view();
            browser::focus(&summary);
        }
    });
    let line = |(field, words): ProblemLine| match field {
        // The router would take a plain link over, and move no focus.
        Some(field) => view! {
            <li>
                <a
                    href=format!("#{field}")
                    on:click=move |event| {
                        event.prevent_default();
                        browser::focus_field(field);
                    }
                >
                    {words}
                </a>
            </li>
        }
        .into_any(),
        None => view! { <li>{words}</li> }.into_any(),
    };
    view! {
        <div class="problems" class:problems--shown=problems.any() tabindex="-1" node_ref=summary>
            // The alert is inside what takes the focus: a screen reader would else say it twice.
            <div role="alert">
                {dynamic(move || {
                    let lines = problems.lines.get();
                    (!lines.is_empty())
                        .then(|| {
                            view! {
                                <h2 class="problems__title">"There is a problem"</h2>
                                <ul class="problems__list">
                                    {each(lines.into_iter().map(line))}
                                </ul>
                            }
                        })
                })}
            </div>
        </div>
    }
}
