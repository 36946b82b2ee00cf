//! The rows of a sheet of an .xlsx.

use super::date::{self, Epoch};
use super::format::Format;
use super::line::{Line, MAX_COLUMNS, Tally};
use super::number;
use super::part::Part;
use super::strings::Strings;
use super::xml::{Xml, attributes, decode_escapes, is_true};
use crate::bytes::Bytes;
use crate::file_problem::FileProblem;
use crate::record::Record;
use quick_xml::events::{BytesStart, Event};
use std::rc::Rc;

/// See [`super::SheetRows`].
#[derive(Debug)]
pub(super) struct XlsxRows {
    part: Part,
    buffer: Vec<u8>,
    row: Row,
    /// The number of the last row that was read.
    number: u32,
    /// How many were handed out.
    ended: bool,
    tally: Tally,
}

impl XlsxRows {
    pub fn new(part: Part, strings: Rc<Strings>, formats: Rc<[Format]>, epoch: Epoch) -> Self {
        let (line, text, shown) = Default::default();
        let row = Row { strings, formats, epoch, line, text, shown };
        let tally = Tally::default();
        Self { part, buffer: Vec::new(), row, number: 0, ended: false, tally }
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
        if self.ended {
            return Ok(None);
        }
        let mut xml = Xml::new(&mut self.part, bytes, &mut self.buffer);
        loop {
            match xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "row" => {
                        let (number, is_hidden) = row_attributes(&tag);
                        self.number = number.unwrap_or(self.number.saturating_add(1));
                        self.row.read(&mut xml)?;
                        if is_hidden {
                            self.tally.leave_out(&self.row.line, 1);
                        } else if self.tally.write(&self.row.line, record) {
                            return Ok(Some(self.number));
                        }
                    }
                    "col" => hide_columns(&tag, &mut self.tally),
                    _ => (),
                },
                Event::End(tag) if tag.local_name().as_ref() == "sheetData" => {
                    self.ended = true;
                    xml.finish()?;
                    return Ok(None);
                }
                Event::Eof => return Err(FileProblem::Damaged),
                _ => (),
            }
        }
    }
}

fn row_attributes(tag: &BytesStart<'_>) -> (Option<u32>, bool) {
    let (mut number, mut hidden) = (None, false);
    for (name, value) in attributes(tag) {
        match name {
            "r" => number = value.parse().ok(),
            "hidden" => hidden = is_true(&value),
            _ => (),
        }
    }
    (number, hidden)
}

fn hide_columns(tag: &BytesStart<'_>, tally: &mut Tally) {
    let (mut from, mut to, mut hidden) = (0, 0, false);
    for (name, value) in attributes(tag) {
        match name {
            "min" => from = value.parse().unwrap_or_default(),
            "max" => to = value.parse().unwrap_or_default(),
            "hidden" => hidden = is_true(&value),
            _ => (),
        }
    }
    if hidden && from > 0 {
        tally.hide_columns(from - 1, to);
    }
}

/// What a row's cells are read with and into.
#[derive(Debug)]
struct Row {
    strings: Rc<Strings>,
    formats: Rc<[Format]>,
    epoch: Epoch,
    line: Line,
    /// What a cell has, and what it shows.
    text: String,
    shown: String,
}

/// What the text of a cell stands for.
#[derive(Clone, Copy)]
enum Kind {
    Number(Format),
    /// The place of a shared string.
    Shared,
    Text,
    Truth,
    Date,
}

impl Row {
    /// Reads the row that was just started.
    fn read(&mut self, xml: &mut Xml<'_>) -> Result<(), FileProblem> {
        self.line.clear();
        let mut column = 0;
        loop {
            match xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "c" => {
                    let (at, kind) = self.cell_attributes(&tag);
                    column = at.unwrap_or(column);
                    self.cell(xml, column, kind)?;
                    column = column.saturating_add(1);
                }
                Event::Start(_) => xml.skip()?,
                Event::End(_) => return Ok(()),
                _ => (),
            }
        }
    }

    /// The column, where it is said, and what the cell's text stands for.
    fn cell_attributes(&self, tag: &BytesStart<'_>) -> (Option<u32>, Kind) {
        let (mut column, mut style, mut kind) = (None, 0, None);
        for (name, value) in attributes(tag) {
            match name {
                "r" => column = column_of(&value),
                "s" => style = value.parse().unwrap_or(usize::MAX),
                "t" => kind = kind_of(&value),
                _ => (),
            }
        }
        let format = || self.formats.get(style).copied().unwrap_or_default();
        (column, kind.unwrap_or_else(|| Kind::Number(format())))
    }

    /// Reads the cell that was just started.
    fn cell(&mut self, xml: &mut Xml<'_>, column: u32, kind: Kind) -> Result<(), FileProblem> {
        if column as usize >= MAX_COLUMNS {
            return xml.skip();
        }
        self.text.clear();
        loop {
            match xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "v" => {
                        xml.text(&mut self.text)?;
                        decode_escapes(&mut self.text, 0);
                    }
                    "is" => xml.rich_text(&mut self.text)?,
                    _ => xml.skip()?,
                },
                Event::End(_) => break,
                _ => (),
            }
        }
        self.shown.clear();
        let shown = match kind {
            _ if self.text.is_empty() => return Ok(()),
            Kind::Text => &self.text,
            Kind::Shared => {
                let place = self.text.trim().parse().ok();
                place.and_then(|at| self.strings.get(at)).ok_or(FileProblem::Damaged)?
            }
            Kind::Truth if is_true(self.text.trim()) => "TRUE",
            Kind::Truth => "FALSE",
            Kind::Number(format) => {
                number::write(&self.text, format, self.epoch, &mut self.shown);
                &self.shown
            }
            Kind::Date => {
                date::write_iso(&self.text, &mut self.shown);
                &self.shown
            }
        };
        self.line.put(column, shown)
    }
}

fn kind_of(value: &str) -> Option<Kind> {
    match value {
        "s" => Some(Kind::Shared),
        // An error's text is what the cell shows.
        "str" | "inlineStr" | "e" => Some(Kind::Text),
        "b" => Some(Kind::Truth),
        "d" => Some(Kind::Date),
        _ => None,
    }
}

/// The column of a place such as `AB12`, from 0.
fn column_of(place: &str) -> Option<u32> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let column = letters.fold(0_u32, |column, letter| {
        let letter = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        column.saturating_mul(26).saturating_add(letter)
    });
    column.checked_sub(1)
}
