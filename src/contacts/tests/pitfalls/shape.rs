//! F: delimiters, quotes, and the shape of the table.

use super::read::{Read, chosen, fixture, input, open, problem, processed, read, read_bytes};
use contacts::file_problem::FileProblem;

const ANN: &str = "+6591234567";
const BOB: &str = "+6592345678";

#[test]
fn f1_the_delimiter_is_found_or_told() {
    for (file, delimiter, name) in [
        ("sep-hint.csv", "Semicolon", "Ann, Lee"),
        ("sep-hint-caret.csv", "^", "Ann"),
        ("bars.csv", "Bar |", "Ann"),
    ] {
        let read = read(file);
        assert_eq!((read.found("delimiter"), read.found("header")), (delimiter, "1"), "{file}");
        let choice = read.view.choices.iter().find(|choice| choice.id == "delimiter").unwrap();
        assert!(choice.options.iter().any(|(value, _)| value == delimiter), "{file}");
        assert_eq!((read.valid()[0].as_str(), read.text("{{name}}", 0)), (ANN, name.into()));
    }
    let lists = read("lists-in-cells.csv");
    assert_eq!((lists.found("delimiter"), lists.counts()), ("Comma", [150, 150, 0, 0, 0]));
    assert_eq!(lists.labels(), ["Mobile", "Tags", "Note"]);
    assert_eq!(lists.text("{{Tags}} {{Note}}", 149), "a;b;c;d;e;f x, y");
}

#[test]
fn f1_a_list_of_numbers_has_no_header() {
    for (file, delimiter) in [("one-column.csv", ""), ("one-column-semicolons.csv", "Semicolon")] {
        let read = read(file);
        assert_eq!((read.found("delimiter"), read.found("header")), (delimiter, ""), "{file}");
        assert_eq!(read.labels()[0], "Mobile", "{file}");
        assert_eq!(read.valid(), [ANN, BOB, "+447400123456"], "{file}");
        assert_eq!(read.counts(), [3, 3, 0, 0, 0], "{file}");
    }
}

#[test]
fn f2_quotes() {
    for (file, quotes, name) in [
        ("wrapped.csv", "doubled", "Ann"),
        ("curly-quotes.csv", "curly", "Lee, Ann"),
        ("space-before-quote.csv", "doubled", "Lee, Ann"),
        ("backslash-quotes.csv", "backslash", "Ann \"A\", Lee"),
        ("newline-in-cell.csv", "doubled", "Ann"),
    ] {
        let read = read(file);
        assert_eq!((read.found("quotes"), read.found("delimiter")), (quotes, "Comma"), "{file}");
        assert_eq!((read.valid(), read.counts()), (vec![ANN.into(), BOB.into()], [2, 2, 0, 0, 0]));
        assert_eq!(read.text("{{name}}", 0), name, "{file}");
    }
    let newline = read("newline-in-cell.csv");
    assert_eq!(newline.text("{{address}}", 0), "1 High Street\nSingapore");
    assert_eq!(newline.text("{{address}}", 1), "2 Low \"Road\"");
}

#[test]
fn f2_a_quote_that_is_never_closed_costs_nothing_and_is_told() {
    for file in ["unbalanced-quote.csv", "unbalanced-quote-old-mac.csv"] {
        let read = read(file);
        assert_eq!(read.counts(), [599, 599, 0, 0, 0], "{file}");
        assert!(read.has_note("Row 500 of unbalanced-quote"), "{file}");
        assert_eq!(read.text("{{name}}", 498), "\"Ann", "{file}");
        assert_eq!(read.text("{{name}}", 499), "Bo", "{file}");
    }
}

/// F3: an unquoted comma moves the cells behind it: such a row is rejected for what stands where the number
/// should, with its own number, so that it is found and put right.
#[test]
fn f3_rows_with_more_and_fewer_cells() {
    let read = read("ragged.csv");
    assert_eq!(read.counts(), [4, 2, 2, 0, 0]);
    assert_eq!(read.valid(), [ANN, "+6593456789"]);
    let rows: Vec<(u32, String)> = read.unable().into_iter().map(|row| (row.0, row.1)).collect();
    assert_eq!(rows, [(3, "#03-04".to_owned()), (4, String::new())]);
}

