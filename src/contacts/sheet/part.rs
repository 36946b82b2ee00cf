//! One part of a zip file, unpacked as far as somebody reads, checked at its end.

use super::archive::Entry;
use super::limits::{EVENT_BYTES, FREE_BYTES, Limits};
use crate::bytes::Bytes;
use crate::file_problem::FileProblem;
use crc32fast::Hasher;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};
use std::{fmt, io};

const BUFFER: usize = 64 * 1024;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// A part that is being unpacked. It keeps its place, and is lent the file's bytes to go on.
pub(super) struct Part {
    packed: Vec<u8>,
    packed_from: usize,
    /// Where the next packed bytes are, and how many there are yet to read.
    at: u64,
    left: u64,
    size: u64,
    /// `None` where the part is stored as it is.
    inflate: Option<Box<InflateState>>,
    unpacked: Vec<u8>,
    unpacked_from: usize,
    unpacked_to: usize,
    total: u64,
    limits: Limits,
    crc: Hasher,
    expected_crc: u32,
    ended: bool,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Part {
    pub fn open(entry: &Entry, bytes: &mut dyn Bytes, limits: Limits) -> Result<Self, FileProblem> {
        if entry.encrypted {
            return Err(FileProblem::Password);
        }
        let inflate = match entry.method {
            STORED => None,
            DEFLATED => Some(InflateState::new_boxed(DataFormat::Raw)),
            _ => return Err(FileProblem::OtherDocument),
        };
        Ok(Self {
            packed: Vec::new(),
            packed_from: 0,
            at: entry.data_at(bytes)?,
            left: entry.packed,
            size: entry.packed,
            inflate,
            unpacked: vec![0; BUFFER],
            unpacked_from: 0,
            unpacked_to: 0,
            total: 0,
            limits,
            crc: Hasher::new(),
            expected_crc: entry.crc,
            ended: false,
        })
    }

    /// Packed bytes that were used, and all of them.
    pub fn progress(&self) -> (u64, u64) {
        let is_over = self.ended && self.unpacked_from == self.unpacked_to;
        let waiting = (self.packed.len() - self.packed_from) as u64;
        if is_over { (self.size, self.size) } else { (self.size - self.left - waiting, self.size) }
    }

    /// What is unpacked and not used yet; empty only at the end.
    fn fill(&mut self, bytes: &mut dyn Bytes) -> Result<&[u8], FileProblem> {
        while self.unpacked_from == self.unpacked_to && !self.ended {
            self.refill(bytes)?;
        }
        Ok(&self.unpacked[self.unpacked_from..self.unpacked_to])
    }

    /// The first bytes, as many as are unpacked in one go.
    pub fn start(mut self, bytes: &mut dyn Bytes) -> Result<Vec<u8>, FileProblem> {
        self.fill(bytes).map(<[u8]>::to_vec)
    }

    fn consume(&mut self, len: usize) {
        self.unpacked_from = self.unpacked_to.min(self.unpacked_from + len);
    }

    /// Passes over what comes before place `place` of the unpacked bytes.
    pub fn skip_to(&mut self, place: u64, bytes: &mut dyn Bytes) -> Result<(), FileProblem> {
        loop {
            let here = self.total - (self.unpacked_to - self.unpacked_from) as u64;
            let ahead = usize::try_from(place.saturating_sub(here)).unwrap_or(usize::MAX);
            let available = self.fill(bytes)?.len();
            if ahead == 0 || available == 0 {
                return Ok(());
            }
            self.consume(ahead.min(available));
        }
    }

    /// Reads what is left, so that a part that is cut or changed is not taken for a whole one.
    pub fn finish(&mut self, bytes: &mut dyn Bytes) -> Result<(), FileProblem> {
        self.skip_to(u64::MAX, bytes)
    }

    fn refill(&mut self, bytes: &mut dyn Bytes) -> Result<(), FileProblem> {
        if self.packed_from == self.packed.len() && self.left > 0 {
            self.packed.resize(self.left.min(BUFFER as u64) as usize, 0);
            let read = bytes.read(self.at, &mut self.packed)?;
            if read == 0 {
                return Err(FileProblem::Damaged);
            }
            self.packed.truncate(read);
            self.packed_from = 0;
            self.at += read as u64;
            self.left -= read as u64;
        }
        self.unpack()?;
        let fresh = &self.unpacked[..self.unpacked_to];
        self.crc.update(fresh);
        self.total += fresh.len() as u64;
        if self.is_bomb() {
            return Err(FileProblem::Bomb);
        }
        if self.ended && self.crc.clone().finalize() != self.expected_crc {
            return Err(FileProblem::Damaged);
        }
        Ok(())
    }

    fn unpack(&mut self) -> Result<(), FileProblem> {
        let packed = &self.packed[self.packed_from..];
        self.unpacked_from = 0;
        let Some(state) = &mut self.inflate else {
            self.unpacked_to = packed.len();
            self.unpacked[..packed.len()].copy_from_slice(packed);
            self.packed_from = self.packed.len();
            self.ended = self.left == 0;
            return Ok(());
        };
        let done = inflate(state, packed, &mut self.unpacked, MZFlush::None);
        self.packed_from += done.bytes_consumed;
        self.unpacked_to = done.bytes_written;
        self.ended = done.status == Ok(MZStatus::StreamEnd);
        let is_stuck = done.bytes_consumed == 0 && done.bytes_written == 0 && !self.ended;
        if done.status.is_err() || is_stuck { Err(FileProblem::Damaged) } else { Ok(()) }
    }

    fn is_bomb(&self) -> bool {
        let (used, _) = self.progress();
        let dense = self.total > FREE_BYTES && self.total / self.limits.ratio > used;
        dense || self.total > self.limits.bytes
    }
}

/// A part with the bytes it is read from, as the XML reader wants it.
pub(super) struct Source<'a> {
    part: &'a mut Part,
    bytes: &'a mut dyn Bytes,
    /// Bytes since the last tag or text began.
    event: usize,
    problem: Option<FileProblem>,
}

impl<'a> Source<'a> {
    pub fn new(part: &'a mut Part, bytes: &'a mut dyn Bytes) -> Self {
        Self { part, bytes, event: 0, problem: None }
    }

    /// What follows is one tag or text.
    pub fn begin_event(&mut self) {
        self.event = 0;
    }

    /// What the last failure was; a failure of the XML itself is damage.
    pub fn problem(&mut self) -> FileProblem {
        self.problem.take().unwrap_or(FileProblem::Damaged)
    }

    /// See [`Part::finish`].
    pub fn finish(&mut self) -> Result<(), FileProblem> {
        self.part.finish(self.bytes)
    }
}

impl io::BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let filled = match self.event > EVENT_BYTES {
            true => Err(FileProblem::Bomb),
            false => self.part.fill(self.bytes),
        };
        filled.map_err(|problem| {
            self.problem = Some(problem);
            io::ErrorKind::InvalidData.into()
        })
    }

    fn consume(&mut self, len: usize) {
        self.event += len;
        self.part.consume(len);
    }
}

impl io::Read for Source<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = io::BufRead::fill_buf(self)?;
        let len = available.len().min(into.len());
        into[..len].copy_from_slice(&available[..len]);
        io::BufRead::consume(self, len);
        Ok(len)
    }
}
