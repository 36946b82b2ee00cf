//! `/campaigns/{id}/recipients`: taken in by the chunk, shown by the page.

use super::body::{Json, Params};
use super::{campaign_id, missing};
use crate::App;
use crate::problem::Refusal;
use crate::session::SignedIn;
use crate::store::chunks::{Counted, Stored};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::campaign::delivery::DeliveryState;
use domain::campaign::grant::Scope;
use domain::grouped;
use domain::message::Message;
use domain::message::template::MOBILE;
use domain::price::quote::{PriceList, Quoting, render};
use domain::problem::{Field, Problem, ProblemCode};
use domain::recipients::{Chunk, chunk_len};
use domain::wire::{Campaign, RecipientList};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Recipients on a page, unless asked for more or fewer.
const PAGE: u32 = 100;
/// The most of them.
const LARGEST_PAGE: u32 = 1_000;

/// `PUT /campaigns/{id}/recipients/{chunk}`: the same chunk any number of times is the same as once.
pub async fn store_chunk(
    State(app): State<App>,
    user: SignedIn,
    Path((id, number)): Path<(String, String)>,
    Json(chunk): Json<Chunk>,
) -> Result<StatusCode, Refusal> {
    let id = campaign_id(&app, &user, Scope::Submit, &id).await?;
    let Some(campaign) = app.store.campaign(id).await? else {
        return Err(missing(&app, &user, id).await);
    };
    let place = number.parse().ok().and_then(|n| Some((n, chunk_len(campaign.recipients, n)?)));
    let (number, len) = place.ok_or_else(|| Refusal::not_found("part of the recipients"))?;
    if !chunk.is_well_formed() || chunk.to.len() != len as usize {
        let detail = format!(
            "Part {number} must have {} recipients, and every field as many values; it has {}.",
            grouped(len),
            grouped(chunk.to.len())
        );
        return Err(Refusal::new(ProblemCode::BadRequest, detail));
    }
    let known: Vec<String> = chunk.fields.keys().cloned().chain([MOBILE.to_owned()]).collect();
    let message = Message::parse_for(&campaign.message, &known)
        .map_err(|error| Refusal::field(Field::Message, error))?;
    // Rendering and counting 5,000 messages takes some milliseconds of processor.
    let (message, counted, unsendable) =
        tokio::task::spawn_blocking(move || count(message, number, chunk, &campaign))
            .await
            .map_err(|error| {
                tracing::error!(%error, "recipients could not be counted");
                Refusal::of_status(StatusCode::INTERNAL_SERVER_ERROR)
            })?;
    if unsendable > 0 {
        return Err(Refusal::field(Field::Message, Problem::Unsendable(unsendable)));
    }
    let fields = message.template().fields();
    match app.store.put_chunk(id, &counted, &fields, app.clock().now()).await? {
        Stored::Yes => Ok(StatusCode::NO_CONTENT),
        Stored::Unknown => Err(missing(&app, &user, id).await),
        Stored::Different => Err(Refusal::new(
            ProblemCode::DifferentCampaign,
            "Other recipients were stored in this place before. Start a new campaign.",
        )),
    }
}

/// Renders and counts every message; also how many of them cannot be sent.
fn count(
    message: Message,
    number: u32,
    chunk: Chunk,
    campaign: &Campaign,
) -> (Message, Counted, u32) {
    // Prices come in when it is submitted, at what they are then.
    let no_prices = PriceList { currency: campaign.currency, countries: BTreeMap::new() };
    let mut quoting = Quoting::new(&no_prices);
    let mut text = String::new();
    let mut messages = Vec::with_capacity(chunk.to.len());
    for (i, to) in chunk.to.iter().enumerate() {
        render(message.template(), &chunk, i, &mut text);
        let country = numbers::country(*to);
        messages.push((country, quoting.add(country, &text).count));
    }
    let quote = quoting.finish();
    (message, Counted { number, chunk, messages, countries: quote.countries }, quote.unsendable)
}

/// The query of `GET /campaigns/{id}/recipients`.
#[derive(Debug, Deserialize)]
pub struct Page {
    state: Option<DeliveryState>,
    after: Option<u32>,
    limit: Option<u32>,
}

/// `GET /campaigns/{id}/recipients`.
pub async fn list(
    State(app): State<App>,
    user: SignedIn,
    Path(id): Path<String>,
    Params(Page { state, after, limit }): Params<Page>,
) -> Result<axum::Json<RecipientList>, Refusal> {
    let limit = limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let id = campaign_id(&app, &user, Scope::View, &id).await?;
    match app.store.recipients(id, state, after, limit).await? {
        Some(page) => Ok(axum::Json(page)),
        None => Err(missing(&app, &user, id).await),
    }
}
