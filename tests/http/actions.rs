//! Pause, resume, cancel, retry.

use crate::fake::{Reply, tally};
use crate::site::{Answer, Site, delivered, eventually, undelivered};
use domain::campaign::{CampaignState, Counts};
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

const TO: [&str; 2] = ["+6591234561", "+6591234562"];

async fn act(site: &Site, id: Uuid, action: &str) -> Answer {
    site.post(&format!("/api/v1/campaigns/{id}/{action}"), &Value::Null).await
}

/// A campaign whose messages wait here, for the provider is not taking any.
async fn waiting() -> (Site, Uuid) {
    let site = Site::new().await;
    site.fake.next([Reply::NotNow(Some(Duration::from_secs(3_600)))]);
    let id = site.submitted(&TO).await;
    site.until(id, |progress| progress.trouble.is_some()).await;
    (site, id)
}

#[tokio::test]
async fn a_paused_campaign_waits_until_it_is_resumed() {
    // Long enough to be paused before it is tried again, also on a machine that is busy.
    let site = Site::with(|config| {
        config.timing.first_pause = Duration::from_secs(2);
        config.timing.longest_pause = Duration::from_secs(2);
    })
    .await;
    site.fake.next([Reply::NotNow(None)]);
    let id = site.submitted(&TO).await;
    site.until(id, |progress| progress.trouble.is_some()).await;
    let paused = act(&site, id, "pause").await.json();
    assert_eq!(paused["progress"]["state"], "paused");
    assert_eq!(paused["progress"]["trouble"], Value::Null);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(site.fake.batches().len(), 1);
    assert_eq!(act(&site, id, "resume").await.json()["progress"]["state"], "submitted");
    site.until_counts(id, Counts { sent: 2, ..Counts::default() }).await;
}

#[tokio::test]
async fn a_canceled_campaign_sends_nothing_more() {
    let (site, id) = waiting().await;
    let campaign = act(&site, id, "cancel").await.json();
    assert_eq!(campaign["progress"]["state"], "canceled");
    site.until_counts(id, Counts { canceled: 2, ..Counts::default() }).await;
    assert!(site.fake.accepted().is_empty());
}

#[tokio::test]
async fn canceled_while_in_flight_what_comes_back_is_canceled() {
    let site = Site::with(|config| {
        config.timing.first_pause = Duration::from_secs(3_600);
        config.timing.longest_pause = Duration::from_secs(3_600);
    })
    .await;
    let numbers: Vec<String> = (0..30_001).map(|n| format!("+65{}", 90_000_000 + n)).collect();
    let to: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let submission = crate::site::submission(&to);
    site.post("/api/v1/campaigns", &submission).await;
    let id: Uuid = submission["id"].as_str().unwrap().parse().unwrap();
    for (chunk, to) in to.chunks(5_000).enumerate() {
        let path = format!("/api/v1/campaigns/{id}/recipients/{chunk}");
        site.put(&path, &serde_json::json!({"to": to})).await;
    }
    // As many batches as fly at once of one campaign are lost, unless the first makes the others
    // wait; at least one message is left.
    site.fake.next([Reply::Lose, Reply::Lose, Reply::Lose]);
    act(&site, id, "submit").await;
    site.until(id, |progress| progress.trouble.is_some()).await;
    let campaign = act(&site, id, "cancel").await.json();
    let counts: Counts = serde_json::from_value(campaign["progress"]["counts"].clone()).unwrap();
    assert!(counts.canceled >= 1 && counts.unconfirmed >= 10_000, "{campaign}");
    assert_eq!(counts.canceled + counts.unconfirmed, 30_001, "{campaign}");
    let mut state = CampaignState::Canceled;
    eventually(async || {
        site.pass(Duration::from_secs(60));
        let progress = site.progress(id).await;
        state = progress.state;
        progress.counts.unconfirmed == 0
    })
    .await;
    assert_eq!(state, CampaignState::Canceled);
    site.until_counts(id, Counts { canceled: 30_001, ..Counts::default() }).await;
    assert!(site.fake.accepted().is_empty());
}

#[tokio::test]
async fn a_scheduled_campaign_can_be_canceled() {
    let site = Site::new().await;
    let mut submission = crate::site::submission(&TO);
    submission["due_at"] = (site.now().0 + 3_600_000).into();
    site.upload(&submission, &TO).await;
    let id: Uuid = submission["id"].as_str().unwrap().parse().unwrap();
    act(&site, id, "submit").await;
    assert_eq!(act(&site, id, "pause").await.code(), "not_allowed_now");
    act(&site, id, "cancel").await;
    site.pass(Duration::from_secs(7_200));
    let other = site.submitted(&TO).await;
    site.until(other, |progress| progress.counts.sent == 2).await;
    assert_eq!(site.progress(id).await.counts.canceled, 2);
}

#[tokio::test]
async fn retry_sends_what_failed_again_as_another_attempt() {
    let site = Site::new().await;
    let id = site.submitted(&TO).await;
    site.until(id, |progress| progress.counts.sent == 2).await;
    site.receipt(&format!("{id}.0.1"), 1, &delivered()).await;
    site.receipt(&format!("{id}.1.1"), 2, &undelivered(1)).await;
    assert_eq!(site.progress(id).await.state, CampaignState::Finished);
    assert_eq!(act(&site, id, "retry").await.json()["progress"]["state"], "sending");
    let counts = Counts { delivered: 1, sent: 1, ..Counts::default() };
    let progress = site.until_counts(id, counts).await;
    assert_eq!(progress.spent.low.to_string(), "0.12", "all three tries are paid for");
    let again = site.fake.batches().pop().unwrap().messages;
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].reference, format!("{id}.1.2"));
    // News of the first try do not touch the second.
    site.receipt(&format!("{id}.1.1"), 2, &delivered()).await;
    assert_eq!(site.progress(id).await.counts, counts);
    site.receipt(&format!("{id}.1.2"), 3, &delivered()).await;
    let progress = site.until_counts(id, Counts { delivered: 2, ..Counts::default() }).await;
    assert_eq!(progress.state, CampaignState::Finished);
    let references = tally(site.fake.accepted());
    assert!(references.values().all(|times| *times == 1));
}

#[tokio::test]
async fn what_is_not_possible_now_is_refused_with_the_reason() {
    let site = Site::new().await;
    let id = site.submitted(&TO).await;
    site.until(id, |progress| progress.counts.sent == 2).await;
    insta::assert_json_snapshot!(act(&site, id, "retry").await.problem(), @r#"
    {
      "code": "not_allowed_now",
      "detail": "“Retry failed” is not possible now: the campaign is sending.",
      "status": 409,
      "title": "Not possible now"
    }
    "#);
    let none = Uuid::new_v4();
    assert_eq!(act(&site, none, "pause").await.code(), "not_found");
    assert_eq!(act(&site, none, "submit").await.code(), "not_found");
}
