//! What is true of any file, whatever is in it and however it is read. The fuzzer (`examples/fuzz.rs`) holds
//! its files to the same.

use contacts::bytes::{Bytes, Gone};
use contacts::file_problem::FileProblem;
use contacts::record::Record;
use contacts::{Contacts, Processing, Source};
use domain::recipients::input::{Chosen, Input};
use domain::worker_protocol::{Filter, RowsAsked};

/// Bytes that come in pieces of these lengths, one after the other and again from the first.
pub struct Pieces {
    bytes: Vec<u8>,
    lens: Vec<usize>,
    next: usize,
}

impl Pieces {
    pub fn new(bytes: Vec<u8>, lens: Vec<usize>) -> Self {
        Self { bytes, lens, next: 0 }
    }
}

impl Bytes for Pieces {
    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<usize, Gone> {
        let len = self.lens.get(self.next).map_or(into.len(), |len| into.len().min(*len));
        self.next = (self.next + 1) % self.lens.len().max(1);
        self.bytes.as_slice().read(at, &mut into[..len])
    }
}

/// How a file is read.
#[derive(Clone, Debug, Default)]
pub struct How {
    pub input: Input,
    pub chosen: Vec<Chosen>,
    /// Lengths of the pieces in which it comes.
    pub pieces: Vec<usize>,
    /// Rows at a time.
    pub step: u32,
}

/// Reads a file; `None` where it is refused. `Err` is the law that is broken.
pub fn read(name: &str, bytes: &[u8], how: &How) -> Result<Option<Contacts>, String> {
    let pieces = Pieces::new(bytes.to_vec(), how.pieces.clone());
    let opened = Source::open(1, name, Box::new(pieces));
    let Ok(mut source) = opened else { return Ok(None) };
    for chosen in &how.chosen {
        if source.choose(chosen).is_err() {
            return Ok(None);
        }
        let _ = source.view();
    }
    let view = source.view();
    law(view.rows.iter().all(|row| row.len() == view.columns.len()), "the preview is a table")?;
    // Counted by itself, without what is above the contacts.
    let Ok(rows) = count(&mut source) else { return Ok(None) };
    let mut sources = vec![source];
    let Ok(mut processing) = Processing::start(how.input.clone(), &sources) else {
        return Ok(None);
    };
    loop {
        match processing.step(&mut sources, how.step.max(1)) {
            Ok(true) => break,
            Ok(false) => {}
            Err(_) => return Ok(None),
        }
        let (done, all) = processing.progress();
        law(done <= all, "no more is done than there is to do")?;
    }
    let contacts = processing.finish();
    let summary = contacts.summary();
    law(summary.adds_up(), "the counts add up")?;
    let all = [Filter::Unable, Filter::Duplicates, Filter::Valid];
    let totals = all.map(|filter| total(&contacts, filter));
    let valid = if how.input.include_duplicates { summary.duplicates } else { 0 };
    law(totals[0] + totals[1] + totals[2] - valid == summary.total, "every row is one of three")?;
    law(summary.total == rows, "no row is dropped and none comes from nowhere")?;
    Ok(Some(contacts))
}

/// How many rows a file has.
fn count(source: &mut Source) -> Result<u32, FileProblem> {
    let (mut rows, skipped) = source.rows()?;
    let (mut count, mut row) = (0_usize, Record::default());
    while rows.next(source.bytes(), &mut row)?.is_some() {
        count += 1;
    }
    Ok(count.saturating_sub(skipped) as u32)
}

fn total(contacts: &Contacts, filter: Filter) -> u32 {
    let asked = RowsAsked { filter, search: String::new(), from: 0, count: 3, message: None };
    contacts.rows(&asked).total
}

/// The rejected rows: what was written, without the apostrophe that keeps it a text, and why.
pub fn rejects(contacts: &Contacts) -> Vec<(String, String)> {
    let asked = RowsAsked {
        filter: Filter::Unable,
        search: String::new(),
        from: 0,
        count: u32::MAX,
        message: None,
    };
    let bare = |text: String| text.strip_prefix('\'').map(str::to_owned).unwrap_or(text);
    let rows = contacts.rows(&asked).rows;
    rows.into_iter().map(|row| (bare(row.written), row.says)).collect()
}

/// The file of rejected rows, read again, has the same rows rejected for the same reasons.
pub fn come_back(contacts: &Contacts, how: &How) -> Result<(), String> {
    let went = rejects(contacts);
    if went.is_empty() {
        return Ok(());
    }
    let csv = contacts.rejects_csv();
    let how = How { chosen: vec![], ..how.clone() };
    let again = read("rejected-rows.csv", csv.as_bytes(), &how)?;
    let again = again.ok_or_else(|| format!("the file of rejected rows is refused: {csv:?}"))?;
    let came = rejects(&again);
    if came != went {
        let at = came.iter().zip(&went).take_while(|(came, went)| came == went).count();
        return Err(format!("{:?} went, {:?} came back", went.get(at), came.get(at)));
    }
    law(again.summary().total == went.len() as u32, "nothing else comes back")?;
    law(
        again.summary().fields.len() <= contacts.summary().fields.len(),
        "fields do not become more",
    )
}

pub fn law(holds: bool, law: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(law.to_owned()) }
}
