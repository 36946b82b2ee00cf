//! A workbook (.xlsx and its siblings, .ods) read one row after the other.
//!
//! What a cell is, is decided by what the user sees in it: dates are dates and not numbers of days,
//! `0081234567` keeps its zeros, and what is hidden is left out and counted. Of a sheet only a window
//! is ever in memory; of a workbook, its shared strings in one piece. Nothing that a file claims
//! about its size is believed: see `limits.rs` for what is read at most.

mod archive;
mod cfb;
mod date;
mod format;
mod limits;
mod line;
mod number;
mod ods;
mod ods_cell;
mod ods_rows;
mod part;
mod strings;
mod styles;
mod tab;
mod xlsx;
mod xlsx_package;
mod xml;

use crate::bytes::Bytes;
use crate::file_problem::FileProblem;
use crate::record::Record;
use crate::rows::Rows;
use archive::Archive;
use ods::Ods;
use ods_rows::OdsRows;
use xlsx::XlsxRows;
use xlsx_package::Xlsx;

pub use cfb::cfb_problem;
pub use line::MAX_COLUMNS;
pub use tab::SheetInfo;

/// A workbook whose sheets are known.
#[derive(Debug)]
pub struct Workbook {
    archive: Archive,
    kind: Kind,
    sheets: Vec<SheetInfo>,
}

#[derive(Debug)]
enum Kind {
    Xlsx(Xlsx),
    Ods(Ods),
}

impl Workbook {
    /// Finds the sheets of the workbook in `bytes`, be it .xlsx or .ods: what it holds says which.
    ///
    /// # Errors
    /// Why it cannot be read: [`FileProblem::NotATable`] when it is no zip, [`FileProblem::OtherDocument`]
    /// when it is one without a workbook, [`FileProblem::NoSheet`] when the workbook has no tables.
    pub fn open(bytes: &mut dyn Bytes) -> Result<Self, FileProblem> {
        let archive = Archive::open(bytes)?;
        let (kind, sheets) = if ods::is_ods(&archive, bytes)? {
            let (ods, sheets) = Ods::open(&archive, bytes)?;
            (Kind::Ods(ods), sheets)
        } else {
            let (xlsx, sheets) = Xlsx::open(&archive, bytes)?;
            (Kind::Xlsx(xlsx), sheets)
        };
        if sheets.is_empty() {
            return Err(FileProblem::NoSheet);
        }
        Ok(Self { archive, kind, sheets })
    }

    /// The sheets, in the order of their tabs.
    pub fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    /// The sheet that one sees first; the first one where all are hidden.
    pub fn first_visible(&self) -> usize {
        self.sheets.iter().position(|sheet| !sheet.hidden).unwrap_or_default()
    }

    /// The rows of sheet `sheet`, from 0. The first call reads the texts that all sheets of an .xlsx
    /// share and keeps them for the next one.
    ///
    /// # Errors
    /// Why they cannot be read.
    pub fn rows(&mut self, bytes: &mut dyn Bytes, sheet: usize) -> Result<SheetRows, FileProblem> {
        let rows = match &mut self.kind {
            Kind::Xlsx(xlsx) => Of::Xlsx(xlsx.rows(&self.archive, bytes, sheet)?),
            Kind::Ods(ods) => Of::Ods(ods.rows(&self.archive, bytes, sheet)?),
        };
        Ok(SheetRows(rows))
    }
}

/// The rows of one sheet, at most [`MAX_COLUMNS`] cells of each. Rows without anything in them and
/// hidden rows are passed over; cells in hidden columns are empty.
#[derive(Debug)]
pub struct SheetRows(Of);

#[derive(Debug)]
enum Of {
    Xlsx(XlsxRows),
    Ods(OdsRows),
}

impl SheetRows {
    /// How many rows with anything in them were left out so far because they are hidden, by the user
    /// or by a filter.
    pub fn hidden_rows(&self) -> u32 {
        match &self.0 {
            Of::Xlsx(rows) => rows.tally().hidden_rows(),
            Of::Ods(rows) => rows.tally().hidden_rows(),
        }
    }

    /// How many columns with anything in them were left out so far because they are hidden.
    pub fn hidden_columns(&self) -> u32 {
        match &self.0 {
            Of::Xlsx(rows) => rows.tally().hidden_columns(),
            Of::Ods(rows) => rows.tally().hidden_columns(),
        }
    }
}

impl Rows for SheetRows {
    fn next(
        &mut self,
        bytes: &mut dyn Bytes,
        row: &mut Record,
    ) -> Result<Option<u32>, FileProblem> {
        match &mut self.0 {
            Of::Xlsx(rows) => rows.next(bytes, row),
            Of::Ods(rows) => rows.next(bytes, row),
        }
    }

    /// In bytes of the sheet as it is compressed in the file.
    fn progress(&self) -> (u64, u64) {
        match &self.0 {
            Of::Xlsx(rows) => rows.progress(),
            Of::Ods(rows) => rows.progress(),
        }
    }

    fn hidden(&self) -> u32 {
        self.hidden_rows()
    }
}
