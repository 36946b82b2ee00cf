//! Any file, held to the laws.

use super::files;
use super::law::{How, come_back, law, read, rejects};
use super::read::input;
use contacts::text::detect::detect;
use contacts::text::encoding::{ALL, Encoding};
use domain::recipients::RepairKind;
use domain::recipients::input::{Chosen, Input};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

fn at_home() -> How {
    How { input: input("SG"), step: 5, ..How::default() }
}

fn fails(law: String) -> TestCaseError {
    TestCaseError::fail(law)
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let words = "(phone|Mobile|name|Row|Reason|File|,|;|\t|\\||\\+6591234567|9123 456[0-9]|6\\.59E\\+09|\"|\"\"|\\\\\"|“|”|\n|\r|\r\n|é|'|=|sep=;|\u{FEFF}|\u{0}|\u{1}){0,60}";
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..400),
        words.prop_map(String::into_bytes),
        (words, any::<bool>()).prop_map(|(text, is_little)| files::utf16(
            is_little,
            &format!("\u{FEFF}{text}"),
            true
        )),
        (0..files::all().len(), prop::collection::vec(any::<(prop::sample::Index, u8)>(), 0..6))
            .prop_map(|(file, changes)| {
                let mut bytes = files::all().swap_remove(file).1;
                // Of the long ones the beginning is like the rest.
                bytes.truncate(2_000);
                let changes = if bytes.is_empty() { vec![] } else { changes };
                for (at, byte) in changes {
                    let at = at.index(bytes.len());
                    bytes[at] = byte;
                }
                bytes
            }),
    ]
}

fn chosen() -> impl Strategy<Value = Chosen> {
    let of = |id: &'static str, values: &'static [&'static str]| {
        prop::sample::select(values)
            .prop_map(move |value| Chosen { id: id.to_owned(), value: value.to_owned() })
    };
    prop_oneof![
        (0..ALL.len())
            .prop_map(|at| Chosen { id: "encoding".into(), value: ALL[at].label().into() }),
        of("delimiter", &["Comma", "Semicolon", "Tab", "Bar |", "", "a", "\"", "\n", "é"]),
        of("quotes", &["doubled", "backslash", "curly", "none", "?"]),
        of("header", &["", "1", "2", "3", "99"]),
        of("column-0", &["Mobile", "Mobile 2", "", "Reason", "Row", "phone 12345", "a\"b,c"]),
        of("column-1", &["Mobile", "mobile", "x", "FirstName"]),
        of("column-999", &["Mobile"]),
    ]
}

fn how() -> impl Strategy<Value = How> {
    let pieces = prop::collection::vec(1..40_usize, 0..4);
    let undone = prop::collection::vec(prop::sample::select(RepairKind::ALL.as_slice()), 0..3);
    (prop::collection::vec(chosen(), 0..4), pieces, undone, any::<bool>(), 1..9_u32).prop_map(
        |(chosen, pieces, undone, include_duplicates, step)| {
            let input = Input { undone, include_duplicates, ..at_home().input };
            How { input, chosen, pieces, step }
        },
    )
}

