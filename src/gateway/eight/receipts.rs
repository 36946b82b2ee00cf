//! Delivery receipts: what 8x8 posts to the `dlrCallbackUrl` of a message.
//!
//! The same address can get other events (replies, clicks on short links), and new kinds of events and
//! states may appear any day. All of those are recognised as "not for us": answering them with an error
//! would make 8x8 post them again.

use super::api::{Envelope, ReceiptPayload, ReceiptPrice, exact};
use super::status;
use crate::Receipt;
use domain::price::money::{Cost, Currency};
use serde_json::value::RawValue;
use thiserror::Error;
use uuid::Uuid;

/// What was posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Posted {
    /// News of a message.
    Receipt(Receipt),
    /// Something that needs no attention.
    Ignored(Ignored),
}

/// Why a post needs no attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// Not about the delivery of an SMS.
    OtherEvent,
    /// A state that says nothing, or that nobody has documented yet.
    UnknownState,
    /// Not one of our messages: those carry a reference.
    NotOurs,
}

/// A body that is no post of 8x8's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("this is not an event as 8x8 posts them")]
pub struct NotAnEvent;

/// Reads the body of a post.
///
/// # Errors
/// When it is no event of 8x8's, or a receipt without a readable id or state.
pub fn parse(body: &[u8]) -> Result<Posted, NotAnEvent> {
    let envelope: Envelope<&RawValue> = serde_json::from_slice(body).map_err(|_| NotAnEvent)?;
    let is_receipt = envelope.namespace.eq_ignore_ascii_case("SMS")
        && envelope.event_type == "outbound_message_status_changed";
    if !is_receipt {
        return Ok(Posted::Ignored(Ignored::OtherEvent));
    }
    let payload: ReceiptPayload =
        serde_json::from_str(envelope.payload.get()).map_err(|_| NotAnEvent)?;
    let umid = Uuid::try_parse(&payload.umid).map_err(|_| NotAnEvent)?;
    let Some(state) = status::state(&payload.status.state, payload.status.detail.as_deref()) else {
        return Ok(Posted::Ignored(Ignored::UnknownState));
    };
    let Some(reference) = payload.client_message_id.filter(|id| !id.is_empty()) else {
        return Ok(Posted::Ignored(Ignored::NotOurs));
    };
    Ok(Posted::Receipt(Receipt {
        umid,
        reference,
        state,
        error_code: status::error_code(state, payload.status.error_code),
        happened_at: payload.status.timestamp,
        charged: payload.price.as_ref().and_then(charged),
        segments: payload.sms_count,
    }))
}

