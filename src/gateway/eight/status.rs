//! 8x8's words for where a message is, in ours.

use domain::campaign::delivery::DeliveryState;

/// The state that `state` and `detail` stand for in receipts, message details and log exports alike;
/// `None` for words that say nothing (`unknown`, `ok`, `error`) or that are not documented.
///
/// `queued` is 8x8's queue: for us the message is already sent. `rejected` and `failed` are one thing
/// in two documents, and so are `delivered_to_operator` and `delivered_to_carrier`.
pub(super) fn state(state: &str, detail: Option<&str>) -> Option<DeliveryState> {
    let detail = detail.map(str::to_ascii_lowercase);
    match (state.to_ascii_lowercase().as_str(), detail.as_deref()) {
        ("queued" | "sent", _) => Some(DeliveryState::Sent),
        ("delivered", Some("delivered_to_operator" | "delivered_to_carrier")) => {
            Some(DeliveryState::DeliveredToOperator)
        }
        ("delivered" | "read", _) => Some(DeliveryState::Delivered),
        ("undelivered", _) => Some(DeliveryState::Undelivered),
        ("rejected" | "failed", _) => Some(DeliveryState::Rejected),
        _ => None,
    }
}

/// The error code, where the state is a failure: other states may carry a 0 that says nothing.
pub(super) fn error_code(state: DeliveryState, code: Option<i64>) -> Option<u16> {
    matches!(state, DeliveryState::Undelivered | DeliveryState::Rejected)
        .then_some(code)
        .flatten()
        .and_then(|code| u16::try_from(code).ok())
}
