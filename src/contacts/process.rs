//! Reading it all, a stretch at a time: so that whoever drives it can show how far it is, and stop.

use crate::columns::Label;
use crate::contacts::Contacts;
use crate::file_problem::{FileProblem, MAX_ROWS};
use crate::judge::{read, value};
use crate::record::Record;
use crate::rows::Rows;
use crate::source::Source;
use crate::table::{Seen, Table};
use domain::recipients::entries;
use domain::recipients::input::Input;
use std::collections::VecDeque;

/// The most rows of all sources together; a campaign takes fewer recipients.
const MOST_ROWS: usize = 2_000_000;

/// What a number that is typed takes, with what separates it from the next.
const BYTES_OF_ENTRY: usize = 12;

/// Contacts in the making.
pub struct Processing {
    input: Input,
    table: Table,
    seen: Seen,
    typed: Typed,
    plan: Vec<Plan>,
    /// The source that is being read.
    current: Option<Current>,
    next: usize,
    done_bytes: u64,
    all_bytes: u64,
    notes: Vec<String>,
}

/// What was typed and pasted, one text after the other.
struct Typed {
    texts: VecDeque<String>,
    /// How many bytes of the first of them are read.
    at: usize,
    /// Rows of all of them so far.
    rows: u32,
}

/// What to do with the columns of a source.
struct Plan {
    /// Columns with numbers, the best first.
    numbers: Vec<usize>,
    /// For each field of the table, the column it is in.
    values: Vec<Option<usize>>,
}

struct Current {
    rows: Box<dyn Rows>,
    /// So many rows that come now are no contacts.
    skip: usize,
    read: u32,
    size: u64,
    record: Record,
}

/// A source cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Which.
    pub source: u32,
    /// Why.
    pub words: String,
}

impl Processing {
    /// Begins. The sources are those of the input, in its order.
    ///
    /// # Errors
    /// When a source has no column with numbers.
    pub fn start(mut input: Input, sources: &[Source]) -> Result<Self, Unreadable> {
        let mut fields: Vec<String> = Vec::new();
        for source in sources {
            if !source.labels().contains(&Label::Mobile(0)) {
                let words =
                    "Choose which column has the mobile numbers: set one of them to “Mobile”.";
                return Err(Unreadable { source: source.id(), words: words.to_owned() });
            }
            for label in source.labels() {
                if let Label::Field(name) = label
                    && !fields.iter().any(|known| known.to_lowercase() == name.to_lowercase())
                {
                    fields.push(name.clone());
                }
            }
        }
        let plan = sources.iter().map(|source| Plan::of(source.labels(), &fields)).collect();
        // They may be long, and nobody needs them any more once they are read.
        let numbers = std::mem::take(&mut input.numbers);
        let pasted = std::mem::take(&mut input.pasted);
        let texts = std::iter::once(numbers).chain(pasted);
        let texts: VecDeque<String> = texts.filter(|text| !text.is_empty()).collect();
        let typed_bytes = texts.iter().map(|text| text.len() as u64).sum::<u64>();
        let mut table = Table::new(fields);
        table.begin_source(0, "");
        Ok(Self {
            input,
            table,
            seen: Seen::default(),
            typed: Typed { texts, at: 0, rows: 0 },
            plan,
            current: None,
            next: 0,
            done_bytes: 0,
            all_bytes: typed_bytes + sources.iter().map(Source::size).sum::<u64>(),
            notes: Vec::new(),
        })
    }

    /// Reads up to `rows` rows on. Whether all is read.
    ///
    /// # Errors
    /// When a source cannot be read.
    pub fn step(&mut self, sources: &mut [Source], rows: u32) -> Result<bool, Unreadable> {
        let start = self.table.len();
        let read = match self.typed.texts.pop_front() {
            Some(text) => {
                self.read_typed(text, rows);
                Ok(self.typed.texts.is_empty() && sources.is_empty())
            }
            None => self.read_rows(sources, rows),
        };
        self.table.settle(&mut self.seen, start);
        read
    }

    fn read_rows(&mut self, sources: &mut [Source], rows: u32) -> Result<bool, Unreadable> {
        for _ in 0..rows {
            let Some(source) = sources.get_mut(self.next) else { return Ok(true) };
            let id = source.id();
            let unreadable =
                |problem: FileProblem| Unreadable { source: id, words: problem.to_string() };
            if self.read_row(source).map_err(unreadable)? {
                continue;
            }
            self.finish_source(source);
        }
        Ok(self.next >= sources.len())
    }

    /// Rows read so far.
    pub fn rows(&self) -> u32 {
        self.table.len() as u32
    }

