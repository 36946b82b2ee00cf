//! One row of a table: its cells as text, in one piece of memory that is used again for the next row.

/// The cells of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    text: String,
    ends: Vec<usize>,
}

impl Record {
    /// Without any cell again.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Adds a cell.
    pub fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.end_cell();
    }

    /// Adds to the cell that is being written; [`end_cell`](Self::end_cell) ends it.
    pub fn write(&mut self, part: &str) {
        self.text.push_str(part);
    }

    /// Ends the cell that is being written.
    pub fn end_cell(&mut self) {
        self.ends.push(self.text.len());
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is nothing but white space in any of them.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Cell `at`, from 0; empty where there is none.
    pub fn cell(&self, at: usize) -> &str {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let end = self.ends.get(at).copied();
        end.and_then(|end| self.text.get(start.unwrap_or(0)..end)).unwrap_or_default()
    }

    /// All of them.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.cell(at))
    }
}

impl<T: AsRef<str>> FromIterator<T> for Record {
    fn from_iter<I: IntoIterator<Item = T>>(cells: I) -> Self {
        let mut record = Self::default();
        cells.into_iter().for_each(|cell| record.push(cell.as_ref()));
        record
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_out_as_they_went_in() {
        let record: Record = ["a", "", "bc"].iter().collect();
        assert_eq!(record.cells().collect::<Vec<_>>(), ["a", "", "bc"]);
        assert_eq!((record.cell(2), record.cell(3)), ("bc", ""));
        assert!(Record::from_iter([" ", "\u{a0}"]).is_blank());
    }
}
