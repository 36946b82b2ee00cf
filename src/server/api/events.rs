//! `/campaigns/{id}/events`: the campaign's progress, live (server-sent events).
//!
//! The first message is the present state, which makes every connection a resumed one: there is nothing
//! to catch up with, and none that could be missed; who has that state already, by the `Last-Event-ID`,
//! is not told it again. After that, a message for each change, or for several changes at once when
//! they come faster than a page need show them.
//!
//! Once the campaign is over, an event named `end` follows its state, and the stream ends: a browser
//! keeps few connections to one server, and the pages of old campaigns must not hold them. Who comes
//! back is answered with 204, at which browsers give up. What late receipts still change is seen on the
//! next visit.

use super::{campaign_id, missing};
use crate::App;
use crate::problem::Refusal;
use crate::session::SignedIn;
use crate::store::sessions::{Carrier, TokenHash};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use domain::campaign::grant::Scope;
use domain::problem::ProblemCode;
use domain::wire::Progress;
use futures_util::StreamExt as _;
use futures_util::stream::unfold;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
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
/// Streams that a user may have open at once: a host's users count as one each, too.
const MOST_STREAMS: u32 = 30;
/// How soon one may ask again who has too many.
const FULL: Duration = Duration::from_secs(30);
/// What a browser that comes back has heard last.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// `GET /campaigns/{id}/events`.
pub async fn stream(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let id = campaign_id(&app, &signed_in, Scope::View, &id).await?;
    // Listening begins before reading, so that nothing can happen in between.
    let changed = app.store.changes().subscribe(id);
    let Some(now) = app.store.progress(id).await? else {
        return Err(missing(&app, &signed_in, id).await);
    };
    let heard = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()?.parse().ok());
    let told = heard.filter(|heard| *heard == now.revision);
    if told.is_some() && is_over(&now) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let Some(open) = Open::new(&app, signed_in.session.user_id) else {
        let detail = "Too many pages show live campaigns. Close some of them.";
        let refusal = Refusal::new(ProblemCode::TooManyTries, detail);
        return Err(refusal.retry_after(FULL));
    };
    let stopped = app.stopping().cancelled_owned();
    let live = Live {
        id,
        token: signed_in.token,
        carrier: signed_in.carrier,
        changed,
        first: Some(now),
        told: told.unwrap_or_default(),
        ends: Ends::NotYet,
        told_at: Instant::now(),
        _open: open,
        app,
    };
    let events = unfold(live, |mut live| async {
        let told = live.next().await?;
        Some((event(&told), live))
    });
    let events =
        Sse::new(events.take_until(stopped)).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    // Proxies such as nginx would else collect events before passing them on.
    let unbuffered = HeaderName::from_static("x-accel-buffering");
    Ok(([(unbuffered, HeaderValue::from_static("no"))], events).into_response())
}

fn is_over(progress: &Progress) -> bool {
    progress.state.is_over(&progress.counts)
}

fn event(told: &Told) -> Result<Event, axum::Error> {
    match told {
        Told::State(progress) => {
            Event::default().retry(RETRY).id(progress.revision.to_string()).json_data(progress)
        }
        // Browsers pass on no event without data.
        Told::End => Ok(Event::default().event("end").data("{}")),
    }
}

/// What is told.
#[derive(Debug)]
enum Told {
    /// Where the campaign is now.
    State(Progress),
    /// Nothing more will come.
    End,
}

/// Whether the campaign is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    NotYet,
    /// Its last state was told.
    Now,
    /// And that it was the last.
    Told,
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
    ends: Ends,
    told_at: Instant,
    _open: Open,
}

impl Live {
    /// What to tell next; `None` when there is nothing more to tell: the campaign is over or gone, the
    /// user signed out, or the database failed (then the browser comes back and is told why).
    async fn next(&mut self) -> Option<Told> {
        match self.ends {
            Ends::NotYet => {}
            Ends::Now => {
                self.ends = Ends::Told;
                return Some(Told::End);
            }
            Ends::Told => return None,
        }
        loop {
            let progress = match self.first.take() {
                Some(first) => first,
                None => self.changed().await?,
            };
            if progress.revision != self.told {
                (self.told, self.told_at) = (progress.revision, Instant::now());
                if is_over(&progress) {
                    self.ends = Ends::Now;
                }
                return Some(Told::State(progress));
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

/// How many streams each user has open.
#[derive(Debug, Default)]
pub struct Streams(Mutex<HashMap<Uuid, u32>>);

impl Streams {
    fn open(&self) -> MutexGuard<'_, HashMap<Uuid, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts the stream as open until it is dropped, however that comes about.
struct Open {
    app: App,
    user: Uuid,
}

impl Open {
    /// One more of this user's; `None` when they have too many.
    fn new(app: &App, user: Uuid) -> Option<Self> {
        let mut streams = app.streams.open();
        let count = streams.entry(user).or_default();
        if *count >= MOST_STREAMS {
            return None;
        }
        *count += 1;
        app.metrics.streams.inc();
        Some(Self { app: app.clone(), user })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.app.metrics.streams.dec();
        let mut streams = self.app.streams.open();
        if let Some(count) = streams.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                streams.remove(&self.user);
            }
        }
    }
}
