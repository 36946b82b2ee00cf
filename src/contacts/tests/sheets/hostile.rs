//! Files that are damaged, that are something else, and that are made to do harm.

use super::fixtures::{PACKAGE_RELATIONS, Xlsx, ods, read, read_sheet, row, xlsx, zip};
use contacts::bytes::{Bytes, Gone};
use contacts::file_problem::FileProblem;
use contacts::sheet::Workbook;
use proptest::prelude::*;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const ROWS: &str =
    r#"<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>6591234567</v></c></row>"#;

fn small() -> Vec<u8> {
    let sheet = format!("<sheetData>{ROWS}</sheetData><hyperlinks/>");
    Xlsx { sheet: &sheet, strings: "<si><t>Anna</t></si>", ..Xlsx::default() }.file()
}

fn small_rows() -> Vec<super::fixtures::Row> {
    vec![row(2, &["Anna", "6591234567"])]
}

#[test]
fn other_files_are_told_from_damaged_ones() {
    let package = ("_rels/.rels", PACKAGE_RELATIONS);
    let binary = PACKAGE_RELATIONS.replace("workbook.xml", "workbook.bin");
    let cases: [(&[(&str, &str)], FileProblem); 7] = [
        (&[("a.txt", "a")], FileProblem::OtherDocument),
        (&[], FileProblem::OtherDocument),
        (&[package, ("xl/workbook.xml", "<w:document/>")], FileProblem::OtherDocument),
        (&[("_rels/.rels", &binary), ("xl/workbook.bin", "\u{1}")], FileProblem::OtherDocument),
        (&[package], FileProblem::Damaged),
        (&[package, ("xl/workbook.xml", "")], FileProblem::Damaged),
        (&[package, ("xl/workbook.xml", "<workbook/>")], FileProblem::NoSheet),
    ];
    for (parts, problem) in cases {
        assert_eq!(read(&zip(parts)), Err(problem), "{parts:?}");
    }
    assert_eq!(read(b""), Err(FileProblem::NotATable));
    assert_eq!(read(b"Name,Mobile\nAnna,6591234567\n"), Err(FileProblem::NotATable));
    assert_eq!(read(b"PK\x03\x04 and then nothing"), Err(FileProblem::Damaged));
}

#[test]
fn a_part_that_is_not_there_is_damage() {
    for missing in
        ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/SharedStrings.xml", "xl/workbook.xml"]
    {
        let parts = Xlsx::default().parts();
        let left = parts.iter().filter(|(name, _)| *name != missing);
        let left: Vec<_> = left.map(|(name, text)| (*name, text.as_str())).collect();
        assert_eq!(read(&zip(&left)), Err(FileProblem::Damaged), "{missing}");
    }
}

#[test]
fn a_file_that_ends_too_early_is_damaged() {
    let file = small();
    assert_eq!(read(&file).unwrap(), small_rows());
    for len in 4..file.len() {
        assert_eq!(read(&file[..len]), Err(FileProblem::Damaged), "{len}");
    }
}

#[test]
fn a_changed_part_is_damaged() {
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let sheet = format!("<sheetData>{ROWS}</sheetData>");
    let mut file = Xlsx { sheet: &sheet, strings: "<si><t>Anna</t></si>", ..Xlsx::default() }
        .file_with(stored);
    assert_eq!(read(&file).unwrap(), small_rows());
    let digit = file.windows(10).position(|part| part == b"6591234567").unwrap();
    file[digit] = b'9';
    assert_eq!(read(&file), Err(FileProblem::Damaged));
}

#[test]
fn xml_that_ends_too_early_is_damaged() {
    let sheet = format!("<worksheet><sheetData>{ROWS}</sheetData></worksheet>");
    let whole = sheet.find("</sheetData>").unwrap() + "</sheetData>".len();
    for len in 0..whole {
        let mut parts = Xlsx { strings: "<si><t>Anna</t></si>", ..Xlsx::default() }.parts();
        parts[4].1 = sheet[..len].to_owned();
        let parts: Vec<_> = parts.iter().map(|(name, text)| (*name, text.as_str())).collect();
        assert_eq!(read(&zip(&parts)), Err(FileProblem::Damaged), "{len}");
    }
}

