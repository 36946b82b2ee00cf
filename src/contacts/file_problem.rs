//! Why a file cannot be read, in words that say what to do about it.

use crate::bytes::Gone;
use thiserror::Error;

/// The largest file, in bytes.
pub const MAX_BYTES: u64 = 200_000_000;
/// The most rows of one file.
pub const MAX_ROWS: u32 = 1_000_000;

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FileProblem {
    /// Nothing in it, or nothing but white space.
    #[error("There is nothing in this file.")]
    Empty,
    /// More than [`MAX_BYTES`].
    #[error("This file has more than 200 MB. Split it and add the parts one after the other.")]
    TooBig,
    /// More than [`MAX_ROWS`].
    #[error(
        "This file has more than 1,000,000 rows. Split it and add the parts one after the other."
    )]
    TooManyRows,
    /// An encrypted workbook.
    #[error(
        "This file is protected with a password. Open it, save it without one and choose it again."
    )]
    Password,
    /// A workbook as Excel wrote it until 2003, or another file of that container.
    #[error(
        "This is a file of an old Excel. Open it, save it as .xlsx or CSV and choose that file."
    )]
    OldExcel,
    /// `.numbers`, `.docx` and the like; the binary .xlsb too.
    #[error(
        "This is not a spreadsheet that can be read. Save it as .xlsx or CSV and choose that file."
    )]
    OtherDocument,
    /// A web page, often named .xls.
    #[error(
        "This is a web page with the name of a spreadsheet. Open it in a spreadsheet, save it as .xlsx or CSV and choose that file."
    )]
    WebPage,
    /// A PDF.
    #[error("This is a PDF, not a table. Choose the .xlsx or CSV file that it was made of.")]
    Pdf,
    /// A gzip, 7z or rar.
    #[error("This is a packed file. Unpack it and choose the spreadsheet that is in it.")]
    Packed,
    /// A picture, a program or anything else that is no text.
    #[error("This is not a spreadsheet or a text file, whatever its name says.")]
    NotATable,
    /// A workbook that ends too early or whose parts do not fit together.
    #[error(
        "This file is damaged: a part of it is missing. Copy or download it again, or save it anew."
    )]
    Damaged,
    /// Small, but endless when unpacked.
    #[error(
        "This file unpacks to far more than a list of contacts can be, and was not read. Save it anew or as CSV."
    )]
    Bomb,
    /// No sheet, or none that has cells.
    #[error("There is no sheet with cells in this file.")]
    NoSheet,
    /// See [`Gone`].
    #[error(
        "This file cannot be read any more: it was moved, changed or deleted. Choose it again."
    )]
    Gone,
}

impl From<Gone> for FileProblem {
    fn from(Gone: Gone) -> Self {
        Self::Gone
    }
}
