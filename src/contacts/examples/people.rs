//! Writes a file of contacts as an office has it, the same one every time:
//! `cargo run --release -p contacts --example people -- csv|xlsx ROWS FILE`.
//!
//! Mobiles of many countries, most of them around Singapore, in the spellings that people use; 5 % that
//! are no number, 3 % that were there before in another spelling, names in several scripts, and now and
//! then a comma or a quotation mark in a cell. Every number is read back before the file counts as done.

use domain::recipients::phone::{Country, NumberDoubt};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use std::collections::HashSet;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

/// The columns.
const HEADER: [&str; 4] = ["phone", "first name", "last name", "member no"];
/// Where the numbers without a country code are from: the first of [`COUNTRIES`].
const HOME: &str = "SG";
/// Rows in a hundred that are no number.
const BROKEN: usize = 5;
/// Rows in a hundred with a number of before.
const TWICE: usize = 3;
/// Of how many of the last numbers one may come again.
const REMEMBERED: usize = 100_000;

/// How often, the country code, and how mobiles begin; X is any digit, N one from 2 to 9.
const COUNTRIES: [(usize, &str, &[&str]); 26] = [
    (240, "65", &["81XXXXXX", "82XXXXXX", "87XXXXXX", "91XXXXXX", "92XXXXXX", "96XXXXXX"]),
    (150, "62", &["812XXXXXXXX", "813XXXXXXXX", "821XXXXXXXX", "857XXXXXXXX", "878XXXXXXXX"]),
    (80, "66", &["81XXXXXXX", "89XXXXXXX", "91XXXXXXX", "62XXXXXXX"]),
    (80, "60", &["12XXXXXXX", "13XXXXXXX", "16XXXXXXX", "17XXXXXXX", "19XXXXXXX"]),
    (60, "63", &["917XXXXXXX", "905XXXXXXX", "918XXXXXXX", "927XXXXXXX"]),
    (60, "84", &["90XXXXXXX", "91XXXXXXX", "97XXXXXXX", "98XXXXXXX", "35XXXXXXX", "38XXXXXXX"]),
    (50, "91", &["98NXXXXXXX", "99NXXXXXXX", "97NXXXXXXX"]),
    (
        50,
        "1",
        &["212NXXXXXX", "312NXXXXXX", "415NXXXXXX", "512NXXXXXX", "617NXXXXXX", "206NXXXXXX"],
    ),
    (35, "44", &["741XXXXXXX", "753XXXXXXX", "772XXXXXXX", "785XXXXXXX", "796XXXXXXX"]),
    (25, "49", &["151XXXXXXXX", "157XXXXXXXX", "176XXXXXXXX", "160NXXXXXX", "171NXXXXXX"]),
    (20, "33", &["61XXXXXXX", "62XXXXXXX", "67XXXXXXX", "76XXXXXXX"]),
    (20, "55", &["119XXXXXXXX", "219XXXXXXXX", "319XXXXXXXX"]),
    (20, "81", &["90NXXXXXXX", "80NXXXXXXX", "70NXXXXXXX"]),
    (20, "61", &["40XXXXXXX", "41XXXXXXX", "42XXXXXXX", "43XXXXXXX"]),
    (20, "852", &["61XXXXXX", "62XXXXXX", "91XXXXXX", "93XXXXXX"]),
    (20, "86", &["138XXXXXXXX", "139XXXXXXXX", "150XXXXXXXX", "186XXXXXXXX"]),
    (10, "886", &["912XXXXXX", "920XXXXXX", "935XXXXXX"]),
    (10, "82", &["10NXXXXXXX"]),
    (5, "64", &["27NXXXXXX"]),
    (5, "34", &["61XXXXXXX", "62XXXXXXX", "65XXXXXXX"]),
    (5, "39", &["338XXXXXXX", "347XXXXXXX", "349XXXXXXX"]),
    (5, "31", &["61XXXXXXX", "62XXXXXXX"]),
    (5, "27", &["82XXXXXXX", "83XXXXXXX"]),
    (5, "971", &["50XXXXXXX", "55XXXXXXX"]),
    (5, "92", &["300XXXXXXX", "321XXXXXXX"]),
    (5, "94", &["77XXXXXXX", "71XXXXXXX"]),
];

/// What stands where a number should.
const NO_NUMBERS: [&str; 12] = [
    "",
    "",
    "n/a",
    "#N/A",
    "unknown",
    "no phone",
    "12345",
    "6.59E+09",
    "+65 912",
    "91234567 / 98765432",
    "+999 1234 5678",
    "659123456765912345676",
];

