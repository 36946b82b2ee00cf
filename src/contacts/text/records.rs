//! A text cut into rows of cells.
//!
//! Written to forgive: a space before a quote, a quote inside a quoted cell, rows of any length, line ends of
//! any system. A quote that is opened and never closed would swallow the rest of the file; such a row is
//! read as if quotes meant nothing, and is reported.

use super::dialect::{Dialect, Quotes};
use super::encoding::Encoding;
use super::reader::Reader;
use crate::bytes::Bytes;
use crate::file_problem::FileProblem;
use crate::record::Record;
use crate::rows::Rows;

/// A quoted cell that is longer than this, in bytes, was never closed …
const LONGEST_CELL: usize = 64 << 10;
/// … nor was one with more lines than this.
const MOST_LINES: usize = 50;
/// A row without an end that is longer than this, in bytes, is no row of a table.
const LONGEST_ROW: usize = 4 << 20;

/// The rows of a text file.
#[derive(Debug)]
pub struct Records {
    reader: Reader,
    dialect: Dialect,
    number: u32,
    is_end: bool,
    unbalanced: Option<u32>,
}

impl Records {
    /// From the beginning of a file of `size` bytes.
    pub fn new(size: u64, encoding: Encoding, dialect: Dialect) -> Self {
        let reader = Reader::new(encoding, size);
        Self { reader, dialect, number: 0, is_end: false, unbalanced: None }
    }

    /// Cuts one row, blank or not. Whether there was one.
    fn cut(&mut self, bytes: &mut dyn Bytes, row: &mut Record) -> Result<bool, FileProblem> {
        let mut dialect = self.dialect;
        loop {
            match cut(self.reader.text(), dialect, self.is_end, row) {
                Cut::Row(len) => {
                    self.reader.take(len);
                    return Ok(true);
                }
                Cut::End => return Ok(false),
                Cut::Unbalanced => {
                    self.unbalanced.get_or_insert(self.number + 1);
                    dialect.quotes = Quotes::None;
                }
                Cut::NeedsMore if self.reader.text().len() > LONGEST_ROW => {
                    return Err(FileProblem::NotATable);
                }
                Cut::NeedsMore => self.is_end = !self.reader.more(bytes)?,
            }
        }
    }
}

impl Rows for Records {
    fn next(
        &mut self,
        bytes: &mut dyn Bytes,
        row: &mut Record,
    ) -> Result<Option<u32>, FileProblem> {
        if self.dialect.has_hint && self.number == 0 {
            self.dialect.has_hint = false;
            self.cut(bytes, row)?;
        }
        while self.cut(bytes, row)? {
            self.number += 1;
            if !row.is_blank() {
                return Ok(Some(self.number));
            }
        }
        Ok(None)
    }

    fn progress(&self) -> (u64, u64) {
        self.reader.progress()
    }

    fn has_lost(&self) -> bool {
        self.reader.has_lost()
    }

    fn unbalanced(&self) -> Option<u32> {
        self.unbalanced
    }
}

/// What came of cutting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// A row, and how many bytes it took with its line end.
    Row(usize),
    /// The row may go on behind the end of the text.
    NeedsMore,
    /// There is no row any more.
    End,
    /// A quote is opened and not closed.
    Unbalanced,
}

/// Cuts the first row of `text` into cells. `is_end` says that nothing follows `text`.
pub fn cut(text: &str, dialect: Dialect, is_end: bool, row: &mut Record) -> Cut {
    let cut = cut_plain(text, dialect, row).unwrap_or_else(|| {
        let cut = cut_once(text, dialect, is_end, row);
        row.drop_nul();
        cut
    });
    if dialect.is_wrapped && matches!(cut, Cut::Row(_)) && row.len() == 1 {
        let inner = row.cell(0).to_owned();
        if cut_once(&inner, dialect, true, row) != Cut::Row(inner.len()) {
            *row = Record::from_iter([inner]);
        }
    }
    cut
}

/// A row without quotes, with its line end, as most are: found in one pass and kept in one piece. `None` when
/// it is not so plain.
fn cut_plain(text: &str, dialect: Dialect, row: &mut Record) -> Option<Cut> {
    row.clear();
    let bytes = text.as_bytes();
    let delimiter = dialect.delimiter.unwrap_or(b'\n');
    if !IS_SPECIAL[usize::from(delimiter)] {
        return None;
    }
    let mut start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if !IS_SPECIAL[usize::from(*byte)] {
            continue;
        }
        if *byte == b'\n' {
            let end = at - usize::from(at > start && bytes[at - 1] == b'\r');
            row.set_cell(start, end);
            row.set_text(&text[..at]);
            return Some(Cut::Row(at + 1));
        }
        if *byte == delimiter {
            row.set_cell(start, at);
            start = at + 1;
        } else if matches!(byte, b'"' | 0xE2 | 0)
            || *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')
        {
            return None;
        }
    }
    None
}

