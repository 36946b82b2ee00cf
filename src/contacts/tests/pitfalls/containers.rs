//! E: encodings and containers.

use super::files::utf16;
use super::read::{Read, chosen, fixture, input, open, problem, processed, read, read_bytes};
use contacts::file_problem::{FileProblem, MAX_BYTES};
use rust_xlsxwriter::{FilterCondition, Workbook};

fn found(read: &Read) -> (&str, &str, &str) {
    (read.found("encoding"), read.found("delimiter"), read.found("header"))
}

#[test]
fn e1_marks_tell_the_encoding() {
    for (file, encoding, delimiter, name) in [
        ("utf16le-tabs.txt", "utf-16le", "Tab", "Zoë"),
        ("utf16be-mark.csv", "utf-16be", "Comma", "Zoë"),
        ("utf8-mark-semicolons.csv", "utf-8", "Semicolon", "Jörg"),
    ] {
        let read = read(file);
        assert_eq!(found(&read), (encoding, delimiter, "1"), "{file}");
        assert_eq!(read.text("{{name}}{{FirstName}}", 0), name, "{file}");
        assert!(read.view.notes.is_empty(), "{file}: {:?}", read.view.notes);
    }
    assert_eq!(read("utf16le-tabs.txt").counts(), [2, 2, 0, 0, 0]);
    let german = read_bytes("a.csv", fixture("utf8-mark-semicolons.csv"), "DE");
    assert_eq!(german.labels(), ["Mobile", "FirstName", "Betrag"]);
    assert_eq!(german.valid(), ["+4915123456789", "+4915123456780"]);
}

#[test]
fn e1_the_code_pages_of_old_spreadsheets() {
    let western = read("windows-1252.csv");
    assert_eq!(found(&western), ("windows-1252", "Semicolon", "1"));
    assert_eq!(western.text("{{name}}", 0), "Élodie Lefèvre");
    assert_eq!(western.counts(), [3, 3, 0, 0, 0]);
    let japanese = read_bytes("a.csv", fixture("shift-jis.csv"), "JP");
    assert_eq!(found(&japanese), ("shift_jis", "Comma", "1"));
    assert_eq!(japanese.labels(), ["Mobile", "氏名"]);
    assert_eq!(japanese.valid(), ["+819012345678", "+818012345678"]);
    assert_eq!(japanese.text("{{氏名}}", 1), "佐藤はなこ");
}

/// A guess can be wrong, and is corrected by hand.
#[test]
fn e1_another_encoding_can_be_chosen() {
    let mut source = open("old-mac.csv", fixture("old-mac.csv")).unwrap();
    source.choose(&chosen("encoding", "macintosh")).unwrap();
    let read = Read { view: source.view(), contacts: processed(input("FR"), source) };
    assert_eq!(read.text("{{name}}", 0), "André");
    assert_eq!(read.text("{{name}}", 1), "Hélène");
    assert_eq!(read.counts(), [2, 2, 0, 0, 0]);
    let mut source = open("a.csv", fixture("windows-1252.csv")).unwrap();
    source.choose(&chosen("encoding", "utf-8")).unwrap();
    assert!(source.view().notes[0].contains("cannot be read as UTF-8"));
}

/// What was replaced when the file was saved is gone; its numbers are not.
#[test]
fn e1_characters_that_the_spreadsheet_replaced_stay_so() {
    let read = read("replaced.csv");
    assert_eq!(read.text("{{name}}", 0), "Zo?");
    assert_eq!(read.counts(), [2, 2, 0, 0, 0]);
}

#[test]
fn e2_utf_16_without_a_mark_is_told_by_its_nul_bytes() {
    let little = read("utf16le-no-mark.csv");
    assert_eq!(found(&little), ("utf-16le", "Comma", "1"));
    assert_eq!(little.counts(), [2, 2, 0, 0, 0]);
    let big = utf16(false, "Phone;Name\n+6591234567;Ann\n", true);
    let big = read_bytes("a.csv", big, "SG");
    assert_eq!(found(&big), ("utf-16be", "Semicolon", "1"));
    let cut = read("utf16le-cut.txt");
    assert_eq!((cut.counts(), cut.has_note("cannot be read")), ([1, 1, 0, 0, 0], true));
}

