//! Rejected rows as a CSV file (RFC 4180) that opens in a spreadsheet as it was meant.

use domain::recipients::Reject;

/// The file, with a byte order mark so that Excel reads it as UTF-8.
pub fn rejects(rejects: &[Reject]) -> String {
    let mut out = String::from("\u{FEFF}Row,Mobile,Reason\r\n");
    for Reject { row, raw, problem } in rejects {
        out.push_str(&format!("{row},{},{}\r\n", cell(raw), cell(&problem.to_string())));
    }
    out
}

/// One cell, quoted. A cell that a spreadsheet would run as a formula gets an apostrophe in front
/// (OWASP "CSV injection"); reading contacts drops it again.
fn cell(text: &str) -> String {
    let dangerous = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if dangerous { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::phone::NumberProblem;

    #[test]
    fn formulas_are_defused_and_quotes_doubled() {
        let reject =
            |raw: &str| Reject { row: 1, raw: raw.into(), problem: NumberProblem::TooShort };
        let csv = rejects(&[reject("=1+1"), reject("+65 1"), reject("a \"b\"")]);
        assert_eq!(
            csv,
            "\u{FEFF}Row,Mobile,Reason\r\n1,\"'=1+1\",\"it is too short\"\r\n\
             1,\"'+65 1\",\"it is too short\"\r\n1,\"a \"\"b\"\"\",\"it is too short\"\r\n"
        );
    }
}
