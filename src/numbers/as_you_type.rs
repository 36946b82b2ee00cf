//! A number as it is written while it is being typed: libphonenumber's `AsYouTypeFormatter`, whose
//! methods the functions here are named after.

use crate::format::{apply, groups};
use crate::number::Region;
use crate::tables::{self, Format, tables};

/// Digits before which no format is looked for: `MIN_LEADING_DIGITS_LENGTH`.
const FEWEST_LEADING_DIGITS: usize = 3;
/// Stands for a digit to come.
const PLACE: char = '\u{2008}';
/// More digits than any format has: `longestPhoneNumber`.
const MOST_DIGITS: usize = 15;

/// A number that is being typed, at the end of it.
#[derive(Clone, Debug, Default)]
pub struct AsYouType {
    home: Option<Region>,
    region: Option<&'static tables::Region>,
    /// All that was typed.
    typed: String,
    /// The plus and the digits of it.
    dialled: String,
    /// The digits behind the prefixes.
    national: Vec<u8>,
    /// What is written before them.
    before: String,
    national_prefix: Vec<u8>,
    space_after_prefix: bool,
    formats: Vec<&'static Format>,
    /// The groups of the format that the template is of.
    current: Option<&'static str>,
    template: Vec<char>,
    filled: usize,
    gave_up: bool,
    has_own_marks: bool,
    /// Whether there are prefixes, so that formats for numbers within an area do not apply.
    is_complete: bool,
    expects_code: bool,
}

impl AsYouType {
    /// Nothing typed yet. `home` is the region of numbers that have no country code.
    pub fn new(home: Option<Region>) -> Self {
        let region = home.map(|home| main_region(home.entry()));
        Self { home, region, ..Self::default() }
    }

    /// All of `text`, as if it had been typed one character after the other.
    pub fn format(text: &str, home: Option<Region>) -> String {
        let mut typing = Self::new(home);
        let mut written = String::new();
        for c in text.chars() {
            written = typing.push(c);
        }
        written
    }

    /// Types one more character, and returns how all of it is written now. Whoever types own marks
    /// gets back what was typed.
    pub fn push(&mut self, c: char) -> String {
        let is_first = self.typed.is_empty();
        self.typed.push(c);
        match tables().digit(c) {
            Some(digit) => {
                self.dialled.push(char::from(b'0' + digit));
                self.national.push(digit);
            }
            None if is_first && matches!(c, '+' | '＋') => self.dialled.push('+'),
            None => {
                self.gave_up = true;
                self.has_own_marks = true;
            }
        }
        self.written(self.national.last().copied())
    }

    fn written(&mut self, digit: Option<u8>) -> String {
        if self.gave_up {
            return self.written_after_giving_up();
        }
        match self.dialled.len() {
            0..=2 => return self.typed.clone(),
            3 if self.extract_idd() => self.expects_code = true,
            3 => {
                self.national_prefix = self.remove_national_prefix();
                return self.choose_format();
            }
            _ => {}
        }
        if self.expects_code {
            if self.extract_code() {
                self.expects_code = false;
            }
            return self.before.clone() + &text(&self.national);
        }
        if self.formats.is_empty() {
            return self.choose_format();
        }
        let so_far = digit.map_or_else(String::new, |digit| self.fill(digit));
        if let Some(written) = self.format_completely() {
            return written;
        }
        self.narrow_down();
        if self.make_template() {
            self.fill_all()
        } else if self.gave_up {
            self.typed.clone()
        } else {
            self.append_national(&so_far)
        }
    }

    /// Very long prefixes may be found late.
    fn written_after_giving_up(&mut self) -> String {
        if self.has_own_marks {
            return self.typed.clone();
        }
        if self.extract_idd() {
            if self.extract_code() {
                return self.choose_format_again();
            }
        } else if self.extract_longer_prefix() {
            self.before.push(' ');
            return self.choose_format_again();
        }
        self.typed.clone()
    }