#[test]
fn f3_line_ends_nul_bytes_and_nothing_at_the_end() {
    for (file, rows) in [
        ("old-mac-line-ends.csv", 2),
        ("mixed-line-ends.csv", 3),
        ("nul-bytes.csv", 2),
        ("trailing-delimiters.csv", 2),
    ] {
        let read = read(file);
        assert_eq!(read.counts(), [rows, rows, 0, 0, 0], "{file}");
        assert_eq!(read.valid()[..2], [ANN, BOB], "{file}");
        assert_eq!(read.text("{{name}}", 0), "Ann", "{file}");
        assert!(read.view.notes.is_empty(), "{file}: {:?}", read.view.notes);
    }
    let trailing = read("trailing-delimiters.csv");
    assert_eq!(trailing.contacts.summary().fields, ["Mobile", "Name"]);
}

#[test]
fn f3_two_hundred_columns() {
    let read = read("wide.csv");
    assert_eq!((read.valid(), read.counts()), (vec![ANN.into(), BOB.into()], [2, 2, 0, 0, 0]));
    assert_eq!(read.text("{{field 7}}", 0), "a7");
    assert!(read.has_note("The first 100 of 200 columns are shown."));
}

#[test]
fn f3_nothing_in_it() {
    assert_eq!(problem("empty.csv"), FileProblem::Empty);
    assert_eq!(problem("blank.csv"), FileProblem::Empty);
    let header = read("header-only.csv");
    assert_eq!((header.found("header"), header.counts()), ("1", [0; 5]));
    assert_eq!(header.labels(), ["Mobile", "name"]);
}

#[test]
fn f4_two_columns_of_one_name() {
    let read = read("two-phones.csv");
    // The mobile is taken, wherever it stands.
    assert_eq!(read.labels(), ["Mobile 2", "Mobile", "Name"]);
    assert_eq!((read.valid(), read.counts()), (vec![ANN.into(), BOB.into()], [2, 2, 0, 0, 0]));
}

#[test]
fn f4_lines_above_the_header_and_below_the_table() {
    let read = read("title-and-totals.csv");
    assert_eq!(read.found("header"), "3");
    assert!(read.has_note("The 2 lines above the names of the columns are left out."));
    assert_eq!(read.counts(), [3, 2, 1, 0, 0]);
    // The totals are no contact; they are shown as a row without a number and not dropped.
    assert_eq!(read.unable()[0].0, 6);
    let mut source = open("a.csv", fixture("title-and-totals.csv")).unwrap();
    source.choose(&chosen("header", "")).unwrap();
    source.choose(&chosen("column-1", "Mobile")).unwrap();
    assert_eq!(processed(input("SG"), source).summary().total, 6);
}

#[test]
fn f4_names_of_columns_in_other_spellings_and_languages() {
    for header in [
        "MOBILE",
        "mobile_no",
        "Mobile-No.",
        "mobileNumber",
        " Phone ",
        "Telefon",
        "Téléphone",
        "Móvil",
        "Celular",
        "Handynummer",
        "Rufnummer",
        "Номер",
        "Номер телефона",
        "手机",
        "電話番号",
        "携帯",
        "전화번호",
        "휴대폰 번호",
        "เบอร์โทร",
        "số điện thoại",
        "nomor HP",
        "No. Telefon",
        "رقم الهاتف",
        "מספר טלפון",
        "टेलीफोन",
        "मोबाइल",
        "cep telefonu",
        "gsm",
        "msisdn",
        "contact",
        "contact no",
        "WhatsApp",
    ] {
        // The column beside it has digits as well, so that its name decides.
        let csv = format!("Ref.,{header}\n81234567,91234567\n82345678,92345678\n");
        let read: Read = read_bytes("a.csv", csv.into_bytes(), "SG");
        assert_eq!((read.found("header"), read.labels()[1]), ("1", "Mobile"), "{header}");
        assert_eq!(read.valid(), [ANN, BOB], "{header}");
    }
}

/// F5: a field that no column has is an error of the message, which is checked where that is written; what a
/// row has not, is empty or the word that the message has for it.
#[test]
fn f5_fields_without_a_value() {
    let csv = "phone,First Name\n+6591234567,\n+6592345678,Bob\n";
    let read = read_bytes("a.csv", csv.as_bytes().to_vec(), "");
    assert_eq!(read.contacts.summary().fields, ["Mobile", "FirstName"]);
    assert_eq!(read.text("Hi {{FirstName|you}}", 0), "Hi you");
    assert_eq!(read.text("Hi {{first name|you}}", 1), "Hi you");
    assert_eq!(read.text("Hi {{firstname|you}}", 1), "Hi Bob");
}
