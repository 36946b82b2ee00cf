//! What 8x8 takes and what it refuses (8x8 "SMS API" OpenAPI and "API error codes").
//!
//! A message can be wrong in two ways. In a batch, a number, a text or a sender that cannot be used
//! rejects that one message, within an answer of 200; the same mistake in a request of one message
//! refuses the request. Anything that is not of the form the API asks for refuses the request always.

use super::prices;
use super::refusal::Refusal;
use crate::MAX_BATCH;
use crate::clock;
use crate::eight::api::{BatchSmsRequest, SmsRequest, SmsTemplate};
use domain::message::encoding::Encoding;
use domain::message::segments::{MAX_SEGMENTS, Segments};
use domain::recipients::phone::{Country, E164};
use domain::time::Timestamp;
use reqwest::Url;
use std::net::IpAddr;

const MAX_SOURCE: usize = 16;
const MAX_MESSAGE_ID: usize = 350;
const MAX_BATCH_ID: usize = 20;
/// How far ahead a message can be scheduled.
const SCHEDULE: i64 = 7 * Timestamp::DAY;

/// Why one message is rejected, in 8x8's words, and the code that it has on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rejection {
    Number,
    NoText,
    LongText,
    LongSource,
    Expired,
}

impl Rejection {
    pub fn description(self) -> &'static str {
        match self {
            Self::Number => "Invalid MSISDN format (not E.164 international number)",
            Self::NoText => "Text value is missing",
            Self::LongText => "Invalid Text value. Reached max allowed limit",
            Self::LongSource => "Invalid Source value. Reached max allowed limit",
            Self::Expired => "Expiry time already reached",
        }
    }

    fn code(self) -> i64 {
        match self {
            Self::Number => 1002,
            Self::NoText => 3005,
            Self::LongText => 3006,
            Self::LongSource => 3011,
            Self::Expired => 1006,
        }
    }
}

/// A message that can be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ready {
    pub to: E164,
    pub text: String,
    pub source: Option<String>,
    pub ucs2: bool,
    pub segments: u32,
    pub starts: Option<Timestamp>,
    pub callback: Option<Url>,
}

/// A message of a request, and what is to become of it.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// As it was given.
    pub destination: String,
    pub reference: Option<String>,
    pub verdict: Result<Ready, Rejection>,
}

/// A request whose form is right.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub items: Vec<Item>,
    pub reference: Option<String>,
    pub list_messages: bool,
}

/// A request of one message.
pub(super) fn single(body: &[u8], now: Timestamp) -> Result<Item, Refusal> {
    let item = item(parsed(body)?, now)?;
    match item.verdict {
        Err(rejection) => Err(Refusal::bad(rejection.code(), rejection.description())),
        Ok(_) => Ok(item),
    }
}

/// A request of up to ten thousand.
pub(super) fn batch(body: &[u8], now: Timestamp) -> Result<Request, Refusal> {
    let batch: BatchSmsRequest = parsed(body)?;
    if batch.client_batch_id.as_ref().is_some_and(|id| id.chars().count() > MAX_BATCH_ID) {
        return Err(Refusal::bad(3014, "Too long ClientBatchId"));
    }
    check_ip(batch.client_ip.as_deref())?;
    let messages = match (batch.messages, batch.destinations) {
        // Where both are there, the destinations are not even looked at.
        (Some(messages), _) => messages,
        (None, Some(destinations)) => destinations.into_iter().map(to_destination).collect(),
        (None, None) => Vec::new(),
    };
    if messages.is_empty() {
        return Err(Refusal::bad(3012, "Missed messages"));
    }
    if messages.len() > MAX_BATCH {
        return Err(Refusal::bad(3013, "Too much messages"));
    }
    let template = batch.template.unwrap_or_default();
    let items = messages.into_iter().map(|message| item(filled(message, &template), now));
    Ok(Request {
        items: items.collect::<Result<_, _>>()?,
        reference: batch.client_batch_id,
        list_messages: batch.include_messages_in_response.unwrap_or(false),
    })
}

fn parsed<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::bad(1000, format!("Invalid parameter: the body, {error}")))
}

