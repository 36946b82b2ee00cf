//! What the simulator has accepted, and what has become of it.

use super::journal::{AcceptedEntry, Entry, Journal};
use super::magic::{self, Report, Step};
use super::prices;
use crate::clock;
use domain::price::money::Amount;
use domain::recipients::phone::E164;
use domain::time::Timestamp;
use reqwest::Url;
use std::collections::{HashMap, HashSet};
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

/// An accepted message.
#[derive(Debug)]
pub(super) struct Message {
    pub umid: Uuid,
    pub to: E164,
    pub text: Arc<str>,
    pub ucs2: bool,
    pub segments: u32,
    pub accepted_at: Timestamp,
    /// Later than accepted when it was scheduled.
    pub starts_at: Timestamp,
    pub reference: Option<Arc<str>>,
    pub common: Arc<Common>,
    /// How many steps have happened.
    reached: u8,
    /// Which steps' receipts need no more posting, one bit each.
    posted: u8,
}

/// What the messages of a request share, kept once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Common {
    pub subaccount: String,
    pub source: Option<String>,
    pub callback: Option<Url>,
    pub batch: Option<Uuid>,
    pub batch_reference: Option<String>,
}

impl Message {
    /// Its receipts, in the order of their posting.
    pub fn steps(&self) -> Vec<Step> {
        magic::steps(self.to, self.umid)
    }

    /// Where it is by now, and since when, if everything happens `speed` times faster.
    pub fn status(&self, speed: f64) -> (Report, Timestamp) {
        let steps = self.steps();
        let happened = steps.iter().take(usize::from(self.reached));
        match happened.max_by_key(|step| step.report) {
            Some(step) => (step.report, self.happened_at(step, speed)),
            None => (Report::Queued, self.accepted_at),
        }
    }

    /// When a step of it happened.
    pub fn happened_at(&self, step: &Step, speed: f64) -> Timestamp {
        self.starts_at + step.happens.div_f64(speed).as_millis() as i64
    }

    /// The price of a segment, and of all of them.
    pub fn price(&self) -> Option<(Amount, Amount)> {
        let (_, operator) = prices::of(self.to)?;
        Some((operator.price, operator.price * self.segments))
    }

    /// The first step from `from` on whose receipt is not posted yet.
    pub fn next_step(&self, from: u8) -> Option<(u8, Step)> {
        let steps = self.steps().into_iter().enumerate();
        steps
            .filter_map(|(at, step)| Some((u8::try_from(at).ok()?, step)))
            .find(|(at, _)| *at >= from && self.posted & (1 << at) == 0)
    }
}

/// Everything.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub messages: Vec<Message>,
    /// Requests to send, whatever became of them.
    pub requests: u64,
    /// What all of it cost.
    pub spent: Amount,
    by_umid: HashMap<Uuid, u32>,
    references: HashSet<Arc<str>>,
    destinations: HashSet<E164>,
    struck: HashSet<u64>,
    journal: Option<Journal>,
}

impl Store {
    /// Everything that the journal remembers, if there is one.
    pub fn open(journal: Option<&Path>) -> io::Result<Self> {
        let mut store = Self::default();
        if let Some(path) = journal {
            store.journal = Some(Journal::open(path, |entry| store.remember(entry))?);
        }
        Ok(store)
    }

    fn remember(&mut self, entry: Entry) {
        match entry {
            Entry::Accepted(entry) => self.insert(entry),
            Entry::Posted { umid, step } => {
                let at = self.by_umid.get(&umid).copied();
                if let Some(message) = at.and_then(|at| self.messages.get_mut(at as usize)) {
                    message.posted |= 1 << (step % 8);
                    message.reached = message.reached.max(step + 1);
                }
            }
            Entry::Struck { number } => {
                self.struck.insert(number);
            }
        }
    }

    /// Accepts messages: in the journal first, all or none.
    pub fn accept(&mut self, accepted: Vec<AcceptedEntry>) -> io::Result<Range<u32>> {
        let entries: Vec<Entry> = accepted.into_iter().map(Entry::Accepted).collect();
        self.write(&entries)?;
        let first = self.messages.len() as u32;
        entries.into_iter().for_each(|entry| self.remember(entry));
        Ok(first..self.messages.len() as u32)
    }

