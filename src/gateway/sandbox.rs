//! A simulator of 8x8's SMS API, reached over real HTTP: it checks requests as 8x8 does, accepts
//! messages, posts receipts, keeps what it accepted, and can be made to fail in every way the real one
//! can. Nothing is sent and nothing is charged.
//!
//! What happens to a message is decided by the last seven digits of its destination. In a batch, a number
//! that troubles the request troubles all of it; when there are several, one after the other.
//!
#![doc = include_str!("sandbox/magic.md")]
//!
//! It posts receipts to whatever URL a message names, and shows texts and numbers to everybody who
//! can open its page: it belongs on a loopback address or behind a door.
//!
//! | Path | What is there |
//! |---|---|
//! | `/api/v1/…` | 8x8's API: sending, message details, log exports, prices, balance |
//! | `/sandbox` | a phone with the latest messages |
//! | `/sandbox/api/counters` | how many messages, references, destinations and requests |
//! | `/sandbox/api/messages?destination=&limit=` | the accepted messages, newest first |
//!
//! It differs from 8x8 in taking any account id, in not limiting the rate of requests, and in having
//! no feedback, surveys, webhooks settings and canceling.

mod courier;
mod exports;
mod http;
mod journal;
mod magic;
mod page;
mod prices;
mod refusal;
mod rules;
mod store;
mod wire;

use crate::ApiKey;
use axum::Router;
use exports::Export;
use std::collections::HashMap;
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::Store;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// How the simulator behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Between reading a request and accepting what is in it.
    pub latency: Duration,
    /// The share of requests to send, from 0 to 1, that fail as with the magic numbers 5500011 to 5500015.
    pub fail_rate: f64,
    /// The only key that is welcome; any is when there is none.
    pub key: Option<ApiKey>,
    /// Where accepted messages are kept over a restart.
    pub journal: Option<PathBuf>,
    /// The subaccounts in the price list.
    pub subaccounts: Vec<String>,
    /// Whether other subaccounts are refused.
    pub only_listed: bool,
    /// How much later than usual every receipt is posted.
    pub receipt_delay: Duration,
    /// How many times faster than usual messages travel and failed posts are repeated.
    pub speed: f64,
    /// How long the magic number 5500016 keeps its client waiting.
    pub slow_answer: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            latency: Duration::ZERO,
            fail_rate: 0.0,
            key: None,
            journal: None,
            subaccounts: vec!["demo_hq".to_owned(), "demo_otp".to_owned()],
            only_listed: false,
            receipt_delay: Duration::ZERO,
            speed: 1.0,
            slow_answer: Duration::from_secs(10),
        }
    }
}

impl Options {
    /// The speed, where it is one.
    fn speed(&self) -> f64 {
        if self.speed.is_finite() && self.speed > 0.0 { self.speed.clamp(1e-3, 1e6) } else { 1.0 }
    }
}

/// Why the simulator cannot start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The journal cannot be read or written, or is something else.
    #[error("the sandbox's journal cannot be used: {0}")]
    Journal(io::Error),
    /// The client that posts receipts cannot be set up.
    #[error("the sandbox cannot post receipts: {0}")]
    Http(reqwest::Error),
}

/// A running simulator. Clones are the same one; when the last is dropped, it posts no more receipts.
#[derive(Clone, Debug)]
pub struct Sandbox(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: Options,
    store: Arc<Mutex<Store>>,
    courier: mpsc::UnboundedSender<Range<u32>>,
    exports: Mutex<HashMap<String, Export>>,
}

impl Sandbox {
    /// Reads the journal, if there is one, and goes on with the receipts of what is in it.
    ///
    /// Has to be called within a Tokio runtime.
    ///
    /// # Errors
    /// See [`StartError`].
    pub fn start(options: Options) -> Result<Self, StartError> {
        let store = Store::open(options.journal.as_deref()).map_err(StartError::Journal)?;
        let remembered = 0..store.messages.len() as u32;
        let store = Arc::new(Mutex::new(store));
        let courier = courier::start(Arc::clone(&store), &options).map_err(StartError::Http)?;
        // It listens as long as the sender exists.
        let _ = courier.send(remembered);
        let exports = Mutex::default();
        Ok(Self(Arc::new(Inner { options, store, courier, exports })))
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.0.store()
    }

    fn exports(&self) -> MutexGuard<'_, HashMap<String, Export>> {
        self.0.exports.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All of the simulator, to be merged into another router. There a connection cannot be cut before
/// the head of an answer is sent: for that, [`serve`] it.
pub fn router(sandbox: Sandbox) -> Router {
    api_router(sandbox.clone()).merge(page_router(sandbox))
}

/// 8x8's API alone.
pub fn api_router(sandbox: Sandbox) -> Router {
    http::router(sandbox)
}

/// The page and its counters alone.
pub fn page_router(sandbox: Sandbox) -> Router {
    page::router(sandbox)
}

/// Serves the simulator on a listener of its own until `stop` is ready.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    sandbox: Sandbox,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let router = router(sandbox).fallback(http::nothing_here);
    let service = router.into_make_service_with_connect_info::<wire::Scissors>();
    axum::serve(wire::Wires(listener), service).with_graceful_shutdown(stop).await
}
