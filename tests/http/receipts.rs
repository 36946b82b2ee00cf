//! `/hooks/8x8/{secret}`: receipts, in any order, any number of times.

use crate::site::{Site, delivered, receipt, undelivered};
use axum::http::StatusCode;
use domain::campaign::Counts;
use domain::price::money::Currency;
use serde_json::{Value, json};

const TO: [&str; 2] = ["+6591234561", "+6591234562"];

/// A campaign that the provider has accepted.
async fn sent(site: &Site) -> uuid::Uuid {
    let id = site.submitted(&TO).await;
    site.until(id, |progress| progress.counts.sent == 2).await;
    id
}

#[tokio::test]
async fn receipts_move_messages_on_and_only_on() {
    let site = Site::new().await;
    let id = sent(&site).await;
    let (first, second) = (format!("{id}.0.1"), format!("{id}.1.1"));
    let operator = json!({"state": "delivered", "detail": "delivered_to_operator"});
    site.receipt(&first, 1, &operator).await;
    let counts = Counts { sent: 1, delivered_to_operator: 1, ..Counts::default() };
    site.until_counts(id, counts).await;
    site.receipt(&first, 1, &delivered()).await;
    // Late, repeated, and against what is final.
    for status in [json!({"state": "sent"}), operator, delivered(), undelivered(15)] {
        assert_eq!(site.receipt(&first, 1, &status).await.status, StatusCode::OK);
    }
    site.receipt(&second, 2, &undelivered(13)).await;
    let counts = Counts { delivered: 1, undelivered: 1, ..Counts::default() };
    site.until_counts(id, counts).await;
    let path = format!("/api/v1/campaigns/{id}/recipients?state=undelivered");
    assert_eq!(
        site.get(&path).await.json()["recipients"][0]["reason"],
        "The operator does not know this number. Check the number."
    );
}

#[tokio::test]
async fn a_repeated_receipt_changes_nothing_and_tells_nobody() {
    let site = Site::new().await;
    let id = sent(&site).await;
    let reference = format!("{id}.0.1");
    site.receipt(&reference, 1, &delivered()).await;
    let revision = site.progress(id).await.revision;
    for _ in 0..3 {
        site.receipt(&reference, 1, &delivered()).await;
    }
    assert_eq!(site.progress(id).await.revision, revision);
}

#[tokio::test]
async fn what_was_charged_replaces_what_the_price_list_said() {
    let site = Site::new().await;
    let id = sent(&site).await;
    let spent = || async { site.progress(id).await.spent.in_currency(Currency::USD) };
    assert_eq!(spent().await, "USD 0.08");
    let (first, second) = (format!("{id}.0.1"), format!("{id}.1.1"));
    let mut status = delivered();
    status["price"] = json!(0.0375);
    for _ in 0..2 {
        site.receipt(&first, 1, &status).await;
        assert_eq!(spent().await, "USD 0.0775");
    }
    // Rejected after all, and so not charged.
    site.receipt(&second, 2, &json!({"state": "rejected", "errorCode": 99})).await;
    assert_eq!(spent().await, "USD 0.0375");
}

#[tokio::test]
async fn what_is_not_for_us_is_welcome_and_ignored() {
    let site = Site::new().await;
    let id = sent(&site).await;
    let before = site.progress(id).await;
    let stranger = uuid::Uuid::new_v4();
    for reference in [format!("{stranger}.0.1"), format!("{id}.9.1"), "order-17".to_owned()] {
        let answer = site.receipt(&reference, 1, &delivered()).await;
        assert_eq!(answer.status, StatusCode::OK, "{reference}");
    }
    let inbound = json!({"namespace": "SMS", "eventType": "inbound_message_received",
        "description": "", "payload": {}});
    assert_eq!(site.post(&site.hook(), &inbound).await.status, StatusCode::OK);
    assert_eq!(site.progress(id).await, before);
}

#[tokio::test]
async fn only_who_knows_the_secret_is_heard() {
    let site = Site::new().await;
    let id = sent(&site).await;
    let body = receipt(&format!("{id}.0.1"), 1, &delivered());
    for secret in ["", "x", &"0".repeat(64)] {
        let answer = site.post(&format!("/hooks/8x8/{secret}"), &body).await;
        assert_eq!(answer.code(), "not_found");
    }
    assert_eq!(site.progress(id).await.counts.sent, 2);
    assert_eq!(site.post(&site.hook(), &Value::Null).await.code(), "bad_request");
    // No cookie and no page of ours, as with the provider.
    let request = axum::http::Request::post(site.hook()).body(body.to_string().into()).unwrap();
    assert_eq!(site.send(request).await.status, StatusCode::OK);
    assert_eq!(site.progress(id).await.counts.delivered, 1);
}

#[tokio::test]
async fn many_at_once_are_all_counted() {
    let site = Site::new().await;
    let numbers: Vec<String> = (0..500).map(|n| format!("+65{}", 90_000_000 + n)).collect();
    let to: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let id = site.submitted(&to).await;
    site.until(id, |progress| progress.counts.sent == 500).await;
    let posts = (0..500_u128).map(|seq| {
        let site = &site;
        async move { site.receipt(&format!("{id}.{seq}.1"), seq, &delivered()).await.status }
    });
    let statuses = futures_util::future::join_all(posts).await;
    assert!(statuses.iter().all(|status| *status == StatusCode::OK));
    let progress = site.until_counts(id, Counts { delivered: 500, ..Counts::default() }).await;
    // They were written together: far fewer changes than receipts.
    assert!(progress.revision < 100, "{}", progress.revision);
}
