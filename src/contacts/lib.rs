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
mod csv;
mod entries;
pub mod file_problem;
mod process;
pub mod record;
pub mod rows;
pub mod sheet;
mod source;
mod table;
pub mod text;

pub use process::{Processing, Unreadable};
pub use source::Source;

use domain::grouped;
use domain::message::Message;
use domain::message::template::MOBILE;
use domain::price::quote::{PriceList, Quote, Quoting};
use domain::recipients::input::{Correction, Input};
use domain::recipients::phone::{Country, NumberProblem};
use domain::recipients::{CHUNK_SIZE, Chunk, Destination, RepairKind, Summary};
use domain::worker_protocol::{Preview, Repaired};
use std::collections::BTreeMap;
use table::{Outcome, Seen, Table};

/// Recipients with the story of how they came to be.
#[derive(Debug, Default)]
pub struct Contacts {
    input: Input,
    table: Table,
    seen: Seen,
    /// The rows that get the message.
    recipients: Vec<u32>,
    summary: Summary,
    notes: Vec<String>,
}

impl Contacts {
    /// Of rows that were read.
    fn new(input: Input, table: Table, seen: Seen, notes: Vec<String>) -> Self {
        let mut contacts = Self { input, table, seen, notes, ..Self::default() };
        for correction in std::mem::take(&mut contacts.input.corrections) {
            // What was typed or chosen since may have taken the row away.
            let _ = process::correct(
                &mut contacts.table,
                &mut contacts.seen,
                contacts.input.country,
                &correction,
            );
        }
        contacts.count();
        contacts
    }

    /// Reads another text in the place of a rejected row.
    ///
    /// # Errors
    /// Why it cannot get a message either; `None` when there is no such rejected row.
    pub fn correct(&mut self, correction: &Correction) -> Result<(), Option<NumberProblem>> {
        process::correct(&mut self.table, &mut self.seen, self.input.country, correction)?;
        self.count();
        Ok(())
    }

    /// Counts what there is.
    fn count(&mut self) {
        let mut summary = Summary {
            total: self.table.len() as u32,
            duplicates_included: self.input.include_duplicates,
            fields: std::iter::once(MOBILE.to_owned())
                .chain(self.table.fields().iter().cloned())
                .collect(),
            ..Summary::default()
        };
        let mut countries = Countries::default();
        let recipients = (0..self.table.len()).filter(|at| self.is_recipient(*at)).count();
        self.recipients = Vec::with_capacity(recipients);
        for at in 0..self.table.len() {
            match self.table.outcome(at) {
                Outcome::Rejected(_) => summary.unable += 1,
                Outcome::Duplicate => summary.duplicates += 1,
                Outcome::Valid(doubt) => summary.doubtful += u32::from(doubt.is_some()),
            }
            if self.is_recipient(at) {
                summary.repaired += u32::from(!self.table.repairs(at).is_empty());
                self.recipients.push(at as u32);
                countries.add(self.table.country(at));
            }
        }
        summary.valid = self.recipients.len() as u32;
        summary.destinations = countries.destinations();
        self.summary = summary;
    }

    /// Whether a row gets the message.
    fn is_recipient(&self, at: usize) -> bool {
        match self.table.outcome(at) {
            Outcome::Valid(_) => true,
            Outcome::Duplicate => self.input.include_duplicates,
            Outcome::Rejected(_) => false,
        }
    }

    /// The counts.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// What was read, how long it took, where it is.
    pub fn words(&self, millis: Option<u32>) -> String {
        let total = self.summary.total;
        let rows = format!("{} {}", grouped(total), if total == 1 { "row" } else { "rows" });
        let took = match millis {
            None => format!("{rows} checked"),
            Some(millis @ 0..1_000) => format!("{rows} checked in {millis} ms"),
            Some(millis) => {
                let tenths = (millis + 50) / 100;
                format!("{rows} checked in {}.{} s", tenths / 10, tenths % 10)
            }
        };
        format!("{took} · 0 bytes have left this device")
    }

    /// What to know about how the sources were read.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// What was repaired, by kind, and what would be were it not undone.
    pub fn repairs(&self) -> Vec<Repaired> {
        let mut rows: Vec<(u32, Vec<usize>)> = vec![(0, Vec::new()); RepairKind::ALL.len()];
        for at in 0..self.table.len() {
            let repairs = self.table.repairs(at);
            if repairs.is_empty() {
                continue;
            }
            for (kind, (count, first)) in RepairKind::ALL.into_iter().zip(&mut rows) {
                if repairs.contains(kind) {
                    *count += 1;
                    if first.len() < 3 {
                        first.push(at);
                    }
                }
            }
        }
        let repaired = |(kind, (rows, first)): (RepairKind, (u32, Vec<usize>))| {
            let at = *first.first()?;
            let places: Vec<String> = first.iter().map(|at| self.place(*at)).collect();
            let more = rows as usize - first.len();
            Some(Repaired {
                kind,
                rows,
                is_undone: self.input.undone.contains(&kind),
                before: visible(self.table.raw(at)),
                after: self.table.number(at).map_or_else(String::new, |number| number.to_string()),
                places: match more {
                    0 => places.join(", "),
                    _ => format!("{} and {} more", places.join(", "), grouped(more)),
                },
            })
        };
        RepairKind::ALL.into_iter().zip(rows).filter_map(repaired).collect()
    }