/// The bytes that may mean something: delimiters, line ends, what quotes begin with, and NUL.
const IS_SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let bytes = b",;\t|\n\r\"\xE2\0";
    let mut at = 0;
    while at < bytes.len() {
        special[bytes[at] as usize] = true;
        at += 1;
    }
    special
};

fn cut_once(text: &str, dialect: Dialect, is_end: bool, row: &mut Record) -> Cut {
    row.clear();
    let bytes = text.as_bytes();
    if bytes.is_empty() {
        return if is_end { Cut::End } else { Cut::NeedsMore };
    }
    // No delimiter: a line end stands in for it, so that there is nothing more to look for.
    let delimiter = dialect.delimiter.unwrap_or(b'\n');
    let mut at = 0;
    loop {
        let mut cell = at;
        if let Some((open, close)) = marks(dialect.quotes) {
            let quote =
                bytes[at..].iter().position(|byte| *byte != b' ').map_or(bytes.len(), |n| at + n);
            if text[quote..].starts_with(open) {
                let quoted = Quoted { close, dialect, delimiter, is_end };
                match quoted.read(text, quote + open.len(), row) {
                    Ok(end) => cell = end,
                    Err(cut) => return cut,
                }
            }
        }
        let is_special = |byte: &u8| *byte == delimiter || *byte == b'\n' || *byte == b'\r';
        let end = match bytes[cell..].iter().position(is_special) {
            Some(len) => cell + len,
            None if is_end => bytes.len(),
            None => return Cut::NeedsMore,
        };
        // Behind a quoted cell there is nothing but blanks.
        if cell == at {
            row.write(&text[cell..end]);
        }
        match bytes.get(end) {
            Some(b'\r') => {
                let len = match bytes.get(end + 1) {
                    Some(b'\n') => 2,
                    None if !is_end => return Cut::NeedsMore,
                    _ => 1,
                };
                row.end_cell();
                return Cut::Row(end + len);
            }
            Some(b'\n') => {
                row.end_cell();
                return Cut::Row(end + 1);
            }
            None => {
                row.end_cell();
                return Cut::Row(end);
            }
            Some(_) => {
                row.end_cell();
                at = end + 1;
            }
        }
    }
}

fn marks(quotes: Quotes) -> Option<(&'static str, &'static str)> {
    match quotes {
        Quotes::Doubled | Quotes::Backslash => Some(("\"", "\"")),
        Quotes::Curly => Some(("“", "”")),
        Quotes::None => None,
    }
}

/// How a quoted cell ends.
struct Quoted {
    close: &'static str,
    dialect: Dialect,
    delimiter: u8,
    is_end: bool,
}

