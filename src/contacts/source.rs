//! A file that was chosen: what it is, how it is read, what its columns are. All of that is found out from its
//! beginning, is shown, and can be changed.

mod container;
mod view;

use crate::bytes::Bytes;
use crate::columns::{self, Label};
use crate::csv;
use crate::file_problem::{FileProblem, MAX_BYTES};
use crate::record::Record;
use crate::rows::Rows;
use crate::sheet::{self, Workbook};
use crate::text::dialect::{DELIMITERS, Dialect, QUOTES};
use crate::text::encoding::Encoding;
use crate::text::{Records, decode_start, detect, sniff};
use container::Container;
use domain::recipients::input::Chosen;

/// Bytes that are looked at to find out how a text is written.
const START: usize = 256 << 10;
/// Rows that are looked at to find out what the columns are.
const SAMPLE: usize = 100;

/// A file of contacts.
pub struct Source {
    id: u32,
    name: String,
    bytes: Box<dyn Bytes>,
    kind: Kind,
    sample: Vec<(u32, Record)>,
    /// Which row of the sample has the names of the columns.
    header: Option<usize>,
    labels: Vec<Label>,
    found: Found,
}

/// How its rows are found.
enum Kind {
    Text { encoding: Encoding, dialect: Dialect },
    Book { workbook: Workbook, sheet: usize },
}

/// What came up while the beginning was read.
#[derive(Default)]
struct Found {
    has_lost: bool,
    unbalanced: Option<u32>,
    /// The bytes that the sample took, and how many there are.
    read: (u64, u64),
    /// Rows that were left out because they are hidden.
    hidden: u32,
}

