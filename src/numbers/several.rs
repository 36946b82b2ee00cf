//! Several numbers in one cell.

use crate::checked::check_one;
use domain::recipients::phone::Country;

/// The numbers of a cell that holds more than one, such as `9123 4567 or 9234 5678`; the cell as it is
/// when it does not.
///
/// It is taken apart only where each part is a number of its own: `+65 9123 4567 / 8` stays whole.
pub fn several(cell: &str, home: Option<Country>) -> Vec<&str> {
    let between = |c| matches!(c, '\n' | '\r' | '\t' | ';' | '|' | '/' | ',' | '&');
    let parts: Vec<&str> = cell
        .split(between)
        .flat_map(|part| part.split(":::"))
        .flat_map(|part| part.split(" or "))
        .flat_map(|part| part.split(" and "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let are_numbers = || parts.iter().all(|part| check_one(part, home).is_ok());
    if parts.len() > 1 && are_numbers() { parts } else { vec![cell] }
}

#[cfg(test)]
mod tests {
    use super::several;
    use domain::recipients::phone::Country;

    fn parts(cell: &str) -> Vec<&str> {
        several(cell, Country::parse("SG"))
    }

    #[test]
    fn a_cell_with_two_numbers_is_two() {
        for cell in [
            "9123 4567 / 9234 5678",
            "9123 4567 or 9234 5678",
            "9123 4567 and 9234 5678",
            "9123 4567 & 9234 5678",
            "9123 4567 ::: 9234 5678",
            "9123 4567\n\n9234 5678",
            "9123 4567; 9234 5678;",
        ] {
            assert_eq!(parts(cell), ["9123 4567", "9234 5678"], "{cell}");
        }
        assert_eq!(parts("91234567/92345678 or 93456789"), ["91234567", "92345678", "93456789"]);
    }

    #[test]
    fn a_cell_with_one_number_and_something_else_is_left_alone() {
        for cell in ["+65 9123 4567", "9123 4567 / 8", "9,123,4567", "rock & roll", ""] {
            assert_eq!(parts(cell), [cell]);
        }
    }
}
