//! A pasted text, taken apart into entries that each should be one number.

use domain::recipients::phone::Country;

/// Longest E.164 number, in digits: more cannot be one number.
const MOST_DIGITS: usize = 15;

/// The entries of `text`, in order, none of them blank.
///
/// Line ends, commas, semicolons, bars, tabs and slashes always separate; `or`, `and` and `&` do
/// between numbers. A space does not: people write `+65 9123 4567`. It does before a `+`, and where the
/// whole has more digits than a number can have while each of its words is a number.
pub fn split(text: &str, home: Option<Country>) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r', ',', ';', '|', '\t', '/'])
        .flat_map(before_each_plus)
        .flat_map(move |entry| between_words(entry, home))
        .flat_map(move |entry| words_if_numbers(entry, home))
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
}

/// `+65 9123 4567 +65 9234 5678` in two.
fn before_each_plus(line: &str) -> Vec<&str> {
    let mut starts = vec![0];
    starts.extend(
        line.match_indices('+')
            .map(|(at, _)| at)
            .filter(|at| line[..*at].ends_with(char::is_whitespace)),
    );
    starts.push(line.len());
    starts.windows(2).map(|pair| &line[pair[0]..pair[1]]).collect()
}

/// `9123 4567 or 9234 5678` in two.
fn between_words(entry: &str, home: Option<Country>) -> Vec<&str> {
    let may_be_several = entry.contains(|c: char| c.is_ascii_alphabetic() || c == '&' || c == ':');
    if may_be_several { numbers::several(entry, home) } else { vec![entry] }
}

fn words_if_numbers(entry: &str, home: Option<Country>) -> Vec<&str> {
    let words: Vec<&str> = entry.split_whitespace().collect();
    let digits = entry.chars().filter(char::is_ascii_digit).count();
    let all_are_numbers =
        || words.iter().all(|word| digits_in(word) >= 7 && numbers::check(word, home).is_ok());
    if words.len() > 1 && digits > MOST_DIGITS && all_are_numbers() { words } else { vec![entry] }
}

fn digits_in(word: &str) -> usize {
    word.chars().filter(char::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> Vec<&str> {
        split(text, Country::parse("SG")).collect()
    }

    #[test]
    fn the_usual_separators() {
        assert_eq!(entries("1\n2,3;4|5\t6/7\r\n\n8"), ["1", "2", "3", "4", "5", "6", "7", "8"]);
    }

    #[test]
    fn spaces_belong_to_a_number_unless_they_cannot() {
        assert_eq!(entries("+65 9123 4567"), ["+65 9123 4567"]);
        assert_eq!(entries("+65 9123 4567 +65 9234 5678"), ["+65 9123 4567", "+65 9234 5678"]);
        assert_eq!(entries("91234567 92345678"), ["91234567", "92345678"]);
        assert_eq!(entries("9123 4567"), ["9123 4567"]);
        assert_eq!(entries("9123 4567 or 9234 5678"), ["9123 4567", "9234 5678"]);
        assert_eq!(entries("Anna and Bob"), ["Anna and Bob"]);
        assert_eq!(entries("12 34 56 78 90 12 34 56 78"), ["12 34 56 78 90 12 34 56 78"]);
    }
}
