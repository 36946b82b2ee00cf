//! The SMS provider as the rest of the product sees it.
//!
//! [`Gateway`] is the one border: a provider beside 8x8 is another implementation of it.
//! [`eight`] speaks 8x8's public SMS API and reads its delivery receipts; [`sandbox`] is a simulator of
//! that API, reached over real HTTP, so that everything can be tried without spending money.

pub mod eight;
pub mod sandbox;

mod clock;
mod secret;

pub use secret::ApiKey;

use async_trait::async_trait;
use domain::campaign::delivery::DeliveryState;
use domain::price::money::{Cost, Currency};
use domain::price::quote::PriceList;
use domain::recipients::phone::{Country, E164};
use domain::sender::id::SenderId;
use domain::time::Timestamp;
use std::time::Duration;
use thiserror::Error;
use uuid::Uuid;

/// Hands messages to a provider. Implementations do not retry: only the caller knows what is safe.
#[async_trait]
pub trait Gateway: Send + Sync {
    /// Hands over 1 to [`MAX_BATCH`] messages in one request. The answers come in the order of the
    /// messages.
    ///
    /// # Errors
    /// See [`SendError`]: each variant says whether sending again can reach anybody twice.
    async fn send(&self, batch: &Batch) -> Result<Vec<Acceptance>, SendError>;

    /// The account's subaccounts with their prices; empty when no account is configured.
    ///
    /// # Errors
    /// When the provider cannot be reached or refuses.
    async fn prices(&self) -> Result<Vec<SubaccountPrices>, GatewayError>;

    /// The messages that the provider has of `subaccount` since `from`, by our references. Settles
    /// messages whose acceptance was never answered.
    ///
    /// # Errors
    /// When the provider cannot be reached, refuses, or cannot tell yet.
    async fn sent_since(
        &self,
        subaccount: &str,
        from: Timestamp,
    ) -> Result<Vec<Receipt>, GatewayError>;
}

/// The most messages one request can carry (8x8 "Send SMS batch").
pub const MAX_BATCH: usize = 10_000;

/// Messages of one campaign on their way to the provider.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Who pays.
    pub subaccount: String,
    /// Who they are from.
    pub sender_id: SenderId,
    /// Our own reference of the batch, at most 20 characters.
    pub reference: String,
    /// Where receipts are to be posted.
    pub receipts_url: String,
    /// The messages, at least one.
    pub messages: Vec<Outgoing>,
}

/// One message on its way.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Our own reference; it comes back in the answer, in every receipt and in the log export.
    pub reference: String,
    /// To whom.
    pub to: E164,
    /// What it says.
    pub text: String,
}

/// What the provider made of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// It will be sent, under this id of the provider's.
    Accepted(Uuid),
    /// It will not, for the reason given in the provider's words.
    Rejected(String),
    /// The answer says nothing of this message, or nothing that can be read. Like
    /// [`SendError::Lost`] for one message: never send it again before it is settled.
    Unknown,
}

/// Why a request to send has no answers.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SendError {
    /// Nothing was accepted, and the same may work later: send again after a while.
    #[error("the provider did not take the messages: {why}")]
    NotNow {
        /// How long the provider asks us to wait.
        retry_after: Option<Duration>,
        /// For the log.
        why: String,
    },
    /// Nothing was accepted because our key, account or connection is refused: somebody must act.
    #[error("the provider refuses us: {0}")]
    Denied(String),
    /// Nothing was accepted because the request is wrong: it will never work.
    #[error("the provider refuses the messages: {0}")]
    Refused(String),
    /// The answer was lost: they may have been accepted. Never send again before
    /// [`Gateway::sent_since`] or a receipt has settled it.
    #[error("the provider's answer was lost: {0}")]
    Lost(String),
}

/// Why the provider did not answer a question.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GatewayError {
    /// No connection, a time-out or a failure over there.
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    /// Our key or account is refused.
    #[error("the provider refuses us: {0}")]
    Denied(String),
    /// An answer that makes no sense.
    #[error("the provider's answer cannot be read: {0}")]
    Unreadable(String),
}

/// A subaccount and what a segment costs in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubaccountPrices {
    /// What the provider calls it.
    pub subaccount: String,
    /// Lowest and highest price over each country's operators; `None` when none are listed.
    pub prices: Option<PriceList>,
    /// The codes that the countries' numbers begin with, as far as the provider lists them.
    pub dialing_codes: Vec<(Country, u16)>,
}

/// News of one message: from a receipt that was posted to us, or from the log export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The provider's id, canonical (8x8 spells it in both cases).
    pub umid: Uuid,
    /// Ours, as given in [`Outgoing`].
    pub reference: String,
    /// Where the message is.
    pub state: DeliveryState,
    /// The provider's code for a failure (see [`domain::campaign::delivery::reason`]).
    pub error_code: Option<u16>,
    /// When it happened, as the provider writes it: part of what makes a receipt the same as another.
    pub happened_at: String,
    /// What was charged for all its segments.
    pub charged: Option<(Cost, Currency)>,
    /// Segments the provider counted.
    pub segments: Option<u32>,
}
