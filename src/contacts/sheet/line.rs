//! The row that is being read: cells come as the file has them and leave in their columns.

use super::limits::ROW_BYTES;
use crate::file_problem::FileProblem;
use crate::record::Record;

/// The most columns of a row. What is further to the right is left out.
pub const MAX_COLUMNS: usize = 1_000;

/// The cells of one row that have something in them, and what of the sheet was left out so far.
#[derive(Debug, Default)]
pub(super) struct Line {
    text: String,
    /// The column of each cell and where its text ends.
    cells: Vec<(u16, u32)>,
    in_order: bool,
}

impl Line {
    pub fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        self.in_order = true;
    }

    /// Puts `text` into column `column`, from 0, unless it is too far to the right.
    pub fn put(&mut self, column: u32, text: &str) -> Result<(), FileProblem> {
        let column = match u16::try_from(column) {
            Ok(column) if usize::from(column) < MAX_COLUMNS && !text.is_empty() => column,
            _ => return Ok(()),
        };
        if self.text.len() + text.len() > ROW_BYTES || self.cells.len() > 2 * MAX_COLUMNS {
            return Err(FileProblem::Bomb);
        }
        self.in_order &= self.cells.last().is_none_or(|(before, _)| *before < column);
        self.text.push_str(text);
        self.cells.push((column, self.text.len() as u32));
        Ok(())
    }

    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Each cell's column and text, from left to right; of two in one column the first.
    fn sorted(&self) -> Vec<(u16, &str)> {
        let mut start = 0;
        let mut cells: Vec<_> = self
            .cells
            .iter()
            .map(|(column, end)| {
                let text = &self.text[start..*end as usize];
                start = *end as usize;
                (*column, text)
            })
            .collect();
        cells.sort_by_key(|(column, _)| *column);
        cells.dedup_by_key(|(column, _)| *column);
        cells
    }
}

/// What was left out because it is hidden.
#[derive(Debug, Default)]
pub(super) struct Tally {
    hidden_rows: u32,
    hidden: Vec<bool>,
    /// Those of them that would have had something in them.
    missed: Vec<bool>,
}

impl Tally {
    pub fn hidden_rows(&self) -> u32 {
        self.hidden_rows
    }

    pub fn hidden_columns(&self) -> u32 {
        self.missed.iter().filter(|missed| **missed).count() as u32
    }

    /// Columns `from` up to but without `to`, from 0, are hidden.
    pub fn hide_columns(&mut self, from: u32, to: u32) {
        let to = (to as usize).min(MAX_COLUMNS);
        for column in from as usize..to {
            if self.hidden.len() <= column {
                self.hidden.resize(column + 1, false);
                self.missed.resize(column + 1, false);
            }
            self.hidden[column] = true;
        }
    }

    /// Leaves out `rows` rows that look like `line`, if there is anything in it.
    pub fn leave_out(&mut self, line: &Line, rows: u32) {
        if !line.is_blank() {
            self.hidden_rows = self.hidden_rows.saturating_add(rows);
        }
    }

    /// Writes `line` into `row` without what is in hidden columns; whether anything is left.
    pub fn write(&mut self, line: &Line, row: &mut Record) -> bool {
        row.clear();
        if line.in_order {
            let mut start = 0;
            for (column, end) in &line.cells {
                self.write_cell(*column, &line.text[start..*end as usize], row);
                start = *end as usize;
            }
        } else {
            line.sorted().into_iter().for_each(|(column, text)| self.write_cell(column, text, row));
        }
        !row.is_blank()
    }

    fn write_cell(&mut self, column: u16, text: &str, row: &mut Record) {
        let column = usize::from(column);
        if self.hidden.get(column) == Some(&true) {
            self.missed[column] |= !text.trim().is_empty();
            return;
        }
        while row.len() < column {
            row.end_cell();
        }
        row.push(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[(u32, &str)], tally: &mut Tally) -> Vec<String> {
        let mut line = Line::default();
        line.clear();
        cells.iter().for_each(|(column, text)| line.put(*column, text).unwrap());
        let mut row = Record::default();
        tally.write(&line, &mut row);
        row.cells().map(str::to_owned).collect()
    }

    #[test]
    fn cells_stand_in_their_columns_whatever_their_order() {
        let tally = &mut Tally::default();
        assert_eq!(written(&[(1, "b"), (3, "d")], tally), ["", "b", "", "d"]);
        assert_eq!(written(&[(2, "c"), (0, "a"), (2, "x")], tally), ["a", "", "c"]);
        assert_eq!(written(&[(0, "a"), (1_000, "far"), (u32::MAX, "x")], tally), ["a"]);
    }

    #[test]
    fn hidden_columns_are_empty_and_counted_when_there_was_something_in_them() {
        let tally = &mut Tally::default();
        tally.hide_columns(1, 16_384);
        assert_eq!(written(&[(0, "a"), (1, "b"), (2, " ")], tally), ["a"]);
        assert_eq!(tally.hidden_columns(), 1);
    }

    #[test]
    fn a_row_that_is_too_long_is_refused() {
        let mut line = Line::default();
        let text = "a".repeat(1_000_000);
        assert!((0..64).all(|_| line.put(0, &text).is_ok()));
        assert_eq!(line.put(0, "a"), Err(FileProblem::Bomb));
    }
}
