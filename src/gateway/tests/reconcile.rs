//! Settling what was lost, by the log export; and the price list.

use super::support::{SUBACCOUNT, Served, batch, eventually, fast};
use axum::Router;
use axum::routing::{get, post};
use axum::{Json, http::StatusCode};
use domain::campaign::delivery::DeliveryState;
use domain::recipients::phone::Country;
use domain::time::Timestamp;
use gateway::eight::{EightClient, EightOptions};
use gateway::{Acceptance, Gateway as _, GatewayError, SendError};
use serde_json::json;
use std::time::{Duration, SystemTime};

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp(since.as_millis() as i64)
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_the_export() {
    let served = Served::sandbox(fast()).await;
    let from = now();
    for (number, reference, accepted) in
        [("+6595500012", "before", 0), ("+6595500013", "after", 1), ("+6595500015", "cut", 2)]
    {
        let mut batch = batch(&[number], "http://127.0.0.1:9/");
        batch.messages[0].reference = reference.to_owned();
        let error = served.client().send(&batch).await.unwrap_err();
        assert!(matches!(error, SendError::Lost(_)));
        let known = served.client().sent_since(SUBACCOUNT, from).await.unwrap();
        assert_eq!(known.len(), accepted, "{reference}");
        let is_known = known.iter().any(|receipt| receipt.reference == reference);
        assert_eq!(is_known, reference != "before");
    }
}

#[tokio::test]
async fn the_export_says_what_the_answer_said() {
    let served = Served::sandbox(fast()).await;
    let numbers = ["+6591212345", "+6595500002", "+6595500018"];
    let answers = served.client().send(&batch(&numbers, "http://127.0.0.1:9/")).await.unwrap();
    let settled = || async {
        let known = served.client().sent_since(SUBACCOUNT, now()).await.unwrap();
        known.iter().all(|receipt| receipt.state.is_final())
    };
    eventually(settled).await;
    let known = served.client().sent_since(SUBACCOUNT, now()).await.unwrap();
    let umids: Vec<Acceptance> = known.iter().map(|r| Acceptance::Accepted(r.umid)).collect();
    assert_eq!(umids, answers);
    let states: Vec<_> = known.iter().map(|r| (r.state, r.error_code)).collect();
    use DeliveryState::*;
    assert_eq!(states, [(Delivered, None), (Undelivered, Some(15)), (Rejected, Some(99))]);
    assert!(known[0].charged.is_some() && known[2].charged.is_none());
    assert_eq!(known[0].segments, Some(1));
}

#[tokio::test]
async fn an_export_of_nothing_is_empty() {
    let served = Served::sandbox(fast()).await;
    assert_eq!(served.client().sent_since(SUBACCOUNT, now()).await, Ok(Vec::new()));
    served.send(&["+6591212345"]).await.unwrap();
    assert_eq!(served.client().sent_since("another_one", now()).await, Ok(Vec::new()));
}

/// An export that ends like this.
async fn export_ending(status: &'static str) -> Result<usize, GatewayError> {
    let router = Router::new()
        .route(
            "/api/v1/subaccounts/demo_hq/messages/exports",
            post(|| async { (StatusCode::ACCEPTED, Json(json!({"jobId": "j"}))) }),
        )
        .route(
            "/api/v1/subaccounts/demo_hq/messages/exports/j",
            get(move || async move { Json(json!({"status": status})) }),
        );
    let served = Served::router(router).await;
    let options = EightOptions { export_patience: Duration::from_millis(50), ..served.options() };
    let client = EightClient::new(options).unwrap();
    client.sent_since(SUBACCOUNT, now()).await.map(|receipts| receipts.len())
}

#[tokio::test]
async fn what_is_not_ready_is_not_nothing() {
    for status in ["queued", "running", "failed", "cancelled", "error"] {
        let answer = export_ending(status).await;
        assert!(matches!(answer, Err(GatewayError::Unreachable(_))), "{status}: {answer:?}");
    }
    for status in ["succeeded", "paused"] {
        let answer = export_ending(status).await;
        assert!(matches!(answer, Err(GatewayError::Unreadable(_))), "{status}: {answer:?}");
    }
    assert_eq!(export_ending("empty").await, Ok(0));
}

#[tokio::test]
async fn questions_have_errors_of_their_own() {
    let served = Served::sandbox(fast()).await;
    let client = served.client();
    drop(served);
    eventually(|| async {
        matches!(client.prices().await, Err(GatewayError::Unreachable(_)))
            && matches!(
                client.sent_since(SUBACCOUNT, now()).await,
                Err(GatewayError::Unreachable(_))
            )
    })
    .await;
    let strange = Served::router(Router::new().fallback(|| async { "hello" })).await;
    assert!(matches!(strange.client().prices().await, Err(GatewayError::Unreadable(_))));
    let closed = Router::new().fallback(|| async { StatusCode::FORBIDDEN });
    let closed = Served::router(closed).await;
    assert!(matches!(closed.client().prices().await, Err(GatewayError::Denied(_))));
}

#[tokio::test]
async fn prices_for_every_subaccount() {
    let served = Served::sandbox(fast()).await;
    let subaccounts = served.client().prices().await.unwrap();
    let names: Vec<&str> = subaccounts.iter().map(|s| s.subaccount.as_str()).collect();
    assert_eq!(names, ["demo_hq", "demo_otp"]);
    let list = subaccounts[0].prices.as_ref().unwrap();
    assert!(list.countries.len() > 240);
    let price = |code: &str| list.price(Country::parse(code)).unwrap();
    assert!(price("US").is_exact());
    assert_eq!(price("ID").in_currency(list.currency), "USD 0.288 to 0.335");
    let codes = &subaccounts[0].dialing_codes;
    assert!(codes.contains(&(Country::parse("SG").unwrap(), 65)));
    assert_eq!(codes.len(), list.countries.len());
}

#[tokio::test]
async fn no_account_no_prices() {
    let served = Served::sandbox(fast()).await;
    let options = EightOptions { account: None, ..served.options() };
    assert_eq!(EightClient::new(options).unwrap().prices().await, Ok(Vec::new()));
}
