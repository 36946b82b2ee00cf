//! Numbers as text, so that a phone number that was kept as one survives.

use super::date::{Epoch, write_serial};
use super::format::Format;
use std::fmt::Write as _;

/// A workbook keeps fifteen digits of a number. From here on some may have been lost, and the text
/// has to show it.
const INEXACT: f64 = 1e15;
const EXACT_DIGITS: usize = 15;

/// Writes the number that the file has as `raw` the way `format` shows it.
///
/// Whole numbers are written as digits, without an exponent; those with more than fifteen, of which
/// the last may be wrong, in scientific notation. Fractions are rounded to fifteen digits, as a
/// spreadsheet shows them: `0.30000000000000004` is 0.3.
pub(super) fn write(raw: &str, format: Format, epoch: Epoch, out: &mut String) {
    let raw = raw.trim();
    let is_plain = raw.len() <= EXACT_DIGITS
        && !raw.starts_with('0')
        && raw.bytes().all(|digit| digit.is_ascii_digit());
    if is_plain && format == Format::Number {
        out.push_str(raw);
        return;
    }
    let value = match raw.parse::<f64>() {
        Ok(value) if value.is_finite() => value,
        _ => return out.push_str(raw),
    };
    match format {
        Format::Digits(width) if value.fract() == 0.0 && (0.0..INEXACT).contains(&value) => {
            let _ =
                write!(out, "{value:0width$}", width = usize::from(width), value = value as u64);
        }
        Format::Date(shown) if write_serial(value, shown, epoch, out) => (),
        _ => write_value(value, raw, out),
    }
}

fn write_value(value: f64, raw: &str, out: &mut String) {
    let written = if value.abs() >= INEXACT {
        if raw.contains(['e', 'E']) {
            return out.push_str(raw);
        }
        write!(out, "{value:E}")
    } else if value.fract() == 0.0 {
        write!(out, "{}", value as i64)
    } else {
        let rounded = format!("{value:.14e}").parse().unwrap_or(value);
        write!(out, "{rounded}")
    };
    // A `String` takes whatever is written.
    debug_assert!(written.is_ok());
}

/// What is shown of a number that is kept as `raw`, where it is the same number with zeros in front.
pub(super) fn with_zeros<'s>(raw: &str, shown: &'s str) -> Option<&'s str> {
    let is_padded = shown.len() > 1
        && shown.starts_with('0')
        && shown.bytes().all(|digit| digit.is_ascii_digit());
    (is_padded && raw.trim().parse::<f64>().ok() == shown.parse().ok()).then_some(shown)
}

#[cfg(test)]
mod tests {
    use super::super::date::Shown;
    use super::*;
    use proptest::prelude::*;

    fn written(raw: &str, format: Format) -> String {
        let mut out = String::new();
        write(raw, format, Epoch::From1900, &mut out);
        out
    }

    #[test]
    fn phone_numbers_survive() {
        for (raw, text) in [
            ("6591234567", "6591234567"),
            ("6.591234567E9", "6591234567"),
            ("6591234567.0", "6591234567"),
            ("123456789012345", "123456789012345"),
            ("1.23456789012345E+14", "123456789012345"),
            ("007", "7"),
            ("0", "0"),
            ("-0", "0"),
            ("-5", "-5"),
            ("19.989999999999998", "19.99"),
            ("0.30000000000000004", "0.3"),
            ("1e-7", "0.0000001"),
            ("", ""),
            ("inf", "inf"),
            ("nobody", "nobody"),
        ] {
            assert_eq!(written(raw, Format::Number), text, "{raw}");
        }
    }

    #[test]
    fn lost_digits_show() {
        assert_eq!(written("1.2345678901234501E+19", Format::Number), "1.2345678901234501E+19");
        assert_eq!(written("12345678901234567890", Format::Number), "1.2345678901234567E19");
        assert_eq!(written("9007199254740993", Format::Number), "9.007199254740992E15");
        assert_eq!(written("1234567890123450", Format::Digits(20)), "1.23456789012345E15");
    }

    #[test]
    fn zeros_in_front_that_the_format_shows_are_written() {
        assert_eq!(written("812345678", Format::Digits(10)), "0812345678");
        assert_eq!(written("8.12345678E8", Format::Digits(10)), "0812345678");
        assert_eq!(written("0", Format::Digits(3)), "000");
        assert_eq!(written("12345", Format::Digits(3)), "12345");
        assert_eq!(written("-1", Format::Digits(3)), "-1");
        assert_eq!(written("0.5", Format::Digits(3)), "0.5");
        assert_eq!(with_zeros("812345678", "0812345678"), Some("0812345678"));
        assert_eq!(with_zeros("812345679", "0812345678"), None);
        assert_eq!(with_zeros("0.5", "0.5"), None);
        assert_eq!(with_zeros("0", "0"), None);
    }

    #[test]
    fn what_is_no_date_stays_a_number() {
        assert_eq!(written("6591234567", Format::Date(Shown::Date)), "6591234567");
        assert_eq!(written("-1.5", Format::Date(Shown::Date)), "-1.5");
    }

    proptest! {
        #[test]
        fn a_number_is_written_as_the_same_number(value in prop_oneof![
            any::<i64>().prop_map(|whole| whole as f64), any::<f64>().prop_filter("finite", |v| v.is_finite()),
            (-1e9..1e9_f64),
        ]) {
            let text = written(&value.to_string(), Format::Number);
            let again: f64 = text.parse().unwrap();
            prop_assert!((again - value).abs() <= value.abs() * 1e-14, "{value} became {text}");
        }
    }
}
