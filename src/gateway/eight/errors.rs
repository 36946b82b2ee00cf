//! What a failure means: was anything accepted, and may it be sent again?
//!
//! | What happened | Accepted? | Becomes |
//! |---|---|---|
//! | no connection came about | no: nothing was sent | [`SendError::NotNow`] |
//! | 429 | no | [`SendError::NotNow`], with `Retry-After` |
//! | 401, 402, 403, 407, 426 | no | [`SendError::Denied`] |
//! | 400 or 422 to one message, with a code about its number, text or sender | no | [`Acceptance::Rejected`](crate::Acceptance::Rejected) |
//! | other 4xx but 408 | no | [`SendError::Refused`] |
//! | time-out, connection cut, 5xx, 408, 3xx, a 200 nobody can read | nobody knows | [`SendError::Lost`] |
//!
//! 503 counts as unknown too: it may come from a proxy after the request went through. 8x8 documents
//! none of its answers as "certainly not accepted" (8x8 "API error codes"); that 4xx are, follows from
//! HTTP: the request itself is at fault (RFC 9110 §15.5).

use super::api::ErrorBody;
use crate::{GatewayError, SendError};
use reqwest::StatusCode;
use std::error::Error;
use std::time::Duration;

pub(super) const UNREADABLE: &str = "the answer is not the JSON it should be";

/// The longest text of 8x8's that is passed on, in characters.
const LONGEST: usize = 300;

/// A request that got no answer.
pub(super) fn not_answered(error: reqwest::Error) -> SendError {
    if error.is_connect() {
        return SendError::NotNow { retry_after: None, why: chain(error) };
    }
    if error.is_builder() {
        return SendError::Refused(chain(error));
    }
    SendError::Lost(chain(error))
}

/// An answer that is no success.
pub(super) fn refused(status: StatusCode, retry_after: Option<Duration>, body: &[u8]) -> SendError {
    let why = explanation(status, body);
    match status.as_u16() {
        429 => SendError::NotNow { retry_after, why },
        401 | 402 | 403 | 407 | 426 => SendError::Denied(why),
        400..=499 if status != StatusCode::REQUEST_TIMEOUT => SendError::Refused(why),
        _ => SendError::Lost(why),
    }
}

/// Why the one message of a request is rejected, when the code is about the message itself: its
/// number, text or sender (8x8 "API error codes").
pub(super) fn rejection(status: StatusCode, body: &[u8]) -> Option<String> {
    const ABOUT_THE_MESSAGE: [i64; 10] =
        [1002, 1004, 1005, 1009, 3002, 3003, 3005, 3006, 3011, 3018];
    let is_refusal = matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY);
    let body: ErrorBody = serde_json::from_slice(body).ok().filter(|_| is_refusal)?;
    let why = body.message.unwrap_or_else(|| format!("code {}", body.code));
    ABOUT_THE_MESSAGE.contains(&body.code).then(|| without_numbers(&why))
}

/// A question that got no answer.
pub(super) fn unreachable(error: reqwest::Error) -> GatewayError {
    GatewayError::Unreachable(chain(error))
}

/// A question whose answer is no success.
pub(super) fn no_answer(status: StatusCode, body: &[u8]) -> GatewayError {
    let why = explanation(status, body);
    match status.as_u16() {
        408 | 429 | 500..=599 => GatewayError::Unreachable(why),
        400..=499 => GatewayError::Denied(why),
        _ => GatewayError::Unreadable(why),
    }
}

/// An error with its causes, without the URL.
pub(super) fn chain(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    without_numbers(&text)
}

/// The status and, when it can be read, 8x8's code and words.
fn explanation(status: StatusCode, body: &[u8]) -> String {
    match serde_json::from_slice::<ErrorBody>(body) {
        Ok(ErrorBody { code, message: Some(message), .. }) => {
            format!("HTTP {}, code {code}: {}", status.as_u16(), without_numbers(&message))
        }
        Ok(ErrorBody { code, .. }) => format!("HTTP {}, code {code}", status.as_u16()),
        Err(_) => format!("HTTP {}", status.as_u16()),
    }
}

