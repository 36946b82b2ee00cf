//! A file of the browser's as [`Bytes`]: read where it is asked for, never all of it at once.

use contacts::bytes::{Bytes, Gone};
use js_sys::Uint8Array;
use web_sys::{Blob, FileReaderSync};

/// A file that was chosen, and how long it is: asking costs more than one would think.
pub struct BlobBytes {
    blob: Blob,
    size: u64,
}

impl BlobBytes {
    /// Of a file.
    pub fn new(blob: Blob) -> Self {
        let size = blob.size() as u64;
        Self { blob, size }
    }
}

impl Bytes for BlobBytes {
    fn size(&self) -> u64 {
        self.size
    }

    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<usize, Gone> {
        let end = (at + into.len() as u64).min(self.size());
        if at >= end {
            return Ok(0);
        }
        let part = self.blob.slice_with_f64_and_f64(at as f64, end as f64).map_err(|_| Gone)?;
        let reader = FileReaderSync::new().map_err(|_| Gone)?;
        let bytes = reader.read_as_array_buffer(&part).map_err(|_| Gone)?;
        let bytes = Uint8Array::new(&bytes);
        // As long as the part, unless the file is not what it was.
        let into = into.get_mut(..bytes.length() as usize).ok_or(Gone)?;
        bytes.copy_to(into);
        Ok(into.len())
    }
}
