//! `/subaccounts` and `/destinations`: what can be sent from, to where, and at what price.

use super::body::Params;
use crate::App;
use crate::catalog::Offer;
use crate::problem::Refusal;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::State;
use domain::campaign::grant::Scope;
use domain::problem::ProblemCode;
use domain::wire::{Destinations, Subaccount};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// How many Sender IDs are remembered.
const SENDER_IDS: u32 = 20;

/// `GET /subaccounts`.
pub async fn list_subaccounts(
    State(app): State<App>,
    user: SignedIn,
) -> Result<Json<Vec<Subaccount>>, Refusal> {
    user.may(Scope::Compose)?;
    let offers = offers(&app)?;
    let offered = offers.iter().filter(|offer| user.reaches(&offer.subaccount));
    Ok(Json(offered.map(Offer::summary).collect()))
}

/// The query of `GET /destinations`.
#[derive(Debug, Deserialize)]
pub struct From {
    subaccount: String,
}

/// `GET /destinations`.
pub async fn list_destinations(
    State(app): State<App>,
    user: SignedIn,
    Params(from): Params<From>,
) -> Result<Json<Destinations>, Refusal> {
    user.may(Scope::Compose)?;
    let offers = offers(&app)?;
    let offer = offers.iter().find(|offer| offer.subaccount == from.subaccount);
    let offer = offer.filter(|offer| user.reaches(&offer.subaccount));
    let offer = offer.ok_or_else(|| Refusal::not_found("subaccount"))?;
    let sender_ids = app.store.sender_ids(SENDER_IDS, user.granted.as_ref()).await?;
    Ok(Json(offer.destinations(sender_ids, app.config.confirm_from)))
}

/// What is offered, or that nobody knows yet.
pub fn offers(app: &App) -> Result<Arc<[Offer]>, Refusal> {
    app.catalog.offers().ok_or_else(|| {
        let detail = if app.catalog.is_denied() {
            "The provider refuses this installation's key or account. Whoever runs this service has to \
             put it right; nothing can be sent until then."
        } else {
            "The provider does not answer, so its subaccounts and prices are not known yet. Try again \
             in a moment."
        };
        Refusal::new(ProblemCode::ProviderUnavailable, detail).retry_after(Duration::from_secs(5))
    })
}
