//! The thin REST backend of SMS Sender: one process, one SQLite database.
//!
//! | Module | Tells |
//! |---|---|
//! | `api` | the routes, one file per resource; `edge` wraps them all |
//! | `store` | all SQL; what is answered is on the disk |
//! | `dispatch` | how messages leave: the outbox, and how doubt ends |
//! | `intake` | how receipts come in, many at a time |
//! | `catalog` | subaccounts and prices, as the provider last listed them |
//! | `session`, `passwords`, `throttle`, `device`, `same_site`, `hosts` | signing in, and keeping others out |
//! | `audit` | who did what |
//! | `embed` | the dashboards that may embed us, and the tokens they sign |
//! | `connections` | how many there may be, and how long one may be silent |
//! | `assets` | the web app, embedded |
//! | `housekeeping` | what has to be done now and then |
//! | `etag` | what the other side has already is not sent again |
//! | `cli` | the commands of `sms-sender` |
//!
//! [`start`] brings up everything but the socket: tests call the router directly.

mod api;
pub mod assets;
mod audit;
mod catalog;
mod changes;
pub mod cli;
pub mod clock;
pub mod config;
mod connections;
mod device;
mod dispatch;
mod edge;
pub mod embed;
mod etag;
pub mod hosts;
mod housekeeping;
mod intake;
mod metrics;
pub mod passwords;
mod problem;
mod reference;
mod same_site;
mod session;
pub mod store;
mod throttle;

use catalog::Catalog;
use clock::Clock;
use config::Config;
use device::Devices;
use dispatch::Dispatcher;
use gateway::Gateway;
use intake::Intake;
use metrics::Metrics;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;
use store::{OpenError, Store, StoreError};
use thiserror::Error;
use throttle::Throttle;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long the first look at the price list may hold up the start.
const FIRST_PRICES: Duration = Duration::from_secs(3);
/// How long what is under way may take to end when the server stops. What takes longer is cut off,
/// which the outbox is made for.
const GRACE: Duration = Duration::from_secs(10);

/// What requests are answered from.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// See [`App`].
pub struct Parts {
    config: Config,
    store: Store,
    catalog: Catalog,
    throttle: Throttle,
    devices: Devices,
    streams: api::Streams,
    metrics: Arc<Metrics>,
    intake: Intake,
    receipts_secret: String,
    wake: Arc<Notify>,
    to_erase: Notify,
    stopping: CancellationToken,
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Parts {
    fn clock(&self) -> &Clock {
        &self.config.clock
    }

    fn receipts_secret(&self) -> &str {
        &self.receipts_secret
    }

    fn stopping(&self) -> CancellationToken {
        self.stopping.clone()
    }

    /// Tells the dispatcher that there is something to do.
    fn wake(&self) {
        self.wake.notify_one();
    }

    /// Tells the housekeeping that something was forgotten.
    fn erase(&self) {
        self.to_erase.notify_one();
    }
}

/// Why the server does not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The database cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database fails.
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
    /// No secret can be made.
    #[error("the computer gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}

/// A server without a socket. Dropping it is like killing it.
pub struct Server {
    app: App,
    tasks: JoinSet<()>,
}

/// Opens the database and starts everything that goes on behind the requests.
///
/// # Errors
/// When the database cannot be used.
pub async fn start(config: Config, gateway: Arc<dyn Gateway>) -> Result<Server, StartError> {
    let store = Store::open(&config.database).await?;
    let made_up = session::Token::random()?.reveal();
    let receipts_secret = store.setting("receipts_secret", &made_up).await?;
    let made_up = session::Token::random()?.reveal();
    let device_secret = store.setting("device_secret", &made_up).await?;
    let metrics = Arc::new(Metrics::default());
    let (wake, stopping) = (Arc::new(Notify::new()), CancellationToken::new());
    let (intake, writing) = Intake::new(store.clone(), config.clock.clone(), stopping.clone());
    let dispatcher = Arc::new(Dispatcher::new(
        store.clone(),
        Arc::clone(&gateway),
        config.timing,
        config.clock.clone(),
        Arc::clone(&metrics),
        receipts_url(&config, &receipts_secret),
        Arc::clone(&wake),
        stopping.clone(),
    ));
    let app = App(Arc::new(Parts {
        catalog: Catalog::new(gateway, &config),
        throttle: Throttle::default(),
        streams: api::Streams::default(),
        devices: Devices::new(&device_secret, config.https()),
        config,
        store,
        metrics,
        intake,
        receipts_secret,
        wake,
        to_erase: Notify::new(),
        stopping,
    }));
    match tokio::time::timeout(FIRST_PRICES, app.catalog.refresh()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the price list cannot be read yet"),
        Err(_) => tracing::warn!("the price list is not here yet"),
    }
    let mut tasks = JoinSet::new();
    tasks.spawn(writing);
    tasks.spawn(dispatcher.run());
    tasks.spawn(until_stopped(app.clone(), housekeeping::run(app.clone())));
    let (fresh, timing) = (app.clone(), app.config.timing);
    let keep_fresh = async move { fresh.catalog.keep_fresh(timing).await };
    tasks.spawn(until_stopped(app.clone(), keep_fresh));
    Ok(Server { app, tasks })
}

async fn until_stopped(app: App, endless: impl Future<Output = ()>) {
    tokio::select! {
        () = app.stopping.cancelled() => {}
        () = endless => {}
    }
}

fn receipts_url(config: &Config, secret: &str) -> String {
    let path = api::RECEIPTS.replace("{secret}", secret);
    format!("{}{path}", config.public_url.as_str().trim_end_matches('/'))
}

impl Server {
    /// Answers every request.
    pub fn router(&self) -> axum::Router {
        self.router_with(axum::Router::new())
    }

    /// The same with pages that are only for those who are signed in, and for whoever sits at this computer.
    pub fn router_with(&self, private_pages: axum::Router) -> axum::Router {
        api::router(&self.app, private_pages)
    }

    /// The figures, for a listener of their own.
    pub fn metrics(&self) -> axum::Router {
        api::metrics_router(&self.app)
    }

    /// The database, for commands and tests.
    pub fn store(&self) -> &Store {
        &self.app.store
    }

    /// Where the provider is to post receipts.
    pub fn receipts_url(&self) -> String {
        receipts_url(&self.app.config, &self.app.receipts_secret)
    }

    /// Does now what is done once a minute.
    pub async fn keep_house(&self) {
        housekeeping::once(&self.app).await;
    }

    /// Ends the live streams, and lets everything else come to its end. The socket is to be closed
    /// before [`stop`](Self::stop).
    pub fn begin_to_stop(&self) -> impl FnOnce() + Send + 'static {
        let stopping = self.app.stopping();
        move || stopping.cancel()
    }

    /// Waits for what is under way and closes the database.
    pub async fn stop(mut self) {
        self.app.stopping.cancel();
        let store = self.app.store.clone();
        let landed = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, landed).await.is_err() {
            tracing::warn!("something takes too long to end and is cut off");
        }
        // A statement that runs for long keeps its connection; SQLite undoes it at the next start.
        if tokio::time::timeout(GRACE, store.close()).await.is_err() {
            tracing::warn!("the database is busy and is left as it is");
        }
    }
}
