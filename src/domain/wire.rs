//! The JSON of the REST API, `/api/v1`. Both sides compile against these types; refusals are
//! [`crate::problem::ApiProblem`], submissions [`crate::wizard::submission::Submission`], recipients
//! [`crate::recipients::Chunk`].

use crate::campaign::delivery::DeliveryState;
use crate::campaign::grant::Grant;
use crate::campaign::{CampaignState, Counts};
use crate::price::money::{Cost, Currency};
use crate::recipients::phone::{Country, E164};
use crate::sender::rules::SenderRule;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where the API begins.
pub const API: &str = "/api/v1";
/// The header of a request that a page makes for a user: their id. The server refuses it when its cookie is somebody
/// else's, who has signed in from another tab meanwhile.
pub const MADE_FOR: &str = "x-sms-sender-user";

/// `POST /session`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The address, in any case.
    pub email: String,
    /// The password.
    pub password: String,
}

/// `PUT /session/password`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The present one.
    pub password: String,
    /// The one from now on.
    pub new_password: String,
}

/// `POST /session`: who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Tells one user's drafts from another's.
    pub user_id: Uuid,
    /// What to call them.
    pub name: String,
    /// Their address; empty for a host's user.
    pub email: String,
    /// What their host lets them do; `None` for the users of this installation, who may do all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
}

/// `GET /session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentSession {
    /// Who is signed in; `None` when nobody is.
    pub user: Option<Session>,
}

/// `POST /session/embed`: a host vouches for its user.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmbedSignIn {
    /// The JWT that the host's backend signed.
    pub token: String,
    /// The page around the frame, as the browser tells it: `https://dashboard.example`.
    pub origin: String,
}

/// The answer to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbedSession {
    /// For the `Authorization` header of every request.
    pub bearer: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Who it is, and what they may do.
    pub session: Session,
}

/// `POST /embed/check`: is everything set up for this page, and would this token be taken?
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmbedCheck {
    /// The host page's origin.
    pub origin: String,
    /// A JWT that the host's backend signed. Looking at it does not use it up.
    #[serde(default)]
    pub token: Option<String>,
}

/// The answer to it, for the person who sets it up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbedFindings {
    /// One thing after the other.
    pub findings: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Whether it is as it must be.
    pub ok: bool,
    /// What was looked at.
    pub title: String,
    /// What was found, and what to do.
    pub detail: String,
}

/// One of `GET /subaccounts`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subaccount {
    /// What the provider calls it.
    pub id: String,
    /// Of its prices; `None` when the provider lists no prices for it.
    pub currency: Option<Currency>,
    /// How many countries it has prices for.
    pub countries: u32,
}

/// `GET /destinations?subaccount=`: where messages can go, at what price and by which rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destinations {
    /// Of the prices.
    pub currency: Currency,
    /// Every country there is, by name.
    pub countries: Vec<DestinationInfo>,
    /// Sender IDs of the user's earlier campaigns, latest first.
    pub sender_ids: Vec<String>,
    /// From how many recipients on their number is typed before Submit; 0 for never.
    pub confirm_from: u32,
}

/// One of [`Destinations`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestinationInfo {
    /// Its code.
    pub country: Country,
    /// Its English name.
    pub name: String,
    /// The code that its numbers begin with, without `+`: `65`.
    pub dialing_code: Option<u16>,
    /// What one segment costs; `None` when the provider lists no price.
    pub price: Option<Cost>,
    /// What it makes of Sender IDs.
    pub sender_rule: SenderRule,
}

/// `POST /campaigns`, `GET /campaigns/{id}`: everything about a campaign but its recipients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Chosen by the browser; the idempotency key.
    pub id: Uuid,
    /// What the user calls it.
    pub name: String,
    /// Who pays.
    pub subaccount: String,
    /// Who it is from.
    pub sender_id: String,
    /// What it says, with its fields.
    pub message: String,
    /// Who submitted it.
    pub created_by: String,
    /// When it was first stored.
    pub created_at: Timestamp,
    /// When it was submitted.
    pub submitted_at: Option<Timestamp>,
    /// When it is to be sent; `None` at once.
    pub due_at: Option<Timestamp>,
    /// Messages.
    pub recipients: u32,
    /// Segments of all of them.
    pub segments: u64,
    /// Of the cost.
    pub currency: Currency,
    /// What it was to cost.
    pub cost: Cost,
    /// Chunks of recipients stored so far.
    pub chunks_stored: u32,
    /// The first chunk that is not stored; the number of chunks when all are.
    pub next_chunk: u32,
    /// Where it is now.
    pub progress: Progress,
}

/// What changes about a campaign: part of [`Campaign`], and each message of
/// `GET /campaigns/{id}/events`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Grows with every change; the event's id.
    pub revision: u64,
    /// The campaign's state.
    pub state: CampaignState,
    /// How many messages are where.
    pub counts: Counts,
    /// What the provider has charged so far, as far as receipts and prices tell.
    pub spent: Cost,
    /// Why nothing moves, when something is wrong with the provider: for the person.
    pub trouble: Option<String>,
}

/// `GET /campaigns`: newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignList {
    /// One page of them.
    pub campaigns: Vec<Campaign>,
    /// What to pass as `before` for the next page.
    pub next: Option<Uuid>,
}

/// One of [`RecipientList`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipientStatus {
    /// Its place in the campaign, from 0.
    pub seq: u32,
    /// The number.
    pub to: E164,
    /// Where its message is.
    pub state: DeliveryState,
    /// Why it was not delivered and what to do, in plain words.
    pub reason: Option<String>,
    /// When that was learned.
    pub updated_at: Timestamp,
}

/// `GET /campaigns/{id}/recipients?state=&after=`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipientList {
    /// One page of them.
    pub recipients: Vec<RecipientStatus>,
    /// What to pass as `after` for the next page.
    pub next: Option<u32>,
}
