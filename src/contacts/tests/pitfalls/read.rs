//! A file opened, looked at and read, as the page has it done.

use contacts::bytes::{Bytes, Gone};
use contacts::file_problem::FileProblem;
use contacts::{Contacts, Processing, Source};
use domain::message::Message;
use domain::recipients::RepairKind;
use domain::recipients::input::{Chosen, Input};
use domain::recipients::phone::Country;
use domain::worker_protocol::{self as protocol, Filter, Row, RowsAsked};

/// What came of a file.
pub struct Read {
    /// As it was found.
    pub view: protocol::Source,
    /// What it was read as.
    pub contacts: Contacts,
}

/// Bytes that are let go with the file.
pub struct Owned(pub Vec<u8>);

impl Bytes for Owned {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<usize, Gone> {
        self.0.as_slice().read(at, into)
    }
}

pub fn input(home: &str) -> Input {
    Input { country: Country::parse(home), ..Input::default() }
}

pub fn chosen(id: &str, value: &str) -> Chosen {
    Chosen { id: id.to_owned(), value: value.to_owned() }
}

pub fn open(name: &str, bytes: Vec<u8>) -> Result<Source, FileProblem> {
    Source::open(1, name, Box::new(Owned(bytes)))
}

/// A committed file.
pub fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/contacts/");
    std::fs::read(format!("{folder}{name}")).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub fn problem(name: &str) -> FileProblem {
    open(name, fixture(name)).err().unwrap_or_else(|| panic!("{name} was read"))
}

pub fn processed(input: Input, source: Source) -> Contacts {
    let mut sources = vec![source];
    let mut processing = Processing::start(input, &sources).unwrap();
    while !processing.step(&mut sources, 7).unwrap() {}
    let contacts = processing.finish();
    assert!(contacts.summary().adds_up());
    contacts
}

pub fn read_bytes(name: &str, bytes: Vec<u8>, home: &str) -> Read {
    let source = open(name, bytes).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    Read { view: source.view(), contacts: processed(input(home), source) }
}

/// A committed file, in which numbers without a country code are of Singapore.
pub fn read(name: &str) -> Read {
    read_bytes(name, fixture(name), "SG")
}

impl Read {
    /// What was found out: `delimiter`, `encoding`, `quotes`, `header` or `sheet`.
    pub fn found(&self, id: &str) -> &str {
        let choice = self.view.choices.iter().find(|choice| choice.id == id);
        choice.map_or("", |choice| &choice.value)
    }

    pub fn labels(&self) -> Vec<&str> {
        self.view.columns.iter().map(|column| column.value.as_str()).collect()
    }

    /// Total, valid, unable, duplicates, repaired.
    pub fn counts(&self) -> [u32; 5] {
        let s = self.contacts.summary();
        [s.total, s.valid, s.unable, s.duplicates, s.repaired]
    }

    pub fn rows(&self, filter: Filter) -> Vec<Row> {
        rows(&self.contacts, filter)
    }

    /// The numbers that get the message.
    pub fn valid(&self) -> Vec<String> {
        self.rows(Filter::Valid).into_iter().map(|row| row.written).collect()
    }

    /// The rejected rows: where, what was written, why.
    pub fn unable(&self) -> Vec<(u32, String, String)> {
        let row = |row: Row| (row.row, row.written, row.says);
        self.rows(Filter::Unable).into_iter().map(row).collect()
    }

    pub fn repairs(&self) -> Vec<RepairKind> {
        self.contacts.repairs().into_iter().map(|repaired| repaired.kind).collect()
    }

    /// What recipient `at` reads.
    pub fn text(&self, template: &str, at: usize) -> String {
        let message = Message::parse(template).unwrap();
        self.contacts.preview(&message, at).unwrap().text
    }

    pub fn has_note(&self, words: &str) -> bool {
        let notes = self.view.notes.iter().chain(self.contacts.notes());
        notes.into_iter().any(|note| note.contains(words))
    }
}

pub fn rows(contacts: &Contacts, filter: Filter) -> Vec<Row> {
    let asked = RowsAsked { filter, search: String::new(), from: 0, count: 10_000, message: None };
    contacts.rows(&asked).rows
}
