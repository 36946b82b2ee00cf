//! What a cell of a CSV file must not begin with.

/// An apostrophe, if a spreadsheet would take the text for a formula and run it, else nothing (OWASP "CSV injection").
/// Spreadsheets look past spaces, and some take the full-width signs of East Asian keyboards for the usual ones.
pub fn formula_guard(text: &str) -> &'static str {
    let is_blank = |c: char| c.is_whitespace() || c.is_control() || "\u{feff}\u{200b}".contains(c);
    let begins = text.trim_start_matches(is_blank);
    let is_formula = begins.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    // A tab or a line break alone moves what follows into another cell of some programs.
    if is_formula || text.starts_with(['\t', '\r', '\n']) { "'" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::formula_guard;

    #[test]
    fn formulas_are_guarded_wherever_they_hide() {
        for text in [
            "=1+1",
            "+6591234567",
            "-2",
            "@SUM(1)",
            " =1",
            "\u{a0}=1",
            "\u{3000}=1",
            "\u{feff}=1",
            "\u{200b}+1",
            "\t1",
            "\r=1",
            "＝1",
            "　＠SUM(1)",
            "－1",
            "＋1",
            "\0=1",
        ] {
            assert_eq!(formula_guard(text), "'", "{text:?}");
        }
        for text in ["", "plain", "1=1", " a", "a-b", "'=1", "“=1”", " "] {
            assert_eq!(formula_guard(text), "", "{text:?}");
        }
    }
}
