//! A typed or pasted text, taken apart into entries that each should be one number.
//!
//! It is judged by its looks alone, not by what numbers there are: so the page, which knows none, counts
//! exactly what the worker will read.

/// Longest E.164 number, in digits: more cannot be one number.
const MOST_DIGITS: usize = 15;
/// Fewer digits are no number in a row of them, where spaces would be all that separates them.
const FEWEST_DIGITS: usize = 7;
/// Fewer digits are no number, even where there is a word between it and the next.
const FEWEST_DIGITS_AT_HOME: usize = 5;

/// How many entries there are in `text`.
pub fn count(text: &str) -> usize {
    split(text).count()
}

/// The entries of `text`, in order, none of them blank.
///
/// Line ends, commas, semicolons, bars, tabs and slashes always separate; `or`, `and` and `&` do
/// between numbers. A space does not: people write `+65 9123 4567`. It does before a `+`, and where the
/// whole has more digits than a number can have while each of its words may be a number.
pub fn split(text: &str) -> Entries<'_> {
    Entries { rest: text, found: Vec::new(), next: 0 }
}

/// A beginning of `text` of about so many bytes, and the rest: the entries of the two are those of the text.
pub fn begin(text: &str, bytes: usize) -> (&str, &str) {
    let behind = text.as_bytes().get(bytes..).unwrap_or_default();
    let end = behind.iter().position(|byte| separates(*byte)).map(|at| bytes + at + 1);
    end.and_then(|end| text.split_at_checked(end)).unwrap_or((text, ""))
}

/// The entries of a text.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    rest: &'a str,
    /// The entries of the piece before the rest.
    found: Vec<&'a str>,
    next: usize,
}

impl<'a> Iterator for Entries<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            if let Some(entry) = self.found.get(self.next) {
                self.next += 1;
                return Some(entry);
            }
            let piece = self.piece()?.trim();
            if piece.bytes().all(is_plain) {
                if !piece.is_empty() {
                    return Some(piece);
                }
                continue;
            }
            self.found.clear();
            self.next = 0;
            before_each_plus(piece, &mut self.found);
        }
    }
}

impl<'a> Entries<'a> {
    /// What stands before the next separator.
    fn piece(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.bytes().position(separates);
        let (piece, rest) =
            end.and_then(|at| self.rest.split_at_checked(at)).unwrap_or((self.rest, ""));
        self.rest = rest.get(1..).unwrap_or_default();
        Some(piece)
    }
}

/// Whether it separates wherever it stands.
const fn separates(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | b',' | b';' | b'|' | b'\t' | b'/')
}

/// Whether nothing can end before or begin after it.
const fn is_plain(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'(' | b')' | b'.')
}

/// `+65 9123 4567 +65 9234 5678` in two.
fn before_each_plus<'a>(piece: &'a str, found: &mut Vec<&'a str>) {
    let mut rest = piece;
    let mut from = 1;
    while let Some(at) = rest.get(from..).and_then(|behind| behind.find('+')) {
        let (before, behind) = rest.split_at(from + at);
        if before.ends_with(char::is_whitespace) {
            between_words(before.trim(), found);
            rest = behind;
            from = 1;
        } else {
            from += at + 1;
        }
    }
    between_words(rest, found);
}

/// `9123 4567 or 9234 5678` in two.
fn between_words<'a>(entry: &'a str, found: &mut Vec<&'a str>) {
    if entry.bytes().any(|byte| byte.is_ascii_alphabetic() || byte == b'&' || byte == b':') {
        let parts = || {
            let parts = entry.split('&').flat_map(|part| part.split(":::"));
            let parts =
                parts.flat_map(|part| part.split(" or ")).flat_map(|part| part.split(" and "));
            parts.map(str::trim).filter(|part| !part.is_empty())
        };
        if parts().count() > 1 && parts().all(|part| digits(part) >= FEWEST_DIGITS_AT_HOME) {
            return parts().for_each(|part| between_spaces(part, found));
        }
    }
    between_spaces(entry, found);
}

/// `91234567 92345678` in two.
fn between_spaces<'a>(entry: &'a str, found: &mut Vec<&'a str>) {
    let mut words = entry.split_whitespace();
    if digits(entry) > MOST_DIGITS && words.all(|word| digits(word) >= FEWEST_DIGITS) {
        found.extend(entry.split_whitespace());
    } else if !entry.is_empty() {
        found.push(entry);
    }
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entries(text: &str) -> Vec<&str> {
        split(text).collect()
    }

    #[test]
    fn the_usual_separators() {
        assert_eq!(entries("1\n2,3;4|5\t6/7\r\n\n8"), ["1", "2", "3", "4", "5", "6", "7", "8"]);
        assert_eq!(entries(" , \n"), [""; 0]);
    }

    #[test]
    fn spaces_belong_to_a_number_unless_they_cannot() {
        assert_eq!(entries("+65 9123 4567"), ["+65 9123 4567"]);
        assert_eq!(entries("+65 9123 4567 +65 9234 5678"), ["+65 9123 4567", "+65 9234 5678"]);
        assert_eq!(entries("91234567 92345678"), ["91234567", "92345678"]);
        assert_eq!(entries("9123 4567"), ["9123 4567"]);
        assert_eq!(entries("1+2 ++3\u{a0}+4"), ["1+2", "++3", "+4"]);
        assert_eq!(entries("12 34 56 78 90 12 34 56 78"), ["12 34 56 78 90 12 34 56 78"]);
    }

    #[test]
    fn words_separate_numbers_and_nothing_else() {
        for between in [" or ", " and ", " & ", "&", ":::", " ::: "] {
            let text = format!("9123 4567{between}9234 5678");
            assert_eq!(entries(&text), ["9123 4567", "9234 5678"], "{between}");
        }
        assert_eq!(entries("512 345 or 51 234 and 52345"), ["512 345", "51 234", "52345"]);
        assert_eq!(
            entries("9123 4567 (mobile) or 9234 5678 (home)"),
            ["9123 4567 (mobile)", "9234 5678 (home)"]
        );
        for whole in
            ["Anna and Bob", "rock & roll", "9123 4567 and 8", "9123 4567 or", "Tel: 9123 4567"]
        {
            assert_eq!(entries(whole), [whole]);
        }
    }

    #[test]
    fn a_million_digits_are_counted_as_they_are_read() {
        let list = "+65 9123 4567\r\n+6591234568\n91234569,91234560\n".repeat(50_000);
        assert_eq!(count(&list), 200_000);
    }

    proptest! {
        /// Nothing but separators is lost, and taking apart what was taken apart changes nothing.
        #[test]
        fn every_digit_is_in_an_entry(text in "[0-9+ ,;/\n\u{a0}é&:a-z]{0,80}") {
            let found = entries(&text);
            let in_entries: usize = found.iter().map(|entry| digits(entry)).sum();
            prop_assert_eq!(in_entries, digits(&text));
            for entry in found {
                prop_assert_eq!(entry, entry.trim());
                prop_assert_eq!(entries(entry), [entry]);
            }
        }

        /// Read in parts it is the same.
        #[test]
        fn parts_have_the_entries_of_the_whole(text in "[0-9+ ,;\né&]{0,80}", bytes in 0_usize..90) {
            let (begin, rest) = begin(&text, bytes);
            prop_assert_eq!(format!("{begin}{rest}"), text.clone());
            prop_assert_eq!([entries(begin), entries(rest)].concat(), entries(&text));
            prop_assert!(rest.is_empty() || begin.len() > bytes);
        }
    }
}
