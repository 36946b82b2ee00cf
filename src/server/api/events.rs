//! `/campaigns/{id}/events`: the campaign's progress, live (server-sent events).
//!
//! The first event is the present state, which makes every connection a resumed one: there is nothing
//! to catch up with, and no event that could be missed. After that, an event for each change, or for
//! several changes at once when they come faster than a page need show them. The stream stays open
//! after the campaign has finished: late receipts still come.

use super::{campaign_id, no_campaign};
use crate::App;
use crate::problem::Refusal;
use crate::session::SignedIn;
use crate::store::sessions::{Carrier, TokenHash};
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::campaign::grant::Scope;
use domain::wire::Progress;
use futures_util::StreamExt as _;
use futures_util::stream::unfold;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

/// Between two events: at most five a second.
const PACE: Duration = Duration::from_millis(200);
/// Between two signs of life, so that proxies do not take a quiet stream for a dead one.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How soon a browser is to come back when the connection breaks.
const RETRY: Duration = Duration::from_secs(1);

/// `GET /campaigns/{id}/events`.
pub async fn stream(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Refusal> {
    let id = campaign_id(&app, &signed_in, Scope::View, &id).await?;
    // Listening begins before reading, so that nothing can happen in between.
    let changed = app.store.changes().subscribe(id);
    let now = app.store.progress(id).await?.ok_or_else(no_campaign)?;
    let stopped = app.stopping().cancelled_owned();
    let live = Live {
        id,
        token: signed_in.token,
        carrier: signed_in.carrier,
        changed,
        first: Some(now),
        told: 0,
        told_at: Instant::now(),
        _open: Open::new(&app),
        app,
    };
    let events = unfold(live, |mut live| async {
        let progress = live.next().await?;
        Some((event(&progress), live))
    });
    let events =
        Sse::new(events.take_until(stopped)).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    // Proxies such as nginx would else collect events before passing them on.
    let unbuffered = HeaderName::from_static("x-accel-buffering");
    Ok(([(unbuffered, HeaderValue::from_static("no"))], events))
}

fn event(progress: &Progress) -> Result<Event, axum::Error> {
    Event::default().retry(RETRY).id(progress.revision.to_string()).json_data(progress)
}

/// One listener.
struct Live {
    app: App,
    id: Uuid,
    token: TokenHash,
    carrier: Carrier,
    changed: watch::Receiver<()>,
    first: Option<Progress>,
    told: u64,
    told_at: Instant,
    _open: Open,
}

impl Live {
    /// What to tell next; `None` when there is nothing more to tell: the campaign is gone, the user
    /// signed out, or the database failed (then the browser comes back and is told why).
    async fn next(&mut self) -> Option<Progress> {
        loop {
            let progress = match self.first.take() {
                Some(first) => first,
                None => self.changed().await?,
            };
            if progress.revision != self.told {
                (self.told, self.told_at) = (progress.revision, Instant::now());
                return Some(progress);
            }
        }
    }

    async fn changed(&mut self) -> Option<Progress> {
        self.changed.changed().await.ok()?;
        sleep_until(self.told_at + PACE).await;
        self.changed.mark_unchanged();
        let now = self.app.clock().now();
        self.app.store.session(&self.token, self.carrier, now).await.ok()??;
        self.app.store.progress(self.id).await.ok()?
    }
}

/// Counts the stream as open until it is dropped, however that comes about.
struct Open(App);

impl Open {
    fn new(app: &App) -> Self {
        app.metrics.streams.inc();
        Self(app.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.metrics.streams.dec();
    }
}