    /// The rejected rows as a file that a spreadsheet opens.
    pub fn rejects_csv(&self) -> String {
        csv::rejects(&self.table)
    }

    /// Every recipient's message rendered, counted and priced.
    pub fn quote(&self, message: &Message, prices: &PriceList) -> Quote {
        let mut quoting = Quoting::new(prices);
        let mut text = String::new();
        let render = Rendering::of(message, &self.table);
        for at in self.recipients.iter().map(|at| *at as usize) {
            render.write(&self.table, at, &mut text);
            quoting.add(self.table.country(at), &text);
        }
        quoting.finish()
    }

    /// What recipient `at` will read; `None` when there is no such recipient.
    pub fn preview(&self, message: &Message, at: usize) -> Option<Preview> {
        let at = *self.recipients.get(at)? as usize;
        let mut text = String::new();
        Rendering::of(message, &self.table).write(&self.table, at, &mut text);
        let to = self.table.number(at)?.to_string();
        Some(Preview { to, country: self.table.country(at), text })
    }

    /// How many pieces there are in which the server takes the recipients.
    pub fn chunks(&self) -> usize {
        self.recipients.len().div_ceil(CHUNK_SIZE as usize)
    }

    /// Piece `n`, from 0, with the fields that the message needs: what it does not need stays here.
    pub fn chunk(&self, n: usize, message: &Message) -> Chunk {
        let size = CHUNK_SIZE as usize;
        let end = ((n + 1) * size).min(self.recipients.len());
        let rows = self.recipients.get(n * size..end).unwrap_or_default();
        let used = message.template().fields();
        let is_used = |name: &str| used.iter().any(|field| field.eq_ignore_ascii_case(name));
        let names = self.table.fields().iter().enumerate().filter(|(_, name)| is_used(name));
        let column = |field: usize| {
            rows.iter().map(|at| self.table.value(*at as usize, field).to_owned()).collect()
        };
        Chunk {
            to: rows.iter().filter_map(|at| self.table.number(*at as usize)).collect(),
            fields: names.map(|(field, name)| (name.clone(), column(field))).collect(),
        }
    }
}

/// A message, and where the values of its fields are.
struct Rendering<'a> {
    message: &'a Message,
    fields: BTreeMap<String, usize>,
    has_mobile: bool,
}

impl<'a> Rendering<'a> {
    fn of(message: &'a Message, table: &Table) -> Self {
        let used = message.template().fields();
        let place = |used: &&str| {
            let at = table.fields().iter().position(|name| name.eq_ignore_ascii_case(used))?;
            Some(((*used).to_owned(), at))
        };
        let fields = used.iter().filter_map(place).collect();
        let has_mobile = used.iter().any(|field| field.eq_ignore_ascii_case(MOBILE));
        Self { message, fields, has_mobile }
    }

    fn write(&self, table: &Table, at: usize, out: &mut String) {
        let mobile = table.number(at).filter(|_| self.has_mobile).map(|n| n.to_string());
        self.message.template().render(out, |field| {
            if field.eq_ignore_ascii_case(MOBILE) {
                return mobile.as_deref();
            }
            let place = self.fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(field))?.1;
            Some(table.value(at, *place))
        });
    }
}

/// How many recipients each country has: a place for every two letters.
struct Countries {
    counts: Vec<u32>,
    none: u32,
}

impl Default for Countries {
    fn default() -> Self {
        Self { counts: vec![0; 26 * 26], none: 0 }
    }
}

impl Countries {
    fn add(&mut self, country: Option<Country>) {
        let letter = |byte: u8| usize::from(byte - b'A');
        let place = country.map(Country::letters).map(|[a, b]| letter(a) * 26 + letter(b));
        *place.and_then(|at| self.counts.get_mut(at)).unwrap_or(&mut self.none) += 1;
    }

    /// The countries that have any, most first.
    fn destinations(&self) -> Vec<Destination> {
        let country = |at: usize| {
            let letter = |n: usize| b'A' + n as u8;
            Country::from_letters([letter(at / 26), letter(at % 26)])
        };
        let counts = self.counts.iter().enumerate().map(|(at, count)| (country(at), *count));
        let mut destinations: Vec<Destination> = counts
            .chain([(None, self.none)])
            .filter(|(_, recipients)| *recipients > 0)
            .map(|(country, recipients)| Destination { country, recipients })
            .collect();
        destinations.sort_by_key(|d| (std::cmp::Reverse(d.recipients), d.country));
        destinations
    }
}

/// Marks that nobody can see, made visible.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            c if c.is_ascii() && !c.is_control() || c.is_alphanumeric() => c.to_string(),
            c => format!("⟨U+{:04X}⟩", u32::from(c)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::price::money::Currency;
    use domain::worker_protocol::{Filter, RowsAsked};
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
