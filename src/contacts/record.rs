//! One row of a table: its cells as text, in one piece of memory that is used again for the next row.

/// The cells of a row.
#[derive(Clone, Debug, Default)]
pub struct Record {
    text: String,
    /// Where each cell begins and ends in the text.
    cells: Vec<(u32, u32)>,
    /// Where the cell begins that is being written.
    start: usize,
}

impl Record {
    /// Without any cell again.
    pub fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        self.start = 0;
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
        let end = self.text.len();
        self.cells.push((self.start as u32, end as u32));
        self.start = end;
    }

    /// The row is `text` from now on, with cells that are still to be [set](Self::set_cell).
    pub fn set_text(&mut self, text: &str) {
        self.text.push_str(text);
        self.start = self.text.len();
    }

    /// Adds a cell that stands at this place of the text.
    pub fn set_cell(&mut self, start: usize, end: usize) {
        self.cells.push((start as u32, end as u32));
    }

    /// Drops NUL characters, which no text has and damaged files do.
    pub fn drop_nul(&mut self) {
        if self.text.contains('\0') {
            *self = self.cells().map(|cell| cell.replace('\0', "")).collect();
        }
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Bytes of all cells together, at most.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Whether there is nothing but white space in any of them.
    pub fn is_blank(&self) -> bool {
        self.cells().all(|cell| trimmed(cell).is_empty())
    }

    /// Cell `at`, from 0; empty where there is none.
    pub fn cell(&self, at: usize) -> &str {
        let place = self.cells.get(at).copied();
        place
            .and_then(|(start, end)| self.text.get(start as usize..end as usize))
            .unwrap_or_default()
    }

    /// All of them.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.cell(at))
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.cells().eq(other.cells())
    }
}

/// `text` without the white space at its ends; quick where there is none, as mostly.
pub fn trimmed(text: &str) -> &str {
    let is_plain = |byte: &u8| (b'!'..=b'~').contains(byte);
    match text.as_bytes() {
        [] => text,
        [one] if is_plain(one) => text,
        [first, .., last] if is_plain(first) && is_plain(last) => text,
        _ => text.trim(),
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
