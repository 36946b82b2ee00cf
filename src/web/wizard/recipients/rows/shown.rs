//! Which rows are looked at. Counts, countries and repairs lead to their rows by it.

use crate::browser;
use domain::worker_protocol::Filter;
use leptos::prelude::*;

/// The id of the heading above the rows.
pub const TITLE: &str = "rows-title";

/// Which rows are looked at, and which one is being corrected.
#[derive(Clone, Copy)]
pub struct RowsShown {
    /// What they have in common.
    pub filter: RwSignal<Filter>,
    /// What is searched for in them.
    pub search: RwSignal<String>,
    /// How many of them are passed over.
    pub from: RwSignal<u32>,
    /// The row that is being corrected.
    pub editing: RwSignal<Option<Editing>>,
}

/// A row that is being corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editing {
    /// In which file; 0 for what was typed.
    pub source: u32,
    /// Which row of it.
    pub row: u32,
    /// Why the last correction could not be read.
    pub problem: Option<String>,
}

impl RowsShown {
    /// The first rows of these.
    pub fn new(filter: Filter) -> Self {
        Self {
            filter: RwSignal::new(filter),
            search: RwSignal::new(String::new()),
            from: RwSignal::new(0),
            editing: RwSignal::new(None),
        }
    }

    /// Shows other rows, from the first.
    pub fn pick(self, filter: Filter) {
        self.filter.set(filter);
        self.turn(0);
    }

    /// The same, and goes there.
    pub fn lead_to(self, filter: Filter) {
        self.pick(filter);
        browser::focus_field(TITLE);
    }

    /// Looks for something, from the first row.
    pub fn look_for(self, search: String) {
        self.search.set(search);
        self.turn(0);
    }

    /// Turns to another page.
    pub fn turn(self, from: u32) {
        self.editing.set(None);
        self.from.set(from);
    }
}
