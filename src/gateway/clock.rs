//! The present, for the two places that need it: the log export's end and the simulator.

use domain::time::Timestamp;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Now, by the system's clock.
pub(crate) fn now() -> Timestamp {
    let since_1970 = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000;
    Timestamp(i64::try_from(since_1970).unwrap_or(i64::MAX))
}

/// As 8x8 writes it in receipts, to the millisecond: `2026-11-22T14:05:00.25Z`.
pub(crate) fn to_the_millisecond(moment: Timestamp) -> String {
    let whole = moment.to_rfc3339();
    let fraction = format!(".{:03}", moment.0.rem_euclid(1_000));
    match fraction.trim_end_matches('0') {
        "." => whole,
        fraction => whole.replace('Z', &format!("{fraction}Z")),
    }
}

/// Reads an RFC 3339 date-time.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).ok().map(Timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        for (millis, text) in [
            (1_795_356_305_000, "2026-11-22T14:05:05Z"),
            (1_795_356_305_250, "2026-11-22T14:05:05.25Z"),
            (1_795_356_305_007, "2026-11-22T14:05:05.007Z"),
        ] {
            assert_eq!(to_the_millisecond(Timestamp(millis)), text);
            assert_eq!(parse(text), Some(Timestamp(millis)));
        }
    }

    #[test]
    fn offsets_are_understood_and_dates_alone_are_not() {
        assert_eq!(parse("1970-01-01T01:00:00+01:00"), Some(Timestamp(0)));
        assert_eq!(parse("2026-11-22"), None);
        assert_eq!(parse("soon"), None);
    }
}
