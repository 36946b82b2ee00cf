//! The receipts that the simulator posts, as the other side of the product reads them.

use super::support::{Mailbox, Served, batch, eventually, fast};
use domain::campaign::delivery::DeliveryState::{self, *};
use domain::price::money::{Amount, Cost, Currency};
use gateway::{Acceptance, Gateway as _, Receipt};
use serde_json::{Value, json};
use std::collections::HashMap;

async fn receipts_of(last: &str, n: usize) -> Vec<Receipt> {
    let (served, mailbox) = (Served::sandbox(fast()).await, Mailbox::open().await);
    let number = format!("+65955{last}");
    let answers = served.client().send(&batch(&[&number], &mailbox.url())).await.unwrap();
    let receipts = mailbox.wait_for(n).await;
    for receipt in &receipts {
        assert_eq!(answers, [Acceptance::Accepted(receipt.umid)]);
        assert_eq!(receipt.reference, "r0");
    }
    receipts
}

#[tokio::test]
async fn the_stories_that_magic_numbers_tell() {
    for (last, story) in [
        ("12345", &[(Sent, None), (Sent, None), (Delivered, None)][..]),
        ("00002", &[(Sent, None), (Sent, None), (Undelivered, Some(15))]),
        ("00003", &[(Sent, None), (Sent, None), (Undelivered, Some(1))]),
        ("00004", &[(Sent, None), (Sent, None), (Undelivered, Some(60))]),
        ("00005", &[(Sent, None), (Sent, None)]),
        ("00006", &[(Sent, None), (Sent, None), (DeliveredToOperator, None)]),
        ("00007", &[(Sent, None), (Sent, None), (DeliveredToOperator, None), (Delivered, None)]),
        ("00009", &[(Delivered, None), (Sent, None), (Sent, None)]),
        ("00010", &[(Sent, None), (Sent, None), (Delivered, None)]),
        ("00018", &[(Sent, None), (Rejected, Some(99))]),
        ("00221", &[(Sent, None), (Sent, None), (Undelivered, Some(21))]),
    ] {
        let told: Vec<(DeliveryState, Option<u16>)> =
            receipts_of(last, story.len()).await.iter().map(|r| (r.state, r.error_code)).collect();
        assert_eq!(told, story, "{last}");
    }
}

#[tokio::test]
async fn every_receipt_three_times() {
    let receipts = receipts_of("00008", 9).await;
    for of_one_event in receipts.chunks(3) {
        assert!(of_one_event.iter().all(|receipt| *receipt == of_one_event[0]));
    }
    assert_eq!(receipts[8].state, Delivered);
}

#[tokio::test]
async fn a_receipt_says_what_was_charged() {
    let (served, mailbox) = (Served::sandbox(fast()).await, Mailbox::open().await);
    let mut batch = batch(&["+12025550123", "+12025500018"], &mailbox.url());
    batch.messages[0].text = "a".repeat(161);
    served.client().send(&batch).await.unwrap();
    let receipts = mailbox.wait_for(5).await;
    let of = |reference: &str, state| {
        let found = receipts.iter().rfind(|r| r.reference == reference && r.state == state);
        found.unwrap().clone()
    };
    let total = Cost::exactly(Amount::parse("0.0162").unwrap());
    assert_eq!(of("r0", Delivered).charged, Some((total, Currency::parse("USD").unwrap())));
    assert_eq!(of("r0", Delivered).segments, Some(2));
    assert_eq!(of("r1", Rejected).charged, None);
}

#[tokio::test]
async fn the_envelope_is_8x8_s() {
    let (served, mailbox) = (Served::sandbox(fast()).await, Mailbox::open().await);
    served.client().send(&batch(&["+12025500002", "+12025500003"], &mailbox.url())).await.unwrap();
    mailbox.wait_for(6).await;
    let posts: Vec<Value> =
        mailbox.bodies().iter().map(|body| serde_json::from_str(body).unwrap()).collect();
    let refused = posts
        .iter()
        .find(|post| post["payload"]["status"]["detail"] == "rejected_by_operator")
        .unwrap();
    assert_eq!(refused["namespace"], "SMS");
    assert_eq!(refused["eventType"], "outbound_message_status_changed");
    let payload = &refused["payload"];
    for (field, value) in [
        ("clientMessageId", json!("r0")),
        ("clientBatchId", json!("b1")),
        ("subAccountId", json!("demo_hq")),
        ("source", json!("Acme")),
        ("destination", json!("+12025500002")),
        ("smsCount", json!(1)),
        ("price", json!({"total": 0.0081, "perSms": 0.0081, "currency": "USD"})),
    ] {
        assert_eq!(payload[field], value, "{field}");
    }
    assert_eq!(payload["status"]["state"], "undelivered");
    assert_eq!(payload["status"]["errorCode"], 15);
}

#[tokio::test]
async fn a_refused_post_comes_again() {
    // The first try of each of the three, and one try more.
    let (served, mailbox) = (Served::sandbox(fast()).await, Mailbox::refusing(4).await);
    served.client().send(&batch(&["+6591212345"], &mailbox.url())).await.unwrap();
    let mut states: Vec<DeliveryState> =
        mailbox.wait_for(3).await.iter().map(|receipt| receipt.state).collect();
    states.sort();
    assert_eq!(states, [Sent, Sent, Delivered]);
}

#[tokio::test]
async fn after_five_tries_it_is_given_up() {
    let (served, mailbox) = (Served::sandbox(fast()).await, Mailbox::refusing(14).await);
    served.client().send(&batch(&["+6591212345"], &mailbox.url())).await.unwrap();
    // Three receipts are posted five times each; only the last post of all is taken.
    mailbox.wait_for(1).await;
}

#[tokio::test]
async fn thousands_of_messages_get_all_their_receipts_in_order() {
    const MESSAGES: usize = 3_000;
    let (served, mailbox) = (Served::sandbox(fast()).await, Mailbox::open().await);
    let numbers: Vec<String> = (0..MESSAGES).map(|n| format!("+6591{:06}", n + 100_300)).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let answers = served.client().send(&batch(&numbers, &mailbox.url())).await.unwrap();
    assert_eq!(answers.len(), MESSAGES);
    eventually(|| async { mailbox.bodies().len() >= 3 * MESSAGES }).await;
    let mut stories: HashMap<String, Vec<DeliveryState>> = HashMap::new();
    for receipt in mailbox.receipts() {
        stories.entry(receipt.reference).or_default().push(receipt.state);
    }
    assert_eq!(stories.len(), MESSAGES);
    assert!(stories.values().all(|story| *story == [Sent, Sent, Delivered]));
}
