//! From what the user gave to recipients: files and typed numbers taken apart into rows, read, checked,
//! repaired, counted.
//!
//! A [`Source`] is a file and how it is read. [`Processing`] reads all sources into [`Contacts`], which keeps
//! their rows in columns and hands out what the page asks for: counts, pages of rows, one recipient's
//! message, the quote, and the chunks for the server. Nothing of it leaves the browser before
//! [`Contacts::chunk`] is asked for.

mod browse;
pub mod bytes;
pub mod columns;
mod contacts;
mod csv;
pub mod file_problem;
mod judge;
mod process;
pub mod record;
mod render;
pub mod rows;
pub mod sheet;
mod source;
mod table;
pub mod text;

pub use contacts::Contacts;
pub use process::{Processing, Unreadable};
pub use source::Source;

#[cfg(test)]
mod tests {
    use super::*;
    use domain::message::Message;
    use domain::price::money::Currency;
    use domain::price::quote::PriceList;
    use domain::recipients::input::{Correction, Input};
    use domain::recipients::phone::{Country, NumberProblem};
    use domain::recipients::{Chunk, RepairKind};
    use domain::worker_protocol::{self, Filter, RowsAsked};
    use proptest::prelude::*;

    fn input(numbers: &str) -> Input {
        Input { numbers: numbers.into(), country: Country::parse("SG"), ..Input::default() }
    }

    fn file(id: u32, name: &str, text: &str) -> Source {
        let bytes: &'static [u8] = text.to_owned().into_bytes().leak();
        Source::open(id, name, Box::new(bytes)).unwrap()
    }

    fn process(input: Input, mut sources: Vec<Source>) -> Contacts {
        let mut processing = Processing::start(input, &sources).unwrap();
        while !processing.step(&mut sources, 2).unwrap() {}
        processing.finish()
    }

    fn typed(numbers: &str, include_duplicates: bool) -> Contacts {
        process(Input { include_duplicates, ..input(numbers) }, vec![])
    }

    fn asked(filter: Filter, search: &str) -> RowsAsked {
        RowsAsked { filter, search: search.into(), from: 0, count: 10, message: None }
    }

    fn shown(contacts: &Contacts, filter: Filter, search: &str) -> Vec<(String, String, String)> {
        let rows = contacts.rows(&asked(filter, search)).rows;
        rows.into_iter().map(|row| (row.place, row.written, row.says)).collect()
    }

    #[test]
    fn a_pasted_list_is_sorted_into_valid_wrong_and_double() {
        let contacts = typed("+6591234567, 9123 4567\n+65 1; 8123-4567\nnobody", false);
        let summary = contacts.summary();
        assert_eq!(
            (summary.total, summary.valid, summary.unable, summary.duplicates),
            (5, 2, 2, 1)
        );
        assert!(summary.adds_up());
        let unable = shown(&contacts, Filter::Unable, "");
        assert_eq!(unable[0], ("3".into(), "+65 1".into(), "it is too short".into()));
        assert_eq!(unable[1].2, "there is no number in it");
    }

    #[test]
    fn pasted_lists_are_read_after_what_is_typed() {
        let pasted = vec!["8123 4567\n9123 4567\n".repeat(50), "nobody,\n+65 1".to_owned()];
        let contacts = process(Input { pasted, ..input("9123 4567\n1") }, vec![]);
        let summary = contacts.summary();
        assert_eq!((summary.total, summary.valid, summary.unable), (104, 2, 3));
        let unable: Vec<String> =
            shown(&contacts, Filter::Unable, "").into_iter().map(|row| row.0).collect();
        assert_eq!(unable, ["2", "103", "104"]);
        let first = shown(&contacts, Filter::Duplicates, "9123")[0].2.clone();
        assert_eq!(first, "+6591234567, first in row 1");
    }

    #[test]
    fn a_long_list_is_read_in_stretches() {
        let list = "+6591234567 ".repeat(3) + &"+6591234567,".repeat(10_000);
        let pasted = vec![list];
        let file = file(1, "a.csv", "phone\n+6581234567\n");
        let mut sources = [file];
        let mut processing = Processing::start(Input { pasted, ..input("") }, &sources).unwrap();
        let mut rows = Vec::new();
        while !processing.step(&mut sources, 1_000).unwrap() {
            rows.push(processing.rows());
            assert!(processing.progress().0 <= processing.progress().1);
        }
        assert!(rows.windows(2).all(|pair| pair[1] - pair[0] <= 1_100), "{rows:?}");
        assert_eq!(processing.finish().summary().total, 10_004);
    }

