//! Endless inputs for comparing with libphonenumber, the same ones for the same seed: example numbers
//! of every region and kind, mutated and spelled as people spell them, digits at random, and junk.

use super::metadata::{Kind, Region, read};

/// A source of inputs: pairs of a region's code, or `-`, and a text.
pub struct Inputs {
    regions: Vec<Region>,
    examples: Vec<(usize, String)>,
    dice: Dice,
}

const MARKS: [&str; 26] = [
    " ", " ", "-", "-", ".", "/", "(", ")", " (", ") ", "\u{A0}", "\u{2010}", "–", "\u{2212}", "~",
    "x", "*", "\u{3000}", "\u{FF0D}", "\u{200B}", "\u{2060}", "\u{AD}", ",", ";", "#", "[",
];
const DIGITS: [&str; 4] = ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９"];
const EXTENSIONS: [&str; 48] = [
    " ext. 12",
    "x12",
    " x 12",
    ";ext=123",
    " ext 1234567",
    "#12",
    "-12#",
    " - 503#",
    ",,,12",
    ";12",
    ",12",
    " anexo 5",
    " доб. 77",
    " ДОБ 7",
    " int 3",
    "INT3",
    "ｅｘｔ１２",
    "ｘ12",
    " extension 5",
    "Extensió 5",
    "extensio\u{301}n 99",
    ",,,,9#",
    "~12",
    "～12",
    "extn 12#",
    "x1234567890",
    "ext 123456789012345678901",
    "ext 12345678901234567890",
    "/x302",
    "/ x3",
    "\\x3",
    " / 91234567",
    " or 91234567",
    ";isub=12",
    ";isub=12;ext=3",
    "ext:12",
    "ext．12",
    "e12",
    "xt7",
    "eXtN7",
    " ,x, 5",
    ",-5",
    ",: 5",
    ";-5#",
    ",,;5",
    "ext\tt5",
    "extensi5",
    "  ,  ,  x  1",
];
const BEFORE: [&str; 28] = [
    "tel:",
    "Tel: ",
    "HP: ",
    "(",
    " ",
    "call ",
    "\u{200E}",
    "\u{202A}",
    "\"",
    "'",
    "=",
    "++",
    "+ ",
    "＋",
    "00",
    "011",
    "0011",
    "+0",
    "+00",
    "0",
    "*",
    "#",
    "１",
    "x",
    "WhatsApp +",
    ")",
    "~",
    "001",
];
const CONTEXTS: [&str; 13] = [
    ";phone-context=+65",
    ";phone-context=+1",
    ";phone-context=example.com",
    ";phone-context=",
    ";phone-context=+",
    ";phone-context=a.b-c.d3.",
    ";phone-context=3.a;ext=5",
    ";phone-context=-a",
    ";phone-context=+6-5.(0);ext=5",
    ";phone-context=1.2",
    ";phone-context=+٦٥",
    ";phone-context=..",
    ";phone-context=a..b",
];
const PREFIXES: [&str; 24] = [
    "00", "011", "0", "810", "0011", "001", "010", "119", "+0", "009", "020", "00 ", "1", "8",
    "15", "015", "06", "80", "044", "01", "183", "1831", "0015", "000",
];
const JUNK: [&str; 20] = [
    "0", "1", "5", "9", "+", " ", "-", "x", "a", "#", ",", ";", "ext", "~", ".", "*", "/", "٣",
    "＋", "(",
];

impl Inputs {
    /// Those of a seed. `metadata` is the collection that the tables were made of.
    pub fn new(metadata: &[u8], seed: u64) -> Self {
        let regions = read(metadata);
        let kinds = |region: &Region| -> [Kind; 11] {
            [
                &region.general,
                &region.fixed_line,
                &region.mobile,
                &region.toll_free,
                &region.premium_rate,
                &region.shared_cost,
                &region.voip,
                &region.personal_number,
                &region.pager,
                &region.uan,
                &region.voicemail,
            ]
            .map(Clone::clone)
        };
        let examples = regions
            .iter()
            .enumerate()
            .flat_map(|(index, region)| kinds(region).map(|kind| (index, kind.example)))
            .filter(|(_, example)| !example.is_empty())
            .collect();
        Self { regions, examples, dice: Dice(seed) }
    }

    fn home(&mut self) -> String {
        match self.dice.roll(20) {
            0 | 1 => "-".to_owned(),
            2 => "ZZ".to_owned(),
            _ => match self.dice.pick(&self.regions).id.as_str() {
                "001" => "-".to_owned(),
                id => id.to_owned(),
            },
        }
    }

