//! Problems of a form: a summary at the top that takes the focus and leads to where each can be mended, and
//! the same words at the field. The behaviour is that of GOV.UK's error summary.

use crate::browser;
use crate::ui::control_flow::Show;
use leptos::html;
use leptos::prelude::*;

/// One problem.
#[derive(Clone, Debug)]
pub struct ProblemLine {
    words: String,
    cure: Cure,
}

/// Where a problem can be mended.
#[derive(Clone, Debug)]
enum Cure {
    /// Nowhere on these pages.
    Nowhere,
    /// At the field of this id.
    Field(&'static str),
    /// Elsewhere; the callback leads there.
    Elsewhere(Callback<()>),
}

impl ProblemLine {
    /// A problem that no field can mend.
    pub fn new(words: impl Into<String>) -> Self {
        Self { words: words.into(), cure: Cure::Nowhere }
    }

    /// A problem of the field of this id, which is on this page.
    pub fn at(field: &'static str, words: impl Into<String>) -> Self {
        Self { words: words.into(), cure: Cure::Field(field) }
    }

    /// A problem that is mended on another page: `lead` goes there.
    pub fn elsewhere(words: impl Into<String>, lead: impl Into<Callback<()>>) -> Self {
        Self { words: words.into(), cure: Cure::Elsewhere(lead.into()) }
    }

    fn is_at(&self, id: &str) -> bool {
        matches!(self.cure, Cure::Field(field) if field == id)
    }
}

impl From<(Option<&'static str>, String)> for ProblemLine {
    fn from((field, words): (Option<&'static str>, String)) -> Self {
        Self { words, cure: field.map_or(Cure::Nowhere, Cure::Field) }
    }
}

/// The problems that are shown on a form.
#[derive(Clone, Copy)]
pub struct Problems {
    lines: RwSignal<Vec<ProblemLine>>,
    /// Grows with every failed try, so that the summary takes the focus each time.
    tries: RwSignal<u32>,
}

impl Problems {
    /// None shown.
    pub fn new() -> Self {
        Self { lines: RwSignal::new(Vec::new()), tries: RwSignal::new(0) }
    }

    /// Shows these in place of those before, and moves the focus to them. Nothing happens once the form is
    /// gone.
    pub fn show(self, lines: impl IntoIterator<Item = impl Into<ProblemLine>>) {
        let lines = lines.into_iter().map(Into::into).collect();
        if self.lines.try_set(lines).is_none() {
            self.tries.try_update(|tries| *tries += 1);
        }
    }

    /// Shows none.
    pub fn clear(self) {
        if self.lines.try_with_untracked(Vec::is_empty) == Some(false) {
            self.lines.set(Vec::new());
        }
    }

    /// Takes back what was said about one field: it is being corrected.
    pub fn clear_field(self, field: &'static str) {
        let is_told = |lines: &Vec<ProblemLine>| lines.iter().any(|line| line.is_at(field));
        if self.lines.try_with_untracked(is_told) == Some(true) {
            self.lines.update(|lines| lines.retain(|line| !line.is_at(field)));
        }
    }

    /// What is said about one field.
    pub fn of(self, field: &'static str) -> Signal<Option<String>> {
        Memo::new(move |_| {
            self.lines.with(|lines| {
                lines.iter().find(|line| line.is_at(field)).map(|line| line.words.clone())
            })
        })
        .into()
    }

    /// Whether any are shown.
    pub fn any(self) -> Signal<bool> {
        Memo::new(move |_| self.lines.with(|lines| !lines.is_empty())).into()
    }
}

/// The summary. Put it above the heading; it is there, empty, before there is anything to say.
#[component]
pub fn ProblemSummary(
    /// What it shows.
    problems: Problems,
) -> impl IntoView {
    let summary = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if problems.tries.get() > 0
            && problems.lines.with_untracked(|lines| !lines.is_empty())
            && let Some(summary) = summary.get_untracked()
        {
            browser::reveal(&summary);
            browser::focus(&summary);
        }
    });
    let any = problems.any();
    let lines = move || {
        let lines = problems.lines.get().into_iter();
        lines.map(|line| view! { <li><Line line=line /></li> }).collect_view()
    };
    view! {
        <div class="problems" class:problems--shown=any tabindex="-1" node_ref=summary>
            // The alert is inside what takes the focus: a screen reader would else say it twice.
            <div role="alert">
                <Show when=move || any.get()>
                    <h2 class="problems__title">"There is a problem"</h2>
                    <ul class="problems__list">{lines}</ul>
                </Show>
            </div>
        </div>
    }
}

#[component]
fn Line(line: ProblemLine) -> impl IntoView {
    let ProblemLine { words, cure } = line;
    match cure {
        Cure::Nowhere => words.into_any(),
        Cure::Field(field) => view! {
            // The router would take a plain link over, and move no focus.
            <a
                href=format!("#{field}")
                on:click=move |event| {
                    event.prevent_default();
                    browser::focus_field(field);
                }
            >
                {words}
            </a>
        }
        .into_any(),
        Cure::Elsewhere(lead) => view! {
            <button type="button" class="link problems__lead" on:click=move |_| lead.run(())>
                {words}
            </button>
        }
        .into_any(),
    }
}
