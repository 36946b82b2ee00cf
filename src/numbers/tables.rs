//! The tables that the build made of libphonenumber's metadata (`generate/`), unpacked once.
//!
//! Packed they are a sixth of what they are in memory, which is what a browser has to fetch; to
//! unpack them takes a few milliseconds.

use crate::decoder;
use crate::state::{ROW, State, VERDICT};
use std::sync::OnceLock;

/// What `generate/packed.rs` has packed.
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/tables.bin"));

/// Everything that is known of numbers.
#[derive(Debug)]
pub struct Tables {
    /// Which of libphonenumber's releases it is: `9.0.42`.
    pub version: &'static str,
    rows: Vec<u16>,
    verdicts: Vec<Verdict>,
    /// By country code, 1 more than the index in `codes`; 0 when there is no such code.
    code_index: Vec<u8>,
    codes: Vec<Code>,
    /// All regions, those of a code side by side, its main region first.
    pub regions: Vec<Region>,
    /// By two letters, 1 more than the index in `regions`.
    region_index: Vec<u8>,
    /// The programs of all prefixes.
    pub steps: Vec<Step>,
    formats: Vec<Format>,
    leading: Vec<State>,
    digits: Vec<(u32, u32)>,
    letters_and_numbers: Vec<(u32, u32)>,
}

/// What the digits after a country code say: see `generate/classify.rs`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Verdict {
    /// Which of the code's regions they belong to; [`NO_REGION`] for none.
    pub region: u8,
    /// The kind, as libphonenumber numbers them; 11 for none.
    pub kind: u8,
    /// The regions whose general pattern they match, as bits.
    pub general: u32,
}

/// Not one of a code's regions.
pub const NO_REGION: u8 = 31;

/// A country code.
#[derive(Clone, Copy, Debug, Default)]
pub struct Code {
    /// The code itself: 65.
    pub number: u16,
    /// The state before the first digit after it.
    pub root: State,
    /// The index of its main region.
    pub main: u8,
}

/// A region.
#[derive(Clone, Debug, Default)]
pub struct Region {
    /// Its two letters; `00` for a code that belongs to no country.
    pub id: [u8; 2],
    /// The index of its country code.
    pub code: u8,
    /// Its place among the regions of the code.
    pub slot: u8,
    /// The lengths that its numbers can have, as bits.
    pub lengths: u32,
    /// The lengths that can be dialled only within an area, as bits.
    pub lengths_local_only: u32,
    /// The program of the international prefix; 0 for none.
    pub idd: u16,
    /// The digits with which an international prefix can begin, as bits.
    pub idd_first: u16,
    /// The program of the national prefix; 0 for none.
    pub prefix: u16,
    /// The digits with which a national prefix can begin, as bits.
    pub prefix_first: u16,
    /// What replaces a national prefix: this, then the group, from 1; 0 for nothing.
    pub rule: (&'static str, u8),
    /// What is written before an extension, unless it is ` ext. `.
    pub extension: &'static str,
    /// The indices of its national formats.
    pub formats: (u16, u16),
    /// The indices of its international formats, when they differ.
    pub intl_formats: (u16, u16),
}

/// One step of a program: see `generate/pattern.rs`.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Takes one of these digits.
    Take(u16, u16),
    /// Tries one, then the other.
    Split(u16, u16),
    /// Begins (2n) or ends (2n + 1) group n, from 0.
    Mark(u8, u16),
    /// Goes on only at the end of the number.
    End(u16),
    /// Has matched.
    Match,
}

/// One way to write numbers.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Pairs of bytes, for each group the fewest and the most digits, counted from `@`.
    pub groups: &'static str,
    /// `$1 $2-$3`.
    pub text: &'static str,
    /// What `$1` becomes in national format, when it is not empty: `0$1`.
    pub rule: &'static str,
    /// Whether the national prefix is optional.
    pub prefix_optional: bool,
    /// Whether there is a way to write it with a carrier's code.
    pub has_carrier: bool,
    /// The indices of the automata of what numbers begin with, the most exact last.
    leading: (u16, u16),
}

/// The tables, unpacked when they are first asked for.
pub fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| unpack(Reader { bytes: PACKED }))
}

impl Tables {
    /// The state that `digits` lead to; each of them is 0 to 9.
    #[inline]
    pub fn walk(&self, root: State, digits: &[u8]) -> State {
        digits.iter().fold(root, |state, digit| {
            let at = usize::from(state) * ROW + usize::from(*digit);
            self.rows.get(at).copied().unwrap_or_default()
        })
    }

    /// What a state of a country code's automaton says.
    #[inline]
    pub fn verdict(&self, state: State) -> Verdict {
        self.verdicts.get(usize::from(self.said(state))).copied().unwrap_or_default()
    }

