//! Which way a text runs, for the field it is typed into.

/// How many characters decide. A text that has no letter in them has none that matter.
const LOOKED_AT: usize = 200;

/// Which way a text runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left, as Arabic and Hebrew do.
    RightToLeft,
}

impl Direction {
    /// What HTML calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

/// The way of the first letter, as browsers decide it too.
pub fn of(text: &str) -> Direction {
    let first = text.chars().take(LOOKED_AT).find(|c| c.is_alphabetic());
    match first {
        Some(letter) if is_right_to_left(letter) => Direction::RightToLeft,
        _ => Direction::LeftToRight,
    }
}

/// The blocks that Unicode keeps for scripts that run from right to left.
const fn is_right_to_left(letter: char) -> bool {
    matches!(
        letter,
        '\u{590}'..='\u{8ff}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_decides() {
        for (text, way) in [
            ("", Direction::LeftToRight),
            ("+65 9123 4567", Direction::LeftToRight),
            ("Hello שלום", Direction::LeftToRight),
            ("שלום Hello", Direction::RightToLeft),
            ("10% مرحبا", Direction::RightToLeft),
            ("您好", Direction::LeftToRight),
        ] {
            assert_eq!(of(text), way, "{text}");
        }
    }

    #[test]
    fn only_the_beginning_is_looked_at() {
        let numbers = "+6591234567\n".repeat(100_000);
        assert_eq!(of(&format!("{numbers}שלום")), Direction::LeftToRight);
    }
}
