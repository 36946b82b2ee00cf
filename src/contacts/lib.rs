//! From what the user gave to recipients: split into entries, read, checked, repaired, counted.
//!
//! [`Contacts`] keeps the recipients in columns and hands out what the page asks for: counts, the
//! first rejected rows, one recipient's message, the quote, and the chunks for the server. Nothing
//! of it leaves the browser before [`Contacts::chunks`] is asked for.

pub mod bytes;
pub mod columns;
mod csv;
mod entries;
pub mod file_problem;
pub mod record;
pub mod rows;
pub mod text;

use domain::message::Message;
use domain::phone::{Country, E164};
use domain::quote::{PriceList, Quote, Quoting, render};
use domain::recipients::{CHUNK_SIZE, Chunk, Destination, Doubt, Reject, Repair, Summary};
use domain::template::MOBILE;
use domain::worker_protocol::{Input, Preview};
use std::collections::{HashMap, HashSet};

/// Recipients with the story of how they came to be.
#[derive(Debug, Default)]
pub struct Contacts {
    recipients: Chunk,
    countries: Vec<Option<Country>>,
    rejects: Vec<Reject>,
    repairs: Vec<Repair>,
    doubts: Vec<Doubt>,
    summary: Summary,
}

impl Contacts {
    /// Reads and checks everything in `input`.
    pub fn process(input: &Input) -> Self {
        let mut contacts = Self::default();
        let mut seen = HashSet::new();
        let mut duplicates = 0;
        let mut total = 0;
        for (row, raw) in (1..).zip(entries::split(&input.numbers, input.country)) {
            total = row;
            let checked = match numbers::check(raw, input.country) {
                Ok(checked) => checked,
                Err(problem) => {
                    contacts.rejects.push(Reject { row, raw: raw.to_owned(), problem });
                    continue;
                }
            };
            let number = checked.number;
            if !seen.insert(number) {
                duplicates += 1;
                if !input.include_duplicates {
                    continue;
                }
            }
            contacts.recipients.to.push(number);
            contacts.countries.push(checked.country);
            if !checked.repairs.is_empty() {
                let (before, kinds) = (raw.to_owned(), checked.repairs);
                contacts.repairs.push(Repair { row, before, after: number, kinds });
            }
            if let Some(doubt) = checked.doubt {
                contacts.doubts.push(Doubt { row, number, doubt });
            }
        }
        contacts.summary = Summary {
            total,
            valid: contacts.recipients.to.len() as u32,
            unable: contacts.rejects.len() as u32,
            duplicates,
            duplicates_included: input.include_duplicates,
            repaired: contacts.repairs.len() as u32,
            doubtful: contacts.doubts.len() as u32,
            destinations: destinations(&contacts.countries),
            fields: vec![MOBILE.to_owned()],
        };
        contacts
    }

    /// The counts.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// The rows that cannot get the message.
    pub fn rejects(&self) -> &[Reject] {
        &self.rejects
    }

    /// The rows that were read differently from how they were written.
    pub fn repairs(&self) -> &[Repair] {
        &self.repairs
    }

    /// The recipients that may not be able to get an SMS.
    pub fn doubts(&self) -> &[Doubt] {
        &self.doubts
    }

    /// The rejected rows as a file that a spreadsheet opens.
    pub fn rejects_csv(&self) -> String {
        csv::rejects(&self.rejects)
    }

    /// Every recipient's message rendered, counted and priced.
    pub fn quote(&self, message: &Message, prices: &PriceList) -> Quote {
        let mut quoting = Quoting::new(prices);
        let mut text = String::new();
        for (i, country) in self.countries.iter().enumerate() {
            render(message.template(), &self.recipients, i, &mut text);
            quoting.add(*country, &text);
        }
        quoting.finish()
    }

    /// What recipient `at` will read; `None` when there is no such recipient.
    pub fn preview(&self, message: &Message, at: usize) -> Option<Preview> {
        let to: &E164 = self.recipients.to.get(at)?;
        let mut text = String::new();
        render(message.template(), &self.recipients, at, &mut text);
        Some(Preview { to: to.to_string(), country: self.countries[at], text })
    }

