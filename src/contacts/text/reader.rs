//! A window of characters that moves through a file.

use super::decode::Decoder;
use super::encoding::Encoding;
use crate::bytes::{Bytes, Gone};

/// Bytes read at a time. Each time, another process of the browser's is waited for.
const PIECE: usize = 4 << 20;
/// Bytes read the first time: enough to see what a file is.
const FIRST_PIECE: usize = 256 << 10;

/// The part of a file's text that is being looked at.
#[derive(Debug)]
pub struct Reader {
    decoder: Decoder,
    text: String,
    start: usize,
    at: u64,
    size: u64,
    piece: Vec<u8>,
}

impl Reader {
    /// From the beginning of `bytes`, as far as `size`.
    pub fn new(encoding: Encoding, size: u64) -> Self {
        let decoder = Decoder::new(encoding);
        Self { decoder, text: String::new(), start: 0, at: 0, size, piece: Vec::new() }
    }

    /// What has not been taken yet, as far as it was read.
    pub fn text(&self) -> &str {
        self.text.get(self.start..).unwrap_or_default()
    }

    /// Takes `len` bytes from the beginning of [`text`](Self::text).
    pub fn take(&mut self, len: usize) {
        self.start = (self.start + len).min(self.text.len());
    }

    /// Reads on. Whether there is more text than before.
    ///
    /// # Errors
    /// When the file is gone.
    pub fn more(&mut self, bytes: &mut dyn Bytes) -> Result<bool, Gone> {
        self.text.drain(..self.start);
        self.start = 0;
        let before = self.text.len();
        // A piece may have nothing but half a character.
        while self.at < self.size && self.text.len() == before {
            let piece = if self.at == 0 { FIRST_PIECE } else { PIECE };
            let len = piece.min(usize::try_from(self.size - self.at).unwrap_or(piece));
            self.piece.resize(len, 0);
            let read = bytes.read(self.at, &mut self.piece)?;
            self.at = if read == 0 { self.size } else { self.at + read as u64 };
            let piece = self.piece.get(..read).unwrap_or_default();
            self.decoder.decode(piece, self.at >= self.size, &mut self.text);
        }
        Ok(self.text.len() > before)
    }

    /// Whether something could not be read in this encoding.
    pub fn has_lost(&self) -> bool {
        self.decoder.has_lost()
    }

    /// How many bytes were read, and how many there are.
    pub fn progress(&self) -> (u64, u64) {
        (self.at.saturating_sub(self.text().len() as u64), self.size)
    }
}
