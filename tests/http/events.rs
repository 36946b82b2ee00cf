//! `/campaigns/{id}/events`: progress, live.

use crate::fake::Fake;
use crate::site::{Site, delivered};
use axum::body::BodyDataStream;
use axum::http::StatusCode;
use domain::campaign::CampaignState;
use domain::wire::Progress;
use futures_util::StreamExt as _;
use uuid::Uuid;

const TO: [&str; 2] = ["+6591234561", "+6591234562"];

/// A live stream, read event by event.
struct Events {
    stream: BodyDataStream,
    text: String,
}

impl Events {
    async fn of(site: &Site, id: Uuid) -> Self {
        let response = site.open(&format!("/api/v1/campaigns/{id}/events")).await;
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
            let bytes = self.stream.next().await?.unwrap();
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
    // It stays open when the campaign is finished.
    site.receipt(&format!("{id}.1.1"), 2, &delivered()).await;
    assert_eq!(events.next().await.unwrap().state, CampaignState::Finished);
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
