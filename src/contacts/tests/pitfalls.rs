//! Files as people have them: everything that is known to go wrong between a phone book and an importer,
//! case by case, and what is made of it.
//!
//! The cases are lettered by where they come from: A what a spreadsheet does to a number, B prefixes, C what
//! else is in the cell, D characters, E encodings and containers, F delimiters, quotes and shape, G meaning.
//! The files themselves are in tests/fixtures/contacts, written by `cargo run -p contacts --example fixtures`;
//! workbooks are made by the tests. `laws` has what is true of any file, `oracle` compares the reading of CSV
//! with another library's, `exports` has what well-known programs export.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "pitfalls/cells.rs"]
mod cells;
#[path = "pitfalls/containers.rs"]
mod containers;
#[path = "pitfalls/exports.rs"]
mod exports;
#[path = "pitfalls/files.rs"]
mod files;
#[path = "pitfalls/law.rs"]
mod law;
#[path = "pitfalls/laws.rs"]
mod laws;
#[path = "pitfalls/meaning.rs"]
mod meaning;
#[path = "pitfalls/oracle.rs"]
mod oracle;
#[path = "pitfalls/read.rs"]
mod read;
#[path = "pitfalls/shape.rs"]
mod shape;

#[test]
fn the_committed_files_are_those_that_the_example_writes() {
    for (name, bytes) in files::all() {
        assert!(read::fixture(name) == bytes, "{name}: run the example `fixtures`");
    }
}