impl Source {
    /// Opens a file.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn open(id: u32, name: &str, mut bytes: Box<dyn Bytes>) -> Result<Self, FileProblem> {
        let size = bytes.size();
        if size > MAX_BYTES {
            return Err(FileProblem::TooBig);
        }
        let start = start(&mut *bytes)?;
        let kind = match container::of(&start)? {
            Container::Text => {
                let is_whole = start.len() as u64 == size;
                let encoding = detect::detect(&start, is_whole);
                text_kind(&start, is_whole, encoding)?
            }
            Container::Zip => {
                let workbook = Workbook::open(&mut *bytes)?;
                let sheet = workbook.first_visible();
                Kind::Book { workbook, sheet }
            }
            Container::Compound => return Err(sheet::cfb_problem(&mut *bytes)),
        };
        let (sample, labels, found) = Default::default();
        let mut source =
            Self { id, name: name.to_owned(), bytes, kind, sample, header: None, labels, found };
        source.look()?;
        if source.sample.is_empty() {
            return Err(match source.kind {
                Kind::Text { .. } => FileProblem::Empty,
                Kind::Book { .. } => FileProblem::NoSheet,
            });
        }
        Ok(source)
    }

    /// The number that the page gave it.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.bytes.size()
    }

    /// How many rows it most likely has, when that can be told from its beginning.
    pub fn rows_at_a_guess(&self) -> Option<u64> {
        let rows = self.sample.len() as u64;
        match (&self.kind, self.found.read) {
            _ if rows < SAMPLE as u64 => Some(rows),
            // Of a workbook, so much is unpacked at once that what was read says little.
            (Kind::Book { .. }, _) | (_, (0, _)) => None,
            (_, (read, all)) => Some(rows * all / read),
        }
    }

    /// What its columns are.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// Takes over what the columns of a file of this shape were; of another, nothing.
    pub fn set_labels(&mut self, labels: &[String]) {
        if labels.len() == self.labels.len() {
            for label in &mut self.labels {
                *label = Label::Unused;
            }
            for (at, label) in labels.iter().enumerate() {
                columns::relabel(&mut self.labels, at, Label::parse(label));
            }
        }
    }

    /// What files of the same shape have in common.
    pub fn shape(&self) -> Option<String> {
        self.header_row().map(columns::shape)
    }

    /// Reads it in another way.
    ///
    /// # Errors
    /// Why it cannot be read so.
    pub fn choose(&mut self, Chosen { id, value }: &Chosen) -> Result<(), FileProblem> {
        match (id.as_str(), &mut self.kind) {
            ("encoding", Kind::Text { .. }) => {
                if let Some(encoding) = Encoding::parse(value) {
                    let start = start(&mut *self.bytes)?;
                    let is_whole = start.len() as u64 == self.bytes.size();
                    self.kind = text_kind(&start, is_whole, encoding)?;
                    self.look()?;
                }
            }
            ("delimiter", Kind::Text { dialect, .. }) => {
                let known = DELIMITERS.iter().find(|(_, name)| name == value);
                dialect.delimiter = match value.as_bytes() {
                    // One that only `sep=^` knows of.
                    [hinted] => Some(*hinted),
                    _ => known.map(|(delimiter, _)| *delimiter),
                };
                dialect.is_wrapped = false;
                self.look()?;
            }
            ("quotes", Kind::Text { dialect, .. }) => {
                if let Some((quotes, ..)) = QUOTES.iter().find(|(_, id, _)| id == value) {
                    dialect.quotes = *quotes;
                    dialect.is_wrapped = false;
                    self.look()?;
                }
            }
            ("sheet", Kind::Book { workbook, sheet }) => {
                if let Some(at) = value.parse().ok().filter(|at| *at < workbook.sheets().len()) {
                    *sheet = at;
                    self.look()?;
                }
            }
            ("header", _) => {
                self.header = value
                    .parse()
                    .ok()
                    .and_then(|row: u32| self.sample.iter().position(|(number, _)| *number == row));
                self.guess();
            }
            (column, _) => {
                let at = column.strip_prefix("column-").and_then(|at| at.parse().ok());
                if let Some(at) = at {
                    columns::relabel(&mut self.labels, at, Label::parse(value));
                }
            }
        }
        Ok(())
    }

    /// Its rows from the beginning, and how many of them are no contacts: the names of the columns and what
    /// stands above them.
    ///
    /// # Errors
    /// Why they cannot be read.
    pub fn rows(&mut self) -> Result<(Box<dyn Rows>, usize), FileProblem> {
        let skipped = self.header.map_or(0, |at| at + 1);
        let rows: Box<dyn Rows> = match &mut self.kind {
            Kind::Text { encoding, dialect } => {
                Box::new(Records::new(self.bytes.size(), *encoding, *dialect))
            }
            Kind::Book { workbook, sheet } => Box::new(workbook.rows(&mut *self.bytes, *sheet)?),
        };
        Ok((rows, skipped))
    }

    /// Its bytes.
    pub fn bytes(&mut self) -> &mut dyn Bytes {
        &mut *self.bytes
    }

    /// Reads the first rows, and finds out what they are.
    fn look(&mut self) -> Result<(), FileProblem> {
        let (mut rows, _) = self.rows()?;
        let mut row = Record::default();
        self.sample.clear();
        while self.sample.len() < SAMPLE {
            let Some(number) = rows.next(&mut *self.bytes, &mut row)? else { break };
            self.sample.push((number, row.clone()));
        }
        self.found = Found {
            has_lost: rows.has_lost(),
            unbalanced: rows.unbalanced(),
            read: rows.progress(),
            hidden: rows.hidden(),
        };
        let rows: Vec<Record> = self.sample.iter().map(|(_, row)| row.clone()).collect();
        self.header = columns::header_row(&rows);
        self.guess();
        Ok(())
    }

    fn guess(&mut self) {
        let rows: Vec<Record> = self.contacts().map(|(_, row)| row.clone()).collect();
        self.labels = columns::guess(self.header_row(), &rows);
    }

    fn header_row(&self) -> Option<&Record> {
        self.header.and_then(|at| self.sample.get(at)).map(|(_, row)| row)
    }

    /// The rows of the sample that are contacts.
    fn contacts(&self) -> impl Iterator<Item = &(u32, Record)> {
        self.sample.iter().skip(self.header.map_or(0, |at| at + 1))
    }
}

/// The beginning of a file.
fn start(bytes: &mut dyn Bytes) -> Result<Vec<u8>, FileProblem> {
    let mut start = vec![0; START.min(usize::try_from(bytes.size()).unwrap_or(START))];
    let len = bytes.read_on(0, &mut start)?;
    start.truncate(len);
    Ok(start)
}

/// How a text is written that begins so.
fn text_kind(start: &[u8], is_whole: bool, encoding: Encoding) -> Result<Kind, FileProblem> {
    let text = decode_start(encoding, start, is_whole);
    if text.trim().is_empty() && is_whole {
        return Err(FileProblem::Empty);
    }
    if container::is_binary(&text) && !csv::is_rejects(&text) {
        return Err(FileProblem::NotATable);
    }
    if container::is_web_page(&text) {
        return Err(FileProblem::WebPage);
    }
    Ok(Kind::Text { encoding, dialect: sniff::sniff(&text, is_whole) })
}
