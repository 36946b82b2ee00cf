//! How much of a workbook is read at most, whatever it says about itself.

/// The most that one part of the file may unpack to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// In bytes.
    pub bytes: u64,
    /// Bytes that may come out of one that went in, after the first [`FREE_BYTES`].
    pub ratio: u64,
}

/// A million rows with thirty cells have about 1.5 GB. Deflate gets no further than 1030:1; a million
/// rows that differ in nothing but their numbers get to 25:1 (`tests/sheets.rs`), those of an .ods,
/// which have none, to 300:1.
pub(super) const SHEET: Limits = Limits { bytes: 2_000_000_000, ratio: 400 };
/// These are kept in memory.
pub(super) const STRINGS: Limits = Limits { bytes: 500_000_000, ratio: 400 };
/// The list of sheets, the formats of cells and the like: seldom more than 1 MB.
pub(super) const SMALL: Limits = Limits { bytes: 20_000_000, ratio: 1_100 };

/// What unpacks to no more than this may be as dense as it likes.
pub(super) const FREE_BYTES: u64 = 50_000_000;
/// One tag, or the text between two.
pub(super) const EVENT_BYTES: usize = 16_000_000;
/// How deep tags may be nested. Real ones stay below 20.
pub(super) const DEPTH: u32 = 200;
/// All the text of one row: a thousand cells as full as Excel lets them be with two-byte letters.
pub(super) const ROW_BYTES: usize = 64_000_000;
/// Files in the zip. A workbook with a thousand sheets has about 5,000.
pub(super) const ENTRIES: u64 = 10_000;
/// The directory of the zip, in bytes: as many entries with long names.
pub(super) const DIRECTORY_BYTES: u64 = 10_000_000;
