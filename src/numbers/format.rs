//! Numbers as they are written: libphonenumber's `format`. E.164 is a number's `Display`.

use crate::number::Number;
use crate::tables::{Format, tables};

/// libphonenumber's `DEFAULT_EXTN_PREFIX`.
const EXTENSION: &str = " ext. ";

impl Number {
    /// As it is written in its country: `020 7946 0123`. With its extension.
    pub fn national_format(&self) -> String {
        let mut written = String::new();
        let formats = tables().formats(self.main_region().formats);
        self.write(formats, true, &mut written);
        written
    }

    /// As it is written abroad: `+44 20 7946 0123`. With its extension.
    pub fn international_format(&self) -> String {
        let region = self.main_region();
        let international = tables().formats(region.intl_formats);
        let national = tables().formats(region.formats);
        let formats = if international.is_empty() { national } else { international };
        let mut written = format!("+{} ", self.country_code());
        self.write(formats, false, &mut written);
        written
    }

    fn write(&self, formats: &[Format], with_prefix: bool, out: &mut String) {
        let digits = self.national_digits();
        match formats.iter().find(|format| suits(format, digits)) {
            Some(format) => {
                let rule = if with_prefix { format.rule } else { "" };
                apply(format, rule, digits, out);
            }
            None => push(digits, out),
        }
        if !self.extension().is_empty() {
            let before = self.main_region().extension;
            out.push_str(if before.is_empty() { EXTENSION } else { before });
            push(self.extension(), out);
        }
    }
}

/// `chooseFormattingPatternForNumber`
fn suits(format: &Format, digits: &[u8]) -> bool {
    let patterns = tables().leading_patterns(format);
    // The last pattern is the most exact.
    fits(format, digits.len())
        && patterns.checked_sub(1).is_none_or(|last| tables().begins(format, last, digits))
}

/// Whether a format is for so many digits.
pub fn fits(format: &Format, digits: usize) -> bool {
    let (fewest, most) = groups(format).fold((0, 0), |(all_fewest, all_most), (fewest, most)| {
        (all_fewest + fewest, all_most + most)
    });
    (fewest..=most).contains(&digits)
}

/// The fewest and the most digits of each group.
pub fn groups(format: &Format) -> impl Iterator<Item = (usize, usize)> {
    let count = |byte: &u8| usize::from(byte.wrapping_sub(b'@'));
    format.groups.as_bytes().chunks_exact(2).filter_map(move |pair| match pair {
        [fewest, most] => Some((count(fewest), count(most))),
        _ => None,
    })
}

/// Writes digits in a format that fits them. `rule` says how the first group in it is written, if it
/// is not empty.
pub fn apply(format: &Format, rule: &str, digits: &[u8], out: &mut String) {
    let mut rule = Some(rule).filter(|rule| !rule.is_empty());
    let mut text = format.text.chars();
    while let Some(c) = text.next() {
        let Some(wanted) = (c == '$').then(|| text.next()).flatten() else {
            out.push(c);
            continue;
        };
        match rule.take().and_then(|rule| rule.split_once('$')) {
            Some((before, after)) => {
                out.push_str(before);
                push(group(format, wanted, digits), out);
                // The group's name, 1, comes first.
                out.push_str(after.get(1..).unwrap_or_default());
            }
            None => push(group(format, wanted, digits), out),
        }
    }
}

/// The digits of a group, named by its character from `1` on. Each takes as many as it can.
fn group<'a>(format: &Format, wanted: char, digits: &'a [u8]) -> &'a [u8] {
    let mut spare = digits.len().saturating_sub(groups(format).map(|group| group.0).sum());
    let mut start = 0;
    for (name, (fewest, most)) in ('1'..).zip(groups(format)) {
        let length = most.min(fewest + spare);
        if name == wanted {
            return digits.get(start..start + length).unwrap_or_default();
        }
        spare -= length - fewest;
        start += length;
    }
    &[]
}

fn push(digits: &[u8], out: &mut String) {
    out.extend(digits.iter().map(|digit| char::from(b'0' + digit)));
}
