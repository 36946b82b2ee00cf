//! Throws files of any kind at everything that reads them, for as long as it is told to:
//! `cargo run --release -p contacts --example fuzz -- SECONDS [SEED]`.
//!
//! Files are bred from those of the tests and from workbooks by changing, cutting, repeating and joining
//! them; of a workbook also the XML inside, which is packed anew, so that the change gets past the checksum.
//! Each is read as it was found and as anybody might choose to read it, in pieces of any length. The laws are
//! those of `tests/pitfalls/law.rs`; nothing may panic, and nothing may take longer than its size explains.

#![expect(clippy::print_stdout, reason = "a command: what it prints is its result")]

#[path = "../tests/pitfalls/files.rs"]
mod files;
#[path = "../tests/pitfalls/law.rs"]
mod law;

use contacts::Source;
use contacts::text::encoding;
use domain::recipients::RepairKind;
use domain::recipients::input::{Chosen, Input};
use domain::recipients::phone::Country;
use law::How;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::io::{Cursor, Read, Write};
use std::time::{Duration, Instant};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// What any file may take, and so much more for each of its bytes; unpacked ones, of a workbook.
const PATIENCE: Duration = Duration::from_millis(200);
const PATIENCE_PER_BYTE: Duration = Duration::from_micros(20);
/// Files grow no larger than this.
const MOST_BYTES: usize = 200_000;

type Error = Box<dyn std::error::Error>;

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1).filter_map(|text| text.parse::<u64>().ok());
    let seconds = Duration::from_secs(arguments.next().unwrap_or(60));
    let seed = arguments.next().unwrap_or(1);
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9) | 1);
    let mut texts: Vec<Vec<u8>> = files::all().into_iter().map(|(_, bytes)| bytes).collect();
    let mut books = books()?;
    let (mut counts, mut slowest) = (Counts::default(), (Duration::ZERO, 0));
    let start = Instant::now();
    while start.elapsed() < seconds {
        let is_book = dice.roll(3) == 0;
        let (file, size) = if is_book {
            let book = bred_book(&mut dice, &books);
            let size = book.iter().map(|(_, part)| part.len()).sum::<usize>();
            let file = packed(&book)?;
            if dice.roll(8) == 0 {
                let at = dice.roll(books.len());
                books[at] = book;
            }
            // Now and then the package itself is changed.
            let file = if dice.roll(6) == 0 { bred(&mut dice, &[], file) } else { file };
            (file, size)
        } else {
            let from = dice.roll(texts.len());
            let file = bred(&mut dice, &texts, texts[from].clone());
            if dice.roll(4) == 0 {
                let at = dice.roll(texts.len());
                texts[at] = file.clone();
            }
            let size = file.len();
            (file, size)
        };
        let how = how(&mut dice, &file);
        let begin = Instant::now();
        let outcome = std::panic::catch_unwind(|| checked(&file, &how));
        let took = begin.elapsed();
        let patience = PATIENCE + PATIENCE_PER_BYTE * size as u32;
        let broken = match outcome {
            Err(_) => Some("it panicked".to_owned()),
            Ok(Err(law)) => Some(law),
            // Only what is slow again is slow.
            Ok(Ok(_)) if took > patience && again(&file, &how) > patience => {
                Some(format!("it took {took:?}"))
            }
            Ok(Ok(rows)) => {
                counts.add(is_book, rows);
                None
            }
        };
        if let Some(law) = broken {
            let at = std::env::temp_dir().join(format!("contacts-fuzz-{seed}"));
            std::fs::write(&at, &file)?;
            println!("{law}\n  {how:?}\n  the file is {}", at.display());
            std::process::exit(1);
        }
        if took > slowest.0 && again(&file, &how) > slowest.0 {
            slowest = (took, size);
        }
    }
    let Counts { texts, books, read, rows, rejected } = counts;
    println!(
        "{texts} texts and {books} workbooks in {:?}, of which {read} were read, with {rows} rows, {rejected} of them rejected; \
         the slowest took {:?} for {} bytes",
        start.elapsed(),
        slowest.0,
        slowest.1
    );
    Ok(())
}

/// What was read so far.
#[derive(Default)]
struct Counts {
    texts: u64,
    books: u64,
    read: u64,
    rows: u64,
    rejected: u64,
}

impl Counts {
    fn add(&mut self, is_book: bool, rows: Option<(u32, u32)>) {
        *(if is_book { &mut self.books } else { &mut self.texts }) += 1;
        let (all, rejected) = rows.unwrap_or_default();
        self.read += u64::from(rows.is_some());
        self.rows += u64::from(all);
        self.rejected += u64::from(rejected);
    }
}