    #[test]
    fn rows_whose_message_cannot_be_sent_are_found() {
        let long = "x".repeat(2_000);
        let text = format!("phone,note\n+6591234567,hi\n+6591234568,\n+6591234569,{long}\nnone,\n");
        let contacts = process(input(""), vec![file(1, "a.csv", &text)]);
        let found = |message: &str, search: &str| {
            let message = Some(message.to_owned());
            let rows = contacts.rows(&RowsAsked { message, ..asked(Filter::Unsendable, search) });
            assert_eq!(rows.total as usize, rows.rows.len());
            let told = |row: worker_protocol::Row| (row.place, row.written, row.says);
            rows.rows.into_iter().map(told).collect::<Vec<_>>()
        };
        let row = |place: &str, number: &str, says: &str| {
            (place.to_owned(), number.to_owned(), says.to_owned())
        };
        let too_long = row("4", "+6591234569", "The message would have 14 parts");
        let empty = row("3", "+6591234568", "The message would be empty");
        assert_eq!(found("{{note}}", ""), [empty, too_long.clone()]);
        let only_long = [too_long];
        assert_eq!(found("{{note}}", "4569"), only_long);
        assert_eq!(found("Hi {{note}}", ""), only_long);
        assert_eq!(found("{{note|you}}", "4568"), []);
        assert_eq!(found("Hi", ""), []);
        assert_eq!(found("{{", ""), []);
        let message = Message::parse("{{note}}").unwrap();
        let prices = PriceList { currency: Currency::parse("USD").unwrap(), countries: [].into() };
        assert_eq!(contacts.quote(&message, &prices).unsendable, 2);
    }

    #[test]
    fn included_duplicates_are_valid() {
        let contacts = typed("+6591234567\n+6591234567", true);
        let summary = contacts.summary();
        assert_eq!((summary.total, summary.valid, summary.duplicates), (2, 2, 1));
        assert!(summary.adds_up());
    }

    #[test]
    fn sources_add_up_and_the_first_of_a_number_wins() {
        let one = file(1, "may.csv", "phone,First Name\n+6591234567,Ann\n+6592345678,Bob\n");
        let two =
            file(2, "june.csv", "Name;Handy\nCid;+4915123456789\nDan;0091 23\nEve;9234 5678\n");
        let contacts = process(input("9123 4567"), vec![one, two]);
        let summary = contacts.summary();
        assert_eq!(
            (summary.total, summary.valid, summary.unable, summary.duplicates),
            (6, 3, 1, 2)
        );
        assert_eq!(summary.fields, ["Mobile", "FirstName", "Name"]);
        let doubles = shown(&contacts, Filter::Duplicates, "");
        assert_eq!(doubles[0].0, "2 of may.csv");
        assert_eq!(doubles[0].2, "+6591234567, first in row 1 typed");
        assert_eq!(doubles[1].2, "+6592345678, first in row 3 of may.csv");
        let message = Message::parse("Hi {{FirstName|you}} {{name}}").unwrap();
        assert_eq!(contacts.preview(&message, 1).unwrap().text, "Hi Bob ");
        assert_eq!(contacts.preview(&message, 2).unwrap().text, "Hi you Cid");
    }

    #[test]
    fn a_second_number_stands_in_for_one_that_cannot_be_used() {
        let text = "Mobile,Home phone\n+65 1,+6561234567\n,+6592345678\n+6591234567,+6593456789\nn/a,\nx1,\n";
        let contacts = process(input(""), vec![file(1, "a.csv", text)]);
        let valid = shown(&contacts, Filter::Valid, "");
        let valid: Vec<&str> = valid.iter().map(|row| row.1.as_str()).collect();
        assert_eq!(valid, ["+6561234567", "+6592345678", "+6591234567"]);
        let unable = shown(&contacts, Filter::Unable, "");
        assert_eq!(unable[0].2, "the number is missing");
        assert_eq!(unable[1].1, "x1");
    }