    /// `attemptToChoosePatternWithPrefixExtracted`
    fn choose_format_again(&mut self) -> String {
        self.gave_up = false;
        self.expects_code = false;
        self.formats.clear();
        self.filled = 0;
        self.template.clear();
        self.current = None;
        self.choose_format()
    }

    /// `attemptToChooseFormattingPattern`
    fn choose_format(&mut self) -> String {
        if self.national.len() < FEWEST_LEADING_DIGITS {
            return self.append_national(&text(&self.national));
        }
        self.find_formats();
        if let Some(written) = self.format_completely() {
            return written;
        }
        if self.make_template() { self.fill_all() } else { self.typed.clone() }
    }

    /// `getAvailableFormats`
    fn find_formats(&mut self) {
        let Some(region) = self.region else { return };
        let has_prefix = !self.national_prefix.is_empty();
        let international = tables().formats(region.intl_formats);
        let use_international = self.is_complete && !has_prefix && !international.is_empty();
        let all = if use_international { international } else { tables().formats(region.formats) };
        for format in all {
            let first_group_only =
                format.rule.is_empty() || format.rule.trim_matches(['(', ')']) == "$1";
            let unfit = if has_prefix {
                first_group_only && !format.prefix_optional && !format.has_carrier
            } else {
                !self.is_complete && !first_group_only && !format.prefix_optional
            };
            if !unfit && is_eligible(format) {
                self.formats.push(format);
            }
        }
        self.narrow_down();
    }

    /// `narrowDownPossibleFormats`
    fn narrow_down(&mut self) {
        let Self { formats, national, .. } = self;
        let wanted = national.len().saturating_sub(FEWEST_LEADING_DIGITS);
        formats.retain(|format| {
            let last = tables().leading_patterns(format).checked_sub(1);
            last.is_none_or(|last| tables().begins(format, wanted.min(last), national))
        });
    }

    /// `attemptToFormatAccruedDigits`: the number in a format that it fills completely.
    fn format_completely(&mut self) -> Option<String> {
        for format in self.formats.clone() {
            if !crate::format::fits(format, self.national.len()) {
                continue;
            }
            self.space_after_prefix = has_separator(format);
            let mut number = String::new();
            apply(format, "", &self.national, &mut number);
            let written = self.append_national(&number);
            let is_dialled = |c: &char| c.is_ascii_digit() || matches!(c, '+' | '*' | '#');
            if written.chars().filter(is_dialled).eq(self.dialled.chars()) {
                return Some(written);
            }
        }
        None
    }

    /// `maybeCreateNewTemplate`
    fn make_template(&mut self) -> bool {
        while let Some(format) = self.formats.first().copied() {
            if self.current == Some(format.groups) {
                return false;
            }
            let most = groups(format).map(|group| group.1).sum::<usize>().min(MOST_DIGITS);
            if most >= self.national.len() {
                let mut template = String::new();
                apply(format, "", &[9; MOST_DIGITS][..most], &mut template);
                self.template =
                    template.chars().map(|c| if c == '9' { PLACE } else { c }).collect();
                self.current = Some(format.groups);
                self.space_after_prefix = has_separator(format);
                self.filled = 0;
                return true;
            }
            self.formats.remove(0);
        }
        self.gave_up = true;
        false
    }

    /// `inputAccruedNationalNumber`
    fn fill_all(&mut self) -> String {
        let mut filled = String::new();
        for digit in self.national.clone() {
            filled = self.fill(digit);
        }
        match (self.national.is_empty(), self.gave_up) {
            (true, _) => self.before.clone(),
            (false, true) => self.typed.clone(),
            (false, false) => self.append_national(&filled),
        }
    }

    /// `inputDigitHelper`: writes a digit into the template's next place.
    fn fill(&mut self, digit: u8) -> String {
        let has_place = self.template.iter().skip(self.filled).any(|c| *c == PLACE);
        let place = self.template.iter().position(|c| *c == PLACE).filter(|_| has_place);
        if let Some(at) = place {
            if let Some(place) = self.template.get_mut(at) {
                *place = char::from(b'0' + digit);
            }
            self.filled = at;
            return self.template.iter().take(at + 1).collect();
        }
        if self.formats.len() == 1 {
            self.gave_up = true;
        }
        self.current = None;
        self.typed.clone()
    }