fn charged(price: &ReceiptPrice) -> Option<(Cost, Currency)> {
    let total = exact(price.total.as_deref()?)?;
    Some((Cost::exactly(total), Currency::parse(price.currency.as_deref()?)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::campaign::delivery::DeliveryState;
    use domain::price::money::Amount;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    const UMID: &str = "bda3d56d-1424-e711-813c-06ed3428fe67";

    /// The documented example of a receipt, in our words.
    fn post(state: &str, detail: Option<&str>) -> Value {
        json!({
            "namespace": "SMS",
            "eventType": "outbound_message_status_changed",
            "description": "SMS outbound message delivery receipt",
            "payload": {
                "umid": UMID,
                "batchId": "f1ea5276-a824-e711-8146-022a22cc1c71",
                "clientMessageId": "c1-17",
                "subAccountId": "demo_hq",
                "source": "Acme",
                "destination": "+12025550293",
                "status": {
                    "state": state,
                    "detail": detail,
                    "timestamp": "2016-01-01T00:00:00Z",
                    "errorCode": 15,
                    "errorMessage": "Invalid destination"
                },
                "price": {"total": 0.0375, "perSms": 0.0125, "currency": "USD"},
                "smsCount": 3
            }
        })
    }

    fn read(post: &Value) -> Result<Posted, NotAnEvent> {
        parse(post.to_string().as_bytes())
    }

    fn receipt(post: &Value) -> Receipt {
        match read(post) {
            Ok(Posted::Receipt(receipt)) => receipt,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn states_and_details() {
        use DeliveryState::*;
        let operator = Some("delivered_to_operator");
        for (state, detail, ours, code) in [
            ("queued", None, Sent, None),
            ("sent", None, Sent, None),
            ("delivered", operator, DeliveredToOperator, None),
            ("delivered", Some("delivered_to_carrier"), DeliveredToOperator, None),
            ("delivered", Some("delivered_to_recipient"), Delivered, None),
            ("delivered", None, Delivered, None),
            ("Delivered", Some("Delivered_To_Operator"), DeliveredToOperator, None),
            ("read", None, Delivered, None),
            ("undelivered", Some("rejected_by_operator"), Undelivered, Some(15)),
            ("undelivered", Some("undelivered_to_recipient"), Undelivered, Some(15)),
            ("undelivered", None, Undelivered, Some(15)),
            ("rejected", None, Rejected, Some(15)),
            ("failed", None, Rejected, Some(15)),
        ] {
            let receipt = receipt(&post(state, detail));
            assert_eq!((receipt.state, receipt.error_code), (ours, code), "{state} {detail:?}");
        }
    }

    #[test]
    fn the_rest_of_a_receipt() {
        let receipt = receipt(&post("delivered", None));
        let total = Cost::exactly(Amount::parse("0.0375").unwrap());
        assert_eq!(receipt.umid, UMID.parse::<Uuid>().unwrap());
        assert_eq!(receipt.reference, "c1-17");
        assert_eq!(receipt.happened_at, "2016-01-01T00:00:00Z");
        assert_eq!(receipt.charged, Some((total, Currency::parse("USD").unwrap())));
        assert_eq!(receipt.segments, Some(3));
    }

    #[test]
    fn what_may_be_missing() {
        for path in ["price", "smsCount", "batchId", "subAccountId", "source", "destination"] {
            let mut post = post("delivered", None);
            post["payload"].as_object_mut().unwrap().remove(path);
            assert_eq!(receipt(&post).state, DeliveryState::Delivered, "without {path}");
        }
        let mut without_total = post("delivered", None);
        without_total["payload"]["price"] = json!({"currency": "USD"});
        assert_eq!(receipt(&without_total).charged, None);
        let mut null_price = post("delivered", None);
        null_price["payload"]["price"] = Value::Null;
        assert_eq!(receipt(&null_price).charged, None);
        let mut strange_code = post("undelivered", None);
        strange_code["payload"]["status"]["errorCode"] = json!(-7);
        assert_eq!(receipt(&strange_code).error_code, None);
    }

    #[test]
    fn ids_are_the_same_in_both_cases() {
        let mut upper = post("sent", None);
        upper["payload"]["umid"] = json!(UMID.to_uppercase());
        assert_eq!(receipt(&upper).umid, receipt(&post("sent", None)).umid);
    }

    #[test]
    fn what_needs_no_attention() {
        for state in ["unknown", "ok", "error", "teleported"] {
            let ignored = Ok(Posted::Ignored(Ignored::UnknownState));
            assert_eq!(read(&post(state, None)), ignored, "{state}");
        }
        for event in ["inbound_message_received", "short_url_clicked", "something_new"] {
            let post = json!({"namespace": "SMS", "eventType": event, "payload": {"x": 1}});
            assert_eq!(read(&post), Ok(Posted::Ignored(Ignored::OtherEvent)), "{event}");
        }
        let mut chat = post("delivered", None);
        chat["namespace"] = json!("ChatApps");
        assert_eq!(read(&chat), Ok(Posted::Ignored(Ignored::OtherEvent)));
        for reference in [Value::Null, json!("")] {
            let mut foreign = post("delivered", None);
            foreign["payload"]["clientMessageId"] = reference;
            assert_eq!(read(&foreign), Ok(Posted::Ignored(Ignored::NotOurs)));
        }
    }

    #[test]
    fn what_is_no_event() {
        let mut without_umid = post("sent", None);
        without_umid["payload"]["umid"] = json!("?");
        let mut without_status = post("sent", None);
        without_status["payload"].as_object_mut().unwrap().remove("status");
        for wrong in [json!([]), json!({}), json!(1), without_umid, without_status] {
            assert_eq!(read(&wrong), Err(NotAnEvent), "{wrong}");
        }
        assert_eq!(parse(b""), Err(NotAnEvent));
        assert_eq!(parse(&[0xff; 9]), Err(NotAnEvent));
    }

    proptest! {
        /// Whatever is posted, and wherever a receipt is damaged, it is read or refused.
        #[test]
        fn nothing_posted_is_fatal(at in 0_usize..400, byte: u8) {
            let mut body = post("delivered", Some("delivered_to_operator")).to_string().into_bytes();
            let at = at % body.len();
            body[at] = byte;
            let _ = parse(&body);
            let _ = parse(&body[..at]);
        }
    }
}