    #[test]
    fn repairs_are_told_by_kind_and_can_be_undone() {
        let numbers = "0065 9123 4567\n006592345678\n6593456789\n+6594567890";
        let contacts = typed(numbers, false);
        let repairs = contacts.repairs();
        assert_eq!(repairs.len(), 2);
        assert_eq!((repairs[0].rows, repairs[0].places.as_str()), (2, "1, 2"));
        assert_eq!(
            (repairs[0].before.as_str(), repairs[0].after.as_str()),
            ("0065 9123 4567", "+6591234567")
        );
        assert_eq!(contacts.summary().repaired, 3);
        let undone = vec![RepairKind::InternationalPrefix];
        let contacts = process(Input { undone, ..input(numbers) }, vec![]);
        assert_eq!(
            (contacts.summary().valid, contacts.summary().unable, contacts.summary().repaired),
            (2, 2, 1)
        );
        let undone = &contacts.repairs()[0];
        assert!(undone.is_undone);
        assert_eq!(undone.rows, 2);
    }

    #[test]
    fn a_rejected_row_is_corrected_in_place() {
        let text = "phone,name\n+65 1,Ann\n+6592345678,Bob\n";
        let mut contacts = process(input(""), vec![file(1, "a.csv", text)]);
        let correction = |after: &str| Correction {
            source: 1,
            row: 2,
            before: "+65 1".into(),
            after: after.into(),
        };
        assert_eq!(contacts.correct(&correction("12")), Err(Some(NumberProblem::TooShort)));
        assert_eq!(contacts.correct(&correction("9123 4567")), Ok(()));
        assert_eq!(contacts.correct(&correction("9123 4567")), Err(None));
        assert!(contacts.summary().adds_up());
        let message = Message::parse("{{name}} {{mobile}}").unwrap();
        assert_eq!(contacts.preview(&message, 0).unwrap().text, "Ann +6591234567");
        // Reading it all again leads to the same.
        let corrections = vec![correction("9123 4567"), correction("8123 4567")];
        let again = process(Input { corrections, ..input("") }, vec![file(1, "a.csv", text)]);
        assert_eq!(again.summary(), contacts.summary());
    }

    #[test]
    fn rows_are_searched_and_paged() {
        let text = "phone,name\n+6591234567,Ann\n+6592345678,Bob\n+447400123456,Anna\n";
        let contacts = process(input(""), vec![file(1, "a.csv", text)]);
        assert_eq!(shown(&contacts, Filter::Valid, "ann").len(), 2);
        assert_eq!(shown(&contacts, Filter::Valid, "9234 56")[0].2, "Bob");
        assert_eq!(
            shown(&contacts, Filter::Country(Country::parse("GB")), "")[0].1,
            "+447400123456"
        );
        let page = contacts.rows(&RowsAsked { from: 1, count: 1, ..asked(Filter::Valid, "") });
        assert_eq!((page.total, page.rows[0].row), (3, 3));
    }

    #[test]
    fn rejected_rows_come_back_as_they_went() {
        let text = "phone,name,sum\n+65 1,\"Smith, \"\"J\"\"\",=1+1\n6.59E+09,é,\n1965-01-01,+x,-\n012,,\n+6591234567,ok,1\n";
        let first = process(input(""), vec![file(1, "a.csv", text)]);
        let csv = first.rejects_csv();
        assert!(csv.starts_with("\u{FEFF}File,Row,Mobile,\"name\",\"sum\",Reason\r\n"), "{csv}");
        assert!(
            csv.contains(
                "\"a.csv\",2,\"'+65 1\",\"Smith, \"\"J\"\"\",\"'=1+1\",\"it is too short\"\r\n"
            ),
            "{csv}"
        );
        let second = process(input(""), vec![file(1, "rejected-rows.csv", &csv)]);
        let problems = |contacts: &Contacts| -> Vec<String> {
            shown(contacts, Filter::Unable, "").into_iter().map(|row| row.2).collect()
        };
        assert_eq!(problems(&first), problems(&second));
        assert_eq!((second.summary().total, second.summary().unable), (4, 4));
        assert_eq!(second.summary().fields, ["Mobile", "name", "sum"]);
        let values = |contacts: &Contacts| -> Vec<String> {
            (0..contacts.table.len()).map(|at| contacts.table.value(at, 1).to_owned()).collect()
        };
        assert_eq!(values(&first)[..4], values(&second)[..4]);
    }

