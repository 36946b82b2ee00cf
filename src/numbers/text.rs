//! From any text to the digits of a number, as libphonenumber reads them: what comes before and
//! after is left away, letters may stand for digits, an extension is set apart.
//!
//! Nearly all texts are digits with the usual marks between them; [`plain`] reads these in one go.
//! All others take the long way through [`Text`], which does what libphonenumber's regular
//! expressions do, one function for each.

use crate::number::{Digits, FEWEST_DIGITS, MOST_EXTENSION_DIGITS, NotParsed};
use crate::prefix::Work;
use crate::tables::Tables;

/// The most characters of a text: `MAX_INPUT_STRING_LENGTH`.
const MOST_CHARACTERS: usize = 250;

/// What of a text may be a number.
#[derive(Clone, Debug, Default)]
pub struct Candidate {
    /// Whether it begins with a plus.
    pub plus: bool,
    /// Its digits, the letters among them as those of a telephone's keys.
    pub digits: Work,
    /// The digits of its extension.
    pub extension: Digits<MOST_EXTENSION_DIGITS>,
}

/// Finds the number in a text.
#[inline]
pub fn candidate(tables: &Tables, text: &str) -> Result<Candidate, NotParsed> {
    match plain(text.as_bytes()) {
        Some(found) => found,
        None => Text::decode(tables, text)?.candidate(),
    }
}

/// Reads a text that has nothing special in it; `None` when it has.
#[inline]
fn plain(text: &[u8]) -> Option<Result<Candidate, NotParsed>> {
    if text.len() > MOST_CHARACTERS {
        return None;
    }
    let mut found = Candidate::default();
    let mut bytes = text.iter().enumerate();
    // What comes before the number: anything, but for what gives it another meaning.
    let start = loop {
        match bytes.next() {
            None => return Some(Err(NotParsed::NotANumber)),
            Some((at, b'0'..=b'9' | b'+')) => break at,
            Some((_, b';' | 0x80..)) => return None,
            Some(_) => {}
        }
    };
    let mut at = start;
    while text.get(at) == Some(&b'+') {
        at += 1;
    }
    found.plus = at > start;
    let mut count = 0;
    let mut last = at;
    for (at, byte) in text.iter().enumerate().skip(at) {
        match byte {
            b'0'..=b'9' => {
                found.digits.push(byte - b'0');
                count += 1;
                last = at;
            }
            b' ' | b'-' | b'.' | b'(' | b')' | b'/' | b'[' | b']' | b'*' => {}
            _ => return None,
        }
    }
    // Two digits are enough when nothing is around them.
    let is_viable = count > FEWEST_DIGITS || count == FEWEST_DIGITS && last == start + 1;
    Some(if is_viable { Ok(found) } else { Err(NotParsed::NotANumber) })
}

/// The characters of a text.
struct Text<'a> {
    tables: &'a Tables,
    characters: [char; MOST_CHARACTERS],
    len: usize,
}

const EXTENSION_PARAMETER: &[u8] = b";ext=";
const PHONE_CONTEXT: &[u8] = b";phone-context=";
const ISDN_SUBADDRESS: &[u8] = b";isub=";
const TEL: &[u8] = b"tel:";

impl<'a> Text<'a> {
    fn decode(tables: &'a Tables, text: &str) -> Result<Self, NotParsed> {
        let mut decoded = Self { tables, characters: ['\0'; MOST_CHARACTERS], len: 0 };
        for c in text.chars() {
            decoded.push(c)?;
        }
        Ok(decoded)
    }

    fn push(&mut self, c: char) -> Result<(), NotParsed> {
        *self.characters.get_mut(self.len).ok_or(NotParsed::TooLong)? = c;
        self.len += 1;
        Ok(())
    }

    fn all(&self) -> &[char] {
        self.characters.get(..self.len).unwrap_or_default()
    }

    fn candidate(&self) -> Result<Candidate, NotParsed> {
        let in_context = self.in_context()?;
        let mut number = match &in_context {
            None => self.possible_number(),
            Some(number) => number.all(),
        };
        if let Some(at) = find(number, ISDN_SUBADDRESS).filter(|at| *at > 0) {
            number = before(number, at);
        }
        if !self.is_viable(number) {
            return Err(NotParsed::NotANumber);
        }
        let (number, extension) = self.strip_extension(number);
        let unsigned = after_pluses(number);
        let plus = unsigned.len() < number.len();
        Ok(Candidate { plus, digits: self.normalize(unsigned), extension })
    }

