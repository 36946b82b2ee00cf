//! The recipients, with the story of how they came to be: what came of every row of every source.

use crate::csv;
use crate::judge::correct;
use crate::render::Rendering;
use crate::table::{Outcome, Seen, Table};
use domain::grouped;
use domain::message::Message;
use domain::message::template::MOBILE;
use domain::price::quote::{PriceList, Quote, Quoting};
use domain::recipients::input::{Correction, Input};
use domain::recipients::phone::{Country, NumberProblem};
use domain::recipients::{CHUNK_SIZE, Chunk, Destination, RepairKind, Summary};
use domain::worker_protocol::{Preview, Repaired};

/// Recipients with the story of how they came to be.
#[derive(Debug, Default)]
pub struct Contacts {
    input: Input,
    pub(crate) table: Table,
    pub(crate) seen: Seen,
    /// The rows that get the message.
    recipients: Vec<u32>,
    summary: Summary,
    notes: Vec<String>,
}

impl Contacts {
    /// Of rows that were read.
    pub(crate) fn new(input: Input, table: Table, seen: Seen, notes: Vec<String>) -> Self {
        let mut contacts = Self { input, table, seen, notes, ..Self::default() };
        for correction in std::mem::take(&mut contacts.input.corrections) {
            // What was typed or chosen since may have taken the row away.
            let _ = correct(
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
        correct(&mut self.table, &mut self.seen, self.input.country, correction)?;
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
    pub(crate) fn is_recipient(&self, at: usize) -> bool {
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

    /// `7`, or `7 of summer.csv` where there is more than one source.
    pub(crate) fn place(&self, at: usize) -> String {
        let (_, name, row) = self.table.place(at);
        match (name, self.table.sources() > 1) {
            (_, false) => grouped(row),
            ("", true) => format!("{} typed", grouped(row)),
            (name, true) => format!("{} of {name}", grouped(row)),
        }
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
