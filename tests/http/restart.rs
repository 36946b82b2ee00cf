//! Killed at any point and started again: nobody is texted twice, nobody is forgotten.

use crate::fake::{Reply, tally};
use crate::site::{Site, delivered, eventually};
use axum::http::StatusCode;
use domain::campaign::Counts;
use serde_json::Value;
use std::time::Duration;

const TO: [&str; 3] = ["+6591234561", "+6591234562", "+6591234563"];
const SETTLE: Duration = Duration::from_secs(600);

#[tokio::test]
async fn killed_during_a_request_that_arrived() {
    let site = Site::new().await;
    site.fake.next([Reply::Hang]);
    let id = site.submitted(&TO).await;
    let handed = Counts { unconfirmed: 3, ..Counts::default() };
    site.until(id, |progress| progress.counts == handed).await;
    eventually(async || !site.fake.batches().is_empty()).await;
    let messages = site.fake.messages();
    let site = site.killed_and_restarted().await;
    messages.iter().for_each(|message| site.fake.accept_late(message));
    assert_eq!(site.progress(id).await.counts, handed, "in doubt, and not sent again");
    site.pass(SETTLE);
    site.until_counts(id, Counts { sent: 3, ..Counts::default() }).await;
    assert_eq!(site.fake.batches().len(), 1);
}

#[tokio::test]
async fn killed_during_a_request_that_never_arrived() {
    let site = Site::new().await;
    site.fake.next([Reply::Hang]);
    let id = site.submitted(&TO).await;
    site.until(id, |progress| progress.counts.unconfirmed == 3).await;
    let site = site.killed_and_restarted().await;
    for looks in 1..=2 {
        site.pass(SETTLE);
        eventually(async || site.fake.looks() >= looks).await;
    }
    site.until_counts(id, Counts { sent: 3, ..Counts::default() }).await;
    let accepted = tally(site.fake.accepted());
    assert_eq!(accepted.len(), 3);
    assert!(accepted.values().all(|times| *times == 1), "{accepted:?}");
}

#[tokio::test]
async fn killed_between_submit_and_the_first_request() {
    let site = Site::with(|config| config.timing.denied_pause = Duration::from_secs(3_600)).await;
    site.fake.next([Reply::Denied]);
    let id = site.submitted(&TO).await;
    site.until(id, |progress| progress.trouble.is_some()).await;
    let site = site.killed_and_restarted().await;
    site.until_counts(id, Counts { sent: 3, ..Counts::default() }).await;
}

#[tokio::test]
async fn receipts_settle_what_was_in_doubt_before_the_provider_is_asked() {
    let site = Site::new().await;
    site.fake.next([Reply::Hang]);
    let id = site.submitted(&TO).await;
    site.until(id, |progress| progress.counts.unconfirmed == 3).await;
    let site = site.killed_and_restarted().await;
    for seq in 0..3 {
        let answer = site.receipt(&format!("{id}.{seq}.1"), seq, &delivered()).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    site.until_counts(id, Counts { delivered: 3, ..Counts::default() }).await;
    site.pass(SETTLE);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(site.fake.looks(), 0, "there was nothing to ask");
}

#[tokio::test]
async fn an_upload_goes_on_after_a_restart_and_the_session_and_the_hook_are_the_same() {
    let site = Site::new().await;
    let id = site.uploaded(&TO).await;
    let hook = site.hook();
    let site = site.killed_and_restarted().await;
    assert_eq!(site.hook(), hook);
    assert_eq!(site.get("/api/v1/session").await.status, StatusCode::OK);
    let answer = site.post(&format!("/api/v1/campaigns/{id}/submit"), &Value::Null).await;
    assert_eq!(answer.status, StatusCode::OK);
    site.until_counts(id, Counts { sent: 3, ..Counts::default() }).await;
}

#[tokio::test]
async fn a_graceful_stop_lets_what_flies_land() {
    let site = Site::new().await;
    let id = site.submitted(&TO).await;
    let site = site.stopped_and_restarted().await;
    let progress = site.until(id, |progress| progress.counts.sent == 3).await;
    assert_eq!(progress.counts.unconfirmed, 0);
    assert_eq!(site.fake.accepted().len(), 3);
}