    /// The recipients in the pieces in which the server takes them.
    pub fn chunks(&self) -> impl Iterator<Item = Chunk> + '_ {
        let size = CHUNK_SIZE as usize;
        let count = self.recipients.to.len().div_ceil(size);
        (0..count).map(move |n| {
            let range = n * size..((n + 1) * size).min(self.recipients.to.len());
            let fields = self.recipients.fields.iter();
            Chunk {
                to: self.recipients.to[range.clone()].to_vec(),
                fields: fields.map(|(k, v)| (k.clone(), v[range.clone()].to_vec())).collect(),
            }
        })
    }
}

/// How many recipients each country has, most first.
fn destinations(countries: &[Option<Country>]) -> Vec<Destination> {
    let mut counts: HashMap<Option<Country>, u32> = HashMap::new();
    for country in countries {
        *counts.entry(*country).or_default() += 1;
    }
    let mut destinations: Vec<Destination> = counts
        .into_iter()
        .map(|(country, recipients)| Destination { country, recipients })
        .collect();
    destinations.sort_by_key(|d| (std::cmp::Reverse(d.recipients), d.country));
    destinations
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::money::Currency;
    use domain::phone::NumberProblem;
    use proptest::prelude::*;

    fn process(numbers: &str, include_duplicates: bool) -> Contacts {
        let country = Country::parse("SG");
        Contacts::process(&Input { numbers: numbers.into(), country, include_duplicates })
    }

    #[test]
    fn a_pasted_list_is_sorted_into_valid_wrong_and_double() {
        let contacts = process("+6591234567, 9123 4567\n+65 1; 8123-4567\nnobody", false);
        let summary = contacts.summary();
        assert_eq!(
            (summary.total, summary.valid, summary.unable, summary.duplicates),
            (5, 2, 2, 1)
        );
        assert!(summary.adds_up());
        assert_eq!(contacts.rejects()[0].sentence(), "Check the number +65 1: it is too short");
        assert_eq!(contacts.rejects()[1].problem, NumberProblem::NotANumber);
    }

    #[test]
    fn included_duplicates_are_valid() {
        let contacts = process("+6591234567\n+6591234567", true);
        let summary = contacts.summary();
        assert_eq!((summary.total, summary.valid, summary.duplicates), (2, 2, 1));
        assert!(summary.adds_up());
    }

    #[test]
    fn the_quote_counts_what_the_preview_shows() {
        let contacts = process("+6591234567\n+447400123456", false);
        let message = Message::parse("You are {{Mobile}}").unwrap();
        assert_eq!(contacts.preview(&message, 1).unwrap().text, "You are +447400123456");
        assert_eq!(contacts.preview(&message, 2), None);
        let currency = Currency::parse("USD").unwrap();
        let quote = contacts.quote(&message, &PriceList { currency, countries: [].into() });
        assert_eq!((quote.recipients, quote.segments, quote.unpriced), (2, 2, 2));
    }

    #[test]
    fn chunks_hold_everybody_once_in_order() {
        let numbers: Vec<String> =
            (0..5_001).map(|n| format!("+659{:07}", 1_000_000 + n)).collect();
        let contacts = process(&numbers.join("\n"), false);
        let chunks: Vec<Chunk> = contacts.chunks().collect();
        assert_eq!(chunks.iter().map(|c| c.to.len()).collect::<Vec<_>>(), [5_000, 1]);
        assert!(chunks.iter().all(Chunk::is_well_formed));
        let all: Vec<String> =
            chunks.iter().flat_map(|c| c.to.iter().map(E164::to_string)).collect();
        assert_eq!(all, numbers);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn whatever_is_pasted_the_counts_add_up(text in "[+0-9 ,;\\n/().a-c-]{0,200}", twice in any::<bool>()) {
            prop_assert!(process(&text, twice).summary().adds_up());
        }
    }
}
