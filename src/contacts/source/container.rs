//! What a file is by its first bytes, whatever its name says.

use crate::file_problem::FileProblem;

/// What there are readers for.
pub enum Container {
    /// A text, or anything that is not known to be something else.
    Text,
    /// A zip, as workbooks are.
    Zip,
    /// What Microsoft put documents into before, and encrypted ones still.
    Compound,
}

/// Beginnings of files that are no tables.
const OTHERS: [(&[u8], FileProblem); 13] = [
    (b"%PDF", FileProblem::Pdf),
    (b"\x89PNG", FileProblem::NotATable),
    (b"\xFF\xD8\xFF", FileProblem::NotATable),
    (b"GIF8", FileProblem::NotATable),
    (b"RIFF", FileProblem::NotATable),
    (b"MZ", FileProblem::NotATable),
    (b"\x7FELF", FileProblem::NotATable),
    (b"\0asm", FileProblem::NotATable),
    (b"SQLite format 3", FileProblem::NotATable),
    (b"\x1F\x8B", FileProblem::Packed),
    (b"7z\xBC\xAF", FileProblem::Packed),
    (b"Rar!", FileProblem::Packed),
    (b"{\\rtf", FileProblem::OtherDocument),
];

/// What begins with these bytes.
pub fn of(start: &[u8]) -> Result<Container, FileProblem> {
    if let Some((_, problem)) = OTHERS.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Err(problem.clone());
    }
    Ok(match start {
        [] => return Err(FileProblem::Empty),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Container::Zip,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Container::Compound,
        _ => Container::Text,
    })
}

/// Whether a text is none: it has control characters, which no table has. Those of Latin-1 are what a text
/// has that was written in another code page than was guessed.
pub fn is_binary(text: &str) -> bool {
    let is_odd = |c: &char| c.is_ascii_control() && !"\t\r\n\u{c}\u{1a}".contains(*c);
    let (odd, all) = text
        .chars()
        .take(10_000)
        .fold((0, 0), |(odd, all), c| (odd + usize::from(is_odd(&c)), all + 1));
    odd * 100 > all
}

/// Whether a text is a web page.
pub fn is_web_page(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(2_000).collect::<String>().to_lowercase();
    ["<!doctype html", "<html", "<table", "<meta", "<?xml"]
        .iter()
        .any(|mark| start.starts_with(mark))
}
