//! A to D: one cell each, by way of a CSV file; those that a workbook keeps otherwise by way of one too.

use super::read::{Read, read, read_bytes};
use domain::recipients::RepairKind;
use domain::recipients::phone::{NumberDoubt, NumberProblem};
use domain::worker_protocol::Filter;
use rust_xlsxwriter::{Format, Formula, Workbook};

/// What becomes of a cell.
#[derive(Debug)]
enum Becomes {
    /// This number, for what was done to it.
    Number(&'static str, &'static [RepairKind]),
    /// The same, though it is doubtful.
    Doubtful(&'static str, &'static [RepairKind], NumberDoubt),
    Rejected(NumberProblem),
}

use Becomes::{Doubtful, Number, Rejected};
use NumberProblem as P;
use RepairKind as R;

const ANN: &str = "+6591234567";

/// Case, home country, cell, and what becomes of it.
type Case = (&'static str, &'static str, &'static str, Becomes);

const SPREADSHEETS: &[Case] = &[
    ("A1", "SG", "6.59E+09", Rejected(P::DigitsLost)),
    ("A1", "SG", "6,59E+09", Rejected(P::DigitsLost)),
    ("A1", "SG", "6.59123E+9", Rejected(P::DigitsLost)),
    ("A1", "SG", "+6.59E+09", Rejected(P::DigitsLost)),
    ("A1", "SG", "6E9", Rejected(P::DigitsLost)),
    ("A2", "SG", "6.591234567E9", Number(ANN, &[R::MissingPlus, R::SpreadsheetNumber])),
    ("A2", "SG", "6,591234567e+09", Number(ANN, &[R::MissingPlus, R::SpreadsheetNumber])),
    ("A2", "SG", "9.1234567E7", Number(ANN, &[R::SpreadsheetNumber])),
    ("A3", "SG", "6591234567.0", Number(ANN, &[R::MissingPlus, R::SpreadsheetNumber])),
    ("A3", "SG", "91234567.00", Number(ANN, &[R::SpreadsheetNumber])),
    ("A3", "SG", "91234567,0", Number(ANN, &[R::SpreadsheetNumber])),
    ("A3", "SG", "+6591234567.0", Number(ANN, &[R::SpreadsheetNumber])),
    // Other decimals show that something was reckoned with it.
    ("A3", "SG", "91234567.5", Rejected(P::DigitsLost)),
    ("A3", "SG", "6591234567.25", Rejected(P::DigitsLost)),
    ("A4", "AU", "412345678", Number("+61412345678", &[])),
    ("A4", "SG", "6591234567", Number(ANN, &[R::MissingPlus])),
    ("A4", "", "6591234567", Number(ANN, &[R::MissingPlus])),
    ("A4", "SG", "14155550177", Number("+14155550177", &[R::MissingPlus])),
    ("A4", "", "91234567", Rejected(P::NeedsCountry)),
    ("A5", "SG", "6591234567000000", Rejected(P::TooLong)),
    ("A5", "SG", "9123456792345600", Rejected(P::TooLong)),
    ("A6", "SG", "'+6591234567", Number(ANN, &[R::TextMarker])),
    ("A6", "SG", "=\"+6591234567\"", Number(ANN, &[R::TextMarker])),
    ("A6", "SG", "'=\"+6591234567\"", Number(ANN, &[R::TextMarker])),
    ("A6", "SG", "=6591234567", Number(ANN, &[R::MissingPlus, R::TextMarker])),
    ("A6", "SG", "=+6591234567", Number(ANN, &[R::TextMarker])),
    // Never evaluated.
    ("A6", "SG", "=65000000000+91234567", Rejected(P::TooLong)),
    ("A6", "SG", "=1+1", Rejected(P::TooShort)),
    ("A7", "SG", "#N/A", Rejected(P::Missing)),
    ("A7", "SG", "#REF!", Rejected(P::Missing)),
    ("A7", "SG", "#VALUE!", Rejected(P::Missing)),
    ("A7", "SG", "NULL", Rejected(P::Missing)),
    ("A7", "SG", "nan", Rejected(P::Missing)),
    ("A7", "SG", "N/A", Rejected(P::Missing)),
    ("A7", "SG", "-", Rejected(P::Missing)),
    ("A7", "SG", "0", Rejected(P::Missing)),
    ("A7", "SG", "", Rejected(P::Missing)),
    ("A8", "SG", "Jan-65", Rejected(P::Date)),
    ("A8", "SG", "1965-01-01", Rejected(P::Date)),
    ("A8", "SG", "01/02/1965", Rejected(P::Date)),
    ("A9", "SG", "6 591 234 567", Number(ANN, &[R::MissingPlus])),
    ("A9", "SG", "6,591,234,567", Number(ANN, &[R::MissingPlus])),
    ("A9", "SG", "91.234.567", Number(ANN, &[])),
    ("A9", "SG", "6'591'234'567", Number(ANN, &[R::MissingPlus])),
    ("A9", "SG", "1,234,567", Rejected(P::TooShort)),
];

const PREFIXES: &[Case] = &[
    // Singapore's own prefixes have three digits: read with them, this is Bolivia.
    ("B1", "SG", "0065 91234567", Number(ANN, &[R::InternationalPrefix])),
    ("B1", "US", "00447400123456", Number("+447400123456", &[R::InternationalPrefix])),
    ("B1", "GB", "0065 91234567", Number(ANN, &[R::InternationalPrefix])),
    ("B1", "JP", "010 65 9123 4567", Number(ANN, &[])),
    ("B1", "US", "011 65 9123 4567", Number(ANN, &[])),
    ("B1", "AU", "0011 65 9123 4567", Number(ANN, &[R::InternationalPrefix])),
    // Elsewhere 001 is North America more often than a prefix of three digits.
    (
        "B1",
        "HK",
        "001 65 9123 4567",
        Doubtful(ANN, &[R::InternationalPrefix], NumberDoubt::Ambiguous),
    ),
    (
        "B1",
        "BR",
        "0015 44 7400 123456",
        Doubtful("+447400123456", &[R::InternationalPrefix], NumberDoubt::Ambiguous),
    ),
    // 002 looks like a country code of its own, so nothing is guessed.
    ("B1", "KR", "002 65 9123 4567", Rejected(P::WrongLength)),
    // All of 000 to 039 are prefixes in Singapore by libphonenumber.
    ("B1", "SG", "010 65 9123 4567", Number(ANN, &[])),
    ("B2", "SG", "+006591234567", Number(ANN, &[R::InternationalPrefix])),
    ("B2", "SG", "++6591234567", Number(ANN, &[R::InternationalPrefix])),
    ("B2", "GB", "0+447400123456", Number("+447400123456", &[R::InternationalPrefix])),
    ("B2", "GB", "+07400123456", Number("+447400123456", &[R::WrongPlus])),
    ("B2", "SG", "+0447400123456", Number("+447400123456", &[R::InternationalPrefix])),
    // Zeros in front of a national number: others drop them all and try at home. A number that was
    // mistyped so is better looked at.
    ("B2", "GB", "000007700900100", Rejected(P::TooShort)),
    ("B3", "SG", "+44 (0)7400 123456", Number("+447400123456", &[R::TrunkZero])),
    ("B3", "SG", "+4407400123456", Number("+447400123456", &[])),
    ("B3", "SG", "+65 0 9123 4567", Rejected(P::WrongLength)),
    // Here the zero is dialled.
    ("B3", "SG", "+39 06 1234 5678", Doubtful("+390612345678", &[], NumberDoubt::Landline)),
    ("B4", "AR", "011 15 2345 6789", Number("+5491123456789", &[])),
    ("B4", "SG", "+54 9 11 2345 6789", Number("+5491123456789", &[])),
    ("B4", "MX", "55 1234 5678", Number("+525512345678", &[])),
    // Mexico gave up 044, 045 and the 1 in 2019, and libphonenumber has followed.
    ("B4", "MX", "044 55 1234 5678", Rejected(P::TooLong)),
    ("B4", "SG", "+52 1 55 1234 5678", Rejected(P::TooLong)),
    ("B4", "BR", "0 15 11 91234 5678", Number("+5511912345678", &[])),
    // The code twice: there may be such a number, none is known.
    ("B5", "SG", "+65 65 9123 4567", Doubtful("+656591234567", &[], NumberDoubt::UnknownRange)),
];

const BESIDE: &[Case] = &[
    ("C1", "SG", "9123 4567 (mobile)", Number(ANN, &[R::Label])),
    ("C1", "SG", "HP: 91234567", Number(ANN, &[R::Label])),
    ("C1", "SG", "m: 9123 4567", Number(ANN, &[R::Label])),
    ("C1", "SG", "WhatsApp +65 9123 4567", Number(ANN, &[R::Label])),
    ("C1", "SG", "9123 4567 (Ann)", Rejected(P::Letters)),
    // Letters of a keypad are refused at home in America too: nobody asked for them.
    ("C1", "US", "1-800-FLOWERS", Rejected(P::Letters)),
    // Of several numbers the first mobile is taken and shown as a repair, which can be undone: then the
    // row is rejected. Nobody gets two messages by way of one row.
    ("C2", "SG", "9123 4567 / 9234 5678", Number(ANN, &[R::FirstOfSeveral])),
    ("C2", "SG", "9123 4567 or 9234 5678", Number(ANN, &[R::FirstOfSeveral])),
    ("C2", "SG", "9123 4567; 9234 5678", Number(ANN, &[R::FirstOfSeveral])),
    ("C2", "SG", "9123 4567, 9234 5678", Number(ANN, &[R::FirstOfSeveral])),
    ("C2", "SG", "9123 4567\n9234 5678", Number(ANN, &[R::FirstOfSeveral])),
    ("C2", "SG", "9123 4567 & 9234 5678", Number(ANN, &[R::FirstOfSeveral])),
    ("C2", "SG", "6123 4567 | 9123 4567", Number(ANN, &[R::FirstOfSeveral])),
    ("C2", "SG", "9123 4567 ::: 9234 5678", Number(ANN, &[R::FirstOfSeveral])),
    ("C2", "SG", "+65 9123 4567 / 8", Rejected(P::WrongLength)),
    ("C2", "SG", "9123 4567 x12", Number(ANN, &[R::Extension])),
    ("C2", "SG", "9123 4567 ext. 12", Number(ANN, &[R::Extension])),
    ("C2", "SG", "91234567;ext=12", Number(ANN, &[R::Extension])),
];

const CHARACTERS: &[Case] = &[
    ("D1", "SG", "＋６５９１２３４５６７", Number(ANN, &[])),
    ("D1", "SG", "+٦٥٩١٢٣٤٥٦٧", Number(ANN, &[])),
    ("D1", "SG", "۹۱۲۳۴۵۶۷", Number(ANN, &[])),
    ("D1", "SG", "९१२३४५६७", Number(ANN, &[])),
    ("D1", "SG", "๙๑๒๓๔๕๖๗", Number(ANN, &[])),
    ("D2", "SG", "+65\u{A0}9123\u{202F}4567", Number(ANN, &[])),
    ("D2", "SG", "+65\u{2007}9123\u{3000}4567", Number(ANN, &[])),
    ("D2", "SG", "\u{202A}+65 9123 4567\u{202C}", Number(ANN, &[R::HiddenCharacters])),
    ("D2", "SG", "\u{2066}+65 9123 4567\u{2069}", Number(ANN, &[R::HiddenCharacters])),
    (
        "D2",
        "SG",
        "\u{FEFF}91\u{200B}23\u{200D}45\u{2060}67\u{180E}",
        Number(ANN, &[R::HiddenCharacters]),
    ),
    ("D2", "SG", "+65\u{AD}91234567", Number(ANN, &[R::HiddenCharacters])),
    ("D2", "SG", "+65\u{2010}9123\u{2013}4567", Number(ANN, &[])),
    ("D2", "SG", "+65\u{2212}9123\u{2015}4567", Number(ANN, &[])),
    ("D2", "SG", "+65.9123.4567", Number(ANN, &[])),
    ("D2", "SG", "+65/9123/4567", Number(ANN, &[])),
    ("D3", "SG", "9123\t4567", Number(ANN, &[])),
    ("D3", "SG", "9123\n4567", Number(ANN, &[])),
    ("D3", "SG", "+65\r\n9123 4567", Number(ANN, &[])),
];

fn became(read: &Read) -> String {
    let valid = read.rows(Filter::Valid);
    match valid.first() {
        Some(row) => {
            let doubt = read.rows(Filter::Doubtful).pop().map(|row| row.says);
            format!("{} {:?} {doubt:?}", row.written, read.repairs())
        }
        None => read.unable().remove(0).2,
    }
}

#[test]
fn cells_become_what_they_were() {
    let all = [SPREADSHEETS, PREFIXES, BESIDE, CHARACTERS].concat_cases();
    let mut wrong = Vec::new();
    for (case, home, cell, becomes) in all {
        let csv = format!("phone,name\n\"{}\",Ann\n", cell.replace('"', "\"\""));
        let read = read_bytes("a.csv", csv.into_bytes(), home);
        assert_eq!(read.counts()[0], 1, "{case} {cell:?}");
        let expected = match becomes {
            Number(number, repairs) => format!("{number} {repairs:?} None"),
            Doubtful(number, repairs, doubt) => {
                format!("{number} {repairs:?} {:?}", Some(doubt.to_string()))
            }
            Rejected(problem) => problem.to_string(),
        };
        let became = became(&read);
        if became != expected {
            wrong.push(format!(
                "{case} {home} {cell:?}\n  is       {became}\n  should be {expected}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// All of several lists.
trait Cases {
    fn concat_cases(self) -> Vec<&'static Case>;
}

impl<const N: usize> Cases for [&'static [Case]; N] {
    fn concat_cases(self) -> Vec<&'static Case> {
        self.into_iter().flatten().collect()
    }
}

/// A number with a plus is of its country, whatever home is.
#[test]
fn home_changes_no_number_with_a_plus() {
    for home in ["SG", "US", "DE", "IT", "AR", "BR", "MX", "AU", "HK", "KR", "JP", ""] {
        for number in ["+6591234567", "+447400123456", "+14155550134", "+4915123456789"] {
            let read = read_bytes("a.csv", format!("phone,n\n{number},a\n").into_bytes(), home);
            assert_eq!((read.valid(), read.counts()), (vec![number.to_owned()], [1, 1, 0, 0, 0]));
        }
    }
}

#[test]
fn a1_a_workbook_has_the_digits_that_a_csv_has_lost() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let short = Format::new().set_num_format("0.00E+00");
    sheet.write(0, 0, "phone").unwrap();
    sheet.write_with_format(1, 0, 6_591_234_567.0, &short).unwrap();
    // A3: kept as numbers, without the plus.
    sheet.write(2, 0, 92_345_678.0).unwrap();
    sheet.write(3, 0, 6_593_456_789_u64).unwrap();
    // A6: a formula is its result.
    sheet.write(4, 0, Formula::new("=6500000000+94567890").set_result("6594567890")).unwrap();
    // A7, A8: errors and dates.
    sheet.write(5, 0, Formula::new("=NA()").set_result("#N/A")).unwrap();
    let day = Format::new().set_num_format("mmm-yy");
    sheet.write_with_format(6, 0, 23_743, &day).unwrap();
    // A5: more digits than a spreadsheet keeps.
    sheet.write(7, 0, 65_912_345_671_234_567.0).unwrap();
    // A9: what is shown with separators is kept without.
    sheet.write_with_format(8, 0, 6_595_678_901.0, &Format::new().set_num_format("#,##0")).unwrap();
    let read = read_bytes("a.xlsx", workbook.save_to_buffer().unwrap(), "SG");
    assert_eq!(
        read.valid(),
        ["+6591234567", "+6592345678", "+6593456789", "+6594567890", "+6595678901"]
    );
    let reasons: Vec<(u32, String)> = read.unable().into_iter().map(|row| (row.0, row.2)).collect();
    let reason = |row, problem: P| (row, problem.to_string());
    assert_eq!(reasons, [reason(6, P::Missing), reason(7, P::Date), reason(8, P::DigitsLost)]);
    // The same, saved as CSV with what is shown.
    let csv = read_bytes("a.csv", b"phone,n\n6.59E+09,a\n".to_vec(), "SG");
    assert_eq!(csv.unable()[0].2, P::DigitsLost.to_string());
}

#[test]
fn a4_zeros_that_a_format_shows_are_there() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "phone").unwrap();
    let ten_digits = Format::new().set_num_format("0000000000");
    sheet.write_with_format(1, 0, 412_345_678, &ten_digits).unwrap();
    sheet.write(2, 0, 423_456_789).unwrap();
    let read = read_bytes("a.xlsx", workbook.save_to_buffer().unwrap(), "AU");
    assert_eq!(read.valid(), ["+61412345678", "+61423456789"]);
    assert_eq!(read.counts(), [2, 2, 0, 0, 0]);
}

#[test]
fn a3_floats_of_a_column_with_gaps() {
    let read = read("floats.csv");
    assert_eq!(read.labels(), ["id", "Mobile", "name"]);
    assert_eq!(read.counts(), [4, 2, 2, 0, 2]);
    assert_eq!(read.valid(), [ANN, "+6592345678"]);
    let reasons: Vec<String> = read.unable().into_iter().map(|row| row.2).collect();
    assert_eq!(reasons, [P::Missing.to_string(), P::DigitsLost.to_string()]);
}

#[test]
fn a1_a2_shortened_numbers_are_counted_and_none_is_made_up() {
    let read = read("shortened.csv");
    assert_eq!(read.counts(), [5, 2, 3, 0, 1]);
    assert_eq!(read.valid(), [ANN, "+6592345678"]);
    assert!(read.unable().iter().all(|row| row.2 == P::DigitsLost.to_string()));
}

#[test]
fn c2_five_numbers_in_a_cell() {
    let read = read("five-in-a-cell.csv");
    assert_eq!((read.valid(), read.counts()), (vec![ANN.to_owned()], [1, 1, 0, 0, 1]));
    assert_eq!(read.repairs(), [R::FirstOfSeveral]);
}

#[test]
fn c3_the_column_with_mobiles_comes_first() {
    let csv = "Name,Home,Work Phone,Mobile\nAnn,+6561234567,+6562345678,+6591234567\nBob,+6563456789,+6564567890,\n";
    let read = read_bytes("a.csv", csv.as_bytes().to_vec(), "SG");
    assert_eq!(read.labels(), ["Name", "Home", "Mobile 2", "Mobile"]);
    assert_eq!(read.valid(), [ANN, "+6564567890"]);
}

#[test]
fn d1_digits_of_other_scripts() {
    let read = read("digits-of-scripts.csv");
    assert_eq!(read.valid(), [ANN, "+6592345678", "+6593456789", "+6594567890"]);
    assert_eq!(read.counts(), [4, 4, 0, 0, 0]);
}

#[test]
fn d2_names_of_columns_have_hidden_marks_too() {
    for header in
        ["\u{FEFF}phone", "\u{FEFF}\u{FEFF}Phone", "\u{200B}phone\u{A0}", "\u{202A}PHONE\u{202C}"]
    {
        let csv = format!("{header},\u{A0}First\u{200B} Name\n+6591234567,Ann\n");
        let read = read_bytes("a.csv", csv.into_bytes(), "SG");
        assert_eq!(read.labels(), ["Mobile", "FirstName"], "{header:?}");
    }
}

#[test]
fn d4_garbled_names_are_pointed_out() {
    let read = read("garbled.csv");
    assert!(read.has_note("look garbled, such as “JosÃ© NuÃ±ez”"));
    assert_eq!(read.counts(), [2, 2, 0, 0, 0]);
}