    /// `extractPossibleNumber`: from the first plus or digit to the last letter, digit or `#`, or to
    /// where a second number begins.
    fn possible_number(&self) -> &[char] {
        let all = self.all();
        let begins = |c: &char| is_plus(*c) || self.tables.digit(*c).is_some();
        let number = from(all, all.iter().position(begins).unwrap_or(all.len()));
        let ends = |c: &char| *c == '#' || self.tables.is_letter_or_number(*c);
        let number = before(number, number.iter().rposition(ends).map_or(0, |last| last + 1));
        before(number, second_number(number).unwrap_or(number.len()))
    }

    /// The number with the code that RFC 3966 gives it elsewhere in the text, if it gives one or says
    /// that there is none: `buildNationalNumberForParsing`.
    fn in_context(&self) -> Result<Option<Self>, NotParsed> {
        let all = self.all();
        let Some(at) = find(all, PHONE_CONTEXT) else { return Ok(None) };
        let context = from(all, at + PHONE_CONTEXT.len());
        let end = context.iter().position(|c| *c == ';').unwrap_or(context.len());
        let context = before(context, end);
        if !self.is_global_number(context) && !self.is_domain_name(context) {
            return Err(NotParsed::NotANumber);
        }
        let code = if context.first() == Some(&'+') { context } else { &[] };
        let start = find(all, TEL).map_or(0, |tel| tel + TEL.len());
        let number = all.get(start..at).unwrap_or_default();
        let mut spliced = Self { tables: self.tables, characters: ['\0'; MOST_CHARACTERS], len: 0 };
        code.iter().chain(number).try_for_each(|c| spliced.push(*c))?;
        Ok(Some(spliced))
    }

    /// `RFC3966_GLOBAL_NUMBER_DIGITS`
    fn is_global_number(&self, context: &[char]) -> bool {
        let is_digit = |c: &char| self.tables.digit(*c).is_some();
        let Some(('+', digits)) = context.split_first() else { return false };
        digits.iter().any(is_digit)
            && digits.iter().all(|c| is_digit(c) || matches!(c, '-' | '.' | '(' | ')'))
    }

    /// `RFC3966_DOMAINNAME`
    fn is_domain_name(&self, context: &[char]) -> bool {
        let is_alphanumeric = |c: char| c.is_ascii_alphabetic() || self.tables.digit(c).is_some();
        let is_label = |label: &[char]| {
            label.first().is_some_and(|c| is_alphanumeric(*c))
                && label.last().is_some_and(|c| is_alphanumeric(*c))
                && label.iter().all(|c| *c == '-' || is_alphanumeric(*c))
        };
        let context = context.strip_suffix(&['.']).unwrap_or(context);
        let top = context.rsplit(|c| *c == '.').next().and_then(<[char]>::first);
        context.split(|c| *c == '.').all(is_label) && top.is_some_and(char::is_ascii_alphabetic)
    }

    /// `isViablePhoneNumber`: two digits; or three with nothing but marks between them and before
    /// them, then digits, letters and marks, and maybe an extension.
    fn is_viable(&self, number: &[char]) -> bool {
        let is_digit = |c: &char| self.tables.digit(*c).is_some();
        if number.len() == FEWEST_DIGITS && number.iter().all(is_digit) {
            return true;
        }
        let number = after_pluses(number);
        let mut digits = 0;
        let mut third = number.len();
        for (at, c) in number.iter().enumerate() {
            let is_one = is_digit(c);
            if digits < 3 {
                if !(is_one || is_mark(*c)) {
                    return false;
                }
                digits += usize::from(is_one);
                third = at + 1;
            } else if !(is_one || is_mark(*c) || is_letter(*c)) {
                // Only an extension can go on like this; it may have begun before.
                let tail = self.tail(number);
                return tail.is_some_and(|tail| (third..=at).any(|at| tail.is_extension_at(at)));
            }
        }
        digits == 3
    }

