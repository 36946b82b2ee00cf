//! Compares our answers with libphonenumber's on any number of generated inputs:
//! `cargo run --release -p numbers --example oracle -- [COUNT] [SEED]`.

#![expect(clippy::print_stdout, reason = "a command: what it prints is its result")]

#[path = "../tests/oracle/google.rs"]
mod google;
#[path = "../tests/oracle/inputs.rs"]
mod inputs;
#[allow(dead_code, missing_docs, reason = "shared with the build script, which needs more of it")]
#[path = "../generate/metadata.rs"]
mod metadata;
#[path = "../tests/oracle/ours.rs"]
mod ours;
#[allow(missing_docs, reason = "shared with the build script")]
#[path = "../generate/protobuf.rs"]
mod protobuf;

use std::collections::HashSet;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let (Ok(count), Ok(seed)) =
        (numbers.next().unwrap_or(Ok(2_000_000)), numbers.next().unwrap_or(Ok(1)))
    else {
        println!("oracle [COUNT] [SEED]");
        return ExitCode::from(2);
    };
    let inputs = inputs::Inputs::new(include_bytes!("../metadata/metadata.bin"), seed);
    let mut seen = HashSet::new();
    let (mut different, mut left_out) = (0, 0);
    for (region, text) in inputs.filter(|input| seen.insert(input.clone())).take(count as usize) {
        if google::differs(&text) {
            left_out += 1;
            continue;
        }
        let (ours, google) = (ours::answer(&region, &text), google::answer(&region, &text));
        if ours != google {
            different += 1;
            if different <= 50 {
                println!("{region}\t{text:?}\n  ours   {ours:?}\n  Google {google:?}");
            }
        }
    }
    println!("{} inputs compared, {different} different answers", count - left_out);
    println!("{left_out} inputs left out, on which libphonenumber's languages differ");
    if different == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