    #[inline]
    fn said(&self, state: State) -> u16 {
        self.rows.get(usize::from(state) * ROW + VERDICT).copied().unwrap_or_default()
    }

    /// The country code with this number.
    #[inline]
    pub fn code(&self, number: u16) -> Option<&Code> {
        let index = self.code_index.get(usize::from(number)).copied().unwrap_or_default();
        self.codes.get(usize::from(index).wrapping_sub(1))
    }

    /// The country code that `digits` begin with, and how many digits it has: `extractCountryCode`.
    #[inline]
    pub fn code_of(&self, digits: &[u8]) -> Option<(&Code, usize)> {
        let mut number = 0;
        // No code begins with 0, and none is the beginning of another.
        (1..).zip(digits.iter().take(3)).find_map(|(length, digit)| {
            number = number * 10 + u16::from(*digit);
            self.code(number).filter(|_| digits.first() != Some(&0)).map(|code| (code, length))
        })
    }

    /// The country code with this index.
    #[inline]
    pub fn code_at(&self, index: u8) -> Option<&Code> {
        self.codes.get(usize::from(index))
    }

    /// The index of the region with these two capital letters.
    pub fn region(&self, letters: [u8; 2]) -> Option<u8> {
        self.region_index.get(letters_index(letters)?).copied().unwrap_or_default().checked_sub(1)
    }

    /// The formats with these indices.
    pub fn formats(&self, (first, end): (u16, u16)) -> &[Format] {
        self.formats.get(usize::from(first)..usize::from(end)).unwrap_or_default()
    }

    /// How many patterns a format has for what numbers begin with.
    pub fn leading_patterns(&self, format: &Format) -> usize {
        usize::from(format.leading.1 - format.leading.0)
    }

    /// Whether `digits` begin like the format's pattern number `pattern`.
    pub fn begins(&self, format: &Format, pattern: usize, digits: &[u8]) -> bool {
        let root = self.leading.get(usize::from(format.leading.0) + pattern);
        root.is_some_and(|root| self.said(self.walk(*root, digits)) == 1)
    }

    /// The value of a decimal digit of any script.
    pub fn digit(&self, c: char) -> Option<u8> {
        if c.is_ascii() {
            return c.is_ascii_digit().then(|| c as u8 - b'0');
        }
        // Digits come in tens, in order.
        let (start, _) = find(&self.digits, c)?;
        Some(((u32::from(c) - start) % 10) as u8)
    }

    /// Whether `c` is a letter or a number in Unicode's sense.
    pub fn is_letter_or_number(&self, c: char) -> bool {
        if c.is_ascii() {
            return c.is_ascii_alphanumeric();
        }
        find(&self.letters_and_numbers, c).is_some()
    }
}

fn letters_index([a, b]: [u8; 2]) -> Option<usize> {
    let letter = |c: u8| c.is_ascii_uppercase().then(|| usize::from(c - b'A'));
    Some(letter(a)? * 26 + letter(b)?)
}

fn find(ranges: &[(u32, u32)], c: char) -> Option<(u32, u32)> {
    let c = u32::from(c);
    let after = ranges.partition_point(|(start, _)| *start <= c);
    ranges.get(after.checked_sub(1)?).copied().filter(|(_, end)| c <= *end)
}

/// Reads what `generate/packed.rs` has written. That it is well-formed is known when building, so
/// what is missing reads as 0.
#[derive(Clone, Copy)]
struct Reader {
    bytes: &'static [u8],
}