    /// Bytes read, and bytes there are to read.
    pub fn progress(&self) -> (u64, u64) {
        let current = self.current.as_ref().map_or(0, |current| {
            // Of a workbook, these are bytes of one part of it.
            let (read, all) = current.rows.progress();
            (current.size as f64 * read as f64 / all.max(1) as f64) as u64
        });
        (self.done_bytes + current, self.all_bytes)
    }

    /// What has come of it.
    pub fn finish(self) -> Contacts {
        let Self { input, table, seen, notes, .. } = self;
        Contacts::new(input, table, seen, notes)
    }

    /// Reads about so many rows on of what was typed, and puts the text back if it has more.
    fn read_typed(&mut self, text: String, rows: u32) {
        let left = text.get(self.typed.at..).unwrap_or_default();
        let (part, rest) = entries::begin(left, rows as usize * BYTES_OF_ENTRY);
        let fields = self.table.fields().len();
        for raw in entries::split(part) {
            if self.table.len() >= MOST_ROWS {
                let most = domain::grouped(MOST_ROWS);
                self.notes.push(format!("Only the first {most} of the numbers typed were read."));
                self.typed.texts.clear();
                return;
            }
            self.typed.rows += 1;
            let (cells, values) = (std::iter::once(raw), std::iter::repeat_n("", fields));
            read(&mut self.table, &self.input, self.typed.rows, cells, (0, values));
        }
        self.done_bytes += part.len() as u64;
        if rest.is_empty() {
            self.typed.at = 0;
        } else {
            self.typed.at += part.len();
            self.typed.texts.push_front(text);
        }
    }

    /// Whether there was a row.
    fn read_row(&mut self, source: &mut Source) -> Result<bool, FileProblem> {
        if self.current.is_none() {
            let (rows, skip) = source.rows()?;
            // A little more than are likely to come.
            let likely = source.rows_at_a_guess().map_or(0, |rows| rows + rows / 32 + 64);
            let room = likely.min(u64::from(MAX_ROWS)) as usize;
            self.table.reserve(&mut self.seen, room);
            self.table.begin_source(source.id(), source.name());
            self.current = Some(Current {
                rows,
                skip,
                read: 0,
                size: source.size(),
                record: Record::default(),
            });
        }
        let Some(Current { rows, skip, read: count, record, .. }) = &mut self.current else {
            return Ok(false);
        };
        let Some(row) = rows.next(source.bytes(), record)? else { return Ok(false) };
        if *skip > 0 {
            *skip -= 1;
            return Ok(true);
        }
        *count += 1;
        if *count > MAX_ROWS || self.table.len() >= MOST_ROWS {
            return Err(FileProblem::TooManyRows);
        }
        let Some(plan) = self.plan.get(self.next) else { return Ok(false) };
        let record = &*record;
        let cells = plan.numbers.iter().map(|at| record.cell(*at));
        let values = plan.values.iter().map(|at| at.map_or("", |at| value(record.cell(at))));
        read(&mut self.table, &self.input, row, cells, (record.bytes(), values));
        Ok(true)
    }

    fn finish_source(&mut self, source: &Source) {
        if let Some(Current { rows, .. }) = self.current.take() {
            self.note(source, rows.as_ref());
        }
        self.done_bytes += source.size();
        self.next += 1;
    }

    fn note(&mut self, source: &Source, rows: &dyn Rows) {
        let name = source.name();
        if rows.has_lost() {
            self.notes
                .push(format!("Some characters of {name} cannot be read in the encoding chosen."));
        }
        if let Some(row) = rows.unbalanced() {
            self.notes.push(format!(
                "Row {} of {name} has a quotation mark without a second one; it was read as it stands.",
                domain::grouped(row)
            ));
        }
        match rows.hidden() {
            0 => {}
            1 => self.notes.push(format!("1 hidden row of {name} was left out.")),
            n => self
                .notes
                .push(format!("{} hidden rows of {name} were left out.", domain::grouped(n))),
        }
    }
}

impl Plan {
    fn of(labels: &[Label], fields: &[String]) -> Self {
        let mut numbers: Vec<(u8, usize)> = labels
            .iter()
            .enumerate()
            .filter_map(|(at, label)| match label {
                Label::Mobile(rank) => Some((*rank, at)),
                _ => None,
            })
            .collect();
        numbers.sort_unstable();
        let column = |field: &String| {
            let is_it = |label: &Label| matches!(label, Label::Field(name) if name.to_lowercase() == field.to_lowercase());
            labels.iter().position(is_it)
        };
        let values = fields.iter().map(column).collect();
        Self { numbers: numbers.into_iter().map(|(_, at)| at).collect(), values }
    }
}
