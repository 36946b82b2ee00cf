//! What a cell's number format makes of a number, as far as it changes what the number means.

use super::date::Shown;

/// How a number is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// As a number.
    #[default]
    Number,
    /// With zeros in front until there are so many digits.
    Digits(u8),
    /// As a date or a time.
    Date(Shown),
}

impl Format {
    /// A format that every workbook has, by its number (ECMA-376 part 1, 18.8.30).
    pub fn built_in(id: u32) -> Self {
        match id {
            14..=17 => Self::Date(Shown::Date),
            18..=21 | 45 | 47 => Self::Date(Shown::Time),
            46 => Self::Date(Shown::Elapsed),
            // What these show depends on the language of the user's Excel.
            22 | 27..=36 | 50..=58 => Self::Date(Shown::Both),
            _ => Self::Number,
        }
    }

    /// A format by its code, such as `dd/mm/yyyy` or `00000`.
    pub fn custom(code: &str) -> Self {
        if !code.is_empty() && code.bytes().all(|letter| letter == b'0') {
            return Self::Digits(code.len().min(usize::from(u8::MAX)) as u8);
        }
        let mut parts = Parts::default();
        let mut letters = code.chars();
        while let Some(letter) = letters.next() {
            match letter.to_ascii_lowercase() {
                '"' => drop(letters.by_ref().find(|end| *end == '"')),
                // The next letter stands for itself, is as wide as the gap, or fills the cell.
                '\\' | '_' | '*' => drop(letters.next()),
                '[' => {
                    let rest = letters.as_str();
                    let (inside, after) = rest.split_once(']').unwrap_or((rest, ""));
                    parts.elapsed |= is_elapsed(inside);
                    letters = after.chars();
                }
                'd' | 'y' => parts.date = true,
                'h' | 's' => parts.time = true,
                'm' => parts.month_or_minute = true,
                // `AM/PM`: its M is no month.
                'a' if letters.as_str().starts_with(['M', 'm', '/']) => {
                    parts.time = true;
                    letters.next();
                }
                'p' if letters.as_str().starts_with(['M', 'm']) => drop(letters.next()),
                _ => (),
            }
        }
        parts.format()
    }
}

#[derive(Default)]
struct Parts {
    date: bool,
    time: bool,
    month_or_minute: bool,
    elapsed: bool,
}

impl Parts {
    fn format(&self) -> Format {
        match (self.date, self.time) {
            _ if self.elapsed => Format::Date(Shown::Elapsed),
            (true, true) => Format::Date(Shown::Both),
            (true, false) => Format::Date(Shown::Date),
            (false, true) => Format::Date(Shown::Time),
            (false, false) if self.month_or_minute => Format::Date(Shown::Date),
            (false, false) => Format::Number,
        }
    }
}

/// Whether it is the inside of `[h]`, `[mm]` or the like, and not a colour, a condition or a language.
fn is_elapsed(inside: &str) -> bool {
    let is_all = |unit: char| inside.chars().all(|letter| letter.eq_ignore_ascii_case(&unit));
    !inside.is_empty() && ['h', 'm', 's'].into_iter().any(is_all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_from_numbers() {
        let date = |shown| Format::Date(shown);
        for (code, format) in [
            ("General", Format::Number),
            ("#,##0.00 \"days\"", Format::Number),
            ("0.00\\d_s*y", Format::Number),
            ("[Red]0;[$USD-409]0", Format::Number),
            ("", Format::Number),
            ("@", Format::Number),
            ("dd/mm/yyyy", date(Shown::Date)),
            ("[$-409]MMM", date(Shown::Date)),
            ("d. mmmm yyyy \"um\" hh:mm", date(Shown::Both)),
            ("h:mm AM/PM", date(Shown::Time)),
            ("h:mm a/p", date(Shown::Time)),
            ("mm:ss.0", date(Shown::Time)),
            ("[hh]:mm", date(Shown::Elapsed)),
            ("[mm]:ss", date(Shown::Elapsed)),
            ("0000000000", Format::Digits(10)),
            ("00-00", Format::Number),
        ] {
            assert_eq!(Format::custom(code), format, "{code}");
        }
        assert_eq!(Format::built_in(14), date(Shown::Date));
        assert_eq!(Format::built_in(13), Format::Number);
        assert_eq!(Format::built_in(23), Format::Number);
    }
}
