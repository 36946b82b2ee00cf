//! For those who run the server: is it alive, is it ready, what does it do, what does it speak.

use crate::App;
use crate::problem::Refusal;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

/// `GET /healthz`: the process answers.
pub async fn is_alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: it can do its work. The provider is not part of it: without it, campaigns wait.
pub async fn is_ready(State(app): State<App>) -> Result<&'static str, Refusal> {
    if app.stopping().is_cancelled() {
        return Err(Refusal::of_status(StatusCode::SERVICE_UNAVAILABLE));
    }
    app.store.ping().await?;
    Ok("ready\n")
}

/// `GET /metrics`, for a listener of its own: figures are not for everybody.
pub fn metrics_router(app: &App) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(app.clone())
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let mime = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, mime)], app.metrics.text())
}

/// `GET /openapi.json`.
pub async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], include_str!("../openapi.json"))
}