fn to_destination(destination: String) -> SmsRequest {
    SmsRequest { destination: Some(destination), ..SmsRequest::default() }
}

/// What a message does not say itself, the template says.
fn filled(message: SmsRequest, template: &SmsTemplate) -> SmsRequest {
    SmsRequest {
        source: message.source.or_else(|| template.source.clone()),
        text: message.text.or_else(|| template.text.clone()),
        encoding: message.encoding.or_else(|| template.encoding.clone()),
        scheduled: message.scheduled.or_else(|| template.scheduled.clone()),
        expiry: message.expiry.or_else(|| template.expiry.clone()),
        dlr_callback_url: message.dlr_callback_url.or_else(|| template.dlr_callback_url.clone()),
        ..message
    }
}

fn item(message: SmsRequest, now: Timestamp) -> Result<Item, Refusal> {
    let form = Form::check(&message, now)?;
    Ok(Item {
        verdict: ready(&message, form, now),
        destination: message.destination.unwrap_or_default(),
        reference: message.client_message_id,
    })
}

/// The fields whose form can refuse the whole request.
struct Form {
    ucs2: Option<bool>,
    scheduled: Option<Timestamp>,
    expiry: Option<Timestamp>,
    callback: Option<Url>,
}

impl Form {
    fn check(message: &SmsRequest, now: Timestamp) -> Result<Self, Refusal> {
        let too_long = message
            .client_message_id
            .as_ref()
            .is_some_and(|id| id.chars().count() > MAX_MESSAGE_ID);
        if too_long {
            return Err(Refusal::bad(3009, "Too long ClientMessageId"));
        }
        if message.country.as_ref().is_some_and(|code| Country::parse(code).is_none()) {
            return Err(Refusal::bad(1009, "Invalid Country Code"));
        }
        if !matches!(message.track.as_deref(), None | Some("None" | "Outcome")) {
            return Err(Refusal::bad(1000, "Invalid parameter: track"));
        }
        check_ip(message.client_ip.as_deref())?;
        let ucs2 = match message.encoding.as_deref() {
            None | Some("AUTO") => None,
            Some("GSM7") => Some(false),
            Some("UCS2") => Some(true),
            Some(_) => return Err(Refusal::bad(1003, "Invalid Encoding")),
        };
        let moment = |text: &Option<String>| text.as_deref().map(|t| clock::parse(t).ok_or(()));
        let scheduled = moment(&message.scheduled)
            .transpose()
            .ok()
            .filter(|at| at.is_none_or(|at| at - now <= SCHEDULE))
            .ok_or_else(|| Refusal::bad(1011, "Invalid Schedule Time"))?;
        let expiry = moment(&message.expiry)
            .transpose()
            .map_err(|()| Refusal::bad(1006, "Invalid Expiry"))?;
        let callback = match message.dlr_callback_url.as_deref().map(Url::parse) {
            None => None,
            Some(Ok(url)) if matches!(url.scheme(), "http" | "https") => Some(url),
            Some(_) => return Err(Refusal::bad(3020, "Invalid DR Callback URL")),
        };
        Ok(Self { ucs2, scheduled, expiry, callback })
    }
}

fn check_ip(ip: Option<&str>) -> Result<(), Refusal> {
    match ip.map(str::parse::<IpAddr>) {
        None | Some(Ok(_)) => Ok(()),
        Some(Err(_)) => Err(Refusal::bad(1012, "Invalid IP Address")),
    }
}

/// The message, or why it alone is rejected.
fn ready(message: &SmsRequest, form: Form, now: Timestamp) -> Result<Ready, Rejection> {
    let destination = message.destination.as_deref().ok_or(Rejection::Number)?;
    let to = international(destination, message.country.as_deref()).ok_or(Rejection::Number)?;
    let text = message.text.as_ref().filter(|text| !text.is_empty()).ok_or(Rejection::NoText)?;
    if message.source.as_ref().is_some_and(|source| source.chars().count() > MAX_SOURCE) {
        return Err(Rejection::LongSource);
    }
    let (ucs2, segments) = counted(text, form.ucs2);
    if segments > MAX_SEGMENTS {
        return Err(Rejection::LongText);
    }
    if form.expiry.is_some_and(|expiry| expiry <= now) {
        return Err(Rejection::Expired);
    }
    Ok(Ready {
        to,
        text: text.clone(),
        source: message.source.clone(),
        ucs2,
        segments,
        starts: form.scheduled.filter(|at| *at > now),
        callback: form.callback,
    })
}

