//! What stands between the cells of a text file, and how cells are quoted: found out from its beginning.
//!
//! There is no standard that files keep to (RFC 4180 describes one habit), so each delimiter is tried, and
//! the one that cuts the most rows into the same number of cells is taken.

use super::records::{Cut, cut};
use crate::record::Record;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Between two cells; `None` when a row is one cell.
    pub delimiter: Option<u8>,
    /// How a cell is quoted.
    pub quotes: Quotes,
    /// Whether whole rows are quoted once more: `"a,b"`.
    pub is_wrapped: bool,
    /// Whether the first line is no row but Excel's hint `sep=;`.
    pub has_hint: bool,
}

/// How a cell is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    /// `"a ""b"" c"`, as spreadsheets do.
    Doubled,
    /// `"a \"b\" c"`, as databases do.
    Backslash,
    /// `“a b”`, as word processors do.
    Curly,
    /// Quotes are characters as any other.
    None,
}

/// The delimiters that can be chosen, with their names.
pub const DELIMITERS: [(u8, &str); 4] =
    [(b',', "Comma"), (b';', "Semicolon"), (b'\t', "Tab"), (b'|', "Bar |")];

/// The kinds of quoting that can be chosen, with their names.
pub const QUOTES: [(Quotes, &str, &str); 4] = [
    (Quotes::Doubled, "doubled", "\"…\", doubled inside"),
    (Quotes::Backslash, "backslash", "\"…\", with \\ inside"),
    (Quotes::Curly, "curly", "“…”"),
    (Quotes::None, "none", "None"),
];

/// Rows that are looked at.
const ROWS: usize = 200;

/// How the text that begins with `sample` is most likely written. `is_whole` says that it has no more.
pub fn sniff(sample: &str, is_whole: bool) -> Dialect {
    let mut dialect =
        Dialect { delimiter: None, quotes: quotes(sample), is_wrapped: false, has_hint: false };
    if let Some(delimiter) = hint(sample) {
        return Dialect { delimiter: Some(delimiter), has_hint: true, ..dialect };
    }
    let evenness = |delimiter: u8, is_wrapped: bool| {
        let tried = Dialect { delimiter: Some(delimiter), is_wrapped, ..dialect };
        evenness(sample, is_whole, tried)
    };
    let mut best = 0;
    for is_wrapped in [false, true] {
        for (delimiter, _) in DELIMITERS {
            let even = evenness(delimiter, is_wrapped);
            // Wrapped rows are one cell each until they are unwrapped.
            if even > best {
                best = even;
                (dialect.delimiter, dialect.is_wrapped) = (Some(delimiter), is_wrapped);
            }
        }
        if best > 0 {
            break;
        }
    }
    dialect
}

/// The delimiter of `sep=;` in the first line.
fn hint(sample: &str) -> Option<u8> {
    let line = sample.lines().next()?.trim().trim_matches('"');
    let name = line.get(..4)?;
    match line.as_bytes().get(4..)? {
        [delimiter] if name.eq_ignore_ascii_case("sep=") => Some(*delimiter),
        // Trimming has taken the tab away.
        [] if name.eq_ignore_ascii_case("sep=") => Some(b'\t'),
        _ => None,
    }
}

fn quotes(sample: &str) -> Quotes {
    let is_curly = !sample.contains('"') && sample.contains('“') && sample.contains('”');
    if is_curly {
        Quotes::Curly
    } else if sample.contains("\\\"") && !sample.contains("\"\"") {
        Quotes::Backslash
    } else {
        Quotes::Doubled
    }
}

/// How evenly a delimiter cuts rows: 0 when into one cell each; more the more rows have the same number of
/// cells, and the more cells.
fn evenness(sample: &str, is_whole: bool, dialect: Dialect) -> u64 {
    let counts = counts(sample, is_whole, dialect);
    let common = |count: &usize| counts.iter().filter(|other| *other == count).count();
    let Some(cells) = counts.iter().copied().filter(|n| *n > 1).max_by_key(|n| (common(n), *n))
    else {
        return 0;
    };
    let share = (common(&cells) * 1_000 / counts.len()) as u64;
    // Fewer than a third alike is chance.
    if share < 334 { 0 } else { share * share * (8 + cells.min(24) as u64) }
}

/// The number of cells of the first rows.
fn counts(sample: &str, is_whole: bool, dialect: Dialect) -> Vec<usize> {
    let mut counts = Vec::new();
    let mut rest = sample;
    let mut row = Record::default();
    while counts.len() < ROWS {
        match cut(rest, dialect, is_whole, &mut row) {
            Cut::Row(len) => rest = &rest[len..],
            Cut::Unbalanced => {
                let literal = Dialect { quotes: Quotes::None, ..dialect };
                let Cut::Row(len) = cut(rest, literal, is_whole, &mut row) else { break };
                rest = &rest[len..];
            }
            Cut::NeedsMore | Cut::End => break,
        }
        if !row.is_blank() {
            counts.push(
                (0..row.len())
                    .rev()
                    .find(|at| !row.cell(*at).trim().is_empty())
                    .map_or(0, |at| at + 1),
            );
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniffed(sample: &str) -> (Option<char>, Quotes, bool) {
        let dialect = sniff(sample, true);
        (dialect.delimiter.map(char::from), dialect.quotes, dialect.is_wrapped)
    }

    #[test]
    fn the_delimiter_that_cuts_evenly_is_taken() {
        use Quotes::Doubled;
        assert_eq!(sniffed("phone,name\n1,a\n2,b"), (Some(','), Doubled, false));
        assert_eq!(sniffed("phone;name;sum\n1;a;1,5\n2;b;2,5"), (Some(';'), Doubled, false));
        assert_eq!(sniffed("phone\tname\n1\tSmith, J\n2\tDoe, J"), (Some('\t'), Doubled, false));
        assert_eq!(sniffed("a|b|c\n1|2|3"), (Some('|'), Doubled, false));
        assert_eq!(sniffed("+65 9123 4567\n+65 9234 5678"), (None, Doubled, false));
        assert_eq!(sniffed(""), (None, Doubled, false));
        assert_eq!(
            sniffed("name,phone\n\"Smith; J\",1\n\"Doe; J\",2"),
            (Some(','), Doubled, false)
        );
    }

    #[test]
    fn a_hint_is_believed_and_is_no_row() {
        let dialect = sniff("sep=|\na,b|c", true);
        assert_eq!((dialect.delimiter, dialect.has_hint), (Some(b'|'), true));
        assert_eq!(sniff("SEP=\t\r\na", true).delimiter, Some(b'\t'));
        assert!(!sniff("separate,b\n1,2", true).has_hint);
    }

    #[test]
    fn quoting_is_told_apart() {
        assert_eq!(sniffed("a,\"b \\\" c\"\nd,e").1, Quotes::Backslash);
        assert_eq!(sniffed("a,\"b \"\" c\"\nd,e").1, Quotes::Doubled);
        assert_eq!(sniffed("a,“b, c”\nd,e"), (Some(','), Quotes::Curly, false));
        assert_eq!(sniffed("\"name,phone\"\n\"a,1\"\n\"b,2\""), (Some(','), Quotes::Doubled, true));
    }
}
