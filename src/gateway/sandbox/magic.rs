//! Magic numbers: what a destination's last seven digits make happen. All of them begin with 55, so that
//! a list of consecutive numbers is not likely to run into them.

use domain::recipients::phone::E164;
use std::time::Duration;
use uuid::Uuid;

/// The table that people read, in the documentation and on the page.
pub(super) const TABLE: &str = include_str!("magic.md");

/// What a number does to the whole request that carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    TooManyRequests,
    FailsBefore,
    FailsAfter,
    CutBefore,
    CutAfter,
    Slow,
    Unauthorized,
    OldTls,
}

impl Trouble {
    pub(super) fn of(number: E164) -> Option<Self> {
        Some(match magic_digits(number) {
            11 => Self::TooManyRequests,
            12 => Self::FailsBefore,
            13 => Self::FailsAfter,
            14 => Self::CutBefore,
            15 => Self::CutAfter,
            16 => Self::Slow,
            17 => Self::Unauthorized,
            19 => Self::OldTls,
            _ => return None,
        })
    }

    /// Whether it strikes the first request only.
    pub(super) fn only_once(self) -> bool {
        !matches!(self, Self::Slow | Self::Unauthorized | Self::OldTls)
    }

    /// One of those that a bad day brings, by a die.
    pub(super) fn random(die: u64) -> Self {
        match die % 5 {
            0 => Self::TooManyRequests,
            1 => Self::FailsBefore,
            2 => Self::FailsAfter,
            3 => Self::CutBefore,
            _ => Self::CutAfter,
        }
    }
}

/// Whether it is rejected at submission.
pub(super) fn is_rejected(number: E164) -> bool {
    magic_digits(number) == 1
}

/// What a receipt says, in the order in which it can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Report {
    Queued,
    Sent,
    ToOperator,
    ToRecipient,
    /// By the phone.
    Refused(u16),
    /// By the operator.
    RejectedByOperator(u16),
    /// By 8x8; costs nothing.
    Rejected(u16),
}

impl Report {
    pub(super) fn state(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::ToOperator | Self::ToRecipient => "delivered",
            Self::Refused(_) | Self::RejectedByOperator(_) => "undelivered",
            Self::Rejected(_) => "rejected",
        }
    }

    pub(super) fn detail(self) -> Option<&'static str> {
        match self {
            Self::Queued | Self::Sent | Self::Rejected(_) => None,
            Self::ToOperator => Some("delivered_to_operator"),
            Self::ToRecipient => Some("delivered_to_recipient"),
            Self::Refused(_) => Some("undelivered_to_recipient"),
            Self::RejectedByOperator(_) => Some("rejected_by_operator"),
        }
    }

    pub(super) fn error_code(self) -> Option<u16> {
        match self {
            Self::Refused(code) | Self::RejectedByOperator(code) | Self::Rejected(code) => {
                Some(code)
            }
            _ => None,
        }
    }

    /// Whether it is charged: 8x8 takes nothing for what it rejects itself.
    pub(super) fn is_charged(self) -> bool {
        !matches!(self, Self::Queued | Self::Rejected(_))
    }
}

/// One receipt: what it says, when that happened and when it is posted, both after acceptance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub report: Report,
    pub happens: Duration,
    pub posted: Duration,
    pub times: u8,
}

