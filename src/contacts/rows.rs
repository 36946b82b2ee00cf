//! What a table is read by: one row after the other, from wherever its bytes are.

use crate::bytes::Bytes;
use crate::file_problem::FileProblem;
use crate::record::Record;

/// The rows of one table.
pub trait Rows {
    /// Reads the next row that has anything in it into `row`; its number in the file, from 1, as a
    /// spreadsheet or an editor shows it. `None` after the last one.
    ///
    /// # Errors
    /// Why it cannot be read any further.
    fn next(&mut self, bytes: &mut dyn Bytes, row: &mut Record)
    -> Result<Option<u32>, FileProblem>;

    /// How many of the file's bytes were read, and how many there are to read.
    fn progress(&self) -> (u64, u64);

    /// Whether characters were met that cannot be read in the encoding chosen.
    fn has_lost(&self) -> bool {
        false
    }

    /// The first row with a quotation mark that is never closed.
    fn unbalanced(&self) -> Option<u32> {
        None
    }

    /// Rows that were left out because they are hidden.
    fn hidden(&self) -> u32 {
        0
    }
}
