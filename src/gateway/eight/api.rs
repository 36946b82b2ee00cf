//! 8x8's JSON, field by field as its OpenAPI file has it. The client and the simulator share these
//! types; that both spell them right is checked against that file in `tests/contract.rs`.
//!
//! Fields are optional where either side must be able to read a body that lacks them, so that one
//! strange message does not make the answers to ten thousand unreadable.

use domain::price::money::Amount;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// `SmsRequest`: one message to send.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SmsRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dlr_callback_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub track: Option<String>,
}

/// `BatchSmsRequest`: up to ten thousand messages.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchSmsRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_batch_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<SmsRequest>>,
    /// Instead of `messages`, which win when both are there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destinations: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<SmsTemplate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_messages_in_response: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_ip: Option<String>,
}

/// `SmsTemplateFull`: what the messages of a batch have in common.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SmsTemplate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dlr_callback_url: Option<String>,
}

/// `SmsResponse`: what became of one message.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SmsResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub umid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<SmsStatus>,
}

/// `SmsStatus`: `QUEUED` or `REJECTED`, with words.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SmsStatus {
    pub code: String,
    #[serde(default)]
    pub description: String,
}

/// `BatchSmsResponse`. 8x8 promises the counts too; nothing here depends on them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchSmsResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_batch_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<SmsResponse>>,
}

/// The body of every refusal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorBody {
    pub code: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
}

/// The price list of an account.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PriceListing {
    #[serde(default)]
    pub sub_accounts: Vec<PriceSubAccount>,
}

/// `PriceSubAccounts`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PriceSubAccount {
    pub sub_account_id: String,
    /// One [`PriceOutbound`] in 8x8's examples, an array of them in its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outbound: Option<Box<RawValue>>,
}

/// `PriceOutbound`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PriceOutbound {
    #[serde(default)]
    pub countries: Vec<PriceCountry>,
}

/// `PriceOutboundCountry`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PriceCountry {
    pub alpha2_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialing_prefix: Option<String>,
    #[serde(default)]
    pub operators: Vec<PriceOperator>,
}

/// `PriceOutboundOperator`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PriceOperator {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_id: Option<i64>,
    #[serde(default)]
    pub hni: Vec<PriceHni>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
}

/// `PriceHNI`: a network's code.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PriceHni {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mcc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mnc: Option<String>,
}

/// `Price`. The amount stays the text it is written as until [`exact`] reads it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Price {
    pub amount: Box<RawValue>,
    pub currency: String,
}

/// `LogExportRequest`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogExportRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub countries: Option<Vec<String>>,
    /// 0 is unlimited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// The answer to a [`LogExportRequest`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogExportJob {
    pub job_id: String,
}

/// `LogExportJobStatus`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LogExportJobStatus {
    pub status: String,
    /// Where the CSV files are, once it succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

/// What is posted to a webhook (8x8 "Webhook object structure").
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Envelope<P> {
    #[serde(default)]
    pub namespace: String,
    #[serde(default)]
    pub event_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub payload: P,
}

/// The details of a message.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MessageDetails {
    pub umid: String,
    pub sub_account_id: String,
    pub direction: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<&'static str>,
    pub status: ReceiptStatus,
    pub msisdn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    pub body: &'static str,
    pub encoding: &'static str,
    pub created_at: String,
    pub sms_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<ReceiptPrice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_batch_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<String>,
}

/// `AccountBalance`.
#[derive(Debug, Serialize)]
pub(crate) struct AccountBalance {
    pub balance: Box<RawValue>,
    pub currency: &'static str,
}

/// The payload of a delivery receipt (8x8 "Delivery receipts for outbound SMS").
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReceiptPayload {
    pub umid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_batch_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    pub status: ReceiptStatus,
    /// Absent when nothing was charged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<ReceiptPrice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms_count: Option<u32>,
}

/// Where a message is, in 8x8's words (8x8 "Message status references").
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReceiptStatus {
    pub state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    #[serde(default)]
    pub timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
}

/// What was charged: `total` is `perSms` times the segments.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReceiptPrice {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_sms: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// The amount that a JSON number's text stands for, without passing through a float. `1E-05` is how
/// some serializers write small numbers; what is finer than an [`Amount`] is rounded to the nearest.
pub(crate) fn exact(number: &RawValue) -> Option<Amount> {
    decimal(number.get())
}

/// The JSON number that spells `amount` out.
pub(crate) fn number(amount: Amount) -> Option<Box<RawValue>> {
    RawValue::from_string(String::from(amount)).ok()
}

/// [`exact`] for a text that may be in a CSV file as well.
pub(super) fn decimal(text: &str) -> Option<Amount> {
    /// Decimals of an [`Amount`], and the most digits it has in all.
    const FINEST: i32 = 9;
    const DIGITS: i32 = 27;
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i32 = exponent.parse().ok()?;
    let digits = [whole, fraction].concat();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Some(Amount::ZERO);
    }
    // How many of the digits stand before the end of the ninth decimal.
    let scale = FINEST.checked_add(exponent)?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let kept = scale.checked_add(i32::try_from(digits.len()).ok()?)?;
    if kept > DIGITS {
        return None;
    }
    let (nanos, rest) = match usize::try_from(kept) {
        Ok(kept) if kept < digits.len() => digits.split_at(kept),
        Ok(_) => (digits, ""),
        Err(_) => ("", ""),
    };
    let zeros = u32::try_from(scale).unwrap_or(0);
    let nanos = nanos.parse().unwrap_or(0_u128) * 10_u128.pow(zeros);
    Some(Amount::from_nanos(nanos + u128::from(rest.bytes().next() >= Some(b'5'))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<String> {
        let number: Box<RawValue> = serde_json::from_str(text).ok()?;
        exact(&number).map(String::from)
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (text, amount) in [
            ("0.0099171", "0.0099171"),
            ("0", "0"),
            ("0.0", "0"),
            ("12", "12"),
            ("149309.7985931", "149309.7985931"),
            ("1E-05", "0.00001"),
            ("9.9171e-3", "0.0099171"),
            ("1.5e+2", "150"),
            ("12e3", "12000"),
            // Noise of a binary float, far behind the last decimal that counts.
            ("0.009917100000000001", "0.0099171"),
            ("0.0099170999999999999", "0.0099171"),
            ("0.0000000005", "0.000000001"),
            ("0.00000000049", "0"),
            ("1e-400", "0"),
        ] {
            assert_eq!(read(text).as_deref(), Some(amount), "{text}");
        }
        for wrong in ["-1", "1e40", "1e99999999999", "\"1\"", "null", "[1]"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn amounts_survive_being_json_numbers(nanos in 0_u128..10_u128.pow(27)) {
            let amount = Amount::from_nanos(nanos);
            prop_assert_eq!(exact(&number(amount).unwrap()), Some(amount));
        }

        #[test]
        fn no_text_is_too_strange(text in "[0-9.eE+-]{0,12}") {
            let _ = decimal(&text);
        }
    }
}