const FIRST_NAMES: [&str; 48] = [
    "Aisha",
    "Amélie",
    "Andrew",
    "Anh",
    "Anna",
    "Arjun",
    "Ben",
    "Budi",
    "Chloé",
    "Daniel",
    "David",
    "Devi",
    "Dewi",
    "Elena",
    "Emma",
    "Farah",
    "Grace",
    "Hana",
    "Hồng",
    "Ibrahim",
    "Ines",
    "Jan",
    "Jun Wei",
    "Jürgen",
    "Kavya",
    "Kenji",
    "Lars",
    "Li Na",
    "Lucía",
    "Maria",
    "Mei Ling",
    "Michael",
    "Min-jun",
    "Mohd Hafiz",
    "Nguyên",
    "Nurul",
    "Olivia",
    "Paulo",
    "Priya",
    "Rahul",
    "René",
    "Sara",
    "Siti",
    "Somchai",
    "Thomas",
    "Yuki",
    "伟",
    "小明",
];
const LAST_NAMES: [&str; 48] = [
    "Abdullah",
    "Becker",
    "Chan",
    "Chong",
    "Cruz",
    "Dubois",
    "Fernández",
    "Garcia",
    "Goh",
    "Groß",
    "Gupta",
    "Hoang",
    "Ismail",
    "Ito",
    "Jansen",
    "Jones",
    "Kim",
    "Koh",
    "Kowalski",
    "Kumar",
    "Lee",
    "Lim",
    "Martin",
    "Meißner",
    "Müller",
    "Nair",
    "Ng",
    "Nguyen",
    "Nilsson",
    "Ong",
    "Park",
    "Patel",
    "Pham",
    "Rahman",
    "Reyes",
    "Rossi",
    "Santos",
    "Sato",
    "Schmidt",
    "Setiawan",
    "Silva",
    "Smith",
    "Tan",
    "Tanaka",
    "Teo",
    "Wijaya",
    "李",
    "王",
];
/// Behind a last name: each of them makes the cell one that CSV has to quote.
const SUFFIXES: [&str; 4] = [", Dr", ", Jr.", " \"Ace\"", " (\"HQ\", level 3)"];

type Row = [String; HEADER.len()];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, count, file] = arguments.as_slice() else {
        eprintln!("people csv|xlsx ROWS FILE");
        return Ok(ExitCode::from(2));
    };
    let mut people = People::new();
    let rows = people.by_ref().take(count.parse()?);
    match kind.as_str() {
        "csv" => write_csv(rows, file)?,
        "xlsx" => write_xlsx(rows, file)?,
        _ => return Err(format!("“{kind}” is neither csv nor xlsx").into()),
    }
    let People { numbers, as_meant, broken, repeated, .. } = people;
    let meant = numbers.len() + repeated;
    eprintln!(
        "{meant} numbers, {as_meant} read as meant, {repeated} repeated; {broken} cells with none"
    );
    // Else what is measured is how fast numbers are refused.
    let well = as_meant * 100 >= meant * 99;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// As RFC 4180 has it, and as spreadsheets write it.
fn write_csv(rows: impl Iterator<Item = Row>, file: &str) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(File::create(file)?);
    writeln!(out, "{}\r", HEADER.join(","))?;
    for row in rows {
        let cells = row.map(|cell| match cell.contains([',', '"']) {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell,
        });
        writeln!(out, "{}\r", cells.join(","))?;
    }
    Ok(out.flush()?)
}

/// With shared strings, as Excel has them, and numbers where Excel would have made one of the text.
fn write_xlsx(rows: impl Iterator<Item = Row>, file: &str) -> Result<(), Box<dyn Error>> {
    let mut workbook = Workbook::new();
    // Else no two files would be the same.
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let sheet = workbook.add_worksheet();
    sheet.write_row(0, 0, HEADER)?;
    for (at, row) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(row) {
            let is_number = (1..=15).contains(&cell.len())
                && !cell.starts_with('0')
                && cell.bytes().all(|byte| byte.is_ascii_digit());
            match cell.parse::<f64>() {
                Ok(number) if is_number => sheet.write_number(at, column, number)?,
                _ => sheet.write_string(at, column, cell)?,
            };
        }
    }
    Ok(workbook.save(file)?)
}

/// Rows without end, and what they were meant to be.
struct People {
    dice: Dice,
    home: Option<Country>,
    /// All numbers so far, so that one comes again only where it is meant to.
    numbers: HashSet<u64>,
    /// The last of them, and how they were spelled.
    last: Vec<(Mobile, usize)>,
    member: u32,
    as_meant: usize,
    broken: usize,
    repeated: usize,
}

/// A number: its country, from 0, and its digits there.
#[derive(Clone)]
struct Mobile {
    country: usize,
    digits: String,
}

