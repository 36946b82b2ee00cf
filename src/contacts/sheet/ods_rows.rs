//! The rows of a sheet of an .ods. Rows and cells that are the same say how often they are there.

use super::line::{Line, MAX_COLUMNS, Tally};
use super::ods_cell::Cell;
use super::part::Part;
use super::xml::{Xml, attributes};
use crate::bytes::Bytes;
use crate::file_problem::FileProblem;
use crate::record::Record;
use quick_xml::events::{BytesStart, Event};

/// See [`super::SheetRows`].
#[derive(Debug)]
pub(super) struct OdsRows {
    part: Part,
    buffer: Vec<u8>,
    cell: Cell,
    line: Line,
    /// The number of the last row that was read or handed out.
    number: u32,
    /// How often the row in `line` is yet to be handed out.
    again: u32,
    /// How many were handed out.
    /// Columns that were described so far.
    columns: u32,
    ended: bool,
    tally: Tally,
}

impl OdsRows {
    /// `part` stands at the start of the table.
    pub fn new(part: Part) -> Self {
        Self {
            part,
            buffer: Vec::new(),
            cell: Cell::default(),
            line: Line::default(),
            number: 0,
            again: 0,
            columns: 0,
            ended: false,
            tally: Tally::default(),
        }
    }

    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    pub fn progress(&self) -> (u64, u64) {
        self.part.progress()
    }

    pub fn next(
        &mut self,
        bytes: &mut dyn Bytes,
        record: &mut Record,
    ) -> Result<Option<u32>, FileProblem> {
        if self.again == 0 {
            self.read(bytes, record)?;
        }
        if self.again == 0 {
            return Ok(None);
        }
        self.again -= 1;
        self.number = self.number.saturating_add(1);
        self.tally.write(&self.line, record);
        Ok(Some(self.number))
    }

    /// Reads on until there is a row to hand out, or none any more.
    fn read(&mut self, bytes: &mut dyn Bytes, record: &mut Record) -> Result<(), FileProblem> {
        if self.ended {
            return Ok(());
        }
        let mut xml = Xml::new(&mut self.part, bytes, &mut self.buffer);
        loop {
            match xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "table-row" => {
                        let (times, is_hidden) = repeated(&tag, "number-rows-repeated");
                        read_row(&mut xml, &mut self.cell, &mut self.line)?;
                        if is_hidden {
                            self.tally.leave_out(&self.line, times);
                        } else if self.tally.write(&self.line, record) {
                            self.again = times;
                            return Ok(());
                        }
                        self.number = self.number.saturating_add(times);
                    }
                    "table-column" => {
                        let (times, is_hidden) = repeated(&tag, "number-columns-repeated");
                        let to = self.columns.saturating_add(times);
                        if is_hidden {
                            self.tally.hide_columns(self.columns, to);
                        }
                        self.columns = to;
                    }
                    "table"
                    | "table-columns"
                    | "table-column-group"
                    | "table-header-columns"
                    | "table-rows"
                    | "table-row-group"
                    | "table-header-rows" => (),
                    // Drawings and charts may have tables of their own.
                    _ => xml.skip()?,
                },
                Event::End(tag) if tag.local_name().as_ref() == "table" => {
                    self.ended = true;
                    return xml.finish();
                }
                Event::Eof => return Err(FileProblem::Damaged),
                _ => (),
            }
        }
    }
}

/// How often what `tag` starts is there, and whether it is hidden.
fn repeated(tag: &BytesStart<'_>, by: &str) -> (u32, bool) {
    let (mut times, mut hidden) = (1, false);
    for (name, value) in attributes(tag) {
        match name {
            "visibility" => hidden = matches!(&*value, "collapse" | "filter"),
            _ if name == by => times = value.parse().unwrap_or(1),
            _ => (),
        }
    }
    (times.max(1), hidden)
}

/// Reads the row that was just started.
fn read_row(xml: &mut Xml<'_>, cell: &mut Cell, line: &mut Line) -> Result<(), FileProblem> {
    line.clear();
    let mut column = 0_u32;
    loop {
        match xml.next()? {
            Event::Start(tag) => {
                let is_cell = tag.local_name().as_ref() == "table-cell";
                // What is under a merged cell is not seen.
                let is_covered = tag.local_name().as_ref() == "covered-table-cell";
                let times = cell.start(&tag);
                if is_cell {
                    let text = cell.read(xml)?;
                    let to = column.saturating_add(times).min(MAX_COLUMNS as u32);
                    (column..to).try_for_each(|column| line.put(column, text))?;
                } else {
                    xml.skip()?;
                }
                if is_cell || is_covered {
                    column = column.saturating_add(times);
                }
            }
            Event::End(_) => return Ok(()),
            _ => (),
        }
    }
}
