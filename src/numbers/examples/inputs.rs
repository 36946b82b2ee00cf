//! Prints generated inputs, as the example `numbers` reads them:
//! `cargo run --release -p numbers --example inputs -- oracle|people COUNT [SEED]`.
//!
//! `oracle` are those that the example `oracle` compares, for a second opinion (CONTRIBUTING.md); `people`
//! are numbers as a list of contacts has them, for the bench.

#[path = "../tests/oracle/inputs.rs"]
mod inputs;
#[allow(dead_code, missing_docs, reason = "shared with the build script, which needs more of it")]
#[path = "../generate/metadata.rs"]
mod metadata;
#[path = "../tests/oracle/people.rs"]
mod people;
#[allow(missing_docs, reason = "shared with the build script")]
#[path = "../generate/protobuf.rs"]
mod protobuf;

use std::io::{BufWriter, Result, Write, stdout};
use std::process::ExitCode;

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at).and_then(|text| text.parse::<u64>().ok());
    let (kind, Some(count)) = (arguments.first().map(String::as_str), number(1)) else {
        eprintln!("inputs oracle|people COUNT [SEED]");
        return Ok(ExitCode::from(2));
    };
    let metadata = include_bytes!("../metadata/metadata.bin");
    let seed = number(2).unwrap_or(1);
    let all: Box<dyn Iterator<Item = (String, String)>> = match kind {
        Some("people") => Box::new(people::People::new(metadata, seed)),
        _ => Box::new(inputs::Inputs::new(metadata, seed)),
    };
    let mut out = BufWriter::new(stdout().lock());
    for (region, text) in all.take(count as usize) {
        writeln!(out, "{region}\t{text}")?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
