//! `/campaigns`: made, listed, submitted or forgotten, and what the user does to them.

use super::body::{JsonBytes, Params, unreadable};
use super::offers::offers;
use super::{campaign_id, missing, no_campaign, uuid};
use crate::App;
use crate::audit::{Act, Audit};
use crate::etag;
use crate::problem::Refusal;
use crate::session::SignedIn;
use crate::store::campaigns::{Acted, Created, Submitted};
use crate::store::forgotten::Forgot;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::campaign::Action;
use domain::campaign::grant::Scope;
use domain::grouped;
use domain::price::quote::{PriceList, Quote};
use domain::problem::{Field, Problem, ProblemCode};
use domain::wire::{Campaign, CampaignList};
use domain::wizard::submission::{Submission, Unreadable};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::time::Duration;
use uuid::Uuid;

/// Campaigns on a page of the list.
const PAGE: u32 = 50;
/// How soon one may try again who has too many campaigns that are not submitted.
const LATER: Duration = Duration::from_secs(60);

/// `POST /campaigns`: stores a campaign, without its recipients yet. The id is the idempotency key:
/// asking twice is the same as asking once.
pub async fn create(
    State(app): State<App>,
    signed_in: SignedIn,
    JsonBytes(json): JsonBytes,
) -> Result<(StatusCode, Json<Campaign>), Refusal> {
    signed_in.may(Scope::Submit)?;
    let submission = Submission::from_json(&json).map_err(|error| match error {
        Unreadable::Shape(error) => unreadable(&error),
        Unreadable::Values(invalid) => invalid.into(),
    })?;
    let (user, now) = (signed_in.session.user_id, app.clock().now());
    if app.store.is_forgotten(submission.id(), user).await? {
        return Err(Refusal::forgotten());
    }
    // What was taken once is not judged again: its time may have come in between.
    if !app.store.was_created(&submission).await? {
        submission.check_due(now)?;
        price_list(&app, &signed_in, submission.subaccount())?;
    }
    let created = app.store.create_campaign(&submission, user, now).await?;
    let created = match (created, &signed_in.granted) {
        (Created::Replay, Some(granted))
            if !app.store.reaches(submission.id(), user, granted).await? =>
        {
            if app.store.is_forgotten(submission.id(), user).await? {
                // A moment ago: it was still there when it was recognised.
                Created::Forgotten
            } else {
                // Of another's campaign nothing is told, not even that it is the same.
                Created::Different
            }
        }
        (created, _) => created,
    };
    let status = match created {
        Created::New => StatusCode::CREATED,
        Created::Replay => StatusCode::OK,
        Created::Forgotten => return Err(Refusal::forgotten()),
        Created::TooMany => {
            let detail = "Too many campaigns were begun and not submitted. Those that nobody goes on with are forgotten \
                          after a day.";
            let refusal = Refusal::new(ProblemCode::TooManyTries, detail);
            return Err(refusal.retry_after(LATER));
        }
        Created::Different => {
            return Err(Refusal::new(
                ProblemCode::DifferentCampaign,
                "A campaign with this id but other content was stored before. Start a new one.",
            ));
        }
    };
    Ok((status, Json(stored(&app, &signed_in, submission.id()).await?)))
}

/// The query of `GET /campaigns`.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    before: Option<Uuid>,
    #[serde(default)]
    search: String,
}