#[test]
fn parts_may_be_written_without_their_sizes_in_front() {
    let mut stream = ZipWriter::new_stream(Vec::new());
    let sheet = format!("<sheetData>{ROWS}</sheetData>");
    for (name, content) in
        (Xlsx { sheet: &sheet, strings: "<si><t>Anna</t></si>", ..Xlsx::default() }).parts()
    {
        stream.start_file(name, SimpleFileOptions::default()).unwrap();
        stream.write_all(content.as_bytes()).unwrap();
    }
    let file = stream.finish().unwrap().into_inner();
    let flags = u16::from_le_bytes([file[6], file[7]]);
    assert_eq!(flags & 8, 8, "it has no data descriptors");
    assert_eq!(read(&file).unwrap(), small_rows());
}

fn u16_at(file: &[u8], at: usize) -> usize {
    usize::from(u16::from_le_bytes([file[at], file[at + 1]]))
}

/// Where the end of the zip, its directory and each entry of that are.
fn places(file: &[u8]) -> (usize, Vec<usize>) {
    let end = file.windows(4).rposition(|mark| mark == b"PK\x05\x06").unwrap();
    let mut at = u16_at(file, end + 16) + (u16_at(file, end + 18) << 16);
    let mut entries = Vec::new();
    while file[at..].starts_with(b"PK\x01\x02") {
        entries.push(at);
        at += 46 + u16_at(file, at + 28) + u16_at(file, at + 30) + u16_at(file, at + 32);
    }
    (end, entries)
}

