//! Text files: from bytes to characters (`encoding`, `decode`, `reader`), from characters to cells
//! (`dialect`, `records`).

mod decode;
pub mod dialect;
pub mod encoding;
mod reader;
mod records;

pub use records::Records;