/// The rows of a file and how many of them were rejected, or the law that is broken.
fn checked(file: &[u8], how: &How) -> Result<Option<(u32, u32)>, String> {
    let Some(contacts) = law::read("a.csv", file, how)? else { return Ok(None) };
    law::come_back(&contacts, how)?;
    // However it comes, it is the same.
    let whole = How { pieces: vec![], step: u32::MAX, ..how.clone() };
    let same = law::read("a.csv", file, &whole)?;
    let same = same.is_some_and(|same| {
        same.summary() == contacts.summary() && law::rejects(&same) == law::rejects(&contacts)
    });
    law::law(same, "it is the same in one piece")?;
    Ok(Some((contacts.summary().total, contacts.summary().unable)))
}

fn again(file: &[u8], how: &How) -> Duration {
    let times = (0..3).map(|_| {
        let begin = Instant::now();
        let _ = checked(file, how);
        begin.elapsed()
    });
    times.min().unwrap_or_default()
}

/// A way to read a file, of those that the page offers for it.
fn how(dice: &mut Dice, file: &[u8]) -> How {
    let mut chosen = Vec::new();
    let mut choose = |id: String, value: String| chosen.push(Chosen { id, value });
    let opened = Source::open(1, "a.csv", Box::new(law::Pieces::new(file.to_vec(), vec![])));
    if let Ok(source) = opened
        && dice.roll(3) > 0
    {
        let view = source.view();
        for _ in 0..dice.roll(4) {
            let columns = view.columns.len().min(6);
            let at = dice.roll(view.choices.len() + columns);
            let choice = view.choices.get(at).or_else(|| view.columns.get(at - view.choices.len()));
            let Some(choice) = choice else { continue };
            let value = match choice.options.len() {
                0 => String::new(),
                options => choice.options[dice.roll(options)].0.clone(),
            };
            choose(choice.id.clone(), value);
        }
        if dice.roll(8) == 0 {
            choose("encoding".to_owned(), dice.pick(&encoding::ALL).label().to_owned());
        }
        // Without numbers there is nothing to read.
        if dice.roll(4) > 0 {
            let column = dice.roll(view.columns.len().max(1));
            choose(format!("column-{column}"), "Mobile".to_owned());
        }
    }
    let undone = (0..dice.roll(3)).map(|_| *dice.pick(&RepairKind::ALL)).collect();
    let country = Country::parse(dice.pick::<&str>(&["SG", "US", "DE", "IT", "AU", "BR", "--"]));
    let input =
        Input { country, undone, include_duplicates: dice.roll(2) == 0, ..Input::default() };
    // A row that is cut is read again from its beginning, so not too many pieces.
    let pieces = (0..dice.roll(4)).map(|_| (1 << dice.roll(16)).max(file.len() / 500)).collect();
    How { input, chosen, pieces, step: 1 + dice.roll(50) as u32 }
}

/// The parts of a workbook, by name.
type Book = Vec<(String, Vec<u8>)>;

/// Workbooks to begin with.
fn books() -> Result<Vec<Book>, Error> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Guests")?;
    sheet.write_row(0, 0, ["Mobile", "First Name", "Born", "Note"])?;
    let day = Format::new().set_num_format("dd/mm/yyyy");
    for row in 1..40_u32 {
        match row % 3 {
            0 => sheet.write(row, 0, 6_591_234_000.0 + f64::from(row))?,
            1 => sheet.write(row, 0, format!("+65 9234 {row:04}"))?,
            _ => sheet.write(row, 0, format!("0065 1 {row}"))?,
        };
        sheet.write(row, 1, format!("Zoë {row}"))?;
        sheet.write_with_format(row, 2, ExcelDateTime::from_ymd(1965, 1, 1)?, &day)?;
        sheet.write(row, 3, "=1+1\nand \"more\", _x0041_")?;
    }
    sheet.set_row_hidden(3)?.set_column_hidden(2)?;
    let lists = workbook.add_worksheet().set_hidden(true);
    lists.write_column(0, 0, ["91234567", "n/a", "6.59E+09"])?;
    let mut plain = Workbook::new();
    let sheet = plain.add_worksheet();
    (0..20).try_for_each(|row| sheet.write(row, 1, 6_590_000_000.0 + f64::from(row)).map(drop))?;
    let ods = r##"<office:document-content><office:automatic-styles><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet><table:table table:name="T"><table:table-column/><table:table-column table:visibility="collapse"/><table:table-row><table:table-cell><text:p>phone</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"><text:p>name</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="3"><table:table-cell office:value-type="float" office:value="6591234567"><text:p>6.59E+09</text:p></table:table-cell><table:table-cell/><table:table-cell office:value-type="date" office:date-value="1965-01-01"><text:p>x<text:s text:c="3"/>y</text:p></table:table-cell></table:table-row><table:table-row table:visibility="filter"><table:table-cell><text:p>91234567</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>+65 1</text:p><text:p>&amp;</text:p></table:table-cell></table:table-row></table:table><table:table table:name="U" table:style-name="ta2"/></office:spreadsheet></office:body></office:document-content>"##;
    let part = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    Ok(vec![
        unpacked(&workbook.save_to_buffer()?)?,
        unpacked(&plain.save_to_buffer()?)?,
        vec![
            part("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            part("META-INF/manifest.xml", "<manifest:manifest/>"),
            part("content.xml", ods),
        ],
    ])
}

