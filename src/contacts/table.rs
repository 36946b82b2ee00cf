//! All rows of all sources, in columns: numbers as integers, texts in one arena.
//!
//! A million rows with three fields take about 20 MB beside their texts. Rejected rows and duplicates are
//! kept as well: the user looks at them, corrects them and takes them home.

mod arena;
mod seen;

use arena::Arena;
use domain::recipients::Repairs;
use domain::recipients::phone::{Country, E164, NumberDoubt, NumberProblem};
pub use seen::Seen;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It can get the message, whatever is doubtful about it.
    Valid(Option<NumberDoubt>),
    /// Its number was there before.
    Duplicate,
    /// It cannot get the message.
    Rejected(NumberProblem),
}

/// One row on its way into the table.
#[derive(Clone, Copy, Debug)]
pub struct NewRow<'a> {
    /// Its number in its source, from 1.
    pub row: u32,
    /// The number as it was written; empty where it was written as it is read.
    pub raw: &'a str,
    /// The number, unless it was rejected.
    pub number: Option<E164>,
    /// The number's country.
    pub country: Option<Country>,
    /// What was done to read it.
    pub repairs: Repairs,
    /// What became of it.
    pub outcome: Outcome,
}

/// The rows of one source, which stand together.
#[derive(Clone, Debug)]
struct Span {
    id: u32,
    name: String,
    start: usize,
}

/// The rows.
#[derive(Debug, Default)]
pub struct Table {
    fields: Vec<String>,
    spans: Vec<Span>,
    rows: Vec<u32>,
    /// 0 for none.
    numbers: Vec<u64>,
    countries: Vec<Option<Country>>,
    repairs: Vec<Repairs>,
    outcomes: Vec<Outcome>,
    texts: Vec<arena::Place>,
    arena: Arena,
}

impl Table {
    /// Without rows; with these fields beside the number.
    pub fn new(fields: Vec<String>) -> Self {
        Self { fields, ..Self::default() }
    }

    /// Makes room for so many rows more: growing bit by bit would take twice the memory for a moment.
    pub fn reserve(&mut self, seen: &mut Seen, rows: usize) {
        self.rows.reserve_exact(rows);
        self.numbers.reserve_exact(rows);
        self.countries.reserve_exact(rows);
        self.repairs.reserve_exact(rows);
        self.outcomes.reserve_exact(rows);
        self.texts.reserve_exact(rows);
        seen.reserve(rows, |row| self.numbers[row]);
    }

    /// The rows that come now are of this source.
    pub fn begin_source(&mut self, id: u32, name: &str) {
        self.spans.push(Span { id, name: name.to_owned(), start: self.len() });
    }

    /// Adds a row with the values of all its fields, which have at most `bytes` bytes.
    pub fn push<'a>(
        &mut self,
        row: NewRow<'_>,
        bytes: usize,
        values: impl Iterator<Item = &'a str>,
    ) {
        self.rows.push(row.row);
        self.numbers.push(row.number.map_or(0, E164::digits));
        self.countries.push(row.country);
        self.repairs.push(row.repairs);
        self.outcomes.push(row.outcome);
        self.texts.push(self.arena.begin(1 + self.fields.len(), row.raw.len() + bytes));
        self.arena.add(row.raw);
        values.for_each(|value| self.arena.add(value));
    }

    /// Replaces what became of a row.
    pub fn correct(&mut self, at: usize, row: NewRow<'_>) {
        let values: Vec<String> =
            (0..self.fields.len()).map(|f| self.value(at, f).to_owned()).collect();
        let bytes = values.iter().map(String::len).sum::<usize>();
        self.texts[at] = self.arena.begin(1 + values.len(), row.raw.len() + bytes);
        self.arena.add(row.raw);
        values.iter().for_each(|value| self.arena.add(value));
        self.numbers[at] = row.number.map_or(0, E164::digits);
        self.countries[at] = row.country;
        self.repairs[at] = row.repairs;
        self.outcomes[at] = row.outcome;
    }

    /// Finds the duplicates among the rows from `start` on. All at once: one after the other, each would
    /// wait for memory.
    pub fn settle(&mut self, seen: &mut Seen, start: usize) {
        let numbers = &self.numbers;
        for (at, number) in
            numbers.iter().enumerate().skip(start).filter(|(_, number)| **number > 0)
        {
            if seen.first(*number, at, |row| numbers[row]).is_some() {
                self.outcomes[at] = Outcome::Duplicate;
            }
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The names of the fields.
    pub fn fields(&self) -> &[String] {
        &self.fields
    }

    /// What became of row `at`, from 0.
    pub fn outcome(&self, at: usize) -> Outcome {
        self.outcomes[at]
    }

    /// Its number.
    pub fn number(&self, at: usize) -> Option<E164> {
        E164::from_digits(self.numbers[at])
    }

    /// Its number's digits, 0 for none.
    pub fn digits(&self, at: usize) -> u64 {
        self.numbers[at]
    }

    /// Its number's country.
    pub fn country(&self, at: usize) -> Option<Country> {
        self.countries[at]
    }

    /// What was done to read it.
    pub fn repairs(&self, at: usize) -> Repairs {
        self.repairs[at]
    }

    /// The number as it was written.
    pub fn written(&self, at: usize) -> String {
        match (self.arena.text(self.texts[at], 0), self.number(at)) {
            ("", Some(number)) => number.to_string(),
            (raw, _) => raw.to_owned(),
        }
    }

    /// The number as it was written, when it was not as it is read.
    pub fn raw(&self, at: usize) -> &str {
        self.arena.text(self.texts[at], 0)
    }

    /// The value of field `field`, from 0.
    pub fn value(&self, at: usize, field: usize) -> &str {
        self.arena.text(self.texts[at], field + 1)
    }

    /// Which source it is of, what that is called, and its number there, from 1.
    pub fn place(&self, at: usize) -> (u32, &str, u32) {
        let span = self.spans.partition_point(|span| span.start <= at);
        let span = span.checked_sub(1).and_then(|n| self.spans.get(n));
        span.map_or((0, "", 0), |span| (span.id, &span.name, self.rows[at]))
    }

    /// How many sources have rows.
    pub fn sources(&self) -> usize {
        let ends = self.spans.iter().skip(1).map(|span| span.start).chain([self.len()]);
        self.spans.iter().zip(ends).filter(|(span, end)| span.start < *end).count()
    }

    /// Where row `row` of a source is.
    pub fn find(&self, source: u32, row: u32) -> Option<usize> {
        let n = self.spans.iter().position(|span| span.id == source)?;
        let start = self.spans[n].start;
        let end = self.spans.get(n + 1).map_or(self.len(), |next| next.start);
        self.rows.get(start..end)?.binary_search(&row).ok().map(|at| start + at)
    }
}
