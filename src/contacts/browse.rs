//! Looking at the rows: those that have something in common, those in which something stands, a page of them.

use crate::contacts::Contacts;
use crate::render::{Obstacle, Obstacles};
use crate::table::{Outcome, Table};
use domain::message::Message;
use domain::recipients::RepairKind;
use domain::worker_protocol::{Filter, Row, Rows, RowsAsked};

impl Contacts {
    /// The rows asked for.
    pub fn rows(&self, asked: &RowsAsked) -> Rows {
        let RowsAsked { filter, from, count, .. } = *asked;
        let search = Search::new(&asked.search);
        // What is no message has no rows that it would be wrong for.
        let message = asked.message.as_deref().and_then(|text| Message::parse(text).ok());
        let mut obstacles = message.as_ref().map(|message| Obstacles::of(message, &self.table));
        let mut find =
            |at| obstacles.as_mut().and_then(|obstacles| obstacles.find(&self.table, at));
        let (mut total, mut rows) = (0, Vec::new());
        for at in 0..self.table.len() {
            if !self.has(at, filter) || !search.finds(&self.table, at) {
                continue;
            }
            let obstacle = if filter == Filter::Unsendable { find(at) } else { None };
            if filter == Filter::Unsendable && obstacle.is_none() {
                continue;
            }
            if total >= from && rows.len() < count as usize {
                rows.push(self.row(at, filter, obstacle));
            }
            total += 1;
        }
        Rows { total, rows }
    }

    fn has(&self, at: usize, filter: Filter) -> bool {
        let outcome = self.table.outcome(at);
        match filter {
            Filter::Unable => matches!(outcome, Outcome::Rejected(_)),
            Filter::Duplicates => outcome == Outcome::Duplicate,
            Filter::Doubtful => matches!(outcome, Outcome::Valid(Some(_))),
            Filter::Repaired(kind) => self.table.repairs(at).contains(kind),
            Filter::Valid | Filter::Unsendable => self.is_recipient(at),
            Filter::Country(country) => self.is_recipient(at) && self.table.country(at) == country,
        }
    }

    fn row(&self, at: usize, filter: Filter, obstacle: Option<Obstacle>) -> Row {
        let (source, _, row) = self.table.place(at);
        let written = match filter {
            Filter::Valid | Filter::Country(_) | Filter::Doubtful | Filter::Unsendable => {
                self.table.number(at).map(|number| number.to_string()).unwrap_or_default()
            }
            // What is corrected is compared with this, so it is not made visible.
            _ => self.table.written(at),
        };
        let says = obstacle.map_or_else(|| self.says(at, filter), |obstacle| obstacle.to_string());
        Row { source, row, place: self.place(at), written, says }
    }

    fn says(&self, at: usize, filter: Filter) -> String {
        let number = self.table.number(at);
        let became = || number.map(|number| number.to_string()).unwrap_or_default();
        match (filter, self.table.outcome(at)) {
            (_, Outcome::Rejected(problem)) => problem.to_string(),
            (Filter::Repaired(_), _) => {
                let kinds: Vec<RepairKind> = self.table.repairs(at).into();
                let kinds: Vec<&str> = kinds.into_iter().map(RepairKind::label).collect();
                format!("{}: {}", became(), kinds.join(", "))
            }
            (Filter::Duplicates, _) => {
                let first = self.table.digits(at);
                let first = self.seen.find(first, |row| self.table.digits(row));
                first.map_or_else(String::new, |first| {
                    format!("{}, first in row {}", became(), self.place(first))
                })
            }
            (Filter::Doubtful, Outcome::Valid(Some(doubt))) => doubt.to_string(),
            _ => {
                let values =
                    (0..self.table.fields().len()).map(|field| self.table.value(at, field));
                let values: Vec<&str> = values.filter(|value| !value.is_empty()).take(4).collect();
                values.join(", ")
            }
        }
    }
}

/// What is searched for.
enum Search {
    Nothing,
    /// Digits, wherever they stand in a number.
    Digits(String),
    /// Text in any case.
    Text(String),
}

impl Search {
    fn new(text: &str) -> Self {
        let text = text.trim().to_lowercase();
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        match () {
            () if text.is_empty() => Self::Nothing,
            () if !digits.is_empty()
                && text.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c)) =>
            {
                Self::Digits(digits)
            }
            () => Self::Text(text),
        }
    }

    fn finds(&self, table: &Table, at: usize) -> bool {
        match self {
            Self::Nothing => true,
            Self::Digits(digits) => {
                let written = table.raw(at).bytes().filter(u8::is_ascii_digit);
                table.digits(at).to_string().contains(digits)
                    || String::from_utf8_lossy(&written.collect::<Vec<u8>>()).contains(digits)
                    || (0..table.fields().len())
                        .any(|field| table.value(at, field).contains(digits))
            }
            Self::Text(text) => {
                let has = |value: &str| contains_in_any_case(value, text);
                has(table.raw(at))
                    || (0..table.fields().len()).any(|field| has(table.value(at, field)))
            }
        }
    }
}

/// Whether `text` has `wanted`, which is in lower case.
fn contains_in_any_case(text: &str, wanted: &str) -> bool {
    if text.len() < wanted.len() && text.is_ascii() {
        return false;
    }
    if text.is_ascii() && wanted.is_ascii() {
        let (text, wanted) = (text.as_bytes(), wanted.as_bytes());
        return text.windows(wanted.len()).any(|part| part.eq_ignore_ascii_case(wanted));
    }
    text.to_lowercase().contains(wanted)
}