fn unpacked(file: &[u8]) -> Result<Book, Error> {
    let mut zip = ZipArchive::new(Cursor::new(file))?;
    let mut book = Book::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at)?;
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes)?;
        book.push((part.name()?.into_owned(), bytes));
    }
    Ok(book)
}

fn packed(book: &Book) -> Result<Vec<u8>, Error> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in book {
        zip.start_file(name.as_str(), SimpleFileOptions::default())?;
        zip.write_all(part)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// A workbook, some of whose parts are changed; mostly those with rows and texts.
fn bred_book(dice: &mut Dice, books: &[Book]) -> Book {
    let mut book = dice.pick(books).clone();
    let pieces: Vec<Vec<u8>> = books.iter().flatten().map(|(_, part)| part.clone()).collect();
    for _ in 0..1 + dice.roll(2) {
        let rows = |(name, _): &(String, Vec<u8>)| {
            ["sheet1.xml", "sharedStrings.xml", "styles.xml", "content.xml"]
                .iter()
                .any(|end| name.ends_with(end))
        };
        let likely: Vec<usize> = (0..book.len()).filter(|at| rows(&book[*at])).collect();
        let at = match likely.len() {
            0 => dice.roll(book.len()),
            count if dice.roll(5) > 0 => likely[dice.roll(count)],
            _ => dice.roll(book.len()),
        };
        let part = std::mem::take(&mut book[at].1);
        book[at].1 = bred(dice, &pieces, part);
    }
    book
}

/// Pieces that mean something to some reader.
const WORDS: [&str; 48] = [
    "\"",
    "\"\"",
    "\\\"",
    "“",
    "”",
    ",",
    ";",
    "\t",
    "|",
    "\r",
    "\n",
    "\r\n",
    "\n\n",
    "sep=;\n",
    "'",
    "=",
    "=\"",
    "+65 9123 4567",
    "91234567",
    "6.59E+09",
    "00",
    "n/a",
    "Mobile",
    "Row,Mobile,",
    ",Reason\r\n",
    "\u{FEFF}",
    "\u{200B}",
    "\u{0}",
    "\u{1}",
    "é",
    "東",
    "</v></c>",
    "<row>",
    "</row>",
    "<c t=\"s\"><v>0</v></c>",
    " r=\"A1\"",
    " r=\"2\"",
    " hidden=\"1\"",
    " t=\"str\"",
    " t=\"inlineStr\"",
    " t=\"d\"",
    "_x0000_",
    "_x000D_",
    "&#10;",
    "&#0;",
    "<![CDATA[",
    " table:number-rows-repeated=\"5\"",
    " table:number-columns-repeated=\"900\"",
];

fn bred(dice: &mut Dice, herd: &[Vec<u8>], mut bytes: Vec<u8>) -> Vec<u8> {
    for _ in 0..1 + dice.roll(5) {
        let at = dice.roll(bytes.len() + 1);
        let end = (at + dice.roll(1 + dice.0 as usize % 300)).min(bytes.len());
        match dice.roll(9) {
            0 => bytes.insert(at, dice.roll(256) as u8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                let long = piece.repeat(1 << dice.roll(9));
                bytes.splice(at..at, long.into_iter().take(20_000));
            }
            3 if !herd.is_empty() => {
                let other = dice.pick(herd);
                let from = dice.roll(other.len() + 1);
                let to = (from + dice.roll(2_000)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            4 => bytes[at..end].reverse(),
            5 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << dice.roll(8)),
            6 => {
                bytes.iter_mut().skip(at).take(end - at).for_each(|byte| *byte = b'0' + *byte % 10);
            }
            _ => drop(bytes.splice(at..at, dice.pick(&WORDS).bytes())),
        }
    }
    bytes.truncate(MOST_BYTES);
    bytes
}

/// The same throws for the same seed: xorshift.
struct Dice(u64);

impl Dice {
    /// 0 up to but without `sides`; 0 where there are none.
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) as usize).checked_rem(sides).unwrap_or_default()
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.roll(all.len())]
    }
}
