//! What xtask says while it works: one line before a long step, one after it.

use anyhow::Result;
use std::time::{Duration, Instant};

/// Does one long step: says what and why, then how long it took.
pub fn step<T>(what: &str, why: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("» {what}: {why}");
    let start = Instant::now();
    let result = work();
    let end = if result.is_ok() { "done in" } else { "failed after" };
    println!("» {what}: {end} {}", time(start.elapsed()));
    result
}

/// Says something in passing.
pub fn note(line: &str) {
    println!("» {line}");
}

/// A duration as a person reads it: `0.3 s`, `42 s`, `3 min 05 s`.
pub fn time(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// A number of bytes with a comma between every three digits.
pub fn bytes(number: u64) -> String {
    let plain = number.to_string();
    let mut grouped = String::new();
    for (i, digit) in plain.chars().enumerate() {
        if i > 0 && (plain.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::{bytes, time};
    use std::time::Duration;

    #[test]
    fn times_are_as_exact_as_they_are_long() {
        assert_eq!(time(Duration::from_millis(340)), "0.3 s");
        assert_eq!(time(Duration::from_millis(42_900)), "42 s");
        assert_eq!(time(Duration::from_secs(185)), "3 min 05 s");
    }

    #[test]
    fn bytes_are_grouped() {
        assert_eq!(bytes(999), "999");
        assert_eq!(bytes(200_000), "200,000");
    }
}
