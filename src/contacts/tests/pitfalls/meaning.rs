//! G: what rows mean together, and what is said about them.

use super::read::{fixture, input, open, processed, read_bytes, rows};
use contacts::file_problem::FileProblem;
use domain::recipients::RepairKind;
use domain::recipients::input::Input;
use domain::recipients::phone::NumberProblem;
use domain::worker_protocol::Filter;

const TWICE: &str = "phone,name\n+6591234567,Ann\n9123 4567,Ann again\n0065 91234567,Ann once more\n+6592345678,Bob\n+65 1,Cid\n";

#[test]
fn g1_one_number_in_several_spellings_is_one_recipient_and_the_first_counts() {
    let read = read_bytes("a.csv", TWICE.as_bytes().to_vec(), "SG");
    assert_eq!(read.counts(), [5, 2, 1, 2, 0]);
    assert_eq!(read.text("{{name}}", 0), "Ann");
    let doubles = read.rows(Filter::Duplicates);
    assert_eq!(doubles[1].says, "+6591234567, first in row 2");
    let source = open("a.csv", TWICE.as_bytes().to_vec()).unwrap();
    let all = processed(Input { include_duplicates: true, ..input("SG") }, source);
    assert_eq!((all.summary().valid, all.summary().duplicates), (4, 2));
}

/// G2: all rows alike, as in a list for a test, are one recipient. Nothing is said about the sender's own
/// number or numbers in a row: both are wanted by somebody.
#[test]
fn g2_rows_that_are_all_alike() {
    let read = read_bytes("a.csv", "+6591234567\n".repeat(10).into_bytes(), "");
    assert_eq!(read.counts(), [10, 1, 0, 9, 0]);
}

#[test]
fn g3_what_was_done_is_shown_with_where_and_from_what_to_what() {
    let csv = "phone,name\n0065 9123 4567,Ann\n6592345678,Bob\n0065 9345 6789,Cid\n6.59E+09,Dan\n";
    let read = read_bytes("a.csv", csv.as_bytes().to_vec(), "");
    assert_eq!(read.counts(), [4, 3, 1, 0, 3]);
    let repairs = read.contacts.repairs();
    assert_eq!(read.repairs(), [RepairKind::InternationalPrefix, RepairKind::MissingPlus]);
    let first = &repairs[0];
    assert_eq!((first.before.as_str(), first.after.as_str()), ("0065 9123 4567", "+6591234567"));
    assert_eq!((first.places.as_str(), first.rows), ("2, 4", 2));
    let unable = &read.unable()[0];
    assert_eq!((unable.0, unable.1.as_str()), (5, "6.59E+09"));
    let destinations = &read.contacts.summary().destinations;
    assert_eq!((destinations.len(), destinations[0].recipients), (1, 3));
}

#[test]
fn g3_what_was_repaired_can_be_left_as_it_was() {
    let source = open("a.csv", TWICE.as_bytes().to_vec()).unwrap();
    let undone = vec![RepairKind::InternationalPrefix];
    let contacts = processed(Input { undone, ..input("SG") }, source);
    let unable = rows(&contacts, Filter::Unable);
    assert_eq!((unable[0].row, &unable[0].says), (4, &NumberProblem::NotRepaired.to_string()));
}

/// Every reason is a sentence of its own that tells what is wrong, and what to do where something else can
/// be done than to look at the number.
#[test]
fn g3_every_reason_has_words() {
    use NumberProblem::*;
    let all = [
        Missing,
        NotANumber,
        Date,
        NeedsCountry,
        UnknownCountryCode,
        TooShort,
        TooLong,
        WrongLength,
        Letters,
        DigitsLost,
        Several,
        NotRepaired,
        Premium,
    ];
    let mut words: Vec<String> = all.iter().map(ToString::to_string).collect();
    assert!(words.iter().all(|words| words.len() > 10 && !words.ends_with('.')), "{words:?}");
    for (problem, advice) in [
        (Date, "format the column as text"),
        (DigitsLost, "format the column as text"),
        (NeedsCountry, "choose a country"),
        (NotRepaired, "not to repair"),
    ] {
        assert!(problem.to_string().contains(advice), "{problem}");
    }
    words.sort();
    words.dedup();
    assert_eq!(words.len(), all.len());
    use FileProblem as F;
    for problem in [
        F::TooBig,
        F::TooManyRows,
        F::Password,
        F::OldExcel,
        F::OtherDocument,
        F::WebPage,
        F::Pdf,
        F::Packed,
        F::Damaged,
        F::Bomb,
        F::Gone,
    ] {
        let words = problem.to_string();
        let advice = ["Split", "save", "Save", "Choose", "choose", "Unpack"];
        assert!(advice.iter().any(|advice| words.contains(advice)), "{words}");
    }
}

#[test]
fn g4_the_file_of_rejected_rows_runs_nothing_and_comes_back_as_it_went() {
    let first = read_bytes("a.csv", fixture("formulas.csv"), "SG");
    assert_eq!(first.counts(), [4, 0, 4, 0, 0]);
    let csv = first.contacts.rejects_csv();
    for cell in csv.lines().skip(1).flat_map(|line| line.split(',')) {
        let inner = cell.trim_start_matches('"');
        assert!(!inner.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell} in {csv}");
    }
    let second = read_bytes("rejected.csv", csv.clone().into_bytes(), "SG");
    assert_eq!(second.contacts.summary().fields, first.contacts.summary().fields);
    let told = |read: &super::read::Read| -> Vec<(String, String)> {
        let row = |(_, written, says): (u32, String, String)| {
            (written.strip_prefix('\'').unwrap_or(&written).to_owned(), says)
        };
        read.unable().into_iter().map(row).collect()
    };
    assert_eq!(told(&second), told(&first));
    assert_eq!(second.contacts.rejects_csv().replace("rejected.csv", "a.csv"), csv);
}