/// A national number with a country is made international.
fn international(destination: &str, country: Option<&str>) -> Option<E164> {
    let number = E164::parse(destination).ok()?;
    let Some(code) = country.and_then(prices::calling_code) else { return Some(number) };
    if destination.starts_with('+') || destination.starts_with(code) {
        return Some(number);
    }
    E164::parse(&format!("{code}{destination}")).ok()
}

/// Whether `text` travels as UCS-2, and in how many segments. An alphabet that is asked for is used,
/// except GSM-7 for a text that it cannot write: what 8x8 does then is not documented.
fn counted(text: &str, ucs2: Option<bool>) -> (bool, u32) {
    let counted = Segments::of(text);
    let (single, each) = (Encoding::Ucs2.single(), Encoding::Ucs2.concatenated());
    match (counted.encoding, ucs2) {
        (Encoding::Gsm7, Some(true)) => {
            // Nothing in GSM-7 takes two UTF-16 units, so there is no pair to keep together.
            let units = text.encode_utf16().count() as u32;
            (true, if units <= single { 1 } else { units.div_ceil(each) })
        }
        (encoding, _) => (encoding == Encoding::Ucs2, counted.count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: Timestamp = Timestamp(1_795_356_305_000);

    fn sms() -> Value {
        json!({"destination": "+6591234567", "text": "Hello", "source": "Acme"})
    }

    fn with(field: &str, value: Value) -> Value {
        let mut sms = sms();
        sms[field] = value;
        sms
    }

    fn one(body: &Value) -> Result<Item, i64> {
        single(body.to_string().as_bytes(), NOW).map_err(|refusal| refusal.code)
    }

    fn many(body: &Value) -> Result<Request, i64> {
        batch(body.to_string().as_bytes(), NOW).map_err(|refusal| refusal.code)
    }

    #[test]
    fn what_is_right_is_taken() {
        for (field, value) in [
            ("destination", json!("6591234567")),
            ("source", json!("a".repeat(16))),
            ("clientMessageId", json!("ü".repeat(350))),
            ("encoding", json!("AUTO")),
            ("scheduled", json!("2026-11-29T14:05:05Z")),
            ("scheduled", json!("2020-01-01T00:00:00+07:00")),
            ("expiry", json!("2026-11-22T14:05:06Z")),
            ("dlrCallbackUrl", json!("http://127.0.0.1:1/x")),
            ("clientIp", json!("2001:db8::1")),
            ("track", json!("Outcome")),
            ("track", json!(null)),
            ("country", json!("SG")),
        ] {
            assert!(one(&with(field, value.clone())).is_ok(), "{field} {value}");
        }
    }

    #[test]
    fn what_is_wrong_is_refused_with_its_code() {
        for (field, value, code) in [
            ("destination", json!("+0591234567"), 1002),
            ("destination", json!("123456"), 1002),
            ("destination", json!(null), 1002),
            ("destination", json!(6_591_234_567_u64), 1000),
            ("text", json!(null), 3005),
            ("text", json!(""), 3005),
            ("text", json!("a".repeat(1531)), 3006),
            ("source", json!("a".repeat(17)), 3011),
            ("clientMessageId", json!("ü".repeat(351)), 3009),
            ("encoding", json!("auto"), 1003),
            ("scheduled", json!("tomorrow"), 1011),
            ("scheduled", json!("2026-11-29T14:05:06Z"), 1011),
            ("expiry", json!("2026-11-22"), 1006),
            ("expiry", json!("2026-11-22T14:05:05Z"), 1006),
            ("dlrCallbackUrl", json!("nowhere"), 3020),
            ("dlrCallbackUrl", json!("ftp://127.0.0.1/"), 3020),
            ("clientIp", json!("localhost"), 1012),
            ("track", json!("Everything"), 1000),
            ("country", json!("SGP"), 1009),
        ] {
            assert_eq!(one(&with(field, value.clone())).err(), Some(code), "{field} {value}");
        }
        assert_eq!(one(&json!([])).err(), Some(1000));
        assert_eq!(single(b"{", NOW).unwrap_err().code, 1000);
    }

    #[test]
    fn in_a_batch_one_bad_message_does_not_spoil_the_others() {
        let request = many(&json!({"messages": [
            sms(),
            with("destination", json!("nobody")),
            with("text", json!(null)),
            with("text", json!("ж".repeat(671))),
            with("source", json!("a".repeat(17))),
            with("expiry", json!("2020-01-01T00:00:00Z")),
        ]}))
        .unwrap();
        let verdicts: Vec<_> = request.items.into_iter().map(|i| i.verdict.err()).collect();
        assert_eq!(
            verdicts,
            [
                None,
                Some(Rejection::Number),
                Some(Rejection::NoText),
                Some(Rejection::LongText),
                Some(Rejection::LongSource),
                Some(Rejection::Expired),
            ]
        );
    }

    #[test]
    fn the_form_of_a_batch() {
        assert_eq!(many(&json!({})).err(), Some(3012));
        assert_eq!(many(&json!({"messages": []})).err(), Some(3012));
        assert_eq!(many(&json!({"messages": vec![sms(); 10_001]})).err(), Some(3013));
        assert!(many(&json!({"messages": vec![sms(); 10_000]})).is_ok());
        let id = |id: String| json!({"messages": [sms()], "clientBatchId": id});
        assert_eq!(many(&id("ü".repeat(21))).err(), Some(3014));
        assert!(many(&id("ü".repeat(20))).is_ok());
        let bad = json!({"messages": [sms(), with("encoding", json!("EBCDIC"))]});
        assert_eq!(many(&bad).err(), Some(1003));
    }

    #[test]
    fn the_template_says_what_messages_leave_out() {
        let request = many(&json!({
            "template": {"source": "Acme", "text": "Hello all", "dlrCallbackUrl": "http://x/"},
            "messages": [
                {"destination": "6591234567"},
                {"destination": "6591234568", "text": "Hello you", "source": "You"},
            ],
        }))
        .unwrap();
        let ready: Vec<Ready> = request.items.into_iter().map(|i| i.verdict.unwrap()).collect();
        assert_eq!(
            (ready[0].text.as_str(), ready[0].source.as_deref()),
            ("Hello all", Some("Acme"))
        );
        assert_eq!(
            (ready[1].text.as_str(), ready[1].source.as_deref()),
            ("Hello you", Some("You"))
        );
        assert!(ready[1].callback.is_some());
        let destinations = json!({"destinations": ["6591234567"], "template": {"text": "Hi"}});
        assert_eq!(many(&destinations).unwrap().items.len(), 1);
    }

    #[test]
    fn segments_are_those_that_we_bill() {
        let of = |text: &str, encoding: &str| {
            let mut sms = with("text", json!(text));
            sms["encoding"] = json!(encoding);
            let ready = one(&sms).unwrap().verdict.unwrap();
            (ready.ucs2, ready.segments)
        };
        assert_eq!(of(&"a".repeat(161), "AUTO"), (false, 2));
        assert_eq!(of(&"ж".repeat(71), "AUTO"), (true, 2));
        assert_eq!(of(&"a".repeat(135), "UCS2"), (true, 3));
        assert_eq!(of("ж", "GSM7"), (true, 1));
    }

    #[test]
    fn a_country_makes_a_national_number_international() {
        let of = |destination: &str| {
            let mut sms = with("country", json!("US"));
            sms["destination"] = json!(destination);
            one(&sms).unwrap().verdict.unwrap().to.to_string()
        };
        assert_eq!(of("2025550308"), "+12025550308");
        assert_eq!(of("+12025550308"), "+12025550308");
        assert_eq!(of("12025550308"), "+12025550308");
    }
}