#[test]
fn e2_files_that_are_not_what_their_names_say() {
    for (file, expected) in [
        ("picture.csv", FileProblem::NotATable),
        ("page.xls", FileProblem::WebPage),
        ("table.xls", FileProblem::WebPage),
        ("paper.csv", FileProblem::Pdf),
        ("old-excel.csv", FileProblem::OldExcel),
        ("no-zip.xlsx", FileProblem::Damaged),
    ] {
        assert_eq!(problem(file), expected, "{file}");
        // It says what to do.
        let words = expected.to_string();
        let advice = ["save", "Save", "Choose", "Copy", "whatever its name says"];
        assert!(advice.iter().any(|advice| words.contains(advice)), "{words}");
    }
    // A picture that was renamed to a workbook.
    assert_eq!(open("a.xlsx", fixture("picture.csv")).err(), Some(FileProblem::NotATable));
    // A workbook that was renamed to a CSV is read as what it is.
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write(0, 0, "+6591234567").unwrap();
    let read = read_bytes("a.csv", workbook.save_to_buffer().unwrap(), "");
    assert_eq!((read.valid(), read.found("sheet")), (vec!["+6591234567".to_owned()], "0"));
}

#[test]
fn e3_a_hidden_sheet_hidden_rows_and_hidden_columns_are_left_out() {
    let mut workbook = Workbook::new();
    let lists = workbook.add_worksheet();
    lists.set_hidden(true).write(0, 0, "+6599999999").unwrap();
    let sheet = workbook.add_worksheet().set_name("Guests").unwrap();
    sheet.set_active(true);
    for (row, cells) in [
        ["phone", "name", "secret"],
        ["+6591234567", "Ann", "x"],
        ["+6592345678", "Bob", "y"],
        ["+6593456789", "Cid", "z"],
    ]
    .into_iter()
    .enumerate()
    {
        sheet.write_row(row as u32, 0, cells).unwrap();
    }
    sheet.set_row_hidden(2).unwrap();
    sheet.set_column_hidden(2).unwrap();
    sheet.autofilter(0, 0, 3, 2).unwrap();
    sheet.filter_column(1, &FilterCondition::new().add_list_filter("Ann")).unwrap();
    let file = workbook.save_to_buffer().unwrap();
    let read = read_bytes("a.xlsx", file.clone(), "SG");
    assert_eq!((read.found("sheet"), read.valid()), ("1", vec!["+6591234567".to_owned()]));
    assert!(read.has_note("2 hidden rows of a.xlsx were left out."));
    assert_eq!(read.contacts.summary().fields, ["Mobile", "name"]);
    let mut source = open("a.xlsx", file).unwrap();
    source.choose(&chosen("sheet", "0")).unwrap();
    assert_eq!(processed(input(""), source).summary().valid, 1);
}

/// `tests/sheets.rs` has a million of them, and bombs.
#[test]
fn e3_rows_that_only_have_a_format_are_no_rows() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let bold = rust_xlsxwriter::Format::new().set_bold();
    sheet.write(0, 0, "phone").unwrap();
    sheet.write(1, 0, "+6591234567").unwrap();
    for row in 2..20_000 {
        sheet.write_blank(row, 0, &bold).unwrap();
    }
    sheet.write(20_000, 0, "+6592345678").unwrap();
    let read = read_bytes("a.xlsx", workbook.save_to_buffer().unwrap(), "");
    assert_eq!(read.counts(), [2, 2, 0, 0, 0]);
    let mut empty = Workbook::new();
    empty.add_worksheet();
    let empty = open("a.xlsx", empty.save_to_buffer().unwrap());
    assert_eq!(empty.err(), Some(FileProblem::NoSheet));
}

/// E4: others take 10 to 30 MB; here it is 200, and a million rows of a file.
#[test]
fn e4_a_file_that_is_too_big_is_refused_before_it_is_read() {
    struct Endless;
    impl contacts::bytes::Bytes for Endless {
        fn size(&self) -> u64 {
            MAX_BYTES + 1
        }
        fn read(&mut self, _: u64, _: &mut [u8]) -> Result<usize, contacts::bytes::Gone> {
            panic!("read")
        }
    }
    let refused = contacts::Source::open(1, "a.csv", Box::new(Endless)).err();
    assert_eq!(refused, Some(FileProblem::TooBig));
}
