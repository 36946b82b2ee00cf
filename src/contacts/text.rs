//! Text files: from bytes to characters (`encoding`, `decode`, `reader`), from characters to cells
//! (`dialect`, `records`). Which way, is guessed by `detect` and `sniff`.

mod decode;
pub mod detect;
pub mod dialect;
pub mod encoding;
mod reader;
mod records;
pub mod sniff;

use encoding::Encoding;
pub use records::Records;

/// The beginning of a file as text.
pub fn decode_start(encoding: Encoding, start: &[u8], is_whole: bool) -> String {
    let mut text = String::new();
    decode::Decoder::new(encoding).decode(start, is_whole, &mut text);
    text.retain(|c| c != '\0');
    text
}