    /// `maybeStripExtension`
    fn strip_extension<'b>(
        &self,
        number: &'b [char],
    ) -> (&'b [char], Digits<MOST_EXTENSION_DIGITS>) {
        let Some(tail) = self.tail(number) else { return (number, Digits::new()) };
        match (0..number.len()).find(|at| tail.is_extension_at(*at)) {
            Some(at) if self.is_viable(before(number, at)) => {
                let mut extension = Digits::new();
                let digits = tail.digits.iter().filter_map(|c| self.tables.digit(*c));
                digits.for_each(|digit| extension.push(digit));
                (before(number, at), extension)
            }
            _ => (number, Digits::new()),
        }
    }

    /// How `number` ends, if it can be with an extension.
    fn tail<'b>(&self, number: &'b [char]) -> Option<Tail<'b>> {
        let (unhashed, hash) = match number.split_last() {
            Some(('#', rest)) => (rest, true),
            _ => (number, false),
        };
        let is_other = |c: &char| self.tables.digit(*c).is_none();
        let start = unhashed.iter().rposition(is_other)? + 1;
        let (before, digits) = unhashed.split_at_checked(start)?;
        (1..=MOST_EXTENSION_DIGITS).contains(&digits.len()).then_some(Tail { before, digits, hash })
    }

    /// `normalize`: with three letters or more, each stands for a digit; else they are nothing.
    fn normalize(&self, number: &[char]) -> Work {
        let mut digits = Work::new();
        let is_vanity = number.iter().filter(|c| c.is_ascii_alphabetic()).count() >= 3;
        let value = |c: &char| if is_vanity { key(*c) } else { self.tables.digit(*c) };
        number.iter().filter_map(value).for_each(|digit| digits.push(digit));
        digits
    }
}

/// A text that ends with digits, 20 at most, and what comes before and after them.
struct Tail<'a> {
    before: &'a [char],
    digits: &'a [char],
    hash: bool,
}

impl Tail<'_> {
    /// Whether all from `at` on is an extension: `EXTN_PATTERNS_FOR_PARSING`. All its forms end with
    /// digits; the label before them decides how many they can be.
    fn is_extension_at(&self, at: usize) -> bool {
        let label = self.before.get(at..);
        label
            .and_then(|label| most_digits(label, self.hash))
            .is_some_and(|most| self.digits.len() <= most)
    }
}

/// How many digits an extension can have when this is between it and the number, if it is one at all.
fn most_digits(label: &[char], hash: bool) -> Option<usize> {
    let is = |text: &[char], expected: &[u8]| {
        text.len() == expected.len() && starts_folded(text, expected)
    };
    if is(label, EXTENSION_PARAMETER) && !hash {
        return Some(20);
    }
    let named = skip(label, |c| matches!(c, ' ' | '\u{A0}' | '\t' | ','));
    if explicit_label(named).is_some_and(is_after_label) {
        return Some(20);
    }
    if ambiguous_label(named).is_some_and(is_after_label) {
        return Some(9);
    }
    if hash && !label.is_empty() && label.iter().all(|c| matches!(c, '-' | ' ')) {
        return Some(6);
    }
    let spaced = skip(label, |c| matches!(c, ' ' | '\u{A0}' | '\t'));
    let dialled = spaced.strip_prefix(&[',', ',']).or_else(|| spaced.strip_prefix(&[';']));
    if dialled.is_some_and(is_after_label) {
        return Some(15);
    }
    let commas = skip(spaced, |c| c == ',');
    (commas.len() < spaced.len() && is_after_label(commas)).then_some(9)
}

/// What is behind a label such as `ext.` or `anexo`.
fn explicit_label(text: &[char]) -> Option<&[char]> {
    let latin = || {
        let text = strip_folded(text, "xt").or_else(|| strip_folded(text, "ext"))?;
        let long = strip_folded(text, "ensi").map(|text| {
            let accented = strip_folded(text, "o").map(|text| optional(text, "\u{301}"));
            accented.unwrap_or_else(|| optional(text, "ó"))
        });
        // `ensi` needs an o, which `n` may follow.
        let long = long.filter(|rest| rest.len() + 4 < text.len());
        Some(optional(long.unwrap_or(text), "n"))
    };
    let wide = || {
        let text = strip_folded(text, "ｘｔ").or_else(|| strip_folded(text, "ｅｘｔ"))?;
        Some(optional(text, "ｎ"))
    };
    latin()
        .or_else(wide)
        .or_else(|| strip_folded(text, "доб"))
        .or_else(|| strip_folded(text, "anexo"))
}

/// What is behind a mark that may mean something else.
fn ambiguous_label(text: &[char]) -> Option<&[char]> {
    ["x", "ｘ", "#", "＃", "~", "～", "int", "ｉｎｔ"]
        .iter()
        .find_map(|label| strip_folded(text, label))
}

