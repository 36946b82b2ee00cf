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

/// The most rows of all sources together; a campaign takes fewer recipients.
const MOST_ROWS: usize = 2_000_000;

/// Contacts in the making.
pub struct Processing {
    input: Input,
    table: Table,
    seen: Seen,
    plan: Vec<Plan>,
    /// The source that is being read.
    current: Option<Current>,
    next: usize,
    done_bytes: u64,
    all_bytes: u64,
    notes: Vec<String>,
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
    pub fn start(input: Input, sources: &[Source]) -> Result<Self, Unreadable> {
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
        let mut processing = Self {
            input,
            table: Table::new(fields),
            seen: Seen::default(),
            plan,
            current: None,
            next: 0,
            done_bytes: 0,
            all_bytes: sources.iter().map(Source::size).sum(),
            notes: Vec::new(),
        };
        processing.read_typed();
        Ok(processing)
    }

    /// Reads up to `rows` rows on. Whether all is read.
    ///
    /// # Errors
    /// When a source cannot be read.
    pub fn step(&mut self, sources: &mut [Source], rows: u32) -> Result<bool, Unreadable> {
        let start = self.table.len();
        let read = self.read_rows(sources, rows);
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

    fn read_typed(&mut self) {
        let numbers = std::mem::take(&mut self.input.numbers);
        self.table.begin_source(0, "");
        let fields = self.table.fields().len();
        for (row, raw) in (1..).zip(entries::split(&numbers)) {
            if self.table.len() >= MOST_ROWS {
                let most = domain::grouped(MOST_ROWS);
                self.notes.push(format!("Only the first {most} of the numbers typed were read."));
                break;
            }
            let (cells, values) = (std::iter::once(raw), std::iter::repeat_n("", fields));
            read(&mut self.table, &self.input, row, cells, (0, values));
        }
        self.table.settle(&mut self.seen, 0);
        self.input.numbers = numbers;
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