    /// `appendNationalNumber`
    fn append_national(&self, national: &str) -> String {
        let space =
            self.space_after_prefix && !self.before.is_empty() && !self.before.ends_with(' ');
        format!("{}{}{national}", self.before, if space { " " } else { "" })
    }

    /// `attemptToExtractIdd`
    fn extract_idd(&mut self) -> bool {
        let plus = self.dialled.starts_with('+');
        let digits: Vec<u8> = digits(&self.dialled);
        let end = if plus {
            Some(0)
        } else {
            self.region.and_then(|region| tables().idd_end(region, &digits))
        };
        let Some(end) = end else { return false };
        self.is_complete = true;
        self.national = digits.get(end..).unwrap_or_default().to_vec();
        self.before =
            if plus { "+".to_owned() } else { text(digits.get(..end).unwrap_or_default()) + " " };
        true
    }

    /// `attemptToExtractCountryCallingCode`
    fn extract_code(&mut self) -> bool {
        let Some((code, length)) = tables().code_of(&self.national) else { return false };
        self.national.drain(..length);
        let region = Region(code.main);
        // Of a code found after another, libphonenumber keeps the other's rules when it is home's.
        if self.home != Some(region) {
            self.region = Some(region.entry());
        }
        self.before.push_str(&code.number.to_string());
        self.before.push(' ');
        self.national_prefix.clear();
        true
    }

    /// `ableToExtractLongerNdd`
    fn extract_longer_prefix(&mut self) -> bool {
        if !self.national_prefix.is_empty() {
            let prefix = text(&self.national_prefix);
            self.national.splice(..0, self.national_prefix.iter().copied());
            // People type the prefix behind the country code too: +44 (0)20…
            let mut before = self.before.as_bytes().windows(prefix.len());
            let at = before.rposition(|place| place == prefix.as_bytes());
            let at = at.unwrap_or(self.before.len());
            self.before.truncate(at);
        }
        let longer = self.remove_national_prefix();
        self.national_prefix != longer
    }

    /// `removeNationalPrefixFromNationalNumber`
    fn remove_national_prefix(&mut self) -> Vec<u8> {
        let Some(region) = self.region else { return Vec::new() };
        let is_north_american = tables().code_at(region.code).is_some_and(|code| code.number == 1);
        let end = match self.national.as_slice() {
            // No number there begins with 1, so this is the prefix.
            [1, second, ..] if *second > 1 && is_north_american => {
                self.before.push_str("1 ");
                1
            }
            all => {
                let end = tables().national_prefix_end(region, all).unwrap_or(0);
                self.before.push_str(&text(all.get(..end).unwrap_or_default()));
                end
            }
        };
        self.is_complete |= end > 0;
        self.national.drain(..end).collect()
    }
}

/// A code's formats are those of its main region.
fn main_region(region: &tables::Region) -> &'static tables::Region {
    Region(tables().code_at(region.code).map_or(0, |code| code.main)).entry()
}

/// `ELIGIBLE_FORMAT_PATTERN`: the groups in order, and nothing but marks between them.
fn is_eligible(format: &Format) -> bool {
    let only_marks = |piece: &str| !piece.contains(|c: char| c.is_ascii_alphanumeric());
    // Each piece but the first begins with the name of a group.
    format.text.split('$').enumerate().all(|(at, piece)| match at {
        0 => only_marks(piece),
        1 if !piece.starts_with('1') => false,
        _ => piece.get(1..).is_some_and(only_marks),
    })
}

/// `NATIONAL_PREFIX_SEPARATORS_PATTERN`
fn has_separator(format: &Format) -> bool {
    format.rule.contains([' ', '-'])
}

fn text(digits: &[u8]) -> String {
    digits.iter().map(|digit| char::from(b'0' + digit)).collect()
}

fn digits(text: &str) -> Vec<u8> {
    text.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect()
}
