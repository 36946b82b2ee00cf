//! Throws anything at everything of `numbers` that takes a text, for as long as it is told to:
//! `cargo run --release -p numbers --example fuzz -- SECONDS [SEED]`.
//!
//! Texts are bred from generated inputs by changing, cutting, repeating and joining them, and by bytes at
//! random. Nothing may panic, nothing may be slow, and what must always be true is checked.

#![expect(clippy::print_stdout, reason = "a command: what it prints is its result")]

#[path = "../tests/oracle/inputs.rs"]
mod inputs;
#[path = "../tests/oracle/laws.rs"]
mod laws;
#[allow(dead_code, missing_docs, reason = "shared with the build script, which needs more of it")]
#[path = "../generate/metadata.rs"]
mod metadata;
#[allow(missing_docs, reason = "shared with the build script")]
#[path = "../generate/protobuf.rs"]
mod protobuf;

use inputs::{Dice, Inputs};
use std::time::{Duration, Instant};

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|text| text.parse::<u64>().ok());
    let seconds = Duration::from_secs(arguments.next().unwrap_or(60));
    let seed = arguments.next().unwrap_or(1);
    let mut inputs = Inputs::new(include_bytes!("../metadata/metadata.bin"), seed);
    let mut dice = Dice(seed.wrapping_mul(31));
    let mut herd: Vec<String> = inputs.by_ref().take(10_000).map(|input| input.1).collect();
    let mut slowest = (Duration::ZERO, String::new());
    let (start, mut count) = (Instant::now(), 0_u64);
    while start.elapsed() < seconds {
        let (home, fresh) = inputs.next().unwrap_or_default();
        let text = bred(&mut dice, &herd, fresh);
        // Seen also when it panics.
        let begin = Instant::now();
        let outcome = std::panic::catch_unwind(|| laws::check_text(&home, &text));
        let took = begin.elapsed();
        if !matches!(outcome, Ok(Ok(()))) {
            println!("{home}\t{text:?}\n  {outcome:?}");
            std::process::exit(1);
        }
        // Only what is slow again is slow.
        if took > slowest.0 {
            let again = (0..5).map(|_| {
                let begin = Instant::now();
                laws::check_text(&home, &text).map_or(Duration::ZERO, |()| begin.elapsed())
            });
            let again = again.min().unwrap_or_default();
            if again > slowest.0 {
                slowest = (again, text.clone());
            }
        }
        let at = dice.roll(herd.len());
        if text.len() < 400 && dice.roll(4) == 0 {
            herd[at] = text;
        }
        count += 1;
    }
    let (took, text) = slowest;
    println!(
        "{count} texts in {:?}; the slowest took {took:?}, all calls together: {text:?}",
        start.elapsed()
    );
}

fn bred(dice: &mut Dice, herd: &[String], fresh: String) -> String {
    let mut bytes = match dice.roll(3) {
        0 => fresh.into_bytes(),
        _ => dice.pick(herd).clone().into_bytes(),
    };
    for _ in 0..dice.roll(6) {
        let at = dice.roll(bytes.len() + 1);
        let end = at + dice.roll(bytes.len() + 1 - at);
        match dice.roll(8) {
            0 => bytes.insert(at, dice.roll(256) as u8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                let times = 1 << dice.roll(8);
                let long = piece.repeat(times);
                bytes.splice(at..at, long.into_iter().take(2_000));
            }
            3 => {
                let other = dice.pick(herd).as_bytes();
                let from = dice.roll(other.len() + 1);
                bytes.splice(at..at, other[from..].iter().copied());
            }
            4 => bytes[at..end].reverse(),
            5 => bytes.splice(at..at, b";phone-context=+".iter().copied()).for_each(drop),
            6 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << dice.roll(8)),
            _ => {
                bytes.iter_mut().skip(at).take(end - at).for_each(|byte| *byte = b'0' + *byte % 10)
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
