//! libphonenumber's answers for lines of `REGION<TAB>INPUT`, with `-` for no region: prints
//! `E164<TAB>POSSIBLE<TAB>VALID<TAB>TYPE<TAB>REGION`, or `-<TAB>ERROR`, by its own names. Nothing is
//! cleaned up. `--metadata-version` prints which release's answers they are.

#![expect(clippy::print_stdout, reason = "a command: what it prints is its result")]

use numbers::{Region, parse};
use std::io::{BufRead, BufWriter, Result, Write, stdin, stdout};

fn main() -> Result<()> {
    if std::env::args().nth(1).as_deref() == Some("--metadata-version") {
        println!("{}", numbers::metadata_version());
        return Ok(());
    }
    let mut out = BufWriter::new(stdout().lock());
    let mut line = Vec::new();
    let mut input = stdin().lock();
    while input.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(line.strip_suffix(b"\n").unwrap_or(&line));
        let (region, text) = text.split_once('\t').unwrap_or(("-", &text));
        answer(&mut out, region, text)?;
        line.clear();
    }
    out.flush()
}

fn answer(out: &mut impl Write, region: &str, text: &str) -> Result<()> {
    let number = match parse(text, Region::find(region)) {
        Ok(number) => number,
        Err(reason) => return writeln!(out, "-\t{}", reason.name()),
    };
    writeln!(
        out,
        "{number}\t{}\t{}\t{}\t{}",
        number.possible().name(),
        number.is_valid(),
        number.kind().name(),
        number.region().map_or("-", Region::code),
    )
}
