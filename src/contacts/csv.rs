//! Rejected rows as a CSV file (RFC 4180) that opens in a spreadsheet as it was meant.

use crate::table::{Outcome, Table};
use domain::spreadsheet::formula_guard;

/// The file, with a byte order mark so that Excel reads it as UTF-8. Whoever drops it here again gets the
/// same rows: its columns are known by their names.
pub fn rejects(table: &Table) -> String {
    let has_files = (0..table.len()).any(|at| table.place(at).0 > 0);
    let mut out = String::from("\u{FEFF}");
    out.push_str(if has_files { "File,Row,Mobile" } else { "Row,Mobile" });
    for field in table.fields() {
        out.push(',');
        out.push_str(&cell(field));
    }
    out.push_str(",Reason\r\n");
    for at in 0..table.len() {
        let Outcome::Rejected(problem) = table.outcome(at) else { continue };
        let (_, name, row) = table.place(at);
        if has_files {
            out.push_str(&cell(name));
            out.push(',');
        }
        out.push_str(&format!("{row},{}", number(table.raw(at))));
        for field in 0..table.fields().len() {
            out.push(',');
            out.push_str(&cell(table.value(at, field)));
        }
        out.push_str(&format!(",{}\r\n", cell(&problem.to_string())));
    }
    out
}

/// Whether a text begins with the names that [`rejects`] writes above its columns: then it is known how it is
/// written, and nothing has to be guessed.
pub fn is_rejects(text: &str) -> bool {
    let names = text.split("\r\n").next().unwrap_or_default();
    (names.starts_with("Row,Mobile,") || names.starts_with("File,Row,Mobile,"))
        && names.ends_with(",Reason")
}

/// A cell with a number as it was written. Spreadsheets make a number of digits and lose its zeros, and a
/// date of anything: the apostrophe keeps it a text.
fn number(text: &str) -> String {
    let is_number_to_them = text.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if is_number_to_them { format!("\"'{}\"", doubled(text)) } else { cell(text) }
}

/// One cell, quoted. A cell that a spreadsheet would run as a formula gets an apostrophe in front
/// (OWASP "CSV injection"); reading contacts drops it again.
fn cell(text: &str) -> String {
    format!("\"{}{}\"", formula_guard(text), doubled(text))
}

fn doubled(text: &str) -> String {
    text.replace('"', "\"\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_quotes_doubled() {
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
        assert_eq!(cell("a \"b\""), "\"a \"\"b\"\"\"");
        assert_eq!(number("0123"), "\"'0123\"");
        assert_eq!(number("+65 1"), "\"'+65 1\"");
        assert_eq!(number("Ann"), "\"Ann\"");
    }
}