impl Quoted {
    /// Writes the cell that begins at `start`, behind its quote; where it ends, behind the closing one and
    /// the blanks that follow.
    fn read(&self, text: &str, start: usize, row: &mut Record) -> Result<usize, Cut> {
        let bytes = text.as_bytes();
        let (close, escape) = (self.close.as_bytes(), self.dialect.quotes == Quotes::Backslash);
        let (mut at, mut from, mut lines, mut is_dirty) = (start, start, 0, false);
        let unfinished = if self.is_end { Cut::Unbalanced } else { Cut::NeedsMore };
        loop {
            let is_endless =
                at - start > LONGEST_CELL || lines > MOST_LINES || is_dirty && lines > 0;
            if is_endless && !self.dialect.is_ours {
                return Err(Cut::Unbalanced);
            }
            let Some(byte) = bytes.get(at) else { return Err(unfinished) };
            match byte {
                b'\n' | b'\r' => {
                    lines += usize::from(*byte == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
                    at += 1;
                }
                b'\\' if escape => {
                    row.write(&text[from..at]);
                    // What follows it is itself, whatever it is.
                    let len = text[at + 1..].chars().next().ok_or(unfinished)?.len_utf8();
                    from = at + 1;
                    at += 1 + len;
                }
                _ if bytes[at..].starts_with(close) => {
                    let behind = at + close.len();
                    if close.len() == 1 && bytes.get(behind) == Some(&close[0]) {
                        row.write(&text[from..behind]);
                        (at, from) = (behind + 1, behind + 1);
                        continue;
                    }
                    let end =
                        bytes[behind..].iter().position(|byte| *byte != b' ').map(|n| behind + n);
                    match end.map(|end| (end, bytes[end])) {
                        None if !self.is_end => return Err(Cut::NeedsMore),
                        None => {
                            row.write(&text[from..at]);
                            return Ok(bytes.len());
                        }
                        Some((end, byte))
                            if byte == self.delimiter || byte == b'\n' || byte == b'\r' =>
                        {
                            row.write(&text[from..at]);
                            return Ok(end);
                        }
                        // A quote inside: "Joe "Bob" Smith". Over several lines it is more likely the
                        // opening quote of a later cell, and this one was never closed.
                        Some(_) => {
                            is_dirty = true;
                            at = behind;
                        }
                    }
                }
                _ => at += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::encoding::UTF_8;
    use super::super::sniff::sniff;
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str) -> (Vec<(u32, Vec<String>)>, Option<u32>) {
        let dialect = sniff(text, true);
        let mut bytes = text.as_bytes();
        let mut records = Records::new(bytes.size(), UTF_8, dialect);
        let (mut rows, mut row) = (Vec::new(), Record::default());
        while let Some(number) = records.next(&mut bytes, &mut row).unwrap() {
            rows.push((number, row.cells().map(str::to_owned).collect()));
        }
        (rows, records.unbalanced())
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        all(text).0.into_iter().map(|(_, cells)| cells).collect()
    }

    #[test]
    fn line_ends_of_all_systems() {
        for text in ["a,b\nc,d\n", "a,b\r\nc,d", "a,b\rc,d\r", "a,b\n\r\n\nc,d\r\n"] {
            assert_eq!(cells(text), [["a", "b"], ["c", "d"]], "{text:?}");
        }
    }

    #[test]
    fn row_numbers_count_blank_rows() {
        let (rows, _) = all("a,b\n\n;;\n,,\nc,d\n");
        assert_eq!(rows.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [1, 3, 5]);
    }

    #[test]
    fn quoted_cells() {
        assert_eq!(cells("a,\"b, \"\"c\"\"\"\nd,e"), [["a", "b, \"c\""], ["d", "e"]]);
        assert_eq!(cells("a, \"b,c\" ,d\n1,2,3")[0], ["a", "b,c", "d"]);
        assert_eq!(cells("a,\"two\nlines\"\nb,c")[0], ["a", "two\nlines"]);
        assert_eq!(cells("a,\"Joe \"Bob\" Smith\"\nb,c")[0], ["a", "Joe \"Bob\" Smith"]);
        assert_eq!(cells("a,\"b \\\" c\"\nd,e")[0], ["a", "b \" c"]);
        assert_eq!(cells("a,“b, c”\nd,e")[0], ["a", "b, c"]);
        assert_eq!(cells("\"name,phone\"\n\"a,1\""), [["name", "phone"], ["a", "1"]]);
        assert_eq!(cells("a,\"\"\nb,c")[0], ["a", ""]);
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_one_row() {
        let mut text = String::from("phone,name\n");
        for n in 2..600 {
            let name = if n == 500 { "\"Ann" } else { "\"Bo\"" };
            text.push_str(&format!("{n},{name}\n"));
        }
        let (rows, unbalanced) = all(&text);
        assert_eq!((rows.len(), unbalanced), (599, Some(500)));
        assert_eq!(rows[499].1, ["500", "\"Ann"]);
        assert_eq!(rows[500].1, ["501", "Bo"]);
        let (rows, unbalanced) = all("a,b\n1,\"c\n2,d");
        assert_eq!((rows.len(), unbalanced), (3, Some(2)));
    }

    #[test]
    fn nul_bytes_are_no_text() {
        assert_eq!(cells("a\0,b\n\0\"c\0\",d\0\n"), [["a", "b"], ["\"c\"", "d"]]);
    }

    #[test]
    fn a_hint_is_no_row() {
        assert_eq!(cells("sep=;\r\na;b\r\n1;2"), [["a", "b"], ["1", "2"]]);
        assert_eq!(cells("sep=^\na^b\n1^2"), [["a", "b"], ["1", "2"]]);
    }

    #[test]
    fn rows_of_any_length() {
        assert_eq!(
            cells("a,b\n1,2,3\n4\n5,6"),
            [vec!["a", "b"], vec!["1", "2", "3"], vec!["4"], vec!["5", "6"]]
        );
    }

    proptest! {
        /// Whatever is written by the rules of RFC 4180 is read as it was.
        #[test]
        fn what_is_written_is_read(
            table in prop::collection::vec(prop::collection::vec("[a-z,\"\n é]{0,8}", 3), 1..12)
        ) {
            let line = |row: &Vec<String>| {
                let cells: Vec<String> =
                    row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
                cells.join(",")
            };
            let text = table.iter().map(line).collect::<Vec<_>>().join("\r\n");
            let dialect = Dialect::default();
            let mut bytes = text.as_bytes();
            let mut records = Records::new(bytes.size(), UTF_8, dialect);
            let (mut rows, mut row) = (Vec::new(), Record::default());
            while records.next(&mut bytes, &mut row).unwrap().is_some() {
                rows.push(row.cells().map(str::to_owned).collect::<Vec<_>>());
            }
            let blank = |row: &&Vec<String>| row.iter().all(|cell| cell.trim().is_empty());
            prop_assert_eq!(rows, table.iter().filter(|row| !blank(row)).cloned().collect::<Vec<_>>());
        }

        /// Any text ends, and none of its characters but delimiters, quotes and line ends are lost.
        #[test]
        fn nothing_is_lost(text in "[a-c,;\"“”\\\\\n\r ]{0,60}") {
            let letters = |text: &str| text.chars().filter(char::is_ascii_alphabetic).collect::<String>();
            let read: String = cells(&text).concat().concat();
            prop_assert_eq!(letters(&read), letters(&text));
        }
    }
}
