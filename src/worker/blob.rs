//! A file of the browser's as [`Bytes`]: read where it is asked for, never all of it at once.
//!
//! Reading waits for another process of the browser's. So the part that most likely comes next is asked for
//! ahead, and is there when the worker has let messages in meanwhile (`reading.rs`); where it is not, it is
//! waited for.

use contacts::bytes::{Bytes, Gone};
use js_sys::Uint8Array;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, FileReaderSync};

/// Shorter parts are not worth asking for ahead.
const WORTH: usize = 1 << 20;

/// A file that was chosen.
pub struct BlobBytes {
    blob: Blob,
    /// Asked once: the answer comes from afar.
    size: u64,
    ahead: Rc<RefCell<Ahead>>,
}

/// A part that was asked for before it was needed.
#[derive(Default)]
struct Ahead {
    at: u64,
    came: Option<Uint8Array>,
}

impl BlobBytes {
    /// Of a file.
    pub fn new(blob: Blob) -> Self {
        let size = blob.size() as u64;
        Self { blob, size, ahead: Rc::default() }
    }

    fn part(&self, at: u64, len: usize) -> Result<Blob, Gone> {
        let end = (at + len as u64).min(self.size);
        self.blob.slice_with_f64_and_f64(at as f64, end as f64).map_err(|_| Gone)
    }

    /// What was asked for ahead, if it is this and has come.
    fn came(&self, at: u64) -> Option<Uint8Array> {
        let ahead = self.ahead.take();
        ahead.came.filter(|_| ahead.at == at)
    }

    fn ask_ahead(&self, at: u64, len: usize) {
        let Ok(part) = self.part(at, len) else { return };
        *self.ahead.borrow_mut() = Ahead { at, came: None };
        let ahead = Rc::clone(&self.ahead);
        spawn_local(async move {
            // What does not come is waited for where it is read.
            let Ok(bytes) = JsFuture::from(part.array_buffer()).await else { return };
            let mut ahead = ahead.borrow_mut();
            // Something else may be wanted by now.
            if ahead.at == at {
                ahead.came = Some(Uint8Array::new(&bytes));
            }
        });
    }
}

impl Bytes for BlobBytes {
    fn size(&self) -> u64 {
        self.size
    }

    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<usize, Gone> {
        if at >= self.size {
            return Ok(0);
        }
        let wanted = into.len();
        let bytes = match self.came(at).filter(|bytes| bytes.length() as usize <= wanted) {
            Some(bytes) => bytes,
            None => {
                let reader = FileReaderSync::new().map_err(|_| Gone)?;
                let part = self.part(at, wanted)?;
                let bytes = reader.read_as_array_buffer(&part).map_err(|_| Gone)?;
                Uint8Array::new(&bytes)
            }
        };
        // As long as the part, unless the file is not what it was.
        let into = into.get_mut(..bytes.length() as usize).ok_or(Gone)?;
        bytes.copy_to(into);
        let next = at + into.len() as u64;
        if wanted >= WORTH && next < self.size {
            self.ask_ahead(next, wanted);
        }
        Ok(into.len())
    }
}
