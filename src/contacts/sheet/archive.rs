//! The directory of a zip file: which parts there are and where.
//!
//! Only the central directory is believed: what stands in front of a part may be without sizes where
//! the file was written in one go.

use super::limits::{DIRECTORY_BYTES, ENTRIES};
use crate::bytes::Bytes;
use crate::file_problem::FileProblem;

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const END_64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR_64: [u8; 4] = *b"PK\x06\x07";

const LOCAL_LEN: usize = 30;
const CENTRAL_LEN: usize = 46;
const END_LEN: usize = 22;
const END_64_LEN: usize = 56;
const LOCATOR_64_LEN: usize = 20;
/// Of the extra field that holds what does not fit into 32 bits.
const EXTRA_64: u16 = 1;

/// The parts of a zip file.
#[derive(Debug)]
pub(super) struct Archive {
    entries: Vec<Entry>,
}

/// One part.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub name: String,
    pub encrypted: bool,
    pub method: u16,
    pub crc: u32,
    pub packed: u64,
    header_at: u64,
}

impl Archive {
    pub fn open(bytes: &mut dyn Bytes) -> Result<Self, FileProblem> {
        let mut start = [0; 4];
        let is_zip = read_full(bytes, 0, &mut start)? && (start == LOCAL || start == END);
        let missing = if is_zip { FileProblem::Damaged } else { FileProblem::NotATable };
        let directory = find_directory(bytes)?.ok_or(missing)?;
        if directory.entries > ENTRIES || directory.len > DIRECTORY_BYTES {
            return Err(FileProblem::Bomb);
        }
        let mut listing = vec![0; directory.len as usize];
        if !read_full(bytes, directory.at, &mut listing)? {
            return Err(FileProblem::Damaged);
        }
        let mut rest = listing.as_slice();
        let entries = (0..directory.entries)
            .map(|_| take_entry(&mut rest).ok_or(FileProblem::Damaged))
            .collect::<Result<_, _>>()?;
        Ok(Self { entries })
    }

    /// The part of that name; upper and lower case are the same in a package.
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }
}

impl Entry {
    /// Where its bytes start.
    pub fn data_at(&self, bytes: &mut dyn Bytes) -> Result<u64, FileProblem> {
        let mut header = [0; LOCAL_LEN];
        if !read_full(bytes, self.header_at, &mut header)? || !header.starts_with(&LOCAL) {
            return Err(FileProblem::Damaged);
        }
        let skipped =
            LOCAL_LEN as u64 + u64::from(u16_at(&header, 26)) + u64::from(u16_at(&header, 28));
        let at = self.header_at.saturating_add(skipped);
        if at.saturating_add(self.packed) > bytes.size() {
            return Err(FileProblem::Damaged);
        }
        Ok(at)
    }
}

struct Directory {
    at: u64,
    len: u64,
    entries: u64,
}

/// The directory by what stands at the end of the file; `None` where nothing does.
fn find_directory(bytes: &mut dyn Bytes) -> Result<Option<Directory>, FileProblem> {
    // The end may be followed by a comment of up to 65,535 bytes.
    let tail_len = bytes.size().min((END_LEN + usize::from(u16::MAX)) as u64);
    let tail_at = bytes.size() - tail_len;
    let mut tail = vec![0; tail_len as usize];
    if !read_full(bytes, tail_at, &mut tail)? {
        return Err(FileProblem::Damaged);
    }
    let Some(at) = tail.windows(END_LEN).rposition(|end| end.starts_with(&END)) else {
        return Ok(None);
    };
    let end = &tail[at..];
    let found = Directory {
        at: u64::from(u32_at(end, 16)),
        len: u64::from(u32_at(end, 12)),
        entries: u64::from(u16_at(end, 10)),
    };
    let is_full = found.at == u64::from(u32::MAX)
        || found.len == u64::from(u32::MAX)
        || found.entries == u64::from(u16::MAX);
    match is_full {
        true => find_directory_64(bytes, tail_at + at as u64).map(Some),
        false => Ok(Some(found)),
    }
}

fn find_directory_64(bytes: &mut dyn Bytes, end_at: u64) -> Result<Directory, FileProblem> {
    let mut locator = [0; LOCATOR_64_LEN];
    let locator_at = end_at.checked_sub(LOCATOR_64_LEN as u64).ok_or(FileProblem::Damaged)?;
    if !read_full(bytes, locator_at, &mut locator)? || !locator.starts_with(&LOCATOR_64) {
        return Err(FileProblem::Damaged);
    }
    let mut end = [0; END_64_LEN];
    if !read_full(bytes, u64_at(&locator, 8), &mut end)? || !end.starts_with(&END_64) {
        return Err(FileProblem::Damaged);
    }
    Ok(Directory { at: u64_at(&end, 48), len: u64_at(&end, 40), entries: u64_at(&end, 32) })
}

fn take_entry(rest: &mut &[u8]) -> Option<Entry> {
    let header = take(rest, CENTRAL_LEN)?;
    if !header.starts_with(&CENTRAL) {
        return None;
    }
    let name = take(rest, u16_at(header, 28).into())?;
    let extra = take(rest, u16_at(header, 30).into())?;
    take(rest, u16_at(header, 32).into())?;
    let mut wide = extra_64(extra);
    let unpacked = u32_at(header, 24);
    let mut widened = |narrow: u32| match narrow {
        u32::MAX => take(&mut wide, 8).map(|wide| u64_at(wide, 0)),
        _ => Some(u64::from(narrow)),
    };
    // They stand in this order, each only where its narrow field is full.
    widened(unpacked)?;
    let packed = widened(u32_at(header, 20))?;
    let header_at = widened(u32_at(header, 42))?;
    Some(Entry {
        // Some writers use the backslash of their system.
        name: String::from_utf8_lossy(name).replace('\\', "/"),
        encrypted: u16_at(header, 8) & 1 == 1,
        method: u16_at(header, 10),
        crc: u32_at(header, 16),
        packed,
        header_at,
    })
}

/// What the extra field for large files holds.
fn extra_64(mut extra: &[u8]) -> &[u8] {
    while let Some(head) = take(&mut extra, 4) {
        let Some(body) = take(&mut extra, u16_at(head, 2).into()) else { break };
        if u16_at(head, 0) == EXTRA_64 {
            return body;
        }
    }
    &[]
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(len)?;
    *rest = left;
    Some(taken)
}

/// Fills all of `into`; whether there was enough.
pub(super) fn read_full(
    bytes: &mut dyn Bytes,
    at: u64,
    into: &mut [u8],
) -> Result<bool, FileProblem> {
    Ok(bytes.read_on(at, into)? == into.len())
}

fn array_at<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes.get(at..at + N).and_then(|bytes| bytes.try_into().ok()).unwrap_or([0; N])
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(array_at(bytes, at))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(array_at(bytes, at))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(array_at(bytes, at))
}