impl Reader {
    fn number(&mut self) -> usize {
        let mut number = 0;
        let mut shift = 0;
        while let Some((byte, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            number |= usize::from(byte & 0x7F) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }

    fn list(&mut self) -> Self {
        let length = self.number().min(self.bytes.len());
        let (list, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        Self { bytes: list }
    }

    fn text(&mut self) -> &'static str {
        std::str::from_utf8(self.list().bytes).unwrap_or_default()
    }

    fn numbers(&mut self, count: usize) -> Vec<u16> {
        (0..count).map(|_| self.number() as u16).collect()
    }

    fn column(&mut self) -> std::vec::IntoIter<usize> {
        let count = self.number();
        (0..count).map(|_| self.number()).collect::<Vec<_>>().into_iter()
    }

    fn ranges(&mut self) -> Vec<(u32, u32)> {
        let count = self.number();
        let mut at = 0;
        (0..count)
            .map(|_| {
                let start = at + self.number() as u32;
                at = start + self.number() as u32;
                (start, at)
            })
            .collect()
    }
}

fn unpack(mut packed: Reader) -> Tables {
    let version = packed.text();
    let code_count = packed.number();
    let code_numbers = packed.numbers(code_count);
    let region_counts = packed.numbers(code_count);
    let root_count = packed.number();
    let (rows, roots) = decoder::states(packed.list().bytes, root_count);
    let verdicts = verdicts(&mut packed);
    let steps = steps(&mut packed);
    let ids = packed.list().bytes;
    let columns: [Vec<usize>; 14] = std::array::from_fn(|_| packed.column().collect());
    let groups = packed.text();
    let names: Vec<&str> = packed.text().split('\n').collect();
    let digits = packed.ranges();
    let letters_and_numbers = packed.ranges();

    let at = |column: usize, index: usize| columns[column].get(index).copied().unwrap_or_default();
    let name = |index: usize| names.get(index).copied().unwrap_or_default();
    let groups: Vec<&str> = groups.split('\n').collect();

    let mut formats = Vec::new();
    let mut leading_end = 0;
    for (index, group) in columns[9].iter().enumerate() {
        let leading_start = leading_end;
        leading_end += at(12, index) as u16;
        formats.push(Format {
            groups: groups.get(*group).copied().unwrap_or_default(),
            text: name(at(10, index)),
            rule: name(at(11, index) >> 2),
            has_carrier: at(11, index) & 2 != 0,
            prefix_optional: at(11, index) & 1 == 1,
            leading: (leading_start, leading_end),
        });
    }
    let leading_roots = roots.get(code_count..).unwrap_or_default();
    let leading = columns[13]
        .iter()
        .map(|index| leading_roots.get(*index).copied().unwrap_or_default())
        .collect();

    let mut code_index = vec![0; 1000];
    let mut codes = Vec::new();
    let mut regions: Vec<Region> = Vec::new();
    let mut region_index = vec![0; 26 * 26];
    let mut format = 0;
    for (code, number) in code_numbers.iter().enumerate() {
        if let Some(index) = code_index.get_mut(usize::from(*number)) {
            *index = code as u8 + 1;
        }
        let root = roots.get(code).copied().unwrap_or_default();
        codes.push(Code { number: *number, root, main: regions.len() as u8 });
        for slot in 0..region_counts.get(code).copied().unwrap_or_default() {
            let index = regions.len();
            let id = ids.get(index * 2..index * 2 + 2).unwrap_or(b"00");
            let id = [id[0], id[1]];
            if let Some(place) = letters_index(id).and_then(|place| region_index.get_mut(place)) {
                *place = index as u8 + 1;
            }
            let mut next_formats = |count: usize| {
                let first = format;
                format += count as u16;
                (first, format)
            };
            regions.push(Region {
                id,
                code: code as u8,
                slot: slot as u8,
                lengths: at(0, index) as u32,
                lengths_local_only: at(1, index) as u32,
                idd: at(2, index) as u16,
                idd_first: first_digits(&steps, at(2, index)),
                prefix: at(3, index) as u16,
                prefix_first: first_digits(&steps, at(3, index)),
                rule: (name(at(4, index)), at(5, index) as u8),
                extension: name(at(6, index)),
                formats: next_formats(at(7, index)),
                intl_formats: next_formats(at(8, index)),
            });
        }
    }
    Tables {
        version,
        rows,
        verdicts,
        code_index,
        codes,
        regions,
        region_index,
        steps,
        formats,
        leading,
        digits,
        letters_and_numbers,
    }
}

fn verdicts(packed: &mut Reader) -> Vec<Verdict> {
    let count = packed.number();
    let regions = packed.numbers(count);
    let kinds = packed.numbers(count);
    let verdict = |(region, kind): (u16, u16)| Verdict {
        region: region as u8,
        kind: kind as u8,
        general: packed.number() as u32,
    };
    regions.into_iter().zip(kinds).map(verdict).collect()
}

fn steps(packed: &mut Reader) -> Vec<Step> {
    let count = packed.number();
    let mut steps = vec![Step::Match];
    for index in 1..count {
        let what = packed.number();
        let mut next = || match packed.number() {
            0 => 0,
            back => (index - back) as u16,
        };
        steps.push(match what & 3 {
            0 => Step::Take((what >> 2) as u16, next()),
            1 => Step::Split(next(), next()),
            2 => Step::Mark((what >> 2) as u8, next()),
            _ => Step::End(next()),
        });
    }
    steps
}

/// The digits with which a program can begin, as bits. What it does before the first digit, or
/// without any, changes nothing.
fn first_digits(steps: &[Step], start: usize) -> u16 {
    match steps.get(start) {
        Some(Step::Take(set, _)) => *set,
        Some(Step::Split(one, other)) => {
            first_digits(steps, usize::from(*one)) | first_digits(steps, usize::from(*other))
        }
        Some(Step::Mark(_, next) | Step::End(next)) => first_digits(steps, usize::from(*next)),
        Some(Step::Match) | None => 0,
    }
}
