//! What stands between the cells of a text file, and how cells are quoted: found out from its beginning.
//!
//! Each delimiter is tried, and the one that cuts the most rows into the same number of cells is taken.

use super::dialect::{DELIMITERS, Dialect, Quotes};
use super::records::{Cut, cut};
use crate::csv;
use crate::record::Record;

/// Rows that are looked at.
const ROWS: usize = 200;

/// How the text that begins with `sample` is most likely written. `is_whole` says that it has no more.
pub fn sniff(sample: &str, is_whole: bool) -> Dialect {
    if csv::is_rejects(sample) {
        return Dialect { is_ours: true, ..Dialect::default() };
    }
    if let Some(delimiter) = hint(sample) {
        let quotes = quotes(sample)[0];
        return Dialect {
            delimiter: Some(delimiter),
            quotes,
            has_hint: true,
            ..Dialect::default()
        };
    }
    let (mut best, mut even) =
        (Dialect { delimiter: None, quotes: quotes(sample)[0], ..Dialect::default() }, 0);
    for is_wrapped in [false, true] {
        for quotes in quotes(sample) {
            for (delimiter, _) in DELIMITERS {
                let tried = Dialect {
                    delimiter: Some(delimiter),
                    quotes: *quotes,
                    is_wrapped,
                    ..Dialect::default()
                };
                let evenness = evenness(sample, is_whole, tried);
                if evenness > even {
                    (best, even) = (tried, evenness);
                }
            }
        }
        // Wrapped rows are one cell each until they are unwrapped.
        if even > 0 {
            break;
        }
    }
    if even == 0 {
        best.delimiter = trailing(sample);
    }
    best
}

/// What most lines of a single column end with.
fn trailing(sample: &str) -> Option<u8> {
    let ends =
        sample.lines().take(ROWS).filter_map(|line| line.trim_end_matches(' ').bytes().last());
    let ends: Vec<u8> = ends.collect();
    let is_most =
        |delimiter: &u8| ends.iter().filter(|end| *end == delimiter).count() * 2 > ends.len();
    DELIMITERS.into_iter().map(|(delimiter, _)| delimiter).find(is_most)
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

/// How cells may be quoted, the likeliest first.
fn quotes(sample: &str) -> &'static [Quotes] {
    let is_curly = !sample.contains('"') && sample.contains('“') && sample.contains('”');
    if is_curly {
        &[Quotes::Curly]
    } else if sample.contains("\\\"") && !sample.contains("\"\"") {
        // `"C:\"` ends with a backslash that means nothing.
        &[Quotes::Backslash, Quotes::Doubled]
    } else {
        &[Quotes::Doubled]
    }
}

/// How evenly a delimiter cuts rows: 0 when into one cell each; more the more rows have the same number of
/// cells, and the more cells.
fn evenness(sample: &str, is_whole: bool, dialect: Dialect) -> u64 {
    let (counts, unbalanced) = counts(sample, is_whole, dialect);
    let common = |count: &usize| counts.iter().filter(|other| *other == count).count();
    let Some(cells) = counts.iter().copied().filter(|n| *n > 1).max_by_key(|n| (common(n), *n))
    else {
        return 0;
    };
    let share = (common(&cells) * 1_000 / counts.len()) as u64;
    // Fewer than a third alike is chance.
    let evenness = if share < 334 { 0 } else { share * share * (8 + cells.min(24) as u64) };
    // Of two ways to quote, the one that closes what it opens.
    evenness.saturating_sub(unbalanced)
}

/// The number of cells of the first rows, and in how many of them a quote is not closed.
fn counts(sample: &str, is_whole: bool, dialect: Dialect) -> (Vec<usize>, u64) {
    let (mut counts, mut unbalanced) = (Vec::new(), 0);
    let mut rest = sample;
    let mut row = Record::default();
    while counts.len() < ROWS {
        match cut(rest, dialect, is_whole, &mut row) {
            Cut::Row(len) => rest = &rest[len..],
            Cut::Unbalanced => {
                unbalanced += 1;
                let literal = Dialect { quotes: Quotes::None, ..dialect };
                let Cut::Row(len) = cut(rest, literal, is_whole, &mut row) else { break };
                rest = &rest[len..];
            }
            Cut::NeedsMore | Cut::End => break,
        }
        if !row.is_blank() {
            let filled = (0..row.len()).rev().find(|at| !row.cell(*at).trim().is_empty());
            let is_cut = !row.cells().any(|cell| is_of_another(cell, dialect));
            counts.push(filled.map_or(0, |at| at + 1).min(if is_cut { usize::MAX } else { 1 }));
        }
    }
    (counts, unbalanced)
}

/// Whether a quote stands beside another delimiter inside of a cell, as when `x,"a;b",y` is cut at the `;`.
fn is_of_another(cell: &str, dialect: Dialect) -> bool {
    let is_other = |byte: Option<&u8>| {
        byte.is_some_and(|byte| {
            Some(*byte) != dialect.delimiter && DELIMITERS.iter().any(|(known, _)| known == byte)
        })
    };
    let bytes = cell.as_bytes();
    let is_beside = |at: usize| {
        is_other(at.checked_sub(1).and_then(|at| bytes.get(at))) || is_other(bytes.get(at + 1))
    };
    cell.contains('"') && (0..bytes.len()).any(|at| bytes[at] == b'"' && is_beside(at))
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
    fn lists_in_quoted_cells_are_no_columns() {
        let rows = "91234567,\"a;b;c;d;e\",SG\n".repeat(200);
        assert_eq!(
            sniffed(&format!("phone,tags,city\n{rows}")),
            (Some(','), Quotes::Doubled, false)
        );
        let rows = "91234567;\"C:\\\"\n".repeat(3);
        assert_eq!(sniffed(&format!("phone;path\n{rows}")), (Some(';'), Quotes::Doubled, false));
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
