//! All routes there are, in one list. `openapi.json` describes them; a test compares the two.

pub mod body;
mod campaigns;
mod events;
mod health;
mod offers;
mod private;
mod receipts;
mod recipients;
mod report;
mod session;

pub use events::Streams;
pub use health::metrics_router;
pub use session::Address;

use crate::App;
use crate::problem::Refusal;
use crate::session::SignedIn;
use crate::{assets, edge, hosts, same_site};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post, put};
use domain::campaign::grant::Scope;
use std::time::Duration;
use tower::ServiceBuilder;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::timeout::TimeoutLayer;
use uuid::Uuid;

/// Where the provider posts receipts. The secret keeps everybody else out: 8x8 signs nothing.
pub const RECEIPTS: &str = "/hooks/8x8/{secret}";

/// A request's body, unless said otherwise.
const BODY: usize = 1024 * 1024;
/// The body of who has not said yet who they are.
const STRANGERS_BODY: usize = 16 * 1024;
/// How long such a request may take as a whole.
const STRANGERS_PATIENCE: Duration = Duration::from_secs(10);
/// Chunks that are read at once, of everybody together; others wait, and their bodies with them.
const CHUNKS_AT_ONCE: usize = 8;
/// A chunk: 5,000 recipients with 800 bytes each, after decompression.
const CHUNK: usize = 4 * 1024 * 1024;
/// Until the answer begins; live streams and reports go on as long as they like after that.
const PATIENCE: Duration = Duration::from_secs(60);

/// Everything, wrapped in what every answer has.
pub fn router(app: &App, private_pages: Router) -> Router {
    let strangers = Router::new()
        .route("/session", post(session::open).get(session::show).delete(session::close))
        .route("/session/everywhere", delete(session::close_everywhere))
        .route("/session/password", put(session::change_password))
        .route("/session/embed", post(session::open_embedded))
        .route("/embed/check", post(session::check_embedding))
        .layer(DefaultBodyLimit::max(STRANGERS_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, STRANGERS_PATIENCE));
    let chunks = Router::new()
        .route("/campaigns/{id}/recipients/{chunk}", put(recipients::store_chunk))
        .layer(DefaultBodyLimit::max(CHUNK))
        .layer(RequestDecompressionLayer::new())
        .layer(GlobalConcurrencyLimitLayer::new(CHUNKS_AT_ONCE));
    let api = Router::new()
        .route("/subaccounts", get(offers::list_subaccounts))
        .route("/destinations", get(offers::list_destinations))
        .route("/campaigns", post(campaigns::create).get(campaigns::list))
        .route("/campaigns/{id}", get(campaigns::show).delete(campaigns::forget))
        .route("/campaigns/{id}/submit", post(campaigns::submit))
        .route("/campaigns/{id}/pause", post(campaigns::pause))
        .route("/campaigns/{id}/resume", post(campaigns::resume))
        .route("/campaigns/{id}/cancel", post(campaigns::cancel))
        .route("/campaigns/{id}/retry", post(campaigns::retry))
        .route("/campaigns/{id}/events", get(events::stream))
        .route("/campaigns/{id}/recipients", get(recipients::list))
        .route("/campaigns/{id}/report.csv", get(report::download))
        .merge(chunks)
        .merge(strangers)
        .layer(from_fn_with_state(app.clone(), same_site::only));
    let routes = Router::new()
        .nest(domain::wire::API, api)
        .route(RECEIPTS, post(receipts::take))
        .merge(private_pages.with_state(()).layer(from_fn_with_state(app.clone(), private::only)))
        .route("/healthz", get(health::is_alive))
        .route("/readyz", get(health::is_ready))
        .route("/openapi.json", get(health::openapi));
    let around = ServiceBuilder::new()
        .layer(from_fn_with_state(app.clone(), edge::edge))
        .layer(from_fn_with_state(app.clone(), hosts::only))
        .layer(CatchPanicLayer::custom(edge::panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(DefaultBodyLimit::max(BODY));
    routes.fallback(assets::serve).layer(around).with_state(app.clone())
}

/// The campaign that an id in a path names, if this user may do this with it. What is no id names no
/// campaign, and neither does, to a host's user, the id of somebody else's.
async fn campaign_id(
    app: &App,
    user: &SignedIn,
    scope: Scope,
    text: &str,
) -> Result<Uuid, Refusal> {
    user.may(scope)?;
    let id = uuid(text)?;
    match &user.granted {
        Some(granted) if !app.store.reaches(id, user.session.user_id, granted).await? => {
            Err(missing(app, user, id).await)
        }
        _ => Ok(id),
    }
}

fn uuid(text: &str) -> Result<Uuid, Refusal> {
    Uuid::try_parse(text).map_err(|_| no_campaign())
}

fn no_campaign() -> Refusal {
    Refusal::not_found("campaign")
}

/// What is said of a campaign that is not there: to who had it forgotten, that it was.
async fn missing(app: &App, user: &SignedIn, id: Uuid) -> Refusal {
    match app.store.is_forgotten(id, user.session.user_id).await {
        Ok(true) => Refusal::forgotten(),
        Ok(false) => no_campaign(),
        Err(error) => error.into(),
    }
}