    fn insert(&mut self, entry: AcceptedEntry) {
        let Some(to) = E164::from_digits(entry.to) else { return };
        let last = self.messages.last();
        let common = Common {
            subaccount: entry.subaccount,
            source: entry.source,
            callback: entry.callback.and_then(|url| Url::parse(&url).ok()),
            batch: entry.batch,
            batch_reference: entry.batch_reference,
        };
        // A campaign says the same to everybody more often than not.
        let common = match last {
            Some(last) if *last.common == common => Arc::clone(&last.common),
            _ => Arc::new(common),
        };
        let text = match last {
            Some(last) if *last.text == *entry.text => Arc::clone(&last.text),
            _ => Arc::from(entry.text),
        };
        let reference = entry.reference.map(Arc::<str>::from);
        let message = Message {
            umid: entry.umid,
            to,
            text,
            ucs2: entry.ucs2,
            segments: entry.segments,
            accepted_at: entry.at,
            starts_at: entry.starts.unwrap_or(entry.at),
            reference: reference.clone(),
            common,
            reached: 0,
            posted: 0,
        };
        self.references.extend(reference);
        self.destinations.insert(to);
        self.by_umid.insert(entry.umid, self.messages.len() as u32);
        self.spent = self.spent + message.price().map_or(Amount::ZERO, |(_, total)| total);
        self.messages.push(message);
    }

    /// A step has happened, whether or not anybody could be told.
    pub fn reach(&mut self, message: u32, step: u8) {
        if let Some(message) = self.messages.get_mut(message as usize) {
            message.reached = message.reached.max(step + 1);
        }
    }

    /// The receipt of a step was posted, or given up.
    pub fn posted(&mut self, message: u32, step: u8) {
        let Some(message) = self.messages.get_mut(message as usize) else { return };
        message.posted |= 1 << (step % 8);
        let entry = Entry::Posted { umid: message.umid, step };
        if let Err(error) = self.write(&[entry]) {
            // The worst that follows is a receipt posted twice.
            tracing::warn!(%error, "the sandbox cannot write its journal");
        }
    }

    /// Whether the trouble of this number strikes now: it does once.
    pub fn strike(&mut self, number: E164) -> bool {
        let first = self.struck.insert(number.digits());
        if first && let Err(error) = self.write(&[Entry::Struck { number: number.digits() }]) {
            tracing::warn!(%error, "the sandbox cannot write its journal");
        }
        first
    }

    fn write(&mut self, entries: &[Entry]) -> io::Result<()> {
        self.journal.as_mut().map_or(Ok(()), |journal| journal.add(entries))
    }

    /// The message of this id.
    pub fn find(&self, umid: Uuid) -> Option<&Message> {
        self.messages.get(*self.by_umid.get(&umid)? as usize)
    }

    /// Accepted messages, and how many different references and destinations they have.
    pub fn counts(&self) -> (usize, usize, usize) {
        (self.messages.len(), self.references.len(), self.destinations.len())
    }
}

/// A new message, as it enters the journal.
pub(super) fn accepted(to: E164, text: String, subaccount: &str) -> AcceptedEntry {
    AcceptedEntry {
        umid: Uuid::new_v4(),
        to: to.digits(),
        text,
        ucs2: false,
        segments: 1,
        at: clock::now(),
        starts: None,
        reference: None,
        subaccount: subaccount.to_owned(),
        source: None,
        callback: None,
        batch: None,
        batch_reference: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(last: &str, reference: &str) -> AcceptedEntry {
        let to = E164::parse(&format!("+65955{last}")).unwrap();
        let reference = Some(reference.to_owned());
        AcceptedEntry { reference, ..accepted(to, "Hello".to_owned(), "demo_hq") }
    }

    #[test]
    fn double_sends_show_in_the_counts() {
        let mut store = Store::default();
        store.accept(vec![entry("12345", "a"), entry("12346", "b")]).unwrap();
        assert_eq!(store.accept(vec![entry("12345", "a")]).unwrap(), 2..3);
        assert_eq!(store.counts(), (3, 2, 2));
        assert_eq!(store.spent, store.messages[0].price().unwrap().1 * 3);
    }

    #[test]
    fn a_restart_knows_how_far_each_message_has_come() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal");
        let mut store = Store::open(Some(&path)).unwrap();
        store.accept(vec![entry("12345", "a"), entry("12346", "b")]).unwrap();
        store.posted(1, 0);
        // The second step's receipt was still being retried when the third's had arrived.
        store.posted(1, 2);
        assert!(store.strike(E164::parse("+6595500011").unwrap()));
        let umid = store.messages[1].umid;
        drop(store);

        let mut store = Store::open(Some(&path)).unwrap();
        assert_eq!(store.counts(), (2, 2, 2));
        assert!(!store.strike(E164::parse("+6595500011").unwrap()));
        assert_eq!(store.messages[0].status(1.0).0, Report::Queued);
        let second = store.find(umid).unwrap();
        assert_eq!(second.status(1.0).0, Report::ToRecipient);
        assert_eq!(second.next_step(0).map(|(at, _)| at), Some(1));
        assert_eq!(second.next_step(2), None);
    }

    #[test]
    fn the_furthest_step_counts_whatever_the_order() {
        let mut store = Store::default();
        store.accept(vec![entry("00009", "a")]).unwrap();
        store.reach(0, 0);
        assert_eq!(store.messages[0].status(1.0).0, Report::ToRecipient);
        store.reach(0, 2);
        assert_eq!(store.messages[0].status(1.0).0, Report::ToRecipient);
    }
}
