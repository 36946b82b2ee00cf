//! `/campaigns/{id}/events`: progress, live.

use crate::fake::Fake;
use crate::site::{Site, delivered, submission};
use axum::body::BodyDataStream;
use axum::http::StatusCode;
use domain::campaign::CampaignState;
use domain::wire::Progress;
use futures_util::StreamExt as _;
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

const TO: [&str; 2] = ["+6591234561", "+6591234562"];
/// Longer than any of it takes, and shorter than the signs of life are apart.
const PATIENCE: Duration = Duration::from_secs(10);
const END: &str = "event: end\ndata: {}";

/// A live stream, read event by event.
struct Events {
    stream: BodyDataStream,
    text: String,
}

impl Events {
    async fn of(site: &Site, id: Uuid) -> Self {
        Self::after(site, id, "").await
    }

    /// As a browser asks that has heard this event.
    async fn after(site: &Site, id: Uuid, heard: &str) -> Self {
        let response = site.open_after(&format!("/api/v1/campaigns/{id}/events"), heard).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        Self { stream: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next event as it is written; `None` when the stream has ended.
    async fn raw(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(event);
            }
            let bytes = tokio::time::timeout(PATIENCE, self.stream.next()).await;
            let bytes = bytes.expect("something to hear, or the end")?.unwrap();
            self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    async fn next(&mut self) -> Option<Progress> {
        let event = self.raw().await?;
        let field = |name: &str| {
            event.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim()
        };
        assert_eq!(field("retry:"), "1000");
        let progress: Progress = serde_json::from_str(field("data:")).unwrap();
        assert_eq!(field("id:"), progress.revision.to_string());
        Some(progress)
    }
}

#[tokio::test]
async fn the_present_comes_at_once_and_then_every_change() {
    let site = Site::new().await;
    let id = site.submitted(&TO).await;
    let now = site.until(id, |progress| progress.counts.sent == 2).await;
    let mut events = Events::of(&site, id).await;
    assert_eq!(events.next().await.unwrap(), now);
    site.receipt(&format!("{id}.0.1"), 1, &delivered()).await;
    let changed = events.next().await.unwrap();
    assert_eq!((changed.counts.sent, changed.counts.delivered), (1, 1));
    assert!(changed.revision > now.revision);
    // When the campaign is finished, it says so and ends.
    site.receipt(&format!("{id}.1.1"), 2, &delivered()).await;
    assert_eq!(events.next().await.unwrap().state, CampaignState::Finished);
    assert_eq!(events.raw().await.unwrap(), END);
    assert_eq!(events.raw().await, None);
}

#[tokio::test]
async fn of_a_campaign_that_is_over_its_state_is_told_and_no_more() {
    let site = Site::new().await;
    let id = site.submitted(&TO).await;
    site.until(id, |progress| progress.counts.sent == 2).await;
    for seq in 0..2 {
        site.receipt(&format!("{id}.{seq}.1"), seq, &delivered()).await;
    }
    let last = site.until(id, |progress| progress.state == CampaignState::Finished).await;
    for heard in ["", "1", "nonsense"] {
        let mut events = Events::after(&site, id, heard).await;
        assert_eq!(events.next().await.unwrap(), last, "{heard}");
        assert_eq!(events.raw().await.unwrap(), END);
        assert_eq!(events.raw().await, None);
    }
    // Browsers come back after any end; at this answer they give up.
    let path = format!("/api/v1/campaigns/{id}/events");
    let again = site.open_after(&path, &last.revision.to_string()).await;
    assert_eq!(again.status(), StatusCode::NO_CONTENT);
    assert!(site.metrics().await.text().contains("live_streams 0\n"));
}

#[tokio::test]
async fn the_stream_of_a_canceled_campaign_ends() {
    let site = Site::new().await;
    let mut later = submission(&TO);
    later["due_at"] = (site.now().0 + 3_600_000).into();
    site.upload(&later, &TO).await;
    let id: Uuid = later["id"].as_str().unwrap().parse().unwrap();
    site.post(&format!("/api/v1/campaigns/{id}/submit"), &Value::Null).await;
    let mut events = Events::of(&site, id).await;
    assert_eq!(events.next().await.unwrap().state, CampaignState::Scheduled);
    site.post(&format!("/api/v1/campaigns/{id}/cancel"), &Value::Null).await;
    assert_eq!(events.next().await.unwrap().counts.canceled, 2);
    assert_eq!(events.raw().await.unwrap(), END);
    assert_eq!(events.raw().await, None);
}

#[tokio::test]
async fn the_stream_of_a_campaign_that_is_forgotten_ends() {
    let site = Site::new().await;
    let id = site.uploaded(&TO).await;
    let mut events = Events::of(&site, id).await;
    assert_eq!(events.next().await.unwrap().state, CampaignState::Uploading);
    site.delete(&format!("/api/v1/campaigns/{id}")).await;
    assert_eq!(events.raw().await, None);
}

#[tokio::test]
async fn who_comes_back_is_told_what_they_have_not_heard() {
    let site = Site::new().await;
    let id = site.submitted(&TO).await;
    let now = site.until(id, |progress| progress.counts.sent == 2).await;
    let mut behind = Events::after(&site, id, &(now.revision - 1).to_string()).await;
    assert_eq!(behind.next().await.unwrap(), now);
    let mut events = Events::after(&site, id, &now.revision.to_string()).await;
    site.receipt(&format!("{id}.0.1"), 1, &delivered()).await;
    assert!(events.next().await.unwrap().revision > now.revision);
}

#[tokio::test]
async fn changes_that_come_together_are_told_together() {
    let site = Site::new().await;
    let numbers: Vec<String> = (0..100).map(|n| format!("+65{}", 90_000_000 + n)).collect();
    let to: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let id = site.submitted(&to).await;
    site.until(id, |progress| progress.counts.sent == 100).await;
    let mut events = Events::of(&site, id).await;
    events.next().await.unwrap();
    let tell = async {
        for seq in 0..100 {
            site.receipt(&format!("{id}.{seq}.1"), seq, &delivered()).await;
        }
    };
    let hear = async {
        let mut told = 0;
        while events.next().await.unwrap().state != CampaignState::Finished {
            told += 1;
        }
        told
    };
    let ((), told) = tokio::join!(tell, hear);
    assert!(told < 50, "{told}");
}

#[tokio::test]
async fn it_ends_when_the_server_stops_and_when_the_user_signs_out() {
    let site = Site::new().await;
    let id = site.submitted(&TO).await;
    site.until(id, |progress| progress.counts.sent == 2).await;
    let mut events = Events::of(&site, id).await;
    events.next().await.unwrap();
    site.server.begin_to_stop()();
    assert_eq!(events.next().await, None);

    let site = Site::new().await;
    let id = site.submitted(&TO).await;
    site.until(id, |progress| progress.counts.sent == 2).await;
    let mut events = Events::of(&site, id).await;
    events.next().await.unwrap();
    site.delete("/api/v1/session").await;
    site.receipt(&format!("{id}.0.1"), 1, &delivered()).await;
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn strangers_and_unknown_campaigns_get_a_problem() {
    let closed = Site::closed(|_| {}, Fake::default()).await;
    let path = format!("/api/v1/campaigns/{}/events", Uuid::new_v4());
    assert_eq!(closed.get(&path).await.code(), "signed_out");
    let site = Site::new().await;
    assert_eq!(site.get(&path).await.code(), "not_found");
}
