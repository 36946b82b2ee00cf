//! What the worker holds between one message and the next.

use crate::keep::Shapes;
use crate::line::Line;
use contacts::{Contacts, Source};
use domain::worker_protocol::Keeping;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::Blob;

/// The one there is. Nobody keeps it borrowed while waiting.
pub type Held = Rc<RefCell<State>>;

/// What the worker holds.
#[derive(Default)]
pub struct State {
    /// The files as they are read, in the order of their numbers.
    pub sources: Vec<Source>,
    /// The files themselves.
    pub files: Vec<File>,
    /// What came of reading. An upload has its own hold of them: whatever is read meanwhile are others.
    pub contacts: Rc<Contacts>,
    /// What may be kept on this device.
    pub keeping: Keeping,
    /// What the columns of known files are.
    pub shapes: Shapes,
    /// Files that are being looked into.
    pub opening: u32,
    /// What may be kept is being changed.
    pub settling: u32,
    /// The files that the page has not removed.
    pub wanted: Vec<u32>,
    /// Counts whatever makes what is being read out of date.
    pub turn: u32,
    /// The way of the upload to the server.
    pub line: Rc<Line>,
}

/// A file that was chosen, or the copy of one that is kept.
#[derive(Clone)]
pub struct File {
    /// The number that the page gives it.
    pub source: u32,
    /// The file.
    pub blob: Blob,
    /// Whether it is a copy.
    pub is_copy: bool,
}

impl State {
    /// Stops what is being read.
    pub fn new_turn(&mut self) -> u32 {
        self.turn += 1;
        self.turn
    }

    /// Stops what is being uploaded; the way of the next upload.
    pub fn new_line(&mut self) -> Rc<Line> {
        std::mem::take(&mut self.line).stop();
        Rc::clone(&self.line)
    }

    /// Takes a source in, in the order of their numbers.
    pub fn insert(&mut self, source: Source, file: File) {
        self.files.retain(|other| other.source != file.source);
        self.files.push(file);
        self.sources.retain(|other| other.id() != source.id());
        let at = self.sources.partition_point(|other| other.id() < source.id());
        self.sources.insert(at, source);
    }
}
