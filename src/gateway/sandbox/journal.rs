//! What the simulator must not forget, as lines of JSON that are only ever added to a file.
//!
//! The messages of a request are written before they are answered for, in one piece. A simulator that
//! is killed in the middle of a line drops that line when it starts again.

use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;
use uuid::Uuid;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Entry {
    /// A message was accepted.
    Accepted(AcceptedEntry),
    /// A receipt of a message was posted, or given up.
    Posted {
        /// Of the message.
        umid: Uuid,
        /// Which one, from 0.
        step: u8,
    },
    /// A magic number has struck and will not strike again.
    Struck {
        /// Its digits.
        number: u64,
    },
}

/// All there is to know of an accepted message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AcceptedEntry {
    pub umid: Uuid,
    pub to: u64,
    pub text: String,
    pub ucs2: bool,
    pub segments: u32,
    pub at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    pub subaccount: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_reference: Option<String>,
}

/// The file.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
}

impl Journal {
    /// Opens the file, or makes it, and hands every entry in it to `remember`.
    pub(super) fn open(path: &Path, mut remember: impl FnMut(Entry)) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        {
            // It holds numbers and texts.
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let file = options.open(path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // One that an earlier version made. Whoever may not change it does not own it.
            let _ = file.set_permissions(std::fs::Permissions::from_mode(0o600));
        }
        let mut reader = BufReader::new(&file);
        let (mut line, mut whole) = (Vec::new(), 0);
        while reader.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
            let entry = serde_json::from_slice(&line)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            remember(entry);
            whole += line.len() as u64;
            line.clear();
        }
        file.set_len(whole)?;
        Ok(Self { file })
    }

    /// Adds entries, all or, as far as the file system allows, none.
    pub(super) fn add<'a>(
        &mut self,
        entries: impl IntoIterator<Item = &'a Entry>,
    ) -> io::Result<()> {
        let mut lines = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut lines, entry)?;
            lines.push(b'\n');
        }
        let before = self.file.metadata()?.len();
        self.file.write_all(&lines).inspect_err(|_| {
            // Half a request must not be remembered; if this fails as well, so does the disk.
            let _ = self.file.set_len(before);
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(number: u64) -> Entry {
        Entry::Struck { number }
    }

    fn read(path: &Path) -> io::Result<(Journal, Vec<Entry>)> {
        let mut entries = Vec::new();
        let journal = Journal::open(path, |entry| entries.push(entry))?;
        Ok((journal, entries))
    }

    #[test]
    fn entries_survive() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal");
        let (mut journal, entries) = read(&path).unwrap();
        assert_eq!(entries, []);
        journal.add(&[struck(1), struck(2)]).unwrap();
        drop(journal);
        let (mut journal, entries) = read(&path).unwrap();
        assert_eq!(entries, [struck(1), struck(2)]);
        journal.add(&[struck(3)]).unwrap();
        assert_eq!(read(&path).unwrap().1.len(), 3);
    }

    #[test]
    fn a_torn_last_line_is_dropped_and_does_not_spoil_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal");
        let (mut journal, _) = read(&path).unwrap();
        journal.add(&[struck(1), struck(2)]).unwrap();
        let len = std::fs::metadata(&path).unwrap().len();
        File::options().write(true).open(&path).unwrap().set_len(len - 5).unwrap();
        let (mut journal, entries) = read(&path).unwrap();
        assert_eq!(entries, [struck(1)]);
        journal.add(&[struck(3)]).unwrap();
        assert_eq!(read(&path).unwrap().1, [struck(1), struck(3)]);
    }

    #[test]
    fn a_file_of_something_else_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal");
        std::fs::write(&path, "dear diary\n").unwrap();
        assert!(read(&path).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "dear diary\n");
    }
}