/// The same zip with every size and place in its wide form.
fn widened(file: &[u8]) -> Vec<u8> {
    let (_, entries) = places(file);
    let directory_at = entries[0] as u64;
    let mut wide = file[..entries[0]].to_vec();
    for at in &entries {
        let name = &file[at + 46..at + 46 + u16_at(file, at + 28)];
        let mut entry = file[*at..at + 46].to_vec();
        let narrow = [24, 20, 42].map(|field| entry[field..field + 4].to_vec());
        [24, 20, 42].into_iter().for_each(|field| entry[field..field + 4].fill(0xFF));
        entry[30..34].copy_from_slice(&[33, 0, 0, 0]);
        wide.extend(entry);
        wide.extend(name);
        // Another extra field in front.
        wide.extend([0x55, 0x54, 1, 0, 0, 1, 0, 24, 0]);
        narrow.iter().for_each(|value| wide.extend([value.as_slice(), &[0; 4]].concat()));
    }
    let end_at = wide.len() as u64;
    wide.extend(b"PK\x06\x06");
    wide.extend([44, 0, 0, 0, 0, 0, 0, 0, 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let count = entries.len() as u64;
    [count, count, end_at - directory_at, directory_at]
        .into_iter()
        .for_each(|field| wide.extend(field.to_le_bytes()));
    wide.extend(b"PK\x06\x07\0\0\0\0");
    wide.extend(end_at.to_le_bytes());
    wide.extend([1, 0, 0, 0]);
    wide.extend(b"PK\x05\x06\0\0\0\0");
    wide.extend([0xFF; 12]);
    wide.extend([0, 0]);
    wide
}

#[test]
fn a_zip_may_be_wide_and_have_a_comment() {
    let mut wide = widened(&small());
    assert_eq!(read(&wide).unwrap(), small_rows());
    let len = wide.len();
    wide[len - 2..].copy_from_slice(&[9, 0]);
    wide.extend(b"a comment");
    assert_eq!(read(&wide).unwrap(), small_rows());
    for len in 4..wide.len() - 9 {
        assert!(read(&wide[..len]).is_err(), "{len}");
    }
}

#[test]
fn an_encrypted_part_asks_for_its_password() {
    let mut file = small();
    places(&file).1.into_iter().for_each(|entry| file[entry + 8] |= 1);
    assert_eq!(read(&file), Err(FileProblem::Password));
}

/// A zip whose part `name` unpacks to `start` and then `unit` for `len` bytes.
fn stuffed(name: &str, start: &str, unit: &str, len: usize) -> Vec<u8> {
    let mega = unit.repeat(1_000_000 / unit.len());
    let mut packed = deflated(start);
    packed.extend(deflated(&mega).repeat(len / mega.len()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = Xlsx::default().parts();
    for (part, content) in &parts {
        zip.start_file(*part, options).unwrap();
        zip.write_all(if *part == name { &packed } else { content.as_bytes() }).unwrap();
    }
    let mut file = zip.finish().unwrap().into_inner();
    let stuffed = parts.iter().position(|(part, _)| *part == name).unwrap();
    let entry = places(&file).1[stuffed];
    file[entry + 10] = 8;
    file
}

/// A piece of a deflated part, after which another can follow.
fn deflated(text: &str) -> Vec<u8> {
    let mut packed = Vec::with_capacity(text.len() + 1_000);
    let mut compress = flate2::Compress::new(flate2::Compression::best(), false);
    compress.compress_vec(text.as_bytes(), &mut packed, flate2::FlushCompress::Full).unwrap();
    packed
}

#[test]
fn bombs_are_not_unpacked() {
    for (name, start, unit, len) in [
        // Denser than any sheet.
        ("xl/worksheets/sheet1.xml", "<worksheet><sheetData>", "<row/>", 60_000_000),
        ("xl/SharedStrings.xml", "<sst>", "<si/>", 60_000_000),
        // One text without an end.
        ("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c><v>", "1", 20_000_000),
        ("xl/worksheets/sheet1.xml", "<worksheet a='", " ", 20_000_000),
        // Many texts in one cell.
        (
            "xl/SharedStrings.xml",
            "<sst><si>",
            "<t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t>",
            90_000_000,
        ),
        // More than these ever need.
        ("xl/styles.xml", "<styleSheet>", "<xf/>", 21_000_000),
        ("xl/workbook.xml", "<workbook>", "<a/>", 21_000_000),
    ] {
        let file = stuffed(name, start, unit, len);
        assert!(len / file.len() > 100, "{name} {start}: {}", file.len());
        assert_eq!(read(&file), Err(FileProblem::Bomb), "{name} {start}");
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    (0..10_001).for_each(|n| zip.start_file(n.to_string(), SimpleFileOptions::default()).unwrap());
    assert_eq!(read(&zip.finish().unwrap().into_inner()), Err(FileProblem::Bomb));
}

#[test]
fn a_long_text_that_many_cells_share_does_not_fill_the_memory() {
    let strings = format!("<si><t>{}</t></si>", "a".repeat(1_000_000));
    let cells = r#"<c t="s"><v>0</v></c>"#.repeat(1_000);
    let sheet = format!("<sheetData><row>{cells}</row></sheetData>");
    let file = Xlsx { sheet: &sheet, strings: &strings, ..Xlsx::default() }.file();
    assert_eq!(read(&file), Err(FileProblem::Bomb));
    let cell = format!(
        r#"<table:table-cell table:number-columns-repeated="1000"><text:p>{}</text:p></table:table-cell>"#,
        "a".repeat(1_000_000)
    );
    let table = |cell: &str| {
        format!("<table:table><table:table-row>{cell}</table:table-row></table:table>")
    };
    assert_eq!(read(&ods(&table(&cell))), Err(FileProblem::Bomb));
    let spaces = r#"<table:table-cell><text:p><text:s text:c="18446744073709551615"/><text:s text:c="99999999"/></text:p></table:table-cell>"#;
    assert_eq!(read(&ods(&table(spaces))), Err(FileProblem::Bomb));
}

#[test]
fn tags_may_not_be_nested_without_end() {
    let deep = |depth| format!("{}{}", "<row>".repeat(depth), "</row>".repeat(depth));
    assert_eq!(read(&xlsx(&deep(100))), Ok(vec![]));
    assert_eq!(read(&xlsx(&deep(100_000))), Err(FileProblem::Damaged));
    assert_eq!(read(&ods(&deep(100_000))), Err(FileProblem::Damaged));
}

#[test]
fn entities_are_not_looked_up() {
    let mut parts = Xlsx::default().parts();
    parts[4].1 = r#"<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row><c t="str"><v>&a;&b;&amp;</v></c></row></sheetData></worksheet>"#.to_owned();
    let parts: Vec<_> = parts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    assert_eq!(read(&zip(&parts)).unwrap(), [row(1, &["&a;&b;&"])]);
}

/// A file that can be read so many times.
struct Vanishing<'a>(&'a [u8], u32);

impl Bytes for Vanishing<'_> {
    fn size(&self) -> u64 {
        self.0.size()
    }

    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<usize, Gone> {
        self.1 = self.1.checked_sub(1).ok_or(Gone)?;
        // Little by little, which is allowed too.
        let len = into.len().min(100);
        self.0.read(at, &mut into[..len])
    }
}

#[test]
fn a_file_that_vanishes_is_gone() {
    use contacts::rows::Rows;
    let file = small();
    let attempt = |times| -> Result<bool, FileProblem> {
        let mut bytes = Vanishing(&file, times);
        let mut rows = Workbook::open(&mut bytes)?.rows(&mut bytes, 0)?;
        let mut record = Default::default();
        while rows.next(&mut bytes, &mut record)?.is_some() {}
        Ok(bytes.1 > 0)
    };
    let results: Vec<_> = (0..200).map(attempt).collect();
    let enough = results.iter().position(Result::is_ok).unwrap();
    assert!(enough > 10);
    assert!(results[..enough].iter().all(|result| *result == Err(FileProblem::Gone)));
}

/// Bytes of `file` changed, cut out or doubled.
fn mutated(
    mut file: Vec<u8>,
    changes: &[(u8, prop::sample::Index, prop::sample::Index, u8)],
) -> Vec<u8> {
    for (kind, from, to, byte) in changes {
        if file.is_empty() {
            break;
        }
        let (from, to) =
            (from.index(file.len()), to.index(file.len()).min(from.index(file.len()) + 64));
        match kind % 3 {
            0 => file[from] = *byte,
            1 if from < to => drop(file.drain(from..to)),
            _ if from < to => file.splice(to..to, file[from..to].to_vec()).for_each(drop),
            _ => (),
        }
    }
    file
}

fn changes() -> impl Strategy<Value = Vec<(u8, prop::sample::Index, prop::sample::Index, u8)>> {
    prop::collection::vec(any::<(u8, prop::sample::Index, prop::sample::Index, u8)>(), 1..6)
}

/// Reads all sheets; whatever comes of it.
fn read_all(file: &[u8]) {
    let Ok(workbook) = Workbook::open(&mut &*file) else { return };
    (0..workbook.sheets().len()).for_each(|sheet| drop(read_sheet(file, sheet)));
}

const ODS_ROWS: &str = r#"<table:table table:name="a"><table:table-column table:visibility="collapse"/><table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="1.5"><text:p>a<text:s text:c="2"/></text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="1965-01-01"/></table:table-row></table:table>"#;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn any_bytes_end_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_all(&bytes);
        read_all(&[b"PK\x03\x04", bytes.as_slice()].concat());
    }

    #[test]
    fn any_change_to_a_workbook_ends_without_panic(is_ods in any::<bool>(), wide in any::<bool>(), changes in changes()) {
        let file = if is_ods { ods(ODS_ROWS) } else { small() };
        let file = if wide { widened(&file) } else { file };
        read_all(&mutated(file, &changes));
    }

    #[test]
    fn any_change_to_the_xml_ends_without_panic(part in 2..7_usize, changes in changes()) {
        let sheet = format!(r#"<cols><col min="1" max="1" hidden="1"/></cols><sheetData>{ROWS}<row><c s="1"><v>23743.5</v></c><c t="d"><v>1965-01-01T13:00:00Z</v></c></row></sheetData>"#);
        let styles = r#"<numFmts><numFmt numFmtId="164" formatCode="[hh]:mm\y&quot;a"/></numFmts><cellXfs><xf/><xf numFmtId="164"/></cellXfs>"#;
        let mut parts = Xlsx { sheet: &sheet, styles, strings: "<si><t>Anna_x000D_</t></si>", ..Xlsx::default() }.parts();
        let xml = mutated(parts[part].1.clone().into_bytes(), &changes);
        parts[part].1 = String::from_utf8_lossy(&xml).into_owned();
        let parts: Vec<_> = parts.iter().map(|(name, text)| (*name, text.as_str())).collect();
        read_all(&zip(&parts));
    }

    #[test]
    fn any_change_to_the_tables_of_an_ods_ends_without_panic(changes in changes()) {
        let xml = mutated(ODS_ROWS.as_bytes().to_vec(), &changes);
        read_all(&ods(&String::from_utf8_lossy(&xml)));
    }
}
