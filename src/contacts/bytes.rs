//! A file's bytes, wherever they are: read by place and length, never all of them at once.

use thiserror::Error;

/// What can be read like a file.
pub trait Bytes {
    /// How many there are.
    fn size(&self) -> u64;

    /// Fills `into` from place `at` on, as far as there is anything; how many bytes that was.
    ///
    /// # Errors
    /// When they cannot be read any more.
    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<usize, Gone>;

    /// As [`read`](Self::read), again and again until `into` is full or nothing is left.
    ///
    /// # Errors
    /// When they cannot be read any more.
    fn read_on(&mut self, at: u64, into: &mut [u8]) -> Result<usize, Gone> {
        let mut filled = 0;
        while filled < into.len() {
            match self.read(at.saturating_add(filled as u64), &mut into[filled..])? {
                0 => break,
                read => filled += read,
            }
        }
        Ok(filled)
    }
}

/// The file was moved, changed or deleted since it was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the file cannot be read any more")]
pub struct Gone;

impl<T: AsRef<[u8]>> Bytes for T {
    fn size(&self) -> u64 {
        self.as_ref().len() as u64
    }

    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<usize, Gone> {
        let all = self.as_ref();
        let rest = usize::try_from(at).ok().and_then(|at| all.get(at..)).unwrap_or_default();
        let len = rest.len().min(into.len());
        into[..len].copy_from_slice(&rest[..len]);
        Ok(len)
    }
}