    #[test]
    fn a_million_rows_are_read_and_one_more_is_too_many() {
        let rows = |n: usize| format!("phone\n{}", "+6591234567\n".repeat(n));
        let all = process(input(""), vec![file(1, "a.csv", &rows(1_000_000))]);
        assert_eq!((all.summary().total, all.summary().duplicates), (1_000_000, 999_999));
        let mut sources = vec![file(1, "a.csv", &rows(1_000_001))];
        let mut processing = Processing::start(input(""), &sources).unwrap();
        let refused = processing.step(&mut sources, u32::MAX).unwrap_err();
        assert_eq!(refused.words, file_problem::FileProblem::TooManyRows.to_string());
    }

    #[test]
    fn a_file_without_numbers_says_what_to_do() {
        let refused =
            Processing::start(input(""), &[file(3, "a.csv", "a,b\nc,d\n")]).err().unwrap();
        assert_eq!(refused.source, 3);
        assert!(refused.words.contains("“Mobile”"));
    }

    #[test]
    fn the_quote_counts_what_the_preview_shows() {
        let contacts = typed("+6591234567\n+447400123456", false);
        let message = Message::parse("You are {{Mobile}}").unwrap();
        assert_eq!(contacts.preview(&message, 1).unwrap().text, "You are +447400123456");
        assert_eq!(contacts.preview(&message, 2), None);
        let currency = Currency::parse("USD").unwrap();
        let quote = contacts.quote(&message, &PriceList { currency, countries: [].into() });
        assert_eq!((quote.recipients, quote.segments, quote.unpriced), (2, 2, 2));
    }

    #[test]
    fn chunks_hold_everybody_once_in_order_and_only_what_the_message_needs() {
        let rows: String =
            (0..5_001).map(|n| format!("+659{:07},n{n},secret\n", 1_000_000 + n)).collect();
        let contacts =
            process(input(""), vec![file(1, "a.csv", &format!("phone,name,note\n{rows}"))]);
        let message = Message::parse("Hi {{Name}}").unwrap();
        let chunks: Vec<Chunk> =
            (0..contacts.chunks()).map(|n| contacts.chunk(n, &message)).collect();
        assert_eq!(chunks.iter().map(|c| c.to.len()).collect::<Vec<_>>(), [5_000, 1]);
        assert!(chunks.iter().all(Chunk::is_well_formed));
        assert_eq!(chunks[1].fields.len(), 1);
        assert_eq!(chunks[1].fields["name"], ["n5000"]);
        assert_eq!(chunks[1].to[0].to_string(), "+6591005000");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn whatever_is_pasted_the_counts_add_up(text in "[+0-9 ,;\\n/().a-c-]{0,200}", twice in any::<bool>()) {
            prop_assert!(typed(&text, twice).summary().adds_up());
        }

        /// Any bytes: no panic, and every row is one of valid, rejected or double.
        #[test]
        fn whatever_is_in_a_file_the_counts_add_up(
            bytes in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..300),
                "(phone|name|,|;|\\+6591234567|9123 456[0-9]|\"|\n|é){0,60}".prop_map(String::into_bytes),
            ],
        ) {
            let bytes: &'static [u8] = bytes.leak();
            if let Ok(source) = Source::open(1, "a", Box::new(bytes)) {
                source.view();
                let mut sources = vec![source];
                if let Ok(mut processing) = Processing::start(input(""), &sources) {
                    while !processing.step(&mut sources, 3).unwrap() {}
                    let contacts = processing.finish();
                    prop_assert!(contacts.summary().adds_up());
                    let csv = contacts.rejects_csv();
                    if contacts.summary().unable > 0 {
                        let again = process(input(""), vec![file(1, "b", &csv)]);
                        prop_assert_eq!(again.summary().unable, contacts.summary().unable);
                        prop_assert_eq!(again.summary().total, contacts.summary().unable);
                    }
                }
            }
        }
    }
}