    fn mutated(&mut self, mut digits: String) -> String {
        for _ in 0..[0, 0, 0, 1, 1, 2, 3][self.dice.roll(7)] {
            let at = self.dice.roll(digits.len() + 1);
            match self.dice.roll(8) {
                0..=2 if at < digits.len() => {
                    digits.replace_range(at..=at, &self.dice.digit().to_string());
                }
                3 if at < digits.len() => drop(digits.remove(at)),
                4 | 5 => digits.insert(at, self.dice.digit()),
                6 => (0..at.min(6)).for_each(|_| digits.push(self.dice.digit())),
                _ => digits.truncate(at),
            }
        }
        digits
    }

    /// A number's digits as they are dialled from abroad, at home, or by mistake.
    fn spelled(&mut self, region: usize, digits: &str) -> String {
        let Region { country_code: code, national_prefix: prefix, .. } = &self.regions[region];
        let any = self.dice.text(&PREFIXES);
        match self.dice.roll(20) {
            0..=5 => format!("+{code}{digits}"),
            6..=8 => format!("{prefix}{digits}"),
            9 | 10 => digits.to_owned(),
            11 | 12 => format!("{code}{digits}"),
            13 => format!("{any}{code}{digits}"),
            14 => format!("+{code}{prefix}{digits}"),
            15 => format!("+{code}(0){digits}"),
            16 => format!("{code}{prefix}{digits}"),
            17 => format!("+{digits}"),
            _ => format!("{any}{digits}"),
        }
    }

    fn decorated(&mut self, text: String) -> String {
        match self.dice.roll(20) {
            0..=7 => text,
            8..=11 => {
                let mut marked = String::new();
                for c in text.chars() {
                    marked.push(c);
                    if self.dice.roll(4) == 0 {
                        marked.push_str(self.dice.text(&MARKS));
                    }
                }
                marked
            }
            12 | 13 => text + self.dice.text(&EXTENSIONS),
            14 => self.dice.text(&BEFORE).to_owned() + &text,
            15 => {
                let script: Vec<char> = self.dice.text(&DIGITS).chars().collect();
                let other = |c: char| c.to_digit(10).map_or(c, |digit| script[digit as usize]);
                text.chars().map(other).collect()
            }
            16 => text + self.dice.text(&CONTEXTS),
            17 => {
                let letters: String = (0..self.dice.roll(6))
                    .map(|_| (b'A' + self.dice.roll(26) as u8) as char)
                    .collect();
                let at = self.dice.place(&text);
                format!("{}{letters}{}", &text[..at], &text[at..])
            }
            18 => text + self.dice.text(&EXTENSIONS) + self.dice.text(&EXTENSIONS),
            _ => {
                // Ranges of characters that exist: what to do with others depends on Unicode's version.
                let ranges =
                    [(32, 95), (0xA0, 0x160), (0x300, 0x70), (0x2000, 0x64), (0xFF01, 0x5D)];
                let (first, count) = *self.dice.pick(&ranges);
                let any = char::from_u32(first + self.dice.roll(count as usize) as u32);
                let at = self.dice.place(&text);
                format!("{}{}{}", &text[..at], any.unwrap_or(' '), &text[at..])
            }
        }
    }
}

impl Iterator for Inputs {
    type Item = (String, String);

    fn next(&mut self) -> Option<Self::Item> {
        let (home, text) = match self.dice.roll(20) {
            0..=15 => {
                let (region, example) = self.dice.pick(&self.examples).clone();
                let digits = self.mutated(example);
                let own = self.regions[region].id.clone();
                let home = if self.dice.roll(5) < 3 && own != "001" { own } else { self.home() };
                (home, self.spelled(region, &digits))
            }
            16..=18 => {
                let start = ["", "+", "+", "00", "0"][self.dice.roll(5)];
                let digits: String = (0..self.dice.roll(20)).map(|_| self.dice.digit()).collect();
                (self.home(), format!("{start}{digits}"))
            }
            _ => {
                let junk: String = (0..self.dice.roll(25)).map(|_| self.dice.text(&JUNK)).collect();
                (self.home(), junk)
            }
        };
        Some((home, self.decorated(text)))
    }
}

/// Numbers at random, by the way that `SplitMix64` makes them.
pub struct Dice(pub u64);

impl Dice {
    /// One of so many sides, from 0.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ mixed >> 31) % sides as u64) as usize
    }

    /// One of all.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.roll(all.len())]
    }

    /// One of all.
    fn text(&mut self, all: &[&'static str]) -> &'static str {
        all[self.roll(all.len())]
    }

    /// A decimal digit.
    pub fn digit(&mut self) -> char {
        (b'0' + self.roll(10) as u8) as char
    }

    /// The start of a character of `text`, or its end.
    fn place(&mut self, text: &str) -> usize {
        let places: Vec<usize> =
            text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        *self.pick(&places)
    }
}
