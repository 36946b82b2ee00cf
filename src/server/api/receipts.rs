//! `/hooks/8x8/{secret}`: what the provider tells about messages.
//!
//! It posts every change of every message, wants a quick answer, and tries again four times when it
//! gets none. Anything that is stored, known already or not for us is answered with 200; 4xx and 5xx
//! only where trying again makes sense or somebody has to look.

use crate::App;
use crate::problem::Refusal;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Path, Request, State};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use domain::problem::ProblemCode;
use gateway::eight::receipts::{Posted, parse};
use std::time::Duration;
use subtle::ConstantTimeEq as _;

/// `POST /hooks/8x8/{secret}`.
pub async fn take(
    State(app): State<App>,
    Path(secret): Path<String>,
    request: Request,
) -> Result<StatusCode, Refusal> {
    // Comparing byte by byte would tell by its time how many of them are right.
    if !bool::from(secret.as_bytes().ct_eq(app.receipts_secret().as_bytes())) {
        return Err(Refusal::of_status(StatusCode::NOT_FOUND));
    }
    // Not before it is known that the provider asks.
    let body = Bytes::from_request(request, &app).await;
    let body = body.map_err(|refused| Refusal::of_status(refused.into_response().status()))?;
    let receipt = match parse(&body) {
        Ok(Posted::Receipt(receipt)) => receipt,
        Ok(Posted::Ignored(_)) => {
            app.metrics.receipt("ignored");
            return Ok(StatusCode::OK);
        }
        Err(error) => {
            app.metrics.receipt("unreadable");
            tracing::warn!(%error, "a receipt cannot be read");
            return Err(Refusal::new(ProblemCode::BadRequest, "This is no event of 8x8's."));
        }
    };
    app.intake.store(receipt).await.map_err(|_| not_now())?;
    app.metrics.receipt("stored");
    Ok(StatusCode::OK)
}

fn not_now() -> Refusal {
    Refusal::of_status(StatusCode::SERVICE_UNAVAILABLE).retry_after(Duration::from_secs(1))
}