/// `GET /campaigns`. Pages ask again and again to stay current; while nothing has changed, the answer
/// has no body.
pub async fn list(
    State(app): State<App>,
    user: SignedIn,
    headers: HeaderMap,
    Params(Wanted { before, search }): Params<Wanted>,
) -> Result<Response, Refusal> {
    user.may(Scope::View)?;
    let granted = user.granted.as_ref();
    let list: CampaignList = app.store.campaigns(search.trim(), before, PAGE, granted).await?;
    let json = serde_json::to_vec(&list).map_err(|error| {
        tracing::error!(%error, "a list of campaigns cannot be written");
        Refusal::of_status(StatusCode::INTERNAL_SERVER_ERROR)
    })?;
    let tag = etag::of(&Sha256::digest(&json));
    let mut response = if etag::is_known(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], json).into_response()
    };
    if let Ok(tag) = HeaderValue::try_from(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// `GET /campaigns/{id}`.
pub async fn show(
    State(app): State<App>,
    user: SignedIn,
    Path(id): Path<String>,
) -> Result<Json<Campaign>, Refusal> {
    let id = campaign_id(&app, &user, Scope::View, &id).await?;
    Ok(Json(stored(&app, &user, id).await?))
}

/// `DELETE /campaigns/{id}`: forgets a campaign that was not submitted, be it here, on its way or
/// forgotten before. To those who may not know of it, it is as if there were none.
pub async fn forget(
    State(app): State<App>,
    audit: Audit,
    user: SignedIn,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    user.may(Scope::Submit)?;
    let (id, now) = (uuid(&id)?, app.clock().now());
    match app.store.forget(id, user.session.user_id, user.granted.as_ref(), now).await? {
        Forgot::Done => {
            app.erase();
            audit.campaign(Act::Forgotten, &user, id).await;
            Ok(StatusCode::NO_CONTENT)
        }
        Forgot::NotTheirs => Err(no_campaign()),
        Forgot::Submitted => Err(Refusal::new(
            ProblemCode::AlreadySubmitted,
            "This campaign was submitted already. What of it was not sent yet can be stopped on its \
             page, with Cancel.",
        )),
        Forgot::TooMany(wait) => {
            let detail = "Too many campaigns were stopped before they began. Wait, then try again.";
            Err(Refusal::new(ProblemCode::TooManyTries, detail).retry_after(wait))
        }
    }
}

/// `POST /campaigns/{id}/submit`: lets it go, if what is here is what the user was shown.
pub async fn submit(
    State(app): State<App>,
    audit: Audit,
    user: SignedIn,
    Path(id): Path<String>,
) -> Result<Json<Campaign>, Refusal> {
    let id = campaign_id(&app, &user, Scope::Submit, &id).await?;
    let campaign = stored(&app, &user, id).await?;
    // A campaign that has gone already is answered as it is, whatever became of its subaccount.
    if campaign.submitted_at.is_some() {
        return Ok(Json(campaign));
    }
    let prices = price_list(&app, &user, &campaign.subaccount)?;
    let limited = user.granted.is_some().then_some(&user.token);
    match app.store.submit(campaign.id, &prices, limited, app.clock().now()).await? {
        Submitted::Accepted => {
            app.wake();
            audit.campaign(Act::Submitted, &user, id).await;
        }
        Submitted::Unknown => return Err(missing(&app, &user, id).await),
        Submitted::Incomplete { stored, of } => {
            let detail = format!("{stored} of {of} parts of the recipients have arrived.");
            return Err(Refusal::new(ProblemCode::RecipientsIncomplete, detail));
        }
        Submitted::Different(quote) => return Err(different(&campaign, &quote)),
        Submitted::BeyondLimits(beyond) => return Err(Refusal::limits(&beyond)),
        Submitted::SignedOut => return Err(SignedIn::missing()),
    }
    Ok(Json(stored(&app, &user, campaign.id).await?))
}

/// `POST /campaigns/{id}/pause`.
pub async fn pause(
    state: State<App>,
    audit: Audit,
    user: SignedIn,
    id: Path<String>,
) -> Result<Json<Campaign>, Refusal> {
    act(state, &audit, user, id, Action::Pause).await
}

/// `POST /campaigns/{id}/resume`.
pub async fn resume(
    state: State<App>,
    audit: Audit,
    user: SignedIn,
    id: Path<String>,
) -> Result<Json<Campaign>, Refusal> {
    act(state, &audit, user, id, Action::Resume).await
}

/// `POST /campaigns/{id}/cancel`.
pub async fn cancel(
    state: State<App>,
    audit: Audit,
    user: SignedIn,
    id: Path<String>,
) -> Result<Json<Campaign>, Refusal> {
    act(state, &audit, user, id, Action::Cancel).await
}

/// `POST /campaigns/{id}/retry`.
pub async fn retry(
    state: State<App>,
    audit: Audit,
    user: SignedIn,
    id: Path<String>,
) -> Result<Json<Campaign>, Refusal> {
    act(state, &audit, user, id, Action::Retry).await
}

async fn act(
    State(app): State<App>,
    audit: &Audit,
    user: SignedIn,
    Path(id): Path<String>,
    action: Action,
) -> Result<Json<Campaign>, Refusal> {
    let id = campaign_id(&app, &user, Scope::Submit, &id).await?;
    let limited = user.granted.is_some().then_some(&user.token);
    match app.store.act(id, action, limited, app.clock().now()).await? {
        Acted::Done => {
            app.wake();
            audit.campaign(Act::Acted(action), &user, id).await;
        }
        Acted::Unknown => return Err(missing(&app, &user, id).await),
        Acted::BeyondLimits(beyond) => return Err(Refusal::limits(&beyond)),
        Acted::SignedOut => return Err(SignedIn::missing()),
        Acted::NotNow(state) => {
            let detail = format!(
                "“{}” is not possible now: the campaign is {}.",
                action.label(),
                state.label().to_lowercase()
            );
            return Err(Refusal::new(ProblemCode::NotAllowedNow, detail));
        }
    }
    Ok(Json(stored(&app, &user, id).await?))
}

async fn stored(app: &App, user: &SignedIn, id: Uuid) -> Result<Campaign, Refusal> {
    match app.store.campaign(id).await? {
        Some(campaign) => Ok(campaign),
        None => Err(missing(app, user, id).await),
    }
}

/// The prices of a subaccount that is offered to this user.
fn price_list(app: &App, user: &SignedIn, subaccount: &str) -> Result<PriceList, Refusal> {
    let offers = offers(app)?;
    let offer = offers.iter().find(|offer| offer.subaccount == subaccount);
    let offer = offer.filter(|offer| user.reaches(&offer.subaccount));
    offer.map(crate::catalog::Offer::price_list).ok_or_else(|| {
        Refusal::field(Field::Subaccount, Problem::UnknownSubaccount(subaccount.to_owned()))
    })
}

/// Why what is here is not what the user was shown.
fn different(campaign: &Campaign, quote: &Quote) -> Refusal {
    let same_messages =
        quote.recipients == campaign.recipients && quote.segments == campaign.segments;
    if !same_messages {
        let detail = format!(
            "{} recipients with {} SMS parts have arrived, and {} with {} were announced.",
            grouped(quote.recipients),
            grouped(quote.segments),
            grouped(campaign.recipients),
            grouped(campaign.segments)
        );
        return Refusal::new(ProblemCode::RecipientsIncomplete, detail);
    }
    let detail = format!(
        "Prices have changed: the campaign now costs {} instead of {}. Check it and submit it again.",
        quote.cost.in_currency(quote.currency),
        campaign.cost.in_currency(campaign.currency)
    );
    Refusal::new(ProblemCode::CostChanged, detail)
}