impl People {
    fn new() -> Self {
        Self {
            dice: Dice(2026),
            home: Country::parse(HOME),
            numbers: HashSet::new(),
            last: Vec::new(),
            member: 100_000,
            as_meant: 0,
            broken: 0,
            repeated: 0,
        }
    }

    fn phone(&mut self) -> String {
        let sort = self.dice.roll(100);
        if sort < BROKEN {
            self.broken += 1;
            return (*self.dice.pick(&NO_NUMBERS)).to_owned();
        }
        let (mobile, spelling) = if sort < BROKEN + TWICE && !self.last.is_empty() {
            self.repeated += 1;
            let (mobile, before) = self.dice.pick(&self.last).clone();
            let mut spelling = before;
            while mobile.spelled(spelling) == mobile.spelled(before) {
                spelling = self.dice.roll(mobile.spellings());
            }
            (mobile, spelling)
        } else {
            let mobile = self.another();
            let spelling = self.dice.roll(mobile.spellings());
            let seen = (mobile.clone(), spelling);
            match self.last.len() {
                REMEMBERED => self.last[self.numbers.len() % REMEMBERED] = seen,
                _ => self.last.push(seen),
            }
            (mobile, spelling)
        };
        let text = mobile.spelled(spelling);
        self.as_meant += usize::from(numbers::check(&text, self.home).is_ok_and(|checked| {
            checked.number.to_string() == format!("+{}", mobile.international())
                && checked.doubt != Some(NumberDoubt::UnknownRange)
        }));
        text
    }

    /// A number that was not there yet.
    fn another(&mut self) -> Mobile {
        loop {
            let mut place = self.dice.roll(COUNTRIES.iter().map(|country| country.0).sum());
            let country = COUNTRIES.iter().position(|(weight, ..)| {
                let is_here = place < *weight;
                place = place.saturating_sub(*weight);
                is_here
            });
            let country = country.unwrap_or_default();
            let start = *self.dice.pick(COUNTRIES[country].2);
            let digit = |c| match c {
                'X' => self.dice.digit(0),
                'N' => self.dice.digit(2),
                digit => digit,
            };
            let mobile = Mobile { country, digits: start.chars().map(digit).collect() };
            let is_new = mobile.international().parse().is_ok_and(|n| self.numbers.insert(n));
            if is_new {
                return mobile;
            }
        }
    }

    fn last_name(&mut self) -> String {
        let name = *self.dice.pick(&LAST_NAMES);
        match self.dice.roll(100) {
            0..3 => format!("{name}{}", self.dice.pick(&SUFFIXES)),
            _ => name.to_owned(),
        }
    }
}

impl Iterator for People {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        self.member += 1;
        let phone = self.phone();
        let first_name = (*self.dice.pick(&FIRST_NAMES)).to_owned();
        Some([phone, first_name, self.last_name(), self.member.to_string()])
    }
}

impl Mobile {
    fn international(&self) -> String {
        format!("{}{}", COUNTRIES[self.country].1, self.digits)
    }

    /// In how many ways it can be written: at home, also without its country code.
    fn spellings(&self) -> usize {
        if self.country == 0 { 24 } else { 14 }
    }

    fn spelled(&self, how: usize) -> String {
        let Self { country, digits } = self;
        let code = COUNTRIES[*country].1;
        match how {
            0..=4 => format!("+{code}{digits}"),
            5..=7 => format!("+{code} {}", self.grouped(" ")),
            8 => format!("+{code}-{}", self.grouped("-")),
            9 => format!("+{code} {}", self.grouped("-")),
            10 => format!("00{code}{digits}"),
            11 => format!("00{code} {}", self.grouped(" ")),
            12 => format!("{code}{digits}"),
            13 => format!("(+{code}) {}", self.grouped(" ")),
            14..=19 => digits.clone(),
            20..=22 => self.grouped(" "),
            _ => self.grouped("-"),
        }
    }

    fn grouped(&self, mark: &str) -> String {
        let digits = &self.digits;
        let (first, second) = match digits.len() {
            8 => return [&digits[..4], &digits[4..]].join(mark),
            9 => (2, 5),
            10 => (3, 6),
            _ => (3, 7),
        };
        [&digits[..first], &digits[first..second], &digits[second..]].join(mark)
    }
}

/// Numbers at random, by the way that `SplitMix64` makes them.
struct Dice(u64);

impl Dice {
    /// One of so many sides, from 0.
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ mixed >> 31) % sides as u64) as usize
    }

    /// One of all.
    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.roll(all.len())]
    }

    /// A decimal digit, `least` at least.
    fn digit(&mut self, least: u8) -> char {
        (b'0' + least + self.roll(usize::from(10 - least)) as u8) as char
    }
}