/// `text` without anything that could be a phone number, on one line and not too long: it goes into
/// logs and onto the screen.
pub(super) fn without_numbers(text: &str) -> String {
    /// Shorter runs of digits are versions, codes and limits.
    const DIGITS_OF_A_NUMBER: usize = 6;
    let mut clean = String::new();
    let mut run = String::new();
    let flush = |run: &mut String, clean: &mut String| {
        let digits = run.chars().filter(char::is_ascii_digit).count();
        if digits >= DIGITS_OF_A_NUMBER {
            let tail = run.trim_end_matches(|c: char| !c.is_ascii_digit()).len();
            clean.push('…');
            clean.push_str(&run[tail..]);
        } else {
            clean.push_str(run);
        }
        run.clear();
    };
    for c in text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }) {
        let in_number = c.is_ascii_digit()
            || (c == '+' && run.is_empty())
            || (!run.is_empty() && " -.()/".contains(c));
        if in_number {
            run.push(c);
        } else {
            flush(&mut run, &mut clean);
            clean.push(c);
        }
    }
    flush(&mut run, &mut clean);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(status: u16) -> SendError {
        let body = br#"{"code":1002,"message":"Invalid MSISDN +6591234567"}"#;
        refused(StatusCode::from_u16(status).unwrap(), Some(Duration::from_secs(3)), body)
    }

    #[test]
    fn every_status_has_its_meaning() {
        for status in [401, 402, 403, 407, 426] {
            assert!(matches!(of(status), SendError::Denied(_)), "{status}");
        }
        for status in [400, 404, 405, 409, 410, 413, 415, 422] {
            assert!(matches!(of(status), SendError::Refused(_)), "{status}");
        }
        for status in [300, 302, 307, 308, 408, 500, 501, 502, 503, 504, 599] {
            assert!(matches!(of(status), SendError::Lost(_)), "{status}");
        }
        assert!(matches!(
            of(429),
            SendError::NotNow { retry_after: Some(wait), .. } if wait == Duration::from_secs(3)
        ));
    }

    #[test]
    fn refusals_carry_code_and_words_but_no_number() {
        let SendError::Refused(why) = of(400) else { panic!() };
        assert_eq!(why, "HTTP 400, code 1002: Invalid MSISDN …");
        let html = refused(StatusCode::BAD_REQUEST, None, b"<html>");
        assert_eq!(html, SendError::Refused("HTTP 400".to_owned()));
    }

    #[test]
    fn a_mistake_in_the_message_is_not_one_in_the_request() {
        let of = |status, code: i64| {
            rejection(status, format!(r#"{{"code":{code},"message":"no"}}"#).as_bytes())
        };
        assert_eq!(of(StatusCode::BAD_REQUEST, 1002).as_deref(), Some("no"));
        assert_eq!(of(StatusCode::BAD_REQUEST, 1001), None);
        assert_eq!(of(StatusCode::INTERNAL_SERVER_ERROR, 1002), None);
        assert_eq!(rejection(StatusCode::BAD_REQUEST, b""), None);
    }

    #[test]
    fn numbers_are_cut_out_and_little_numbers_stay() {
        for (text, clean) in [
            ("TLS 1.3+ is required. Detected: TLSv1.2", "TLS 1.3+ is required. Detected: TLSv1.2"),
            ("to +65 9123 4567.", "to …."),
            ("to +65 (9123) 4567, please", "to …, please"),
            ("batch 10000, twice", "batch 10000, twice"),
            ("6591234567", "…"),
            ("a\nb", "a b"),
        ] {
            assert_eq!(without_numbers(text), clean);
        }
        assert!(without_numbers(&"x".repeat(10_000)).len() <= LONGEST);
    }

    proptest! {
        #[test]
        fn no_run_of_six_digits_survives(text in "[0-9 +()a.-]{0,60}") {
            let clean = without_numbers(&text);
            let longest = clean.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
            prop_assert!(longest.unwrap_or(0) < 6, "{clean}");
        }
    }
}