/// A cell of any kind, as hard to write as there are.
fn hard() -> impl Strategy<Value = String> {
    prop_oneof![
        "[=+@'\t\r-][ -~]{0,10}",
        "[ -~é東😀\n\r\t\"“”'\\\\;|,]{0,12}",
        "\\PC{0,8}",
        "(\n|a|\"){60,70}",
        "[0-9.,E+/ -]{0,14}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn any_file_keeps_the_laws(bytes in bytes(), how in how()) {
        if let Some(contacts) = read("a.csv", &bytes, &how).map_err(fails)? {
            come_back(&contacts, &how).map_err(fails)?;
        }
    }

    #[test]
    fn however_a_file_comes_it_is_the_same(bytes in bytes(), how in how()) {
        let whole = How { pieces: vec![], step: 1_000, ..how.clone() };
        let (whole, pieces) = (read("a.csv", &bytes, &whole).map_err(fails)?, read("a.csv", &bytes, &how).map_err(fails)?);
        let told = |contacts: &contacts::Contacts| {
            (contacts.summary().clone(), rejects(contacts), contacts.notes().to_vec())
        };
        prop_assert_eq!(whole.as_ref().map(told), pieces.as_ref().map(told));
    }

    #[test]
    fn rejected_rows_come_back(rows in prop::collection::vec((hard(), hard(), hard()), 1..12)) {
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let row = |(phone, name, note): &(String, String, String)| {
            format!("{},{},{}\r\n", quoted(phone), quoted(name), quoted(note))
        };
        let csv = format!("phone,name,note\r\n{}", rows.iter().map(row).collect::<String>());
        if let Some(contacts) = read("a.csv", csv.as_bytes(), &at_home()).map_err(fails)? {
            come_back(&contacts, &at_home()).map_err(fails)?;
        }
    }

    /// What is written in an encoding is read in it, when it is chosen; where there is enough of it, it is
    /// found out.
    #[test]
    fn encodings_there_and_back(text in "[a-zàéüçñ]{1,8}", encoding in 0..ALL.len()) {
        let encoding = ALL[encoding];
        let csv = format!("phone,name\n+6591234567,{text}\n");
        let Some(bytes) = written(encoding, &csv) else { return Ok(()) };
        let choice = Chosen { id: "encoding".into(), value: encoding.label().into() };
        let how = How { chosen: vec![choice], ..at_home() };
        let contacts = read("a.csv", &bytes, &how).map_err(fails)?.expect("it is read");
        let message = domain::message::Message::parse("{{name}}").unwrap();
        prop_assert_eq!(contacts.preview(&message, 0).unwrap().text, text);
    }
}

/// The text in that encoding, if it has all its characters.
fn written(encoding: Encoding, text: &str) -> Option<Vec<u8>> {
    match encoding.label() {
        "utf-16le" => return Some(files::utf16(true, text, true)),
        "utf-16be" => return Some(files::utf16(false, text, true)),
        _ => {}
    }
    let (bytes, _, is_lost) =
        encoding_rs::Encoding::for_label(encoding.label().as_bytes())?.encode(text);
    (!is_lost).then(|| bytes.into_owned())
}

/// The languages of those who send most, a line of each in the code page of their spreadsheets.
#[test]
fn code_pages_are_found_out() {
    for (label, names) in [
        ("windows-1252", "Élodie Lefèvre,Jörg Müller,José Muñoz"),
        ("windows-1250", "Łukasz Wiśniewski,Jiří Dvořák,Růžička"),
        ("windows-1251", "Иван Петров,Ольга Смирнова,Мария"),
        ("windows-1254", "Ayşe Yılmaz,Işıl Şahin,Çağlar"),
        ("windows-874", "สมชาย ใจดี,สมหญิง รักไทย,มานะ"),
        ("gb18030", "王小明,李华,张伟北京市朝阳区"),
        ("big5", "陳大文,林美玲,台北市信義區"),
        ("shift_jis", "山田太郎,佐藤はなこ,東京都"),
        ("euc-kr", "김철수,이영희,서울특별시"),
    ] {
        let rows = names.split(',').map(|name| format!("+6591234567,{name}\r\n"));
        let csv = format!("phone,name\r\n{}", rows.collect::<String>());
        let bytes = written(Encoding::parse(label).unwrap(), &csv).unwrap();
        assert_eq!(detect(&bytes, true).label(), label);
        for marked in ["utf-8", "utf-16le", "utf-16be"] {
            let bytes =
                written(Encoding::parse(marked).unwrap(), &format!("\u{FEFF}{csv}")).unwrap();
            assert_eq!(detect(&bytes, true).label(), marked);
        }
    }
}

#[test]
fn a_field_that_sounds_like_a_number_comes_back_as_a_field() {
    let csv = "Mobile,Phone,Home phone,Work phone,Code 12345\n1,2,3,+6591234567,x\n";
    let chosen = [("header", "1"), ("column-3", "Work phone"), ("column-0", "Mobile")];
    let chosen = chosen.map(|(id, value)| Chosen { id: id.into(), value: value.into() }).into();
    let how = How { chosen, ..at_home() };
    let contacts = read("a.csv", csv.as_bytes(), &how).unwrap().unwrap();
    law(contacts.summary().unable == 1, "it is rejected").unwrap();
    come_back(&contacts, &how).unwrap();
}