/// The receipts of a message in the order of their posting. The same number and id always give the
/// same, so that a restarted simulator goes on where it stopped.
pub(super) fn steps(number: E164, umid: Uuid) -> Vec<Step> {
    const QUEUED: u64 = 100;
    const SENT: u64 = 500;
    const LATER: u64 = 4_000;
    // Between 1 and 2.5 s, so that a campaign's receipts do not come all at once.
    let end = 1_000 + umid.as_u64_pair().1 % 1_500;
    let last = match magic_digits(number) {
        2 => Some(Report::RejectedByOperator(15)),
        3 => Some(Report::Refused(1)),
        4 => Some(Report::RejectedByOperator(60)),
        5 => None,
        6 | 7 => Some(Report::ToOperator),
        18 => Some(Report::Rejected(99)),
        code @ (200..=261 | 299) => Some(Report::RejectedByOperator((code - 200) as u16)),
        _ => Some(Report::ToRecipient),
    };
    let step = |report, at| {
        let at = Duration::from_millis(at);
        Step { report, happens: at, posted: at, times: 1 }
    };
    let mut steps = vec![step(Report::Queued, QUEUED)];
    // What 8x8 rejects never reaches an operator.
    if !matches!(last, Some(Report::Rejected(_))) {
        steps.push(step(Report::Sent, SENT));
    }
    steps.extend(last.map(|report| step(report, end)));
    match magic_digits(number) {
        7 => steps.push(step(Report::ToRecipient, end + LATER)),
        8 => steps.iter_mut().for_each(|step| step.times = 3),
        9 => {
            let times: Vec<Duration> = steps.iter().map(|step| step.posted).collect();
            steps.reverse();
            // Nothing is reported before it happened.
            for (step, posted) in steps.iter_mut().zip(times) {
                step.posted = posted + Duration::from_millis(end);
            }
        }
        10 => steps.iter_mut().for_each(|step| step.posted += Duration::from_secs(20)),
        _ => {}
    }
    steps
}

/// The last five digits of a number that has 55 before them; 99,999 stands for every other.
fn magic_digits(number: E164) -> u64 {
    let last = number.digits() % 10_000_000;
    if last / 100_000 == 55 { last % 100_000 } else { 99_999 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(last: &str) -> E164 {
        E164::parse(&format!("+65955{last}")).unwrap()
    }

    fn reports(last: &str) -> Vec<Report> {
        steps(number(last), Uuid::nil()).iter().map(|step| step.report).collect()
    }

    /// The rows of the table that name one number each.
    fn listed() -> Vec<&'static str> {
        TABLE
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
            .filter_map(|(digits, _)| digits.strip_prefix("55"))
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
            .collect()
    }

    #[test]
    fn every_magic_number_is_in_the_table_and_does_something() {
        let is_magic = |last: &str| {
            let number = number(last);
            let ordinary = steps(self::number("55555"), Uuid::nil());
            is_rejected(number)
                || Trouble::of(number).is_some()
                || steps(number, Uuid::nil()) != ordinary
        };
        assert_eq!(listed().len(), 19);
        for last in 0..=199 {
            let last = format!("{last:05}");
            assert_eq!(is_magic(&last), listed().contains(&last.as_str()), "{last}");
        }
        for (last, code) in [("00200", 0), ("00206", 6), ("00261", 61), ("00299", 99)] {
            assert_eq!(reports(last).last(), Some(&Report::RejectedByOperator(code)));
        }
        assert_eq!(Trouble::of(E164::parse("+6591200011").unwrap()), None);
        assert!(!is_rejected(E164::parse("+6591200001").unwrap()));
        assert!(!is_magic("00262") && !is_magic("10002") && !is_magic("00300"));
    }

    #[test]
    fn the_stories_of_receipts() {
        use Report::*;
        assert_eq!(reports("12345"), [Queued, Sent, ToRecipient]);
        assert_eq!(reports("00002"), [Queued, Sent, RejectedByOperator(15)]);
        assert_eq!(reports("00003"), [Queued, Sent, Refused(1)]);
        assert_eq!(reports("00005"), [Queued, Sent]);
        assert_eq!(reports("00006"), [Queued, Sent, ToOperator]);
        assert_eq!(reports("00007"), [Queued, Sent, ToOperator, ToRecipient]);
        assert_eq!(reports("00009"), [ToRecipient, Sent, Queued]);
        assert_eq!(reports("00018"), [Queued, Rejected(99)]);
    }

    #[test]
    fn receipts_are_posted_in_order_and_never_before_they_are_true() {
        for last in 0..=300 {
            let steps = steps(number(&format!("{last:05}")), Uuid::new_v4());
            assert!(steps.is_sorted_by_key(|step| step.posted), "{last}");
            assert!(steps.iter().all(|step| step.posted >= step.happens), "{last}");
        }
    }
}