/// Whether this may stand between a label and the digits.
fn is_after_label(text: &[char]) -> bool {
    let text = match text.split_first() {
        Some((':' | '.' | '．', rest)) => rest,
        _ => text,
    };
    text.iter().all(|c| matches!(c, ' ' | '\u{A0}' | '\t' | ',' | '-'))
}

fn optional<'a>(text: &'a [char], label: &str) -> &'a [char] {
    strip_folded(text, label).unwrap_or(text)
}

fn strip_folded<'a>(text: &'a [char], label: &str) -> Option<&'a [char]> {
    let mut rest = text.iter();
    for expected in label.chars() {
        if fold(*rest.next()?) != expected {
            return None;
        }
    }
    Some(rest.as_slice())
}

fn starts_folded(text: &[char], expected: &[u8]) -> bool {
    text.iter().zip(expected).all(|(c, expected)| fold(*c) == char::from(*expected))
}

/// The small letter, among those that a label can have, that `c` is another form of.
fn fold(c: char) -> char {
    match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        'İ' | 'ı' => 'i',
        'ſ' => 's',
        '\u{212A}' => 'k',
        'Ó' => 'ó',
        'Д' | '\u{1C81}' => 'д',
        'О' | '\u{1C82}' => 'о',
        'Б' => 'б',
        'Ｅ' => 'ｅ',
        'Ｘ' => 'ｘ',
        'Ｔ' => 'ｔ',
        'Ｎ' => 'ｎ',
        'Ｉ' => 'ｉ',
        _ => c,
    }
}

/// `PLUS_CHARS`
fn is_plus(c: char) -> bool {
    matches!(c, '+' | '\u{FF0B}')
}

/// `VALID_PUNCTUATION` and the star.
fn is_mark(c: char) -> bool {
    matches!(c, '-' | 'x' | 'X' | ' ' | '(' | ')' | '.' | '[' | ']' | '/' | '~' | '*'
        | '\u{A0}' | '\u{AD}' | '\u{200B}' | '\u{2010}'..='\u{2015}' | '\u{2053}' | '\u{2060}'
        | '\u{2212}' | '\u{223C}' | '\u{3000}' | '\u{30FC}' | '\u{FF08}' | '\u{FF09}'
        | '\u{FF0D}'..='\u{FF0F}' | '\u{FF3B}' | '\u{FF3D}' | '\u{FF5E}')
}

/// `VALID_ALPHA`, in either case.
fn is_letter(c: char) -> bool {
    fold(c).is_ascii_lowercase()
}

/// The digit that a telephone has a letter on; of digits themselves only ASCII's: `ALPHA_PHONE_MAPPINGS`.
fn key(c: char) -> Option<u8> {
    Some(match c {
        '0'..='9' => c as u8 - b'0',
        'ı' => 4,
        'ſ' => 7,
        _ => match c.to_ascii_lowercase() {
            'a'..='c' => 2,
            'd'..='f' => 3,
            'g'..='i' => 4,
            'j'..='l' => 5,
            'm'..='o' => 6,
            'p'..='s' => 7,
            't'..='v' => 8,
            'w'..='z' => 9,
            _ => return None,
        },
    })
}

/// Where a second number begins: `SECOND_NUMBER_START`.
fn second_number(text: &[char]) -> Option<usize> {
    let is_start = |at: &usize| {
        matches!(text.get(*at), Some('/' | '\\'))
            && skip(from(text, at + 1), |c| c == ' ').first() == Some(&'x')
    };
    (0..text.len()).find(is_start)
}

fn find(text: &[char], wanted: &[u8]) -> Option<usize> {
    let is_wanted = |window: &[char]| window.iter().zip(wanted).all(|(c, w)| *c == char::from(*w));
    text.windows(wanted.len()).position(is_wanted)
}

fn after_pluses(number: &[char]) -> &[char] {
    skip(number, is_plus)
}

fn skip(text: &[char], unwanted: impl Fn(char) -> bool) -> &[char] {
    from(text, text.iter().position(|c| !unwanted(*c)).unwrap_or(text.len()))
}

fn before(text: &[char], end: usize) -> &[char] {
    text.get(..end).unwrap_or_default()
}

fn from(text: &[char], start: usize) -> &[char] {
    text.get(start..).unwrap_or_default()
}
