//! Dates and times, from how workbooks keep them to how everybody can read them: `1965-01-01 13:30`.

use std::fmt::Write as _;

const DAY: u64 = 86_400;
/// The last day that a workbook can hold is 9999-12-31.
const LAST_YEAR: u64 = 9_999;

/// The day from which a workbook counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Epoch {
    /// Day 1 is 1900-01-01, and there is a 1900-02-29 as Lotus 1-2-3 had it.
    #[default]
    From1900,
    /// Day 0 is 1904-01-01.
    From1904,
}

/// What a format shows of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Date,
    Time,
    Both,
    /// Hours that go on counting after 24.
    Elapsed,
}

/// Writes day `serial` with its time; `false`, and nothing written, where there is no such date.
pub(super) fn write_serial(serial: f64, shown: Shown, epoch: Epoch, out: &mut String) -> bool {
    let seconds = (serial * DAY as f64).round();
    if !(0.0..=4e11).contains(&seconds) {
        return false;
    }
    let seconds = seconds as u64;
    let (day, time) = (seconds / DAY, seconds % DAY);
    match shown {
        Shown::Elapsed => write_time(seconds, out),
        Shown::Time => write_time(time, out),
        // Half a day after nothing is a time of day.
        _ if day == 0 && epoch == Epoch::From1900 => write_time(time, out),
        Shown::Date | Shown::Both => {
            let Some((year, month, day)) = date(day, epoch) else { return false };
            let _ = write!(out, "{year:04}-{month:02}-{day:02}");
            if shown == Shown::Both && time > 0 {
                out.push(' ');
                write_time(time, out);
            }
        }
    }
    true
}

/// `13:30`, with seconds where there are any.
fn write_time(seconds: u64, out: &mut String) {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let _ = write!(out, "{hours:02}:{minutes:02}");
    if seconds > 0 {
        let _ = write!(out, ":{seconds:02}");
    }
}

/// Year, month and day.
fn date(serial: u64, epoch: Epoch) -> Option<(u64, u64, u64)> {
    let days = match (epoch, serial) {
        (Epoch::From1900, 60) => return Some((1900, 2, 29)),
        (Epoch::From1900, ..60) => days_before(1900) + serial - 1,
        (Epoch::From1900, _) => days_before(1900) + serial - 2,
        (Epoch::From1904, _) => days_before(1904) + serial,
    };
    // Never too late a year, so that it is looked for in one direction only.
    let mut year = 1 + days / 366;
    while days_before(year + 1) <= days {
        year += 1;
    }
    let mut day = days - days_before(year);
    let mut month = 1;
    while day >= days_in(year, month) {
        day -= days_in(year, month);
        month += 1;
    }
    (year <= LAST_YEAR).then_some((year, month, day + 1))
}

/// Days from 0001-01-01 to the first of `year`.
fn days_before(year: u64) -> u64 {
    let past = year - 1;
    past * 365 + past / 4 - past / 100 + past / 400
}

fn days_in(year: u64, month: u64) -> u64 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Writes an ISO date that may have a time (`1965-01-01T13:30:00`) without what says nothing.
pub(super) fn write_iso(iso: &str, out: &mut String) {
    let iso = iso.trim();
    let (date, time) = iso.split_once('T').unwrap_or((iso, ""));
    let time = time.trim_end_matches('Z');
    let time = time.split_once(['.', ',']).map_or(time, |(whole, _)| whole);
    out.push_str(date);
    if time.is_empty() || (time == "00:00:00" && !date.is_empty()) {
        return;
    }
    if !date.is_empty() {
        out.push(' ');
    }
    let has_seconds = time.len() == 8;
    out.push_str(time.strip_suffix(":00").filter(|_| has_seconds).unwrap_or(time));
}

/// Writes an ISO duration (`PT13H30M00S`) as a time; as it is where it is something else.
pub(super) fn write_duration(iso: &str, out: &mut String) {
    match seconds_of(iso.trim()) {
        Some(seconds) => write_time(seconds, out),
        None => out.push_str(iso),
    }
}

fn seconds_of(iso: &str) -> Option<u64> {
    let mut rest = iso.strip_prefix("PT")?;
    let mut total = 0_u64;
    for (unit, seconds) in [('H', 3_600), ('M', 60), ('S', 1)] {
        if let Some((count, after)) = rest.split_once(unit) {
            let whole = count.split_once(['.', ',']).map_or(count, |(whole, _)| whole);
            total = total.checked_add(whole.parse::<u64>().ok()?.checked_mul(seconds)?)?;
            rest = after;
        }
    }
    rest.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serial(serial: f64, shown: Shown, epoch: Epoch) -> String {
        let mut out = String::new();
        if write_serial(serial, shown, epoch, &mut out) { out } else { "no date".into() }
    }

    #[test]
    fn days_are_counted_as_excel_does() {
        let date = |day| serial(day, Shown::Date, Epoch::From1900);
        assert_eq!(date(1.0), "1900-01-01");
        assert_eq!(date(59.0), "1900-02-28");
        assert_eq!(date(60.0), "1900-02-29");
        assert_eq!(date(61.0), "1900-03-01");
        assert_eq!(date(366.0), "1900-12-31");
        assert_eq!(date(23_743.0), "1965-01-01");
        assert_eq!(date(36_585.0), "2000-02-29");
        assert_eq!(date(45_657.0), "2024-12-31");
        assert_eq!(date(2_958_465.0), "9999-12-31");
        assert_eq!(date(2_958_466.0), "no date");
        assert_eq!(date(-1.0), "no date");
        assert_eq!(date(f64::NAN), "no date");
        assert_eq!(serial(0.0, Shown::Date, Epoch::From1904), "1904-01-01");
        assert_eq!(serial(22_281.0, Shown::Date, Epoch::From1904), "1965-01-01");
    }

    #[test]
    fn of_the_time_is_written_what_the_format_shows() {
        let half_past_one = 23_743.0 + 13.5 / 24.0;
        assert_eq!(serial(half_past_one, Shown::Both, Epoch::From1900), "1965-01-01 13:30");
        assert_eq!(serial(half_past_one, Shown::Date, Epoch::From1900), "1965-01-01");
        assert_eq!(serial(half_past_one, Shown::Time, Epoch::From1900), "13:30");
        assert_eq!(serial(0.562_511_574, Shown::Both, Epoch::From1900), "13:30:01");
        assert_eq!(serial(1.5, Shown::Elapsed, Epoch::From1900), "36:00");
        assert_eq!(serial(1.999_999_999_9, Shown::Both, Epoch::From1900), "1900-01-02");
    }

    #[test]
    fn iso_texts_lose_what_says_nothing() {
        let iso = |text| {
            let mut out = String::new();
            write_iso(text, &mut out);
            out
        };
        assert_eq!(iso("1965-01-01"), "1965-01-01");
        assert_eq!(iso("1965-01-01T00:00:00"), "1965-01-01");
        assert_eq!(iso("1965-01-01T13:30:00.000Z"), "1965-01-01 13:30");
        assert_eq!(iso("1965-01-01T13:30:05"), "1965-01-01 13:30:05");
        assert_eq!(iso("T13:00"), "13:00");
        let duration = |text| {
            let mut out = String::new();
            write_duration(text, &mut out);
            out
        };
        assert_eq!(duration("PT13H30M00S"), "13:30");
        assert_eq!(duration("PT36H00M05.25S"), "36:00:05");
        assert_eq!(duration("P1D"), "P1D");
        assert_eq!(duration("PT99999999999999999999H"), "PT99999999999999999999H");
    }
}
