//! Makes the tables of the crate from libphonenumber's metadata, when it is built.
//!
//! ```text
//! metadata.bin -> metadata -> pattern -> automaton -> encoder, packed -> tables.bin, in the crate
//! ```
//!
//! What is looked at for every number, which kind a number is and which region it belongs to, becomes
//! one automaton over the digits; what is looked at rarely and captures groups, the prefixes, becomes
//! small programs. At run time there is no regular expression left.

#![expect(clippy::print_stdout, reason = "it is how a build script talks to Cargo")]

mod automaton;
mod classify;
#[path = "../coding.rs"]
mod coding;
mod encoder;
mod metadata;
mod packed;
mod pattern;
mod protobuf;

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=metadata");
    println!("cargo::rerun-if-changed=generate");
    println!("cargo::rerun-if-changed=coding.rs");
    let version = fs::read_to_string("metadata/version.txt").expect("metadata/version.txt");
    let bytes = fs::read("metadata/metadata.bin").expect("metadata/metadata.bin");
    let regions = metadata::read(&bytes);
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    let tables = packed::pack(version.trim(), &regions);
    fs::write(Path::new(&out).join("tables.bin"), tables).expect("OUT_DIR can be written to");
}
